"""The evidence is green, and turns red, at the right place, for every mistake planted here."""
import json
from dataclasses import replace
from functools import cache
from platform import python_version

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Integer, Sum

import bp
from bp import equations, functions, network, spec
from bp.evidence import Report, bridged, derived, evidence_of, reference, written
from bp.evidence.fixtures import Fixture
from bp.symbolic import derivations
from bp.symbolic import latex as printer
from bp.symbolic.calculus import chain_rule, differentiate
from bp.symbolic.derivation import Derivation, Step
from bp.symbolic.derivations import derive_hidden_delta
from bp.symbolic.model import L, a, delta, fprime, j, k, l, n, s, w, z

# The links whose exact set of red rows is asserted here; test_links.py has the others.
LINKS = ("derived", "printed", "bridged")


def verify(equations=None, progress=iter, links=LINKS):
    return bp.verify(equations, links, progress=progress)


# Every sum in one place, and equal widths that let a transpose slip through.
SMALL = Fixture((2, 3, 1), 2), Fixture((4, 4, 4, 4), 5)


@pytest.fixture
def fresh(monkeypatch):
    """For a test that changes statements: what follows from them is computed anew, and not kept."""
    before = [(vars(equation), dict(vars(equation))) for equation in spec]
    for attributes, _ in before:
        for name in ("array_statement", "latex", "_layer_of", "_left"):
            attributes.pop(name, None)
    for module, name in ((bridged, "references"), (reference, "_in_floats"), (written, "_source")):
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    yield monkeypatch
    monkeypatch.undo()
    for attributes, original in before:
        attributes.clear()
        attributes.update(original)


@pytest.fixture
def small(fresh):
    fresh.setattr(bridged, "FIXTURES", SMALL)
    return fresh


def red(report):
    """The failures as {(equation, link): what was found}."""
    return {(result.equation, result.link): result.found.en for result in report.failures}


def test_every_equation_passes_every_link_and_so_does_the_whole_algorithm():
    report = verify()
    assert report.passed and not report.failures, red(report)
    assert [(result.equation, result.link) for result in report.results] == [
        *((equation.id, link) for equation in spec for link in LINKS), ("backprop", "bridged"),
        ("compile", "bridged")]


def test_the_networks_that_are_compared_see_what_a_single_one_cannot():
    widths = [fixture.sizes for fixture in bridged.FIXTURES]
    assert {(2, 3, 1), (3, 5, 4, 2), (4, 4, 4, 4), (784, 30, 10)} <= set(widths)
    for sizes in ((2, 3, 1), (3, 5, 4, 2), (4, 4, 4, 4)):
        assert {1, 5} == {fixture.samples for fixture in bridged.FIXTURES if fixture.sizes == sizes}
    assert list(derived.DEPTHS) == [1, 2, 3, 4, 5, 6] and bridged.TOLERANCE <= 1e-10


def bridged_red(*ids):
    return {(id, "bridged") for id in ids}


