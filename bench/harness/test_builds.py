"""Builds end with the bench, and use the documented options."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import builds
import process
from context import Context


def runs(pid):
    """Returns whether a process runs. A zombie, which nobody has waited for yet, does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Sessions(unittest.TestCase):
    def test_what_a_build_has_started_ends_with_it(self):
        """Like a compiler that make has started: it gets no signal when its parent ends, and nobody waits for it."""
        with self.assertRaises(subprocess.TimeoutExpired) as caught:
            builds.run_session(["sh", "-c", "sleep 30 & echo $!; wait"], 0.3)
        child = int(caught.exception.stdout)
        for _ in range(100):
            if not runs(child):
                return
            subprocess.run(["sleep", "0.01"], check=True)
        self.fail(f"{child} runs on")

    def test_both_outputs_and_the_code_come_back(self):
        done = builds.run_session(["sh", "-c", "echo out; echo err >&2; exit 3"], 10)
        self.assertEqual(("out\n", "err\n", 3), (done.stdout, done.stderr, done.returncode))


class Cores(unittest.TestCase):
    CORE = min(os.sched_getaffinity(0))
    ASK = "import os; print(len(os.sched_getaffinity(0)))"

    def test_the_bench_is_on_the_loads_core_while_it_measures(self):
        before = os.sched_getaffinity(0)
        with Context((max(before), self.CORE), None, 1, 1, False):
            self.assertEqual({self.CORE}, os.sched_getaffinity(0))
        self.assertEqual(before, os.sched_getaffinity(0))

    def test_a_build_meanwhile_has_all_cores_and_a_peer_its_own(self):
        other = max(os.sched_getaffinity(0))
        with Context((other, self.CORE), None, 1, 1, False):
            self.assertEqual(f"{len(builds.ALL_CORES)}\n", builds.run_session([sys.executable, "-c", self.ASK], 10).stdout)
            with process.spawn([sys.executable, "-c", self.ASK.replace("len(", "(")], other, stdout=subprocess.PIPE) as peer:
                self.assertEqual(f"{{{other}}}\n".encode(), peer.stdout.read())


class ReferencePrograms(unittest.TestCase):
    def test_are_configured_for_release_each_time(self):
        commands = []
        with mock.patch.object(builds, "run_build", lambda what, command: commands.append(command)), \
                mock.patch.object(builds, "need"):
            builds.build_c()
        self.assertEqual(["-DCMAKE_BUILD_TYPE=Release"], commands[0][5:])
        self.assertEqual("--build", commands[1][1])

    def test_compiler_and_flags_are_those_of_the_build(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.assertEqual((None, None), builds.c_compiler(folder))
            (folder / "CMakeFiles/echo_gso.dir").mkdir(parents=True)
            (folder / "CMakeFiles/echo_gso.dir/flags.make").write_text("# compile C with cc\nC_DEFINES = \n\nC_FLAGS = -O2 -std=c11\n")
            (folder / "CMakeCache.txt").write_text("//A compiler\nCMAKE_C_COMPILER:FILEPATH=/usr/bin/printf\n")
            compiler, flags = builds.c_compiler(folder)
            self.assertEqual("-O2 -std=c11", flags)
            self.assertTrue(compiler.startswith("printf"), compiler)


if __name__ == "__main__":
    unittest.main()
