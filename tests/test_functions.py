"""Activations and costs: their values, their hand-written derivatives, their formulas."""
import warnings
from decimal import Decimal, localcontext

import mpmath
import numpy as np
import pytest
from sympy import Symbol, exp, lambdify

from bp import (ACTIVATIONS, COSTS, backprop, binary_cross_entropy, cross_entropy, quadratic, quadratic_prime,
                sigmoid, sigmoid_prime, softmax)
from bp.symbolic.derivations import Z, read_formula

STEP = 1e-30
Z_VALUES = np.linspace(-6, 6, 49)


def test_sigmoid_is_silent_and_right_where_the_exponential_overflows():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = {dtype: sigmoid(np.array([-1000, 0, 1000], dtype)).tolist()
               for dtype in (np.float64, np.float32)}
        slopes = sigmoid_prime(np.array([-1000.0, 1000.0]))
    assert got == dict.fromkeys(got, [0.0, 0.5, 1.0])
    assert slopes.tolist() == [0.0, 0.0]


def test_sigmoid_of_minus_z_is_one_minus_sigmoid(assert_close):
    assert_close(sigmoid(-Z_VALUES), 1 - sigmoid(Z_VALUES), 1e-14)


def test_sigmoid_has_its_steepest_slope_a_quarter_at_zero():
    slopes = sigmoid_prime(Z_VALUES)
    assert slopes.max() == 0.25 and Z_VALUES[slopes.argmax()] == 0


