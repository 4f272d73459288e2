"""Prints the document as text: a table for each workload, the bars, the noise."""
from statistics import median

import bars
import stats
from kinds import DECIMAL, KINDS, Kind, show

NOISE_PERCENT = 5


def headings(kind):
    return ["", *(c.heading for c in kind.columns), *(r.heading for r in kind.ratios)]


def cell(samples, column):
    if column.spread:
        return stats.spread(stats.values(samples, column.metric), lambda n: show(n, column.form))
    return show(stats.middle(samples, column.metric), column.form)


def row(peer, peers, kind):
    return [peer["title"], *(cell(peer["samples"], c) for c in kind.columns),
            *(stats.spread(stats.ratios(peer, peers, r), lambda n: show(n, DECIMAL)) for r in kind.ratios)]


def rows(workload):
    """Returns the headings and a row for each peer that was measured."""
    kind = KINDS[workload["kind"]]
    peers = workload["peers"]
    return [headings(kind)] + [row(p, peers, kind) for p in peers.values() if p["samples"]]


def limits(peers):
    """Yields remarks about peers whose rate is not the most that they could do."""
    full, idle = [], []
    for peer in peers:
        ours, theirs = (stats.middle(peer["samples"], core) for core in ("server_core", "load_core"))
        if ours is not None and theirs is not None and ours < bars.LOAD_FULL_PERCENT:
            (full if theirs >= bars.LOAD_FULL_PERCENT else idle).append(peer["title"])
    if full:
        yield "the other core was the limit, not the peer's, for: " + ", ".join(full)
    if idle:
        yield "neither core was full, so the rate is not the maximum, for: " + ", ".join(idle)


def remarks(workload):
    """Returns the remarks under the table, which explain its figures."""
    lines = [f"{p['title']}: dropped, {p['dropped']}" for p in workload["peers"].values() if p.get("dropped")]
    if workload["kind"] in ("echo", "sink", "source", "fanout"):
        lines += limits(workload["peers"].values())
    lines += [f"/ C is to {name}, the nearest that was measured, for: {', '.join(titles)}"
              for name, titles in fallen_back(workload).items()]
    lines += to_limit(workload["peers"])
    if workload["kind"] == "rtt":
        lines += [f"{p['title']}: in its worst round {trouble}" for p in workload["peers"].values()
                  if (trouble := untimely(p["samples"]))]
    return lines + workload.get("notes", [])


def to_limit(peers):
    """Yields Salvo's CPU divided by that of the C program that copies nothing. It has no bar, and therefore no column."""
    limit = peers.get("c-nocopy", {"samples": []})
    for peer in peers.values():
        figures = stats.per_round(peer["samples"], "cpu", [limit["samples"]]) if peer["family"] == "salvo" else []
        if figures:
            yield f"{peer['title']}: CPU / {limit['title']} {stats.spread(figures, lambda n: show(n, DECIMAL))}"


def fallen_back(workload):
    """
    Returns the titles of the peers whose own C reference was not measured, by the title of the C program that they are
    compared with instead.
    """
    found = {}
    if any(ratio.to == "reference" for ratio in kind_of(workload).ratios):
        for peer in workload["peers"].values():
            against = stats.reference(peer, workload["peers"]) if peer["samples"] else None
            if against and against["key"] != peer["references"][0]:
                found.setdefault(against["title"], []).append(peer["title"])
    return found


def kind_of(workload):
    return KINDS.get(workload["kind"]) or Kind("", ())


def untimely(samples):
    """Returns why round-trip times are doubtful, by the figures of the worst round."""
    behind, lost = (max(stats.values(samples, metric), default=0) for metric in ("behind", "lost"))
    parts = [f"{behind:.3g} % were sent by the load over 1 ms late or not at all, a delay that is not the peer's"] * (behind > 0)
    parts += [f"{lost:.3g} % never came back, which are in no percentile"] * (lost > 0)
    return "; ".join(parts)


def text(workload):
    if workload["kind"] not in KINDS:
        return "\n".join(["", workload["title"], *remarks(workload)])
    lines = rows(workload)
    rounds = max([len(p["samples"]) for p in workload["peers"].values()], default=0)
    head = f"{workload['title']} [{workload['key']}], {rounds} round{'s' * (rounds != 1)}"
    widths = [max(map(len, column)) for column in zip(*lines)]
    table = ["  ".join([r[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(r[1:], widths[1:]))]) for r in lines]
    return "\n".join(["", head, *(table if len(lines) > 1 else ["nothing measured"]), *remarks(workload)])


def summary(judged):
    """Returns the table of the bars. Bars without a figure share the last line, because with --only they are the most."""
    lines = ["", "Bars, by the median over the rounds (least..most):"]
    for bar in judged:
        if bar["met"] is not None:
            note = f" ({bar['note']})" if bar["note"] else ""
            lines.append(f"  {bar['workload']:<20} {bar['bar']:<44} {bar['shown']:<24} {bars.verdict(bar)}{note}")
    absent = dict.fromkeys(bar["workload"] for bar in judged if bar["met"] is None)
    if absent:
        count = sum(bar["met"] is None for bar in judged)
        lines.append(f"  not measured: {count} bar{'s' * (count > 1)} of {', '.join(absent)}")
    return "\n".join(lines)


def other_work(workloads):
    """Returns (median, most) of the time that other programs took of the two cores, in percent of one core, or None."""
    shares = [s["other"] for w in workloads.values() for p in w["peers"].values() for s in p["samples"]
              if s.get("other") is not None]
    return (median(shares), max(shares)) if shares else None


def noise(workloads):
    found = other_work(workloads)
    if not found:
        return ""
    line = f"Other work on the two cores: {found[0]:.0f} % of one core, at most {found[1]:.0f} %."
    if found[0] > NOISE_PERCENT:
        line += "\nNOISY: other programs used these cores. Do not compare this run with others; repeat it on an idle machine."
    return line
