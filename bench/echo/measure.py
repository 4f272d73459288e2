"""One measurement: a load on one server, and what both of them and the machine did meanwhile."""
import json
import resource
import subprocess
import time
from dataclasses import dataclass

import machine
from machine import REFERENCE_BUILD, Refusal
from peers import pin

CLIENTS = 16
# Over start, warm-up and measured time; then the load hangs, and so would the bench.
GRACE_SECONDS = 20
# The server empties its queue before it is stopped; else it would begin its next turn with it.
SETTLE_SECONDS = 0.05


@dataclass(frozen=True)
class Workload:
    key: str
    size: int
    offload: bool

    @property
    def window(self):
        """Of each client. One full message when they are joined: 64 segments, or 65,000 bytes."""
        return min(64, 65_000 // self.size)

    @property
    def title(self):
        return f"{self.size:,} bytes, {'offloaded' if self.offload else 'plain'}"


WORKLOADS = (
    Workload("64-offload", 64, True),
    Workload("64-plain", 64, False),
    Workload("1200-offload", 1200, True),
    Workload("1200-plain", 1200, False),
)


@dataclass(frozen=True)
class Sample:
    round: int
    replies: float  # a second
    cpu: float  # the server's nanoseconds for a datagram
    lost: float  # percent of what was sent that never came back
    late: float  # percent of what was sent that came back after 200 ms: the load had given it up
    server_core: float  # percent, the server alone
    load_core: float  # percent, the load generator alone
    batch: float  # datagrams in a message that the load received
    other: float  # percent of one core that the rest of the machine took from these two


def run_load(server, workload, cores, seconds, warmup):
    command = [REFERENCE_BUILD / "load", "--to", server.address, "--clients", CLIENTS, "--window", workload.window,
               "--size", workload.size, "--seconds", seconds, "--warmup", warmup, "--pid", server.process.pid, "--json"]
    command += ["--offload"] if workload.offload else []
    load = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, preexec_fn=pin(cores[1]), start_new_session=True)
    try:
        output, errors = load.communicate(timeout=seconds + warmup + GRACE_SECONDS)
    except BaseException as e:
        load.kill()
        load.wait()
        if isinstance(e, subprocess.TimeoutExpired):
            raise Refusal(f"the load on {server.peer.title} hangs") from None
        raise
    if load.returncode != 0:
        raise Refusal(f"{server.peer.title}, {workload.title}: {errors.decode().strip() or load.returncode}")
    return json.loads(output)


def measure(server, workload, cores, seconds, warmup, number):
    server.resume()
    start, busy, ours = time.monotonic(), machine.busy_seconds(cores), our_seconds(server)
    report = run_load(server, workload, cores, seconds, warmup)
    elapsed = time.monotonic() - start
    other = machine.busy_seconds(cores) - busy - (our_seconds(server) - ours)
    time.sleep(SETTLE_SECONDS)
    server.pause()
    sent = max(1, report["sent"])
    return Sample(
        round=number,
        replies=report["repliesPerSecond"],
        cpu=report["serverNanos"],
        lost=100 * max(0, report["lost"] - report["late"]) / sent,
        late=100 * report["late"] / sent,
        server_core=report["serverPercent"],
        load_core=report["loadNanos"] * report["repliesPerSecond"] / 1e7,
        batch=report["datagramsPerMessage"],
        other=max(0.0, 100 * other / elapsed),
    )


def our_seconds(server):
    """CPU time of the server, of the loads that have ended, and of this program."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return server.cpu_seconds() + children.ru_utime + children.ru_stime + time.process_time()