IN_THE_CODE = {
    "f' dropped in hidden_delta": (
        equations.hidden_delta, " * activation.prime(z)", "", bridged_red("hidden-delta", "backprop")),
    "f' of f in hidden_delta": (
        equations.hidden_delta, "activation.prime(z)", "activation.prime(activation(z))",
        bridged_red("hidden-delta", "backprop")),
    "untransposed weights": (
        equations.hidden_delta, "weight.T", "weight", bridged_red("hidden-delta", "backprop")),
    "f' dropped in output_delta": (
        equations.output_delta, " * activation.prime(z)", "", bridged_red("output-delta", "backprop")),
    "f' of a in output_delta": (
        equations.output_delta, "activation.prime(z)", "activation.prime(a)",
        bridged_red("output-delta", "backprop")),
    "a sign in output_delta": (
        equations.output_delta, "= cost.prime", "= -cost.prime", bridged_red("output-delta", "backprop")),
    "a factor two": (
        equations.output_delta, "= cost.prime", "= 2 * cost.prime",
        bridged_red("output-delta", "backprop")),
    "a bias-less forward": (
        equations.weighted_input, "a + bias", "a", bridged_red("weighted-input", "backprop")),
    "no activation": (
        equations.activate, "activation(z)\n", "z * 1\n", bridged_red("activation", "backprop")),
    "bias gradient added up": (
        equations.bias_gradient, " / N", "", bridged_red("bias-gradient", "backprop")),
    "bias gradient flat": (
        equations.bias_gradient, ", keepdims=True", "", bridged_red("bias-gradient", "backprop")),
    "bias gradient totalled": (
        equations.bias_gradient, "delta.sum(axis=1, keepdims=True)", "delta.sum() + 0 * delta[:, :1]",
        bridged_red("bias-gradient", "backprop")),
    "bias gradient of the last sample": (
        equations.bias_gradient, "delta.sum(axis=1, keepdims=True)", "delta[:, -1:]",
        bridged_red("bias-gradient", "backprop")),
    "weight gradient added up": (
        equations.weight_gradient, "delta / N, a.T", "delta, a.T", bridged_red("weight-gradient", "backprop")),
    "weight gradient transposed": (
        equations.weight_gradient, "(delta / N, a.T)", "(a / N, delta.T)", bridged_red("weight-gradient", "backprop")),
    "cost added up": (equations.mean_cost, ".sum() / N", ".sum()", bridged_red("cost")),
    "cost without its half": (
        functions.quadratic, ".sum(axis=0) / 2", ".sum(axis=0)", bridged_red("quadratic-cost", "cost")),
    "a wrong derivative of the cost": (
        functions.quadratic_prime, "a - y\n", "(a - y) * 2\n",
        bridged_red("cost-derivative", "output-delta", "backprop")),
    "a wrong derivative of the sigmoid": (
        functions.sigmoid_prime, "a * (1 - a)", "a * (1 + a)",
        bridged_red("sigmoid-prime", "output-delta", "hidden-delta", "backprop")),
    "a wrong sigmoid": (
        functions.sigmoid, "np.exp(-z)", "np.exp(z)",
        bridged_red("sigmoid", "softplus-prime", "activation", "output-delta", "hidden-delta", "backprop")),
    "the delta of z one layer up": (
        network.backprop, "zs[l-2]", "zs[l-1]", bridged_red("backprop")),
    "weights of the layer below": (
        network.backprop, "hidden_delta(weights[l-1]", "hidden_delta(weights[l-2]", bridged_red("backprop")),
    "activations of the same layer": (
        network.backprop, "weight_gradient(delta, activations[l-1])",
        "weight_gradient(delta, activations[l])", bridged_red("backprop")),
    "first layer skipped": (
        network.backprop, "range(L, 0, -1)", "range(L, 1, -1)", bridged_red("backprop")),
    "z in place of a on the way forward": (
        network.feedforward, "activations.append(a)", "activations.append(z)", bridged_red("backprop")),
    "nan everywhere": (
        equations.hidden_delta, "activation.prime(z)", "activation.prime(z) * float('nan')",
        bridged_red("hidden-delta", "backprop")),
    "nothing returned": (equations.mean_cost, "return ", "", bridged_red("cost")),
}


@pytest.mark.parametrize("function, right, wrong, places", IN_THE_CODE.values(), ids=IN_THE_CODE)
def test_a_mistake_in_the_code_turns_its_equation_red_and_no_other(plant, function, right, wrong, places):
    plant(function, right, wrong)
    assert set(red(verify())) == places


def test_untransposed_weights_crash_on_unequal_widths_and_are_wrong_on_equal_ones(plant, fresh):
    plant(equations.hidden_delta, "weight.T", "weight")
    message = red(verify(["hidden-delta"]))["hidden-delta", "bridged"]
    assert "hidden_delta at l = 2 of [2,3,1]×1: `@` needs as many columns on its left as rows on its right" in message
    fresh.setattr(bridged, "FIXTURES", (Fixture((4, 4, 4, 4), 1),))
    bridged.references.cache_clear()
    message = red(verify(["hidden-delta"]))["hidden-delta", "bridged"]
    assert "of [4,4,4,4]×1, entry [" in message and "ValueError" not in message


def test_a_sum_that_should_be_a_mean_is_seen_with_five_samples_and_not_with_one(plant):
    plant(equations.bias_gradient, " / N", "")
    message = red(verify(["bias-gradient"]))["bias-gradient", "bridged"]
    assert "of [2,3,1]×5, entry [0, 0]" in message


