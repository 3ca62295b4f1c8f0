"""The symbolic side: what it derives, what it refuses, and an oracle typed by hand.

Only here are the textbook's statements typed. Everywhere else they come from
the derivations, so this file is the one that can tell if those went astray.
"""
import pytest
from sympy import (Abs, Derivative, Eq, Function, Integer, KroneckerDelta, Max, Min, Piecewise, Q, Sum, Symbol,
                   exp, factor_terms, log, refine, sign, tanh)

from bp import spec
from bp.symbolic.calculus import differentiate, kinks, sift
from bp.symbolic.derivation import Derivation, DerivationError, Step
from bp.symbolic.derivations import Z, derive_hidden_delta
from bp.symbolic.model import (E, E_s, L, N, Partial, a, b, delta, f, fprime, i, j, k, l, m, n, s,
                               sigma, sigmaprime, w, y, z)
from bp.symbolic.nested import NestedNetwork, c, cost_prime, flatten

TEXTBOOK = {
    "sigmoid": Eq(sigma(Z), 1 / (1 + exp(-Z))),
    "sigmoid-prime": Eq(sigmaprime(Z), sigma(Z) * (1 - sigma(Z))),
    "quadratic-cost": Eq(E, Sum((a[L, j] - y[j])**2, (j, 1, n(L))) / 2),
    "cost-derivative": Eq(Partial(E, a[L, j]), a[L, j] - y[j]),
    "cost": Eq(E, Sum(E_s[s], (s, 1, N)) / N),
    "weighted-input": Eq(z[l, j], Sum(w[l, j, k] * a[l-1, k], (k, 1, n(l-1))) + b[l, j]),
    "activation": Eq(a[l, j], f(z[l, j])),
    "output-delta": Eq(delta[L, j], Partial(E, a[L, j]) * fprime(z[L, j])),
    "hidden-delta": Eq(delta[l-1, k],
                       fprime(z[l-1, k]) * Sum(delta[l, j] * w[l, j, k], (j, 1, n(l)))),
    "bias-gradient": Eq(Partial(E, b[l, j]), Sum(delta[l, j, s], (s, 1, N)) / N),
    "weight-gradient": Eq(Partial(E, w[l, j, k]),
                          Sum(delta[l, j, s] * a[l-1, k, s], (s, 1, N)) / N),
    "tanh": Eq(f(Z), tanh(Z)),
    "tanh-prime": Eq(fprime(Z), 1 - tanh(Z)**2),
    "relu": Eq(f(Z), Piecewise((0, Z <= 0), (Z, True))),
    "relu-prime": Eq(fprime(Z), Piecewise((0, Z <= 0), (1, True))),
    "softplus": Eq(f(Z), log(1 + exp(Z))),
    "softplus-prime": Eq(fprime(Z), exp(Z) / (1 + exp(Z))),
    "identity": Eq(f(Z), Z),
    "identity-prime": Eq(fprime(Z), Integer(1)),
    "binary-cross-entropy": Eq(E, -Sum(y[j] * log(a[L, j]) + (1 - y[j]) * log(1 - a[L, j]), (j, 1, n(L)))),
    "binary-cross-entropy-derivative": Eq(Partial(E, a[L, j]), (a[L, j] - y[j]) / (a[L, j] * (1 - a[L, j]))),
    "cross-entropy": Eq(E, -Sum(y[j] * log(a[L, j]), (j, 1, n(L)))),
    "cross-entropy-derivative": Eq(Partial(E, a[L, j]), -y[j] / a[L, j]),
    "sigmoid-output-delta": Eq(delta[L, j], a[L, j] - y[j]),
    "softmax": Eq(a[L, j], exp(z[L, j]) / Sum(exp(z[L, i]), (i, 1, n(L)))),
    "softmax-output-delta": Eq(delta[L, j], a[L, j] * Sum(y[i], (i, 1, n(L))) - y[j]),
}
SPECIAL_CASES = {
    "cost": Eq(E, Sum((a[L, j, s] - y[j, s])**2, (j, 1, n(L)), (s, 1, N)) / (2 * N)),
    "output-delta": Eq(delta[L, j], (a[L, j] - y[j]) * fprime(z[L, j])),
    "bias-gradient": Eq(Partial(E, b[l, j]), delta[l, j]),
    "weight-gradient": Eq(Partial(E, w[l, j, k]), delta[l, j] * a[l-1, k]),
    "softmax-output-delta": Eq(delta[L, j], a[L, j] - y[j]),
}


