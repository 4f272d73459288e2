"""The peers: the program of each, the roles that it supports, and the C program with the same technique."""
import shutil
import subprocess
from dataclasses import dataclass, field

from machine import BENCH, REFERENCE_BUILD

# Without the first two options Netty does not use Unsafe on this JDK, and is slower.
NETTY_OPTIONS = ("-Dio.netty.noUnsafe=false", "--sun-misc-unsafe-memory-access=allow",
                 "-Dio.netty.leakDetection.level=disabled")


@dataclass(frozen=True)
class Peer:
    key: str
    title: str
    family: str  # c, salvo, netty, jdk or twisted
    program: tuple  # the main class or script with its own arguments; empty for C
    roles: dict = field(hash=False)  # for each role None, or for C the program with its arguments
    references: tuple = ()  # the C peer with the same technique, then similar ones in case it was not measured
    jvm_options: tuple = ()
    ordinary: bool = True  # False for an expert's solution, an option or a limit, which no bar is about

    @property
    def is_java(self):
        return self.family in ("salvo", "netty", "jdk")

    def command(self, role, arguments, java=None, jvm_options=()):
        """Returns the peer's command. A Java peer needs java; the Twisted peer needs a python3 with Twisted."""
        if self.family == "c":
            name, *own = self.roles[role]
            return [REFERENCE_BUILD / name, *own, *arguments]
        role_words = [] if role == "echo" else ["--role", role]
        if self.family == "twisted":
            return [find_twisted()[0], "-B", BENCH / "peers" / self.program[0], *role_words, *arguments]
        main, *own = self.program
        return [java, "--enable-native-access=ALL-UNNAMED", *self.jvm_options, *jvm_options,
                "-cp", f"{BENCH}/target/classes:{BENCH}/target/lib/*", f"dev.salvo.bench.{main}",
                *own, *role_words, *arguments]


def agent(*words):
    """The option of a JVM whose program runs on Salvo."""
    jar = BENCH.parent / "java" / "agent" / "target" / "salvo-agent.jar"
    return (f"-javaagent:{jar}={','.join((*words, 'quiet'))}",)


def roles(*names):
    return {name: None for name in names}


def c_peer(key, title, ordinary=True, references=(), **programs):
    return Peer(key, title, "c", (), {role: tuple(words.split()) for role, words in programs.items()}, references,
                ordinary=ordinary)


ALL_FLOWS = ("echo", "sink", "source", "fanout")
GSO = ("c-gso", "c-mmsg", "c-single")
MMSG = ("c-mmsg", "c-single")
SINGLE = ("c-single", "c-mmsg")