def test_a_failure_names_the_entry_and_gives_both_values(plant):
    plant(equations.output_delta, "= cost.prime", "= -cost.prime")
    message = red(verify(["output-delta"]))["output-delta", "bridged"]
    head, _, values = message.partition(": the code gives ")
    got, want = map(float, values.split(", the derived statement "))
    assert head == "output_delta at l = 2 of [2,3,1]×1, entry [0, 0]"
    assert got == -want != 0


def test_a_failure_in_symbols_is_written_with_the_letters_of_the_book(plant):
    plant(equations.hidden_delta, " * activation.prime(z)", "")
    message = red(bp.verify(["hidden-delta"], ["executed"]))["hidden-delta", "executed"]
    assert "the code gives δ²₁·w²₁₁, the derived statement δ²₁·w²₁₁·f′(z¹₁)" in message


def test_a_failure_to_return_is_asked_after(plant):
    plant(equations.bias_gradient, "    return delta.sum", "    delta.sum")
    message = red(verify(["bias-gradient"]))["bias-gradient", "bridged"]
    assert "the code gives None, the derived statement shape (3, 1). Does it lack its `return`?" in message


def test_a_failure_in_shapes_is_told_in_chinese_too(plant):
    plant(equations.bias_gradient, ".sum(axis=1, keepdims=True)", "")
    [difference, *_] = bp.verify(["bias-gradient"], ["bridged"]).results[0].differences
    assert "：程式算出形狀 (3, 5) 的陣列，推導出的公式算出形狀 (3, 1) 的陣列" in difference.text("zh-TW")


def test_a_single_nan_fails_and_is_the_entry_that_is_named(plant):
    plant(equations.hidden_delta, "activation.prime(z)",
          "activation.prime(z) * np.where(np.arange(z.size).reshape(z.shape) == 2, np.nan, 1)"
          .replace("np", "__import__('numpy')"))
    message = red(verify(["hidden-delta"]))["hidden-delta", "bridged"]
    assert "hidden_delta at l = 2 of [2,3,1]×1, entry [2, 0]: the code gives nan" in message


def planted_statement(monkeypatch, id, change):
    right = spec[id].array_statement
    wrong = right.xreplace(change)
    assert wrong != right
    monkeypatch.setitem(vars(spec[id]), "array_statement", wrong)


def test_w_kj_for_w_jk_in_the_bridges_statement_is_red_and_named_on_unequal_widths(fresh):
    planted_statement(fresh, "hidden-delta", {w[l, j, k]: w[l, k, j]})
    failures = red(verify())
    assert {("hidden-delta", "bridged"), ("backprop", "bridged")} <= set(failures)
    assert not {link for _, link in failures} - {"bridged"}
    assert all("the statement of hidden-delta has no value at l = 2 of [2,3,1]×1" in message
               for message in failures.values())


def test_w_kj_for_w_jk_in_the_bridges_statement_is_a_wrong_value_on_equal_widths(fresh):
    fresh.setattr(bridged, "FIXTURES", (Fixture((4, 4, 4, 4), 5),))
    planted_statement(fresh, "hidden-delta", {w[l, j, k]: w[l, k, j]})
    failures = red(verify())
    assert set(failures) == bridged_red("hidden-delta", "backprop")
    assert "entry [" in failures["hidden-delta", "bridged"]


IN_THE_STATEMENT = {
    "weighted-input": {w[l, j, k]: -w[l, j, k]},
    "activation": {z[l, j, s]: 2 * z[l, j, s]},
    "output-delta": {fprime(z[L, j, s]): Integer(1)},
    "hidden-delta": {fprime(z[l-1, k, s]): fprime(a[l-1, k, s])},
    "bias-gradient": {delta[l, j, s]: -delta[l, j, s]},
    "weight-gradient": {a[l-1, k, s]: z[l, j, s]},
}


@pytest.mark.parametrize("id, change", IN_THE_STATEMENT.items(), ids=IN_THE_STATEMENT)
def test_a_mistake_in_the_bridges_statement_turns_its_equation_and_the_algorithm_red(small, id, change):
    planted_statement(small, id, change)
    also = bridged_red("sigmoid-output-delta", "compile") if id == "activation" else set()  # f' by a = f(2z) isn't f'(z)
    found = set(red(verify())) - also
    assert found == bridged_red(id, "backprop")


