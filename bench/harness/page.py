"""Renders the document as one HTML file without scripts and without external resources, in light and dark colours."""
from html import escape

import bars
import charts
import table
from kinds import KINDS

STYLE = """
:root{color-scheme:light dark;--ink:#1c2126;--faint:#5c6670;--line:#d9dee3;--paper:#fff;--back:#f4f6f8;
--met:#1e7a3a;--missed:#c02b2b}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebee;--faint:#a3adb7;--line:#3a424a;--paper:#14181c;--back:#0c0f12;
--met:#62c97a;--missed:#ff8080}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);line-height:1.5;
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:96rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;margin:.2rem 0}h2{font-size:1.25rem;margin:2.5rem 0 .4rem}h3{font-size:1.05rem;margin:1.8rem 0 .5rem}
p{max-width:60rem;margin:.4rem 0}.faint,small{color:var(--faint)}
a{color:inherit}nav a{margin-right:.9rem;white-space:nowrap}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:.8rem;align-items:start}
.chart{width:100%;height:auto;border:1px solid var(--line);border-radius:6px;display:block}
.wide{overflow-x:auto;margin:.8rem 0;background:var(--paper);border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
th,td{padding:.32rem .65rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
tr:last-child td,tr:last-child th{border-bottom:0}
th:first-child,td:first-child{text-align:left}thead th{color:var(--faint);font-weight:600}
tbody tr.salvo{font-weight:600}
pre{margin:.6rem;font-size:.8rem}.words{width:fit-content;max-width:100%}.words th,.words td{text-align:left}
.met{color:var(--met);font-weight:600}.missed{color:var(--missed);font-weight:600}
.noisy{border-left:4px solid var(--missed);padding-left:.8rem}
"""

KEPT_EVEN = """Each peer is a process on one core, and the load is a process on a second core. They communicate over loopback,
so the figures compare the cost of a datagram to the host. Peers take turns within a round, in reverse order in every second
round, and are paused (SIGSTOP) between their turns. Ratios are computed within a round; the tables show medians with
(least..most). C is the program with the same system calls. For Salvo this is C GRO/GSO, which looks up, copies and joins
each datagram, while Salvo's reactor sends coalesced datagrams back from the receive buffers and copies the rest. The C
program that copies nothing shows the limit: it has no bar, and a line under the tables compares Salvo with it. The best peer
is the best ordinary form of Netty, the JDK and Twisted; Netty joined by hand is a separate row. CPU is the user and system
time of the process with all its threads, including JIT and garbage collection."""


def render(document):
    workloads = document["workloads"].values()
    groups = list(dict.fromkeys(w["group"] for w in workloads))
    parts = [head(document), bars_table(document["bars"]), noise(document["workloads"])]
    parts += [section(group, [w for w in workloads if w["group"] == group]) for group in groups]
    return page("Salvo bench", "\n".join(p for p in parts if p))


def page(title, body):
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}{charts.STYLE}</style></head>'
            f"<body><main>\n{body}\n</main></body></html>\n")


def head(document):
    about, settings = document["machine"], document["settings"]
    groups = dict.fromkeys(w["group"] for w in document["workloads"].values())
    links = " ".join(f'<a href="#{escape(g)}">{escape(g)}</a>' for g in groups)
    missing = "".join(f"<p>Without {escape(k)}: {escape(why)}</p>" for k, why in document["missing"].items())
    return (f"<h1>Salvo bench</h1><p class=faint>{escape(settings['started'])} to {escape(settings['ended'])}, "
            f"{settings['rounds']} round{'s' * (settings['rounds'] > 1)} of {settings['seconds']:g} s after {settings['warmup']:g} s of warm-up; a new JVM ran some seconds before its first round"
            f"{', quick: for a first look' if settings['quick'] else ''}"
            f"{'' if settings.get('complete', True) else '. The run was ended before all was measured.'}</p><nav><a href=#bars>bars</a>{links}</nav>"
            f"<h2>How it was measured</h2><p>{KEPT_EVEN}</p><h2>Where</h2>{machine_table(about)}{missing}")


def machine_table(about):
    names = {"cpu": "processor", "memoryMegabytes": "memory, MiB", "kernel": "Linux", "jdk": "JDK", "netty": "Netty",
             "twisted": "Twisted", "python": "Python", "gcc": "C compiler", "cFlags": "flags of C", "serverCore": "core of the peers",
             "loadCore": "core of the load", "oneCoreTwice": "two threads of one physical core",
             "rmemMax": "net.core.rmem_max", "irqTimeAccounting": "CONFIG_IRQ_TIME_ACCOUNTING", "loadAverage": "load average before", "commit": "Salvo"}
    cells = {True: "yes", False: "no", None: "none"}
    rows = []
    for key, name in names.items():
        value = about.get(key)
        text = ", ".join(f"{v:.2f}" for v in value) if isinstance(value, list) else str(value)
        if value is None or isinstance(value, bool):
            text = cells[value]
        rows.append([name, text])
    return html_table(["", ""], rows, more=" words", heading=False)


def bars_table(judged):
    rows, classes = [], {"met": "met", "MISSED": "missed", "not measured": "faint"}
    for bar in judged:
        verdict = bars.verdict(bar)
        note = f" <small>{escape(bar['note'])}</small>" if bar["note"] else ""
        rows.append(f"<tr><td>{escape(bar['workload'])}</td><td>{escape(bar['bar'])}</td><td>{escape(bar['shown'])}</td>"
                    f'<td class="{classes[verdict]}">{verdict}{note}</td></tr>')
    return ('<h2 id="bars">Bars</h2><p>The limits that Salvo has to meet, judged by the median over the rounds (least..most).</p><div class="wide words">'
            "<table><thead><tr><th>workload</th><th>bar</th><th>figure</th><th></th></tr></thead><tbody>"
            f"{''.join(rows)}</tbody></table></div>")


def noise(workloads):
    text = table.noise(workloads)
    return f'<p class="{"noisy" if "NOISY" in text else "faint"}">{escape(text)}</p>' if text else ""


def section(group, workloads):
    parts = [f'<h2 id="{escape(group)}">{escape(group)}</h2>']
    kinds = dict.fromkeys(w["kind"] for w in workloads)
    parts += [f"<p>{escape(KINDS[k].what)}</p>" for k in kinds if k in KINDS]
    for workload in workloads:
        parts.append(f"<h3>{escape(workload['title'])} <small>{escape(workload['key'])}</small></h3>")
        drawn = "".join(svg for _, svg in charts.of(workload))
        parts.append(f'<div class="charts">{drawn}</div>' if drawn else "")
        if workload["kind"] in KINDS:
            first, *others = table.rows(workload)
            own = {p["title"] for p in workload["peers"].values() if p["family"] == "salvo"}
            parts.append(html_table(first, others, own))
            parts += [f"<p class=faint>{escape(remark)}</p>" for remark in table.remarks(workload)]
        else:
            parts.append(f'<div class="wide"><pre>{escape(chr(10).join(table.remarks(workload)))}</pre></div>')
    return "\n".join(parts)


def html_table(first, rows, own=(), more="", heading=True):
    head_row = f"<thead><tr>{''.join(f'<th>{escape(c)}</th>' for c in first)}</tr></thead>" if heading else ""
    body = "".join(f"<tr{' class=salvo' if r[0] in own else ''}>{''.join(f'<td>{escape(c)}</td>' for c in r)}</tr>" for r in rows)
    return f'<div class="wide{more}"><table>{head_row}<tbody>{body}</tbody></table></div>'
