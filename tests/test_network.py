"""Feedforward, backprop and Network: against an oracle of loops, in every dtype."""
import subprocess
import sys
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from bp import ACTIVATIONS, COSTS, OUTPUTS, Network, backprop, feedforward, mean_cost, quadratic, sigmoid
from bp.trace import trace

SIZES = [[2, 3, 1], [3, 5, 4, 2], [4, 4, 4, 4], [3, 2], [1, 1, 1]]
every_network = pytest.mark.parametrize("sizes", SIZES, ids=str)
one_and_five_samples = pytest.mark.parametrize("samples", [1, 5])


def square(z):
    return z * z


square.prime = lambda z: 2 * z


def fourth(a, y):
    return ((a - y) ** 4).sum(axis=0)


fourth.prime = lambda a, y: 4 * (a - y) ** 3


def cube(a, y):
    return ((a - y) ** 3).sum(axis=0)


cube.prime = lambda a, y: 3 * (a - y) ** 2


def as_fractions(array):
    return np.vectorize(lambda value: Fraction(round(value * 8), 8), otypes=[object])(array)


def as_decimals(array):
    return np.vectorize(lambda value: Decimal(f"{value:.6f}"), otypes=[object])(array)


@every_network
@one_and_five_samples
def test_gradient_equals_the_complex_step_derivative_of_the_cost_in_loops(
        sizes, samples, draw, differences, assert_gradients_close):
    problem = draw(sizes, samples)
    assert_gradients_close(backprop(*problem), differences(problem, 1e-30j))


@every_network
@one_and_five_samples
def test_gradient_agrees_with_central_differences(
        sizes, samples, draw, differences, assert_gradients_close):
    problem = draw(sizes, samples)
    assert_gradients_close(backprop(*problem), differences(problem, 1e-5), 1e-7)


@every_network
@one_and_five_samples
def test_feedforward_is_the_recursion_over_layers_biases_included(sizes, samples, draw, assert_close):
    problem = draw(sizes, samples)
    zs, activations = feedforward(problem.x, problem.weights, problem.biases)
    a = problem.x
    assert len(zs) == len(activations) - 1 == len(sizes) - 1
    np.testing.assert_array_equal(activations[0], a)
    for l, (weight, bias) in enumerate(zip(problem.weights, problem.biases)):
        z = np.einsum("jk,ks->js", weight, a) + np.repeat(bias, samples, axis=1)
        a = np.exp(z) / (1 + np.exp(z))
        assert_close(zs[l], z, 1e-13, f"zs[{l}]")
        assert_close(activations[l + 1], a, 1e-13, f"activations[{l + 1}]")


@one_and_five_samples
def test_mean_cost_is_the_cost_in_loops(samples, draw, cost_in_loops, assert_close):
    net = Network([3, 5, 4, 2], seed=1)
    problem = draw(net.sizes, samples)
    problem.weights, problem.biases = net.weights, net.biases
    reference = cost_in_loops(*problem, lambda z: 1 / (1 + np.exp(-z)))
    assert_close(net.mean_cost(problem.x, problem.y), reference, 1e-14)


def test_network_methods_are_the_functions_on_its_parameters(draw, assert_gradients_close):
    net = Network([3, 5, 4, 2], seed=1)
    x, y, *_ = draw(net.sizes, 5)
    assert_gradients_close(net.backprop(x, y), backprop(x, y, net.weights, net.biases), 0)
    for got, want in zip(net.feedforward(x), feedforward(x, net.weights, net.biases)):
        assert all(map(np.array_equal, got, want))


def test_network_methods_use_the_networks_own_activation_and_cost(monkeypatch, draw, assert_gradients_close):
    monkeypatch.setitem(ACTIVATIONS, "square", square)
    monkeypatch.setitem(COSTS, "fourth", fourth)
    net = Network([3, 5, 4, 2], seed=1, activation="square", cost="fourth")
    x, y, *_ = draw(net.sizes, 5)
    own = net.weights, net.biases, square
    assert_gradients_close(net.backprop(x, y), backprop(x, y, *own, fourth), 0)
    zs, activations = net.feedforward(x)
    assert np.array_equal(activations[-1], feedforward(x, *own)[1][-1])
    assert np.array_equal(activations[1], zs[0] ** 2)
    assert net.mean_cost(x, y) == mean_cost(activations[-1], y, fourth)


@pytest.mark.parametrize("activation, output, cost", [
    ("tanh", "identity", "quadratic"), ("sigmoid", "tanh", "quadratic"), ("tanh", "sigmoid", "binary_cross_entropy"),
    ("softplus", "sigmoid", "cross_entropy"), ("relu", "softmax", "cross_entropy")])