def test_a_statement_that_is_not_what_is_derived_is_red(small):
    wrong = derive_hidden_delta().rewrite(w[l, j, k], w[l, k, j], "simplify")
    small.setitem(vars(spec["hidden-delta"]), "derivation", wrong)
    message = red(verify(["hidden-delta"]))["hidden-delta", "derived"]
    assert "the statement is Eq(delta[l - 1, k]" in message and "w[l, k, j]" in message


def test_a_derivation_with_a_wrong_step_is_red_and_the_step_is_named(small):
    def derive():
        derivation = derive_hidden_delta()
        step = derivation.steps[3]
        derivation.steps[3] = Step(-step.expression, step.reason)
        return derivation
    small.setitem(vars(spec["hidden-delta"]), "derive", derive)
    failures = red(verify(["hidden-delta"]))
    assert set(failures) == {("hidden-delta", "derived")}
    assert "step 4 (differentiate-z-of-z) of delta[l - 1, k]" in failures["hidden-delta", "derived"]


# Mistakes in the calculus itself, so that every step agrees with the next: only whole networks can tell.
IN_THE_CALCULUS = {
    "differentiate": lambda expression, variable: -differentiate(expression, variable),
    "weighted_input": lambda l, j, below, index: Sum(w[l, index, j] * below(index), (index, 1, n(l-1))),
    "chain_rule": lambda *arguments: 2 * chain_rule(*arguments),
}


@pytest.mark.parametrize("name, wrong", IN_THE_CALCULUS.items(), ids=IN_THE_CALCULUS)
def test_a_derivation_that_is_consistently_wrong_is_red_against_whole_networks(small, name, wrong):
    small.setattr(derivations, name, wrong)
    derivation = derivations.derive_hidden_delta()
    assert derivation.check() == len(derivation.steps)
    small.setitem(vars(spec["hidden-delta"]), "derivation", derivation)
    found = red(verify(["hidden-delta"]))["hidden-delta", "derived"]
    assert "SymPy's derivative is" in found and "the unrolled statement is" in found


def test_a_derivation_that_breaks_is_a_failed_check_and_the_rest_is_still_reported(small):
    small.setitem(vars(spec["hidden-delta"]), "derive", lambda: Derivation(delta, None, "definition").x)
    report = verify()
    assert len(report.results) == 3 * len(spec) + 2
    assert "raised AttributeError" in red(report)["hidden-delta", "derived"]


OF_COSTS = {"binary-cross-entropy", "binary-cross-entropy-derivative", "cross-entropy", "cross-entropy-derivative",
            "sigmoid-output-delta", "softmax-output-delta"}
MISPRINTS = {
    "an index swapped": (
        "_print_Indexed", "_{jk}", "_{kj}", {"weighted-input", "weight-gradient", "hidden-delta"}),
    "a layer wrong": (
        "_print_Indexed", "^{l-1}", "^{l}", {"weighted-input", "weight-gradient", "hidden-delta"}),
    "a prime dropped": ("_print_fprime", "f'", "f", {
        "output-delta", "hidden-delta", "tanh-prime", "relu-prime", "softplus-prime", "identity-prime"}),
    "a prime of the sigmoid dropped": ("_print_sigmaprime", r"\sigma'", r"\sigma", {"sigmoid-prime"}),
    "a sum dropped": ("_print_Sum", r"\sum_{j=1}^{n_{l}} ", "", {"hidden-delta"}),
    "a sum over the wrong index": ("_print_Sum", r"\sum_{j=", r"\sum_{k=",
                                   {"quadratic-cost", "cost", "hidden-delta", "binary-cross-entropy", "cross-entropy"}),
    "a sum that ends elsewhere": ("_print_Sum", "^{N}", "^{L}",
                                  {"cost", "bias-gradient", "weight-gradient"}),
    "a minus lost": ("_print_Add", " - ", " + ", {
        "sigmoid-prime", "quadratic-cost", "cost-derivative", "cost", "output-delta", "tanh-prime",
        *OF_COSTS - {"cross-entropy", "cross-entropy-derivative"}}),
    "a plus for a minus": ("_print_Add", " + b", " - b", {"weighted-input"}),
    "the minus of an exponent lost": ("_print_Add", "e^{-z}", "e^{z}", {"sigmoid"}),
    "brackets lost": ("_print_Mul", "(1 - ", "1 - (", {
        "sigmoid-prime", "binary-cross-entropy", "binary-cross-entropy-derivative"}),
    "a case lost": ("_print_Piecewise", "z > 0", "z > 1", {"relu", "relu-prime"}),
    "a function for another": ("_print_log", r"\log", r"\cosh", {
        "softplus", "binary-cross-entropy", "cross-entropy"}),
    "a half lost": ("_print_Mul", r"\frac{1}{2", r"\frac{1}{1", {"quadratic-cost", "cost"}),
    "a mean lost": ("_print_Mul", r"\frac{1}{N} ", "", {"cost", "bias-gradient", "weight-gradient"}),
    "a square lost": ("_print_Pow", "^{2}", "", {"quadratic-cost", "cost", "tanh-prime"}),
    "a letter for another": ("_print_Indexed", "y_", "z_", {
        "quadratic-cost", "cost-derivative", "cost", "output-delta", *OF_COSTS}),
    "a letter that nobody knows": ("_print_Indexed", "y_", "q_", {
        "quadratic-cost", "cost-derivative", "cost", "output-delta", *OF_COSTS}),
    "LaTeX that nobody can read": ("_print_Indexed", "_{jk}", "_{jk", {
        "weighted-input", "weight-gradient", "hidden-delta"}),
}


