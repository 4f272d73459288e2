"""Ratios, tables, bars and arguments: python3 -B -m unittest discover bench/harness"""
import contextlib
import io
import unittest

import arguments
import bars
import pauses
import runner
import stats
import table
from kinds import BYTES, MICROS, show
from peers import BY_KEY, PEERS, missing
from workloads import WORKLOADS, Workload


def entry(key, *samples, **more):
    peer = BY_KEY[key]
    return {"key": key, "title": peer.title, "family": peer.family, "ordinary": peer.ordinary,
            "references": list(peer.references), "dropped": None, "samples": list(samples)} | more


def sample(number, cpu, rate=1000.0, load_core=50.0, **more):
    return {"round": number, "rate": rate, "cpu": cpu, "lost": 0.0, "late": 0.0, "server_core": 90.0,
            "load_core": load_core, "batch": 64.0, "other": 0.0} | more


def document(key, *entries):
    workload = next(w for w in WORKLOADS if w.key == key)
    return {key: {"key": key, "group": workload.group, "kind": workload.kind, "title": workload.title, "notes": [],
                  "peers": {e["key"]: e for e in entries}}}


def judged(documents, key, what):
    return next(b for b in bars.judge_all(documents) if b["workload"] == key and what in b["bar"])


class Ratios(unittest.TestCase):
    def test_pairs_samples_of_one_round_whatever_their_order(self):
        ours, theirs = [sample(1, 100.0), sample(2, 300.0)], [sample(2, 200.0), sample(1, 100.0)]
        self.assertEqual([1.0, 1.5], stats.per_round(ours, "cpu", [theirs]))

    def test_skips_a_round_without_the_other_side(self):
        self.assertEqual([], stats.per_round([sample(1, 100.0)], "cpu", [[sample(2, 100.0)]]))

    def test_takes_the_best_of_each_round(self):
        others = [[sample(1, 50.0, 10), sample(2, 200.0, 40)], [sample(1, 100.0, 20), sample(2, 100.0, 20)]]
        ours = [sample(1, 100.0, 40), sample(2, 100.0, 40)]
        self.assertEqual([2.0, 1.0], stats.per_round(ours, "cpu", others))
        self.assertEqual([2.0, 1.0], stats.per_round(ours, "rate", others, more_is_better=True))

    def test_reference_is_the_nearest_technique_that_was_measured(self):
        peers = {"salvo": entry("salvo", sample(1, 1.0)), "c-gso": entry("c-gso"), "c-mmsg": entry("c-mmsg", sample(1, 1.0))}
        self.assertEqual("c-mmsg", stats.reference(peers["salvo"], peers)["key"])

    def test_a_peer_joined_by_hand_is_no_rival(self):
        peers = {k: entry(k) for k in ("netty", "netty-gso", "salvo-batch", "salvo-poll", "c-mmsg", "twisted")}
        self.assertEqual(["netty", "twisted"], [p["key"] for p in stats.rivals(peers)])


