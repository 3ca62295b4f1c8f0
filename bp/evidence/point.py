"""A network and its samples at one point, in whatever numbers were drawn."""
import re

import numpy as np

from bp import equations, functions
from bp.evidence.outcome import Difference, LinkError

_SYMBOL = re.compile(r"(delta|[a-z])(\d+)((?:_\d+)+)(\*\*)?")
_LOW, _HIGH = (str.maketrans("0123456789", digits) for digits in ("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def shape_of(array):
    """An array's shape, as a Difference says it; None has none."""
    return "None" if array is None else f"shape {np.shape(array)}"


def in_letters(entry, of_one=False):
    """Return an entry made of symbols as the book writes it: layers above the line, units and samples below.

    `of_one`: there is one sample, so that its number is left out, as that of a bias's only column is.

    >>> in_letters("delta2_1_1*w2_1_2**2*fprime(z1_1_1)/2 + b2_1_1")
    'δ²₁₁·(w²₁₂)²·f′(z¹₁₁)/2 + b²₁'
    >>> in_letters("delta2_3_1*w2_3_2", of_one=True)
    'δ²₃·w²₃₂'
    """
    def letter(found):
        name, layer, places, power = found.groups()
        numbers = places[1:].split("_")
        if name == "b" or of_one and name != "w":
            numbers.pop()
        places = (" " if max(map(len, numbers)) > 1 else "").join(numbers).translate(_LOW)
        written = name.replace("delta", "δ") + layer.translate(_HIGH) + places
        return f"({written})**" if power else written
    written = _SYMBOL.sub(letter, str(entry)).replace("fprime", "f′")
    return re.sub(r"\*\*(\d+)", lambda found: found[1].translate(_HIGH), written).replace("*", "·").replace("-", "−")


def compare_entries(fixture, parameter, got, want, source, equal):
    """Return how many entries are equal; raise LinkError at the first that is not."""
    difference = lambda *values: LinkError(Difference(str(fixture), parameter, *values))
    if np.shape(got) != np.shape(want):
        raise difference(shape_of(got), shape_of(want), source)
    for index in np.ndindex(np.shape(want)):
        left, right = np.asarray(got)[index], np.asarray(want)[index]
        if not equal(left, right):
            raise difference(*(in_letters(entry, fixture.samples == 1) for entry in (left, right)), source, ", ".join(map(str, index)))
    return np.size(want)


class Point:
    """The arrays of a fixture, each drawn by `draw(shape)`, and what the network computes with."""

    def __init__(self, fixture, draw, activation=functions.sigmoid, cost=functions.quadratic,
                 output=None):
        sizes = fixture.sizes
        self.fixture, self.activation, self.of_sample, self.output = fixture, activation, cost, output
        self.weights = [draw((n, m)) for m, n in zip(sizes, sizes[1:])]
        self.biases = [draw((n, 1)) for n in sizes[1:]]
        self.x, self.y = draw((sizes[0], fixture.samples)), draw((sizes[-1], fixture.samples))

    @property
    def parameters(self):
        """All arrays, biases first, as `backprop` returns their gradients."""
        return [*self.biases, *self.weights]

    def gradients(self, backprop):
        """What `backprop` returns here, biases first."""
        nabla_b, nabla_w = backprop(self.x, self.y, self.weights, self.biases, self.activation,
                                    self.of_sample, self.output)
        return [*nabla_b, *nabla_w]

    def gradient_of_each(self, backprop):
        """Triples (name, parameter array, its gradient), where each gradient must have its shape."""
        names = [f"{name}[{l}]" for name in ("nabla_b", "nabla_w") for l in range(len(self.weights))]
        for name, array, gradient in zip(names, self.parameters, self.gradients(backprop)):
            if np.shape(gradient) != array.shape:
                raise self.difference(name, f"shape {np.shape(gradient)}", f"shape {array.shape}",
                                      "its parameter has")
            yield name, array, gradient

    def cost(self, feedforward):
        """E, from what `feedforward` returns here."""
        met = feedforward(self.x, self.weights, self.biases, self.activation, self.output)[1][-1]
        return equations.mean_cost(met, self.y, self.of_sample)

    def difference(self, parameter, analytic, reference, source, entry=""):
        """The LinkError that names this network."""
        return LinkError(Difference(str(self.fixture), parameter, str(analytic), str(reference),
                                    source, entry))
