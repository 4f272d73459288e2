"""The command line of ./salvo bench."""
import argparse
import os

from machine import Refusal
from peers import BY_KEY, PEERS
from workloads import WORKLOADS

GROUPS = tuple(dict.fromkeys(w.group for w in WORKLOADS if w.group != w.key))
DEFAULTS = {"rounds": 10, "seconds": 0.7, "warmup": 0.2}
QUICK = {"rounds": 2, "seconds": 0.3, "warmup": 0.1}

EPILOG = f"""workloads: {', '.join(w.key for w in WORKLOADS)}
groups of workloads: {', '.join(GROUPS)}
peers: {', '.join(p.key for p in PEERS)}
jmh, the JMH benchmarks with their C counterparts, runs only if it is named, for about 11 minutes.
It must be built first: mvn -q -DskipTests -pl bench/jmh -am package.
--quick runs the workloads that have a bar, with few peers; with --only it runs what that names.
Exit codes: 0 measured, whether the bars are met or not; 2 wrong arguments; 3 refused or failed, with the reason;
129, 130, 143 ended by SIGHUP, Ctrl-C, SIGTERM."""


def parse(words=None):
    parser = argparse.ArgumentParser(
        prog="salvo bench", description="Compares Salvo with C, Netty, the JDK and Twisted on this machine, over loopback.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="2 rounds of 0.3 s of the workloads that have a bar: under 3 minutes")
    parser.add_argument("--only", metavar="LIST", type=choice, default=((), ()),
                        help="measure only these workloads, groups and peers, separated by commas; a ratio needs both sides")
    parser.add_argument("--rounds", type=whole, metavar="N", help="rounds of each workload (default 10)")
    parser.add_argument("--seconds", type=seconds, metavar="S", help="measured time of each peer in a round (default 0.7)")
    parser.add_argument("--json", metavar="FILE", help="the file for every sample (default ./salvo-bench.json)")
    parser.add_argument("--html", metavar="FILE", help="the file for the report (default ./salvo-bench.html)")
    parser.add_argument("--charts", metavar="DIR", help="also write each chart as an SVG file into this folder")
    parser.add_argument("--from", metavar="FILE", dest="from_file",
                        help="measure nothing: make the report and the charts from an earlier JSON file")
    parser.add_argument("--cores", metavar="SERVER,LOAD", help="the cores of the peers and of the load (default: the last two)")
    options = parser.parse_args(words)
    if options.from_file and (options.json or options.quick or options.rounds or options.seconds or options.cores
                              or any(options.only)):
        parser.error("--from goes only with --html and --charts")
    defaults = QUICK if options.quick else DEFAULTS
    options.rounds = options.rounds or defaults["rounds"]
    options.seconds = options.seconds or defaults["seconds"]
    options.warmup = defaults["warmup"]
    workloads, peers = options.only
    options.peers_named = bool(peers)
    options.peers = tuple(p for p in PEERS if p.key in peers) if peers else PEERS
    options.workloads = tuple(w for w in WORKLOADS if w.key in workloads) if workloads else tuple(
        w for w in WORKLOADS if w.by_default and (w.quick or not options.quick))
    if not options.from_file:
        options.json = options.json or "salvo-bench.json"
        options.html = options.html or "salvo-bench.html"
    return options


def whole(text):
    if not text.isdecimal() or not 1 <= int(text) <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 3600")
    return int(text)


def seconds(text):
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0.05 <= number <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds from 0.05 to 3600")
    return number


def choice(text):
    """Returns (workload keys, peer keys). Some words, for example sockets and memory, are both a key and a group."""
    words = [word for word in text.split(",") if word]
    keys = {w.key for w in WORKLOADS}
    unknown = [w for w in words if w not in keys and w not in GROUPS and w not in BY_KEY]
    if unknown or not words:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown) or 'nothing'}; --help lists the workloads, groups and peers")
    workloads = tuple(w.key for w in WORKLOADS if w.key in words or (w.group in words and w.group in GROUPS))
    return workloads, tuple(w for w in words if w in BY_KEY)


def refuse_unwritable(options):
    """Refuses files that cannot be written before the measurement, which may take an hour."""
    for path in filter(None, (options.json, options.html)):
        if os.path.isdir(path) or not os.access(path if os.path.exists(path) else nearest(path), os.W_OK):
            raise Refusal(f"{path} cannot be written")
    if options.charts:
        folder = nearest(os.path.join(options.charts, "a chart"), made=True)
        if not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
            raise Refusal(f"charts cannot be written into {options.charts}")


def nearest(path, made=False):
    """Returns the folder of a path. With made, missing folders will be created: returns the nearest one that exists."""
    folder = os.path.dirname(os.path.abspath(path))
    while made and not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return folder
