"""Who is timed: every way to a gradient, and every way to train, as a function that makes it.

`GRADIENTS` and `TRAININGS` are the lists. Each entry makes from a case a pair: a call
without arguments, which is what is timed, and a function that turns its result into
NumPy arrays, biases before weights, so that all can be compared before any is timed.
A library is imported where it is used; who hasn't got it runs the others.
"""
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bp import backprop, spec
from bp.compiled import LIMIT

os.environ.update(JAX_ENABLE_X64="1", JAX_PLATFORMS="cpu")  # read when JAX is imported


@dataclass(frozen=True)
class Contender:
    """`library` is what it needs beside bp's own; `suits` says of which cases it can be asked."""
    name: str
    make: Callable
    library: str = ""
    suits: Callable = lambda case: True


def _all(gradient):
    """(nabla_b, nabla_w) as one list."""
    return [*gradient[0], *gradient[1]]


def shipped(case):
    x, y, weights, biases = case.arrays()
    return lambda: backprop(x, y, weights, biases), _all


def compiled(case):
    x, y, weights, biases = case.arrays()
    of_network = spec.compile(list(case.sizes))
    return lambda: of_network(x, y, weights, biases), _all


# The source notebook, its cells In [9] and In [21], in Python 3: the only changes are that the
# globals biases and weights are arguments, and range for xrange.

def _sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def _sigmoid_prime(z):
    return _sigmoid(z) * (1 - _sigmoid(z))


def _cost_derivative(output_activations, y):
    return output_activations - y


def notebook_backprop(x, y, weights, biases):
    """The notebook's gradient of one sample, x (n_0, 1) and y (n_L, 1)."""
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = _sigmoid(z)
        activations.append(activation)
    delta = _cost_derivative(activations[-1], y) * _sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].transpose())
    for l in range(2, len(weights) + 1):
        z = zs[-l]
        f_prime = _sigmoid_prime(z)
        delta = np.dot(weights[-l+1].transpose(), delta) * f_prime
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l-1].transpose())
    return nabla_b, nabla_w


def notebook_batch(x, y, weights, biases):
    """Its mean over the samples, one after the other: the notebook knows no batches."""
    N = x.shape[1]
    total = [np.zeros_like(array) for array in (*biases, *weights)]
    for s in range(N):
        of_sample = notebook_backprop(x[:, s:s+1], y[:, s:s+1], weights, biases)
        for sum_so_far, gradient in zip(total, _all(of_sample)):
            sum_so_far += gradient
    return [array / N for array in total]


def notebook(case):
    x, y, weights, biases = case.arrays()
    if case.batch == 1:  # nothing to add up
        return lambda: notebook_backprop(x, y, weights, biases), _all
    return lambda: notebook_batch(x, y, weights, biases), list


def in_place(case):
    """Every array made beforehand, every operation into one of them; f' from a, as one can here."""
    x, y, weights, biases = case.arrays()
    L, N = len(weights), case.batch
    empty = lambda *shape: np.empty(shape, case.dtype)
    activations = [x, *(empty(n, N) for n in case.sizes[1:])]
    deltas = [empty(n, N) for n in case.sizes[1:]]
    nabla_w, nabla_b = [empty(*w.shape) for w in weights], [empty(*b.shape) for b in biases]
    slopes, one = [empty(n, N) for n in case.sizes[1:]], np.ones((), case.dtype)
    ones, per_sample = np.ones((N, 1), case.dtype), np.array(1 / N, case.dtype)

    def step():
        for l in range(L):
            a = activations[l+1]
            np.matmul(weights[l], activations[l], out=a)
            np.add(a, biases[l], out=a)
            np.negative(a, out=a)
            np.exp(a, out=a)
            np.add(a, one, out=a)
            np.divide(one, a, out=a)
        np.subtract(activations[L], y, out=deltas[L-1])
        np.multiply(deltas[L-1], per_sample, out=deltas[L-1])  # the mean, once and for all
        for l in reversed(range(L)):
            delta, slope = deltas[l], slopes[l]
            np.subtract(one, activations[l+1], out=slope)
            np.multiply(slope, activations[l+1], out=slope)
            np.multiply(delta, slope, out=delta)
            np.matmul(delta, ones, out=nabla_b[l])
            np.matmul(delta, activations[l].T, out=nabla_w[l])
            if l:
                np.matmul(weights[l].T, delta, out=deltas[l-1])
        return nabla_b, nabla_w
    return step, _all


