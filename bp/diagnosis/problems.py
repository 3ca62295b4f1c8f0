"""The networks and samples that a backpropagation is tried on."""
from dataclasses import dataclass, replace

import numpy as np

from bp import checks
from bp.functions import ACTIVATIONS, COSTS, OUTPUTS


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its samples and their targets, as `bp.backprop` takes them; functions by their names.

    x (n_0, N), y (n_L, N), weights[l-1] (n_l, n_{l-1}), biases[l-1] (n_l, 1). It
    holds nothing that is to be found out, so it may be shown to any code.

    >>> problem = draw((2, 3, 1), 5)
    >>> str(problem), problem.x.shape, problem.weights[0].shape
    ('[2,3,1]×5', (2, 5), (3, 2))
    """
    x: np.ndarray
    y: np.ndarray
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    activation: str = "sigmoid"
    cost: str = "quadratic"
    output: str = "sigmoid"

    def __str__(self):
        return f"[{','.join(map(str, self.sizes))}]×{self.N}"

    @property
    def sizes(self):
        """The widths of all layers, the input's first."""
        return (len(self.x), *map(len, self.weights))

    @property
    def L(self):
        """The number of the last layer."""
        return len(self.weights)

    @property
    def N(self):
        """The number of samples."""
        return self.x.shape[1]

    @property
    def arguments(self):
        """What `bp.backprop` takes, in its order."""
        return (self.x, self.y, list(self.weights), list(self.biases), *self.functions)

    @property
    def functions(self):
        """The activation, the cost and the output, as functions."""
        return ACTIVATIONS[self.activation], COSTS[self.cost], (ACTIVATIONS | OUTPUTS)[self.output]

    @property
    def of_each_sample(self):
        """N problems of one sample."""
        return [replace(self, x=self.x[:, [s]], y=self.y[:, [s]]) for s in range(self.N)]


def named(activation="sigmoid", cost="quadratic", output=None):
    """Return the names of three functions that suit each other; raise ValueError naming the one that doesn't.

    >>> named("relu", "cross_entropy", "softmax")
    ('relu', 'cross_entropy', 'softmax')
    """
    f = checks.known("activation", activation, ACTIVATIONS)
    of_sample = checks.known("cost", cost, COSTS)
    of_last = checks.known("output", f if output is None else output, ACTIVATIONS | OUTPUTS)
    return f.__name__, of_sample.__name__, checks.output(of_last, of_sample).__name__


def draw(sizes, samples, seed=0, functions=("sigmoid", "quadratic", "sigmoid"), gain=1.0, reach=1.0):
    """Return a random Problem.

    The weighted inputs are of the size of `gain`, the quadratic cost's targets of
    that of `reach`; other costs get targets that suit them.
    """
    normal = np.random.default_rng([seed, *sizes, samples]).standard_normal
    weights = tuple(gain * normal((n, m)) / m**0.5 for m, n in zip(sizes, sizes[1:]))
    biases = tuple(gain * normal((n, 1)) for n in sizes[1:])
    x, y = normal((sizes[0], samples)), reach * normal((sizes[-1], samples))
    if functions[2] == "softmax":
        y = (y == y.max(axis=0)).astype(float)
    elif functions[1] != "quadratic":
        y = (y > 0).astype(float)
    return Problem(x, y, weights, biases, *functions)


# Unequal widths stop many mistakes at once, equal ones let nearly all of them run; one sample,
# one output and large targets are there for those that nothing else shows.
_SHAPES = (((3, 5, 4, 2), 6, 1.0), ((4, 4, 4), 4, 1.0), ((3, 4, 2), 1, 1.0), ((2, 3, 1), 6, 1.0),
           ((3, 5, 2), 4, 20.0), ((3, 3, 3, 3), 2, 1.0))


def problems(sizes=None, L=None, functions=("sigmoid", "quadratic", "sigmoid"), seed=0, gain=1.0):
    """Return the problems of one check: of the widths that are given, or of L layers, else of six shapes.

    >>> print(*problems())
    [3,5,4,2]×6 [4,4,4]×4 [3,4,2]×1 [2,3,1]×6 [3,5,2]×4 [3,3,3,3]×2
    >>> print(*problems(L=1))
    [3,2]×6 [4,4]×4 [3,2]×1 [3,1]×6 [3,2]×4
    """
    shapes = _SHAPES
    if sizes is not None:
        shapes = [(tuple(sizes), samples, reach) for samples, reach in ((6, 1.0), (4, 1.0), (1, 1.0), (3, 20.0))]
    elif L is not None:
        hidden = tuple(3 + 2 * l % 3 for l in range(L))
        shapes = ((hidden + (2,), 6, 1.0), ((4,) * (L + 1), 4, 1.0), (hidden + (2,), 1, 1.0),
                  (hidden + (1,), 6, 1.0), (hidden + (2,), 4, 20.0))
    return tuple(draw(widths, samples, seed, functions, gain, reach) for widths, samples, reach in shapes)
