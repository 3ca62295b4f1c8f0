"""Figures and tables of the lessons: our own SVG, drawn in the colour of the text.

Each figure carries a text alternative that says what it shows.
"""
from dataclasses import dataclass
from html import escape

import numpy as np

from bp.card import inline
from bp.evidence import ALGORITHM, Report
from bp.evidence.mistakes import MISTAKES
from bp.glossary import TERMS, choose

_CELL_WIDTH, _CELL_HEIGHT, _GAP = 76, 30, 16


@dataclass(frozen=True)
class Svg:
    """An SVG image; Jupyter and the site show it as it is."""
    markup: str

    def _repr_svg_(self):
        return self.markup


@dataclass(frozen=True)
class Table:
    """A table of numbers, one column for each LaTeX heading.

    >>> print(Table({"k": [1, 2], "a_k": [0.5, 0.25]}))
    k   a_k
    1   0.5
    2  0.25
    """
    columns: dict

    def _rows(self):
        return list(zip(*([_number(v) for v in np.ravel(column)]
                          for column in self.columns.values())))

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{inline(latex)}</th>' for latex in self.columns)
        body = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>"
                       for row in self._rows())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __str__(self):
        rows = [tuple(self.columns), *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows)]
        return "\n".join("  ".join(map(str.rjust, row, widths)) for row in rows)

    __repr__ = __str__


@dataclass(frozen=True)
class Glossary:
    """The table of every letter: its meaning, its name in the code, its shape."""

    def _repr_html_(self):
        rows = "".join(
            f"<tr><td>{inline(term.array)}</td><td>{_codes(term)}</td>"
            f"<td>{inline(term.shape) if term.shape else ''}</td>"
            f"<td>{escape(term.meaning())}</td></tr>" for term in TERMS.values())
        head = "".join(f'<th scope="col">{word}</th>' for word in (
            choose("letter", "符號"), choose("in the code", "程式中"), choose("shape", "形狀"),
            choose("meaning", "意義")))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def __repr__(self):
        return "\n".join(f"{', '.join(term.names):32}{term.meaning()}" for term in TERMS.values())


@dataclass(frozen=True)
class Evidence:
    """A report as a table, equation × link, with what each check found."""
    report: Report

    def _repr_html_(self):
        results = self.report.results
        links = list(dict.fromkeys(r.link for r in results))
        found = {(r.equation, r.link): r.found.brief for r in results}
        head = "".join(f'<th scope="col">{word}</th>'
                       for word in (choose("equation", "公式"), *links))
        body = "".join(
            f'<tr><th scope="row">{id}</th>'
            + "".join(f"<td>{escape(found.get((id, link), '–'))}</td>" for link in links) + "</tr>"
            for id in dict.fromkeys(r.equation for r in results))
        whole = "".join(f"<li><strong>{r.link}</strong>{choose(': ', '：')}"
                        f"{escape(r.found.text(None))}</li>"
                        for r in results if r.equation == ALGORITHM)
        return (f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
                f"<p><code>{ALGORITHM}</code></p><ul>{whole}</ul>")

    def __repr__(self):
        return str(self.report)


@dataclass(frozen=True)
class Catalogue:
    """Every mistake: the changed line, what it does, and which fixture sees it."""
    table: dict

    def _repr_html_(self):
        entries = "".join(self._entry(mistake) for mistake in MISTAKES.values())
        return f'<div class="bp-wide">{entries}</div>'

    def _entry(self, mistake):
        lines = "".join(f"<span class='{css}'>{escape(line)}</span>\n" for css, line in
                        zip(("gd", "gi"), mistake.diff.splitlines()))
        rows = self.table[mistake.id]
        checks = list(next(iter(rows.values())))
        head = "".join(f'<th scope="col">{check}</th>' for check in checks)
        body = "".join(f'<tr><th scope="row">{fixture}</th>'
                       + "".join(f"<td>{_OUTCOMES[row[check]]()}</td>" for check in checks) + "</tr>"
                       for fixture, row in rows.items())
        blind = sum(found == "blind" for row in rows.values() for found in row.values())
        summary = choose("who sees it", "誰看得出來") + (
            choose(f" ({blind} blind)", f"（{blind} 次看不出來）") if blind else "")
        return (f'<section id="mistake-{mistake.id}"><p><strong>{mistake.id}</strong>'
                f"{choose(': ', '：')}{escape(mistake.symptom())}</p>"
                f'<div class="highlight"><pre tabindex="0"><code>{lines}</code></pre></div>'
                f"<details><summary>{summary}</summary><table><thead><tr><td></td>{head}</tr></thead>"
                f"<tbody>{body}</tbody></table></details></section>")

    def __repr__(self):
        return "\n\n".join(f"{m.id}: {m.symptom()}\n{m.diff}" for m in MISTAKES.values())


