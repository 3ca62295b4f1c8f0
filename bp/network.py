"""The network: its parameters, the way forward and the way back.

Layers are numbered 0 to L. `weights[l-1]` and `biases[l-1]` belong to layer l,
`activations[l]` is its activation, and `zs[l-1]` its weighted input: layer 0,
the input, has none of the others.
"""
import numpy as np

from bp import checks, storage
from bp.equations import (activate, bias_gradient, hidden_delta, mean_cost,
                          output_delta, weight_gradient, weighted_input)
from bp.functions import ACTIVATIONS, COSTS, OUTPUTS, matched, quadratic, sigmoid
from bp.training import train


def feedforward(x, weights, biases, activation=sigmoid,
                output=None):
    """Carry x through every layer; return (zs, activations).

    x has shape (n_0,) or (n_0, N). zs[l-1] and activations[l] have shape
    (n_l, N); activations[0] is x, and may share its memory. The last layer applies `output`, by
    default the activation of the others. Computed in the dtype of the
    parameters. Raises ValueError or TypeError, naming the argument.
    Source: seed notebook, In [11].

    >>> zs, activations = feedforward([1.0], [np.array([[2.0]])], [np.array([[-2.0]])])
    >>> zs, activations[-1]
    ([array([[0.]])], array([[0.5]]))
    """
    checks.differentiable("activation", activation)
    output = activation if output is None else output
    checks.function("output", output)
    sizes, dtype = checks.parameters(weights, biases)
    a = checks.columns("x", x, sizes[0], dtype)
    zs, activations = [], [a]
    of_layers = [activation] * (len(weights) - 1) + [output]
    for weight, bias, f in zip(weights, biases, of_layers):
        z = weighted_input(weight, a, bias)
        a = activate(z, f)
        zs.append(z)
        activations.append(a)
    return zs, activations


def backprop(x, y, weights, biases, activation=sigmoid, cost=quadratic,
             output=None):
    """Return (nabla_b, nabla_w), the gradient of E by every bias and weight.

    x has shape (n_0,) or (n_0, N), y (n_L,) or (n_L, N); E is the mean of the
    cost over the N samples. nabla_b[l-1] and nabla_w[l-1] have the shapes of
    biases[l-1] and weights[l-1]. The last layer applies `output`, by default
    the activation of the others. Nothing that is passed in is changed.
    Raises ValueError or TypeError, naming the argument.
    Source: seed notebook, In [21].

    >>> net = Network([2, 3, 1], seed=1)
    >>> nabla_b, nabla_w = backprop([1.0, -1.0], [1.0], net.weights, net.biases)
    >>> [g.shape for g in nabla_b], [g.shape for g in nabla_w]
    ([(3, 1), (1, 1)], [(3, 2), (1, 3)])
    """
    checks.differentiable("activation", activation)
    output = checks.output(activation if output is None else output, cost)
    zs, activations = feedforward(x, weights, biases, activation, output)
    y = checks.targets(y, activations[-1])

    L = len(weights)
    nabla_b, nabla_w = [None] * L, [None] * L
    delta = delta_of_output(activations[L], y, zs[L-1], output, cost)
    for l in range(L, 0, -1):
        nabla_b[l-1] = bias_gradient(delta)
        nabla_w[l-1] = weight_gradient(delta, activations[l-1])
        if l > 1:
            delta = hidden_delta(weights[l-1], delta, zs[l-2], activation)
    return nabla_b, nabla_w


def delta_of_output(a, y, z, output, cost):
    """BP1: in the form that output and cost have together, if they were made for each other.

    a, y and z of layer L, all (n_L, N); returns delta of layer L (n_L, N).
    """
    in_one = matched(cost, output)
    return in_one(a, y) if in_one else output_delta(a, y, z, output, cost)


class Network:
    """A fully connected network with `sizes[l]` units in layer l.

    Biases, then weights, are drawn from the standard normal distribution,
    as in the seed notebook, but from a generator that is seeded first, so that
    what is printed can be printed again. Activation, cost and the `output` of the
    last layer are registered functions, or their names.

    >>> net = Network([2, 3, 1], seed=1)
    >>> net
    Network([2, 3, 1], activation='sigmoid', cost='quadratic')
    >>> [w.shape for w in net.weights], [b.shape for b in net.biases]
    ([(3, 2), (1, 3)], [(3, 1), (1, 1)])
    """

    def __init__(self, sizes, seed=None, activation="sigmoid", cost="quadratic", dtype=float,
                 output=None):
        self.sizes = checks.sizes(sizes)
        self.activation = checks.known("activation", activation, ACTIVATIONS)
        self.cost = checks.known("cost", cost, COSTS)
        output = checks.known("output", self.activation if output is None else output, ACTIVATIONS | OUTPUTS)
        self.output = checks.output(output, self.cost)
        dtype = checks.inexact("dtype", dtype)
        draw = np.random.default_rng(seed).standard_normal
        above, below = self.sizes[1:], self.sizes[:-1]
        self.biases = [draw((n, 1)).astype(dtype) for n in above]
        self.weights = [draw((n, m)).astype(dtype) for n, m in zip(above, below)]

    def __repr__(self):
        output = f", output={self.output.__name__!r}" if self.output != self.activation else ""
        return (f"Network({self.sizes}, activation={self.activation.__name__!r}, "
                f"cost={self.cost.__name__!r}{output})")

    def feedforward(self, x):
        """Return (zs, activations) for the samples x; see `bp.feedforward`."""
        return feedforward(x, self.weights, self.biases, self.activation, self.output)

    def mean_cost(self, x, y):
        """Return E, the mean cost over the samples x with targets y."""
        a = self.feedforward(x)[1][-1]
        return mean_cost(a, checks.targets(y, a), self.cost)

    def backprop(self, x, y):
        """Return (nabla_b, nabla_w), the gradient of E; see `bp.backprop`."""
        return backprop(x, y, self.weights, self.biases, self.activation, self.cost, self.output)

    def train(self, x, y, **options):
        """Move the parameters down the gradient, batch by batch; see `bp.training.train`."""
        return train(self, x, y, **options)

    def save(self, path):
        """Write the network to a .npz file; see `bp.storage.save`."""
        storage.save(self, path)

    @classmethod
    def load(cls, path):
        """Return the network that `save` wrote; see `bp.storage.load`."""
        return storage.load(path, cls)