@pytest.mark.parametrize("method, right, wrong, ids", MISPRINTS.values(), ids=MISPRINTS)
def test_a_misprint_is_red_wherever_it_is_printed(small, method, right, wrong, ids):
    original = getattr(printer._TextbookPrinter, method)
    small.setattr(printer._TextbookPrinter, method,
                  lambda self, e, *rest: original(self, e, *rest).replace(right, wrong))
    assert set(red(verify(links=["printed"]))) == {(id, "printed") for id in ids}


def test_a_misprint_is_named_as_it_was_printed_and_as_it_reads(small):
    original = printer._TextbookPrinter._print_fprime
    small.setattr(printer._TextbookPrinter, "_print_fprime",
                  lambda self, e: original(self, e).replace("f'", "f"))
    message = red(verify(["hidden-delta"]))["hidden-delta", "printed"]
    assert r"\, \sum" in message and "f(z_{k}^{l-1})" in message
    assert "reads Eq(delta[l - 1, k], f(z[l - 1, k])" in message
    assert "the derived statement is Eq(delta[l - 1, k], fprime(z[l - 1, k])" in message


def arctan(z):
    return np.arctan(z)


ARCTAN = "atan(z)"


def register(monkeypatch, prime, formula=ARCTAN):
    vars(arctan).update(formula=formula, prime=prime, title=("arctan", "反正切"), kinks=())
    monkeypatch.setitem(functions.ACTIVATIONS, "arctan", arctan)


def test_a_registered_activation_with_a_right_derivative_is_green(small):
    register(small, lambda z: 1 / (1 + z**2))
    assert red(verify()) == {}
    used = {reference.activation for reference in bridged.references(SMALL[0])}
    assert used == set(functions.ACTIVATIONS.values()) and arctan in used


def test_a_registered_activation_with_a_wrong_derivative_is_red(small):
    register(small, lambda z: 1 / (1 + z))
    assert set(red(verify())) == bridged_red("output-delta", "hidden-delta", "backprop")


def test_a_registered_activation_that_does_not_compute_its_formula_is_red(small):
    register(small, lambda z: 1 / (1 + z**2), "atan(2*z) / 2")
    assert bridged_red("activation", "backprop") <= set(red(verify()))


def leaky(z):
    return np.where(z > 0, z, z / 10)


def leaky_prime(z):
    return np.where(z > 0, 1, 0.1) * np.ones_like(z)


LEAKY = "Piecewise((z / 10, z <= 0), (z, True))"
# What is registered: the function, its derivative, its formula, its kinks; and the checks of its two equations that fail.
REGISTERED = {
    "right": (arctan, lambda z: 1 / (1 + z**2), ARCTAN, (), set()),
    "right, with a kink": (leaky, leaky_prime, LEAKY, (0,), set()),
    "right, of a modulus": (lambda z: abs(z), lambda z: z / abs(z), "Piecewise((-z, z <= 0), (z, True))", (0,), set()),
    "a wrong derivative": (arctan, lambda z: 1 / (1 + z), ARCTAN, (), {"f-prime bridged", "f-prime executed"}),
    "a wrong function": (lambda z: 2 * np.arctan(z), lambda z: 1 / (1 + z**2), ARCTAN, (), {"f bridged", "f executed"}),
    "a wrong formula": (arctan, lambda z: 1 / (1 + z**2), "atan(2 * z)", (), {
        "f bridged", "f executed", "f-prime bridged", "f-prime executed"}),
    "a kink that isn't stated": (leaky, leaky_prime, LEAKY, (), {"f derived"}),
    "a kink that isn't there": (arctan, lambda z: 1 / (1 + z**2), ARCTAN, (1,), {"f derived"}),
    "a jump": (lambda z: z + 1 * (z > 0), lambda z: np.ones_like(z), "Piecewise((z, z <= 0), (z + 1, True))", (), {"f derived"}),
}


