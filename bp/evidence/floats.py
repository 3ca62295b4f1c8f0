"""Floats: the gradients as they are really computed, against fifty digits and complex steps.

A complex step gives a derivative without subtracting: for an analytic E,
E(θ + ih·v) has the imaginary part h·(∂E/∂θ)·v up to h³. One direction is taken
*for each array*, since a single direction for all of them hides a small error
in one behind the rounding of the others.
"""
from dataclasses import replace

import mpmath
import numpy as np
from sympy import lambdify

from bp import equations, functions
from bp.evidence.mistakes import SHIPPED
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.evidence.reference import Fixture
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, read_formula

STEP = 1e-100
COMPLEX_TOLERANCE = 1e-10  # times the gradient along the direction
DIGITS, DIGITS_TOLERANCE = 50, 1e-13  # times the norm of the gradient

COMPLEX = (Fixture((784, 30, 10), 2), Fixture((784, 1000, 1000, 10), 1),
           Fixture((10,) * 11, 3))
EXACT = (Fixture((4, 8, 8, 4), 3), Fixture((784, 30, 10), 1))


class Point:
    """A network and samples in float64, with weights of moderate size."""

    def __init__(self, fixture):
        draw = np.random.default_rng(fixture.seed).standard_normal
        sizes = fixture.sizes
        self.weights = [draw((n, m)) / m**0.5 for m, n in zip(sizes, sizes[1:])]
        self.biases = [draw((n, 1)) for n in sizes[1:]]
        self.x, self.y = draw((sizes[0], fixture.samples)), draw((sizes[-1], fixture.samples))

    @property
    def parameters(self):
        """All arrays, biases first, as `backprop` returns their gradients."""
        return [*self.biases, *self.weights]

    def gradients(self, backprop):
        """What `backprop` returns here, biases first."""
        nabla_b, nabla_w = backprop(self.x, self.y, self.weights, self.biases)
        return [*nabla_b, *nabla_w]

    def cost(self, feedforward, array, changed):
        """E, with one of the arrays changed."""
        swap = lambda arrays: [changed if other is array else other for other in arrays]
        output = feedforward(self.x, swap(self.weights), swap(self.biases))[1][-1]
        return equations.mean_cost(output, self.y, functions.quadratic)


def complex_steps(fixture, algorithm=SHIPPED):
    """Compare one directional derivative for each array; return the largest relative error."""
    point, worst = Point(fixture), 0.0
    draw = np.random.default_rng(fixture.seed + 1).standard_normal
    for array, gradient in zip(point.parameters, point.gradients(algorithm.backprop)):
        direction = draw(array.shape)
        if np.shape(gradient) != array.shape:
            raise LinkError(f"{fixture}: expected a gradient of shape {array.shape}, "
                            f"got {np.shape(gradient)}")
        want = point.cost(algorithm.feedforward, array, array + 1j * STEP * direction).imag / STEP
        got = (gradient * direction).sum()
        scale = max(abs(want), np.linalg.norm(gradient))
        error = abs(got - want) / scale if scale else 0.0
        if not error <= COMPLEX_TOLERANCE:
            raise LinkError(f"{fixture}: along a random direction of an array of shape "
                            f"{array.shape} the gradient gives {got:.12g}, a complex step "
                            f"{want:.12g}")
        worst = max(worst, error)
    return worst


def fifty_digits(fixture, algorithm=SHIPPED):
    """Compare float64 gradients with the same code on 50-digit numbers; return the largest error."""
    point = Point(fixture)
    f = read_formula(functions.sigmoid.formula, "z")(Z)
    in_digits = _Activation(*(np.frompyfunc(lambdify(Z, e, "mpmath"), 1, 1)
                              for e in (f, differentiate(f, Z))))
    digits = np.frompyfunc(mpmath.mpf, 1, 1)
    worst = 0.0
    with mpmath.workdps(DIGITS):
        nabla_b, nabla_w = algorithm.backprop(
            digits(point.x), digits(point.y), [digits(w) for w in point.weights],
            [digits(b) for b in point.biases], in_digits)
        for got, want in zip(point.gradients(algorithm.backprop), [*nabla_b, *nabla_w]):
            difference = np.linalg.norm((digits(got) - want).astype(float))
            error = difference / np.linalg.norm(want.astype(float))
            if not error <= DIGITS_TOLERANCE:
                raise LinkError(f"{fixture}: a float64 gradient of shape {got.shape} is off by "
                                f"{error:.1e} of its norm at {DIGITS} digits")
            worst = max(worst, error)
    return worst


def check_floats(scope=FULL):
    """Run both checks of the shipped code; say how far it was off."""
    of_run = lambda fixtures: [replace(f, seed=scope.seed) for f in fixtures]
    stepped, exact = of_run(COMPLEX[:1] if scope.quick else COMPLEX), of_run(EXACT)
    steps, digits = max(map(complex_steps, stepped)), max(map(fifty_digits, exact))
    complex_sizes, digit_sizes = (", ".join(map(str, fixtures)) for fixtures in (stepped, exact))
    return Checked(
        f"off by {max(steps, digits):.0e}",
        f"float64 is off by at most {digits:.0e} of a gradient's norm at {DIGITS} digits "
        f"({digit_sizes}), and by {steps:.0e} from complex steps, one direction for each array "
        f"({complex_sizes})",
        f"float64 與 {DIGITS} 位數計算相差不超過梯度大小的 {digits:.0e}（{digit_sizes}）；"
        f"與複數步微分相差 {steps:.0e}，每個陣列各取一個方向（{complex_sizes}）")


class _Activation:
    def __init__(self, function, prime):
        self._function, self.prime = function, prime

    def __call__(self, z):
        return self._function(z)
