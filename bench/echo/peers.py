"""The echo servers: how each is started, and which C program uses the same technique."""
import ctypes
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass

from machine import BENCH, REFERENCE_BUILD, Refusal

START_SECONDS = 30
STOP_SECONDS = 5
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Peer:
    key: str
    title: str
    program: tuple
    reference: str | None = None  # the C with the same technique
    jvm_options: tuple | None = None  # None: no JVM

    @property
    def is_java(self):
        return self.jvm_options is not None

    def command(self, java):
        if not self.is_java:
            return [REFERENCE_BUILD / self.program[0], *self.program[1:]]
        class_path = f"{BENCH}/target/classes:{BENCH}/target/lib/*"
        return [java, "--enable-native-access=ALL-UNNAMED", *self.jvm_options,
                "-cp", class_path, f"dev.salvo.bench.{self.program[0]}"]


# Without these two, Netty on this JDK goes without Unsafe, and is slower.
NETTY_OPTIONS = ("-Dio.netty.noUnsafe=false", "--sun-misc-unsafe-memory-access=allow",
                 "-Dio.netty.leakDetection.level=disabled")

# In this order, so that what is compared is measured one after the other.
PEERS = (
    Peer("c-single", "C recvfrom/sendto", ("echo_plain", "--mode", "single")),
    Peer("jdk", "JDK DatagramChannel", ("JdkEcho",), "c-single", ()),
    Peer("c-mmsg", "C recvmmsg/sendmmsg", ("echo_plain", "--mode", "mmsg")),
    Peer("netty", "Netty epoll", ("NettyEpollEcho",), "c-mmsg", NETTY_OPTIONS),
    Peer("salvo", "Salvo", ("SalvoEcho",), "c-gso", ()),
    Peer("c-gso", "C GRO/GSO", ("echo_gso",)),
    Peer("c-nocopy", "C GRO/GSO, uncopied", ("echo_gso", "--nocopy"), "c-gso"),
    Peer("netty-gso", "Netty, joined by hand", ("NettyGsoEcho",), "c-gso", NETTY_OPTIONS),
)


def pin(core):
    """Runs in the child: it stays on its core, and does not outlive the bench, not even its SIGKILL."""
    libc = ctypes.CDLL(None)

    def prepare():
        os.sched_setaffinity(0, {core})
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return prepare


class Server:
    """A running peer. Between its turns it is stopped (SIGSTOP), so that it costs the others nothing."""

    def __init__(self, peer, java, core):
        self.peer = peer
        # A session of its own: Ctrl-C reaches the bench alone, which then ends its servers.
        self.process = subprocess.Popen([*peer.command(java), "--bind", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, preexec_fn=pin(core), start_new_session=True)
        try:
            self.address = self._await_address()
        except BaseException:
            self.stop()
            raise
        self.pause()

    def _await_address(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        words = self.process.stdout.readline().decode().split() if ready else []
        if words[:2] != ["listening", "on"]:
            raise Refusal(f"{self.peer.title} did not start: {' '.join(map(str, self.process.args))}")
        return words[2]

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def cpu_seconds(self):
        """The process's clock (clock_getcpuclockid in glibc: the inverted pid, then CPUCLOCK_SCHED)."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def stop(self):
        self.process.terminate()
        self.resume()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
