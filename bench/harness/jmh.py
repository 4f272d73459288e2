"""The JMH benchmarks of single operations and their C counterparts. The main class in bench/jmh runs both in turn."""
import json
import os
import signal
import subprocess

from machine import BENCH, ROOT
from process import PeerFailed, environment, pin

LIBRARIES = BENCH / "jmh/target/lib"
MOST_SECONDS = 5400


class Jmh:
    def __init__(self, context, workload):
        self.context = context
        self.notes = []

    def begin(self):
        if not LIBRARIES.exists():
            raise PeerFailed("bench/jmh is not built: mvn -q -DskipTests -pl bench/jmh -am package")
        return []

    def open(self, peer):
        return None

    def measure(self, opened, number):
        path = os.path.join(self.context.folder, "jmh.json")
        output = self.run([self.context.java, "--enable-native-access=ALL-UNNAMED",
                           "-cp", f"{BENCH}/jmh/target/classes:{LIBRARIES}/*", "dev.salvo.bench.jmh.Main",
                           "--with-c", "--json", path, *(["--quick"] if self.context.quick else [])])
        self.notes += output.rstrip().splitlines()
        with open(path, encoding="utf-8") as file:
            return {"results": [json.loads(line) for line in file if line.strip()]}

    def run(self, command):
        # JMH starts other JVMs: killing the session ends all of them.
        process = subprocess.Popen([str(w) for w in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   text=True, preexec_fn=pin(self.context.server_core), env=environment(),
                                   start_new_session=True)
        try:
            output, _ = process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            raise PeerFailed(f"JMH took over {MOST_SECONDS} s") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode != 0:
            raise PeerFailed(f"JMH ended with exit code {process.returncode}")
        return output

    def close(self, opened, failed):
        pass

    def finish(self, samples):
        """Returns JMH's output, a table of columns whose blanks the report must keep."""
        return self.notes
