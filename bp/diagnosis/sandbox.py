"""Somebody's code in a process of its own, which answers what it is asked and can do little else.

`Sandbox` starts the process, has the file loaded in it, and passes one problem
after another. What is expected stays here. What comes back is read by
`isolated.wire`, which evaluates nothing; a process that takes too long, prints
too much, ends itself or writes anything else becomes a Crash.
"""
import ast
import ctypes
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy

from bp.diagnosis.conventions import RETURNS, Answer, Call, Crash
from bp.diagnosis.isolated import wire

PROGRAM = Path(wire.__file__).parent
KEPT = 4000  # characters of what the code prints that are kept
RESTARTS = 1
NO_ANSWER = Crash("exit", "no answer came")
ROLE = re.compile(r"x|y|weights|biases|parameters|sizes|[wb]\d{1,2}")
SOURCE_LIMIT = 2 ** 19  # it has to fit into one message


@dataclass(frozen=True)
class Limits:
    """What the code may take: seconds for one call and in all, bytes of memory, bytes that it prints."""
    call: float = 5.0
    total: float = 30.0
    memory: int = 2 ** 30
    output: int = 2 ** 22


@dataclass(frozen=True)
class Stop:
    """Where the statements of a file stopped before its end; what stands before that line can be checked."""
    error: str
    file: str
    line: int | None
    source: str


class NotFound(ValueError):
    """There is nothing that could be checked; said in both languages."""

    def __init__(self, en, zh):
        super().__init__(en)
        self.both = en, zh


class Unloadable(Exception):
    """There is nothing to check: `crash` says why, `functions` what the file has instead."""

    def __init__(self, crash, functions=(), stops=()):
        super().__init__(crash.error)
        self.crash, self.functions, self.stops = crash, tuple(functions), tuple(stops)


def cells_of(path):
    """Return the source of a .py file or of a notebook's code cells, as [(label, source)].

    The label of a .py file is its path. In a notebook, lines that only IPython
    understands are left out.
    """
    path = Path(path)
    text = read_source(path).decode("utf-8-sig", errors="replace")
    if path.suffix != ".ipynb":
        return [(str(path), text)]
    try:
        cells = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return cells_from([source if isinstance(source, str) else "".join(source) for source in cells])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotFound(f"{path.name} is not a notebook.", f"{path.name} 不是筆記本。") from None


def read_source(path):
    """Return a file's bytes; raise NotFound if it is larger than code is, pictures in a notebook included."""
    most = 20 * SOURCE_LIMIT if path.suffix == ".ipynb" else SOURCE_LIMIT
    if path.stat().st_size > most:
        raise NotFound(f"{path.name} has more than {most} bytes.", f"{path.name} 超過 {most} 個位元組。")
    return path.read_bytes()


def cells_from(sources):
    """Return the sources of code cells as [(label, source)], without what only IPython understands.

    >>> cells_from(["%matplotlib inline\\nx = 1", "%%time\\ny = 2", "files = !ls", "%%bash\\nls"])[1:]
    [('cell 1', 'pass\\nx = 1'), ('cell 2', 'pass\\ny = 2'), ('cell 3', 'files = None'), ('cell 4', '')]
    """
    return [("IPython", _OF_IPYTHON), *((f"cell {number}", _plain(source)) for number, source in enumerate(sources, start=1))]


# What a notebook may call without an import.
_OF_IPYTHON = "display, get_ipython = print, __import__('unittest.mock').mock.Mock\n"
_PYTHON_BELOW = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*")  # the rest of such a cell is Python
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|\S+\?{1,2})$", re.MULTILINE)
_MAGIC_VALUE = re.compile(r"^(\s*[\w, ]+=\s*)[%!].*$", re.MULTILINE)


def _plain(source):
    source = _PYTHON_BELOW.sub("pass", source, count=1) if _PYTHON_BELOW.match(source) else source
    if source.lstrip().startswith("%%"):
        return ""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        return _MAGIC_VALUE.sub(r"\1None", _MAGIC.sub(r"\1pass", source))


