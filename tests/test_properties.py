"""What holds of every network, of any size, drawn by Hypothesis."""
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bp import ACTIVATIONS, Network, backprop, bias_gradient, feedforward, sigmoid, sigmoid_prime, weight_gradient

STEP = 1e-30
few = settings(deadline=None, max_examples=25, database=None)

sizes = st.lists(st.integers(1, 5), min_size=2, max_size=5)
samples = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float32, np.float64, np.complex64, np.complex128])


def sine(z):
    return np.sin(z)


def tanh(z):
    return np.tanh(z)


sine.prime, tanh.prime = np.cos, lambda z: 1 - np.tanh(z)**2
activations = st.sampled_from([*ACTIVATIONS.values(), sine, tanh])


def arrays_of(gradients):
    return [array for arrays in gradients for array in arrays]


def directional_derivatives(problem, direction, cost_in_loops, f):
    """The complex-step derivative of the oracle along one direction for each array."""
    x, y, weights, biases = problem
    parameters = [*biases, *weights]
    for place, along in enumerate(direction):
        moved = [array + STEP * 1j * along if number == place else array
                 for number, array in enumerate(parameters)]
        cost = cost_in_loops(x, y, moved[len(biases):], moved[:len(biases)], f)
        yield cost.imag / STEP


@few
@given(sizes, samples, seeds, activations)
def test_the_gradient_gives_the_complex_step_derivative_along_a_direction_for_each_array(
        draw, cost_in_loops, sizes, samples, seed, activation):
    problem = draw(sizes, samples, seed)
    gradients = arrays_of(backprop(*problem, activation))
    normal = np.random.default_rng(seed).standard_normal
    direction = [normal(gradient.shape) for gradient in gradients]
    derivatives = directional_derivatives(problem, direction, cost_in_loops, activation)
    for number, (gradient, along, reference) in enumerate(zip(gradients, direction, derivatives, strict=True)):
        analytic = (gradient * along).sum()
        scale = np.linalg.norm(gradient) * np.linalg.norm(along)
        assert abs(analytic - reference) <= 1e-11 * scale, (
            f"array {number}: analytic {analytic}, complex step {reference}")


@few
@given(sizes, samples, seeds, dtypes)
def test_gradients_have_the_shapes_and_the_dtype_of_the_parameters(draw, sizes, samples, seed, dtype):
    problem = draw(sizes, samples, seed)
    weights, biases = ([array.astype(dtype) for array in arrays]
                       for arrays in (problem.weights, problem.biases))
    nabla_b, nabla_w = backprop(problem.x, problem.y, weights, biases)
    for gradient, array in zip((*nabla_b, *nabla_w), (*biases, *weights), strict=True):
        assert (gradient.shape, gradient.dtype) == (array.shape, array.dtype)
        assert np.isfinite(gradient).all()
    zs, activations = feedforward(problem.x, weights, biases)
    assert [z.shape for z in zs] == [(n, samples) for n in sizes[1:]]
    assert [a.shape for a in activations] == [(n, samples) for n in sizes]
    assert {array.dtype for array in (*zs, *activations)} == {np.dtype(dtype)}


@few
@given(sizes, samples, seeds)
def test_the_order_of_the_samples_does_not_matter(draw, assert_gradients_close, sizes, samples, seed):
    x, y, weights, biases = draw(sizes, samples, seed)
    order = np.random.default_rng(seed).permutation(samples)
    assert_gradients_close(backprop(x[:, order], y[:, order], weights, biases),
                           backprop(x, y, weights, biases), 1e-11)


@few
@given(sizes, samples, seeds)
def test_samples_given_twice_leave_the_mean_gradient_as_it_is(
        draw, assert_gradients_close, sizes, samples, seed):
    x, y, weights, biases = draw(sizes, samples, seed)
    assert_gradients_close(backprop(np.hstack([x, x]), np.hstack([y, y]), weights, biases),
                           backprop(x, y, weights, biases), 1e-11)


@few
@given(sizes, samples, seeds)
def test_the_gradient_is_the_mean_over_samples_taken_one_by_one(
        draw, assert_gradients_close, sizes, samples, seed):
    x, y, weights, biases = draw(sizes, samples, seed)
    singles = [backprop(x[:, s], y[:, s], weights, biases) for s in range(samples)]
    means = [[sum(arrays) / samples for arrays in zip(*kind)] for kind in zip(*singles)]
    assert_gradients_close(backprop(x, y, weights, biases), means, 1e-11)


@few
@given(sizes, samples, seeds)
def test_units_of_a_hidden_layer_may_be_numbered_in_any_order(
        draw, assert_close, sizes, samples, seed):
    x, y, weights, biases = draw([*sizes, 2], samples, seed)
    order = np.random.default_rng(seed).permutation(sizes[-1])
    turned_weights = [*weights[:-2], weights[-2][order], weights[-1][:, order]]
    turned_biases = [*biases[:-2], biases[-2][order], biases[-1]]
    nabla_b, nabla_w = backprop(x, y, weights, biases)
    turned_b, turned_w = backprop(x, y, turned_weights, turned_biases)
    assert_close(turned_b[-2], nabla_b[-2][order], 1e-11)
    assert_close(turned_w[-2], nabla_w[-2][order], 1e-11)
    assert_close(turned_w[-1], nabla_w[-1][:, order], 1e-11)


@few
@given(sizes, samples, seeds)
def test_targets_that_are_met_leave_no_gradient(draw, sizes, samples, seed):
    x, _, weights, biases = draw(sizes, samples, seed)
    met = feedforward(x, weights, biases)[1][-1]
    for gradient in arrays_of(backprop(x, met, weights, biases)):
        assert not gradient.any()


@few
@given(sizes, samples, seeds)
def test_along_the_gradient_the_shipped_cost_falls_by_its_squared_norm(draw, sizes, samples, seed):
    net = Network(sizes, seed=seed)
    x, y, *_ = draw(sizes, samples, seed)
    before, (nabla_b, nabla_w) = net.mean_cost(x, y), net.backprop(x, y)
    squared_norm = sum((gradient**2).sum() for gradient in (*nabla_b, *nabla_w))
    # A directional complex step of the shipped forward pass, along the whole gradient.
    net.biases = [b - STEP * 1j * g for b, g in zip(net.biases, nabla_b)]
    net.weights = [w - STEP * 1j * g for w, g in zip(net.weights, nabla_w)]
    after = net.mean_cost(x, y)
    assert abs(after.real - before) <= 1e-12 * before
    assert abs(after.imag / STEP + squared_norm) <= 1e-10 * squared_norm


@few
@given(samples, seeds, st.integers(1, 5), st.integers(1, 5))
def test_gradients_are_linear_in_delta(samples, seed, above, below):
    one, other, a = (np.random.default_rng(seed + n).standard_normal((rows, samples))
                     for n, rows in enumerate((above, above, below)))
    np.testing.assert_allclose(bias_gradient(one + 2 * other),
                               bias_gradient(one) + 2 * bias_gradient(other), atol=1e-13)
    np.testing.assert_allclose(weight_gradient(one + 2 * other, a),
                               weight_gradient(one, a) + 2 * weight_gradient(other, a), atol=1e-13)


@few
@given(st.floats(-1e300, 1e300))
def test_the_sigmoid_lies_between_0_and_1_and_its_derivative_below_a_quarter(z):
    a, slope = sigmoid(np.array([z])), sigmoid_prime(np.array([z]))
    assert 0 <= a <= 1 and 0 <= slope <= 0.25
    assert (a >= 0.5) == (z >= 0) or abs(z) < 1e-15
