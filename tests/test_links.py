"""Links 4 and 5 and the floats: exact execution, mistakes refuted, rounding."""
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bp import equations, functions, spec, verify
from bp.evidence import Report, executed, floats, mistakes, published, refuted, signature
from bp.evidence.field import PRIME, Element
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant
from bp.evidence.outcome import LinkError, Scope
from bp.evidence.fixtures import Fixture

ELEMENTS = st.builds(Element, st.integers(0, PRIME - 1), st.integers(0, PRIME - 1))


@given(ELEMENTS, ELEMENTS, ELEMENTS)
@settings(max_examples=50, deadline=None)
def test_elements_obey_the_laws_of_a_ring(a, b, c):
    assert a + b == b + a and a * b == b * a and (a + b) + c == a + (b + c)
    assert (a * b) * c == a * (b * c) and a * (b + c) == a * b + a * c
    assert a - a == 0 and a * 1 == a and -a + a == 0 and 1 - a == -(a - 1)


@given(ELEMENTS, st.integers(1, PRIME - 1))
@settings(max_examples=50, deadline=None)
def test_dividing_an_element_by_a_number_undoes_multiplying(a, number):
    assert (a * number) / number == a


@given(st.integers(0, PRIME - 1), st.lists(st.integers(0, PRIME - 1), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_slope_of_a_polynomial_is_its_derivative(point, coefficients):
    value = executed.Polynomial(coefficients)(Element(point, 1))
    derivative = sum(c * k * pow(point, k - 1, PRIME) for k, c in enumerate(coefficients) if k)
    assert (value.slope - derivative) % PRIME == 0


@pytest.mark.parametrize("id", [e.id for e in spec])
def test_every_function_equals_its_statement_on_symbols(id):
    assert "exact" in executed.execute_equation(spec[id]).brief


def test_hidden_delta_without_f_prime_is_refused_on_symbols(monkeypatch):
    monkeypatch.setitem(vars(spec["hidden-delta"]), "function",
                        lambda weight, delta, z, activation: weight.T @ delta)
    with pytest.raises(LinkError, match="hidden_delta|lambda"):
        executed.execute_equation(spec["hidden-delta"])


IN_FUNCTIONS = {  # one mistake in a registered function, and the equation it belongs to
    "tanh-prime": (functions.tanh_prime, "np.tanh(z) ** 2", "np.tanh(z)"),
    "relu": (functions.relu, "np.maximum(z, 0)", "np.maximum(z, -z)"),
    "relu-prime": (functions.relu_prime, "z > 0", "z < 0"),
    "softplus": (functions.softplus, "2 * positive", "positive"),
    "binary-cross-entropy": (functions.binary_cross_entropy, "1 - y, 1 - a", "1 - y, a"),
    "cross-entropy-derivative": (functions.cross_entropy_prime, "-y / a", "-y / (a + 1e-15)"),
    "softmax": (functions.softmax, "z - z.max(axis=0)", "z - z.max(axis=0) * (z == z[0])"),
    "sigmoid-output-delta": (equations.sigmoid_output_delta, "a - y\n", "(a - y) / 2\n"),
    "softmax-output-delta": (equations.softmax_output_delta, "a * y.sum(axis=0) - y", "a - y"),
}


@pytest.mark.parametrize("id", IN_FUNCTIONS)
def test_a_mistake_in_a_registered_function_is_refused_on_symbols(plant, id):
    plant(*IN_FUNCTIONS[id])
    assert [(r.equation, r.link) for r in verify([id], links=["executed"]).failures] == [(id, "executed")]


WRONG_FROM_VALUES = {  # the derivative as a function of the activation's own value, wrong
    "sigmoid": lambda a: a * (1 + a), "tanh": lambda a: 1 - a, "relu": lambda a: (a >= 0) * np.ones_like(a),
    "softplus": lambda a: 1 + np.expm1(-a), "identity": lambda a: a}


def test_every_activation_has_its_derivative_from_its_value_and_a_wrong_one_here():
    assert set(WRONG_FROM_VALUES) == {name for name, f in functions.ACTIVATIONS.items() if f.prime_from_value}


@pytest.mark.parametrize("name", WRONG_FROM_VALUES)
def test_a_wrong_derivative_from_the_value_is_refused_by_name(monkeypatch, name):
    monkeypatch.setattr(functions.ACTIVATIONS[name], "prime_from_value", WRONG_FROM_VALUES[name])
    (failed,) = verify([f"{name}-prime"]).failures
    assert failed.link == "executed" and f"{name}.prime_from_value({name}(z)) at l = " in failed.found.en


def test_an_activation_without_a_derivative_from_its_value_is_green(monkeypatch):
    monkeypatch.setattr(functions.tanh, "prime_from_value", None)
    assert verify(["tanh-prime"]).passed


def test_a_mistake_in_a_matched_delta_is_refused_in_the_whole_network_by_every_link(plant):
    plant(*IN_FUNCTIONS["softmax-output-delta"])
    failures = verify(links=["bridged", "executed", "floats"], quick=True).failures
    assert {r.link for r in failures if r.equation == "backprop"} == {"bridged", "executed", "floats"}


def test_floats_take_every_activation(plant):
    for id in ("tanh-prime", "relu-prime"):
        plant(*IN_FUNCTIONS[id])
        with pytest.raises(LinkError, match="a complex step"):
            floats.check_floats(Scope(quick=True))


@pytest.mark.parametrize("cost, output, delta", [
    (functions.quadratic, functions.sigmoid, equations.sigmoid_output_delta),
    (functions.cross_entropy, functions.sigmoid, equations.sigmoid_output_delta),
    (functions.binary_cross_entropy, functions.sigmoid, equations.softmax_output_delta)])
def test_an_output_matched_with_a_delta_that_is_not_its_own_is_refused_by_every_link(monkeypatch, cost, output, delta):
    monkeypatch.setitem(cost.matched, output, delta)
    failures = verify(links=["bridged", "executed", "floats"], quick=True).failures
    assert {r.link for r in failures if r.equation == "backprop"} == {"bridged", "executed", "floats"}


def test_a_matched_delta_that_is_not_registered_is_refused(monkeypatch):
    monkeypatch.delitem(functions.binary_cross_entropy.matched, functions.sigmoid)
    failures = verify(["sigmoid-output-delta"], links=["executed"]).failures
    assert [r.link for r in failures] == ["executed"]


@pytest.mark.parametrize("id", ["hidden-delta", "relu", "softmax-output-delta"])
def test_an_equation_that_holds_nowhere_is_refused_and_not_compared_with_nothing(id):
    nowhere = replace(spec[id], holds=lambda trace, l: False)
    failures = verify([nowhere], links=["bridged", "executed"], quick=True).failures
    assert [r.link for r in failures] == ["bridged", "executed"]
    assert all(f"there is no network in which {id} holds" in r.found.en for r in failures)


@pytest.mark.parametrize("id, others", [
    ("sigmoid-output-delta", "softmax-output-delta"), ("softmax-output-delta", "sigmoid-output-delta")])
def test_an_equation_said_to_hold_where_another_does_is_refused(id, others):
    elsewhere = replace(spec[id], holds=lambda trace, l: trace.cost == functions.cross_entropy
                        and trace.function_of(l) == functions.sigmoid)
    assert [r.link for r in verify([elsewhere], links=["bridged"], quick=True).failures] == ["bridged"]


def test_a_case_of_a_formula_that_no_point_meets_is_refused(monkeypatch):
    def capped(z):
        return np.maximum(z, 0)

    vars(capped).update(formula="Piecewise((0, z <= 0), (z, z < 6), (6, True))", title=("capped", "截斷"),
                        kinks=(0, 6), prime=lambda z: (z > 0) * np.ones_like(z))
    monkeypatch.setitem(functions.ACTIVATIONS, "capped", capped)
    itself, _ = spec.equations_of_activation(capped)
    failure, = verify([itself], links=["executed"]).failures
    assert "only [0, 1] are met" in failure.found.en


@pytest.mark.parametrize("id, kinks", [("relu", ()), ("relu", (0, 1)), ("relu", (1,)), ("tanh", (0,))])
def test_kinks_must_be_stated_all_and_no_others(monkeypatch, id, kinks):
    assert verify([id], links=["derived"]).passed
    monkeypatch.setattr(spec[id].function, "kinks", kinks)
    failure, = verify([id], links=["derived"]).failures
    assert f"{id} has its kinks at" in failure.found.en


@pytest.mark.parametrize("id", MISTAKES)
def test_no_mistake_survives_one_derivative_of_the_composed_cost(id):
    algorithm = plant(MISTAKES[id])
    with pytest.raises((LinkError, TypeError, ValueError, IndexError)):
        executed.differentiate_whole_cost(Fixture((2, 3, 2), 2), algorithm.feedforward,
                                          algorithm.backprop)


def test_one_wrong_gradient_among_all_parameters_is_seen_in_the_field():
    def backprop(*arguments):
        nabla_b, nabla_w = SHIPPED.backprop(*arguments)
        nabla_w[1][2, 1] = nabla_w[1][2, 1] + 1
        return nabla_b, nabla_w

    fixture = Fixture((2, 3, 3), 2)
    assert executed.check_every_parameter(fixture) == 3 * 2 + 3 + 3 * 3 + 3
    with pytest.raises(LinkError, match="slope of the cost"):
        executed.check_every_parameter(fixture, backprop=backprop)
    with pytest.raises(LinkError, match="slope of the cost"):
        executed.check_a_direction_for_each_array(fixture, backprop=backprop)


@pytest.mark.parametrize("id", MISTAKES)
def test_a_mistake_changes_one_line_and_nothing_else(id):
    mistake = MISTAKES[id]
    assert "\n" not in mistake.right + mistake.wrong and mistake.right != mistake.wrong
    algorithm = plant(mistake)
    assert algorithm != SHIPPED
    assert all(say(language) for say in (mistake.name, mistake.symptom) for language in ("en", "zh-TW"))


def test_a_mistake_whose_line_is_not_in_the_code_is_refused():
    stale = mistakes.Mistake("stale", "", "", equations.hidden_delta, "weights.T", "weights", "", "", "")
    with pytest.raises(ValueError, match="stale: expected 'weights.T' once in hidden_delta, got 0"):
        plant(stale)


def test_planting_leaves_the_shipped_code_as_it_was():
    before = equations.hidden_delta(np.eye(2), np.ones((2, 1)), np.zeros((2, 1)), refuted.functions.sigmoid)
    for mistake in MISTAKES.values():
        plant(mistake)
    after = equations.hidden_delta(np.eye(2), np.ones((2, 1)), np.zeros((2, 1)), refuted.functions.sigmoid)
    assert (before == after).all() and refuted.refute_network().brief


def test_every_check_refuses_every_mistake_on_the_fixture_of_unequal_widths():
    for id, rows in refuted.table().items():
        assert refuted.BLIND not in rows["[3,5,4,2]×5"].values(), (id, rows)


def test_one_sample_and_one_output_cannot_see_seven_mistakes():
    blind = [id for id, rows in refuted.table().items() if rows["[2,3,1]×1"]["bridged"] == refuted.BLIND]
    assert blind == ["divided-by-outputs", "weights-summed", "sum-not-mean", "mean-twice",
                     "last-sample-only", "bias-unsummed", "target-flat"]


def test_a_table_that_differs_from_what_is_measured_fails(monkeypatch, tmp_path):
    expected = json.loads(refuted.EXPECTED.read_text(encoding="utf-8"))
    expected["sum-not-mean"]["[2,3,1]×1"]["bridged"] = refuted.SEES
    path = tmp_path / "refuted.json"
    path.write_text(json.dumps(expected), encoding="utf-8")
    monkeypatch.setattr(refuted, "EXPECTED", path)
    with pytest.raises(LinkError, match="sum-not-mean: the table measured is"):
        refuted.refute(spec["output-delta"])


def test_a_mistake_that_survives_everything_fails(monkeypatch):
    harmless = mistakes.Mistake("harmless", "nothing", "什麼都沒有", equations.hidden_delta,
                                "weight.T @ delta", "1 * weight.T @ delta", "none", "無", "")
    row = {str(fixture): dict.fromkeys(refuted.CHECKS, refuted.BLIND) for fixture in refuted.FIXTURES}
    monkeypatch.setattr(refuted, "table", lambda: {"harmless": row})
    with pytest.raises(LinkError, match="harmless survives every check on every fixture"):
        refuted._refute([harmless])


def test_complex_steps_see_a_first_layer_of_zeros_that_the_usual_check_accepts():
    deep = Fixture((10,) * 9, 1)

    def backprop(*arguments):
        nabla_b, nabla_w = SHIPPED.backprop(*arguments)
        return [0 * nabla_b[0], *nabla_b[1:]], [0 * nabla_w[0], *nabla_w[1:]]

    zeros = mistakes.Algorithm(SHIPPED.feedforward, backprop)
    assert refuted.usual_check(deep, zeros) == deep.parameters == 880
    with pytest.raises(LinkError, match="a complex step"):
        floats.complex_steps(deep, zeros)


def test_a_gradient_off_by_a_hundred_roundings_is_seen_at_fifty_digits():
    fixture = Fixture((4, 8, 8, 4), 3)

    def backprop(x, *arguments):
        nabla_b, nabla_w = SHIPPED.backprop(x, *arguments)
        off = 1 + 1e-12 * (np.asarray(x).dtype == float)
        return nabla_b, [nabla_w[0] * off, *nabla_w[1:]]

    rounded = mistakes.Algorithm(SHIPPED.feedforward, backprop)
    assert floats.fifty_digits(fixture) < 1e-14
    with pytest.raises(LinkError, match=r"nabla_w\[0\] of \[4,8,8,4\]×3, entry .* 50 digits give") as caught:
        floats.fifty_digits(fixture, rounded)
    assert "，50 位數算出 " in caught.value.differences[0].text("zh-TW")
    if floats.LONG_DOUBLES:
        assert floats.long_doubles(fixture) < 1e-14
        with pytest.raises(LinkError, match="long doubles give"):
            floats.long_doubles(fixture, rounded)


def test_a_machine_without_long_doubles_is_named_in_both_languages(monkeypatch):
    monkeypatch.setattr(floats, "LONG_DOUBLES", False)
    monkeypatch.setattr(floats, "long_doubles", None)
    found = floats.check_floats(Scope(quick=True))
    assert "no longer than floats on this machine" in found.en and "無從比對" in found.zh


SMALLEST = {  # what is planted, and the smallest network on which each link must then differ
    "a sum over samples": (equations.bias_gradient, "/ N", "", {"bridged": "[1,1]×2", "executed": "[1,1]×2"}),
    "a dropped f'": (equations.hidden_delta, "* activation.prime(z)", "",
                     {"bridged": "[1,1,1]×1", "executed": "[1,1,1]×1", "floats": "[1,1,1]×1"}),
    "delta for a": (equations.weight_gradient, "a.T)", "delta.T)",
                    {"bridged": "[1,1]×1", "executed": "[1,1]×1", "floats": "[1,1]×1"}),
}


@pytest.mark.parametrize("mistake", SMALLEST)
def test_a_failure_shows_parameter_and_both_values_on_the_smallest_network(plant, mistake):
    function, right, wrong, networks = SMALLEST[mistake]
    plant(function, right, wrong)
    report = verify(links=list(networks), quick=True)
    for link, network in networks.items():
        failure, = (r for r in report.failures if (r.equation, r.link) == ("backprop", link))
        smallest = failure.differences[-1]
        assert smallest.network == network, failure
        assert smallest.parameter.startswith("nabla_"), failure
        assert smallest.source and smallest.analytic != smallest.reference, failure
        assert str(smallest) in str(failure) and str(failure) in str(report)
    assert Report.from_json(report.to_json()) == report


def test_code_that_raises_is_reported_with_the_smallest_network_on_which_it_does(plant):
    plant(equations.hidden_delta, "weight.T @ delta", "weight @ delta")
    report = verify(links=["executed"], quick=True)
    failure, = (r for r in report.failures if r.equation == "backprop")
    assert failure.differences[-1].network == "[1,1,2]×1"
    assert "[1,1,2]×1: `@` needs as many columns on its left as rows on its right" in str(failure)


def test_a_gradient_that_is_not_a_number_fails_every_check_of_floats():
    def backprop(*arguments):
        nabla_b, nabla_w = SHIPPED.backprop(*arguments)
        return nabla_b, [np.full_like(nabla_w[0], np.nan), *nabla_w[1:]]

    broken = mistakes.Algorithm(SHIPPED.feedforward, backprop)
    for check in (floats.complex_steps, floats.fifty_digits, floats.long_doubles):
        with pytest.raises(LinkError, match=r"nabla_w\[0\].*the code gives nan"):
            check(Fixture((2, 3, 1), 1), broken)


def test_an_algorithm_that_returns_another_shape_is_refused_with_both_shapes():
    def backprop(*arguments):
        nabla_b, nabla_w = SHIPPED.backprop(*arguments)
        return [b.ravel() for b in nabla_b], nabla_w

    flat = mistakes.Algorithm(SHIPPED.feedforward, backprop)
    for check in (floats.complex_steps, floats.fifty_digits, floats.long_doubles):
        with pytest.raises(LinkError, match=r"shape \(3,\), its parameter has shape \(3, 1\)"):
            check(Fixture((2, 3, 1), 1), flat)


def test_a_run_repeats_for_a_seed_and_differs_for_another():
    first, again, other = (verify(["bias-gradient"], links=["bridged"], quick=True, seed=s).to_json()
                           for s in (3, 3, 4))
    assert first == again and json.loads(other)["scope"] == {"quick": True, "seed": 4}


@pytest.mark.parametrize("options, message", [
    ({"links": ["bridged", "guessed"]}, "links: expected a list of derived, printed, bridged, "),
    ({"links": []}, "links: expected"), ({"links": "bridged"}, "links: expected"),
    ({"seed": -1}, "seed: expected a whole number from 0, got -1"),
    ({"seed": 0.5}, "seed: expected a whole number from 0, got 0.5")])
def test_what_cannot_be_verified_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        verify(**options)


def test_printed_figures_come_out_and_wrong_ones_come_out_of_their_mistake():
    found = published.recompute()
    assert found.brief == "33 right, 5 wrong", found.en


FIGURES = {str(figure): figure for example in published.EXAMPLES for figure in published.figures_of(example)}


def test_every_number_of_the_data_is_a_figure_of_its_own():
    def numbers(value):
        return sum(map(numbers, value)) if isinstance(value, list) else 1

    data = sum(numbers(printed) for example in published.EXAMPLES for printed in
               (*example["printed"].values(), *(w["printed"] for w in example.get("wrong", ()))))
    assert len(FIGURES) == data == 33 + 5 + 2


def test_a_wrong_figure_does_not_come_out_of_right_code():
    wrong = FIGURES["mazur-2-2-2, cost after one step (\\tilde{E})"]
    wrong.check()
    with pytest.raises(LinkError, match="printed 0.291027924, computed 0.29102777369"):
        replace(wrong, expected=published.RIGHT).check()


def test_a_wrong_figure_does_not_come_out_of_another_mistake():
    wrong = FIGURES["mazur-2-2-2, cost after one step (\\tilde{E})"]
    other = published.Rework(published.EXAMPLES[0], plant(MISTAKES["sign"])).cost_after
    with pytest.raises(LinkError, match="with updated-weights: printed 0.291027924, computed"):
        replace(wrong, mistaken=other).check()


def test_a_figure_said_to_be_rounded_must_be_near():
    rounded = FIGURES["rgu-2-2-1, weights after one step (\\tilde{w}_{11}^{2})"]
    rounded.check()
    with pytest.raises(LinkError, match="more than rounding on the way makes of"):
        replace(rounded, printed=published.Decimal("0.2725")).check()


def test_a_figure_is_compared_to_the_last_digit_printed():
    figure = published.Figure("a source", "a figure", "E", published.Decimal("0.123"), 0.1234)
    figure.check()
    with pytest.raises(LinkError, match="printed 0.12300, computed 0.1234"):
        replace(figure, printed=published.Decimal("0.12300")).check()


def test_a_figure_too_few_or_too_many_is_refused():
    with pytest.raises(LinkError, match="here: expected 3 figures, got 2"):
        list(published._numbers("here", [1, 2, 3], [1, 2]))


def marks(id, place):
    return signature.signature(signature.FIXTURES[place], plant(MISTAKES[id]))


@pytest.mark.parametrize("id, factor", [("sign", -1), ("factor-two", 2), ("divided-by-outputs", 1 / 2),
                                        ("sum-not-mean", 5), ("mean-twice", 1 / 5)])
def test_a_constant_factor_is_told_from_the_gradients_alone(id, factor):
    assert set(marks(id, 0).values()) == {signature.Mark("factor", factor)}


@pytest.mark.parametrize("id", [id for id, mistake in MISTAKES.items() if "last layer right" in mistake.en])
def test_last_layer_right_earlier_ones_wrong_is_what_comes_back(id):
    assert [mark.kind for mark in marks(id, 0).values()] == ["wrong", "wrong", "right"] * 2


@pytest.mark.parametrize("id", [id for id, mistake in MISTAKES.items() if mistake.en.startswith("stops")])
def test_what_stops_between_unequal_layers_runs_between_equal_ones(id):
    assert isinstance(marks(id, 0), ValueError)
    assert [mark.kind for mark in marks(id, 1).values()] == ["wrong", "right"] * 2


def test_right_code_has_the_signature_of_right_code_and_nan_is_wrong():
    right = signature.signature(signature.FIXTURES[0], SHIPPED)
    assert len(right) == 6 and set(right.values()) == {signature.Mark("right")}
    assert signature.mark(np.full((2, 1), np.nan), np.ones((2, 1))) == signature.Mark("wrong")
    assert signature.mark(np.array([[2.0], [2.1]]), np.ones((2, 1))) == signature.Mark("wrong")
