"""`spec.compile`: what it writes is right, refuses what backprop refuses, and is red when a mistake is planted."""
import warnings

import numpy as np
import pytest
from sympy import Integer, Piecewise, Symbol, exp, simplify

from bp import Network, backprop, checks, compiled, equations, functions, spec, verify
from bp.evidence import executed, written
from bp.evidence.bridged import references
from bp.evidence.fixtures import Fixture, settings
from bp.evidence.outcome import LinkError
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, prime_by_value, read_formula
from bp.symbolic.model import a, delta, fprime, j, k, l, s, w, z

SIZES = (2, 3, 1)


def same(got, want, tolerance=1e-13):
    for mine, ours in zip(got, want, strict=True):
        for one, other in zip(mine, ours, strict=True):
            assert one.shape == other.shape and one.dtype == other.dtype
            assert abs(one - other).max() <= tolerance * max(abs(other).max(), 1e-2)


@pytest.mark.parametrize("setting", settings(), ids=lambda setting: "-".join(f.__name__ for f in setting))
@pytest.mark.parametrize("sizes", [(1, 1), (2, 3, 1), (3, 5, 4, 2), (4, 4, 4), (10, 11, 2)], ids=str)
def test_the_compiled_function_gives_what_backprop_gives(draw, sizes, setting):
    activation, cost, output = setting
    function = spec.compile(list(sizes), activation, cost, output)
    for samples in (1, 4):
        problem = draw(sizes, samples)
        before = [array.copy() for array in problem.arrays]
        same(function(*problem), backprop(*problem, activation, cost, output))
        assert all((now == then).all() for now, then in zip(problem.arrays, before))


@pytest.mark.parametrize("change", [
    lambda array: array.astype(np.float32), lambda array: array + 0j, lambda array: array + 0.5j,
    lambda array: 1000 * array, lambda array: 1e200 * array, np.asfortranarray,
    lambda array: array.astype(np.longdouble)])
@pytest.mark.parametrize("activation", functions.ACTIVATIONS)
def test_other_numbers_are_computed_as_backprop_computes_them(draw, activation, change):
    problem, f = draw(SIZES, 3).map(change), functions.ACTIVATIONS[activation]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        got, want = spec.compile(SIZES, activation)(*problem), backprop(*problem, f)
    for one, other in zip((*got[0], *got[1]), (*want[0], *want[1])):
        assert one.dtype == other.dtype
        assert np.allclose(one, other, rtol=1e-5 if one.dtype == np.float32 else 1e-12, atol=0, equal_nan=True)


@pytest.mark.parametrize("setting", settings(), ids=lambda setting: "-".join(f.__name__ for f in setting))
def test_saturated_units_give_what_backprop_gives_without_a_warning(setting):
    activation, cost, output = setting
    weights, biases = [np.ones((3, 1)), np.eye(3)[:2]], [np.zeros((3, 1)), np.array([[0.5], [1.0]])]
    for x in (-1000.0, -745.0, -40.0, 40.0, 1000.0):
        arguments = [x], [0.25, 0.75], weights, biases
        with np.errstate(all="ignore"):
            want = backprop(*arguments, activation, cost, output)
        if all(np.isfinite(g).all() for g in (*want[0], *want[1])):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                in_columns = np.array([[x]]), np.array([[0.25], [0.75]]), weights, biases
                same(spec.compile([1, 3, 2], activation, cost, output)(*in_columns), want)


def test_samples_may_be_flat_lists_or_whole_numbers(draw):
    weights, biases = draw(SIZES, 1).weights, draw(SIZES, 1).biases
    for x, y in (([1.5, -0.5], [1.0]), (np.array([1.5, -0.5]), np.array([1.0])), ([1, 2], [1]),
                 (np.array([[1], [2]]), np.array([1])), ([1.0, 2.0], np.array([[1.0]]))):
        same(spec.compile(SIZES)(x, y, weights, biases), backprop(x, y, weights, biases), 1e-14)


def spoilt(array, value):
    return np.concatenate([array.ravel()[:-1], [value]]).reshape(array.shape)


def bad_arguments(draw):
    x, y, weights, biases = draw(SIZES, 3)
    for value in (np.nan, np.inf, -np.inf):
        yield spoilt(x, value), y, weights, biases
        yield x, spoilt(y, value), weights, biases
        for l in (0, 1):
            other = lambda arrays: [spoilt(v, value) if i == l else v for i, v in enumerate(arrays)]
            yield x, y, other(weights), biases
            yield x, y, weights, other(biases)
    for wrong in (x[:1], x[:, :1], x.T, x[..., None], x[:, :0], x[0], x + 1j, x.astype(object), x.astype(str), 1.0):
        yield wrong, y, weights, biases
    for wrong in (y[0, :1], y.T, np.ones((2, 2)), y[..., None], y + 1j, y[:, :0], y.astype(object)):
        yield x, wrong, weights, biases
    yield y, x, weights, biases
    yield x, y, [v.astype(int) for v in weights], biases
    yield x, y, weights, [v.astype(int) for v in biases]
    yield x, y, weights, [v.ravel() for v in biases]
    yield x, y, weights, [v.T for v in biases]
    yield x, y, weights[:1], biases
    yield x, y, weights, biases[:1]
    yield x, y, [v.tolist() for v in weights], biases
    yield x, y, [v[..., None] for v in weights], biases


@pytest.mark.parametrize("activation", functions.ACTIVATIONS)
def test_what_backprop_refuses_is_refused_with_the_same_words(draw, activation):
    f, count = functions.ACTIVATIONS[activation], 0
    for arguments in bad_arguments(draw):
        with pytest.raises((ValueError, TypeError)) as ours:
            backprop(*arguments, f)
        with pytest.raises((ValueError, TypeError)) as got:
            spec.compile(SIZES, activation)(*arguments)
        assert str(got.value) == str(ours.value) and type(got.value) is type(ours.value)
        count += 1
    assert count > 30


