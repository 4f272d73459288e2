"""Sends datagrams to an echo and counts those that come back unchanged. Arguments: HOST PORT."""

import sys

from twisted.internet import reactor
from twisted.internet.protocol import DatagramProtocol

SIZES = [b"", b"x", b"hello", b"\0" * 1200, bytes(range(256)) * 16, b"z" * 65507]
MANY = [b"number %d" % i for i in range(100)]


class Client(DatagramProtocol):
    """Sends the second round when the first is back, so that a receive buffer need not hold both."""

    def __init__(self, address):
        self.address = address
        self.rounds = [SIZES, MANY]
        self.missing = []
        self.returned = 0

    def startProtocol(self):
        self.next_round()
        reactor.callLater(20, reactor.stop)

    def next_round(self):
        if not self.rounds:
            reactor.stop()
            return
        self.missing = self.rounds.pop(0)
        for payload in list(self.missing):
            self.transport.write(payload, self.address)

    def datagramReceived(self, datagram, address):
        if address == self.address and datagram in self.missing:
            self.missing.remove(datagram)
            self.returned += 1
            if not self.missing:
                self.next_round()


client = Client((sys.argv[1], int(sys.argv[2])))
reactor.listenUDP(0, client, interface=sys.argv[1], maxPacketSize=65535)
reactor.run()
print("%d came back" % client.returned)
