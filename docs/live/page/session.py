"""The reader's session: cells run in one namespace, in the order in which they are sent, and show what Jupyter would show.

`post(kind, text)` receives what a cell shows: "stdout" and "stderr", "html", "svg", "latex" or "plain", and "traceback".
"""
import ast
import copy
import inspect
import io
import linecache
import re
import sys
import time
import traceback
import types

from ipython_pretty import pretty

MOST_CHARACTERS = 200_000
EVERY = 0.05  # seconds between two pieces of a text that is being printed
MOST_LAYERS, MOST_UNITS = 4, 6  # of a network whose numbers can be read in a drawing
FORMATS = ("html", "svg", "latex")  # in the order in which the site prefers them
LINK = re.compile(r'href="#eq-([a-z0-9-]+)"')


class Session:
    """One namespace, and where what it shows goes; `address` is where the pages in the reader's language are."""

    def __init__(self, post, address):
        self.post, self.address = post, address
        self.left = MOST_CHARACTERS
        self.namespace = sys.modules["__main__"].__dict__
        self.shipped = {}  # how to undo what the reader has replaced
        self.runs, self.latest = {}, None  # what a stepper can show of each cell, and what tells the latest from others
        self.streams = sys.stdout, sys.stderr = Stream("stdout", self), Stream("stderr", self)
        _stand_in_for_jupyter(self.display)

    def run(self, source, name):
        """Run a cell and show its last expression; return "done", "error" or "memory".

        `name` is what tracebacks call it.
        """
        return self.guarded(self.execute, source, name)

    def check(self, source, name, id):
        """Put the reader's code in the place of an equation's function; show what the links of the evidence say of it."""
        return self.guarded(self.replace, source, name, id)

    def restore(self, id):
        """Give an equation's function the code that it was shipped with."""
        if id in self.shipped:
            self.shipped.pop(id)()

    def guarded(self, work, source, name, *arguments):
        """Do something with a source that may be wrong in every way, and show how it failed."""
        self.left = MOST_CHARACTERS
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        try:
            return work(source, name, *arguments) or "done"
        except BaseException as error:
            self.show("traceback", readers_part(error, name))
            return "memory" if isinstance(error, MemoryError) else "error"
        finally:
            self.flush()

    def execute(self, source, name):
        tree = ast.parse(source, name)
        self.forget(name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.namespace)
        value = eval(compile(ast.Expression(last.value), name, "eval"), self.namespace) if last else None
        if value is not None and not source.rstrip().endswith(";"):
            self.display(value)
        self.offer(value, name)

    def forget(self, name):
        """Take away the functions of a cell's earlier run: one that is renamed must not answer to its old name."""
        for key, value in list(self.namespace.items()):
            if isinstance(value, types.FunctionType) and value.__code__.co_filename == name:
                del self.namespace[key]

    def replace(self, source, name, id):
        """The function stays and its code is exchanged, so that whatever calls it runs the reader's."""
        from bp import spec, verify
        from bp.card import results_table
        from bp.glossary import choose

        function = inspect.unwrap(spec[id].function)
        made = {}
        exec(compile(source, name, "exec"), function.__globals__, made)
        if function.__name__ not in made:
            raise NameError(choose(f"the function of this card has to be called {function.__name__}",
                                   f"這張卡片的函式名稱必須是 {function.__name__}"))
        wanted, given = (", ".join(inspect.signature(one).parameters) for one in (function, made[function.__name__]))
        if given != wanted:
            raise TypeError(choose(f"the arguments of {function.__name__} have to be ({wanted}), got ({given})",
                                   f"{function.__name__} 的引數必須是（{wanted}），這裡是（{given}）"))
        code = function.__code__
        self.shipped.setdefault(id, lambda: setattr(function, "__code__", code))
        function.__code__ = made[function.__name__].__code__
        results = verify(equations=[id], quick=True).results
        self.show("html", results_table(results))
        return "done" if all(result.passed for result in results) else "refuted"

    def offer(self, value, name):
        """Say so if the cell gave, or made of `net`, `x` and `y`, a run that a stepper can show and that is another than before."""
        run = one_sample(value) or one_sample(tuple(map(self.namespace.get, ("net", "x", "y"))))
        arrays = run and [array.tobytes() for array in (*run[0].weights, *run[0].biases, *run[1:])]
        if run and arrays != self.latest:
            self.runs[name], self.latest = run, arrays
            self.post("run", "")

    def step(self, name):
        """Show the stepper of the run that was offered after this cell."""
        return self.guarded(lambda *_: self.display(_stepper(*self.runs[name])), "", "<stepper>")

    def display(self, *values):
        """Show each value in the richest form that it has."""
        for value in values:
            for kind in FORMATS:
                method = getattr(value, f"_repr_{kind}_", None)
                made = method() if method and not isinstance(value, type) else None
                if made:
                    self.show(kind, self.linked(made) if kind == "html" else made)
                    break
            else:
                self.show("plain", pretty(value))

    def show(self, kind, text):
        self.flush()
        self.send(kind, text)

    def send(self, kind, text):
        """Hand on a text, as far as a cell may still show something."""
        if self.left > 0 and text:
            whole = kind not in ("stdout", "stderr", "plain") or len(text) <= self.left
            self.post(kind, text if whole else text[:self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.post("cut", "")

    def flush(self):
        for stream in self.streams:
            stream.flush()

    def linked(self, html):
        """HTML in which the link to an equation leads to its page."""
        from bp import spec
        return LINK.sub(lambda link: f'href="{self.address}{spec[link[1]].page}/#eq-{link[1]}"'
                        if link[1] in spec else link[0], html)


class Stream(io.TextIOBase):
    """What a cell prints, in pieces that are large enough not to flood the page."""

    def __init__(self, kind, session):
        self.kind, self.session, self.parts, self.sent = kind, session, [], 0.0

    def writable(self):
        return True

    def write(self, text):
        if self.session.left > 0:
            self.parts.append(text)
            if time.monotonic() - self.sent > EVERY:
                self.flush()
        return len(text)

    def flush(self):
        if self.parts:
            text, self.parts, self.sent = "".join(self.parts), [], time.monotonic()
            self.session.send(self.kind, text)


def one_sample(found):
    """(network, x, y) of a small network and one sample, out of a Trace or of three such values, or None."""
    traces, networks = sys.modules.get("bp.trace"), sys.modules.get("bp.network")
    if traces and isinstance(found, traces.Trace):
        network = networks.Network(found.sizes, activation=found.activation, cost=found.cost, output=found.output)
        network.weights, network.biases = list(found.w.values()), list(found.b.values())
        found = network, found.a[0], found.y
    if not (networks and isinstance(found, tuple) and len(found) == 3 and isinstance(found[0], networks.Network)):
        return None
    network, x, y = copy.deepcopy(found)
    sizes = network.sizes
    fits = [getattr(array, "shape", None) in ((n,), (n, 1)) for array, n in ((x, sizes[0]), (y, sizes[-1]))]
    if not all(fits) or len(sizes) > MOST_LAYERS or max(sizes) > MOST_UNITS:
        return None
    return network, x.reshape(-1, 1), y.reshape(-1, 1)


def _stepper(network, x, y):
    from bp.figures import Stepper
    return Stepper(network, x, y)


def readers_part(error, name):
    """The traceback from the first line of the reader's cell on."""
    place = error.__traceback__
    while place and place.tb_frame.f_code.co_filename != name:
        place = place.tb_next
    return "".join(traceback.format_exception(type(error), error, place))


def _stand_in_for_jupyter(display):
    """Let cells say `from IPython.display import display`, as they do in Jupyter."""
    package, module = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    package.display, module.display = module, display
    sys.modules |= {"IPython": package, "IPython.display": module}