def derivations_of(equation):
    return [equation.derive(), *equation.derive_cases()]


def is_derived(equation):
    return not all(derivation.is_definition for derivation in derivations_of(equation))


every_equation = pytest.mark.parametrize("id", [equation.id for equation in spec])
every_derived_equation = pytest.mark.parametrize("id", [e.id for e in spec if is_derived(e)])


@every_equation
def test_a_derived_statement_is_the_textbooks(id):
    assert spec[id].statement == TEXTBOOK[id]


@every_equation
def test_a_special_case_is_the_textbooks(id):
    assert [case.statement for case in spec[id].special_cases] == (
        [SPECIAL_CASES[id]] if id in SPECIAL_CASES else [])


@every_equation
def test_every_step_of_a_derivation_agrees_with_its_result(id):
    for derivation in derivations_of(spec[id]):
        assert derivation.check() == len(derivation.steps) >= 1
        want = derivation.normalise(derivation.result)
        assert [derivation.normalise(step.expression) for step in derivation.steps] == (
            [want] * len(derivation.steps))


@every_derived_equation
@pytest.mark.parametrize("corrupt", [lambda e: 2 * e, lambda e: -e, lambda e: e + fprime(z[L, m])],
                         ids=["doubled", "negated", "a term too many"])
def test_a_derivation_with_any_one_step_corrupted_is_refused(id, corrupt):
    refused, places = [], []
    for number, derivation in enumerate(derivations_of(spec[id])):
        if derivation.is_definition:
            continue
        for place, step in enumerate(derivation.steps):
            places.append((number, place))
            derivation.steps[place] = Step(corrupt(step.expression), step.reason)
            try:
                derivation.check()
            except DerivationError:
                refused.append((number, place))
            derivation.steps[place] = step
        assert derivation.check()
    assert refused == places and places


def test_a_rewriting_that_finds_nothing_is_refused():
    with pytest.raises(DerivationError, match=r"b\[l, j\] does not occur in f\(z\[l, j\]\)"):
        Derivation(a[l, j], f(z[l, j]), "definition").rewrite(b[l, j], Integer(0), "differentiate")


def test_only_definitions_of_the_model_are_left_underived():
    assert {equation.id for equation in spec if equation.derivation.is_definition} == {
        "sigmoid", "quadratic-cost", "cost", "weighted-input", "activation", "tanh", "relu", "softplus", "identity",
        "binary-cross-entropy", "cross-entropy", "softmax"}


@pytest.mark.parametrize("expression, found", [
    (Max(0, Z), (0,)), (Max(0, Min(6, Z)), (0, 6)), (Abs(Abs(Z) - 1), (-1, 0, 1)),
    (Piecewise((exp(Z) - 1, Z < 0), (Z, True)), ()), (Piecewise((0, Z < 0), (Z**2, True)), ()), (tanh(Z), ())], ids=str)
def test_kinks_are_where_slopes_meet_that_differ_and_nowhere_else(expression, found):
    assert kinks(expression, Z) == found


@pytest.mark.parametrize("expression", [sign(Z), Piecewise((0, Z < 1), (Z, True))], ids=str)
def test_a_function_that_jumps_is_refused(expression):
    with pytest.raises(ValueError, match="expected one without jumps"):
        kinks(expression, Z)


@pytest.mark.parametrize("index", [i, s])
def test_differentiating_by_something_with_the_index_of_a_sum_is_refused(index):
    total = Sum(a[l, index]**2, (index, 1, n(l)))
    with pytest.raises(ValueError, match=f"variable: .* got {index} in a"):
        differentiate(total, a[l, index])
    assert differentiate(total, a[l, j]) == Sum(2 * KroneckerDelta(index, j) * a[l, index],
                                                (index, 1, n(l)))