def products(case):
    """Nothing but the matrix products of these shapes, into arrays made beforehand: no gradient."""
    x, _, weights, _ = case.arrays()
    draw = np.random.default_rng(3).standard_normal
    empty = lambda *shape: np.empty(shape, case.dtype)
    below = [x, *(draw((n, case.batch)).astype(case.dtype) for n in case.sizes[1:-1])]
    deltas = [draw((n, case.batch)).astype(case.dtype) for n in case.sizes[1:]]
    up, down = [empty(*d.shape) for d in deltas], [empty(*a.shape) for a in below]
    nabla_w = [empty(*w.shape) for w in weights]

    def step():
        for l, (weight, a, delta) in enumerate(zip(weights, below, deltas)):
            np.matmul(weight, a, out=up[l])
            np.matmul(delta, a.T, out=nabla_w[l])
            if l:
                np.matmul(weight.T, delta, out=down[l])
    return step, None


def pytorch(case):
    import torch
    from torch.nn.functional import linear
    x, y, weights, biases = case.arrays()
    rows = lambda array: torch.tensor(np.ascontiguousarray(array.T))
    x, y = rows(x), rows(y)
    weights = [torch.tensor(w, requires_grad=True) for w in weights]
    biases = [torch.tensor(b[:, 0], requires_grad=True) for b in biases]

    def step():
        a = x
        for weight, bias in zip(weights, biases):
            a = torch.sigmoid(linear(a, weight, bias))
        cost = ((a - y) ** 2).sum() / (2 * len(y))
        return torch.autograd.grad(cost, biases + weights)
    return step, lambda gradients: [_column(gradient.numpy()) for gradient in gradients]


def jax_jit(case):
    import jax
    parameters, (x, y) = _in_jax(case.arrays())
    gradient = jax.jit(jax.grad(_cost_in_jax))
    return (lambda: jax.block_until_ready(gradient(parameters, x, y)),
            lambda found: [*map(np.asarray, _all(found))])


def jax_from_numpy(case):
    """The same, given what the others are given, as for a network that isn't kept in JAX."""
    import jax
    x, y, weights, biases = case.arrays()
    gradient = jax.jit(jax.grad(_cost_in_jax))
    return (lambda: jax.block_until_ready(gradient((biases, weights), x, y)),
            lambda found: [*map(np.asarray, _all(found))])


def autograd(case):
    import autograd
    import autograd.numpy as anp
    x, y, weights, biases = case.arrays()

    def cost(parameters):
        a = x
        for bias, weight in zip(*parameters):
            a = 1 / (1 + anp.exp(-(anp.dot(weight, a) + bias)))
        return anp.sum((a - y) ** 2) / (2 * y.shape[1])
    gradient = autograd.grad(cost)
    return lambda: gradient((biases, weights)), _all


GRADIENTS = (
    Contender("bp.backprop", shipped),
    Contender("spec.compile", compiled, suits=lambda case: case.parameters <= LIMIT),
    Contender("notebook", notebook),
    Contender("in place", in_place),
    Contender("products", products),
    Contender("PyTorch", pytorch, "torch"),
    Contender("JAX", jax_jit, "jax"),
    Contender("JAX, from NumPy", jax_from_numpy, "jax", lambda case: case.parameters <= LIMIT),
    Contender("autograd", autograd, "autograd"),
)


# Training: the call trains `training.epochs` epochs from the same start and returns the parameters.

def network_train(training):
    (x, y), net, start = training.samples, training.network(), training.network()

    def run():
        net.weights, net.biases = start.weights, start.biases
        net.train(x, y, epochs=training.epochs, rate=training.rate, batch=training.batch,
                  seed=training.seed, progress=False)
        return [*net.biases, *net.weights]
    return run, list


def _by_gradients(gradient):
    """A loop over batches that subtracts what `gradient` returns."""
    def make(training):
        x, y = training.samples

        def run():
            net = training.network()
            parameters = [*net.biases, *net.weights]
            for order in training.orders():
                xs, ys = x[:, order], y[:, order]
                for start in range(0, len(order), training.batch):
                    columns = slice(start, start + training.batch)
                    found = gradient(xs[:, columns], ys[:, columns], net.weights, net.biases)
                    for array, slope in zip(parameters, found):
                        array -= training.rate * slope
            return parameters
        return run, list
    return make


