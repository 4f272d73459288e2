"""The listings of Twisted's howto on multicast and broadcast, saying on stdout what they receive: NAME."""

import sys

from twisted.internet import reactor
from twisted.internet.protocol import DatagramProtocol
from twisted.internet.task import LoopingCall

GROUP, PORT = "228.0.0.5", 9999
BROADCAST_PORT = 8000


def say(datagram, address):
    print(datagram.decode(), "from %s:%d" % address, flush=True)


def repeat(call):
    """The other side may not be there yet."""
    LoopingCall(call).start(0.2)


class MulticastPingClient(DatagramProtocol):
    def startProtocol(self):
        self.transport.joinGroup(GROUP)
        repeat(lambda: self.transport.write(b"Client: Ping", (GROUP, PORT)))

    def datagramReceived(self, datagram, address):
        if datagram != b"Client: Ping":
            say(datagram, address)


class MulticastPingPong(DatagramProtocol):
    def startProtocol(self):
        self.transport.setTTL(5)
        self.transport.joinGroup(GROUP)
        print("listening", flush=True)

    def datagramReceived(self, datagram, address):
        if datagram == b"Client: Ping":
            say(datagram, address)
            self.transport.write(b"Server: Pong", address)


class Broadcaster(DatagramProtocol):
    def startProtocol(self):
        self.transport.setBroadcastAllowed(True)
        repeat(lambda: self.transport.write(b"PING twisted", ("<broadcast>", BROADCAST_PORT)))

    def datagramReceived(self, datagram, address):
        if datagram == b"PING salvo":
            self.transport.write(b"PONG salvo", address)
        if datagram != b"PING twisted":
            say(datagram, address)


if sys.argv[1] == "multicast_client":
    reactor.listenMulticast(PORT, MulticastPingClient(), listenMultiple=True)
elif sys.argv[1] == "multicast_server":
    reactor.listenMulticast(PORT, MulticastPingPong(), listenMultiple=True)
else:
    reactor.listenUDP(BROADCAST_PORT, Broadcaster())
reactor.callLater(60, reactor.stop)
reactor.run()