def keep_memory_private():
    """Keep processes of the same user from reading this one's memory, where Linux would let them.

    For a process that does nothing but check: debuggers can't look into it either.
    """
    if sys.platform == "linux":
        set_dumpable, no = 4, 0
        ctypes.CDLL(None).prctl(set_dumpable, no, 0, 0, 0)


class Sandbox:
    """A function or a class's method in a process of its own.

    `name` is such as "backprop" or "Network.backprop"; `cells` are those of
    `cells_of(path)`. The code may read files below `readable`, by default the
    file's folder, and Python's own.

    >>> import tempfile
    >>> from bp.diagnosis.problems import draw
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.py")
    ...     _ = path.write_text("def backprop(x, y): raise SystemExit")
    ...     with Sandbox(path, "backprop") as sandbox:
    ...         sandbox.load()
    Call(roles=('x', 'y'), L=None)
    """

    def __init__(self, path, name, *, cells=None, readable=None, limits=Limits()):
        self.path, self.name, self.limits = Path(path).resolve(), name, limits
        self.cells = cells_of(self.path) if cells is None else cells
        self.readable = Path(readable or self.path.parent).resolve()
        self.sealed, self.stops, self.printed = None, (), ""
        self._process, self._restarts, self._last = None, RESTARTS, None
        self._end = time.monotonic() + limits.total

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def load(self):
        """Run the file's statements and return how its function is called; raise Unloadable."""
        self._process = _Process(self.path.parent, self.limits)
        said = self._ask({"path": str(self.path), "cells": self.cells, "name": self.name,
                          "readable": str(self.readable), "memory": self.limits.memory, "seconds": self.limits.call,
                          "total": int(self.limits.total) + 1},
                         2 * self.limits.call + 5)
        if isinstance(said, Crash):
            raise Unloadable(said)
        try:
            self.sealed = bool(said.get("sealed"))
            self.stops = tuple(Stop(str(stop["error"]), str(stop["file"]), _line(stop), str(stop["source"]))
                               for stop in said.get("stopped", ()))
            if "roles" in said:
                return _call(said["roles"], said["L"], said["guessed"])
            if "missing" in said:
                raise Unloadable(Crash("missing", str(said["missing"])), map(str, said["functions"]), self.stops)
            raise Unloadable(_crash(said["crash"]), (), self.stops)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unloadable(NO_ANSWER) from None

    def answer(self, problem, convention):
        """Return the Answer of the function to a problem in a convention, or the Crash in its place."""
        if self._process is None:
            if self._restarts == 0:
                return self._last
            self._restarts -= 1
            try:
                self.load()
            except Unloadable as error:
                self._restarts = 0
                self._last = error.crash
                return error.crash
        said = self._ask({"problem": {"x": problem.x, "y": problem.y, "weights": list(problem.weights),
                                      "biases": list(problem.biases)},
                          "roles": convention.call.roles, "L": convention.call.L, "layout": convention.layout,
                          "container": convention.container, "returns": convention.returns}, self.limits.call)
        if isinstance(said, Crash):
            return said
        try:
            if "crash" in said:
                return _crash(said["crash"])
            return Answer(_arrays(said["nabla_b"], problem.L), _arrays(said["nabla_w"], problem.L),
                          tuple(map(str, said["changed"])), tuple(form for form in said["forms"] if form in RETURNS))
        except (KeyError, TypeError, ValueError, AttributeError):
            return NO_ANSWER

    def _ask(self, request, seconds):
        """Return what the process says to a request, or the Crash that it ended in."""
        left = self._end - time.monotonic()
        said = self._process.ask(request, min(seconds, left)) if left > 0 else _too_long(self.limits.total)
        if isinstance(said, Crash):
            self.close()
            self._last = said
        return said

    def close(self):
        """End the process and whatever it started; `printed` is then the beginning of what it wrote."""
        if self._process is not None:
            self._process.end()
            self.printed = self.printed or self._process.printed
            self._process = None


