"""From samples to tables, and from tables to the bars that Salvo is held to."""
from statistics import mean, median

from measure import CLIENTS

COLUMNS = ("", "replies/s", "CPU ns/datagram", "lost", "late", "server core", "load core", "batch", "CPU / C", "replies / Netty")
NOISE_PERCENT = 5
# The load generator's core is full: the server could do more.
LOAD_LIMIT_PERCENT = 97


def per_round(samples, others, value):
    """The ratios of one round's samples: what disturbs a whole round disturbs both."""
    by_round = {s.round: value(s) for s in others}
    return [value(s) / by_round[s.round] for s in samples if by_round.get(s.round)]


def spread(values, digits):
    if not values:
        return "-"
    numbers = (median(values), min(values), max(values))
    return "{} ({}..{})".format(*(f"{n:,.{digits}f}" for n in numbers))


def row(peer, samples, results):
    cpu = per_round(samples, results.get(peer.reference, ()), lambda s: s.cpu)
    replies = per_round(samples, results.get("netty", ()), lambda s: s.replies)
    middle = {name: median(getattr(s, name) for s in samples)
              for name in ("replies", "server_core", "load_core", "batch")}
    return (
        peer.title,
        f"{middle['replies']:,.0f}",
        spread([s.cpu for s in samples], 0),
        f"{mean(s.lost for s in samples):.2f} %",
        f"{mean(s.late for s in samples):.2f} %",
        f"{middle['server_core']:.0f} %",
        f"{middle['load_core']:.0f} %",
        f"{middle['batch']:.1f}",
        spread(cpu, 2),
        f"{median(replies):.2f}" if replies else "-",
    )


def table(workload, peers, results):
    rows = [COLUMNS] + [row(p, results[p.key], results) for p in peers if results.get(p.key)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join([r[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(r[1:], widths[1:])]) for r in rows]
    rounds = max(len(samples) for samples in results.values())
    head = f"{workload.title}: {CLIENTS} clients, window {workload.window}, {rounds} rounds"
    return "\n".join(["", head, *lines])


# (workload, what, limit, may be at most or must be at least, peers, value)
BARS = tuple((w, "Salvo's CPU / C's, same technique", 1.1, "<=", ("salvo", "c-gso"), "cpu")
             for w in ("64-offload", "64-plain", "1200-offload", "1200-plain")) + (
    ("64-offload", "Salvo's replies / Netty's", 12, ">=", ("salvo", "netty"), "replies"),
    ("64-plain", "Salvo's CPU / Netty's", 1, "<", ("salvo", "netty"), "cpu"),
    ("1200-plain", "Salvo's CPU / Netty's", 1, "<", ("salvo", "netty"), "cpu"),
)
HOLDS = {"<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b}


def bars(measured):
    """measured: results by workload key, each samples by peer key."""
    for workload, what, limit, relation, (peer, other), name in BARS:
        results = measured.get(workload, {})
        ratios = per_round(results.get(peer, ()), results.get(other, ()), lambda s: getattr(s, name))
        met = HOLDS[relation](median(ratios), limit) if ratios else None
        yield {"workload": workload, "bar": f"{what} {relation} {limit}", "ratios": ratios, "met": met,
               "note": limited_by_load(results.get(peer, ()), met) if name == "replies" else ""}


def limited_by_load(samples, met):
    if met or not samples or median(s.load_core for s in samples) < LOAD_LIMIT_PERCENT:
        return ""
    return "  (the load generator's core is full: the server was not)"


def summary(measured):
    words = {True: "met", False: "MISSED", None: "not measured"}
    lines = ["", "Bars, by the median of the ratios of each round:"]
    for bar in bars(measured):
        ratio = spread(bar["ratios"], 2)
        lines.append(f"  {bar['workload']:<13} {bar['bar']:<42} {ratio:<20} {words[bar['met']]}{bar['note']}")
    return "\n".join(lines)


def noise(measured):
    shares = [s.other for results in measured.values() for samples in results.values() for s in samples]
    if not shares:
        return ""
    text = f"Other work on the two cores: {median(shares):.0f} % of one core, at most {max(shares):.0f} %."
    if max(shares) > NOISE_PERCENT:
        text += "\nNOISY: another program used these cores; compare nothing with another run, and run again when it is idle."
    return text
