"""The workloads: their keys, their datagrams and their peers."""
from dataclasses import dataclass

# The sum of the clients' windows, so that the queues are equally long with few and with many clients.
OUTSTANDING = 1024
# The bytes that the kernel counts for a plain datagram in the receive buffer (skb and data, rounded up), with a margin.
OVERHEAD = 1280
# The part of the receive buffer that may be filled. The kernel doubles the 4 MiB that all programs request.
MOST_BYTES = 4 << 20
# The limits of a client's message: the kernel's number of segments, and the bytes that loopback does not split in software.
SEGMENTS, MESSAGE_BYTES = 64, 65_000

EVERYBODY = ("c-single", "jdk", "jdk-blocking", "c-mmsg", "netty", "netty-uring", "salvo", "c-gso", "salvo-batch",
             "salvo-socket", "c-nocopy", "netty-gso", "twisted")
MAIN = ("c-single", "jdk", "c-mmsg", "netty", "salvo", "c-gso")
SENDERS = ("c-single", "jdk", "c-mmsg", "netty", "salvo", "c-gso", "salvo-batch", "salvo-socket")
# A fixed rate, far below the most that any peer can serve.
SPARSE_RATE = 20_000
ECHOERS = (*(k for k in EVERYBODY if k != "c-nocopy"), "netty-recvmsg")


@dataclass(frozen=True)
class Workload:
    key: str
    group: str
    kind: str
    title: str
    peers: tuple
    quick: tuple = ()  # the peers of --quick; if empty, --quick leaves the workload out
    size: int = 64
    clients: int = 1
    offload: bool = False
    rate: int = 0  # open loop: datagrams a second from all clients; 0: closed loop, or for rtt-half the calibrated rate
    most_rounds: int = 3600
    by_default: bool = True

    @property
    def window(self):
        """
        The window of each client: whole messages if they are joined, and for all clients together not more than fits into a
        receive buffer.
        """
        message = min(SEGMENTS, MESSAGE_BYTES // self.size)
        fair = max(1, OUTSTANDING // self.clients)
        if not self.offload:
            return max(1, min(fair, MOST_BYTES // (self.clients * (self.size + OVERHEAD))))
        fitting = max(1, MOST_BYTES // (self.clients * self.size))
        return min(max(message, fair // message * message), fitting)


# Programs of java.nio and java.net as they are, on the JDK and on Salvo.
EXISTING = ("jdk", "jdk-on-salvo", "jdk-turn-on-salvo", "jdk-socket", "jdk-socket-on-salvo", "netty", "netty-nio",
            "netty-nio-on-salvo", "salvo")


def existing():
    """Measured by name, since all of it would take the whole table over an hour: --only existing-64-offload,..."""
    for offload in (True, False):
        way = "offload" if offload else "plain"
        yield Workload(f"existing-64-{way}", "existing", "echo", f"Programs as they are, echo, {way}", EXISTING, size=64,
                       clients=16, offload=offload, by_default=False)
    yield Workload("existing-source", "existing", "source", "Programs as they are, one way out",
                   ("jdk", "jdk-on-salvo", "jdk-turn-on-salvo"), by_default=False)
    yield Workload("existing-rtt", "existing", "rtt", "Programs as they are, one outstanding", EXISTING, by_default=False)


def echoers(size, clients, offload):
    # With 16 clients none has more than 64 datagrams outstanding, so 128 replies could never be joined.
    more = ("salvo-128",) if (size, clients, offload) == (64, 1, True) else ()
    return (EVERYBODY if clients == 16 else MAIN) + more


def echoes():
    for clients in (16, 1, 256):
        for size in (64, 1200):
            for offload in (True, False):
                way = "offload" if offload else "plain"
                yield Workload(
                    f"echo-{size}-{way}-{clients}", "echo", "echo",
                    f"Echo, {size:,} bytes, {'offloading' if offload else 'plain'}, {clients} client{'s' * (clients > 1)}",
                    echoers(size, clients, offload), ("jdk", "netty", "salvo", "c-gso") if clients == 16 else (),
                    size, clients, offload)


def flows():
    for size in (64, 1200):
        for offload in (True, False):
            yield Workload(f"sink-{size}-{'offload' if offload else 'plain'}", "sink", "sink",
                           f"One way in, {size:,} bytes, {'offloading' if offload else 'plain'}",
                           tuple(k for k in SENDERS if k != "c-single"), (), size, 1, offload)
    for size in (64, 1200):
        yield Workload(f"source-{size}", "source", "source", f"One way out, {size:,} bytes", (*SENDERS, "netty-gso", "twisted") + (("salvo-128",) if size == 64 else ()),
                       ("jdk", "salvo", "c-gso"), size)
    for size in (64, 1200):
        yield Workload(f"fanout-{size}", "fanout", "fanout", f"One payload to 64 destinations, {size:,} bytes", SENDERS,
                       ("c-mmsg", "salvo"), size)


WORKLOADS = (
    *echoes(),
    *flows(),
    Workload("rtt-1", "rtt", "rtt", "Round trip, one outstanding", (*ECHOERS, "netty-uring-recvmsg", "salvo-poll"), ("netty", "netty-recvmsg", "salvo", "c-gso")),
    Workload("rtt-half", "rtt", "rtt", "Round trip at half of what C recvfrom/sendto can serve", (*ECHOERS, "salvo-gather"),
             clients=16),
    Workload("rtt-sparse", "rtt", "rtt", f"Round trip at {SPARSE_RATE:,} datagrams a second",
             ("c-mmsg", "netty", "netty-recvmsg", "salvo", "c-gso", "salvo-poll", "salvo-gather"), clients=16, rate=SPARSE_RATE),
    Workload("sockets", "sockets", "sockets", "10 active sockets, of 10 and of 10,000", ("jdk", "c-mmsg", "netty", "salvo"),
             ("salvo",), clients=10),
    Workload("startup", "startup", "startup", "Start to first reply",
             ("c-single", "jdk", "netty", "netty-aot", "salvo", "twisted"), ("netty", "netty-aot", "salvo")),
    Workload("memory", "memory", "memory", "Memory", EVERYBODY, clients=16, most_rounds=2),
    Workload("gc", "gc", "gc", "Garbage collection in a heap of 64 MiB", ("salvo",), ("salvo",), clients=16, offload=True,
             most_rounds=6),
    *existing(),
    Workload("jmh", "jmh", "jmh", "JMH, and the C beside it", ("salvo",), by_default=False, most_rounds=1),
)