def test_an_index_that_only_an_inner_sum_binds_is_refused_too():
    inner = Sum(a[l, k], (k, 1, n(l)))
    with pytest.raises(ValueError, match="got k in a"):
        differentiate(f(inner) + a[l, j], a[l, k])


@pytest.mark.parametrize("variable", [Function("z")(j), f(z[l, j]), n(l), Integer(2), 2 * a[l, j],
                                      Partial(E, z[l, j]), delta], ids=str)
def test_differentiating_by_what_is_neither_symbol_nor_indexed_is_refused(variable):
    with pytest.raises(TypeError, match="variable: expected a Symbol or an Indexed, got"):
        differentiate(a[l, j]**2, variable)


def test_a_sum_that_does_not_contain_the_variable_has_derivative_zero():
    assert differentiate(Sum(a[l, i], (i, 1, n(l))), b[l, j]) == 0


def test_sifting_leaves_what_sympys_doit_and_refine_leave():
    steps = derive_hidden_delta().steps
    (place,) = [number for number, step in enumerate(steps) if step.reason == "sift"]
    raw = expression = steps[place - 1].expression
    in_range = Q.ge(k, 1) & Q.le(k, n(l-1))
    while (simpler := refine(expression.doit(), in_range)) != expression:
        expression = simpler
    assert not expression.has(KroneckerDelta) and raw.has(KroneckerDelta)
    assert factor_terms(sift(raw)) == factor_terms(expression)


def test_sifting_reaches_into_sums_products_and_powers():
    total = Sum(KroneckerDelta(i, j) * a[l, i], (i, 1, n(l)))
    assert sift(2 * total**2 + b[l, j] * total) == 2 * a[l, j]**2 + b[l, j] * a[l, j]


def test_sifting_leaves_a_sum_without_a_delta_alone():
    total = Sum(a[l, i] * w[l, j, i], (i, 1, n(l)))
    assert sift(total) == total


def test_sifting_refuses_an_index_that_an_inner_sum_binds():
    expression = Sum(KroneckerDelta(i, j) * Sum(w[l, i, j], (j, 1, n(l))), (i, 1, n(l)))
    with pytest.raises(ValueError, match="no inner sum binds, got j"):
        sift(expression)


def one_sample_statements():
    results = {id: spec[id].derivation.result for id in ("output-delta", "hidden-delta")}
    gradients = {id: spec[id].special_cases[0].result for id in ("bias-gradient", "weight-gradient")}
    return results | gradients


HIDDEN_F, OUTPUT_F = fprime(z[l-1, k]), fprime(z[L, j])
MUTANTS = {
    "hidden-delta: w transposed": ("hidden-delta", {w[l, j, k]: w[l, k, j]}),
    "hidden-delta: w of the layer below": ("hidden-delta", {w[l, j, k]: w[l-1, j, k]}),
    "hidden-delta: f' dropped": ("hidden-delta", {HIDDEN_F: Integer(1)}),
    "hidden-delta: f' of a": ("hidden-delta", {HIDDEN_F: fprime(a[l-1, k])}),
    "hidden-delta: f' at the layer above": ("hidden-delta", {HIDDEN_F: fprime(z[l, k])}),
    "hidden-delta: f in place of f'": ("hidden-delta", {HIDDEN_F: f(z[l-1, k])}),
    "hidden-delta: a in place of delta": ("hidden-delta", {delta[l, j]: a[l, j]}),
    "hidden-delta: sign": ("hidden-delta", {HIDDEN_F: -HIDDEN_F}),
    "output-delta: f' dropped": ("output-delta", {OUTPUT_F: Integer(1)}),
    "output-delta: f' of a": ("output-delta", {OUTPUT_F: fprime(a[L, j])}),
    "output-delta: f' at the layer below": ("output-delta", {OUTPUT_F: fprime(z[L-1, j])}),
    "output-delta: sign": ("output-delta", {OUTPUT_F: -OUTPUT_F}),
    "output-delta: factor two": ("output-delta", {OUTPUT_F: 2 * OUTPUT_F}),
    "bias-gradient: z for delta": ("bias-gradient", {delta[l, j]: z[l, j]}),
    "bias-gradient: sign": ("bias-gradient", {delta[l, j]: -delta[l, j]}),
    "bias-gradient: times a": ("bias-gradient", {delta[l, j]: delta[l, j] * a[l, j]}),
    "weight-gradient: z for a": ("weight-gradient", {a[l-1, k]: z[l-1, k]}),
    "weight-gradient: a of the same layer": ("weight-gradient", {a[l-1, k]: a[l, k]}),
    "weight-gradient: transposed": ("weight-gradient", {a[l-1, k]: a[l-1, j], delta[l, j]: delta[l, k]}),
    "weight-gradient: sign": ("weight-gradient", {delta[l, j]: -delta[l, j]}),
}
two_and_three_layers = pytest.mark.parametrize("depth", [2, 3])


