"""Link 4: the shipped functions, unmodified, executed on exact values.

On symbols: every array holds SymPy symbols and the activation is opaque. Each
function must return its statement's entries, and `backprop` what SymPy gets
by differentiating the cost of the whole network once, parameter by parameter.
Activations and costs compute exponentials and may branch, so they run on
symbols at points (see `entrywise`).

In a field: integers modulo 2⁶¹−1 with a slope (see `field`). The slope of the
cost, carried through the shipped `feedforward`, must be the gradient that
`backprop` returns, along the direction of the slopes.
"""
import math
import random
from dataclasses import replace
from functools import cache
from itertools import cycle

import numpy as np
from sympy import Dummy, Mul, Symbol, exp, expand, together

from bp import equations, functions, network
from bp.evidence.analytic import Analytic, bare
from bp.evidence.entrywise import execute_function, functions_of_numbers
from bp.evidence.field import EPSILON, PRIME, Element
from bp.evidence.fixtures import Fixture, on_each, settings, small_networks
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.evidence.point import Point, compare_entries
from bp.evidence.reference import Statement
from bp.symbolic import model
from bp.trace import Trace

DEGREE = 3  # of the random polynomial that serves as activation in the field
PER_PARAMETER, PER_ARRAY = Fixture((4, 16, 16, 4), 2), Fixture((784, 30, 10), 1)

SYMBOLIC = (*small_networks((1, 2)), *small_networks((3,), widths=(1, 2)),
            Fixture((3, 1, 2, 3), 2), Fixture((3, 3, 3, 3), 1))
MATCHED = (Fixture((2, 2), 1), Fixture((1, 2, 2), 2), Fixture((2, 2, 2), 1), Fixture((2, 1, 3), 1))
QUICK = (Fixture((2, 3, 1), 1), Fixture((1, 2, 2), 2), Fixture((2, 2, 2), 1))


class Opaque:
    """An activation on arrays of symbols, of which only the names f and f' are known."""

    def __init__(self):
        self._f, self.prime = np.frompyfunc(model.f, 1, 1), np.frompyfunc(model.fprime, 1, 1)

    def __call__(self, z):
        return self._f(z)


class OpaqueAtPoints:
    """The same on symbols at points; of the values, which only decide branches, any will do."""

    def __init__(self):
        self._f, self.prime = (np.frompyfunc(lambda z, f=f: Analytic(f(z.expression), math.tanh(z.value)), 1, 1)
                               for f in (model.f, model.fprime))

    def __call__(self, z):
        return self._f(z)


OPAQUE, OPAQUE_AT_POINTS = Opaque(), OpaqueAtPoints()


def execute_equation(equation, scope=FULL):
    """Run the shipped function on symbols; every entry must equal its statement's."""
    if equation.function in functions_of_numbers():
        return execute_function(equation)
    statement = Statement(equation.array_statement, {"f": model.f, "fprime": model.fprime})

    def compare(fixture):
        trace, compared = symbolic_trace(fixture), 0
        for l in equation.layers(trace):
            arguments = [value for _, _, _, value in equation.arguments(trace, l)]
            got, want = equation.function(*arguments), statement.values(trace, l)
            compared += _compare(fixture, f"{equation.function.__name__} at l = {l}", got, want,
                                 "the derived statement")
        return compared

    networks = QUICK if scope.quick else SYMBOLIC
    compared = sum(on_each(networks, compare))
    if not compared:
        raise LinkError(f"there is no network in which {equation.id} holds")
    return Checked(f"{compared:,} exact", f"{compared:,} entries equal as expressions, for any values "
                   f"and any f, on {len(networks)} networks of widths 1 to 3",
                   f"{compared:,} 個元素的式子完全相等，對任意數值、任意 f 都成立；"
                   f"共 {len(networks)} 個寬度 1 到 3 的網路", f"{compared:,} 個完全相等")


