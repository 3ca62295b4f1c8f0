"""What is right, and how nearly: the expected gradient of a problem and the comparison with it."""
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bp import equations, functions, network
from bp.diagnosis.problems import Problem


@dataclass(frozen=True)
class Precision:
    """How far off an array may be: `relative` to its largest entry, and a few `unit`s of what it was summed from."""
    relative: float
    unit: float


EXACT = Precision(1e-9, 2.0**-52)
# Without what rounding alone may do: arrays that are this near weren't only lost in it.
STRICT, ROUGH = Precision(1e-9, 0.0), Precision(1e-4, 0.0)
SINGLE = Precision(1e-4, 2.0**-23)  # float32, and finite differences

# By how much a gradient differs from ours where only the cost is scaled otherwise: of N samples, n outputs.
SCALES = {
    "mean": lambda N, n: 1.0,
    "sum": lambda N, n: float(N),
    "mean, no half": lambda N, n: 2.0,
    "sum, no half": lambda N, n: 2.0 * N,
    "mean over outputs": lambda N, n: 1 / n,
    "mean over outputs, no half": lambda N, n: 2 / n,
    "sum, mean over outputs": lambda N, n: N / n,
    "sum, mean over outputs, no half": lambda N, n: 2 * N / n,
}


def factor(scale, problem):
    """What a gradient of this scale is of ours, on a problem."""
    return SCALES[scale](problem.N, problem.sizes[-1])


class Expected:
    """The right gradient of a problem, and by how much rounding may move it."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.nabla_b, self.nabla_w = network.backprop(*problem.arguments)

    @property
    def arrays(self):
        """All arrays, biases first."""
        return [*self.nabla_b, *self.nabla_w]

    @cached_property
    def _forward(self):
        p = self.problem
        f, _, output = p.functions
        return network.feedforward(p.x, list(p.weights), list(p.biases), f, output)

    @property
    def zs(self):
        """The weighted inputs of layers 1 to L."""
        return self._forward[0]

    @property
    def activations(self):
        """Those of layers 0 to L."""
        return self._forward[1]

    @cached_property
    def rounding(self):
        """For each array, biases first, by how much one unit of rounding may move it.

        Where units are saturated f' is the difference of nearly equal numbers, so that its size says
        nothing of its rounding: that is estimated as if none were. How far it grows on the way is
        seen from the same gradient in float32.
        """
        p, a = self.problem, [np.maximum(abs(array), 1) for array in self.activations]
        f, cost, output = p.functions
        steepest = lambda function: 0.25 if function is functions.sigmoid else 1.0
        delta = (abs(self.activations[-1] - p.y) if cost is functions.quadratic else 1 + abs(p.y)) * steepest(output)
        of_biases, of_weights = [None] * p.L, [None] * p.L
        for l in range(p.L, 0, -1):
            of_biases[l-1] = equations.bias_gradient(delta).max()
            of_weights[l-1] = equations.weight_gradient(delta, a[l-1]).max()
            delta = abs(p.weights[l-1]).T @ delta * steepest(f)
        short = [[array.astype(np.float32) for array in arrays] for arrays in ((p.x, p.y), p.weights, p.biases)]
        with np.errstate(all="ignore"):
            nabla_b, nabla_w = network.backprop(*short[0], *short[1:], *p.functions)
        grown = [abs(got - want).max() / SINGLE.unit for got, want in zip([*nabla_b, *nabla_w], self.arrays)]
        return [16 * bound + 30 * more for bound, more in zip([*of_biases, *of_weights], grown)]

    def near(self, place, got, want, precision, times=1.0):
        """Whether an array that came back is `times` what is wanted at this place of the list."""
        if got.shape != np.shape(want):
            return False
        off = abs(got - times * want).max() / abs(times)
        relative = precision.relative * abs(want).max()
        return bool(off <= relative or precision.unit and off <= relative + precision.unit * self.rounding[place])

    def right(self, answer, times=1.0, precision=EXACT):
        """For each array whether it is right, biases first."""
        return [self.near(i, got, want, precision, times)
                for i, (got, want) in enumerate(zip(answer.arrays, self.arrays, strict=True))]

    def all_right(self, answer, times=1.0, precision=EXACT):
        """Whether all arrays are right."""
        return all(self.near(i, got, want, precision, times)
                   for i, (got, want) in enumerate(zip(answer.arrays, self.arrays, strict=True)))

    def ratio(self, place, got, precision):
        """The constant that turns the right array at this place into what came, or None.

        Any two numbers have a ratio, and so have saturated arrays in which one sample outweighs all: for a
        single entry, and where rounding isn't allowed for, it must be one that a scale gives.
        """
        want = self.arrays[place]
        if got.shape != want.shape or not np.isfinite(got).all() or not want.any():
            return None
        if want.size > 1 and precision.unit:
            found = [float((got * want).sum() / (want * want).sum())]
        else:
            scales = [factor(scale, self.problem) for scale in SCALES] + [1 / self.problem.N]
            found = [sign * times for times in scales for sign in (1, -1)]
        return next((times for times in found if times and self.near(place, got, want, precision, times)), None)


@lru_cache(maxsize=256)
def expected(problem):
    """Return what is Expected of a problem; computed once."""
    return Expected(problem)