@pytest.mark.parametrize("function, prime, formula, kinks, places", REGISTERED.values(), ids=REGISTERED)
def test_all_that_must_hold_of_a_new_activation_is_proved_or_fails_by_name(
        small, function, prime, formula, kinks, places):
    def f(z):
        return function(z)
    monkeypatch = small
    monkeypatch.setattr(functions, "ACTIVATIONS", dict(functions.ACTIVATIONS))
    functions.activation(formula, prime, ("a new one", "新的"), kinks=kinks)(f)
    f.prime.__name__ = "f_prime"
    report = bp.verify(spec.equations_of_activation(f))
    assert {" ".join(place) for place in red(report)} == places
    assert len(report.results) == 10


def test_the_report_as_json_carries_every_result_and_the_versions():
    report = verify(["sigmoid", "hidden-delta"])
    read = json.loads(report.to_json())
    assert read["passed"] is True
    assert read["versions"] == {"bp": bp.__version__, "numpy": np.__version__,
                                "sympy": sympy.__version__, "mpmath": mpmath.__version__,
                                "python": python_version()}
    assert [(row["equation"], row["link"], row["passed"]) for row in read["results"]] == [
        (id, link, True) for id in ("sigmoid", "hidden-delta") for link in LINKS]
    assert all(row["found"]["brief"] and row["found"]["en"] and row["found"]["zh"]
               for row in read["results"])


def test_the_report_of_a_failure_says_so_in_json_and_in_the_table(plant):
    plant(equations.hidden_delta, "weight.T", "weight")
    report = verify(["hidden-delta"])
    (failed,) = [row for row in json.loads(report.to_json())["results"] if not row["passed"]]
    assert (failed["equation"], failed["link"], report.passed) == ("hidden-delta", "bridged", False)
    assert f"FAIL hidden-delta, bridged: {failed['found']['en']}" in str(report).splitlines()
    assert "2 of 3 checks passed" in str(report)


def test_the_table_has_a_row_for_each_equation_and_a_column_for_each_link():
    lines = str(verify()).splitlines()
    assert lines[0].split() == ["equation", *LINKS]
    assert [line.split()[0] for line in lines[1:len(spec) + 3]] == [
        *(equation.id for equation in spec), "backprop", "compile"]
    total = 3 * len(spec) + 2
    assert lines[-1].startswith(f"{total} of {total} checks passed (bp {bp.__version__}, numpy ")


def test_the_progress_is_told_of_every_check_before_it_runs():
    seen = []

    def progress(checks):
        for check in checks:
            seen.append(check[:2])
            yield check

    verify(["sigmoid", "activation"], progress)
    assert seen == [(id, link) for id in ("sigmoid", "activation") for link in LINKS]


def test_a_report_is_read_back_from_its_json(plant):
    plant(equations.hidden_delta, "weight.T", "weight")
    report = verify(["hidden-delta", "sigmoid"])
    assert Report.from_json(report.to_json()) == report and not report.passed


def test_the_evidence_that_cards_show_is_that_of_verify_or_of_the_report_that_is_given(
        monkeypatch, tmp_path):
    monkeypatch.delenv("BP_REPORT", raising=False)
    computed = bp.verify(["hidden-delta"]).results
    assert evidence_of.__wrapped__("hidden-delta") == computed
    failed = replace(computed[0], passed=False)
    path = tmp_path / "report.json"
    path.write_text(Report((failed, *verify(["sigmoid"]).results)).to_json(), encoding="utf-8")
    monkeypatch.setenv("BP_REPORT", str(path))
    assert evidence_of.__wrapped__("hidden-delta") == (failed,)
