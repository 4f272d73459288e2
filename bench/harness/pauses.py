"""
Sends 100 million datagrams through Salvo with a heap of 64 MiB, and counts its pauses and allocations. Then sends 5 million
through each of some more JVMs: the allocations that escape analysis removes depend on the order of compilation, which
differs from JVM to JVM.
"""
import os
import re

import echo
import special
from context import Meter
from process import PeerFailed

LONG, SHORT = 100_000_000, 5_000_000
TURN_SECONDS = 5
UNITS = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
# "[12.345s] GC(3) Pause Young (Allocation Failure) 15M->2M(61M) 1.234ms"
PAUSE = re.compile(r"GC\(\d+\) Pause .* (\d+\.\d+)ms")


def wanted(number, quick):
    """Returns the number of datagrams of a round. The first round is the long one, so that a run of one round has it."""
    return LONG if number == 1 and not quick else SHORT


def pauses(text):
    return [float(ms) for ms in PAUSE.findall(text)]


def allocated(thread_dump):
    """Returns the bytes allocated by "main" and the program's other threads, without the JVM threads that answer jcmd."""
    total = 0
    for name, number, unit in re.findall(r'^"([^"]+)".*? allocated=(\d+)([BKMG]) ', thread_dump, re.MULTILINE):
        if name not in ("Attach Listener", "Signal Dispatcher", "Service Thread", "Monitor Deflation Thread"):
            total += int(number) * UNITS[unit]
    return total


class Pauses(echo.Echo):
    def open(self, peer):
        return peer

    def begin(self):
        return ["Offloading clients send 64 bytes until that number of datagrams was echoed. Each round has its own JVM. Allocated:"
                " the sum for the program's threads, by jcmd Thread.print -e, which prints up to 100 KiB in bytes and up to"
                " 100 MiB in KiB."]

    def warm(self, opened, seconds):
        pass

    def measure(self, opened, number):
        self.log = os.path.join(self.context.folder, f"gc-{number}.log")
        server = self.context.start(opened, "echo", ["--bind", "127.0.0.1:0"],
                                    ["-Xmx64m", f"-Xlog:gc:file={self.log}:uptime"])
        try:
            return self.steady(server, wanted(number, self.context.quick))
        finally:
            server.close()

    def steady(self, server, total):
        # A tenth of a short run would be too short for the JIT, so as many datagrams as in the run precede it.
        started, _ = self.echo(server, max(SHORT, total // 10))
        # The first thread dump loads classes, so it precedes the measurement.
        self.thread_dump(server)
        meter, early, before = Meter(self.context, [server]), len(self.pauses()), self.thread_dump(server)
        done, seconds = self.echo(server, total - started if total > SHORT else total)
        after, found = self.thread_dump(server), self.pauses()
        grown = allocated(after) - allocated(before)
        if allocated(after) == 0:
            raise PeerFailed("jcmd Thread.print -e prints no allocations")
        return {"datagrams": done, "pauses": len(found) - early, "pause_millis": sum(found[early:]),
                "all_pauses": len(found), "allocated": grown, "bytes": grown / done, "rate": done / seconds,
                "other": meter.other_percent()}

    def echo(self, server, total):
        done, seconds = 0, 0.0
        while done < total:
            report = echo.run_load(self.context, server, self.workload, TURN_SECONDS if total > SHORT else 1, 0)
            done += report["replies"]
            seconds += report["seconds"]
        return done, seconds

    def pauses(self):
        with open(self.log, encoding="utf-8") as file:
            return pauses(file.read())

    def thread_dump(self, server):
        return special.jcmd(self.context.java, server, "Thread.print", "-e")

    def close(self, opened, failed):
        pass
