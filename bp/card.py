"""The card: an equation's face, the same in Jupyter and on the site.

Statement at the left, the shipped source at the right, the meaning and shape
of each letter; then, folded, the derivation, the numbers of an example
network, the evidence and how to cite. Every part is taken from the Equation.
"""
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, Token

from bp import example
from bp.citation import cite_equation
from bp.evidence import evidence_of
from bp.glossary import TERMS, choose, term_for
from bp.spec import bare_source
from bp.symbolic import model
from bp.symbolic.latex import print_latex, print_whole
from bp.symbolic.reasons import reason
from bp.trace import trace

STYLE = (Path(__file__).parent / "card.css").read_text(encoding="utf-8")

_WORDS = {
    "derivation": ("Derivation", "推導"),
    "numbers": ("Numbers on the {} network", "代入 {} 網路的數字"),
    "evidence": ("Evidence", "證據"),
    "cite": ("Cite this equation", "引用這個公式"),
    "definition": ("A definition of the model: nothing to derive.", "這是模型的定義，不需推導。"),
    "checked": ("Each line is an object of SymPy, which computes with formulas, made from the line before by the rule beside it. "
                "As a check, each line is also worked out on its own, and gives the last.",
                "每一步都是 SymPy（處理算式的程式）的物件，由上一步依旁邊的規則得到。另外，每一步都各自算到底來檢查，結果都等於最後一步。"),
    "notebook": ("Source notebook", "原始筆記本"),
    "colon": (": ", "："), "letters": ("Letters, their names in the code, shapes and meanings",
                            "符號、程式中的名稱、形狀與意義"),
    "passed": ("passed", "通過"), "failed": ("failed", "未通過"), "idle": ("–", "–"),
}

_LINKS = {
    "derived": ("derived", "推導"), "printed": ("printed", "印出"), "bridged": ("bridged", "對照"),
    "executed": ("executed", "執行"), "refuted": ("refuted", "反駁"),
    "floats": ("floats", "浮點數"), "published": ("published", "印刷的數字"),
}

_QUESTIONS = {
    "derived": ("Does the statement follow from the definitions?", "公式能由定義推導出來嗎？"),
    "printed": ("Is what stands here what was derived?", "這裡印的，就是推導出來的公式嗎？"),
    "bridged": ("Does the code return the numbers that the statement says?", "程式算出的數字，跟公式說的一樣嗎？"),
    "executed": ("With symbols in place of numbers, so without rounding: is it exactly the statement?",
                 "改用符號計算、沒有捨入誤差時，程式的結果跟公式完全相等嗎？"),
    "refuted": ("Would a mistake in the code be noticed?", "程式如果有錯，檢查得出來嗎？"),
    "floats": ("How much do floats lose?", "浮點數會損失多少準確度？"),
    "published": ("Do worked examples that others printed agree?", "跟別人印出的計算範例一致嗎？"),
}


def link_name(link, language=None):
    """Return what a link of the evidence is called in "en" or "zh-TW".

    >>> link_name("bridged", "zh-TW")
    '對照'
    """
    return choose(*_LINKS[link], language)


def card(equation, language=None):
    """Return the card as HTML, in "en" or "zh-TW" (by default $BP_LANG, or English).

    >>> from bp import spec
    >>> "weight.T @ delta" in re.sub("<[^>]*>", "", card(spec["hidden-delta"]))
    True
    """
    language = language or os.environ.get("BP_LANG", "en")
    say = lambda word: choose(*_WORDS[word], language)
    name, run = f"{equation.anchor}-name", _example_of(equation)
    alias = f' <span class="bp-card-alias">{equation.alias}</span>' if equation.alias else ""
    return (
        f"<style>{STYLE}</style>\n"
        f'<section class="bp-card" id="{equation.anchor}" aria-labelledby="{name}" lang="{language}">'
        f'<p class="bp-card-head"><a class="bp-card-name" id="{name}" href="#{equation.anchor}">'
        f"{equation.title(language)}</a>{alias}"
        f"<code>bp.{equation.function.__name__}</code></p>"
        f'<div class="bp-card-face"><div class="bp-card-statement">{_statements(equation, language)}'
        f'</div><div class="bp-card-code">{_code(equation)}</div></div>'
        f'{_letters(equation, language, say)}'
        f'{_fold("derivation", say("derivation"), _derivations(equation, language, say))}'
        f'{_fold("numbers", say("numbers").format(run.sizes), _numbers(equation, run))}'
        f'{_fold("evidence", say("evidence"), results_table(evidence_of(equation.id), language))}'
        f'{_fold("cite", say("cite"), cite_equation(equation, language).html())}'
        f"{_foot(equation, say)}</section>")


