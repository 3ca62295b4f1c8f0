"""A folder of submissions, checked by several processes into one table that a stop in the middle can't spoil.

A row is appended as soon as its submission is finished. Whoever starts again
gets what is in the table already, unless the submission, bp or the options have changed.
"""
import csv
import hashlib
import io
import multiprocessing
import os
import queue
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy

from bp.diagnosis.files import SUFFIXES, NotFound, check_file, find, not_found
from bp.diagnosis.reports import headline
from bp.diagnosis.sandbox import Limits, keep_memory_private, read_source

COLUMNS = ("submission", "file", "verdict", "mistakes", "finding", "seconds", "checked")
ERROR = "error"
FORMULA = ("=", "+", "-", "@")  # a spreadsheet would calculate a cell that starts like this


@dataclass(frozen=True)
class Task:
    """One submission: a file or a folder, and how it is to be checked."""
    path: str
    name: str
    limits: Limits
    language: str | None
    options: dict

    @property
    def fingerprint(self):
        """A hash of the submission, of bp and of the options: what the verdict depends on."""
        path, found = Path(self.path), hashlib.sha256()
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        for file in files:
            found.update(f"{file.relative_to(path)}\0".encode())
            try:
                found.update(read_source(file))
            except (OSError, ValueError) as error:
                found.update(repr(error).encode())
        found.update(repr((self.name, self.limits, self.language, sorted(self.options.items()), of_bp())).encode())
        return found.hexdigest()[:16]


@cache
def of_bp():
    """A hash of bp's own files and of NumPy's version."""
    package, found = Path(__file__).parents[1], hashlib.sha256(numpy.__version__.encode())
    for file in sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json")):
        found.update(file.read_bytes())
    return found.hexdigest()


def submissions(folder):
    """Return the submissions in a folder: every .py file, every notebook and every folder in it, by name.

    Hidden ones are passed over.
    """
    return [path for path in sorted(Path(folder).iterdir(), key=lambda path: path.name)
            if not path.name.startswith((".", "__")) and (path.is_dir() or path.suffix in SUFFIXES and path.is_file())]


def check_folder(folder, name, table, *, jobs=None, limits=Limits(), language=None, progress=None, **options):
    """Check every submission in a folder and write the table; return its rows, by name.

    `jobs` processes work at once, by default one for each processor. A submission that
    can't be checked gets a row that says so, and the others go on. `progress` wraps the rows as they come,
    as tqdm does; it is called with `total` and `initial`. Raises ValueError if the table is another file than one of these.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ann.py").write_text("from numpy import zeros\\ndef backprop(x, y): return zeros(2)")
    ...     rows = check_folder(folder, "backprop", f"{folder}/results.csv", jobs=1, language="en")
    >>> rows[0]["submission"], rows[0]["verdict"]
    ('ann.py', 'stops')
    """
    table = Path(os.path.realpath(table))  # a link stays a link
    if table.exists() and not table.is_file():
        raise ValueError(f"table: expected a file, got {str(table)!r}")
    tasks = {path.name: Task(str(path.resolve()), name, limits, language, options) for path in submissions(folder)}
    prints = {submission: task.fingerprint for submission, task in tasks.items()}
    rows = {submission: row for submission, row in read(table).items()
            if row["checked"] == prints.get(submission) and row["verdict"] != ERROR}
    _write(table, rows.values())
    left = [submission for submission in tasks if submission not in rows]
    done = _checked(left, tasks, min(jobs or os.cpu_count() or 1, len(left)))
    if progress is not None:
        done = progress(done, total=len(tasks), initial=len(rows))
    with open(table, "ab", buffering=0) as file:
        for submission, row in done:
            rows[submission] = {**row, "submission": submission, "checked": prints[submission]}
            file.write(_line(rows[submission]))
    ordered = [rows[submission] for submission in tasks]
    _write(table, ordered)
    return ordered


def summary(rows):
    """Return how many of each verdict there are, and of each mistake, as lines.

    >>> print(summary([{"verdict": "wrong", "mistakes": "sign"}, {"verdict": "correct", "mistakes": ""}]))
    2 submissions: 1 wrong, 1 correct
         1  sign
    """
    verdicts = Counter(row["verdict"] for row in rows)
    mistakes = Counter(row["mistakes"] for row in rows if row["mistakes"])
    head = f"{len(rows)} submissions: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return "\n".join([head, *(f"{count:6d}  {mistake}" for mistake, count in mistakes.most_common())])


def read(table):
    """Return the rows of a table by submission, without those that lack a column."""
    try:
        text = Path(table).read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return {}
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or COLUMNS) != COLUMNS:
        raise ValueError(f"{table}: not a table of submissions; give another file")
    return {row["submission"]: row for row in rows if None not in row.values() and None not in row}


def _write(table, rows):
    """Put a new table in the place of the old one, at once."""
    fresh = table.with_name(table.name + ".new")
    fresh.write_bytes(b"\xef\xbb\xbf" + _line(dict(zip(COLUMNS, COLUMNS))) + b"".join(map(_line, rows)))
    os.replace(fresh, table)


def _line(row):
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_cell(row[column]) for column in COLUMNS])
    return line.getvalue().encode("utf-8", errors="replace")


def _cell(value):
    text = " ".join(str(value).replace("\0", "").split())
    return f"'{text}" if text.startswith(FORMULA) else text


def _checked(left, tasks, jobs):
    """Yield (submission, row) as they are finished."""
    waiting, finished = queue.SimpleQueue(), queue.SimpleQueue()
    for submission in left:
        waiting.put(submission)
    workers = [_Worker() for _ in range(jobs)]
    for worker in workers:
        threading.Thread(target=_work, args=(worker, tasks, waiting, finished), daemon=True).start()
    try:
        for _ in left:
            yield finished.get()
    finally:
        for worker in workers:
            worker.stop()


def _work(worker, tasks, waiting, finished):
    while not worker.stopped:
        try:
            submission = waiting.get_nowait()
        except queue.Empty:
            return
        finished.put((submission, worker.run(tasks[submission])))


class _Worker:
    """A process that checks one submission after another, and is replaced when it dies."""

    def __init__(self):
        self.stopped = False
        self._start()

    def _start(self):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def run(self, task):
        """Return the row of a task; one that says so if the process died or doesn't answer."""
        try:
            self.connection.send(task)
            if self.connection.poll(task.limits.total + 60):
                return self.connection.recv()
            why = "the check does not end"
        except (EOFError, OSError):
            why = "the process that checked it died"
        if not self.stopped:
            self._end()
            self._start()
        return _row("", ERROR, why)

    def stop(self):
        """End the process."""
        self.stopped = True
        self._end()

    def _end(self):
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(connection):
    keep_memory_private()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the main process's to handle
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            row = _row_of(task)
        except Exception as error:  # bp's own mistake: the other submissions go on
            row = _row("", ERROR, f"{type(error).__name__}: {error}")
        connection.send(row)


def _row_of(task):
    path = Path(task.path)
    try:
        file = find(path, task.name) if path.is_dir() else path
        checked = check_file(file, task.name, readable=path, limits=task.limits, **task.options)
    except NotFound as error:
        file, checked = path, not_found(path, task.name, error)
    diagnosis = checked.diagnosis
    return _row(str(file.relative_to(path.parent)), diagnosis.verdict, headline(diagnosis, task.language),
                " | ".join("+".join(match) for match in diagnosis.matches), f"{checked.seconds:.2f}")


def _row(file, verdict, finding, mistakes="", seconds=""):
    return {"file": file, "verdict": verdict, "finding": finding, "mistakes": mistakes, "seconds": seconds}