class Bars(unittest.TestCase):
    def test_takes_the_median_of_the_ratios_not_the_ratio_of_the_medians(self):
        salvo = entry("salvo", sample(1, 100.0), sample(2, 500.0), sample(3, 110.0))
        c = entry("c-gso", sample(1, 100.0), sample(2, 500.0), sample(3, 50.0))
        bar = judged(document("echo-64-plain-16", salvo, c), "echo-64-plain-16", "CPU / C")
        self.assertEqual(([1.0, 1.0, 2.2], True), (bar["figures"], bar["met"]))

    def test_missed(self):
        documents = document("echo-64-plain-16", entry("salvo", sample(1, 106.0)), entry("c-gso", sample(1, 100.0)))
        self.assertIs(False, judged(documents, "echo-64-plain-16", "CPU / C")["met"])

    def test_without_samples_nothing_is_claimed(self):
        self.assertEqual({None}, {bar["met"] for bar in bars.judge_all({})})
        self.assertIn(f"not measured: {len(bars.BARS)} bars", table.summary(bars.judge_all({})))

    def test_a_rate_is_compared_with_the_best_of_netty_and_the_jdk(self):
        peers = [entry("salvo", sample(1, 1.0, 1500.0)), entry("netty", sample(1, 1.0, 100.0)),
                 entry("netty-uring", sample(1, 1.0, 101.0)), entry("netty-gso", sample(1, 1.0, 900.0))]
        bar = judged(document("echo-64-offload-16", *peers), "echo-64-offload-16", "replies")
        self.assertAlmostEqual(1500 / 101, bar["figures"][0])
        self.assertFalse(bar["met"])

    def test_a_missed_rate_tells_that_the_load_was_the_limit(self):
        peers = entry("salvo", sample(1, 1.0, 1000.0, load_core=99.0)), entry("netty", sample(1, 1.0, 100.0))
        self.assertIn("the load's core is full", judged(document("echo-64-offload-16", *peers), "echo-64-offload-16", "replies")["note"])

    def test_tells_how_full_the_cores_were_where_servers_should_be_saturated(self):
        peers = entry("salvo", sample(1, 80.0, server_core=83.0)), entry("netty", sample(1, 100.0, server_core=99.0)), \
            entry("jdk", sample(1, 120.0, server_core=97.0))
        bar = judged(document("echo-64-plain-16", *peers), "echo-64-plain-16", "CPU / best of")
        self.assertEqual("Salvo's core was 83 % full, theirs 97 to 99 %; without netty-uring, jdk-blocking", bar["note"])
        self.assertIn("met (Salvo's core was 83 % full", table.summary([bar]))

    def note(self, ours, theirs):
        documents = document("echo-64-plain-16", entry("salvo", ours), entry("c-gso", theirs))
        return judged(documents, "echo-64-plain-16", "CPU / C")["note"]

    def test_an_undisturbed_figure_has_no_note(self):
        self.assertEqual("", self.note(sample(1, 100.0, lost=0.004, other=9.0), sample(1, 100.0, late=0.004)))

    def test_tells_what_was_lost_on_either_side(self):
        self.assertEqual("lost or late: salvo 0.03 %", self.note(sample(1, 100.0, lost=0.01, late=0.02), sample(1, 100.0)))
        self.assertEqual("lost or late: c-gso 2.00 %", self.note(sample(1, 100.0), sample(1, 100.0, lost=2.0)))

    def test_tells_of_other_work(self):
        self.assertEqual("other programs took 30 % of a core", self.note(sample(1, 100.0), sample(1, 100.0, other=30.0)))

    def test_best_of_less_than_all_says_who_was_not_there(self):
        documents = document("echo-64-offload-16", entry("salvo", sample(1, 1.0, 1600.0)), entry("netty", sample(1, 1.0, 100.0)),
                             entry("jdk", dropped="ended"), entry("netty-uring", sample(1, 1.0)), entry("jdk-blocking", sample(1, 1.0)))
        self.assertEqual("without jdk", judged(documents, "echo-64-offload-16", "replies")["note"])

    def test_a_figure_may_be_a_bar_by_itself(self):
        documents = document("startup", entry("salvo", {"round": 1, "millis": 251.0}))
        self.assertFalse(judged(documents, "startup", "ms to the first reply")["met"])
        self.assertTrue(judged(document("gc", entry("salvo", {"round": 1, "bytes": 0.0, "pauses": 0})), "gc", "pauses")["met"])

    def test_of_allocations_and_pauses_the_worst_jvm_is_judged(self):
        jvms = [{"round": n, "bytes": b, "pauses": p} for n, b, p in ((1, 0.0, 0), (2, 0.0, 0), (3, 0.1, 1))]
        for jvm_count, met in ((3, False), (2, True)):
            documents = document("gc", entry("salvo", *jvms[:jvm_count]))
            for what in ("bytes", "pauses"):
                bar = judged(documents, "gc", what)
                self.assertEqual((met, f"the worst of {jvm_count} JVMs is judged"), (bar["met"], bar["note"]))

    def test_each_bar_is_of_a_workload_that_a_quick_run_has_too(self):
        quick = {w.key: w.quick for w in WORKLOADS}
        for bar in bars.BARS:
            self.assertIn("salvo", quick[bar.workload], bar)
            self.assertTrue(not bar.others or set(bar.others) & set(quick[bar.workload]), bar)


