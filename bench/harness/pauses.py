"""100 million datagrams through Salvo in a heap of 64 MiB: its pauses, and what it allocates."""
import os
import re

import echo
import special
from context import Meter
from process import PeerFailed

DATAGRAMS, QUICK_DATAGRAMS = 100_000_000, 5_000_000
TURN_SECONDS = 5
UNITS = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
# "[12.345s] GC(3) Pause Young (Allocation Failure) 15M->2M(61M) 1.234ms"
PAUSE = re.compile(r"GC\(\d+\) Pause .* (\d+\.\d+)ms")


def pauses(text):
    return [float(ms) for ms in PAUSE.findall(text)]


def allocated(thread_dump):
    """By "main" and the program's own threads; those of the JVM that answer jcmd are not the program's."""
    total = 0
    for name, number, unit in re.findall(r'^"([^"]+)".*? allocated=(\d+)([BKMG]) ', thread_dump, re.MULTILINE):
        if name not in ("Attach Listener", "Signal Dispatcher", "Service Thread", "Monitor Deflation Thread"):
            total += int(number) * UNITS[unit]
    return total


class Pauses(echo.Echo):
    def open(self, peer):
        self.log = os.path.join(self.context.folder, "gc.log")
        options = ["-Xmx64m", f"-Xlog:gc:file={self.log}:uptime"]
        return peer, self.context.start(peer, "echo", ["--bind", "127.0.0.1:0"], options)

    def begin(self):
        return ["Offloading clients with 64 bytes, until so many were echoed. Allocated: the sum of what the program's threads"
                " did, by jcmd Thread.print -e, which tells up to 100 KiB in bytes and up to 100 MiB in KiB."]

    def warm(self, opened, seconds):
        pass

    def measure(self, opened, number):
        server = opened[1]
        wanted = QUICK_DATAGRAMS if self.context.quick else DATAGRAMS
        # Of a quick run the tenth would be too short for the JIT: it comes before.
        started, _ = self.echo(server, max(QUICK_DATAGRAMS, wanted // 10))
        # Asking loads classes too: the first time is not counted.
        self.thread_dump(server)
        meter, early, before = Meter(self.context, [server]), len(self.pauses()), self.thread_dump(server)
        done, seconds = self.echo(server, wanted if self.context.quick else wanted - started)
        after, found = self.thread_dump(server), self.pauses()
        grown = allocated(after) - allocated(before)
        if allocated(after) == 0:
            raise PeerFailed("jcmd Thread.print -e tells no allocations")
        return {"datagrams": done, "pauses": len(found) - early, "pause_millis": sum(found[early:]),
                "all_pauses": len(found), "allocated": grown, "bytes": grown / done, "rate": done / seconds,
                "other": meter.other_percent()}

    def echo(self, server, wanted):
        done, seconds = 0, 0.0
        while done < wanted:
            report = echo.run_load(self.context, server, self.workload, 1 if self.context.quick else TURN_SECONDS, 0)
            done += report["replies"]
            seconds += report["seconds"]
        return done, seconds

    def pauses(self):
        with open(self.log, encoding="utf-8") as file:
            return pauses(file.read())

    def thread_dump(self, server):
        return special.jcmd(self.context.java, server, "Thread.print", "-e")

    def close(self, opened, failed):
        opened[1].close()
