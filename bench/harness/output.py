"""What a run leaves: its document, in its files after each workload and at its end, whichever end that is."""
import json
import os
import stat
import sys
import time

import bars
import charts
import page
import table


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Record:
    """with record: what there is when it ends is written, also when an exception or a signal ends it."""

    def __init__(self, options):
        self.options, self.started = options, now()
        self.about, self.missing, self.measured = None, {}, {}
        self.complete, self.written = False, []

    def document(self):
        options = self.options
        return {"version": 1, "machine": self.about, "missing": self.missing, "workloads": self.measured,
                "bars": bars.judge_all(self.measured), "otherWork": table.other_work(self.measured),
                "settings": {"rounds": options.rounds, "seconds": options.seconds, "warmup": options.warmup,
                             "quick": options.quick, "started": self.started, "ended": now(), "complete": self.complete}}

    def keep(self):
        """After a workload: the samples alone; the report can be made of them. A pipe or a device gets only the end."""
        if is_replaced(self.options.json):
            write_json(self.options.json, self.document())

    def __enter__(self):
        return self

    def __exit__(self, kind, why, trace):
        self.complete = kind is None
        if self.complete or self.measured:
            try:
                write(self.document(), self.options, self.written)
            except Exception as e:
                if self.complete:
                    raise
                # What ended the run is what its exit code tells.
                print(f"salvo bench: {e}", file=sys.stderr)


def write(document, options, written):
    """written: gets the paths, each when it is there."""
    if options.json:
        write_json(options.json, document)
        written.append(options.json)
    if options.html:
        write_text(options.html, page.render(document))
        written.append(options.html)
    if options.charts:
        written += charts.write_all(document, options.charts)


def write_json(path, document):
    write_text(path, json.dumps(document, indent=1) + "\n")


def is_replaced(path):
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True


def write_text(path, text):
    """Whole, or as it was before: a run of an hour may be ended at each moment. A device is written to."""
    path = os.path.realpath(path)
    if not is_replaced(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    part = f"{path}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.unlink(part)