class Tables(unittest.TestCase):
    def test_tells_who_was_dropped_and_whom_the_load_held_down(self):
        peers = entry("salvo", sample(1, 10.0, load_core=99.0)), entry("netty", dropped="the load on it hangs")
        text = table.text(document("echo-64-offload-16", *peers)["echo-64-offload-16"])
        self.assertIn("Netty epoll: dropped, the load on it hangs", text)
        self.assertIn("the other core was the limit, not the peer's, for: Salvo", text)

    def test_a_rate_is_not_the_maximum_if_neither_core_was_full(self):
        peers = (entry("salvo", sample(1, 1.0, load_core=40.0)), entry("c-gso", sample(1, 1.0, server_core=99.0)))
        lines = table.remarks(document("echo-64-plain-16", *peers)["echo-64-plain-16"])
        self.assertIn("neither core was full, so the rate is not the maximum, for: Salvo", lines)

    def test_round_trips_tell_a_load_that_was_late_and_what_never_came(self):
        peers = entry("salvo", sample(1, 1.0, behind=0.0)), entry("netty", sample(1, 1.0, behind=0.0), sample(2, 1.0, behind=2.5)), \
            entry("jdk", sample(1, 1.0, lost=0.1, behind=0.0))
        remarks = table.remarks(document("rtt-half", *peers)["rtt-half"])
        self.assertEqual(["JDK DatagramChannel: in its worst round 0.1 % never", "Netty epoll: in its worst round 2.5 % were sent"],
                         sorted(" ".join(r.split()[:n]) for r, n in zip(remarks, (10, 9))))

    def test_tells_which_c_it_is_where_it_is_not_the_one_of_the_same_technique(self):
        peers = [entry(key, {"round": 1, "many": 1.0}) for key in ("jdk", "c-mmsg", "netty", "salvo")]
        self.assertEqual(["/ C is to C recvmmsg/sendmmsg, the nearest that was measured, for: JDK DatagramChannel, Salvo"],
                         table.remarks(document("sockets", *peers)["sockets"]))

    def test_tells_salvos_cpu_against_the_c_that_copies_nothing(self):
        peers = entry("salvo", sample(1, 110.0), sample(2, 300.0)), entry("c-nocopy", sample(1, 100.0), sample(2, 200.0)), \
            entry("netty", sample(1, 1.0))
        self.assertEqual(["Salvo: CPU / C GRO/GSO, uncopied 1.30 (1.10..1.50)"],
                         [r for r in table.remarks(document("echo-64-plain-16", *peers)["echo-64-plain-16"]) if r.startswith("Salvo: CPU")])

    def test_says_nothing_of_the_c_of_the_same_technique(self):
        peers = entry("salvo", sample(1, 1.0, server_core=99.0)), entry("c-gso", sample(1, 1.0, server_core=99.0)), entry("twisted")
        self.assertEqual([], table.remarks(document("echo-64-plain-16", *peers)["echo-64-plain-16"]))

    def test_units(self):
        self.assertEqual(("1.5 KiB", "-512.0 B", "0.0 B", "1.5 µs", "-"),
                         (show(1536, BYTES), show(-512, BYTES), show(0, BYTES), show(1500, MICROS), show(None, MICROS)))


