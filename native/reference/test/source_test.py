"""source: the datagrams of each mode to one and to many destinations, and the counter of accepted datagrams."""
import socket

from programs import ProgramTest, counter, main, wait_for

MODES = "single", "mmsg", "gso"


class SourceTest(ProgramTest):

    def receiver(self, host="127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        receiver = socket.socket(family, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.settimeout(20)
        receiver.bind((host, 0))
        return receiver

    def address(self, receiver):
        host, port = receiver.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def send(self, receivers, mode, size):
        self.counter = self.folder / f"counter-{mode}"
        to = ",".join(map(self.address, receivers))
        return self.start("source", "--to", to, "--size", size, "--mode", mode, "--counter", self.counter)

    def test_every_mode_sends_whole_datagrams_and_counts_them(self):
        for mode in MODES:
            for host in "127.0.0.1", "::1":
                with self.subTest(mode=mode, host=host):
                    receiver = self.receiver(host)
                    process, said = self.send([receiver], mode, 300)
                    self.assertEqual(self.address(receiver), said)
                    self.assertEqual(300, len(receiver.recv(65535)))
                    wait_for("10,000 sent", lambda: counter(self.counter)[0] >= 10000)
                    sent, messages = self.totals(process, "out")
                    self.assertEqual((sent, 0), counter(self.counter))
                    self.assertEqual(mode == "gso", sent > 50 * messages)

    def test_every_destination_gets_its_share(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                receivers = [self.receiver() for _ in range(64)]
                process, said = self.send(receivers, mode, 64)
                self.assertEqual("64 destinations", said)
                for receiver in receivers:
                    self.assertEqual(64, len(receiver.recv(65535)))
                sent, messages = self.totals(process, "out")
                self.assertEqual(sent, messages, "payloads of one destination were joined")

    def test_the_longest_datagram_is_sent_too(self):
        receiver = self.receiver()
        process, _ = self.send([receiver], "gso", 65507)
        self.assertEqual(65507, len(receiver.recv(65535)))
        self.totals(process, "out")

    def test_counts_what_failed(self):
        # A send to port 0 fails with EINVAL (udp_sendmsg).
        process, _ = self.start("source", "--to", "127.0.0.1:0", "--size", 64, "--counter", self.folder / "counter")
        wait_for("failures", lambda: counter(self.folder / "counter")[1] > 0)
        sent, _ = self.totals(process, "out")
        self.assertEqual(0, sent)

    def test_says_what_is_wrong(self):
        here = ["--counter", self.folder / "c"]
        self.refuses("source", "--size", 64, *here)
        self.refuses("source", "--to", "127.0.0.1:9", *here)
        self.refuses("source", "--to", "127.0.0.1:9", "--size", 64)
        self.refuses("source", "--to", "127.0.0.1:9,[::1]:9", "--size", 64, *here)
        self.refuses("source", "--to", "192.0.2.1:9", "--size", 64, *here)
        self.refuses("source", "--to", "127.0.0.1:9", "--size", 64, "--mode", "other", *here)


main()