_OUTCOMES = {"sees": lambda: choose("sees it", "看得出來"), "stops": lambda: choose("stops", "報錯"),
             "blind": lambda: choose("blind", "看不出來")}


def blocks(*parts):
    """Arrays drawn as grids of numbers with their shapes below, signs between them.

    Each part is a sign, such as "+", or a pair (name, array).

    >>> figure = blocks(("w", np.eye(2)), "·", ("a", np.ones((2, 1))))
    >>> figure.markup.count("<rect"), "2 × 1" in figure.markup
    (6, True)
    """
    tallest = max(array.shape[0] for part in parts if isinstance(part, tuple)
                  for array in part[1:])
    height, x, drawn = tallest * _CELL_HEIGHT, 4, []
    alt = " ".join(part if isinstance(part, str) else "{} ({} × {})".format(part[0], *part[1].shape)
                   for part in parts)
    for part in parts:
        if isinstance(part, str):
            drawn.append(_text(x + 8, 28 + height / 2, part))
            x += 16 + _GAP
            continue
        name, array = part
        rows, columns = array.shape
        top, middle = 24 + (height - rows * _CELL_HEIGHT) / 2, x + columns * _CELL_WIDTH / 2
        drawn.append(_text(middle, 14, name, weight=700))
        for row, column in np.ndindex(array.shape):
            left, up = x + column * _CELL_WIDTH, top + row * _CELL_HEIGHT
            drawn.append(f'<rect x="{left}" y="{up}" width="{_CELL_WIDTH}" height="{_CELL_HEIGHT}" '
                         'fill="none" stroke="currentColor" stroke-opacity="0.5"/>')
            drawn.append(_text(left + _CELL_WIDTH / 2, up + _CELL_HEIGHT / 2 + 5,
                               _number(array[row, column])))
        drawn.append(_text(middle, height + 44, f"{rows} × {columns}", opacity=0.75))
        x += columns * _CELL_WIDTH + _GAP
    return _svg(x - _GAP + 4, height + 54, drawn, alt)


def network_diagram(net):
    """The units of a network in columns, one for each layer, every weight on its edge.

    >>> from bp.example import net
    >>> network_diagram(net).markup.count("<circle")
    6
    """
    layers = ", ".join(map(str, net.sizes))
    alt = choose(f"A network with layers of {layers} units; every weight stands on its edge.",
                 f"各層神經元數為 {layers} 的網路，每條連線上標著它的權重。")
    spread, between, radius = 86, 210, 24
    height = spread * max(net.sizes)
    place = lambda l, j: (40 + l * between, height / 2 + (j - (net.sizes[l] - 1) / 2) * spread + 10)
    edges, units = [], []
    for l, n in enumerate(net.sizes):
        for j in range(n):
            x, y = place(l, j)
            units.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="currentColor"/>')
            units.append(_text(x, y + 5, f"{'xa'[l > 0]}{_small(j + 1, _BELOW)}"
                               + (_small(l, _ABOVE) if l else "")))
            for k in range(net.sizes[l-1] if l else 0):
                x0, y0 = place(l - 1, k)
                length = np.hypot(x - x0, y - y0)
                dx, dy = (x - x0) * radius / length, (y - y0) * radius / length
                edges.append(f'<line x1="{x0 + dx:.1f}" y1="{y0 + dy:.1f}" x2="{x - dx:.1f}" '
                             f'y2="{y - dy:.1f}" stroke="currentColor" stroke-opacity="0.45"/>')
                near = 0.72  # of the way: edges into one unit come from different angles
                edges.append(_text(x0 + (x - x0) * near, y0 + (y - y0) * near - 4,
                                   _number(net.weights[l-1][j, k]), size=13))
    return _svg(80 + between * (len(net.sizes) - 1), height + 20, edges + units, alt)


def _svg(width, height, parts, alt):
    return Svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
               f'width="{width:.0f}" role="img" aria-label="{escape(alt)}" '
               'style="max-width:100%;height:auto" font-family="inherit">'
               f'{"".join(parts)}</svg>')


def _text(x, y, text, weight=400, size=15, opacity=1):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}" '
            f'font-weight="{weight}" fill="currentColor" fill-opacity="{opacity}">'
            f"{escape(text)}</text>")


def _number(value):
    return value if isinstance(value, str) else f"{value:.4g}".replace("-", "−")


def _codes(term):
    return ", ".join(f"<code>{name}</code>" for name in term.names)


_BELOW, _ABOVE = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"


def _small(number, digits):
    return str(number).translate(str.maketrans("0123456789", digits))
