"""./salvo bench: measures Salvo and compares it with C, Netty, the JDK and Twisted. bench/README.md explains the results."""
import json
import signal
import sys
import traceback

import arguments
import bars
import builds
import machine
import output
import page
import runner
import table
from context import Context
from peers import find_twisted, missing

END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end(number, _frame):
    """Exits, so that every `finally` block on the stack ends its own programs. A second signal must not disturb that."""
    for ignored in END_SIGNALS:
        signal.signal(ignored, signal.SIG_IGN)
    sys.exit(128 + number)


def print_machine(about):
    versions = "; ".join(f"{name} {about[key]}" for name, key in (
        ("Linux", "kernel"), ("JDK", "jdk"), ("Netty", "netty"), ("Twisted", "twisted")) if about[key])
    print(f"{about['cpu']}; {versions}")
    print(f"peers on core {about['serverCore']}, load on core {about['loadCore']}"
          + (" (two threads of one physical core)" if about["oneCoreTwice"] else ""))
    if about["rmemMax"] < 4 << 20:
        print(f"net.core.rmem_max is {about['rmemMax']}: receive buffers are smaller than the requested 4 MiB, see 'lost'")
    if about["loadAverage"][0] > 0.5:
        print(f"NOISY: the load average is {about['loadAverage'][0]:.1f}. Measure on an idle machine.")


def measure(options, record):
    cores = machine.choose_cores(options.cores)
    absent = builds.build(any(p.is_java for p in options.peers) or any(w.kind == "rtt" for w in options.workloads))
    without = missing(options.peers, absent)
    for key, reason in without.items():
        print(f"without {key}: {reason}", file=sys.stderr)
    present = [p for p in options.peers if p.key not in without]
    # Only the startup workload works without the load generator.
    workloads = [w for w in options.workloads if "c" not in absent or w.kind == "startup"]
    for w in options.workloads:
        if w not in workloads:
            print(f"without {w.key}: {absent['c']}", file=sys.stderr)
    if not present or not workloads:
        raise machine.Refusal("nothing can be measured: the lines above say what is missing")
    twisted = find_twisted()[1] if find_twisted()[0] else None
    about = machine.describe(cores, twisted, builds.c_compiler())
    print_machine(about)
    plan = runner.Plan(workloads, present, options.rounds, options.seconds, options.warmup, options.quick)
    seconds = plan.estimate(options.peers_named)
    print(f"{len(workloads)} workload{'s' * (len(workloads) > 1)}, {options.rounds} round{'s' * (options.rounds > 1)} "
          f"of {options.seconds:g} s: about {runner.duration(seconds)}", flush=True)
    java = str(machine.find_jdk()[0]) if machine.java_version() and "java" not in absent else None
    record.about, record.missing = about, without
    with record, Context(cores, java, options.seconds, options.warmup, options.quick) as context:
        runner.run(context, plan, options.peers_named, runner.Progress(seconds), record)
    return record.document()


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document["version"] != 1:
            raise machine.Refusal(f"{path} was written by another version of ./salvo bench")
        document |= {"bars": bars.judge_all(document["workloads"])}
        # This reads every field that is used later, so that a wrong file is reported here.
        page.render(document)
        for workload in document["workloads"].values():
            table.text(workload)
        return document
    except KeyError as e:
        raise machine.Refusal(f"{path} is not a JSON file of ./salvo bench: it has no {e}") from None
    except (OSError, ValueError, TypeError, AttributeError) as e:
        raise machine.Refusal(f"{path} is not a JSON file of ./salvo bench: {e}") from None


def tell_written(written):
    if written:
        print("written: " + (", ".join(written) if len(written) < 4 else f"{', '.join(written[:2])} and {len(written) - 2} more"),
              flush=True)


def main(words=None):
    options = arguments.parse(words)
    for number in END_SIGNALS:
        signal.signal(number, end)
    record = output.Record(options)
    try:
        arguments.refuse_unwritable(options)
        if options.from_file:
            document = read(options.from_file)
            for workload in document["workloads"].values():
                print(table.text(workload))
            output.write(document, options, record.written)
        else:
            document = measure(options, record)
        print(table.summary(document["bars"]))
        print(table.noise(document["workloads"]))
    except (machine.Refusal, OSError) as refusal:
        print(f"salvo bench: {refusal}", file=sys.stderr)
        return 3
    except Exception:
        traceback.print_exc()
        return 3
    finally:
        tell_written(record.written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
