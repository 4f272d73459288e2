"""The kinds of workloads: the columns of their tables, their ratios and their charts."""
from dataclasses import dataclass

COUNT, DECIMAL, PERCENT, EXACT_PERCENT, BYTES, MICROS = "count", "decimal", "percent", "percent2", "bytes", "micros"


def show(value, form):
    if value is None:
        return "-"
    if form == BYTES:
        return next(f"{value / size:,.1f} {unit}" for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1))
                    if abs(value) >= size or size == 1)
    if form == MICROS:
        return f"{value / 1000:,.1f} µs"
    return {COUNT: f"{value:,.0f}", DECIMAL: f"{value:,.2f}", PERCENT: f"{value:.0f} %", EXACT_PERCENT: f"{value:.2f} %"}[form]


@dataclass(frozen=True)
class Column:
    metric: str
    heading: str
    form: str = COUNT
    spread: bool = False  # show (least..most) beside the median


@dataclass(frozen=True)
class Ratio:
    heading: str
    metric: str
    to: str  # reference: the C program with the same technique; best: the best ordinary peer except Salvo and C
    more_is_better: bool = False


@dataclass(frozen=True)
class Chart:
    metric: str
    title: str
    form: str = COUNT
    more_is_better: bool = False


@dataclass(frozen=True)
class Kind:
    what: str  # a description for the report
    columns: tuple
    ratios: tuple = ()
    charts: tuple = ()


CPU = Column("cpu", "CPU ns/datagram", COUNT, True)
CORES = (Column("server_core", "server core", PERCENT), Column("load_core", "load core", PERCENT))
CPU_RATIOS = (Ratio("CPU / C", "cpu", "reference"), Ratio("CPU / best peer", "cpu", "best"))
CPU_CHART = Chart("cpu", "CPU time a datagram, ns")


def rate_ratios(what):
    return (Ratio(f"{what} / C", "rate", "reference", True), Ratio(f"{what} / best peer", "rate", "best", True))


def percentile(metric, heading):
    return Column(metric, heading, MICROS, metric in ("p50", "p99"))


LATENCIES = (percentile("p50", "p50"), percentile("p90", "p90"), percentile("p99", "p99"), percentile("p999", "p99.9"),
             percentile("max", "max"))

KINDS = {
    "echo": Kind(
        "Clients keep a window of datagrams outstanding, and the server sends each back.",
        (Column("rate", "replies/s"), CPU, Column("lost", "lost", EXACT_PERCENT), Column("late", "late", EXACT_PERCENT),
         *CORES, Column("batch", "batch", DECIMAL)),
        (*CPU_RATIOS, Ratio("replies / best peer", "rate", "best", True)),
        (Chart("rate", "Replies a second", COUNT, True), CPU_CHART)),
    "sink": Kind(
        "A C program sends one way, as fast as it can; the server receives and counts. The kernel drops datagrams that"
        " arrive too fast, mostly at the sender's cost.",
        (Column("rate", "received/s"), CPU, Column("lost", "dropped", EXACT_PERCENT), *CORES),
        (*CPU_RATIOS, Ratio("received / best peer", "rate", "best", True)),
        (Chart("rate", "Datagrams received a second", COUNT, True), CPU_CHART)),
    "source": Kind(
        "The peer sends to one destination in a simple endless loop; a C program with GRO receives.",
        (Column("rate", "sent/s", COUNT, True), CPU, Column("arrived", "arrived", EXACT_PERCENT),
         Column("failed", "failed", EXACT_PERCENT), *CORES),
        (*rate_ratios("sent"), Ratio("CPU / C", "cpu", "reference")),
        (Chart("rate", "Datagrams sent a second", COUNT, True), CPU_CHART)),
    "fanout": Kind(
        "The peer sends each payload to 64 destinations in turn, in an endless loop. All destinations are sockets of one C"
        " program.",
        (Column("rate", "sent/s", COUNT, True), CPU, Column("arrived", "arrived", EXACT_PERCENT),
         Column("failed", "failed", EXACT_PERCENT), *CORES),
        (*rate_ratios("sent"), Ratio("CPU / C", "cpu", "reference")),
        (Chart("rate", "Datagrams sent a second", COUNT, True), CPU_CHART)),
    "rtt": Kind(
        "Round-trip times by HdrHistogram. The percentiles are computed for each round; the table shows their median over"
        " the rounds.",
        (*LATENCIES, Column("cpu", "CPU ns/round trip", COUNT, True), Column("rate", "replies/s"),
         Column("lost", "lost", EXACT_PERCENT), *CORES),
        (Ratio("p50 / C", "p50", "reference"), Ratio("p50 / best peer", "p50", "best"), *CPU_RATIOS),
        (Chart("p50", "Half of the round trips are shorter", MICROS), Chart("p99", "99 % of the round trips are shorter", MICROS),
         Chart("cpu", "CPU time a round trip, ns"))),
    "sockets": Kind(
        "10 sockets are active, with one datagram outstanding at each. The event loop has only these, or 10,000 sockets.",
        (Column("few", "CPU ns/event, 10", COUNT, True), Column("many", "CPU ns/event, 10,000", COUNT, True),
         Column("slowdown", "10,000 / 10", DECIMAL, True), Column("process", "memory/socket", BYTES),
         Column("kernel", "kernel's/socket", BYTES)),
        (Ratio("CPU / C", "many", "reference"), Ratio("CPU / best peer", "many", "best")),
        (Chart("slowdown", "Cost of an event at 10,000 sockets, times that at 10", DECIMAL),
         Chart("process", "Memory of the process for each socket", BYTES))),
    "startup": Kind(
        "The time from the start of the process to its first reply. A datagram is sent each millisecond until then.",
        (Column("millis", "ms", DECIMAL, True), Column("cpu_millis", "CPU ms", COUNT)),
        (Ratio("ms / C", "millis", "reference"), Ratio("ms / best peer", "millis", "best")),
        (Chart("millis", "Start to first reply, ms", DECIMAL),)),
    "memory": Kind(
        "Resident memory when the server listens, and under load (16 plain clients, 64 bytes). The rest is RSS minus the used"
        " heap.",
        (Column("rest_rss", "at rest: RSS", BYTES), Column("rest_heap", "heap", BYTES), Column("rest_other", "the rest", BYTES),
         Column("load_rss", "under load: RSS", BYTES, True), Column("load_heap", "heap", BYTES),
         Column("load_other", "the rest", BYTES)),
        (Ratio("RSS / C", "load_rss", "reference"), Ratio("RSS / best peer", "load_rss", "best")),
        (Chart("load_rss", "Resident memory under load", BYTES),)),
    "gc": Kind(
        "Salvo echoes with a heap of 64 MiB. Pauses and allocations of its threads are counted for 100 million datagrams"
        " after the first tenth, and in other JVMs for 5 million datagrams after 5 million others.",
        (Column("datagrams", "datagrams", COUNT, True), Column("pauses", "pauses", COUNT, True),
         Column("pause_millis", "pauses, ms", DECIMAL, True), Column("all_pauses", "with the start", COUNT, True),
         Column("allocated", "bytes allocated", COUNT, True), Column("bytes", "bytes/datagram", DECIMAL, True),
         Column("rate", "replies/s"))),
}