def keys_of(equation):
    """The glossary keys of the letters in the statement and its special cases."""
    statements = [equation.statement, *(d.statement for d in equation.special_cases)]
    linked = "".join(print_latex(statement, linked=True) for statement in statements)
    return set(re.findall(r"bp-term bp-term-(\w+)", linked))


@dataclass(frozen=True)
class Listing:
    """The source of a shipped function as a notebook shows it: taken from the function itself."""
    function: Callable

    def _repr_html_(self):
        return f'<div class="bp-listing">{highlight(bare_source(self.function), TERMS)}</div>'


def _code(equation):
    """The source; the function's own name is linked to what the statement defines."""
    own = {equation.function.__name__: _defined(equation)}
    return highlight(equation.source, keys_of(equation), own)


def _defined(equation):
    """The term that the statement defines: that of its left side."""
    left = print_latex(equation.statement.lhs, linked=True)
    return TERMS[re.search(r"bp-term bp-term-(\w+)", left)[1]]


def highlight(source, keys, also={}):
    """Python source as HTML, each name linked to its letter, where that is among the keys.

    `also` holds the terms of further names.
    """
    return (f'<div class="highlight"><pre tabindex="0"><code>{coloured(source, keys, also)}'
            "</code></pre></div>")


def coloured(source, keys, also={}):
    """The tokens of `highlight`, without the block around them."""
    tokens, html = list(PythonLexer(ensurenl=False).get_tokens(source)), []
    while tokens:
        kind, text = tokens.pop(0)
        if [t for _, t in tokens[:2]] == [".", "prime"]:
            text += "".join(tokens.pop(0)[1] for _ in range(2))
        css = STANDARD_TYPES.get(kind, "")
        term = (also.get(text) or term_for(text, keys)) if kind in Token.Name else None
        if term:
            css += f" bp-term bp-term-{term.key}"
        html.append(f'<span class="{css.strip()}">{escape(text)}</span>' if css.strip()
                    else escape(text))
    return "".join(html)


def display(latex):
    """LaTeX as a displayed formula, for MathJax in Jupyter and KaTeX on the site."""
    return rf'<div class="arithmatex">\[{escape(latex)}\]</div>'


def inline(latex):
    """LaTeX as a formula in a line of text."""
    return rf'<span class="arithmatex">\({escape(latex)}\)</span>'


def in_words(text):
    """A text of this package as HTML: its `$…$` are formulas, what stands between backticks is code.

    >>> in_words("layer $l-1$ & `more`")
    'layer <span class="arithmatex">\\\\(l-1\\\\)</span> &amp; <code>more</code>'
    """
    parts = text.split("$")
    prose = lambda part: re.sub("`([^`]+)`", r"<code>\1</code>", escape(part))
    return "".join(inline(part) if place % 2 else prose(part) for place, part in enumerate(parts))


def _fold(name, title, content):
    return (f'<details class="bp-card-{name}"><summary>{title}</summary>'
            f'<div class="bp-card-fold">{content}</div></details>')


def _foot(equation, say):
    if not equation.seed_cell:
        return ""
    return f'<p class="bp-card-foot">{say("notebook")}{say("colon")}{equation.seed_cell}</p>'


def _statements(equation, language):
    html = display(print_latex(equation.statement, linked=True))
    for case in equation.special_cases:
        html += (_case(case, language)
                 + display(print_latex(case.statement, linked=True)))
    return html


def _case(derivation, language):
    colon = choose(*_WORDS["colon"], language)
    return f'<p class="bp-card-case">{reason(derivation.case, language)}{colon}</p>'