def test_sigmoid_of_decimals_is_right_to_fifty_digits():
    with localcontext(prec=60) as context:
        z = Decimal("1.55")
        # (1 + tanh(z/2)) / 2, with the series of exp summed here.
        term, exp = Decimal(1), Decimal(1)
        for n in range(1, 80):
            term *= -z / n
            exp += term
        want = 1 / (1 + exp)
        context.prec = 50
        got = sigmoid(np.array([z]))[0]
        assert isinstance(got, Decimal)
        assert abs(got - want) < Decimal("1e-49"), f"sigmoid {got}, series {want}"


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_hand_written_prime_of_an_activation_is_its_complex_step_derivative(activation, assert_close):
    smooth = Z_VALUES[~np.isin(Z_VALUES, activation.kinks)]
    derivative = activation(smooth + STEP * 1j).imag / STEP
    assert_close(activation.prime(smooth), derivative, 1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_an_activation_is_silent_and_within_its_bounds_far_from_zero(activation, dtype):
    far = np.array([-1000, -1, 0, 1, 1000], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values, slopes = activation(far), activation.prime(far)
    low, high = activation.between
    assert values.dtype == slopes.dtype == dtype and np.isfinite([values, slopes]).all()
    assert low <= values.min() and values.max() <= high
    assert all(abs(end - bound) < 1e-6 for end, bound in ((values[0], low), (values[-1], high))
               if np.isfinite(bound)), "a bound that is not approached"
    assert all(abs(end) > 100 for end, bound in ((values[0], low), (values[-1], high))
               if np.isinf(bound)), "values that have a bound"


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_an_activation_computes_its_formula(activation, assert_close):
    formula = lambdify(Z, read_formula(activation.formula, "z")(Z), "math")
    assert_close(activation(Z_VALUES), [formula(z) for z in Z_VALUES], 1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_an_activation_computes_its_formula_far_from_zero_too_entry_by_entry(activation):
    far = np.array([-700, -100, -37, -20, -7, 7, 20, 37, 100, 1000], float)
    formula = lambdify(Z, read_formula(activation.formula, "z")(Z), "mpmath")
    with mpmath.workdps(700):
        want = np.array([float(formula(mpmath.mpf(z))) for z in far])
    np.testing.assert_allclose(activation(far), want, rtol=1e-14, atol=0)


def off_by(got, want):
    return np.array([float(abs(mpmath.mpf(float(g)) - w)) for g, w in zip(got, want)])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", [f for f in ACTIVATIONS.values() if f.prime_from_value], ids=lambda f: f.__name__)
def test_a_derivative_from_the_value_is_as_near_to_fifty_digits_as_prime_is_saturated_or_not(activation, dtype):
    z = np.concatenate([Z_VALUES, [-1000, -100, -80, -37, -20, -15, 15, 20, 37, 80, 100, 1000]]).astype(dtype)
    formula, eps = read_formula(activation.formula, "z")(Z), np.finfo(dtype).eps
    slope = lambdify(Z, formula.diff(Z).rewrite(exp), "mpmath")
    with mpmath.workdps(700), warnings.catch_warnings():
        warnings.simplefilter("error")
        want = [mpmath.mpf(0) if activation.kinks and entry == 0 else slope(mpmath.mpf(float(entry))) for entry in z]
        got, prime = activation.prime_from_value(activation(z)), activation.prime(z)
        assert got.dtype == dtype
        allowed = np.maximum(off_by(prime, want), 4 * eps * np.array([float(abs(w)) for w in want]))
        worse = off_by(got, want) > allowed + np.finfo(dtype).tiny
    assert not worse.any(), f"at z = {z[worse]}: {got[worse]}, prime {prime[worse]}"


def test_softmax_takes_each_column_by_itself_however_large_its_numbers():
    z = np.array([[1000.0, -1000.0, 1000.0, -1000.0], [1000.0, -1001.0, -1000.0, 1000.0], [998.0, -2000.0, 0.0, 999.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = softmax(z)
    for s in range(4):
        powers = [mpmath.exp(float(entry)) for entry in z[:, s]]
        want = [float(power / sum(powers)) for power in powers]
        np.testing.assert_allclose(got[:, s], want, rtol=1e-14, atol=0)


@pytest.mark.parametrize("cost", [binary_cross_entropy, cross_entropy])
def test_a_cross_entropy_is_silent_and_right_where_outputs_are_exactly_0_or_1(cost):
    ends = np.array([[0.0, 1.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cost(ends, ends).tolist() == [0.0, 0.0]
        assert cost(np.array([[0.0]]), np.array([[1.0]])).tolist() == [np.inf]
        assert cost(ends.astype(np.float32), ends.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("cost, output", [(binary_cross_entropy, sigmoid), (cross_entropy, softmax)])
def test_outputs_that_are_saturated_and_wrong_still_learn(cost, output):
    weight, bias = np.array([[1.0], [-1.0]]), np.zeros((2, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (delta,), _ = backprop([1000.0], [0.0, 1.0], [weight], [bias], sigmoid, cost, output)
        (met,), _ = backprop([1000.0], [1.0, 0.0], [weight], [bias], sigmoid, cost, output)
    assert delta.tolist() == [[1.0], [-1.0]] and not met.any()


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
def test_hand_written_prime_of_a_cost_is_its_complex_step_derivative(cost, assert_close):
    a, y = np.random.default_rng(0).random((2, 3, 4))
    derivative = np.empty_like(a)
    for j, s in np.ndindex(a.shape):
        moved = a.astype(complex)
        moved[j, s] += STEP * 1j
        derivative[j, s] = cost(moved, y)[s].imag / STEP
    assert_close(cost.prime(a, y), derivative, 1e-14)


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
def test_a_cost_adds_its_formula_over_the_outputs_of_each_sample(cost, assert_close):
    a, y = np.random.default_rng(0).random((2, 3, 4))
    symbols = Symbol("a", real=True), Symbol("y", real=True)
    of_output = lambdify(symbols, read_formula(cost.formula, "a", "y")(*symbols), "math")
    reference = [sum(of_output(a[j, s], y[j, s]) for j in range(3)) for s in range(4)]
    assert_close(cost(a, y), reference, 1e-14)


def test_quadratic_cost_and_its_derivative_are_those_of_the_blackboard():
    a, y = np.array([[3.0, 0.5], [1.0, 0.5]]), np.array([[1.0, 0.5], [2.0, 1.5]])
    assert quadratic(a, y).tolist() == [2.5, 0.5]
    assert quadratic_prime(a, y).tolist() == [[2.0, 0.0], [-1.0, -1.0]]