def test_another_network_is_refused_by_name(draw):
    with pytest.raises(ValueError, match=r"weights: expected those of a network \[2, 3, 1\], got \[2, 4, 1\]"):
        spec.compile(SIZES)(*draw((2, 4, 1), 1))


@pytest.mark.parametrize("arguments, message", [
    (([10, 12, 2],), r"sizes: expected a network of at most 150 weights and biases, got \[10, 12, 2\], "
                     "which has 158: use bp.backprop"),
    (([2],), "sizes: expected two or more"), (([2, 1], "sigmiod"), "activation: expected one of"),
    (([2, 1], "tanh", "cubic"), "cost: expected one of"),
    (([2, 1], "tanh", "quadratic", "sotfmax"), "output: expected one of"),
    (([2, 1], "tanh", "cross_entropy"), "output: expected values between 0 and 1"),
    (([2, 1], "tanh", "quadratic", "softmax"), "output: expected a function with its derivative")])
def test_what_cannot_be_compiled_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        spec.compile(*arguments)


def test_the_same_network_is_compiled_once_and_shows_its_source():
    function = spec.compile([2, 3, 1])
    assert function is spec.compile((2, 3, 1), functions.sigmoid, "quadratic", "sigmoid")
    assert "delta2_1 = a2_1*(1 - a2_1)*(a2_1 - y_1)" in function.source and function.source.count("exp(") == 4
    assert "weighted-input, activation, output-delta" in function.__doc__.replace("\n    ", " ")
    assert max(map(len, function.source.splitlines())) <= 72


@pytest.mark.parametrize("f", functions.ACTIVATIONS.values(), ids=lambda f: f.__name__)
def test_f_prime_by_the_value_is_f_prime(f):
    value, by_value = read_formula(f.formula, "z")(Z), prime_by_value(f.formula)
    if value.has(Piecewise):
        assert by_value is None
    else:
        assert simplify((by_value.subs(Z, value) - differentiate(value, Z)).rewrite(exp)) == 0


@pytest.mark.parametrize("formula", ["z**2", "sin(z)", "Piecewise((z / 10, z <= 0), (z, True))"])
def test_there_is_no_f_prime_by_a_value_that_does_not_tell_the_slope(formula):
    assert prime_by_value(formula) is None


def test_it_has_a_row_in_the_report_and_passes():
    results = [r for r in verify(links=["bridged", "executed"], quick=True).results if r.equation == "compile"]
    assert [(r.link, r.passed) for r in results] == [("bridged", True), ("executed", True)]


IN_THE_SOURCE = {
    "f' dropped": ("*(1 - a1_1)", "", "f' of z"), "w_kj for w_jk": ("w2_1_2", "w2_2_1", ""),
    "a sign": ("(a2_1 - y_1)", "(y_1 - a2_1)", ""), "a sum for a mean": ("E_w1_1_2/N", "E_w1_1_2", ""),
    "the last sample alone": ("E_b1_2 += ", "E_b1_2 = ", ""), "a bias forgotten": ("= b1_1 + ", "= ", ""),
    "views in another order": ("[nabla_w1, nabla_w2]", "[nabla_w2, nabla_w1]", ""),
}


@pytest.mark.parametrize("right, wrong, _", IN_THE_SOURCE.values(), ids=IN_THE_SOURCE)
def test_a_mistake_in_the_source_is_refused_by_both_links(monkeypatch, right, wrong, _):
    def mistaken(sizes, activation, cost, output):
        source = compiled.write(sizes, activation, cost, output)
        return source.replace(right, wrong) if right in source else source.replace("*fprime(z1_1)", "")
    monkeypatch.setattr(written, "_source", mistaken)
    fixture = Fixture((2, 2, 2), 2)
    with pytest.raises(LinkError):
        written.compare_lines(references(fixture)[0])
    if "a2_1 - y_1" not in right:
        with pytest.raises(LinkError):
            executed.differentiate_whole_cost(fixture, backprop=written.lines(compiled.OF_OBJECTS))


IN_THE_STATEMENT = {
    "f' dropped": ("hidden-delta", {fprime(z[l-1, k, s]): Integer(1)}),
    "w_kj for w_jk": ("hidden-delta", {w[l, j, k]: w[l, k, j]}),
    "a sign": ("bias-gradient", {delta[l, j, s]: -delta[l, j, s]}),
    "delta for a": ("weight-gradient", {a[l-1, k, s]: delta[l, j, s]}),
    "a sum for a mean": ("weight-gradient", {Symbol("N", integer=True, positive=True): Integer(1)}),
}


@pytest.mark.parametrize("id, change", IN_THE_STATEMENT.values(), ids=IN_THE_STATEMENT)
def test_a_mistake_in_a_statement_is_refused_on_symbols(monkeypatch, id, change):
    right = spec[id].array_statement
    wrong = right.func(right.lhs, right.rhs.replace(lambda e: e in change, change.get), evaluate=False)
    assert wrong != right
    monkeypatch.setitem(vars(spec[id]), "array_statement", wrong)
    monkeypatch.setattr(written, "_source", compiled.write)
    with pytest.raises(LinkError):
        executed.differentiate_whole_cost(Fixture((2, 2, 2), 2), backprop=written.lines(compiled.OF_OBJECTS))


def test_what_the_shipped_code_does_not_matter_to_the_lines(plant):
    plant(equations.hidden_delta, " * activation.prime(z)", "")
    failed = {r.equation for r in verify(links=["bridged"], quick=True).failures}
    assert "hidden-delta" in failed and "compile" not in failed
