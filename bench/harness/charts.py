"""Draws bar charts as SVG, for the report and as separate files, in the reader's light or dark colour scheme."""
import os
from html import escape
from statistics import median

import stats
from kinds import KINDS, show

WIDTH, LABELS, RIGHT = 720, 196, 96
TOP, ROW, BAR, BOTTOM = 50, 26, 16, 10
# Where less is better, a bar longer than this many times the median bar is cut off: otherwise the others would be too
# short to be compared.
CUT_TIMES = 8

STYLE = """
.chart{--ink:#1c2126;--faint:#5c6670;--line:#d9dee3;--paper:#fff;
--salvo:#0b7285;--c:#565f68;--netty:#d9680f;--jdk:#6741d9;--twisted:#2f8f46}
@media(prefers-color-scheme:dark){.chart{--ink:#e8ebee;--faint:#a3adb7;--line:#3a424a;--paper:#14181c;
--salvo:#2fc0d6;--c:#98a2ac;--netty:#f59342;--jdk:#a48bf5;--twisted:#62c97a}}
.chart text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.chart .title{font-size:15px;font-weight:600}.chart .faint{fill:var(--faint);font-size:12px}
.chart .paper{fill:var(--paper)}.chart .axis{stroke:var(--line);stroke-width:1}
.chart .whisker{stroke:var(--ink);stroke-width:1.5;fill:none}.chart .halo{stroke:var(--paper);stroke-width:3.5;fill:none}
.chart .cut{stroke:var(--paper);stroke-width:3;fill:none}.chart .own{font-weight:600}
.chart .salvo{fill:var(--salvo)}.chart .c{fill:var(--c)}.chart .netty{fill:var(--netty)}
.chart .jdk{fill:var(--jdk)}.chart .twisted{fill:var(--twisted)}
"""


def scale_end(medians, mosts, more_is_better):
    """Returns the end of the axis, past every whisker except those of bars that are cut off."""
    limit = max(medians) if more_is_better else CUT_TIMES * median(medians)
    shown = [most for middle, most in zip(medians, mosts) if middle <= limit]
    return (max(shown, default=0) or max(mosts)) * 1.02 or 1


def row(peer, figures, chart, y, at, end):
    middle, least, most = median(figures), min(figures), max(figures)
    family = peer["family"]
    baseline = y + BAR - 4
    own = " own" if family == "salvo" else ""
    parts = [f'<text class="label{own}" x="{LABELS - 10}" y="{baseline}" text-anchor="end">{escape(peer["title"])}</text>']
    cut = middle > end
    right = at(min(middle, end))
    parts.append(f'<rect class="{family}" x="{LABELS}" y="{y}" width="{max(1, right - LABELS):.1f}" height="{BAR}" rx="2"/>')
    if cut:
        x = right - 14
        parts.append(f'<path class="cut" d="M{x:.1f} {y + BAR + 2}l6 -{BAR + 4}"/>')
    elif len(figures) > 1:
        most_x, centre = at(min(most, end)), y + BAR / 2
        line = f"M{at(least):.1f} {centre}H{most_x:.1f}M{at(least):.1f} {centre - 4}v8M{most_x:.1f} {centre - 4}v8"
        parts += [f'<path class="halo" d="{line}"/>', f'<path class="whisker" d="{line}"/>']
        right = max(right, most_x)
    parts.append(f'<text class="value{own}" x="{right + 7:.1f}" y="{baseline}">{escape(show(middle, chart.form))}</text>')
    return "".join(parts)


def draw(workload, chart, alone=False):
    """Returns one chart, or None if nothing of it was measured. alone: for a separate file, with its own style."""
    entries = [(p, stats.values(p["samples"], chart.metric)) for p in workload["peers"].values()]
    entries = sorted((e for e in entries if e[1]), key=lambda e: median(e[1]), reverse=chart.more_is_better)
    if not entries:
        return None
    medians = [median(figures) for _, figures in entries]
    end = scale_end(medians, [max(figures) for _, figures in entries], chart.more_is_better)

    def at(value):
        return LABELS + (WIDTH - LABELS - RIGHT) * value / end
    height = TOP + ROW * len(entries) + BOTTOM
    better = "more" if chart.more_is_better else "less"
    # A separate file has no heading of the report, so its title is that of the workload.
    title = workload["title"] if alone else chart.title
    rounds = max(len(figures) for _, figures in entries)
    how = f"{chart.title}: " if alone else ""
    how += f"{better} is better; median" + (f" of {rounds} rounds, the line from least to most" if rounds > 1 else "")
    how += "; a slash marks a truncated bar" if max(medians) > end else ""
    body = "".join(row(p, figures, chart, TOP + i * ROW, at, end) for i, (p, figures) in enumerate(entries))
    style = f"<style>{STYLE}</style>" if alone else ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img"><title>{escape(workload["title"])}: {escape(chart.title)}</title>{style}'
            f'<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>'
            f'<text class="title" x="12" y="21">{escape(title)}</text><text class="faint" x="12" y="39">{escape(how)}</text>'
            f'<path class="axis" d="M{LABELS} {TOP - 4}V{height - BOTTOM + 2}"/>{body}</svg>')


def of(workload):
    """Yields (chart, SVG) for each chart of a workload that was measured."""
    kind = KINDS.get(workload["kind"])
    for chart in kind.charts if kind else ():
        svg = draw(workload, chart)
        if svg:
            yield chart, svg


def write_all(document, folder):
    """Writes a file for each chart, named by the workload and the figure. Returns the paths."""
    os.makedirs(folder, exist_ok=True)
    paths = []
    for workload in document["workloads"].values():
        for chart, _ in of(workload):
            path = os.path.join(folder, f"{workload['key']}-{chart.metric}.svg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(draw(workload, chart, alone=True) + "\n")
            paths.append(path)
    return paths