# The order matters: peers that are compared are measured one after the other.
PEERS = (
    c_peer("c-single", "C recvfrom/sendto", echo="echo_plain --mode single", source="source --mode single",
           fanout="source --mode single", start="echo_plain --mode single"),
    Peer("jdk", "JDK DatagramChannel", "jdk", ("JdkPeer",), roles(*ALL_FLOWS, "sockets", "start"), SINGLE),
    Peer("jdk-blocking", "JDK blocking, virtual thread", "jdk", ("JdkPeer", "--blocking"), roles("echo"), SINGLE),
    c_peer("c-mmsg", "C recvmmsg/sendmmsg", echo="echo_plain --mode mmsg", sink="sink --no-gro",
           source="source --mode mmsg", fanout="source --mode mmsg", sockets="echo_sockets"),
    Peer("netty", "Netty epoll", "netty", ("NettyPeer", "--transport", "epoll"), roles(*ALL_FLOWS, "sockets", "start"),
         MMSG, NETTY_OPTIONS),
    # Netty's best form for sparse datagrams, so it takes part only in the round trips.
    Peer("netty-recvmsg", "Netty epoll, recvmsg", "netty", ("NettyPeer", "--transport", "epoll", "--single"), roles("echo"),
         SINGLE, NETTY_OPTIONS),
    Peer("netty-aot", "Netty epoll, AOT cache", "netty", ("NettyPeer", "--transport", "epoll"), roles("start-aot"), SINGLE,
         NETTY_OPTIONS),
    Peer("netty-uring", "Netty io_uring", "netty", ("NettyPeer", "--transport", "io_uring"), roles("echo"), MMSG,
         NETTY_OPTIONS),
    Peer("netty-uring-recvmsg", "Netty io_uring, one RECVMSG", "netty", ("NettyPeer", "--transport", "io_uring", "--single"),
         roles("echo"), SINGLE, NETTY_OPTIONS),
    Peer("salvo", "Salvo", "salvo", ("SalvoPeer",), roles(*ALL_FLOWS, "sockets", "start-command", "pauses"), GSO),
    c_peer("c-gso", "C GRO/GSO", echo="echo_gso", sink="sink", source="source --mode gso", fanout="source --mode gso"),
    Peer("salvo-batch", "Salvo BatchProtocol", "salvo", ("SalvoPeer", "--layer", "batch"), roles(*ALL_FLOWS), GSO),
    Peer("salvo-socket", "Salvo socket layer", "salvo", ("SalvoPeer", "--layer", "socket"), roles(*ALL_FLOWS), GSO),
    Peer("salvo-poll", "Salvo, busyPoll 20 µs", "salvo", ("SalvoPeer", "--busy-poll", "20"), roles("echo"), GSO, ordinary=False),
    Peer("salvo-gather", "Salvo, gather 200 µs", "salvo", ("SalvoPeer", "--gather", "200"), roles("echo"), GSO, ordinary=False),
    Peer("salvo-128", "Salvo, 128 segments", "salvo", ("SalvoPeer", "--max-segments", "128"), roles("echo", "source"), GSO,
         ordinary=False),
    c_peer("c-nocopy", "C GRO/GSO, uncopied", ordinary=False, references=("c-gso",), echo="echo_gso --nocopy"),
    Peer("netty-gso", "Netty, joined by hand", "netty", ("NettyPeer", "--transport", "epoll", "--gso"),
         roles("echo", "source"), GSO, NETTY_OPTIONS, ordinary=False),
    # Programs of java.nio and java.net as they are, on the JDK and by the agent on Salvo.
    Peer("jdk-socket", "JDK DatagramSocket", "jdk", ("JdkPeer", "--socket"), roles("echo"), SINGLE),
    Peer("jdk-on-salvo", "JDK DatagramChannel on Salvo", "salvo", ("JdkPeer",), roles("echo", "source"), GSO, agent(),
         ordinary=False),
    Peer("jdk-turn-on-salvo", "JDK DatagramChannel on Salvo, turn", "salvo", ("JdkPeer",), roles("echo", "source"), GSO,
         agent("turn"), ordinary=False),
    Peer("jdk-socket-on-salvo", "JDK DatagramSocket on Salvo", "salvo", ("JdkPeer", "--socket"), roles("echo"), GSO, agent(),
         ordinary=False),
    Peer("netty-nio", "Netty NIO", "netty", ("NettyPeer", "--transport", "nio"), roles("echo"), SINGLE, NETTY_OPTIONS),
    Peer("netty-nio-on-salvo", "Netty NIO on Salvo, turn", "salvo", ("NettyPeer", "--transport", "nio"), roles("echo"), GSO,
         (*NETTY_OPTIONS, *agent("turn")), ordinary=False),
    Peer("twisted", "Twisted", "twisted", ("twisted_peer.py",), roles("echo", "source", "start"), SINGLE),
)
BY_KEY = {peer.key: peer for peer in PEERS}


def find_twisted(cache=[]):
    """Returns (python3, version) of the first python3 on PATH or in /usr/bin that can import Twisted, or (None, reason)."""
    if not cache:
        cache.append(_look_for_twisted())
    return cache[0]


def _look_for_twisted():
    for python in dict.fromkeys(p for p in (shutil.which("python3"), shutil.which("python3", path="/usr/bin")) if p):
        try:
            done = subprocess.run([python, "-B", "-c", "import twisted.internet.udp as u, twisted; print(twisted.__version__)"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return python, done.stdout.strip()
    return None, "no python3 here can import twisted (Debian: apt install python3-twisted)"


def missing(peers, absent):
    """Returns the reasons why peers cannot run, by key. absent: the reasons why \"c\" or \"java\" could not be built."""
    reasons = {}
    for peer in peers:
        if peer.family == "c" and "c" in absent:
            reasons[peer.key] = absent["c"]
        elif peer.is_java and "java" in absent:
            reasons[peer.key] = absent["java"]
        elif peer.family == "twisted" and find_twisted()[0] is None:
            reasons[peer.key] = find_twisted()[1]
    return reasons
