"""The bars: the limits that Salvo's figures have to meet."""
from dataclasses import dataclass
from statistics import median

import stats

HOLDS = {"<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b}
LOAD_FULL_PERCENT = 97
# The share of the sent datagrams. Above it the load has waited for replies that never came, and batches shrank.
LOSS_PERCENT = 0.01
OTHER_PERCENT = 10
ORDINARY = ("netty", "netty-uring", "jdk", "jdk-blocking")


@dataclass(frozen=True)
class Bar:
    workload: str
    what: str
    relation: str
    limit: float
    metric: str
    others: tuple = ()  # the bar is Salvo's figure divided by the best of these peers, by round; if empty, Salvo's figure
    more_is_better: bool = False
    rate: bool = False  # a rate, which the load may have limited if its core was full
    digits: int = 2
    saturated: bool = False  # the bar is about a fully loaded server; the note says how full its core was
    worst: bool = False  # the bar must hold in each round: the greatest figure is judged, not the median


def all_bars():
    for size in (64, 1200):
        offload, plain = f"echo-{size}-offload-16", f"echo-{size}-plain-16"
        yield Bar(offload, "replies / best of Netty and the JDK", ">=", 15, "rate", ORDINARY, True, True)
        yield Bar(offload, "CPU / C GRO/GSO", "<=", 1.05, "cpu", ("c-gso",))
        yield Bar(plain, "CPU / C GRO/GSO", "<=", 1.05, "cpu", ("c-gso",))
        yield Bar(plain, "CPU / best of Netty and the JDK", "<=", 0.8, "cpu", ORDINARY, saturated=True)
    for size in (64, 1200):
        yield Bar(f"source-{size}", "sent / JDK", ">=", 15, "rate", ("jdk",), True)
        yield Bar(f"source-{size}", "sent / C GRO/GSO", ">=", 0.95, "rate", ("c-gso",), True)
    for size in (64, 1200):
        yield Bar(f"fanout-{size}", "sent / C sendmmsg", ">=", 0.95, "rate", ("c-mmsg",), True)
    yield Bar("rtt-1", "p50 / C GRO/GSO", "<=", 1.1, "p50", ("c-gso",))
    yield Bar("rtt-1", "p50 / Netty epoll", "<=", 1, "p50", ("netty", "netty-recvmsg"))
    yield Bar("rtt-1", "CPU / C GRO/GSO", "<=", 1.2, "cpu", ("c-gso",))
    yield Bar("rtt-1", "CPU / Netty epoll", "<", 1, "cpu", ("netty", "netty-recvmsg"))
    yield Bar("gc", "bytes allocated a datagram", "<", 0.005, "bytes", digits=4, worst=True)
    yield Bar("gc", "pauses in the steady state", "<=", 0, "pauses", digits=0, worst=True)
    yield Bar("startup", "ms to the first reply", "<=", 250, "millis", digits=0)
    yield Bar("startup", "ms / Netty's", "<", 1, "millis", ("netty", "netty-aot"))
    yield Bar("sockets", "an event's CPU at 10,000 / at 10", "<=", 1.1, "slowdown")


BARS = tuple(all_bars())


def judge(bar, workloads):
    """Judges a bar by the document's workloads, a dict by key."""
    peers = workloads.get(bar.workload, {}).get("peers", {})
    samples = peers.get("salvo", {}).get("samples", [])
    others = {k: peers[k]["samples"] for k in bar.others if k in peers and peers[k]["samples"]}
    figures = stats.per_round(samples, bar.metric, list(others.values()), bar.more_is_better) if bar.others \
        else stats.values(samples, bar.metric)
    met = HOLDS[bar.relation](max(figures) if bar.worst else median(figures), bar.limit) if figures else None
    return {"workload": bar.workload, "bar": f"{bar.what} {bar.relation} {bar.limit:g}", "figures": figures, "met": met,
            "shown": stats.spread(figures, lambda n: f"{n:,.{bar.digits}f}"),
            "note": "; ".join(doubts(bar, samples, others, met)) if figures else ""}


def doubts(bar, samples, others, met):
    """Yields the reasons why the figure is doubtful. others: the samples of the measured other peers, by key."""
    if bar.worst and len(samples) > 1:
        yield f"the worst of {len(samples)} JVMs is judged"
    yield from cores_full(bar, samples, others, met)
    absent = [k for k in bar.others if k not in others]
    if absent:
        yield f"without {', '.join(absent)}"
    measured = {"salvo": samples} | others
    lossy = {k: loss for k, loss in ((k, unanswered(theirs)) for k, theirs in measured.items()) if loss > LOSS_PERCENT}
    if lossy:
        yield "lost or late: " + ", ".join(f"{k} {loss:.2f} %" for k, loss in lossy.items())
    other = max((stats.middle(theirs, "other") or 0 for theirs in measured.values()), default=0)
    if other > OTHER_PERCENT:
        yield f"other programs took {other:.0f} % of a core"


def unanswered(samples):
    """Returns the median percentage of late and lost replies; 0 for a workload without replies."""
    return median([s["lost"] + s["late"] for s in samples if "lost" in s and "late" in s] or [0])


def cores_full(bar, samples, others, met):
    ours = stats.middle(samples, "server_core")
    if bar.saturated:
        cores = [c for c in (stats.middle(theirs, "server_core") for theirs in others.values()) if c is not None]
        if cores and ours is not None:
            yield f"Salvo's core was {ours:.0f} % full, theirs {min(cores):.0f} to {max(cores):.0f} %"
    elif met is False and bar.rate and (stats.middle(samples, "load_core") or 0) >= LOAD_FULL_PERCENT:
        yield "the load's core is full: the server could do more"


def verdict(judged):
    return {True: "met", False: "MISSED", None: "not measured"}[judged["met"]]


def judge_all(workloads):
    return [judge(bar, workloads) for bar in BARS]
