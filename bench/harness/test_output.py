"""The files that a run writes, however it ends."""
import contextlib
import io
import json
import os
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import output
import runner
from peers import BY_KEY
from test_report import whole
from workloads import WORKLOADS


class Fake:
    """An echo measurement that ends the run at a given point."""

    def __init__(self, at=None, end=None):
        self.at, self.end, self.count = at, end, 0

    def __call__(self, context, workload):
        return self

    def begin(self):
        return []

    def open(self, peer):
        return peer

    def measure(self, opened, number):
        self.count += 1
        if self.count == self.at:
            raise self.end
        return {"rate": 1.0, "cpu": 100.0, "lost": 0.0, "late": 0.0}

    def warm(self, opened, seconds):
        pass

    def close(self, opened, failed):
        pass

    def finish(self, samples):
        pass


class Files(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.json, self.html = os.path.join(folder, "a.json"), os.path.join(folder, "a.html")
        self.options = types.SimpleNamespace(json=self.json, html=self.html, charts=None, rounds=2, seconds=1.0, warmup=0.1,
                                             quick=False)

    def run_two(self, fake):
        """Two workloads of one peer, two rounds each."""
        workloads = [w for w in WORKLOADS if w.key in ("echo-64-offload-16", "echo-64-plain-16")]
        plan = runner.Plan(workloads, [BY_KEY["c-gso"]], 2, 1.0, 0.1, False)
        record = output.Record(self.options)
        record.about = whole()["machine"]
        with mock.patch.dict(runner.MEASURES, {"echo": fake}), contextlib.redirect_stderr(io.StringIO()), \
                contextlib.redirect_stdout(io.StringIO()), record:
            runner.run(None, plan, True, runner.Progress(1), record)
        return record

    def samples(self):
        document = json.loads(Path(self.json).read_text(encoding="utf-8"))
        return document["settings"]["complete"], [len(w["peers"]["c-gso"]["samples"]) for w in document["workloads"].values()]

    def test_json_and_report_are_there_at_the_end(self):
        self.run_two(Fake())
        self.assertEqual((True, [2, 2]), self.samples())
        self.assertNotIn("ended before", Path(self.html).read_text(encoding="utf-8"))

    def test_what_ends_a_run_in_the_middle_keeps_the_rounds_that_were(self):
        for end in (SystemExit(130), ZeroDivisionError()):
            with self.assertRaises(type(end)):
                self.run_two(Fake(4, end))
            self.assertEqual((False, [2, 1]), self.samples())
            self.assertIn("ended before", Path(self.html).read_text(encoding="utf-8"))
            os.unlink(self.json)

    def test_the_json_is_written_after_each_workload(self):
        seen, keep = [], output.Record.keep

        def kept(record):
            keep(record)
            seen.append(self.samples())
        with mock.patch.object(output.Record, "keep", kept):
            self.run_two(Fake())
        self.assertEqual([(False, [2]), (False, [2, 2])], seen)

    def test_a_report_that_fails_does_not_hide_what_ended_the_run(self):
        with self.assertRaises(SystemExit), mock.patch("page.render", side_effect=KeyError("machine")):
            self.run_two(Fake(2, SystemExit(143)))
        self.assertEqual((False, [1]), self.samples())

    def test_nothing_measured_is_no_file(self):
        record = output.Record(self.options)
        with self.assertRaises(SystemExit), record:
            raise SystemExit(130)
        self.assertEqual(([], False), (record.written, os.path.exists(self.json)))

    def test_a_file_that_cannot_be_made_whole_stays_as_it_was(self):
        Path(self.json).write_text("before", encoding="utf-8")
        with self.assertRaises(UnicodeEncodeError):
            output.write_text(self.json, "half\udc80")
        self.assertEqual(("before", ["a.json"]), (Path(self.json).read_text(), os.listdir(os.path.dirname(self.json))))

    def test_a_device_stays_one(self):
        output.write_text("/dev/null", "text")
        self.assertFalse(output.is_replaced("/dev/null"))
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))


if __name__ == "__main__":
    unittest.main()
