"""One-way workloads: datagrams to a peer (sink), from a peer (source), and from a peer to many destinations (fan-out)."""
import time

from context import Meter
from machine import REFERENCE_BUILD
from process import Counter, PeerFailed, Program

DESTINATIONS = 64
SETTLE_SECONDS = 0.05


def measure_between(context, server, other, counters, main):
    """
    Measures what both programs do in the measured time. counters: the server's and the other program's;
    main: a word for what is counted.
    """
    time.sleep(context.warmup)
    programs = [server, other]

    def snapshot():
        return time.monotonic(), [c.read() for c in counters], [p.cpu_seconds() for p in programs]
    meter, (begin, before, cpu) = Meter(context, programs), snapshot()
    time.sleep(context.seconds)
    (end, after, cpu_after), other_percent = snapshot(), meter.other_percent()
    elapsed = end - begin
    (done, failed), (others, _) = ([b - a for a, b in zip(x, y)] for x, y in zip(before, after))
    for program in programs:
        program.check_alive()
    if done <= 0:
        raise PeerFailed(f"nothing was {main} in {elapsed:.1f} s")
    used = [b - a for a, b in zip(cpu, cpu_after)]
    return done, failed, others, {
        "rate": done / elapsed, "cpu": used[0] * 1e9 / done, "server_core": 100 * used[0] / elapsed,
        "load_core": 100 * used[1] / elapsed, "other": other_percent}


class Flow:
    def __init__(self, context, workload):
        self.context, self.workload = context, workload
        self.helper = None

    def counter(self, name):
        return Counter(self.context.folder, f"{self.workload.key}-{name}.count")

    def warm(self, opened, seconds):
        server = opened[0]
        server.resume()
        self.feed(opened)
        time.sleep(seconds)
        self.settle(opened)

    def feed(self, opened):
        """Starts the program that must run beside the peer."""

    def settle(self, opened):
        opened[0].pause()

    def close(self, opened, failed):
        opened[0].close()

    def finish(self, samples):
        if self.helper:
            self.helper.close()


class Sink(Flow):
    """The load is a C source, which is started for each measurement."""

    def begin(self):
        return []

    def open(self, peer):
        counter = self.counter(peer.key)
        server = self.context.start(peer, "sink", ["--bind", "127.0.0.1:0", "--counter", counter.path])
        server.pause()
        return server, counter

    def feed(self, opened):
        self.sent = self.counter("sent")
        mode = "gso" if self.workload.offload else "mmsg"
        self.helper = Program("C source", [REFERENCE_BUILD / "source", "--to", opened[0].address, "--size", self.workload.size,
                                           "--mode", mode, "--counter", self.sent.path], self.context.load_core)

    def settle(self, opened):
        self.helper.close()
        time.sleep(SETTLE_SECONDS)
        opened[0].pause()

    def measure(self, opened, number):
        server, counter = opened
        server.resume()
        self.feed(opened)
        try:
            done, _, sent, sample = measure_between(self.context, server, self.helper, (counter, self.sent), "received")
        finally:
            self.helper.close()
        time.sleep(SETTLE_SECONDS)
        server.pause()
        # Datagrams that were queued before the first count may be received later, so more may be received than sent.
        return sample | {"sent": sent, "lost": 100 * max(0, sent - done) / max(1, sent)}


class Source(Flow):
    """The other side is a C sink with GRO, which keeps running. A fan-out has 64 of its sockets as destinations."""

    def begin(self):
        self.received = self.counter("received")
        many = self.workload.kind == "fanout"
        ports = f"{self.context.folder}/{self.workload.key}.ports"
        where = ["--sockets", DESTINATIONS, "--ports", ports] if many else ["--bind", "127.0.0.1:0"]
        self.helper = Program("C sink", [REFERENCE_BUILD / "sink", *where, "--counter", self.received.path],
                              self.context.load_core)
        if many:
            with open(ports, encoding="ascii") as file:
                self.to = ",".join(f"127.0.0.1:{port}" for port in file.read().split())
        else:
            self.to = self.helper.address
        return []

    def open(self, peer):
        counter = self.counter(peer.key)
        server = self.context.start(peer, self.workload.kind, ["--to", self.to, "--size", self.workload.size,
                                                               "--counter", counter.path])
        server.pause()
        return server, counter

    def measure(self, opened, number):
        server, counter = opened
        server.resume()
        done, failed, received, sample = measure_between(self.context, server, self.helper, (counter, self.received), "sent")
        server.pause()
        time.sleep(SETTLE_SECONDS)
        return sample | {"arrived": 100 * min(1, received / done), "failed": 100 * failed / max(1, done + failed)}
