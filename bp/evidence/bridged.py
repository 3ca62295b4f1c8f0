"""Link 3: what the derived statements compute is what the shipped functions compute.

Each shipped function is given arrays of the reference and must return the
array that its statement gives; and the whole of `feedforward` and `backprop`
must return the reference's arrays, every entry of them.
"""
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from bp import network, spec
from bp.evidence.fixtures import Fixture, on_each, settings
from bp.evidence.outcome import FULL, Checked, Difference, LinkError
from bp.evidence.point import shape_of
from bp.evidence.reference import Reference

TOLERANCE = 1e-12  # times the largest entry of the reference array
SMALL = 0.01  # an array of smaller entries is compared as if it had this one: 1 − tanh² and the like lose digits
STATEMENT = "the derived statement"

FIXTURES = (*(Fixture(sizes, samples) for sizes in ((2, 3, 1), (3, 5, 4, 2), (4, 4, 4, 4))
              for samples in (1, 5)),
            Fixture((784, 30, 10), 5))


def bridge_equation(equation, scope=FULL):
    """Compare the shipped function with its statement, at every layer of every fixture."""
    def compare(fixture):
        compared = 0
        for reference in references(fixture):
            for l in equation.layers(reference):
                arguments = [value for _, _, _, value in equation.arguments(reference, l)]
                place = Place(fixture, f"{equation.function.__name__} at l = {l}")
                got = place.call(equation.function, *arguments)
                want = reference.values(equation, l)
                compared += place.compare(got, want)
                place.compare(want, reference.at(equation, l, want))
        if not compared:
            raise LinkError(f"there is no network in which {equation.id} holds")
        return compared
    return _checked(sum(on_each(fixtures(scope), compare)), scope)


def bridge_network(scope=FULL):
    """Compare all that `feedforward` and `backprop` return with the statements alone."""
    compare = lambda fixture: sum(map(compare_network, references(fixture)))
    return _checked(sum(on_each(fixtures(scope), compare)), scope)


def compare_network(reference, algorithm=network):
    """Compare what an algorithm returns with the reference; return how many entries agreed."""
    fixture, layers, compared = reference.fixture, range(1, reference.L + 1), 0
    parameters = [reference.w[l] for l in layers], [reference.b[l] for l in layers]
    x, y, f, output = reference.a[0], reference.y, reference.activation, reference.output
    zs, activations = Place(fixture, "feedforward").call(
        algorithm.feedforward, x, *parameters, f, output)
    nabla_b, nabla_w = Place(fixture, "backprop").call(
        algorithm.backprop, x, y, *parameters, f, reference.cost, output)
    for l in layers:
        for name, got, want in (
                (f"zs[{l-1}]", zs[l-1], reference.z[l]),
                (f"activations[{l}]", activations[l], reference.a[l]),
                (f"nabla_b[{l-1}]", nabla_b[l-1], reference.values(spec["bias-gradient"], l)),
                (f"nabla_w[{l-1}]", nabla_w[l-1], reference.values(spec["weight-gradient"], l))):
            compared += Place(fixture, name).compare(got, want)
    return compared


@cache
def references(fixture):
    """One reference for every output and cost that suit each other."""
    return [Reference(fixture, *setting) for setting in settings()]


def fixtures(scope):
    """The fixtures of a run: from its seed, and without the largest where time is short."""
    chosen = FIXTURES[:-1] if scope.quick else FIXTURES
    return [replace(fixture, seed=scope.seed) for fixture in chosen]


@dataclass(frozen=True)
class Place:
    """An array of a network, which the code and the derived statement must agree on."""
    fixture: Fixture
    parameter: str

    def call(self, function, *arguments):
        """What the code gives here, or the LinkError that says what it raised."""
        try:
            return function(*arguments)
        except Exception as error:
            raise self._differs(f"{type(error).__name__}: {error}") from error

    def compare(self, got, want):
        """Return how many entries agree; raise LinkError at the worst that differs.

        Where something is nan, that is the worst: argmax and `not <=` see to it.
        """
        if np.shape(got) != want.shape:
            raise self._differs(shape_of(got), shape_of(want), STATEMENT)
        difference = np.atleast_1d(abs(got - want))
        worst = np.unravel_index(np.argmax(difference), difference.shape)
        if not difference.max() <= TOLERANCE * max(SMALL, abs(want).max()):
            got, want = np.atleast_1d(got)[worst], np.atleast_1d(want)[worst]
            raise self._differs(f"{got + 0.0:.12g}", f"{want + 0.0:.12g}", STATEMENT, ", ".join(map(str, worst)))
        return want.size

    def _differs(self, *values):
        return LinkError(Difference(str(self.fixture), self.parameter, *values))


def _checked(compared, scope):
    sizes, pairs = ", ".join(map(str, fixtures(scope))), len(settings())
    return Checked(
        f"{compared:,} entries",
        f"{compared:,} entries agree to {TOLERANCE:g} of the largest, on networks with {pairs} combinations of "
        f"output activation and cost; sizes×samples: {sizes}",
        f"{compared:,} 個元素一致，誤差不超過最大值的 {TOLERANCE:g} 倍；輸出函數與成本共 {pairs} 種搭配，"
        f"各層大小×樣本數：{sizes}", f"{compared:,} 個元素")
