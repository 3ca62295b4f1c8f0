"""What was checked, as tables: the report of `verify`, the mistakes, the numbers in print."""
import re
from dataclasses import dataclass
from html import escape

from bp.card import display, in_words, inline, link_name
from bp.evidence import ALGORITHM, COMPILED, Report, signature
from bp.evidence.mistakes import MISTAKES, plant
from bp.evidence.published import EXAMPLES, RIGHT, ROUNDING, figures_of
from bp.figures.svg import number
from bp.figures.tables import text_table
from bp.glossary import choose, plain


@dataclass(frozen=True)
class Evidence:
    """A report as a table, equation × link, with what each check found."""
    report: Report

    def _repr_html_(self):
        results = self.report.results
        links = list(dict.fromkeys(r.link for r in results))
        found = {(r.equation, r.link): r.found.in_brief(None) for r in results}
        table = text_table([choose("equation", "公式"), *map(link_name, links)],
                       {id: [found.get((id, link), "–") for link in links]
                        for id in dict.fromkeys(r.equation for r in results)})
        whole = "".join(f"<p><code>{row}</code></p><ul>{self._said_of(row)}</ul>"
                        for row in (ALGORITHM, COMPILED) if any(r.equation == row for r in results))
        return table + whole

    def _said_of(self, row):
        return "".join(f"<li><strong>{link_name(r.link)}</strong>{choose(': ', '：')}{_said(r.found.text(None))}</li>"
                       for r in self.report.results if r.equation == row)

    def __repr__(self):
        return str(self.report)


def _said(text):
    """A text as HTML, in which a line may end between the sizes of a network, but not within one."""
    return re.sub(r"\[[\d,]+\]", lambda sizes: sizes[0].replace(",", ",<wbr>"), escape(text))


@dataclass(frozen=True)
class Catalogue:
    """Every mistake: what it computes, the changed line, its signature, and who sees it."""
    table: dict

    def _repr_html_(self):
        entries = "".join(self._entry(mistake) for mistake in MISTAKES.values())
        return f'<div class="bp-wide">{entries}</div>'

    def _entry(self, mistake):
        lines = "".join(f"<span class='{css}'>{escape(line)}</span>\n" for css, line in
                        zip(("gd", "gi"), mistake.diff.splitlines()))
        rows = self.table[mistake.id]
        checks, symptom = list(next(iter(rows.values()))), mistake.symptom()
        blind = sum(found == "blind" for row in rows.values() for found in row.values())
        summary = choose("who sees it", "誰看得出來") + (
            choose(f" ({blind} blind)", f"（{blind} 次看不出來）") if blind else "")
        seen = text_table(["", *map(check_name, checks)], {fixture: [_OUTCOMES[row[check]]() for check in checks]
                                      for fixture, row in rows.items()})
        return (f'<section id="mistake-{mistake.id}"><p><strong>{mistake.id}</strong>{choose(": ", "：")}'
                f"{in_words(mistake.name())}{choose('. ', '。')}{in_words(symptom[0].upper() + symptom[1:])}</p>{display(mistake.formula)}"
                f'<div class="highlight"><pre tabindex="0"><code>{lines}</code></pre></div>'
                f"{_signature(mistake)}<details><summary>{summary}</summary>{seen}</details></section>")

    def __repr__(self):
        return "\n\n".join(f"{m.id}: {plain(m.name())}; {plain(m.symptom())}\n{m.diff}" for m in MISTAKES.values())


def check_name(check):
    """Return what a check of the mistakes is called on a page: a link by its name.

    >>> check_name("bridged"), check_name("usual check")
    ('bridged', 'usual check')
    """
    chinese = {"complex step": "複數步微分", "usual check": "一般的檢查"}
    return choose(check, chinese[check]) if check in chinese else link_name(check)


_OUTCOMES = {"sees": lambda: choose("sees it", "看得出來"), "stops": lambda: choose("stops", "報錯"),
             "blind": lambda: choose("blind", "看不出來")}


def _signature(mistake):
    """What came back, array by array, on a network of unequal widths and on one of equal ones."""
    rows = {}
    for fixture in signature.FIXTURES:
        marks = signature.signature(fixture, plant(mistake))
        if isinstance(marks, Exception):
            rows[str(fixture)] = [choose("stops", "報錯"), choose("stops", "報錯")]
        else:
            words = [_mark(mark) for mark in marks.values()]
            half = len(words) // 2
            rows[str(fixture)] = [" · ".join(words[:half]), " · ".join(words[half:])]
    from_layer = choose(", layer 1 to L", "，第 1 到 L 層")
    return text_table(["", f"∇b{from_layer}", f"∇W{from_layer}"], rows)


def _mark(mark):
    if mark.kind == signature.SHAPE:
        return choose("shape ", "形狀 ") + "×".join(map(str, mark.detail))
    if mark.kind == signature.FACTOR:
        return choose(f"times {number(mark.detail)}", f"{number(mark.detail)} 倍")
    return choose(mark.kind, {"right": "正確", "zero": "全為零", "wrong": "錯誤"}[mark.kind])


@dataclass(frozen=True)
class Published:
    """What a source prints, number by number, beside what the code gives."""
    id: str

    @property
    def _figures(self):
        example, = (example for example in EXAMPLES if example["id"] == self.id)
        return figures_of(example)

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{word}</th>' for word in (
            choose("number", "數字"), choose("printed", "印出"), choose("computed", "算出"),
            choose("verdict", "結果")))
        rows = "".join(f"<tr><td>{inline(figure.latex)}</td><td>{escape(number(figure.printed))}</td>"
                       f"<td>{escape(number(figure.computed, 9))}</td><td>{escape(_verdict(figure))}</td></tr>"
                       for figure in self._figures)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def __repr__(self):
        return "\n".join(f"{figure.latex:30}{figure.printed!s:15}{figure.computed:<15.9g}"
                         f"{_verdict(figure)}" for figure in self._figures)


def _verdict(figure):
    if figure.expected == RIGHT:
        return choose("right", "正確")
    if figure.expected == ROUNDING:
        return choose("rounded on the way", "途中捨入")
    by = number(figure.mistaken, 9)
    return choose(f"wrong: {figure.mistake} gives {by}", f"錯：{figure.mistake} 會得到 {by}")