def pytorch_sgd(training):
    import torch
    x, y = (torch.tensor(np.ascontiguousarray(array.T)) for array in training.samples)
    start = training.network()

    def run():
        layers = []
        for weight, bias in zip(start.weights, start.biases):
            layer = torch.nn.Linear(*weight.shape[::-1], dtype=torch.float64)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(weight))
                layer.bias.copy_(torch.tensor(bias[:, 0]))
            layers += [layer, torch.nn.Sigmoid()]
        net = torch.nn.Sequential(*layers)
        optimizer = torch.optim.SGD(net.parameters(), lr=training.rate)
        for order in training.orders():
            order = torch.tensor(order)
            for xs, ys in zip(x[order].split(training.batch), y[order].split(training.batch)):
                optimizer.zero_grad()
                (((net(xs) - ys) ** 2).sum() / (2 * len(ys))).backward()
                optimizer.step()
        return [layer.bias for layer in layers[::2]] + [layer.weight for layer in layers[::2]]
    return run, lambda found: [_column(array.detach().numpy()) for array in found]


def jax_steps(training):
    import jax
    step, start = jax.jit(_step_in_jax(training.rate)), training.network()

    def run():
        parameters, _ = _in_jax((None, None, start.weights, start.biases))
        for order in training.orders():
            x, y = (array[:, order] for array in training.samples)
            for first in range(0, len(order), training.batch):
                columns = slice(first, first + training.batch)
                parameters = step(parameters, x[:, columns], y[:, columns])
        return jax.block_until_ready(parameters)
    return run, lambda found: [*map(np.asarray, _all(found))]


def jax_scan(training):
    import jax
    import jax.numpy as jnp
    step, start = _step_in_jax(training.rate), training.network()
    x, y = map(jnp.asarray, training.samples)

    @jax.jit
    def epoch(parameters, order):
        def of_batch(parameters, columns):
            return step(parameters, x[:, columns], y[:, columns]), None
        return jax.lax.scan(of_batch, parameters, order.reshape(-1, training.batch))[0]

    def run():
        parameters, _ = _in_jax((None, None, start.weights, start.biases))
        for order in training.orders():
            parameters = epoch(parameters, order)
        return jax.block_until_ready(parameters)
    return run, lambda found: [*map(np.asarray, _all(found))]


def scikit_learn(training):
    """Its classifier: the same network, but for softmax and the cross-entropy at its end."""
    from sklearn.neural_network import MLPClassifier
    (x, y), start = training.samples, training.network()
    images, labels = np.ascontiguousarray(x.T), y.argmax(axis=0)
    net = MLPClassifier(training.sizes[1:-1], activation="logistic", solver="sgd", alpha=0, momentum=0,
                        batch_size=training.batch, learning_rate_init=training.rate, shuffle=False)
    net.partial_fit(images[:training.batch], labels[:training.batch], classes=range(10))

    def run():
        for arrays, ours in ((net.coefs_, start.weights), (net.intercepts_, start.biases)):
            for array, our in zip(arrays, ours):
                array[...] = our.T if array.ndim == 2 else our[:, 0]
        for order in training.orders():
            net.partial_fit(images[order], labels[order])
        return net.intercepts_, net.coefs_
    return run, lambda found: [*(bias[:, None].copy() for bias in found[0]), *(w.T.copy() for w in found[1])]


def of_softmax(training):
    """What scikit-learn's classifier must come to: our gradients, with softmax and cross-entropy."""
    from bp import cross_entropy, sigmoid, softmax
    return _by_gradients(lambda x, y, weights, biases: _all(
        backprop(x, y, weights, biases, sigmoid, cross_entropy, softmax)))(training)


TRAININGS = (
    Contender("Network.train", network_train),
    Contender("bp.backprop", _by_gradients(lambda *given: _all(backprop(*given)))),
    Contender("notebook", _by_gradients(notebook_batch)),
    Contender("PyTorch", pytorch_sgd, "torch"),
    Contender("JAX", jax_steps, "jax"),
    Contender("JAX, scan", jax_scan, "jax"),
    Contender("scikit-learn", scikit_learn, "sklearn"),
)


def _column(array):
    return array if array.ndim == 2 else array[:, None]


def _in_jax(arrays):
    import jax.numpy as jnp
    x, y, weights, biases = arrays
    given = [] if x is None else [jnp.asarray(x), jnp.asarray(y)]
    return ([*map(jnp.asarray, biases)], [*map(jnp.asarray, weights)]), given


def _cost_in_jax(parameters, x, y):
    import jax
    a = x
    for bias, weight in zip(*parameters):
        a = jax.nn.sigmoid(weight @ a + bias)
    return ((a - y) ** 2).sum() / (2 * y.shape[1])


def _step_in_jax(rate):
    import jax

    def step(parameters, x, y):
        slopes = jax.grad(_cost_in_jax)(parameters, x, y)
        return jax.tree.map(lambda array, slope: array - rate * slope, parameters, slopes)
    return step