@two_and_three_layers
def test_the_statements_unrolled_equal_sympys_derivative_of_the_whole_network(depth):
    assert NestedNetwork(depth, *one_sample_statements().values()).check() == 2 * depth


@two_and_three_layers
@pytest.mark.parametrize("id, change", MUTANTS.values(), ids=MUTANTS)
def test_a_wrong_statement_differs_from_the_derivative_of_the_whole_network(depth, id, change):
    statements = one_sample_statements()
    wrong = statements[id].xreplace(change)
    assert wrong != statements[id]
    with pytest.raises(AssertionError, match="the unrolled statement is"):
        NestedNetwork(depth, *(statements | {id: wrong}).values()).check()


def test_the_nested_network_contains_every_weight_and_bias_up_to_its_depth():
    cost = NestedNetwork(2, *one_sample_statements().values()).cost()
    layers = {(term.base, term.indices[0]) for term in cost.atoms(type(a[l, j])) if term.base in (w, b)}
    assert layers == {(w, 1), (w, 2), (b, 1), (b, 2)}


def test_flattening_refuses_two_sums_over_the_same_index():
    with pytest.raises(ValueError, match="two sums over the same index"):
        flatten(Sum(a[l, i], (i, 1, n(l))) * Sum(b[l, i], (i, 1, n(l))))


@pytest.mark.parametrize("id", ["bias-gradient", "weight-gradient"])
def test_the_gradient_over_n_samples_is_the_mean_of_those_of_one(id):
    of_one = spec[id].special_cases[0].result
    of_sample = lambda sample: of_one.xreplace(
        {delta[l, j]: delta[l, j, sample], a[l-1, k]: a[l-1, k, sample]})
    of_three = spec[id].derivation.result.subs(N, 3).doit()
    assert factor_terms(of_three) == factor_terms(sum(map(of_sample, (1, 2, 3))) / 3)


def test_with_two_samples_and_two_units_sympys_derivative_of_the_mean_cost_agrees():
    """One layer with every index spelled out: nothing symbolic but f and the cost of an output."""
    units = samples = (1, 2)
    z_of = lambda unit, sample: sum(w[1, unit, k] * a[0, k, sample] for k in units) + b[1, unit]
    output = lambda unit, sample: (f(z_of(unit, sample)), y[unit, sample])
    mean = sum(c(*output(unit, sample)) for unit in units for sample in samples) / 2
    deltas = {delta[1, unit, sample]: cost_prime(*output(unit, sample)) * fprime(z_of(unit, sample))
              for unit in units for sample in samples}
    for id, parameter in (("weight-gradient", w[1, 2, 1]), ("bias-gradient", b[1, 2])):
        statement = spec[id].derivation.result.subs({l: 1, j: 2, k: 1, N: 2}).doit()
        want, got = mean.diff(parameter), statement.xreplace(deltas)
        assert (got - want).expand() == 0, f"{id}: SymPy gives {want}, the statement {got}"


def test_the_derivative_of_the_sigmoid_is_sympys():
    definition = spec["sigmoid"].derivation.result
    spelled_out = spec["sigmoid-prime"].derivation.result.xreplace({sigma(Z): definition})
    assert (spelled_out - Derivative(definition, Z).doit()).simplify() == 0
    assert spelled_out.free_symbols == {Symbol("z", real=True)}
