"""What is not a flow of datagrams: many sockets, the start, memory."""
import os
import random
import re
import resource
import socket
import subprocess
import time
from pathlib import Path

import echo
from context import Meter
from machine import BENCH, BUILD_SECONDS, ROOT
from process import PeerFailed, Program

FEW, MANY = 10, 10_000
# Sockets that were closed leave the kernel's memory after RCU's grace, and not at once.
FREED_SECONDS = 0.5
START_SECONDS = 30
AOT_SECONDS = 120


def slab_bytes():
    """The kernel's own objects: of a socket, its inode, its file, its entry in the epoll."""
    return int(re.search(r"Slab:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024


class Sockets(echo.Echo):
    """Two servers of each peer: with 10 sockets, and with 10,000."""

    def begin(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < MANY + 200:
            raise PeerFailed(f"{MANY:,} sockets need as many descriptors: ulimit -Hn, or LimitNOFILE= of systemd")
        return ["One peer after the other, each with all its rounds, since the ports are not enough for the sockets of all;"
                " its 10 and its 10,000 sockets take turns.",
                "The kernel's memory is the growth of Slab in /proc/meminfo, of the whole machine."]

    def open(self, peer):
        servers = []
        time.sleep(FREED_SECONDS)
        try:
            for count in (FEW, MANY):
                ports = f"{self.context.folder}/sockets-{peer.key}-{count}"
                slab = slab_bytes()
                server = self.context.start(peer, "sockets", ["--sockets", count, "--ports", ports])
                servers.append((server, ports, server.memory_bytes(), slab_bytes() - slab))
                server.pause()
        except BaseException:
            self.close((peer, servers), True)
            raise
        return peer, servers

    def run(self, server, ports, seconds, warmup):
        server.resume()
        report = echo.run_load(self.context, server, self.workload, seconds, warmup, ["--window", 1], ["--ports", ports])
        server.pause()
        return report

    def warm(self, opened, seconds):
        for server, ports, _, _ in opened[1]:
            self.run(server, ports, seconds, 0)

    def measure(self, opened, number):
        servers = opened[1]
        meter = Meter(self.context, [s[0] for s in servers])
        cost = {}
        for count, (server, ports, _, _) in list(zip((FEW, MANY), servers))[::1 if number % 2 else -1]:
            cost[count] = self.run(server, ports, self.context.seconds, self.context.warmup)["serverNanos"]
        few, many = cost[FEW], cost[MANY]
        (_, _, rss, slab), (_, _, rss_many, slab_many) = servers
        return {"few": few, "many": many, "slowdown": many / few, "process": (rss_many - rss) / (MANY - FEW),
                "kernel": max(0, slab_many - slab) / (MANY - FEW), "other": meter.other_percent()}

    def close(self, opened, failed):
        for server, *_ in opened[1]:
            server.close()


class Startup:
    """Nothing runs between the rounds: each measurement starts a process, and ends it."""

    def __init__(self, context, workload):
        self.context, self.workload = context, workload

    def begin(self):
        return ["netty-aot is Netty with an AOT cache made as Salvo's is: by a run of its own (-XX:AOTCacheOutput)."]

    def open(self, peer):
        if "start-command" in peer.roles:
            build_command()
            return peer, lambda bind: [ROOT / "salvo", "echo", "--bind", bind]
        role = next((r for r in peer.roles if r.startswith("start")), "echo")
        options = self.make_cache(peer) if role == "start-aot" else ()
        return peer, lambda bind: self.command(peer, bind, options)

    def command(self, peer, bind, options):
        command = peer.command("start" if peer.family == "c" else "echo", ["--bind", bind], self.context.java)
        if peer.is_java and options:
            # A cache wants jars alone on the class path, and not a folder.
            jar = next(BENCH.glob("target/salvo-bench-*.jar"), None)
            if not jar:
                raise PeerFailed("bench/target has no jar, which the AOT cache needs")
            at = command.index("-cp")
            command[at + 1] = f"{jar}:{BENCH}/target/lib/*"
            command[1:1] = options
        return command

    def make_cache(self, peer):
        cache = BENCH / "target" / f"{peer.key}.aot"
        lib = max((p.stat().st_mtime for p in BENCH.glob("target/*.jar")), default=0)
        if not cache.exists() or cache.stat().st_mtime < lib:
            training = self.command(peer, f"127.0.0.1:{free_port()}", [f"-XX:AOTCacheOutput={cache}"])
            program = Program(peer.title, training, self.context.server_core)
            try:
                ask_until_answered(program, program.address)
                program.process.terminate()
                program.process.wait(AOT_SECONDS)
            except subprocess.TimeoutExpired:
                raise PeerFailed("its AOT cache was not made in time") from None
            finally:
                program.close()
            if not cache.exists():
                raise PeerFailed("its AOT cache was not made")
        return [f"-XX:AOTCache={cache}"]

    def warm(self, opened, seconds):
        """The files are in the page cache then, and Salvo is built."""
        self.measure(opened, 0)

    def measure(self, opened, number):
        peer, command = opened
        address = f"127.0.0.1:{free_port()}"
        begin = time.monotonic()
        program = Program(peer.title, command(address), self.context.server_core, ready=False)
        try:
            ask_until_answered(program, address)
            return {"millis": (time.monotonic() - begin) * 1e3, "cpu_millis": program.cpu_seconds() * 1e3}
        finally:
            program.close()

    def close(self, opened, failed):
        pass

    def finish(self, samples):
        pass


def build_command():
    """The launcher builds on its first start."""
    try:
        done = subprocess.run([ROOT / "salvo", "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=BUILD_SECONDS)
    except subprocess.TimeoutExpired:
        raise PeerFailed(f"./salvo --version took over {BUILD_SECONDS} s") from None
    if done.returncode != 0:
        raise PeerFailed(f"./salvo --version: {done.stderr.strip()[-200:]}")


def free_port():
    """Nobody's a moment ago, and below those that the kernel gives to others unasked (ip_local_port_range)."""
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
                # Nobody listens yet, which comes back at once.
                time.sleep(0.001)
            except TimeoutError:
                pass
            if program.process.poll() is not None:
                raise PeerFailed(f"ended before it answered: {program.complaint()}")
    raise PeerFailed(f"no reply in {START_SECONDS} s: {program.complaint()}")


class Memory(echo.Echo):
    """A server of its own, since those that stay have been under load."""

    LOAD_SECONDS = 3

    def open(self, peer):
        return peer, None

    def warm(self, opened, seconds):
        pass

    def measure(self, opened, number):
        peer = opened[0]
        server = self.context.start(peer, "echo", ["--bind", "127.0.0.1:0"])
        try:
            sample = self.take(peer, server, "rest")
            seconds = self.LOAD_SECONDS if not self.context.quick else 1
            load = echo.start_load(self.context, echo.load_command(["--to", server.address], self.workload, seconds, 0))
            try:
                time.sleep(seconds * 0.7)
                sample |= self.take(peer, server, "load")
            finally:
                echo.finish_load(load, seconds)
            return sample
        finally:
            server.close()

    def take(self, peer, server, when):
        sample = {f"{when}_rss": server.memory_bytes()}
        if peer.is_java:
            heap = sample[f"{when}_heap"] = used_heap(self.context.java, server)
            sample[f"{when}_other"] = max(0, sample[f"{when}_rss"] - heap)
        return sample

    def close(self, opened, failed):
        pass


def jcmd(java, server, *words):
    command = [os.path.join(os.path.dirname(java), "jcmd"), str(server.pid), *words]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise PeerFailed(f"jcmd: {e}") from None
    if done.returncode != 0:
        raise PeerFailed(f"jcmd: {done.stderr.strip()[:200]}")
    return done.stdout


def used_heap(java, server):
    """Of the lines of the generations or of the whole, whichever the collector has: "total 62848K, used 2683K"."""
    text = jcmd(java, server, "GC.heap_info")
    heap = text.split("Metaspace")[0]
    return sum(int(k) for k in re.findall(r"total.*?, used (\d+)K", heap)) * 1024
