"""Writes the document of a run to its files, after each workload and at the end, however the run ends."""
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
    """A context manager. At its end it writes everything measured so far, also after an exception or a signal."""

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
        """
        Called after a workload. Writes only the samples; the report can be made from them. A pipe or a device is written
        only at the end.
        """
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
                # The exit code has to tell what ended the run, so this error is only printed.
                print(f"salvo bench: {e}", file=sys.stderr)


def write(document, options, written):
    """Writes all files. written: a list to which each path is added after it was written."""
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
    """
    Replaces a file in one step, because a run of an hour may be ended at any moment: the file is then complete or
    unchanged. A device is written directly.
    """
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
