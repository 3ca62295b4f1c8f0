"""Carry a lesson from mkdocs-jupyter's conversion to a page of the site.

docs/theme/lesson.html marks prose, code and outputs. Prose and code become plain
Markdown, so that links, headings and highlighting are those of every other
page. Outputs are HTML already: they wait beside the page until its Markdown is
rendered, and then take their places untouched.

Code cells with the tag `solution`, and what they print, are folded: they check
the answer of an exercise, and would give it away. Of those with the tag `drawing`
only the code is folded, since it does nothing but draw what is seen. In the
notebook they are cells like all others.

A code cell and its output stand in one element, `#cell-1` and so on, with a
place for the buttons that docs/live/page gives to it.
"""
import html
import json
import re
from itertools import groupby
from operator import itemgetter

from mkdocs.plugins import event_priority

from listings import classed

CELL = re.compile(r"<bp-(prose|code|output)(?: anchors=(?:\"(.*?)\"|'(.*?)'))?(?: fold=\"(\w+)\")?>(.*?)</bp-\1>", re.S)
PLACE = re.compile(r'<div data-output="(\d+)"></div>')
outputs = {}


def is_lesson(page):
    return page.file.src_uri.endswith(".ipynb")


def anchored(prose, anchors):
    """Prose whose headings carry the anchors that lessons.py chose, unless they have their own."""
    lines = prose.splitlines()
    for number, anchor in anchors.items():
        if f"{{#{anchor}}}" not in lines[int(number)]:
            lines[int(number)] += f" {{#{anchor}}}"
    return "\n".join(lines)


def fenced(code):
    """A code block, in a fence longer than any run of backticks within."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", code))])
    return f"{fence}python\n{code}\n{fence}"


def folded(parts, kind, labels):
    """Parts of a page behind a line that says what they are."""
    return "\n\n".join([f'<details class="bp-{kind}" markdown="1"><summary>{labels[kind]}</summary>', *parts, "</details>"])


def figure(output, label):
    """An output as a region with a name, which scrolls by keyboard unless its parts do so themselves."""
    kind = "bp-output bp-output-card" if re.search('class="bp-(card|stepper)"', output) else "bp-output"
    scrolls = kind == "bp-output" and ("<pre" in output or "<table" in output)
    focus = ' tabindex="0"' if scrolls else ""
    # Material's search takes the first </div> within for the end of what it is to leave out.
    unsearched = "" if re.search("<(div|li)", output) else ' data-search-exclude="true"'
    return f'<div class="{kind}" role="group" aria-label="{html.escape(label)}"{focus}{unsearched}>{output}</div>'


@event_priority(50)
def on_page_markdown(markdown, page, config, files):
    """Runs after mkdocs-jupyter has put the converted notebook in the place of the page's Markdown."""
    if not is_lesson(page):
        return None
    waiting = outputs[page.file.src_uri] = []
    bar = ['<div class="bp-bar"></div>'] if config.extra["live"] else []
    labels = config.extra["labels"]
    cells, solution, code = [], False, 0
    for kind, quoted, unquoted, fold, escaped in CELL.findall(markdown):
        content = html.unescape(escaped)
        if kind == "prose":
            solution, part = False, anchored(content, json.loads(html.unescape(quoted or unquoted)))
        elif kind == "code":
            solution, code = fold == "solution", code + 1
            shown = [fenced(content), *bar]
            shown = [folded(shown, fold, labels)] if fold == "drawing" else shown
            part = "\n\n".join([f'<div class="bp-cell" id="cell-{code}" markdown="1">', *shown, "</div>"])
        elif content.strip():
            part = cells.pop()[1].removesuffix("</div>") + f'<div data-output="{len(waiting)}"></div>\n\n</div>'
            waiting.append(content.strip())
        else:
            continue
        cells.append((solution, part))
    parts = []
    for solution, group in groupby(cells, key=itemgetter(0)):
        together = [part for _, part in group]
        parts += [folded(together, "solution", labels)] if solution else together
    return "\n\n".join(parts) + "\n"


@event_priority(-10)
def on_page_content(body, page, config, files):
    if not is_lesson(page):
        return None
    waiting, label = outputs.pop(page.file.src_uri), config.extra["labels"]["output"]
    return PLACE.sub(lambda place: figure(classed(waiting[int(place[1])]), label), body)
