"""Link 3: what the derived statements compute is what the shipped functions compute.

Each shipped function is given arrays of the reference and must return the
array that its statement gives; and the whole of `feedforward` and `backprop`
must return the reference's arrays, every entry of them.
"""
from dataclasses import replace
from functools import cache

import numpy as np

from bp import functions, network, spec
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.evidence.reference import Fixture, Reference

TOLERANCE = 1e-12  # times the largest entry of the reference array

FIXTURES = (*(Fixture(sizes, samples) for sizes in ((2, 3, 1), (3, 5, 4, 2), (4, 4, 4, 4))
              for samples in (1, 5)),
            Fixture((784, 30, 10), 5))


def bridge_equation(equation, scope=FULL):
    """Compare the shipped function with its statement, at every layer of every fixture."""
    compared = 0
    for reference in references(scope):
        for l in equation.layers(reference.L):
            arguments = [value for _, _, _, value in equation.arguments(reference, l)]
            place = f"{equation.function.__name__} at l = {l} of {reference.fixture}"
            got = _call(place, equation.function, *arguments)
            compared += _compare(place, got, reference.values(equation, l))
    return _checked(compared, scope)


def bridge_network(scope=FULL):
    """Compare all that `feedforward` and `backprop` return with the statements alone."""
    return _checked(sum(map(compare_network, references(scope))), scope)


def compare_network(reference, algorithm=network):
    """Compare what an algorithm returns with the reference; return how many entries agreed."""
    fixture, layers, compared = reference.fixture, range(1, reference.L + 1), 0
    parameters = [reference.w[l] for l in layers], [reference.b[l] for l in layers]
    x, y, f = reference.a[0], reference.y, reference.activation
    zs, activations = _call(f"feedforward of {fixture}", algorithm.feedforward, x, *parameters, f)
    nabla_b, nabla_w = _call(f"backprop of {fixture}", algorithm.backprop,
                             x, y, *parameters, f, reference.cost)
    for l in layers:
        for name, got, want in (
                (f"zs[{l-1}]", zs[l-1], reference.z[l]),
                (f"activations[{l}]", activations[l], reference.a[l]),
                (f"nabla_b[{l-1}]", nabla_b[l-1], reference.values(spec["bias-gradient"], l)),
                (f"nabla_w[{l-1}]", nabla_w[l-1], reference.values(spec["weight-gradient"], l))):
            compared += _compare(f"{name} of {fixture}", got, want)
    return compared


@cache
def references(scope=FULL):
    """One reference for each fixture and each registered activation."""
    return [Reference(fixture, activation) for fixture in fixtures(scope)
            for activation in functions.ACTIVATIONS.values()]


def fixtures(scope):
    """The fixtures of a run: from its seed, and without the largest where time is short."""
    chosen = FIXTURES[:-1] if scope.quick else FIXTURES
    return [replace(fixture, seed=scope.seed) for fixture in chosen]


def _call(place, function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        raise LinkError(f"{place}: raised {type(error).__name__}: {error}") from error


def _compare(place, got, want):
    """Return how many entries were compared; raise LinkError at the worst that differs.

    Where something is nan, that is the worst: argmax and `not <=` see to it.
    """
    if np.shape(got) != want.shape:
        raise LinkError(f"{place}: expected shape {want.shape}, got {np.shape(got)}")
    difference = np.atleast_1d(abs(got - want))
    worst = np.unravel_index(np.argmax(difference), difference.shape)
    if not difference.max() <= TOLERANCE * abs(want).max():
        got, want = np.atleast_1d(got)[worst], np.atleast_1d(want)[worst]
        entry = ", ".join(map(str, worst))
        raise LinkError(f"{place}, entry [{entry}]: the code gives {got:.12g}, "
                        f"the derived statement {want:.12g}")
    return want.size


def _checked(compared, scope):
    sizes = ", ".join(map(str, fixtures(scope)))
    return Checked(
        f"{compared:,} entries",
        f"{compared:,} entries agree to {TOLERANCE:g} of the largest; sizes×samples: {sizes}",
        f"{compared:,} 個元素一致，誤差不超過最大值的 {TOLERANCE:g} 倍；各層大小×樣本數：{sizes}")
