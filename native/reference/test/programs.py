"""Starts the C programs for the tests, and always ends them."""
import re
import resource
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

FOLDER = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else None
SECONDS = 20
# As low as the usual limit or lower, so that a program that needs more descriptors has to raise it.
resource.setrlimit(resource.RLIMIT_NOFILE, (512, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
STARTED = ("listening on ", "sending to ")


def run(program, *arguments):
    """Runs a program that ends by itself, and returns its result."""
    command = [FOLDER / program, *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)


def wait_for(what, condition):
    """Waits until the condition is true. The test fails if that takes too long."""
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {SECONDS} s: {what}")
        select.select([], [], [], 0.005)


class ProgramTest(unittest.TestCase):
    """A test with a temporary folder, which ends its programs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, program, *arguments):
        """Starts a program. Returns the process and the rest of its first line after "listening on" or "sending to"."""
        process = subprocess.Popen([FOLDER / program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        if not select.select([process.stdout], [], [], SECONDS)[0]:
            self.fail(f"{program} printed nothing")
        line = process.stdout.readline()
        self.assertTrue(line.startswith(STARTED), line)
        return process, line.split(" ", 2)[2].strip()

    def totals(self, process, direction):
        """Ends a program by SIGTERM, as the harness does. Returns its printed datagrams and messages "in" or "out"."""
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((0, ""), (process.returncode, err))
        return tuple(int(number) for number in re.findall(rf"\b{direction} (\d+)", out))

    def end(self, process):
        process.kill()
        process.communicate()

    def refuses(self, program, *arguments):
        done = run(program, *arguments)
        self.assertEqual(2, done.returncode, done)
        self.assertIn("--help", done.stderr)


def counter(path):
    """Returns the counters (done, failed)."""
    data = path.read_bytes()
    return struct.unpack("=QQ", data)


def ports(path):
    return [int(line) for line in path.read_text().splitlines()]


def samples(path):
    data = path.read_bytes()
    return struct.unpack(f"={len(data) // 8}Q", data)


main = unittest.main