def execute_network(scope=FULL):
    """Run `backprop` on symbols and in the field, against derivatives that assume no chain rule."""
    symbolic = sum(on_each(QUICK if scope.quick else SYMBOLIC, differentiate_whole_cost))
    matched = sum(on_each(MATCHED[:2] if scope.quick else MATCHED, differentiate_matched_costs))
    parameters, = on_each([replace(PER_PARAMETER, seed=scope.seed)], check_every_parameter)
    directions, = on_each([replace(PER_ARRAY, seed=scope.seed)], check_a_direction_for_each_array)
    bound = degree_of_cost(len(PER_PARAMETER.sizes) - 1) / (PRIME - 1)
    return Checked(
        f"{symbolic + matched:,} + {parameters} exact",
        f"{symbolic:,} gradients equal SymPy's derivative of the composed cost, and {matched} of the "
        f"sigmoid and of softmax with their cross-entropies; modulo 2⁶¹−1, "
        f"{parameters} parameters of {PER_PARAMETER} and {directions} directions of {PER_ARRAY} "
        f"(a wrong gradient of no higher degree passes one such check with probability below "
        f"{bound:.0e})",
        f"{symbolic:,} 個梯度等於 SymPy 對整個成本的微分，sigmoid、softmax 搭配各自的交叉熵時另有 {matched} 個；在模 2⁶¹−1 之下，{PER_PARAMETER} 的"
        f" {parameters} 個參數與 {PER_ARRAY} 的 {directions} 個方向也相等"
        f"（錯誤的梯度只要次數沒有更高，碰巧通過一次檢查的機率就低於 {bound:.0e}）",
        f"{symbolic + matched:,} + {parameters} 個完全相等")


@cache
def symbolic_trace(fixture):
    """A trace in which every entry of every array is a symbol of its own."""
    sizes, N, layers = fixture.sizes, fixture.samples, range(1, len(fixture.sizes))
    columns = lambda name, l: _symbols(f"{name}{l}", sizes[l], N)
    return Trace(
        sizes,
        w={l: _symbols(f"w{l}", sizes[l], sizes[l-1]) for l in layers},
        b={l: _symbols(f"b{l}", sizes[l], 1) for l in layers},
        a={l: columns("a", l) for l in (0, *layers)}, y=columns("y", layers[-1]),
        activation=OPAQUE, z={l: columns("z", l) for l in layers},
        delta={l: columns("delta", l) for l in layers})


def differentiate_whole_cost(fixture, feedforward=network.feedforward, backprop=network.backprop,
                             activation=OPAQUE, cost=functions.quadratic, output=None,
                             numbers=lambda array: array):
    """Compare `backprop` with one SymPy derivative of the cost for each parameter."""
    trace = symbolic_trace(fixture)
    x, y = numbers(trace.a[0]), numbers(trace.y)
    symbols = [[arrays[l] for l in sorted(arrays)] for arrays in (trace.w, trace.b)]
    parameters = [[numbers(array) for array in arrays] for arrays in symbols]
    met = feedforward(x, *parameters, activation, output)[1][-1]
    E = bare(equations.mean_cost(met, y, cost))
    nabla_b, nabla_w = backprop(x, y, *parameters, activation, cost, output)
    compared = 0
    for name, arrays, gradients in zip(("nabla_w", "nabla_b"), symbols, (nabla_w, nabla_b)):
        for l, (array, gradient) in enumerate(zip(arrays, gradients), start=1):
            want = np.vectorize(E.diff, otypes=[object])(array)
            compared += _compare(fixture, f"{name}[{l-1}]", gradient, want, "SymPy's derivative")
    return compared


def differentiate_matched_costs(fixture, algorithm=network):
    """The same for each cost with the output that it is made for, the hidden activation opaque."""
    turn = cycle((0.5, -1.0, 0.25, 1.5, -0.75))
    at_points = np.frompyfunc(lambda symbol: Analytic(symbol, next(turn)), 1, 1)
    return sum(differentiate_whole_cost(fixture, algorithm.feedforward, algorithm.backprop,
                                        OPAQUE_AT_POINTS, cost, output, at_points)
               for _, cost, output in settings() if functions.matched(cost, output))


