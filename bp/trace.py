"""Everything one pass forward and back computes, by the letters of the glossary."""
from dataclasses import dataclass, field
from collections.abc import Callable

import numpy as np

from bp import checks
from bp.equations import hidden_delta
from bp.functions import quadratic, sigmoid
from bp.network import delta_of_output


@dataclass
class Trace:
    """The arrays of a network and its samples: w[l], b[l], z[l], a[l], delta[l] of layer l.

    a[0] is the input x; y has no layer. Unlike the lists of `Network`, these
    are numbered as the layers are.
    """
    sizes: list[int]
    w: dict[int, np.ndarray]
    b: dict[int, np.ndarray]
    a: dict[int, np.ndarray]
    y: np.ndarray
    activation: Callable = sigmoid
    cost: Callable = quadratic
    output: Callable | None = None  # of the last layer, where it is another
    z: dict[int, np.ndarray] = field(default_factory=dict)
    delta: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def L(self):
        """The number of the last layer."""
        return len(self.sizes) - 1

    @property
    def N(self):
        """The number of samples."""
        return self.y.shape[1]

    def function_of(self, l):
        """What turns z of layer l into a."""
        return self.output if self.output and l == self.L else self.activation


def trace(network, x, y):
    """Run the shipped code forward and back; keep every array on the way.

    >>> from bp.example import net, x, y
    >>> float(trace(net, x, y).delta[2].round(4).item())
    -0.0991
    """
    zs, activations = network.feedforward(x)
    numbered = lambda arrays: dict(enumerate(arrays, start=1))
    run = Trace(network.sizes, numbered(network.weights), numbered(network.biases),
                dict(enumerate(activations)), checks.targets(y, activations[-1]),
                network.activation, network.cost, network.output, numbered(zs))
    L = run.L
    run.delta[L] = delta_of_output(run.a[L], run.y, run.z[L], run.output, run.cost)
    for l in range(L, 1, -1):
        run.delta[l-1] = hidden_delta(run.w[l], run.delta[l], run.z[l-1], run.activation)
    return run
