"""Measures the time from the start of a process to its first reply."""
import os
import random
import socket
import subprocess
import time
from pathlib import Path

from builds import BUILD_SECONDS, run_session
from context import Meter
from machine import BENCH, ROOT
from process import PeerFailed, Program, environment

START_SECONDS = 30
AOT_SECONDS = 120
# The same as AotCache.java in java/cli/src/main/aot uses to train Salvo's cache, and as ./salvo uses to start from it. But
# here a cache that does not fit is an error and is not ignored.
ROUND_TRIPS = 2000
TRAINING_OPTIONS = ("-XX:+UseSerialGC", "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining")
CACHE_OPTIONS = ("-XX:+UseSerialGC", "-XX:CompileThresholdScaling=3", "-XX:AOTMode=on")


class Startup:
    """Each measurement starts a process and ends it, so nothing runs between the rounds."""

    def __init__(self, context, workload):
        self.context, self.workload = context, workload

    def begin(self):
        return ["Launcher, JVM and JIT share one core, as in all measurements.",
                "netty-aot is Netty with an AOT cache that is made and used like Salvo's: the same training, the serial collector,"
                " and a JIT that compiles after three times as many calls. Netty and the JDK use the JVM's defaults."]

    def open(self, peer):
        if "start-command" in peer.roles:
            # Salvo uses the JDK of the other peers, even if the launcher would find another one.
            env = environment(SALVO_JAVA_HOME=str(Path(self.context.java).parents[1]))
            build_command(env)
            return peer, lambda bind: [ROOT / "salvo", "echo", "--bind", bind], env
        role = next((r for r in peer.roles if r.startswith("start")), "echo")
        options = self.with_cache(peer) if role == "start-aot" else ()
        return peer, lambda bind: self.command(peer, bind, options), None

    def command(self, peer, bind, options):
        command = peer.command("start" if peer.family == "c" else "echo", ["--bind", bind], self.context.java)
        if peer.is_java and options:
            # An AOT cache requires a class path of jars without folders.
            jar = next(BENCH.glob("target/salvo-bench-*.jar"), None)
            if not jar:
                raise PeerFailed("bench/target has no jar, which the AOT cache needs")
            at = command.index("-cp")
            command[at + 1] = f"{jar}:{BENCH}/target/lib/*"
            command[1:1] = options
        return command

    def with_cache(self, peer):
        """Returns the JVM options to start from an AOT cache. A missing, old or unusable cache is made first."""
        cache = BENCH / "target" / f"{peer.key}.aot"
        options = [*CACHE_OPTIONS, f"-XX:AOTCache={cache}"]
        # The cache also depends on this file, which has the training options.
        newest = max(p.stat().st_mtime for p in [Path(__file__), *BENCH.glob("target/*.jar")])
        if not cache.exists() or cache.stat().st_mtime < newest or self.complaint(peer, options):
            self.make_cache(peer, cache)
            complaint = self.complaint(peer, options)
            if complaint:
                raise PeerFailed(f"its AOT cache does not fit: {complaint}")
        return options

    def complaint(self, peer, options):
        """Returns the reason why the peer does not start with these options, or None if it does."""
        try:
            Program(peer.title, self.command(peer, "127.0.0.1:0", options), self.context.server_core).close()
            return None
        except PeerFailed as e:
            return str(e)

    def make_cache(self, peer, cache):
        made = cache.with_suffix(".aot.new")
        made.unlink(missing_ok=True)
        training = self.command(peer, "127.0.0.1:0", [*TRAINING_OPTIONS, f"-XX:AOTCacheOutput={made}"])
        program = Program(peer.title, training, self.context.server_core)
        try:
            exchange(program.address, ROUND_TRIPS)
            # The JVM writes the cache when it ends.
            program.process.terminate()
            program.process.wait(AOT_SECONDS)
        except (subprocess.TimeoutExpired, OSError) as e:
            raise PeerFailed(f"its AOT cache could not be made: {e}") from None
        finally:
            program.close()
        if not made.exists():
            raise PeerFailed("its AOT cache could not be made: the JVM did not write it")
        os.replace(made, cache)

    def warm(self, opened, seconds):
        """Starts the peer once, so that its files are in the page cache."""
        self.measure(opened, 0)

    def measure(self, opened, number):
        peer, command, env = opened
        address = f"127.0.0.1:{free_port()}"
        meter, begin = Meter(self.context, []), time.monotonic()
        program = Program(peer.title, command(address), self.context.server_core, ready=False, env=env)
        try:
            ask_until_answered(program, address)
            sample = {"millis": (time.monotonic() - begin) * 1e3, "cpu_millis": program.cpu_seconds() * 1e3}
        finally:
            program.close()
        # The program has ended, so the meter knows its whole CPU time.
        return sample | {"other": meter.other_percent()}

    def close(self, opened, failed):
        pass

    def finish(self, samples):
        pass


def build_command(env):
    """
    Starts the launcher, which builds Salvo if necessary, and checks its AOT cache. The launcher silently ignores a cache of
    another JDK, so the check starts it with -XX:AOTMode=on.
    """
    launch(env, "--version")
    try:
        launch(env | {"SALVO_JAVA_OPTS": "-XX:AOTMode=on"}, "--version")
    except PeerFailed as e:
        raise PeerFailed("its AOT cache does not fit this JDK; remove java/cli/target/salvo-cli.jar, and ./salvo makes both"
                         f" again ({e})") from None


def launch(env, *words):
    try:
        done = run_session([ROOT / "salvo", *words], BUILD_SECONDS, env=env)
    except subprocess.TimeoutExpired:
        raise PeerFailed(f"./salvo {' '.join(words)} took over {BUILD_SECONDS} s") from None
    if done.returncode != 0:
        raise PeerFailed(f"./salvo {' '.join(words)}: {(done.stderr or done.stdout).strip()[-200:]}")


def exchange(address, times):
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(1)
        asker.connect((host, int(port)))
        for _ in range(times):
            asker.send(bytes(64))
            asker.recv(64)


def free_port():
    """Returns a port that is free, and below the ports that the kernel assigns to others (ip_local_port_range)."""
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", random.randint(20_000, 30_000)))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise PeerFailed("no free port found")


def ask_until_answered(program, address):
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.001)
        asker.connect((host, int(port)))
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                asker.send(b"salvo")
                if asker.recv(64):
                    return
            except ConnectionRefusedError:
                # Nobody listens yet. This error comes at once, so wait here.
                time.sleep(0.001)
            except TimeoutError:
                pass
            if program.process.poll() is not None:
                raise PeerFailed(f"it ended before it replied: {program.complaint()}")
    raise PeerFailed(f"no reply in {START_SECONDS} s: {program.complaint()}")