def test_a_network_applies_its_output_in_the_last_layer_alone_on_every_way(activation, output, cost, draw,
                                                                           assert_close):
    net = Network([3, 5, 4, 2], seed=1, activation=activation, output=output, cost=cost)
    assert repr(net).endswith(f"cost={cost!r}, output={output!r})")
    x, y = draw(net.sizes, 5).x, np.random.default_rng(0).random((2, 5))
    (zs, activations), a = net.feedforward(x), x
    for l, (weight, bias) in enumerate(zip(net.weights, net.biases), start=1):
        z = weight @ a + bias
        a = (ACTIVATIONS | OUTPUTS)[output if l == 3 else activation](z)
        assert_close(zs[l-1], z, 1e-14), assert_close(activations[l], a, 1e-14)
    assert_close(net.mean_cost(x, y), COSTS[cost](a, y).mean(), 1e-14)
    gradients = net.backprop(x, y)
    for arrays, of_arrays in zip((net.biases, net.weights), gradients):
        for l, gradient in enumerate(of_arrays):
            along, here = np.random.default_rng(l).standard_normal(gradient.shape), arrays[l]
            arrays[l] = here + 1e-30j * along
            reference = net.mean_cost(x, y).imag / 1e-30
            arrays[l] = here
            assert_close((gradient * along).sum(), reference, 1e-11)
    for got, want in zip(gradients, backprop(x, y, net.weights, net.biases, net.activation, net.cost, net.output)):
        assert all(map(np.array_equal, got, want))


def test_another_activation_and_a_cost_that_is_not_symmetric_give_what_comes_out_by_hand(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "square", square)
    monkeypatch.setitem(COSTS, "cube", cube)
    net = Network([1, 1], activation="square", cost="cube")
    net.weights, net.biases = [np.array([[2.0]])], [np.array([[1.0]])]
    # z = 7, a = 49, E = 2**3, delta = 3 * 2**2 * 14
    (z,), (_, a) = net.feedforward([3.0])
    (by_b,), (by_w,) = net.backprop([3.0], [47.0])
    assert (z.item(), a.item(), net.mean_cost([3.0], [47.0])) == (7, 49, 8)
    assert (by_b.item(), by_w.item()) == (168, 504)


@pytest.mark.parametrize("dtype, tolerance", [
    (np.float32, 1e-5), (np.float64, 0), (np.longdouble, 1e-14), (np.complex64, 1e-5),
    (np.complex128, 1e-14)], ids=lambda value: getattr(value, "__name__", str(value)))
def test_everything_is_computed_in_the_dtype_of_the_parameters(
        dtype, tolerance, draw, assert_gradients_close):
    problem = draw([3, 5, 4, 2], 5)
    cast = problem.map(lambda array: array.astype(dtype))
    zs, activations = feedforward(problem.x, cast.weights, cast.biases)
    gradient = backprop(problem.x, problem.y, cast.weights, cast.biases)
    found = {array.dtype for array in (*zs, *activations, *gradient[0], *gradient[1])}
    assert found == {np.dtype(dtype)}
    assert_gradients_close(gradient, backprop(*problem), tolerance)


def test_gradient_at_complex_parameters_agrees_with_central_differences(
        draw, differences, assert_gradients_close):
    problem, other = draw([3, 4, 2], 2, seed=1), draw([3, 4, 2], 2, seed=2)
    turned = [[array + 0.1j * imaginary for array, imaginary in zip(*pair)]
              for pair in ((problem.weights, other.weights), (problem.biases, other.biases))]
    problem.weights, problem.biases = turned
    assert_gradients_close(backprop(*problem), differences(problem, 1e-5), 1e-7)


def test_whole_number_samples_are_computed_in_the_dtype_of_the_parameters():
    net = Network([2, 3, 1], seed=1, dtype=np.float32)
    whole, real = net.backprop([1, -2], [1]), net.backprop([1.0, -2.0], [1.0])
    for got, want in zip((*whole[0], *whole[1]), (*real[0], *real[1])):
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, want)


def test_fractions_give_the_exact_gradient_of_a_polynomial_network():
    w, b, x, y = (np.array([[Fraction(value)]], dtype=object) for value in ("2/3", "1", "3", "10"))
    # z = 3, a = 9, delta = (9 - 10) * 2 * 3 = -6
    (by_b,), (by_w,) = backprop(x, y, [w], [b], square)
    assert by_b.tolist() == [[Fraction(-6)]] and by_w.tolist() == [[Fraction(-18)]]


def test_fractions_stay_fractions_and_agree_with_floats(draw, assert_gradients_close):
    exact = draw([3, 5, 4, 2], 5).map(as_fractions)
    gradient = backprop(*exact, square)
    entries = [entry for arrays in gradient for array in arrays for entry in array.flat]
    assert {type(entry) for entry in entries} == {Fraction}
    floats = exact.map(lambda array: array.astype(float))
    as_floats = [[array.astype(float) for array in arrays] for arrays in gradient]
    assert_gradients_close(backprop(*floats, square), as_floats)


def test_fifty_digit_decimals_agree_with_central_differences_to_thirty(
        draw, differences, assert_gradients_close):
    with localcontext(prec=50):
        problem = draw([3, 4, 2], 2).map(as_decimals)
        gradient = backprop(*problem)
        entries = [entry for arrays in gradient for array in arrays for entry in array.flat]
        assert {type(entry) for entry in entries} == {Decimal}
        reference = differences(problem, Decimal("1e-16"), lambda z: 1 / (1 + (-z).exp()))
        assert_gradients_close(gradient, reference, Decimal("1e-30"))


