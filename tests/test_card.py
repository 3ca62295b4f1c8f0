"""The card: every part of it is taken from the equation, in both languages."""
import inspect
import re
from html import escape, unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from bp import card as cards
from bp import example, spec
from bp.card import Listing, card, in_words, keys_of, matrix
from bp.citation import cite_equation
from bp.evidence import LINKS, Result
from bp.evidence.outcome import Checked
from bp.glossary import BY_NAME, TERMS
from bp.network import backprop
from bp.symbolic.latex import print_latex
from bp.trace import trace

FOLDS = {"en": ["Derivation", "Numbers on the {} network", "Evidence", "Cite this equation"],
         "zh-TW": ["推導", "代入 {} 網路的數字", "證據", "引用這個公式"]}
every_equation = pytest.mark.parametrize("equation", spec, ids=lambda equation: equation.id)
both_languages = pytest.mark.parametrize("language", FOLDS)


def test_a_link_that_had_nothing_to_check_is_not_shown_as_passed(monkeypatch):
    nothing, something = Checked("–", "nothing", "沒有"), Checked("1", "something", "有")
    monkeypatch.setattr(cards, "evidence_of", lambda id: [Result(id, "refuted", True, nothing), Result(id, "printed", True, something)])
    fold = part(card(spec["hidden-delta"]), "bp-card-evidence")
    assert re.findall(r'<td class="bp-(\w+)">(.*?)</td>', fold) == [("idle", "–"), ("passed", "passed")]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("BP_LANG", "BP_REPORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BP_SITE_URL", "")


def part(html, name):
    """What stands in the one element of this class, by counting its kind of tags."""
    (start,) = re.finditer(rf'<(\w+) class="{name}"[^>]*>', html)
    tag, depth = start[1], 1
    for match in re.finditer(rf"</?{tag}\b[^>]*>", html[start.end():]):
        depth += -1 if match[0].startswith("</") else 1
        if depth == 0:
            return html[start.end():start.end() + match.start()]


