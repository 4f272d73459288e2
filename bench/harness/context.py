"""What all measurements of a run share: the cores, the JDK, a temporary folder, and the echo servers that keep running."""
import contextlib
import os
import tempfile
import time

import machine
from process import PeerFailed, Program, our_seconds

# The kernel reports the time of the cores in ticks of 10 ms.
LEAST_SECONDS = 0.1


class Context:
    """A context manager. However its block ends, every program that it has started is ended."""

    def __init__(self, cores, java, seconds, warmup, quick):
        self.server_core, self.load_core = self.cores = cores
        self.java, self.seconds, self.warmup, self.quick = java, seconds, warmup, quick
        self._ending = contextlib.ExitStack()
        self._echoes = {}
        self._failures = {}

    def __enter__(self):
        # The harness runs on the load's core, so that it takes no time from the peer. Its programs are pinned separately.
        self._ending.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
        os.sched_setaffinity(0, {self.load_core})
        self.folder = self._ending.enter_context(tempfile.TemporaryDirectory(prefix="salvo-bench-"))
        return self

    def __exit__(self, *why):
        for server in self._echoes.values():
            server.close()
        return self._ending.__exit__(*why)

    def start(self, peer, role, arguments, jvm_options=(), core=None):
        command = peer.command(role, arguments, self.java, jvm_options)
        return Program(peer.title, command, self.server_core if core is None else core)

    def echo(self, peer):
        """Returns the peer's echo server, which all workloads share. It is started at the first call, and paused (SIGSTOP)."""
        if self._failures.get(peer.key, 0) > 1:
            raise PeerFailed("it has already failed twice")
        if peer.key not in self._echoes:
            try:
                server = self._echoes[peer.key] = self.start(peer, "echo", ["--bind", "127.0.0.1:0"])
            except PeerFailed:
                self._failures[peer.key] = 2
                raise
            server.pause()
        return self._echoes[peer.key]

    def drop_echo(self, peer):
        self._failures[peer.key] = self._failures.get(peer.key, 0) + 1
        server = self._echoes.pop(peer.key, None)
        if server:
            server.close()

    def close_echoes(self):
        for server in self._echoes.values():
            server.close()
        self._echoes.clear()


class Meter:
    """
    Measures the time that other programs take of the two cores. Neither the given programs nor programs of the bench that
    end meanwhile count as other programs. other_percent() returns None if the time was too short.
    """

    def __init__(self, context, programs):
        self.context, self.programs = context, programs
        self.start = time.monotonic()
        self.busy, self.ours = machine.busy_seconds(context.cores), our_seconds(programs)

    def other_percent(self):
        elapsed = time.monotonic() - self.start
        if elapsed < LEAST_SECONDS:
            return None
        busy = machine.busy_seconds(self.context.cores) - self.busy
        return max(0.0, 100 * (busy - (our_seconds(self.programs) - self.ours)) / elapsed)
