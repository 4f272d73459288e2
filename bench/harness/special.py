"""The workloads that are not flows of datagrams: many sockets, and memory."""
import os
import re
import resource
import subprocess
import time
from pathlib import Path

import echo
from context import Meter
from process import PeerFailed

FEW, MANY = 10, 10_000
# The kernel frees the memory of closed sockets only after an RCU grace period.
FREED_SECONDS = 0.5


def slab_bytes():
    """Returns the memory of the kernel's objects. A socket has an inode, a file and an entry in the epoll."""
    return int(re.search(r"Slab:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024


class Sockets(echo.Echo):
    """Runs two servers of each peer, one with 10 sockets and one with 10,000."""

    def begin(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < MANY + 200:
            raise PeerFailed(f"{MANY:,} sockets need as many descriptors: raise ulimit -Hn, or LimitNOFILE= of systemd")
        return ["One peer runs all its rounds, then the next one, because there are not enough ports for the sockets of all."
                " The 10 and the 10,000 sockets of a peer take turns.",
                "The kernel's memory is the growth of Slab in /proc/meminfo, which counts the whole machine."]

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


class Memory(echo.Echo):
    """Starts a new server, because the servers that keep running have already been under load."""

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
    """
    Returns the used heap in bytes: the sum over lines such as "total 62848K, used 2683K". Depending on the collector there
    is a line for each generation or one for the whole heap.
    """
    text = jcmd(java, server, "GC.heap_info")
    heap = text.split("Metaspace")[0]
    return sum(int(k) for k in re.findall(r"total.*?, used (\d+)K", heap)) * 1024
