"""The reader's session: cells run in one namespace, in the order in which they are sent, and show what Jupyter would show.

`post(kind, text)` receives what a cell shows: "stdout" and "stderr", "html", "svg", "latex" or "plain", and "error".
"""
import ast
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
FORMATS = ("html", "svg", "latex")  # in the order in which the site prefers them
LINK = re.compile(r'href="#eq-([a-z0-9-]+)"')


class Session:
    """One namespace, and where what it shows goes; `address` is where the pages in the reader's language are."""

    def __init__(self, post, address):
        self.post, self.address = post, address
        self.left = MOST_CHARACTERS
        self.namespace = sys.modules["__main__"].__dict__
        self.streams = sys.stdout, sys.stderr = Stream("stdout", self), Stream("stderr", self)
        _stand_in_for_jupyter(self.display)

    def run(self, source, name):
        """Run a cell and show its last expression; return "done", "error" or "memory".

        `name` is what tracebacks call it.
        """
        self.left = MOST_CHARACTERS
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        try:
            tree = ast.parse(source, name)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), self.namespace)
            if last:
                value = eval(compile(ast.Expression(last.value), name, "eval"), self.namespace)
                if value is not None and not source.rstrip().endswith(";"):
                    self.display(value)
            return "done"
        except BaseException as error:
            self.show("error", readers_part(error, name))
            return "memory" if isinstance(error, MemoryError) else "error"
        finally:
            self.flush()

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