class Arguments(unittest.TestCase):
    def refused(self, *words):
        with contextlib.redirect_stderr(io.StringIO()) as errors, self.assertRaises(SystemExit) as end:
            arguments.parse(words)
        self.assertEqual(2, end.exception.code)
        return errors.getvalue().splitlines()[-1]

    def test_only_takes_workloads_groups_and_peers(self):
        options = arguments.parse(["--only", "source,rtt-1,salvo,c-gso"])
        self.assertEqual(["source-64", "source-1200", "rtt-1"], [w.key for w in options.workloads])
        self.assertEqual(["salvo", "c-gso"], [p.key for p in options.peers])

    def test_only_with_peers_alone_means_all_workloads_of_the_table(self):
        self.assertEqual([w.key for w in WORKLOADS if w.by_default],
                         [w.key for w in arguments.parse(["--only", "salvo"]).workloads])

    def test_refuses(self):
        for words, part in ((("--only", "nosuch"), "unknown: nosuch"), (("--only", ","), "unknown: nothing"),
                            (("--rounds", "0"), "whole number"), (("--rounds", "2.5"), "whole number"),
                            (("--seconds", "nan"), "number of seconds"), (("--from", "x", "--quick"), "--from goes"),
                            (("extra",), "unrecognized")):
            self.assertIn(part, self.refused(*words))

    def test_quick_is_estimated_under_three_minutes_and_all_under_an_hour(self):
        for words, minutes in ((["--quick"], 3), ([], 60)):
            o = arguments.parse(words)
            plan = runner.Plan(o.workloads, o.peers, o.rounds, o.seconds, o.warmup, o.quick)
            self.assertLess(plan.estimate(False), 60 * minutes)


class Parts(unittest.TestCase):
    def test_a_window_fits_into_the_receive_buffer_and_is_of_whole_messages(self):
        for w in WORKLOADS:
            self.assertLessEqual(w.clients * w.window * w.size, 8 << 20, w)
        self.assertEqual((64, 1024, 54), tuple(Workload("", "", "echo", "", (), size=size, clients=clients, offload=True).window
                                               for size, clients in ((64, 16), (64, 1), (1200, 16))))

    def test_missing_peers_are_printed_with_their_reason(self):
        self.assertEqual({"c-gso": "no gcc", "salvo": "no JDK"},
                         missing([BY_KEY["c-gso"], BY_KEY["salvo"]], {"c": "no gcc", "java": "no JDK"}))

    def test_every_peer_of_a_workload_exists(self):
        self.assertEqual(set(), {k for w in WORKLOADS for k in w.peers + w.quick} - {p.key for p in PEERS})

    def test_one_jvm_gets_100_million_datagrams_and_five_5_million(self):
        gc = next(w for w in WORKLOADS if w.key == "gc")
        for words, expected in ((["--only", "gc"], [100] + [5] * 5), (["--quick"], [5, 5]), (["--rounds", "1"], [100])):
            o = arguments.parse(words)
            rounds = runner.Plan(o.workloads, o.peers, o.rounds, o.seconds, o.warmup, o.quick).rounds_of(gc)
            self.assertEqual(expected, [pauses.wanted(n, o.quick) / 1e6 for n in range(1, rounds + 1)])

    def test_pauses_of_a_log_and_allocations_of_a_thread_dump(self):
        self.assertEqual([1.25], pauses.pauses("[0.1s] Using Serial\n[1.2s] GC(0) Pause Young (Allocation Failure) 15M->2M(61M) 1.250ms\n"))
        dump = '"main" #3 [15762] prio=5 cpu=1.80ms elapsed=2.29s allocated=2K defined_classes=1467 tid=0x0\n' \
               '"Attach Listener" #20 daemon cpu=0.50ms allocated=9M defined_classes=0 tid=0x0\n"GC Thread#0" os_prio=0 cpu=1ms\n'
        self.assertEqual(2048, pauses.allocated(dump))


if __name__ == "__main__":
    unittest.main()