def check_every_parameter(fixture, feedforward=network.feedforward, backprop=network.backprop):
    """Give each parameter in turn a slope of 1; return how many slopes of the cost agreed."""
    point, compared = FieldPoint(fixture), 0
    for name, array, gradient in point.gradient_of_each(backprop):
        for index in np.ndindex(array.shape):
            direction = np.zeros(array.shape, dtype=object)
            direction[index] = 1
            point.expect(feedforward, name, array, direction, gradient, ", ".join(map(str, index)))
            compared += 1
    return compared


def check_a_direction_for_each_array(fixture, feedforward=network.feedforward,
                                     backprop=network.backprop):
    """Give each array in turn random slopes; return how many slopes of the cost agreed."""
    point = FieldPoint(fixture)
    for name, array, gradient in point.gradient_of_each(backprop):
        point.expect(feedforward, f"{name} along a random direction", array,
                     point.draw(array.shape), gradient)
    return len(point.parameters)


def degree_of_cost(depth):
    """The degree of the slope of the cost in the random numbers, which bounds its zeros."""
    degree = 1
    for _ in range(depth):
        degree = DEGREE * (degree + 1) + 1  # f of (weight × activation), coefficients random too
    return 2 * degree + 1


class FieldPoint(Point):
    """A random point in the field, with a random polynomial as activation."""

    def __init__(self, fixture):
        self._random = random.Random(fixture.seed)
        super().__init__(fixture, self.draw, Polynomial([self._element() for _ in range(DEGREE + 1)]))

    def draw(self, shape):
        """An array of random elements."""
        array = np.empty(shape, dtype=object)
        for index in np.ndindex(*shape):
            array[index] = self._element()
        return array

    def _element(self):
        return Element(self._random.randrange(1, PRIME))

    def expect(self, feedforward, name, array, direction, gradient, entry=""):
        """Compare the slope of the cost along `direction` of one array with the gradient."""
        here = array.copy()
        array[...] = here + direction * EPSILON
        want = self.cost(feedforward).slope
        array[...] = here
        got = Element((gradient * direction).sum().value).value
        if got != want:
            raise self.difference(name, got, want, "the slope of the cost, modulo 2⁶¹−1, is", entry)


class Polynomial:
    """c₀ + c₁ z + c₂ z² + …, and its derivative written by hand."""

    def __init__(self, coefficients):
        self.coefficients = coefficients

    def __call__(self, z):
        return _horner(self.coefficients, z)

    def prime(self, z):
        return _horner([c * power for power, c in enumerate(self.coefficients)][1:], z)


def _horner(coefficients, z):
    value = 0 * z
    for c in reversed(coefficients):
        value = value * z + c
    return value


def _symbols(name, *shape):
    array = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        array[index] = Symbol(f"{name}_{'_'.join(str(i + 1) for i in index)}")
    return array


def _compare(fixture, parameter, got, want, source):
    names = {}

    def equal(left, right):
        difference = _name_functions(bare(left) - bare(right), names)
        return expand(difference) == 0 or expand(together(difference).as_numer_denom()[0]) == 0
    return compare_entries(fixture, parameter, got, want, source, equal)


def _name_functions(expression, names):
    """Replace each f(…) and f'(…) by a symbol, so that only polynomials have to be expanded.

    A power of e becomes a product of powers of symbols, one for each term of its exponent.
    """
    if isinstance(expression, (model.f, model.fprime)):
        return names.setdefault(expression, Dummy())
    if isinstance(expression, exp):
        exponent = expand(_name_functions(expression.args[0], names)).as_coefficients_dict()
        return Mul(*(names.setdefault(exp(term), Dummy())**factor for term, factor in exponent.items()))
    if not getattr(expression, "args", ()):
        return expression
    return expression.func(*(_name_functions(part, names) for part in expression.args))
