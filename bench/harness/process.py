"""A program that is measured or that measures: it is pinned to a core, paused between its turns, and always ended."""
import ctypes
import os
import resource
import select
import signal
import struct
import subprocess
import tempfile
import time

START_SECONDS = 30
STOP_SECONDS = 5
PR_SET_PDEATHSIG = 1
JVM_OPTIONS = ("SALVO_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")


class PeerFailed(Exception):
    """Raised if the run has to continue without this peer; the message is the reason in one line."""


def pin(core):
    """
    Returns a function to run in the child. The child is pinned to its core, and the kernel kills it when the bench ends,
    even if the bench is killed by SIGKILL.
    """
    libc = ctypes.CDLL(None)
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]

    def prepare():
        os.sched_setaffinity(0, {core})
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return prepare


def environment(**more):
    """Returns the environment of the measured programs: this program's, without options that only some JVMs would use."""
    return {name: value for name, value in os.environ.items() if name not in JVM_OPTIONS} | more


def spawn(command, core, env=None, **more):
    # In a new session, because Ctrl-C must reach only the bench, which then ends its programs.
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, preexec_fn=pin(core),
                            start_new_session=True, env=env or environment(), **more)


class Program:
    """A program that runs until close(). It is paused (SIGSTOP) between its turns, so that it costs the others nothing."""

    def __init__(self, title, command, core, ready=True, env=None):
        self.title = title
        self.errors = tempfile.TemporaryFile()
        self.process = None
        try:
            self.process = spawn(command, core, stdout=subprocess.PIPE if ready else subprocess.DEVNULL,
                                 stderr=self.errors, env=env)
            self.pid = self.process.pid
            self.address = self._await_line() if ready else None
        except BaseException as e:
            self.close()
            if isinstance(e, OSError):
                raise PeerFailed(f"did not start: {e}") from None
            raise

    def _await_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        words = self.process.stdout.readline().decode().split() if ready else []
        if words[:1] not in (["listening"], ["sending"]):
            raise PeerFailed(f"did not start: {self.complaint()}")
        return words[2]

    def complaint(self):
        """Returns the last line that the program printed to stderr, or else how it ended."""
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            pass
        size = self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, size - 4000))
        lines = [line.strip() for line in self.errors.read().decode(errors="replace").splitlines() if line.strip()]
        # The line with a Java exception says more than the last frame of its stack trace.
        telling = [line for line in lines if not line.startswith(("at ", "... ", "WARNING"))]
        code = self.process.poll()
        ended = "it printed nothing" if code is None else f"it ended with {code}"
        return telling[-1][:300] if telling else ended

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def check_alive(self):
        if self.process.poll() is not None:
            raise PeerFailed(f"has ended: {self.complaint()}")

    def resume(self):
        self.check_alive()
        self.process.send_signal(signal.SIGCONT)

    def cpu_seconds(self):
        """Reads the CPU clock of the process (clock_getcpuclockid in glibc: the inverted pid, then CPUCLOCK_SCHED)."""
        try:
            return time.clock_gettime(~self.pid << 3 | 2)
        except OSError:
            raise PeerFailed(f"has ended: {self.complaint()}") from None

    def memory_bytes(self, name="Rss"):
        try:
            with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
                return next(int(line.split()[1]) * 1024 for line in file if line.startswith(f"{name}:"))
        except (OSError, StopIteration):
            raise PeerFailed("its memory cannot be read from /proc/PID/smaps_rollup") from None

    def close(self):
        if self.process is not None:
            if self.process.poll() is None:
                self.process.terminate()
                self.process.send_signal(signal.SIGCONT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
        self.errors.close()


class Counter:
    """Reads the counters of a running program: done and failed, two u64 at the start of a file that the program maps."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name)

    def read(self):
        try:
            with open(self.path, "rb") as file:
                content = file.read(16)
        except FileNotFoundError:
            content = b""
        return struct.unpack("=QQ", content) if len(content) == 16 else (0, 0)


def our_seconds(programs):
    """Returns the CPU time of the given programs, of the child processes that have ended, and of this process."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(p.cpu_seconds() for p in programs) + children.ru_utime + children.ru_stime + time.process_time()