def text(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def run_of(equation):
    """The first of the examples about which the equation says something."""
    return next(run for run in (trace(*sample) for sample in example.SAMPLES) if equation.layers(run))


def keys_in(html):
    return set(re.findall(r"bp-term bp-term-(\w+)", html))


def results_in(html):
    """The arrays that the numbers of a card end in, each as a list of rows."""
    ends = re.findall(r"= ([^=]+)\\\]</div></div>", unescape(part(html, "bp-card-numbers")))
    bare = [re.sub(r"\\(begin|end)\{bmatrix\}", "", end) for end in ends]
    return [[[float(entry) for entry in row.split("&")] for row in end.split(r"\\")] for end in bare]


@every_equation
@both_languages
def test_a_card_is_one_section_at_its_anchor_in_its_language(equation, language):
    html = card(equation, language)
    assert html.count(f'id="eq-{equation.id}"') == 1
    assert f'<section class="bp-card" id="eq-{equation.id}"' in html and f'lang="{language}"' in html
    head = text(part(html, "bp-card-head"))
    assert equation.title(language) in head and f"bp.{equation.function.__name__}" in head
    assert equation.alias in head
    assert (equation.seed_cell in part(html, "bp-card-foot")) if equation.seed_cell else 'class="bp-card-foot"' not in html
    assert "http" not in html


@every_equation
def test_the_statement_is_the_printed_one_with_its_special_cases(equation):
    statement = part(card(equation, "en"), "bp-card-statement")
    statements = [equation.statement, *(case.statement for case in equation.special_cases)]
    assert re.findall(r"\\\[(.*?)\\\]", statement) == [
        escape(print_latex(statement, linked=True)) for statement in statements]


@every_equation
def test_the_code_is_the_source_of_the_function_itself(equation):
    code = text(part(card(equation, "en"), "bp-card-code"))
    assert code == equation.source
    shipped = inspect.getsource(equation.function).splitlines()
    assert [line for line in code.splitlines() if line not in shipped] == []
    assert code.splitlines()[-1] == shipped[-1] and '"""' not in code


@every_equation
@both_languages
def test_the_four_folds_are_there_with_something_in_each(equation, language):
    html = card(equation, language)
    sizes = run_of(equation).sizes
    assert [text(summary) for summary in re.findall("<summary>(.*?)</summary>", html)] == [
        title.format(sizes) for title in FOLDS[language]]
    for fold in ("derivation", "numbers", "evidence", "cite"):
        assert len(text(part(html, f"bp-card-{fold}"))) > 10


@every_equation
def test_a_letter_has_the_same_class_in_the_statement_and_in_the_code(equation):
    html = card(equation, "en")
    statement, code = (keys_in(part(html, f"bp-card-{where}")) for where in ("statement", "code"))
    parameters = {BY_NAME[name].key for name in inspect.signature(equation.function).parameters}
    assert statement == keys_of(equation) and code <= statement <= set(TERMS)
    assert code and parameters & statement <= code
    in_shapes = {"n", "N"} if any(TERMS[key].shape for key in statement) else set()
    assert keys_in(part(html, "bp-card-letters")) == in_shapes | {
        key for key in statement if TERMS[key].shape or TERMS[key].names}


def test_a_letter_has_the_layer_and_the_shape_that_it_has_in_the_statement():
    rows = re.findall("<li>(.*?)</li>", part(card(spec["hidden-delta"], "en"), "bp-card-letters"))
    found = {keys_in(row).pop(): re.findall(r"\\\((.*?)\\\)", row)[:3] for row in rows}
    assert found["z"] == [r"\class{bp-term bp-term-z}{z^{l-1}}", r"n_{l-1} \times N"]
    assert found["delta"] == [r"\class{bp-term bp-term-delta}{\delta^{l}, \delta^{l-1}}",
                              r"n_{l} \times N", r"n_{l-1} \times N"]
    assert found["w"][1] == r"n_{l} \times n_{l-1}"


def test_the_code_of_hidden_delta_is_linked_name_by_name():
    code = part(card(spec["hidden-delta"], "en"), "bp-card-code")
    linked = set(re.findall(r'bp-term-(\w+)">([\w.]+)<', code))
    assert linked == {("delta", "hidden_delta"), ("w", "weight"), ("delta", "delta"), ("z", "z"), ("fprime", "activation.prime")}


@every_equation
@both_languages
def test_each_letter_is_explained_in_the_language_of_the_card(equation, language):
    letters = text(part(card(equation, language), "bp-card-letters"))
    for key in keys_in(part(card(equation, language), "bp-card-letters")):
        assert text(in_words(TERMS[key].meaning(language))) in letters


@every_equation
@both_languages
def test_every_step_of_the_derivation_is_shown_with_its_reason(equation, language):
    fold = part(card(equation, language), "bp-card-derivation")
    shown = [d for d in (equation.derivation, *equation.special_cases) if not d.is_definition]
    steps = [step for derivation in shown for step in derivation.steps]
    lines = re.findall(r"<li>(.*?)</li>", fold)
    assert len(lines) == len(steps)
    for line, step in zip(lines, steps):
        formula, reason = re.fullmatch(r'<div class="arithmatex">(.*?)</div><span>(.+?)</span>', line).groups()
        assert unescape(formula).endswith(f"= {print_latex(step.expression)}\\]")
        assert reason and (language == "en") == (not re.search("[\u4e00-\u9fff]", reason))


@every_equation
def test_the_numbers_are_what_the_function_returns_on_the_example(equation):
    run = run_of(equation)
    layers = equation.layers(run)
    shown = results_in(card(equation, "en"))
    assert len(shown) == len(layers) >= 1
    for l, rows in zip(layers, shown):
        result = equation.function(*(value for _, _, _, value in equation.arguments(run, l)))
        np.testing.assert_allclose(np.ravel(rows), np.ravel(result), rtol=6e-4,
                                   err_msg=f"{equation.id} at l = {l}: card, then function")


def test_the_deltas_of_the_example_are_those_of_the_blackboard():
    ((output,),), = results_in(card(spec["output-delta"], "en"))
    hidden, = results_in(card(spec["hidden-delta"], "en"))
    assert round(output, 4) == -0.0991
    assert [round(row[0], 4) for row in hidden] == [-0.0099, 0.0086, -0.0223]


def test_the_gradients_on_the_cards_are_those_of_backprop():
    for id, gradient in zip(("bias-gradient", "weight-gradient"), backprop(
            example.x, example.y, example.net.weights, example.net.biases)):
        for rows, array in zip(results_in(card(spec[id], "en")), gradient, strict=True):
            np.testing.assert_allclose(rows, array, rtol=6e-4)


@both_languages
def test_the_evidence_of_every_link_is_shown_as_passed(language):
    fold = part(card(spec["hidden-delta"], language), "bp-card-evidence")
    assert fold.count('class="bp-passed"') == len(LINKS) and "bp-failed" not in fold
    for result in spec["hidden-delta"].evidence:
        assert result.found.text(language) in unescape(fold)


@both_languages
def test_evidence_that_fails_is_shown_as_failed(monkeypatch, language):
    found = Checked("FAIL", "1 < 2", "1 < 2")
    monkeypatch.setattr(cards, "evidence_of", lambda id: [Result(id, "bridged", False, found)])
    fold = part(card(spec["hidden-delta"], language), "bp-card-evidence")
    assert "bp-passed" not in fold and 'class="bp-failed"' in fold and "1 &lt; 2" in fold
    assert {"en": "failed", "zh-TW": "未通過"}[language] in fold


@every_equation
@both_languages
def test_a_card_says_how_to_cite_its_equation(equation, language):
    fold = part(card(equation, language), "bp-card-cite")
    blocks = re.findall("(?s)<pre[^>]*><code[^>]*>(.*?)</code></pre>", fold)
    cited = cite_equation(equation, language)
    assert [unescape(block) for block in blocks] == [cited.bibtex(), cited.plain()]


@every_equation
@both_languages
def test_every_tag_of_a_card_is_closed_in_its_place(equation, language):
    class Balance(HTMLParser):
        opened, closed = [], 0

        def handle_starttag(self, tag, attributes):
            self.opened.append(tag)

        def handle_endtag(self, tag):
            assert self.opened.pop() == tag
            self.closed += 1

    parser = Balance()
    parser.opened = []
    parser.feed(card(equation, language))
    parser.close()
    assert parser.opened == [] and parser.closed > 50


def test_jupyter_shows_the_card_in_the_language_of_the_environment(monkeypatch):
    equation = spec["hidden-delta"]
    monkeypatch.setenv("BP_LANG", "zh-TW")
    assert equation._repr_html_() == card(equation, "zh-TW")
    monkeypatch.delenv("BP_LANG")
    assert equation._repr_html_() == card(equation, "en") != card(equation, "zh-TW")


def test_a_listing_is_the_source_of_the_function_without_its_docstring():
    listed = text(Listing(backprop)._repr_html_())
    shipped = inspect.getsource(backprop)
    assert listed.startswith("def backprop(x, y, weights, biases")
    assert listed.rstrip().endswith("return nabla_b, nabla_w")
    assert all(line in shipped for line in listed.splitlines()) and "Raises" not in listed


@pytest.mark.parametrize("value, latex", [
    (0.12345678, "0.1235"), (np.float64(2.0), "2"),
    (np.array([[1.0], [-0.5]]), r"\begin{bmatrix} 1 \\ -0.5 \end{bmatrix}"),
    (np.array([1.0, 2.0]), r"\begin{bmatrix} 1 & 2 \end{bmatrix}")], ids=str)
def test_numbers_are_printed_to_four_digits(value, latex):
    assert matrix(value) == latex
