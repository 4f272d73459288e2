"""micro: every combination works, and its figures are those of the selected half."""
import itertools
import json

from programs import ProgramTest, main, run

SWITCHES = "--gso", "--connected", "--ipv6", "--metadata", "--nocopy"


class MicroTest(ProgramTest):

    def micro(self, *arguments):
        done = run("micro", *arguments)
        self.assertEqual(0, done.returncode, done)
        return json.loads(done.stdout)

    def test_switches_and_sizes(self):
        # Tests each switch alone, and all together. All combinations would take minutes.
        chosen = [()] + [(switch,) for switch in SWITCHES] + [SWITCHES]
        for switches, (batch, size) in zip(itertools.cycle(chosen), [(64, 64), (8, 512), (1, 1200), (64, 1472),
                                                                     (8, 8972), (64, 8972), (64, 1200)]):
            with self.subTest(switches=switches, batch=batch, size=size):
                report = self.micro("receive", "--batch", batch, "--size", size, *switches)
                self.assertEqual((batch, size), (report["batch"], report["size"]))
                for switch in "gso", "connected", "ipv6", "metadata":
                    self.assertEqual("--" + switch in switches, report[switch])
                self.assertEqual(report["receiveNanos"], report["nanos"])
                self.assertGreater(report["datagrams"], batch)
                self.assertEqual(0, report["datagrams"] % 64, "whole rounds")
                self.assertGreater(report["receiveNanos"], 0)

    def test_a_round_is_of_whole_batches(self):
        self.assertEqual(0, self.micro("send", "--batch", 5)["datagrams"] % 60)

    def test_send_tells_of_the_sends(self):
        report = self.micro("send")
        self.assertEqual(report["sendNanos"], report["nanos"])

    def test_decoding(self):
        for what in ("address",), ("address", "--ipv6"), ("encode",), ("decode",):
            with self.subTest(what=what):
                self.assertTrue(0 < self.micro(*what)["nanos"] < 10_000)

    def test_says_what_is_wrong(self):
        self.refuses("micro")
        self.refuses("micro", "send", "receive")
        self.refuses("micro", "send", "--batch", 65)


main()
