"""The process in which somebody's code runs: it loads it, calls it as it is told to, and sends back what came.

Started by `bp.diagnosis.sandbox` as a program of its own. It is told which
arguments to pass and never what is expected, and can't import bp. Whatever the code
does to this process, to its modules or to its pipe, the worst is that no answer
comes, or a wrong one.
"""
import importlib.abc
import importlib.util
import linecache
import os
import signal
import sys
import time
import types
from dataclasses import dataclass

import numpy
import numpy.linalg
import numpy.random

import confine
import wire

MESSAGE, NAMES = 2000, 60  # characters of a message, names in a list


class Missing(Exception):
    """The file has no such function or class."""


class OutOfTime(BaseException):
    """The statements of the file, outside its functions, took too long."""


def main():
    """Answer the requests that come, one after another, until there are no more."""
    requests, responses = _pipes()
    task = _receive(requests)
    conventions = _conventions()
    for name in ("wire", "confine", "conventions"):  # the code may have modules of these names
        del sys.modules[name]
    sys.path[0] = os.path.dirname(task["path"])
    sys.meta_path.insert(0, _NotHere())
    sealed = confine.confine(task["memory"], task["total"],
                              [task["readable"], *_library(), "/dev/null", "/dev/urandom"])
    submission = Submission(conventions, task["name"])
    _answer(responses, lambda: {"sealed": sealed, **submission.load(**task)})
    while (request := _receive(requests)) is not None:
        _answer(responses, lambda: submission.call(**request))


def _pipes():
    """Take the two pipes away from standard input and output, which the code gets to see.

    What it prints goes where its errors go.
    """
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, responses


def _conventions():
    """The module bp.diagnosis.conventions, without bp."""
    path = os.path.join(os.path.dirname(sys.path[0]), "conventions.py")
    spec = importlib.util.spec_from_file_location("conventions", path)
    module = sys.modules["conventions"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _library():
    return [path for path in {*sys.path[1:], sys.prefix, sys.base_prefix, "/usr", "/etc/localtime"} if path]


def _receive(stream, size=wire.HEADER.size, lengths=wire.lengths, unpack=wire.unpack):
    header = stream.read(size)
    return unpack(header + stream.read(sum(lengths(header)))) if len(header) == size else None


def _answer(stream, work, pack=wire.pack, WireError=wire.WireError):
    try:
        message = pack(work())
    except WireError as error:
        message = pack({"crash": {"kind": "returned", "error": str(error)}})
    except BaseException as error:  # such as one whose message can't be had
        message = pack({"crash": {"kind": "raised", "error": type(error).__name__}})
    stream.write(message)
    stream.flush()


@dataclass
class Given:
    """A problem as it came: only what may be seen."""
    x: numpy.ndarray
    y: numpy.ndarray
    weights: list
    biases: list

    @property
    def sizes(self):
        """The widths of all layers."""
        return (len(self.x), *map(len, self.weights))

    @property
    def L(self):
        """The number of the last layer."""
        return len(self.weights)

    @property
    def of_each_sample(self):
        """One problem for each sample."""
        return [Given(self.x[:, [s]], self.y[:, [s]], self.weights, self.biases) for s in range(self.x.shape[1])]


class Submission:
    """One file and what its name stands for."""

    def __init__(self, conventions, name):
        self.conventions, self.name = conventions, name
        self.module = types.ModuleType("submission")
        self.fn = None

    def load(self, path, cells, seconds, **_):
        """Run the cells, each as far as it goes; return how the function is called, or why it can't be.

        `stopped` says where cells stopped: what was defined before can be checked.
        """
        self.module.__file__ = path
        sys.modules["submission"] = self.module
        stopped, end = [], time.monotonic() + seconds
        for label, source in cells:
            linecache.cache[label] = (len(source), None, source.splitlines(True), label)
            try:
                with _TimeLimit(max(end - time.monotonic(), 0.5)):  # later cells may define what is called
                    exec(compile(source, label, "exec", dont_inherit=True), vars(self.module))
            except BaseException as error:
                stopped.append(_told(error, label))
        try:
            self.fn = self._find()
            call = self.conventions.describe(self.fn)
        except Missing as missing:
            return {"missing": str(missing), "functions": self._functions(), "stopped": stopped}
        except self.conventions.UnknownArguments as error:
            return {"crash": {"kind": "arguments", "error": error.signature[:MESSAGE], "source": error.unknown[:MESSAGE]},
                    "stopped": stopped}
        except TypeError as error:
            return {"crash": {"kind": "took", "error": str(error)[:MESSAGE]}, "stopped": stopped}
        return {"roles": list(call.roles), "L": call.L, "guessed": [[name[:MESSAGE], role] for name, role in call.guessed], "stopped": stopped}

    def _find(self):
        owner, _, name = self.name.rpartition(".")
        holder = getattr(self.module, owner, None) if owner else self.module
        found = getattr(holder, name, None)
        if not callable(found):
            raise Missing(self.name)
        if not isinstance(holder, type) or isinstance(found, type):
            return found
        return type(holder.__name__, (holder,), {"backprop": found, "__module__": holder.__module__})

    def _functions(self):
        return [name for name, value in list(vars(self.module).items())
                if isinstance(value, (types.FunctionType, type)) and value.__module__ == "submission"][:NAMES]

    def call(self, problem, roles, L, layout, container, returns):
        """Call the function on one problem; return its gradients, or how it failed."""
        conventions = self.conventions
        convention = conventions.Convention(conventions.Call(tuple(roles), L), layout, container, returns)
        answer = conventions.call(self.fn, Given(**problem), convention)
        if isinstance(answer, conventions.Crash):
            crash = dict(vars(answer), error=answer.error[:MESSAGE], source=answer.source[:MESSAGE],
                         shapes=answer.shapes[:NAMES])
            return {"crash": crash}
        return vars(answer)


class _TimeLimit:
    """Raises OutOfTime in its block after some seconds, where the system can interrupt."""

    def __init__(self, seconds):
        self.seconds = seconds if hasattr(signal, "setitimer") else None

    def __enter__(self):
        if self.seconds:
            signal.signal(signal.SIGALRM, self._out_of_time)
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *error):
        if self.seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _out_of_time(self, *_):
        raise OutOfTime(f"more than {self.seconds:.1f} s in statements outside functions")


def _told(error, label):
    """What can be said of an exception: its type and message, and the file's innermost line."""
    try:
        message = f"{type(error).__name__}: {error}"[:MESSAGE]
    except BaseException:
        message = type(error).__name__
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == label else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == label:
            line = trace.tb_lineno
        trace = trace.tb_next
    return {"error": message, "file": label, "line": line,
            "source": linecache.getline(label, line or 0).strip()[:MESSAGE]}


class _Nothing(types.ModuleType):
    """Stands for a library that computes nothing here: whatever is asked of it, it does nothing."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(name)

    def __call__(self, *arguments, **keywords):
        parts = (_Nothing("figure"), _Nothing("axes"))
        return parts if self.__name__ == "subplots" else _Nothing(self.__name__)

    def __iter__(self):
        return iter([_Nothing(self.__name__)])

    def __getitem__(self, index):
        return _Nothing(self.__name__)

    def __setitem__(self, index, value):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class _NotHere(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Keeps out bp, which has the answers, and gives an empty shell for what draws or grades."""

    SHELLS = ("matplotlib", "pylab", "seaborn", "plotly", "IPython", "otter")

    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first == "bp":
            raise ImportError("bp can't be imported by code that bp checks", name=name)
        if first in self.SHELLS:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Nothing(spec.name)

    def exec_module(self, module):
        pass


if __name__ == "__main__":
    main()
