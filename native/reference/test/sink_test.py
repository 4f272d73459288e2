"""sink: every datagram is counted once, joined or not, on one socket or on many."""
import os
import signal
import socket

from programs import ProgramTest, counter, main, ports, wait_for

UDP_SEGMENT = 103


class SinkTest(ProgramTest):

    def open_sink(self, *arguments):
        self.counter = self.folder / "counter"
        return self.start("sink", "--counter", self.counter, *arguments)

    def awaits(self, count):
        wait_for(f"{count} datagrams", lambda: counter(self.counter)[0] >= count)
        self.assertEqual((count, 0), counter(self.counter))

    def send(self, address, data, segment=0):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            if segment:
                sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, segment)
            sender.sendto(data, address)

    def address(self, text):
        host, port = text.rsplit(":", 1)
        return host, int(port)

    def test_counts_the_datagrams_of_joined_messages_and_empty_ones(self):
        process, bound = self.open_sink("--bind", "127.0.0.1:0")
        self.send(self.address(bound), b"x" * 950, segment=100)
        self.send(self.address(bound), b"")
        self.send(self.address(bound), b"x" * 100)
        self.awaits(12)
        self.assertEqual(3, self.totals(process, "in")[1])

    def test_without_gro_gets_them_one_by_one(self):
        process, bound = self.open_sink("--bind", "127.0.0.1:0", "--no-gro")
        self.send(self.address(bound), b"x" * 950, segment=100)
        self.awaits(10)
        self.assertEqual((10, 10), self.totals(process, "in"))

    def test_counts_for_all_of_many_sockets(self):
        _, said = self.open_sink("--sockets", 64, "--ports", self.folder / "ports")
        self.assertEqual("64 sockets", said)
        numbers = ports(self.folder / "ports")
        self.assertEqual(64, len(set(numbers)))
        for port in numbers:
            self.send(("127.0.0.1", port), b"x")
        self.awaits(64)

    def test_ends_when_stopped_and_continued(self):
        process, _ = self.open_sink("--bind", "[::1]:0")
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(0, process.wait(20))

    def test_says_what_is_missing(self):
        self.refuses("sink", "--bind", "127.0.0.1:0")
        self.refuses("sink", "--counter", self.folder / "c", "--sockets", 2)


main()