def _letters(equation, language, say):
    """A row for each letter: how it is written, its name in the code, its shape, its meaning."""
    keys, rows = keys_of(equation), []
    if any(TERMS[key].shape for key in keys):
        keys |= {"n", "N"}  # of which the shapes are made
    for term in TERMS.values():
        if term.key not in keys or not (term.shape or term.names):
            continue
        names = [name for name in term.names
                 if re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\.prime)", equation.source)]
        if not names and not term.shape and term == _defined(equation):
            names = [equation.function.__name__]
        code = ", ".join(f'<code class="bp-term bp-term-{term.key}">{name.replace("_", "_<wbr/>")}</code>'
                         for name in names)
        arrays = [term.of_layer(layer) for layer in equation.layers_named(term.key)]
        letter = inline(rf"\class{{bp-term bp-term-{term.key}}}{{{', '.join(letter for letter, _ in arrays)}}}")
        shape = ", ".join(inline(shape) for _, shape in arrays if shape)
        rows.append(f"<li><span>{letter}</span><span>{code}</span><span>{shape}</span>"
                    f"<span>{in_words(term.meaning(language))}</span></li>")
    return f'<ul class="bp-card-letters" aria-label="{say("letters")}">{"".join(rows)}</ul>'


def _derivations(equation, language, say):
    if equation.derivation.is_definition and not equation.special_cases:
        return f"<p>{say('definition')}</p>"
    derivations = (*([] if equation.derivation.is_definition else [equation.derivation]),
                   *equation.special_cases)
    return f"<p>{say('checked')}</p>" + "".join(
        (_case(derivation, language) if derivation.case else "") + steps(derivation, language)
        for derivation in derivations)


def steps(derivation, language=None):
    """A derivation as a list: each expression as a formula, beside it the reason for the step."""
    left, rows = print_latex(derivation.left), []
    for number, step in enumerate(derivation.steps):
        start = left if number == 0 else rf"\phantom{{{left}}}"
        latex = f"{start} = {print_latex(step.expression)}"
        rows.append(f"<li>{display(latex)}<span>{in_words(reason(step.reason, language))}</span></li>")
    return f'<ol class="bp-card-steps">{"".join(rows)}</ol>'


def _example_of(equation):
    """The trace of the first example about which the equation says something."""
    runs = (trace(*sample) for sample in example.SAMPLES)
    return next(run for run in runs if equation.layers(run))


def _numbers(equation, run):
    rows = []
    for l in equation.layers(run):
        arguments = list(equation.arguments(run, l))
        result = equation.function(*(value for _, _, _, value in arguments))
        given = r", \quad ".join(_named(key, layer, value) for _, key, layer, value in arguments
                                 if isinstance(value, np.ndarray))
        left = print_whole(equation.array_statement.lhs, {model.l: l, model.L: run.L})
        call = ", ".join(getattr(value, "__name__", name) for name, _, _, value in arguments)
        rows.append(f'<div class="bp-card-run">{display(given)}'
                    f"<p><code>{equation.function.__name__}({call})</code></p>"
                    f"{display(f'{left} = {matrix(result)}')}</div>")
    return "".join(rows)


def _named(key, layer, value):
    exponent = "" if layer is None else f"^{{{layer}}}"
    letter = rf"\class{{bp-term bp-term-{key}}}{{{TERMS[key].latex}}}"
    return f"{letter}{exponent} = {matrix(value)}"


def matrix(value):
    """A number or an array as LaTeX, to four significant digits.

    >>> print(matrix(np.array([[0.25, -1.0, -0.0]])))
    \\begin{bmatrix} 0.25 & -1 & 0 \\end{bmatrix}
    """
    if np.ndim(value) == 0:
        return f"{value + 0.0:.4g}"  # no −0
    rows = r" \\ ".join(" & ".join(map(matrix, row)) for row in np.atleast_2d(value))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def results_table(results, language=None):
    """What links of the evidence asked and found, as HTML: a row for each.

    What failed comes first, and is shown on the smallest network, too.
    """
    rows = "".join(
        f'<tr><th scope="row">{link_name(result.link, language).capitalize()}</th>'
        f'<td class="bp-{how}">{choose(*_WORDS[how], language)}</td>'
        f"<td><strong>{choose(*_QUESTIONS[result.link], language)}</strong><br/>{_found(result, language)}</td></tr>"
        for result in sorted(results, key=lambda result: result.passed) for how in [_outcome(result)])
    return f"<table><tbody>{rows}</tbody></table>"


def _outcome(result):
    if not result.passed:
        return "failed"
    return "passed" if result.found.applies else "idle"


def _found(result, language):
    said = [difference.text(language) for difference in result.differences] or [result.found.text(language)]
    return "<br/>".join(map(in_words, said))
