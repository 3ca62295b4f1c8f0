"""Each equation function against its sums, written out in loops."""
import numpy as np
import pytest

from bp import (activate, bias_gradient, hidden_delta, mean_cost, output_delta, quadratic, sigmoid,
                weight_gradient, weighted_input)

STEP = 1e-30
above, below, samples = "above", "below", "samples"


@pytest.fixture(params=[(3, 4, 5), (4, 2, 1), (4, 4, 5), (1, 3, 1)],
                ids=lambda shape: "{}<-{}, N={}".format(*shape))
def shape(request):
    return dict(zip((above, below, samples), request.param))


@pytest.fixture
def normal(shape):
    generator = np.random.default_rng(2)
    return lambda rows, columns: generator.standard_normal(
        (shape.get(rows, rows), shape.get(columns, columns)))


def written_out(rows, columns, entry):
    return np.array([[entry(row, column) for column in range(columns)] for row in range(rows)])


def test_weighted_input_adds_over_the_layer_below_and_adds_the_bias_to_every_sample(
        shape, normal, assert_close):
    w, a, b = normal(above, below), normal(below, samples), normal(above, 1)
    reference = written_out(shape[above], shape[samples], lambda j, s: (
        sum(w[j, k] * a[k, s] for k in range(shape[below])) + b[j, 0]))
    assert_close(weighted_input(w, a, b), reference, 1e-14)


def test_activate_applies_the_activation_to_every_entry(shape, normal, assert_close):
    z = normal(above, samples)
    reference = written_out(*z.shape, lambda j, s: 1 / (1 + np.exp(-z[j, s])))
    assert_close(activate(z, sigmoid), reference, 1e-14)


def test_mean_cost_adds_over_outputs_and_averages_over_samples_alone(shape, normal, assert_close):
    a, y = normal(above, samples), normal(above, samples)
    total = 0
    for j in range(shape[above]):
        for s in range(shape[samples]):
            total += (a[j, s] - y[j, s]) ** 2
    assert_close(mean_cost(a, y, quadratic), total / 2 / shape[samples], 1e-14)


def test_output_delta_is_the_complex_step_derivative_of_each_samples_cost_by_z(
        shape, normal, assert_close):
    z, y = normal(above, samples), normal(above, samples)

    def derivative(j, s):
        moved = z[:, s].astype(complex)
        moved[j] += STEP * 1j
        return (((1 / (1 + np.exp(-moved)) - y[:, s]) ** 2).sum() / 2).imag / STEP

    assert_close(output_delta(sigmoid(z), y, z, sigmoid, quadratic),
                 written_out(shape[above], shape[samples], derivative))


def test_hidden_delta_adds_over_the_layer_above(shape, normal, assert_close):
    w, delta, z = normal(above, below), normal(above, samples), normal(below, samples)
    slope = np.exp(-z) / (1 + np.exp(-z)) ** 2
    reference = written_out(shape[below], shape[samples], lambda k, s: (
        slope[k, s] * sum(delta[j, s] * w[j, k] for j in range(shape[above]))))
    assert_close(hidden_delta(w, delta, z, sigmoid), reference)


def test_hidden_delta_is_the_complex_step_derivative_through_the_layer_above(
        shape, normal, assert_close):
    w, b = normal(above, below), normal(above, 1)
    delta, z = normal(above, samples), normal(below, samples)

    def derivative(k, s):
        moved = z[:, s].astype(complex)
        moved[k] += STEP * 1j
        z_above = w @ (1 / (1 + np.exp(-moved))) + b[:, 0]
        return (delta[:, s] @ z_above).imag / STEP

    assert_close(hidden_delta(w, delta, z, sigmoid),
                 written_out(shape[below], shape[samples], derivative))


def test_bias_gradient_is_the_mean_of_delta_in_the_shape_of_the_biases(shape, normal, assert_close):
    delta = normal(above, samples)
    reference = written_out(shape[above], 1, lambda j, _: (
        sum(delta[j, s] for s in range(shape[samples])) / shape[samples]))
    assert_close(bias_gradient(delta), reference, 1e-14)


def test_weight_gradient_is_the_mean_product_in_the_shape_of_the_weights(shape, normal, assert_close):
    delta, a = normal(above, samples), normal(below, samples)
    reference = written_out(shape[above], shape[below], lambda j, k: (
        sum(delta[j, s] * a[k, s] for s in range(shape[samples])) / shape[samples]))
    assert_close(weight_gradient(delta, a), reference, 1e-14)


def test_no_equation_changes_its_arguments_or_returns_part_of_them(normal):
    w, b, a = normal(above, below), normal(above, 1), normal(below, samples)
    z, y, delta = (normal(above, samples) for _ in range(3))
    given = w, b, a, z, y, delta
    before = [array.copy() for array in given]
    results = [weighted_input(w, a, b), activate(z, sigmoid), output_delta(z, y, z, sigmoid, quadratic),
               hidden_delta(w, delta, a, sigmoid), bias_gradient(delta), weight_gradient(delta, a)]
    for array, copy in zip(given, before):
        np.testing.assert_array_equal(array, copy)
    for result in results:
        assert not any(np.shares_memory(result, array) for array in given)
