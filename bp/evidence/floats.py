"""Floats: the gradients as they are really computed, against more digits and complex steps.

A complex step gives a derivative without subtracting: for an analytic E,
E(θ + ih·v) has the imaginary part h·(∂E/∂θ)·v up to h³. One direction is taken
*for each array*, since a single direction for all of them hides a small error
in one behind the rounding of the others.
"""
from copy import copy
from dataclasses import replace
from functools import partial

import mpmath
import numpy as np
from sympy import lambdify

from bp import functions
from bp.evidence.fixtures import Fixture, on_each, settings
from bp.evidence.mistakes import SHIPPED
from bp.evidence.outcome import FULL, Checked
from bp.evidence.point import Point
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, read_formula

STEP = 1e-100
COMPLEX_TOLERANCE = 1e-10  # times the gradient along the direction
DIGITS = 50
ROUNDING_TOLERANCE = 1e-13  # times the norm of the gradient
LONG_DOUBLES = np.finfo(np.longdouble).eps < np.finfo(float).eps  # not on every platform

COMPLEX = (Fixture((784, 30, 10), 2), Fixture((784, 1000, 1000, 10), 2), Fixture((10,) * 11, 3))
OTHERS = Fixture((20, 16, 10), 3)  # with each pair of output and cost
EXACT = (Fixture((4, 8, 8, 4), 3), Fixture((784, 30, 10), 1))


class FloatPoint(Point):
    """A random point in float64, with weights of moderate size."""

    def __init__(self, fixture, *setting):
        super().__init__(fixture, np.random.default_rng(fixture.seed).standard_normal, *setting)
        self.weights = [w / w.shape[1]**0.5 for w in self.weights]

    def map(self, numbers, activation=None):
        """The same point in other numbers, and with an activation that computes in them."""
        other = copy(self)
        other.x, other.y = numbers(self.x), numbers(self.y)
        other.weights, other.biases = (list(map(numbers, arrays))
                                       for arrays in (self.weights, self.biases))
        other.activation = activation or self.activation
        return other


def complex_steps(fixture, algorithm=SHIPPED, setting=()):
    """Compare one directional derivative for each array; return the largest relative error."""
    point, worst = FloatPoint(fixture, *setting), 0.0
    stepping = point.map(lambda array: array.astype(complex))
    draw = np.random.default_rng(fixture.seed + 1).standard_normal
    for (name, array, gradient), moved in zip(point.gradient_of_each(algorithm.backprop),
                                              stepping.parameters, strict=True):
        direction = draw(array.shape)
        moved.imag = STEP * direction
        want = stepping.cost(algorithm.feedforward).imag / STEP
        moved.imag = 0
        got = (gradient * direction).sum()
        scale = max(abs(want), np.linalg.norm(gradient))
        error = abs(got - want) / scale if scale else 0.0
        if not error <= COMPLEX_TOLERANCE:
            raise point.difference(f"{name} along a random direction", f"{got:.12g}",
                                   f"{want:.12g}", "a complex step")
        worst = max(worst, error)
    return worst


def fifty_digits(fixture, algorithm=SHIPPED):
    """Compare float64 gradients with the same code on 50-digit numbers; return the largest error."""
    f = read_formula(functions.sigmoid.formula, "z")(Z)
    in_digits = _Activation(*(np.frompyfunc(lambdify(Z, e, "mpmath"), 1, 1)
                              for e in (f, differentiate(f, Z))))
    with mpmath.workdps(DIGITS):
        return _rounding(FloatPoint(fixture), algorithm, np.frompyfunc(mpmath.mpf, 1, 1), in_digits,
                         f"{DIGITS} digits give")


def long_doubles(fixture, algorithm=SHIPPED, setting=()):
    """Compare float64 gradients with the same code on long doubles; return the largest error."""
    return _rounding(FloatPoint(fixture, *setting), algorithm,
                     lambda array: array.astype(np.longdouble), None, "long doubles give")


def _rounding(point, algorithm, numbers, activation, source):
    worst = 0.0
    exact = point.map(numbers, activation).gradients(algorithm.backprop)
    for (name, _, got), want in zip(point.gradient_of_each(algorithm.backprop), exact, strict=True):
        difference = abs((numbers(got) - want).astype(float))
        norm = np.linalg.norm(want.astype(float))
        error = np.linalg.norm(difference) / norm if norm else difference.max()
        if not error <= ROUNDING_TOLERANCE:
            entry = np.unravel_index(np.argmax(difference), difference.shape)
            raise point.difference(name, got[entry], want[entry], source, ", ".join(map(str, entry)))
        worst = max(worst, error)
    return worst


def check_floats(scope=FULL):
    """Run all three checks of the shipped code; say how far it was off."""
    of_run = lambda fixtures: [replace(f, seed=scope.seed) for f in fixtures]
    stepped, exact = of_run(COMPLEX[:1] if scope.quick else COMPLEX), of_run(EXACT)
    steps, digits = max(on_each(stepped, complex_steps)), max(on_each(exact, fifty_digits))
    longer = max(on_each(stepped, long_doubles)) if LONG_DOUBLES else 0.0
    for setting in settings():
        others = of_run([OTHERS])
        steps = max(steps, *on_each(others, partial(complex_steps, setting=setting)))
        if LONG_DOUBLES:
            longer = max(longer, *on_each(others, partial(long_doubles, setting=setting)))
    stepped_on, exact_on = (", ".join(map(str, fixtures)) for fixtures in (stepped, exact))
    pairs = len(settings())
    en, zh = ((f"{longer:.0e} from long doubles", f"與 long double 相差 {longer:.0e}")
              if LONG_DOUBLES else ("long doubles are no longer than floats on this machine",
                                    "這台機器的 long double 並不比較長，無從比對"))
    return Checked(
        f"off by {max(steps, digits, longer):.0e}",
        f"float64 is off by at most {digits:.0e} of a gradient's norm at {DIGITS} digits "
        f"({exact_on}); by {steps:.0e} from complex steps, one direction for each array, and "
        f"{en} ({stepped_on}; {OTHERS} with each of {pairs} combinations of output activation and cost)",
        f"float64 與 {DIGITS} 位數計算相差不超過梯度大小的 {digits:.0e}（{exact_on}）；"
        f"與複數步微分相差 {steps:.0e}，每個陣列各取一個方向，{zh}（{stepped_on}；"
        f"{OTHERS} 則用上輸出函數與成本的 {pairs} 種搭配）",
        f"誤差 {max(steps, digits, longer):.0e}")


class _Activation:
    def __init__(self, function, prime):
        self._function, self.prime = function, prime

    def __call__(self, z):
        return self._function(z)
