"""The order in which peers are opened, measured and closed. The remaining time is estimated from the same steps."""
import contextlib
import io
import types
import unittest
from unittest import mock

import arguments
import echo
import runner
import special
from peers import BY_KEY, PEERS
from process import PeerFailed
from workloads import WORKLOADS


class Recorder:
    """A measurement that only records the calls."""

    def __init__(self, failing=()):
        self.events, self.failing = [], failing

    def __call__(self, context, workload):
        return self

    def tell(self, what, key):
        self.events.append(f"{what} {key}")
        if f"{what} {key}" in self.failing:
            raise PeerFailed("on purpose")

    def begin(self):
        return []

    def open(self, peer):
        self.tell("open", peer.key)
        return peer

    def warm(self, opened, seconds):
        self.tell("warm", opened.key)

    def measure(self, opened, number):
        self.tell(str(number), opened.key)
        return {"few": 1.0}

    def close(self, opened, failed):
        self.tell("close", opened.key)

    def finish(self, samples):
        self.tell("finish", ",".join(f"{k}:{len(s)}" for k, s in samples.items()))


class Rounds(unittest.TestCase):
    def run_kind(self, key, recorder):
        workload = next(w for w in WORKLOADS if w.key == key)
        self.plan = runner.Plan([workload], [BY_KEY["jdk"], BY_KEY["c-mmsg"]], 2, 0.3, 0.1, False)
        self.progress = runner.Progress(self.plan.estimate(True))
        with mock.patch.dict(runner.MEASURES, {workload.kind: recorder}), contextlib.redirect_stderr(io.StringIO()):
            self.document = runner.new_document(workload, self.plan.peers_of(workload, True))
            runner.run_workload(None, self.plan, workload, self.document, self.progress)
        return recorder.events

    def test_peers_take_turns_to_and_fro(self):
        self.assertEqual(["open jdk", "warm jdk", "open c-mmsg", "1 jdk", "1 c-mmsg", "2 c-mmsg", "2 jdk", "close jdk",
                          "close c-mmsg", "finish jdk:2,c-mmsg:2"], self.run_kind("echo-64-plain-16", Recorder()))

    def test_of_sockets_a_peer_is_closed_before_the_next_one_opens(self):
        self.assertEqual(["open jdk", "warm jdk", "1 jdk", "2 jdk", "close jdk", "open c-mmsg", "1 c-mmsg", "2 c-mmsg",
                          "close c-mmsg", "finish jdk:2,c-mmsg:2"], self.run_kind("sockets", Recorder()))

    def test_the_next_peer_comes_after_one_that_failed(self):
        self.assertEqual(["open jdk", "warm jdk", "1 jdk", "close jdk", "open c-mmsg", "1 c-mmsg", "2 c-mmsg", "close c-mmsg",
                          "finish jdk:0,c-mmsg:2"], self.run_kind("sockets", Recorder(["1 jdk"])))

    def test_the_printed_steps_add_up_to_the_estimate(self):
        for key in ("sockets", "echo-64-plain-16"):
            self.run_kind(key, Recorder())
            self.assertAlmostEqual(self.progress.total, self.progress.done)


class FewAndMany(unittest.TestCase):
    def test_take_turns_in_reverse_order_in_every_second_round(self):
        context = types.SimpleNamespace(cores=(0, 1), seconds=1, warmup=0)
        servers = [(types.SimpleNamespace(cpu_seconds=lambda: 0.0, name=name), "ports", memory, 0)
                   for name, memory in (("few", 0), ("many", 999_000))]
        measure, order = special.Sockets(context, None), []

        def run(server, ports, seconds, warmup):
            order.append(server.name)
            return {"serverNanos": 100.0 if server.name == "few" else 110.0}
        with mock.patch.object(measure, "run", run):
            samples = [measure.measure((None, servers), number) for number in (1, 2)]
        self.assertEqual(["few", "many", "many", "few"], order)
        for sample in samples:
            self.assertEqual((100.0, 110.0, 1.1, 100.0), tuple(sample[k] for k in ("few", "many", "slowdown", "process")))


class Options(unittest.TestCase):
    KEYS = {"salvo-poll", "salvo-gather", "salvo-128", "jdk-on-salvo", "jdk-turn-on-salvo", "jdk-socket-on-salvo",
            "netty-nio-on-salvo"}

    def test_are_measured_but_neither_in_a_quick_run_nor_anybodys_rival(self):
        self.assertEqual(self.KEYS, {p.key for p in PEERS if p.family == "salvo" and not p.ordinary})
        for key in self.KEYS:
            self.assertTrue([w for w in WORKLOADS if key in w.peers], key)
            self.assertFalse([w for w in WORKLOADS if key in w.quick], key)

    def test_are_given_to_the_peer(self):
        words = [BY_KEY[k].command("echo", [], "java")[-2:] for k in ("salvo-poll", "salvo-gather", "salvo-128")]
        self.assertEqual([["--busy-poll", "20"], ["--gather", "200"], ["--max-segments", "128"]], words)

    def test_a_rate_that_is_fixed_is_the_loads(self):
        workload = next(w for w in WORKLOADS if w.rate)
        measure = echo.RoundTrip(types.SimpleNamespace(folder="/nowhere"), workload)
        measure.begin()
        self.assertEqual(["--rate", workload.rate], measure.more(BY_KEY["salvo"], 1)[2:])


class Reports(unittest.TestCase):
    def test_shares_are_of_what_was_sent(self):
        report = {"sent": 200, "lost": 6, "late": 2, "behind": 1, "repliesPerSecond": 1.0, "serverNanos": 1.0, "serverPercent": 1.0,
                  "loadPercent": 1.0, "datagramsPerMessage": 1.0}
        sample = echo.to_sample(report)
        self.assertEqual((2.0, 1.0, 0.5), (sample["lost"], sample["late"], sample["behind"]))


class Starved(unittest.TestCase):
    """A load that received no reply in its time."""

    def run_load(self, *ends, alive=True):
        server = types.SimpleNamespace(address="127.0.0.1:1", pid=1, check_alive=mock.Mock(
            side_effect=None if alive else PeerFailed("has ended")))
        with mock.patch.object(echo, "start_load"), mock.patch.object(echo, "finish_load", side_effect=ends) as finish:
            try:
                return echo.run_load(None, server, WORKLOADS[0], 1, 0), finish.call_count
            except PeerFailed as e:
                return str(e), finish.call_count

    def test_runs_once_more(self):
        self.assertEqual(("report", 2), self.run_load(PeerFailed("load: no reply came"), "report"))

    def test_and_no_more(self):
        self.assertEqual(("load: no reply came", 2), self.run_load(*[PeerFailed("load: no reply came")] * 3))

    def test_any_other_failure_is_one(self):
        self.assertEqual(("replies differ from what was sent", 1),
                         self.run_load(PeerFailed("replies differ from what was sent"), "report"))
        self.assertEqual(("has ended", 1), self.run_load(PeerFailed("load: no reply came"), "report", alive=False))


class Estimate(unittest.TestCase):
    def test_counts_the_sockets_of_each_peer_that_are_opened(self):
        options = arguments.parse(["--only", "sockets"])
        plan = runner.Plan(options.workloads, options.peers, 1, 1.0, 0.2, False)
        self.assertGreater(plan.estimate(False), 3 * (runner.OPENING_SECONDS + 2 * runner.SOCKETS_WARMING_SECONDS))


if __name__ == "__main__":
    unittest.main()
