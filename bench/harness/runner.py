"""Runs the rounds with the peers in turn, drops peers that fail, and estimates the remaining time."""
import sys
import time

import jmh
import pauses
import special
import startup
import table
from echo import Echo, RoundTrip
from flows import Sink, Source
from peers import BY_KEY, PEERS
from process import PeerFailed

MEASURES = {"echo": Echo, "rtt": RoundTrip, "sink": Sink, "source": Source, "fanout": Source, "sockets": special.Sockets,
            "startup": startup.Startup, "memory": special.Memory, "gc": pauses.Pauses, "jmh": jmh.Jmh}
# The seconds of a measurement in addition to its warm-up and measured time, to start processes and to empty queues.
BESIDES = {"echo": 0.2, "rtt": 0.3, "sink": 0.2, "source": 0.15, "fanout": 0.15, "sockets": 0.5, "startup": 1.0,
           "memory": 6.0, "gc": 5.0, "jmh": 700.0}
STEPS_OF_ONE = ("startup", "memory", "gc", "jmh")
# In these workloads one peer runs all its rounds, then the next one: the sockets of all peers together need more ports
# than there are.
ONE_PEER_AT_A_TIME = ("sockets",)
# The warm-up of each JVM before the first round of a workload. C2 takes 5 % of a source's CPU from the fourth second to the
# eighth, and 1 % after that. A JVM that has already run other workloads needs less.
WARMING_SECONDS = 8
WARM_BEFORE_SECONDS = 2
# With only 10 datagrams outstanding the JIT needs longer.
SOCKETS_WARMING_SECONDS = 5
JVM_START_SECONDS = 1
LONG_SECONDS = 20  # the additional time of the one long run of gc
OPENING_SECONDS = 5  # to open 10,000 sockets


class Progress:
    """One line on stderr, which is rewritten on a terminal. The progress is counted in estimated seconds."""

    def __init__(self, total):
        self.total, self.done, self.start = total, 0.0, time.monotonic()
        self.terminal = sys.stderr.isatty()

    def tell(self, what, seconds):
        elapsed = time.monotonic() - self.start
        # The estimate is corrected by the time that the finished part took.
        pace = elapsed / self.done if self.done > 20 else 1
        left = max(0, self.total - self.done) * pace
        self.done += seconds
        line = f"[{100 * min(1, (self.done - seconds) / self.total):.0f} %] {what}, about {duration(left)} left"
        print(f"\r\033[K{line}" if self.terminal else line, end="" if self.terminal else "\n", file=sys.stderr, flush=True)

    def clear(self):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def duration(seconds):
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


class Plan:
    """What is measured, how often, and how long it takes."""

    def __init__(self, workloads, peers, rounds, seconds, warmup, quick):
        self.workloads, self.peers, self.quick = workloads, peers, quick
        self.rounds, self.seconds, self.warmup = rounds, seconds, warmup

    def peers_of(self, workload, named):
        """Returns the peers of a workload. named: whether the user chose peers; otherwise a quick run has only a few."""
        keys = workload.quick if self.quick and workload.quick and not named else workload.peers
        return [p for p in PEERS if p.key in keys and p in self.peers]

    def rounds_of(self, workload):
        return min(self.rounds, workload.most_rounds)

    def step(self, workload):
        besides = BESIDES[workload.kind] / (5 if self.quick and workload.kind == "memory" else 1)
        if workload.kind == "gc" and not self.quick:
            besides += LONG_SECONDS / self.rounds_of(workload)
        measured = 0 if workload.kind in STEPS_OF_ONE else self.seconds + self.warmup
        return besides + measured * (2 if workload.kind == "sockets" else 1)

    def warming(self, workload):
        if workload.kind == "sockets":
            return SOCKETS_WARMING_SECONDS
        stays = [w for w in self.workloads if w.kind in ("echo", "rtt")]
        return WARM_BEFORE_SECONDS if self.quick or workload in stays[1:] else WARMING_SECONDS

    def warm_step(self, workload, peer):
        if workload.kind in STEPS_OF_ONE or not peer.is_java:
            return 0
        if workload.kind == "sockets":
            return 2 * self.warming(workload) + OPENING_SECONDS
        return self.warming(workload) + (0 if workload.kind in ("echo", "rtt") else JVM_START_SECONDS)

    def estimate(self, named):
        return sum(self.warm_step(w, p) + self.rounds_of(w) * self.step(w)
                   for w in self.workloads for p in self.peers_of(w, named))


