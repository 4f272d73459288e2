"""The Twisted peer: a DatagramProtocol on the epoll reactor. See ../README.md for the roles."""
import argparse
import ipaddress
import mmap
import os
import socket
import sys

from twisted.internet import epollreactor

epollreactor.install()

from twisted.internet import reactor  # noqa: E402
from twisted.internet.protocol import DatagramProtocol  # noqa: E402

RECEIVE_BUFFER = 4 << 20
# Large enough for a datagram in a jumbo frame; Twisted's default of 8,192 would truncate it.
LARGEST_DATAGRAM = 9216
WRITES_A_TURN = 1000


class Echo(DatagramProtocol):
    def datagramReceived(self, datagram, addr):
        self.transport.write(datagram, addr)


class Sink(DatagramProtocol):
    def __init__(self, counter):
        self.counter = counter
        self.received = 0

    def datagramReceived(self, datagram, addr):
        self.received += 1
        self.counter[0] = self.received


class Source(DatagramProtocol):
    def __init__(self, destinations, payload, counter):
        self.destinations = destinations
        self.payload = payload
        self.counter = counter
        self.sent = self.failed = 0

    def startProtocol(self):
        reactor.callLater(0, self.write_some)

    def write_some(self):
        for _ in range(max(1, WRITES_A_TURN // len(self.destinations))):
            for destination in self.destinations:
                self.write_one(destination)
        self.counter[0], self.counter[1] = self.sent, self.failed
        reactor.callLater(0, self.write_some)

    def write_one(self, destination):
        try:
            self.transport.write(self.payload, destination)
            self.sent += 1
        except OSError:  # also for EAGAIN, which Twisted raises
            self.failed += 1


def endpoint(text):
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if bracketed else host
    try:
        address = ipaddress.ip_address(host)
        number = int(port)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not ADDR:PORT or [ADDR]:PORT: {text}") from None
    if not 0 <= number <= 65535 or bracketed != (address.version == 6):
        raise argparse.ArgumentTypeError(f"not ADDR:PORT or [ADDR]:PORT: {text}")
    return host, number


def endpoints(text):
    return [endpoint(one) for one in text.split(",")]


def shown(address):
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def map_counter(path):
    """Maps two numbers of eight bytes. The view stores each item as a whole."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    os.ftruncate(file, 16)
    return memoryview(mmap.mmap(file, 16)).cast("Q")


def listen(protocol, bind):
    host, port = bind
    listening = reactor.listenUDP(port, protocol, interface=host, maxPacketSize=LARGEST_DATAGRAM)
    listening.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    print(f"listening on {shown((host, listening.getHost().port))}", flush=True)


def send(destinations, size, counter):
    host = "::" if ":" in destinations[0][0] else "0.0.0.0"
    reactor.listenUDP(0, Source(destinations, bytes(size), counter), interface=host)
    shown_as = shown(destinations[0]) if len(destinations) == 1 else f"{len(destinations)} destinations"
    print(f"sending to {shown_as}", flush=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=("echo", "sink", "source", "fanout"), default="echo")
    parser.add_argument("--bind", type=endpoint)
    parser.add_argument("--to", type=endpoints)
    parser.add_argument("--size", type=int)
    parser.add_argument("--counter")
    arguments = parser.parse_args()
    needed = {"echo": ("bind",), "sink": ("bind", "counter")}.get(arguments.role, ("to", "size", "counter"))
    for name in needed:
        if getattr(arguments, name) is None:
            parser.error(f"--{name} is missing")
    if arguments.size is not None and not 1 <= arguments.size <= 65507:
        parser.error(f"--size {arguments.size}")
    if arguments.role == "source" and len(arguments.to) != 1:
        parser.error("--to takes exactly one destination for this role")
    return arguments


def main():
    arguments = parse()
    if arguments.role == "echo":
        listen(Echo(), arguments.bind)
    elif arguments.role == "sink":
        listen(Sink(map_counter(arguments.counter)), arguments.bind)
    else:
        send(arguments.to, arguments.size, map_counter(arguments.counter))
    reactor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
