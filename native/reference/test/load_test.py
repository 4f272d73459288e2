"""load: its measurements of an echo server, in each of its loops."""
import json
import socket
import threading
import time

from programs import ProgramTest, main, ports, run, samples


class LoadTest(ProgramTest):

    def load(self, *arguments):
        done = run("load", "--json", "--seconds", 1, *arguments)
        self.assertEqual(0, done.returncode, done)
        return json.loads(done.stdout)

    def sampled(self, *arguments):
        """Returns the report and the round trips, whose number must be that of the report."""
        path = self.folder / "samples"
        report = self.load("--samples", path, *arguments)
        values = samples(path)
        self.assertEqual(report["samples"], len(values))
        self.assertTrue(all(1000 < value < 5_000_000_000 for value in values))
        return report, values

    def echo(self):
        return self.start("echo_gso", "--bind", "127.0.0.1:0")

    def test_one_outstanding_is_one_sample_a_reply(self):
        process, address = self.echo()
        report, values = self.sampled("--to", address, "--clients", 1, "--window", 1, "--pid", process.pid)
        self.assertLessEqual(abs(report["replies"] - len(values)), 1)
        self.assertLess(sum(values), 1_100_000_000)
        self.assertGreater(report["serverNanos"], 0)

    def test_nothing_is_given_up_that_comes(self):
        _, address = self.echo()
        report = self.load("--to", address)
        # On a busy machine a stall may cost each client one window.
        self.assertLessEqual(max(report["lost"], report["late"]), 16 * 128)

    def test_samples_of_windows_and_offload(self):
        _, address = self.echo()
        report, values = self.sampled("--to", address, "--offload", "--warmup", 1)
        # Replies are counted when they arrive, samples when they are sent: the difference is a window at each end.
        self.assertLessEqual(abs(report["replies"] - len(values)), 16 * 128)

    def test_samples_are_appended(self):
        _, address = self.echo()
        first, _ = self.sampled("--to", address, "--clients", 1, "--window", 1)
        path = self.folder / "samples"
        second = self.load("--to", address, "--clients", 1, "--window", 1, "--samples", path)
        self.assertEqual(first["samples"] + second["samples"], len(samples(path)))

    def test_an_open_loop_keeps_its_rate_over_its_clients(self):
        _, address = self.echo()
        report, values = self.sampled("--to", address, "--clients", 7, "--rate", 5000, "--warmup", 1)
        self.assertLessEqual(abs(report["sent"] - 5000), 500)
        self.assertEqual(5000, len(values) + report["lost"])
        self.assertEqual(0, report["mismatches"])

    def test_bursts_leave_together(self):
        _, address = self.echo()
        report, values = self.sampled("--to", address, "--clients", 2, "--rate", 6400, "--burst", 64, "--offload")
        self.assertEqual(6400, len(values) + report["lost"])
        self.assertGreater(report["datagramsPerMessage"], 30)

    def test_a_stalled_server_shows_in_all_that_was_due_meanwhile(self):
        # Datagrams are due every 5 ms, and the stall is 300 ms long. A load that waits for replies would have only one
        # slow sample.
        self.assertGreater(sum(value > 100_000_000 for value in self.samples_of_a_stall_at(50)), 30)

    def test_replies_after_the_end_count(self):
        self.assertGreater(sum(value > 100_000_000 for value in self.samples_of_a_stall_at(190)), 5)

    def samples_of_a_stall_at(self, stall):
        """Sends 200 datagrams a second. The server stalls for 300 ms at one of them."""
        ended = threading.Event()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(0.05)
            thread = threading.Thread(target=self.serve_with_a_stall, args=(server, stall, ended))
            thread.start()
            try:
                _, values = self.sampled("--to", "127.0.0.1:%d" % server.getsockname()[1], "--clients", 1,
                                         "--rate", 200)
            finally:
                ended.set()
                thread.join(20)
        self.assertEqual(200, len(values))
        return values

    def serve_with_a_stall(self, server, stall, ended):
        count = 0
        while not ended.is_set():
            try:
                data, source = server.recvfrom(65535)
            except TimeoutError:
                continue
            count += 1
            if count == stall:
                time.sleep(0.3)  # the stall itself
            server.sendto(data, source)

    def test_a_rate_that_is_too_high_is_reported(self):
        _, address = self.start("echo_plain", "--bind", "127.0.0.1:0")
        report = self.load("--to", address, "--rate", 50_000_000)
        # All datagrams are behind, sent or not, except those of the first millisecond.
        self.assertGreater(report["behind"], 49_940_000)

    def test_1024_clients(self):
        _, address = self.start("echo_plain", "--mode", "mmsg", "--bind", "127.0.0.1:0")
        report = self.load("--to", address, "--clients", 1024, "--window", 1)
        self.assertGreater(report["replies"], 1024)
        self.assertEqual(0, report["mismatches"])

    def test_many_sockets_all_answer_and_ports_are_picked_evenly(self):
        path = self.folder / "ports"
        process, said = self.start("echo_sockets", "--sockets", 2000, "--ports", path)
        self.assertEqual(("2000 sockets", 2000), (said, len(set(ports(path)))))
        report = self.load("--ports", path, "--clients", 1000, "--window", 1)
        self.assertGreater(report["replies"], 1000)
        # 1,000 clients and 2,000 ports: every second port is used. Nobody answers at the others.
        numbers = ports(path)
        path.write_text("".join(f"{p}\n" for i in range(0, 2000, 2) for p in (numbers[i], 1)))
        report = self.load("--ports", path, "--clients", 1000, "--window", 1)
        self.assertGreater(report["replies"], 1000)

    def test_says_what_is_wrong(self):
        self.refuses("load")
        self.refuses("load", "--to", "127.0.0.1:9", "--ports", self.folder / "ports")
        self.refuses("load", "--to", "127.0.0.1:9", "--rate", 100, "--size", 8)
        self.refuses("load", "--to", "127.0.0.1:9", "--burst", 8)
        self.refuses("echo_sockets", "--sockets", 2)


main()
