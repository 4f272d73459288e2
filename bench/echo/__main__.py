"""UDP echoes side by side: C, Salvo, Netty, the JDK. README.md says how to read it."""
import argparse
import json
import signal
import sys
import time
from dataclasses import asdict

import machine
import report
from measure import WORKLOADS, measure, run_load
from peers import PEERS, Server

# Once for each workload and JVM: its JIT has compiled the path by then.
WARMING_SECONDS = 5
# At each measurement, not counted: caches and branch predictors are warm again, after the others' turns.
WARMUP_SECONDS = 1

EPILOG = f"""peers: {', '.join(p.key for p in PEERS)}
workloads: {', '.join(w.key for w in WORKLOADS)}
Exit codes: 0 measured, 2 wrong arguments, 3 refused or failed, with the reason; 130 Ctrl-C."""


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="echo.sh", description="Measures UDP echo servers side by side on this machine, by loopback.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=positive, metavar="N", help="rounds of each workload (default 5)")
    parser.add_argument("--seconds", type=positive, metavar="S", help="measured time of each peer in a round (default 3)")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 1 s, for a first look")
    parser.add_argument("--only", metavar="LIST", type=choice, default=(PEERS, WORKLOADS),
                        help="these peers and workloads alone, by commas; ratios need their other side")
    parser.add_argument("--cores", metavar="SERVER,LOAD", help="default: the last two")
    parser.add_argument("--json", metavar="FILE", help="write every sample there too")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (2 if arguments.quick else 5)
    arguments.seconds = arguments.seconds or (1 if arguments.quick else 3)
    return arguments


def positive(text):
    if not 1 <= int(text) <= 3600:
        raise ValueError
    return int(text)


def choice(text):
    keys = set(text.split(","))
    unknown = keys - {x.key for x in PEERS + WORKLOADS}
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}; --help lists what there is")
    return tuple(tuple(x for x in all_of if x.key in keys) or all_of for all_of in (PEERS, WORKLOADS))


class Progress:
    """One line on stderr, rewritten on a terminal."""

    def __init__(self, steps):
        self.steps, self.step, self.start = steps, 0, time.monotonic()

    def tell(self, what):
        elapsed = time.monotonic() - self.start
        left = f", about {elapsed / self.step * (self.steps - self.step) / 60:.1f} min left" if self.step else ""
        self.step += 1
        line = f"[{self.step}/{self.steps}] {what}{left}"
        print(f"\r\033[K{line}" if sys.stderr.isatty() else line, end="" if sys.stderr.isatty() else "\n",
              file=sys.stderr, flush=True)

    def clear(self):
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def measure_workload(workload, servers, arguments, cores, progress):
    for server in servers:
        if server.peer.is_java:
            progress.tell(f"{workload.title}: warming {server.peer.title}")
            server.resume()
            run_load(server, workload, cores, WARMING_SECONDS, warmup=0)
            server.pause()
    results = {server.peer.key: [] for server in servers}
    for number in range(1, arguments.rounds + 1):
        # To and fro, so that no peer always comes after the same one.
        for server in servers if number % 2 else servers[::-1]:
            progress.tell(f"{workload.title}: round {number} of {arguments.rounds}, {server.peer.title}")
            sample = measure(server, workload, cores, arguments.seconds, WARMUP_SECONDS, number)
            results[server.peer.key].append(sample)
    return results


def measure_all(arguments, java, cores):
    peers, workloads = arguments.only
    java_peers = sum(p.is_java for p in peers)
    progress = Progress(len(workloads) * (java_peers + arguments.rounds * len(peers)))
    servers, measured = [], {}
    try:
        for peer in peers:
            servers.append(Server(peer, java, cores[0]))
        for workload in workloads:
            results = measured[workload.key] = measure_workload(workload, servers, arguments, cores, progress)
            progress.clear()
            print(report.table(workload, peers, results), flush=True)
    finally:
        progress.clear()
        for server in servers:
            server.stop()
    return measured


def print_machine(about):
    print(f"{about['cpu']}; Linux {about['kernel']}; JDK {about['jdk']}; Netty {about['netty']}")
    print(f"servers on core {about['serverCore']}, load on core {about['loadCore']}"
          + (" (two threads of one physical core)" if about["oneCoreTwice"] else ""))
    if about["rmemMax"] < 4 << 20:
        print(f"net.core.rmem_max is {about['rmemMax']}: the JVM peers' receive buffers are smaller than C's, see 'lost'")


def write_json(path, about, arguments, measured):
    samples = {w: {p: [asdict(s) for s in samples] for p, samples in r.items()} for w, r in measured.items()}
    content = {"machine": about, "rounds": arguments.rounds, "seconds": arguments.seconds, "samples": samples,
               "bars": list(report.bars(measured))}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end(number, _frame):
    """Every `finally` above the interrupted line ends its own; a second Ctrl-C doesn't disturb that."""
    for ignored in END_SIGNALS:
        signal.signal(ignored, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    arguments = parse_arguments()
    for number in END_SIGNALS:
        signal.signal(number, end)
    try:
        cores = machine.choose_cores(arguments.cores)
        java_too = any(p.is_java for p in arguments.only[0])
        java, version = machine.find_jdk() if java_too else (None, "-")
        machine.build(java_too)
        about = machine.describe(version, cores)
        print_machine(about)
        measured = measure_all(arguments, java, cores)
    except machine.Refusal as refusal:
        print(f"echo.sh: {refusal}", file=sys.stderr)
        return 3
    print(report.summary(measured))
    print(report.noise(measured))
    if arguments.json:
        write_json(arguments.json, about, arguments, measured)
    return 0


sys.exit(main())
