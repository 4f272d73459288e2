"""The charts and the report, from made-up figures."""
import contextlib
import io
import json
import os
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from importlib import util
from pathlib import Path

import charts
import page
from bars import judge_all
from kinds import KINDS
from test_harness import document, entry, sample

SVG = "{http://www.w3.org/2000/svg}"


def whole(*entries):
    workloads = document("echo-64-plain-16", *entries)
    machine = {"cpu": "a <processor>", "kernel": "6", "oneCoreTwice": False, "loadAverage": [0.5, 0.25, 0.1]}
    return {"version": 1, "machine": machine, "missing": {"twisted": "no python3 here"}, "workloads": workloads,
            "bars": judge_all(workloads),
            "settings": {"rounds": 2, "seconds": 1.0, "warmup": 0.3, "quick": False, "started": "then", "ended": "later"}}


def chart_of(*entries):
    workload = document("echo-64-plain-16", *entries)["echo-64-plain-16"]
    return ElementTree.fromstring(charts.draw(workload, KINDS["echo"].charts[1], alone=True))


class Charts(unittest.TestCase):
    def test_the_best_is_first_and_lengths_are_to_scale(self):
        svg = chart_of(entry("netty", sample(1, 200.0)), entry("salvo", sample(1, 100.0)))
        bars = [r for r in svg.iter(f"{SVG}rect") if r.get("class") != "paper"]
        self.assertEqual(["salvo", "netty"], [r.get("class") for r in bars])
        self.assertAlmostEqual(2, float(bars[1].get("width")) / float(bars[0].get("width")), 2)

    def test_whiskers_only_of_more_than_one_round(self):
        svg = chart_of(entry("netty", sample(1, 200.0)), entry("salvo", sample(1, 100.0), sample(2, 150.0)))
        self.assertEqual(1, sum(p.get("class") == "whisker" for p in svg.iter(f"{SVG}path")))

    def test_a_bar_far_beyond_the_others_is_truncated_and_keeps_its_figure(self):
        svg = chart_of(entry("salvo", sample(1, 100.0)), entry("netty", sample(1, 110.0)), entry("twisted", sample(1, 9000.0)))
        self.assertEqual(1, sum(p.get("class") == "cut" for p in svg.iter(f"{SVG}path")))
        self.assertIn("9,000", [t.text for t in svg.iter(f"{SVG}text")])
        self.assertTrue(all(float(r.get("width")) <= charts.WIDTH for r in svg.iter(f"{SVG}rect")))

    def test_a_file_has_its_own_style_for_light_and_dark(self):
        self.assertIn("prefers-color-scheme:dark", chart_of(entry("salvo", sample(1, 1.0))).find(f"{SVG}style").text)

    def test_nothing_measured_is_no_chart(self):
        workload = document("echo-64-plain-16", entry("salvo"))["echo-64-plain-16"]
        self.assertEqual([], list(charts.of(workload)))


class Page(unittest.TestCase):
    def test_stands_alone_and_is_escaped(self):
        html = page.render(whole(entry("salvo", sample(1, 100.0)), entry("netty", dropped="<b>fell</b>")))
        self.assertNotIn("<script", html)
        self.assertNotIn("src=", html)
        self.assertNotIn("<processor>", html)
        self.assertIn("a &lt;processor&gt;", html)
        self.assertIn("&lt;b&gt;fell", html)
        self.assertIn("Without twisted: no python3 here", html)

    def test_has_every_bar_with_its_verdict(self):
        html = page.render(whole(entry("salvo", sample(1, 100.0)), entry("c-gso", sample(1, 99.0))))
        self.assertEqual(1, html.count('class="met"'))
        self.assertIn("not measured", html)

    def test_an_unknown_kind_is_described_by_its_notes(self):
        content = whole()
        content["workloads"]["jmh"] = {"key": "jmh", "group": "jmh", "kind": "jmh", "title": "JMH", "peers": {}, "notes": ["a line"]}
        self.assertIn("a line", page.render(content))


class From(unittest.TestCase):
    """The program itself, with an earlier JSON file."""

    def run_main(self, *words):
        spec = util.spec_from_file_location("bench_main", Path(__file__).with_name("__main__.py"))
        main = util.module_from_spec(spec)
        spec.loader.exec_module(main)
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
            code = main.main(list(words))
        return code, out.getvalue(), errors.getvalue()

    def test_makes_report_and_charts_without_measuring(self):
        with tempfile.TemporaryDirectory() as folder:
            source, report, images = (os.path.join(folder, name) for name in ("a.json", "a.html", "img"))
            Path(source).write_text(json.dumps(whole(entry("salvo", sample(1, 100.0)))), encoding="utf-8")
            code, out, _ = self.run_main("--from", source, "--html", report, "--charts", images)
            self.assertEqual(0, code)
            self.assertIn("Echo, 64 bytes, plain, 16 clients", out)
            self.assertEqual(["echo-64-plain-16-cpu.svg", "echo-64-plain-16-rate.svg"], sorted(os.listdir(images)))
            self.assertTrue(Path(report).read_text(encoding="utf-8").startswith("<!DOCTYPE html>"))

    def test_refuses_at_once_what_can_not_be_written(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "a-file")
            Path(file).touch()
            for words in (("--charts", file), ("--charts", f"{file}/below"), ("--html", f"{folder}/none/a.html"), ("--html", folder)):
                code, _, errors = self.run_main("--from", "nothing.json", *words)
                self.assertEqual(3, code)
                self.assertIn("be written", errors)

    def test_folders_of_charts_are_made(self):
        with tempfile.TemporaryDirectory() as folder:
            source, images = os.path.join(folder, "a.json"), os.path.join(folder, "a/b")
            Path(source).write_text(json.dumps(whole(entry("salvo", sample(1, 100.0)))), encoding="utf-8")
            self.assertEqual(0, self.run_main("--from", source, "--charts", images)[0])
            self.assertEqual(2, len(os.listdir(images)))

    def test_refuses_what_is_no_json_of_the_bench(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "b.json")
            without = [{k: v for k, v in whole(entry("salvo", sample(1, 100.0))).items() if k != gone}
                       for gone in ("machine", "missing", "settings", "workloads")]
            odd = [whole() | {"machine": []}, whole() | {"workloads": {"x": 1}}, whole() | {"version": 2}]
            for content in ("{", "[]", *map(json.dumps, without + odd)):
                Path(path).write_text(content, encoding="utf-8")
                code, _, errors = self.run_main("--from", path)
                self.assertEqual(3, code)
                self.assertIn("salvo bench: ", errors)
                self.assertNotIn("Traceback", errors)


if __name__ == "__main__":
    unittest.main()
