"""Every JVM starts with the options of the table, and from a cache that fits."""
import os
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import process
import startup
from machine import ROOT
from peers import BY_KEY
from process import PeerFailed


class Environment(unittest.TestCase):
    def test_options_that_only_some_jvms_would_get_reach_none(self):
        with mock.patch.dict(os.environ, {name: "-Xint" for name in process.JVM_OPTIONS} | {"KEPT": "yes"}):
            words = "".join(f"${{{name}:-}}" for name in process.JVM_OPTIONS)
            program = process.Program("sh", ["sh", "-c", f'echo "listening on $KEPT{words}"; exec sleep 9'], 0)
            address = program.address
            program.close()
        self.assertEqual("yes", address)

    def test_salvo_starts_in_the_jdk_of_the_others(self):
        seen = []
        context = types.SimpleNamespace(java="/opt/a-jdk/bin/java")
        with mock.patch.object(startup, "launch", lambda env, *words: seen.append(env)):
            _, command, env = startup.Startup(context, None).open(BY_KEY["salvo"])
        self.assertEqual(["/opt/a-jdk"] * 3, [e["SALVO_JAVA_HOME"] for e in [env, *seen]])
        self.assertEqual([ROOT / "salvo", "echo", "--bind", "x"], command("x"))

    def test_salvo_without_a_cache_that_fits_is_not_measured(self):
        def launch(env, *words):
            if "SALVO_JAVA_OPTS" in env:
                raise PeerFailed("an error occurred while loading the AOT cache")
        with mock.patch.object(startup, "launch", launch), self.assertRaisesRegex(PeerFailed, "does not fit this JDK"):
            startup.build_command({})


class NettysCache(unittest.TestCase):
    def setUp(self):
        self.bench = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.bench / "target").mkdir()
        self.cache = self.bench / "target/netty-aot.aot"
        self.enterContext(mock.patch.object(startup, "BENCH", self.bench))
        self.startup = startup.Startup(types.SimpleNamespace(java="java", server_core=0), None)
        self.made = []

    def options(self, *complaints):
        with mock.patch.object(self.startup, "make_cache", lambda peer, cache: self.made.append(cache)), \
                mock.patch.object(self.startup, "complaint", mock.Mock(side_effect=complaints)):
            return self.startup.with_cache(BY_KEY["netty-aot"])

    def test_is_kept_while_it_fits_and_is_required(self):
        self.cache.touch()
        self.assertIn("-XX:AOTMode=on", self.options(None))
        self.assertEqual([], self.made)

    def test_of_another_jdk_or_class_path_is_made_anew(self):
        self.cache.touch()
        self.options("it ended with 1", None)
        self.assertEqual([self.cache], self.made)

    def test_older_than_the_classes_is_made_anew(self):
        self.cache.touch()
        os.utime(self.cache, (1, 1))
        self.options(None)
        self.assertEqual([self.cache], self.made)

    def test_that_never_fits_drops_the_peer(self):
        with self.assertRaisesRegex(PeerFailed, "does not fit: it ended with 1"):
            self.options("it ended with 1")


class AsSalvos(unittest.TestCase):
    def test_training_and_options_are_those_of_salvos_cache_and_launcher(self):
        maker = (ROOT / "java/cli/src/main/aot/AotCache.java").read_text(encoding="utf-8")
        launcher = (ROOT / "salvo").read_text(encoding="utf-8")
        self.assertIn(f"ROUND_TRIPS = {startup.ROUND_TRIPS};", maker)
        for option in startup.TRAINING_OPTIONS:
            self.assertIn(f'"{option}"', maker)
        for option in startup.CACHE_OPTIONS[:2]:
            self.assertIn(option, launcher)

    def test_the_plain_row_has_the_jvms_defaults(self):
        command = startup.Startup(types.SimpleNamespace(java="java"), None).command(BY_KEY["netty"], "127.0.0.1:0", ())
        self.assertFalse([word for word in command if str(word).startswith("-XX")])


if __name__ == "__main__":
    unittest.main()