class _Process:
    """The process itself and the two threads that listen to it."""

    def __init__(self, folder, limits):
        self.limits = limits
        self.popen = subprocess.Popen(
            [sys.executable, "-I", "-B", "-u", "-X", "utf8", str(PROGRAM)], cwd=folder, env=_environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.messages, self.kept, self.flooded = queue.SimpleQueue(), bytearray(), False
        self.threads = [threading.Thread(target=listen, daemon=True) for listen in (self._answers, self._output)]
        for thread in self.threads:
            thread.start()

    @property
    def printed(self):
        """The beginning of what came on the process's streams."""
        return bytes(self.kept).decode("utf-8", errors="replace")

    def ask(self, request, seconds):
        """Return the tree that comes back within so many seconds, or a Crash."""
        try:
            self.popen.stdin.write(wire.pack(request))
            self.popen.stdin.flush()
        except OSError:  # it has ended, which the queue says
            pass
        try:
            message = self.messages.get(timeout=seconds)
        except queue.Empty:
            return _too_long(round(seconds, 1))
        if self.flooded:
            return Crash("output", f"> {self.limits.output} B")
        if message is None:
            return self._ended()
        if isinstance(message, wire.WireError) or not isinstance(message, dict):
            return NO_ANSWER
        return message

    def _ended(self):
        try:
            status = self.popen.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return NO_ANSWER
        try:
            return Crash("exit", f"exit status {status}" if status >= 0 else signal.Signals(-status).name)
        except ValueError:
            return Crash("exit", f"signal {-status}")

    def _answers(self):
        """Put every message into the queue, and None after the last."""
        stream = self.popen.stdout
        try:
            while len(header := stream.read(wire.HEADER.size)) == wire.HEADER.size:
                self.messages.put(wire.unpack(header + stream.read(sum(wire.lengths(header)))))
            self.messages.put(None)
        except (wire.WireError, OSError, ValueError) as error:
            self.messages.put(wire.WireError(str(error)))

    def _output(self):
        """Keep the beginning of what is printed, and end the process when it is too much."""
        stream, count = self.popen.stderr, 0
        try:
            while chunk := stream.read1(65536):
                self.kept += chunk[:KEPT - len(self.kept)]
                count += len(chunk)
                if count > self.limits.output:
                    self.flooded = True
                    self.end()
        except (OSError, ValueError):
            pass

    def end(self):
        """Kill the process and its group."""
        try:
            if hasattr(os, "killpg"):
                os.killpg(self.popen.pid, signal.SIGKILL)
            else:
                self.popen.kill()
        except OSError:
            pass
        self.popen.wait()
        for thread in self.threads:
            if thread is not threading.current_thread():
                thread.join(timeout=1)
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            try:
                stream.close()
            except OSError:
                pass


def _too_long(seconds):
    return Crash("time", f"> {seconds:g} s")


def _environment():
    """What the process needs of ours, without anything that might be secret; one thread for its arithmetic."""
    kept = {name: value for name, value in os.environ.items()
            if name.startswith(("OPENBLAS_", "LC_")) or name in ("LANG", "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "MPLBACKEND": "Agg"}


def _call(roles, L, guessed):
    """As `conventions.describe` gives it, whoever wrote the message."""
    roles, guessed = tuple(roles), tuple((str(name), role) for name, role in guessed)
    named = (*roles, *(role for _, role in guessed))
    if not all(isinstance(role, str) and ROLE.fullmatch(role) for role in named) or L not in (None, *range(1, 100)):
        raise TypeError("no call")
    return Call(roles, L, guessed)


def _line(said):
    return None if said.get("line") is None else int(said["line"])


def _crash(said):
    shapes = tuple((str(name), tuple(map(int, shape))) for name, shape in said.get("shapes", ()))
    return Crash(str(said["kind"]), str(said["error"]), _line(said), str(said.get("source", "")), shapes,
                 int(said.get("depth", 0)))


def _arrays(values, L):
    """As `conventions.read` promises them, whoever wrote the message."""
    right = isinstance(values, (list, tuple)) and len(values) == L and all(
        isinstance(value, numpy.ndarray) and value.ndim in (1, 2) and value.size and value.dtype.kind in "fiub" for value in values)
    if not right:
        raise TypeError(f"no {L} arrays")
    return list(values)
