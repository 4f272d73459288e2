"""python3 -m unittest discover bench/echo"""
import unittest

import report
from measure import Sample


def sample(number, cpu, replies=1000.0, load_core=50.0):
    return Sample(round=number, replies=replies, cpu=cpu, lost=0.0, late=0.0, server_core=99.0,
                  load_core=load_core, batch=64.0, other=0.0)


class Ratios(unittest.TestCase):
    def test_pairs_samples_of_one_round_whatever_their_order(self):
        salvo = [sample(1, 100.0), sample(2, 300.0)]
        c = [sample(2, 200.0), sample(1, 100.0)]
        self.assertEqual([1.0, 1.5], report.per_round(salvo, c, lambda s: s.cpu))

    def test_skips_a_round_without_the_other_side(self):
        self.assertEqual([], report.per_round([sample(1, 100.0)], [sample(2, 100.0)], lambda s: s.cpu))

    def test_bar_takes_the_median_of_the_ratios_not_the_ratio_of_the_medians(self):
        salvo = [sample(1, 100.0), sample(2, 500.0), sample(3, 110.0)]
        c = [sample(1, 100.0), sample(2, 500.0), sample(3, 50.0)]
        bar = next(iter(report.bars({"64-offload": {"salvo": salvo, "c-gso": c}})))
        self.assertEqual(([1.0, 1.0, 2.2], True), (bar["ratios"], bar["met"]))

    def test_bar_is_missed(self):
        bar = next(iter(report.bars({"64-offload": {"salvo": [sample(1, 120.0)], "c-gso": [sample(1, 100.0)]}})))
        self.assertFalse(bar["met"])

    def test_bar_without_its_samples_is_not_measured(self):
        self.assertEqual({None}, {bar["met"] for bar in report.bars({})})

    def test_missed_reply_bar_tells_a_full_load_generator(self):
        results = {"salvo": [sample(1, 100.0, load_core=99.0)], "netty": [sample(1, 4000.0)]}
        notes = [bar["note"] for bar in report.bars({"64-offload": results}) if "replies" in bar["bar"]]
        self.assertIn("load generator", notes[0])


if __name__ == "__main__":
    unittest.main()