@every_network
def test_gradient_of_the_mean_is_exactly_the_mean_of_single_sample_gradients(sizes, draw):
    problem = draw(sizes, 5).map(as_fractions)
    x, y, weights, biases = problem
    singles = [backprop(x[:, s], y[:, s], weights, biases, square) for s in range(5)]
    for got, *of_samples in zip(backprop(*problem, square), *singles):
        for l, array in enumerate(got):
            mean = sum(single[l] for single in of_samples) / 5
            assert array.tolist() == mean.tolist(), f"layer {l + 1}: {array}, mean {mean}"


@every_network
def test_one_sample_in_one_dimension_equals_the_column(sizes, draw):
    x, y, weights, biases = draw(sizes, 1)
    columns = backprop(x, y, weights, biases)
    for flat in (backprop(x[:, 0], y[:, 0], weights, biases),
                 backprop(x[:, 0].tolist(), y[:, 0].tolist(), weights, biases)):
        for got, want in zip((*flat[0], *flat[1]), (*columns[0], *columns[1])):
            np.testing.assert_array_equal(got, want, strict=True)


@one_and_five_samples
def test_gradients_have_the_shapes_of_the_parameters(samples, draw):
    problem = draw([3, 5, 4, 2], samples)
    nabla_b, nabla_w = backprop(*problem)
    assert [g.shape for g in nabla_b] == [b.shape for b in problem.biases]
    assert [g.shape for g in nabla_w] == [w.shape for w in problem.weights]


@one_and_five_samples
def test_nothing_that_is_passed_in_is_changed(samples, draw):
    problem = draw([4, 4, 4, 4], samples)
    before = problem.map(np.copy)
    lists = list(problem.weights), list(problem.biases)
    for array in problem.arrays:
        array.flags.writeable = False
    feedforward(problem.x, problem.weights, problem.biases)
    backprop(*problem)
    for got, want in zip(problem.arrays, before.arrays):
        np.testing.assert_array_equal(got, want)
    assert all(kept is now for old, new in zip(lists, (problem.weights, problem.biases))
               for kept, now in zip(old, new, strict=True))


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
@one_and_five_samples
def test_no_result_shares_memory_with_an_argument_or_another_result(samples, activation, draw):
    problem = draw([4, 4, 4, 4], samples)
    zs, activations = feedforward(problem.x, problem.weights, problem.biases, activation)
    nabla_b, nabla_w = backprop(*problem, activation)
    results = [*zs, *activations[1:], *nabla_b, *nabla_w]
    for number, result in enumerate(results):
        for other in (*results[:number], *problem.arrays):
            assert not np.shares_memory(result, other)


def test_a_seed_gives_the_same_network_whatever_the_global_generator_is():
    np.random.seed(0)
    one = Network([3, 5, 2], seed=7)
    np.random.seed(1)
    again, other = Network([3, 5, 2], seed=7), Network([3, 5, 2], seed=8)
    for a, b, c in zip((*one.weights, *one.biases), (*again.weights, *again.biases),
                       (*other.weights, *other.biases)):
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)


def test_parameters_are_standard_normal_draws_biases_first():
    net, normal = Network([2, 3, 1], seed=1), np.random.default_rng(1).standard_normal
    for array in (*net.biases, *net.weights):
        np.testing.assert_array_equal(array, normal(array.shape))


def test_a_network_without_a_seed_is_drawn_anew():
    assert not np.array_equal(Network([3, 3]).weights[0], Network([3, 3]).weights[0])


def test_a_network_accepts_registered_functions_and_their_names():
    by_name, by_function = (Network([2, 1], seed=0, activation=activation, cost=cost)
                            for activation, cost in (("sigmoid", "quadratic"), (sigmoid, quadratic)))
    assert by_name.activation is by_function.activation is sigmoid
    assert by_name.cost is by_function.cost is quadratic


def test_trace_holds_what_backprop_computes_on_the_way(draw, assert_close):
    net = Network([3, 5, 4, 2], seed=1)
    x, y, *_ = draw(net.sizes, 5)
    run, (nabla_b, nabla_w) = trace(net, x, y), net.backprop(x, y)
    assert sorted(run.delta) == [1, 2, 3] == sorted(run.z) and sorted(run.a) == [0, 1, 2, 3]
    for l in run.delta:
        assert_close(nabla_b[l-1], run.delta[l].mean(axis=1, keepdims=True), 1e-14, f"nabla_b[{l-1}]")
        assert_close(nabla_w[l-1], run.delta[l] @ run.a[l-1].T / 5, 1e-14, f"nabla_w[{l-1}]")


def test_importing_bp_loads_neither_sympy_nor_cards_nor_evidence():
    listing = "import sys, bp; print(*(name for name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True,
                            check=True).stdout.split()
    assert "bp.network" in loaded and "numpy" in loaded
    unwanted = ("sympy", "pygments", "tqdm", "bp.symbolic", "bp.spec", "bp.card", "bp.evidence")
    assert [name for name in loaded if name.startswith(unwanted)] == []
