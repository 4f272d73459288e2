"""Echo and round trips: runs the C load generator on one server, and measures both of them and the machine meanwhile."""
import json
import os
import subprocess
import time

from builds import run_session
from context import Meter
from machine import BENCH, REFERENCE_BUILD
from peers import BY_KEY
from process import PeerFailed, spawn

# Added to warm-up and measured time, for start and end. A load that takes longer hangs, and must not hang the bench.
GRACE_SECONDS = 15
# The server empties its queue before it is paused. Otherwise its next turn would begin with the rest.
SETTLE_SECONDS = 0.05
PERCENTILE_SECONDS = 120
NO_REPLY = "no reply came"  # native/reference/load.c
DUE = "A round trip begins when its datagram is due to be sent."


def load_command(target, workload, seconds, warmup, more=()):
    """Returns the command of the load generator. target: --to or --ports with its value."""
    command = [REFERENCE_BUILD / "load", *target, "--clients", workload.clients, "--window", workload.window,
               "--size", workload.size, "--seconds", f"{seconds:g}", "--warmup", f"{warmup:g}", "--json", *more]
    return command + (["--offload"] if workload.offload else [])


def start_load(context, command):
    return spawn(command, context.load_core, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish_load(load, seconds):
    """Waits until the load has ended, and returns its report."""
    try:
        output, errors = load.communicate(timeout=seconds + GRACE_SECONDS)
    except BaseException as e:
        load.kill()
        load.communicate()
        if isinstance(e, subprocess.TimeoutExpired):
            raise PeerFailed("its load generator hangs") from None
        raise
    if load.returncode != 0:
        raise PeerFailed(errors.decode(errors="replace").strip()[:300]
                         or f"its load generator ended with exit code {load.returncode}")
    return json.loads(output)


def run_load(context, server, workload, seconds, warmup, more=(), target=None):
    command = load_command(target or ["--to", server.address], workload, seconds, warmup, ["--pid", server.pid, *more])
    for last in (False, True):
        try:
            return finish_load(start_load(context, command), seconds + warmup)
        except PeerFailed as e:
            # If the server has ended, that is the reason, and not what the load reports.
            server.check_alive()
            # If no reply came once, other programs may have kept the load off its core: try again.
            if last or NO_REPLY not in str(e):
                raise


def to_sample(report):
    sent = max(1, report["sent"])
    return {
        "rate": report["repliesPerSecond"],
        "cpu": report["serverNanos"],
        "lost": 100 * max(0, report["lost"] - report["late"]) / sent,
        "late": 100 * report["late"] / sent,
        # Open loop only: the datagrams that the load itself sent over 1 ms late.
        "behind": 100 * report["behind"] / sent,
        "server_core": report["serverPercent"],
        "load_core": report["loadPercent"],
        "batch": report["datagramsPerMessage"],
    }


class Echo:
    """Measures the echo workloads. The servers keep running from one workload to the next."""

    def __init__(self, context, workload):
        self.context, self.workload = context, workload

    def begin(self):
        """Called before the first peer. Returns the remarks for the report."""
        return []

    def open(self, peer):
        return peer, self.context.echo(peer)

    def more(self, peer, number):
        return ()

    def warm(self, opened, seconds):
        _, server = opened
        server.resume()
        run_load(self.context, server, self.workload, seconds, 0)
        server.pause()

    def measure(self, opened, number):
        peer, server = opened
        server.resume()
        meter = Meter(self.context, [server])
        report = run_load(self.context, server, self.workload, self.context.seconds, self.context.warmup,
                          self.more(peer, number))
        sample = to_sample(report) | {"other": meter.other_percent()}
        time.sleep(SETTLE_SECONDS)
        server.pause()
        return sample

    def close(self, opened, failed):
        if failed:
            self.context.drop_echo(opened[0])

    def finish(self, samples):
        """Called after the last round. samples: the samples by peer key."""


class RoundTrip(Echo):
    """Records the time of each round trip. At the end dev.salvo.bench.Percentiles computes the percentiles."""

    def begin(self):
        self.rate = self.workload.rate
        if self.workload.key != "rtt-half":
            return [DUE] if self.rate else []
        calibrated = Echo(self.context, self.workload)
        opened = calibrated.open(BY_KEY["c-single"])
        full = calibrated.measure(opened, 0)["rate"]
        self.rate = max(1000, int(full / 2))
        return [f"{self.rate:,} datagrams a second were sent to each peer, half of the {full:,.0f} that C recvfrom/sendto"
                f" had served just before. {DUE}"]

    def path(self, peer, number):
        return os.path.join(self.context.folder, f"{self.workload.key}-{peer.key}-{number}.samples")

    def more(self, peer, number):
        open_loop = ["--rate", self.rate] if self.rate else ["--window", 1]
        return ["--samples", self.path(peer, number), *open_loop]

    def warm(self, opened, seconds):
        """Warms up with the same load as the measurement, so that the JIT compiles the measured code."""
        opened[1].resume()
        more = [w for w in self.more(opened[0], 0)[2:]]
        run_load(self.context, opened[1], self.workload, seconds, 0, more)
        opened[1].pause()

    def finish(self, samples):
        paths = {self.path(BY_KEY[key], s["round"]): s for key, all_of in samples.items() for s in all_of}
        if not paths:
            return
        for line in percentiles(self.context.java, paths):
            sample = paths[line["file"]]
            sample |= {name: line[name] for name in ("p50", "p90", "p99", "p999", "max", "mean")}
            sample["round_trips"] = line["count"]
            os.unlink(line["file"])


def percentiles(java, paths):
    if java is None:
        raise PeerFailed("percentiles need a JDK 25 or newer (HdrHistogram)")
    command = [java, "-cp", f"{BENCH}/target/classes:{BENCH}/target/lib/*", "dev.salvo.bench.Percentiles", *paths]
    try:
        done = run_session(command, PERCENTILE_SECONDS)
    except subprocess.TimeoutExpired:
        raise PeerFailed(f"computing the percentiles took over {PERCENTILE_SECONDS} s") from None
    if done.returncode != 0:
        raise PeerFailed(f"computing the percentiles failed: {done.stderr.strip()[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