def new_document(workload, peers):
    """Returns a workload of the document without samples."""
    entries = {p.key: {"key": p.key, "title": p.title, "family": p.family, "ordinary": p.ordinary,
                       "references": list(p.references), "samples": [], "dropped": None} for p in peers}
    return {"key": workload.key, "group": workload.group, "kind": workload.kind, "title": workload.title,
            "size": workload.size, "clients": workload.clients, "offload": workload.offload,
            "window": workload.window, "peers": entries, "notes": []}


def run_workload(context, plan, workload, document, progress):
    """Fills the document. A peer that fails stays in it with its samples so far and the reason."""
    entries, peers = document["peers"], [BY_KEY[key] for key in document["peers"]]
    measure = MEASURES[workload.kind](context, workload)
    opened = {}

    def attempt(peer, action):
        try:
            return action()
        except (PeerFailed, OSError) as e:
            entries[peer.key]["dropped"] = str(e)
            progress.clear()
            print(f"{workload.key}: {peer.title} is dropped: {e}", file=sys.stderr)
            if peer.key in opened:
                measure.close(opened.pop(peer.key), True)
            return None

    def open_and_warm(peer):
        opened[peer.key] = measure.open(peer)
        if plan.warm_step(workload, peer) or workload.kind == "startup":
            measure.warm(opened[peer.key], plan.warming(workload))

    def all_rounds(together):
        for peer in together:
            progress.tell(f"{workload.title}: starting and warming {peer.title}", plan.warm_step(workload, peer))
            attempt(peer, lambda: open_and_warm(peer))
        for number in range(1, plan.rounds_of(workload) + 1):
            # The order alternates, so that a peer does not always follow the same one.
            for peer in together if number % 2 else together[::-1]:
                progress.tell(f"{workload.title}: round {number} of {plan.rounds_of(workload)}, {peer.title}",
                              plan.step(workload))
                sample = attempt(peer, lambda: measure.measure(opened[peer.key], number)) if peer.key in opened else None
                if sample:
                    entries[peer.key]["samples"].append({"round": number} | sample)
        for peer in together:
            if peer.key in opened:
                measure.close(opened.pop(peer.key), False)

    try:
        document["notes"] += measure.begin()
        for together in [[p] for p in peers] if workload.kind in ONE_PEER_AT_A_TIME else [peers]:
            all_rounds(together)
    except (PeerFailed, OSError) as e:
        document["notes"].append(f"not measured: {e}")
    finally:
        for one in opened.values():
            measure.close(one, False)
        try:
            document["notes"] += measure.finish({key: entry["samples"] for key, entry in entries.items()}) or []
        except (PeerFailed, OSError) as e:
            document["notes"].append(str(e))


def run(context, plan, named, progress, record):
    """Runs all workloads. After each one the record is written and the table is printed."""
    try:
        for workload in plan.workloads:
            peers = plan.peers_of(workload, named)
            if workload.kind in STEPS_OF_ONE:
                # These workloads do not use the echo servers that keep running, so their memory is freed.
                context.close_echoes()
            if peers:
                # The record has the document before the measurement, so that an interrupted run keeps its rounds.
                document = record.measured[workload.key] = new_document(workload, peers)
                run_workload(context, plan, workload, document, progress)
                record.keep()
                progress.clear()
                print(table.text(document), flush=True)
    finally:
        progress.clear()
