"""Tables of numbers and of the glossary."""
from dataclasses import dataclass
from html import escape

import numpy as np

from bp.card import in_words, inline
from bp.crosswalk import CONVENTIONS, compare
from bp.figures.svg import number
from bp.glossary import TERMS, choose, plain


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
        return list(zip(*([number(v) for v in np.ravel(column)]
                          for column in self.columns.values())))

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{inline(latex)}</th>' for latex in self.columns)
        body = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>"
                       for row in self._rows())
        return (f'<table style="white-space: nowrap"><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table>")

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
            f'<tr><td>{inline(term.array)}</td><td class="bp-prose">{in_words(term.meaning())}</td>'
            f"<td>{_codes(term)}</td><td>{inline(term.shape) if term.shape else ''}</td></tr>" for term in TERMS.values())
        head = "".join(f'<th scope="col">{word}</th>' for word in (
            choose("letter", "符號"), choose("meaning", "意義"), choose("in the code", "程式中"), choose("shape", "形狀")))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def __repr__(self):
        return "\n".join(f"{', '.join(term.names):32}{plain(term.meaning())}" for term in TERMS.values())


@dataclass(frozen=True)
class Crosswalk:
    """What each array of another convention is in ours, run on a network and its samples.

    >>> from bp.example import net, x, y
    >>> "delta[l].T / N" in Crosswalk("rows", net, x, y)._repr_html_()
    True
    """
    convention: str
    network: object
    x: np.ndarray
    y: np.ndarray

    def _rows(self):
        return compare(CONVENTIONS[self.convention], self.network, self.x, self.y)

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{word}</th>' for word in (
            choose("theirs", "對方"), choose("in code", "程式"), choose("shape", "形狀"),
            choose("ours", "我們的"), choose("difference", "差距")))
        body = "".join(
            f"<tr><td>{inline(row.letter) if row.letter else ''}</td>"
            f"<td><code>{row.theirs}</code></td><td>{' × '.join(map(str, shape))}</td>"
            f"<td><code>{escape(row.ours)}</code></td><td>{number(difference, 1)}</td></tr>"
            for row, shape, difference in self._rows())
        return (f'<div class="bp-wide bp-crosswalk"><table><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table></div>")

    def __repr__(self):
        return "\n".join(f"{row.theirs:20}{row.ours:42}{number(difference, 1)}"
                         for row, _, difference in self._rows())


def _codes(term):
    return ", ".join(f"<code>{name}</code>" for name in term.names)


def text_table(head, rows):
    """A table in HTML: its head, and {name of a row: cells}, all plain text."""
    cells = lambda row: "".join(f"<td>{escape(cell)}</td>" for cell in row)
    first, *names = head
    head = (f"<td>{first}</td>" if not first else f'<th scope="col">{escape(first)}</th>') + "".join(
        f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{cells(row)}</tr>'
                   for name, row in rows.items())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
