"""A network computed from the derived statements alone, entry by entry, in Python floats.

Nothing of the shipped equations, activations or costs is used: f and f' come
from the formula of the activation, f' by SymPy's differentiation.
"""
import inspect
from dataclasses import dataclass
from itertools import product

import numpy as np
from sympy import Eq, Indexed, lambdify

from bp import functions, spec
from bp.glossary import BY_NAME
from bp.symbolic import model
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, read_formula, with_sample


@dataclass(frozen=True)
class Fixture:
    """The sizes of a network and the number of its samples; all is drawn from `seed`."""
    sizes: tuple[int, ...]
    samples: int
    seed: int = 0

    def __str__(self):
        return f"[{', '.join(map(str, self.sizes))}]×{self.samples}"


class Reference:
    """The arrays of a fixture, by the glossary's keys: z[l], a[l], delta[l], w[l], b[l], y."""

    def __init__(self, fixture, activation, cost=functions.quadratic):
        self.fixture, self.activation, self.cost = fixture, activation, cost
        self.sizes, self.N, self.L = fixture.sizes, fixture.samples, len(fixture.sizes) - 1
        self._values = {}
        draw = np.random.default_rng(fixture.seed).standard_normal
        layers = range(1, self.L + 1)
        self.w = {l: draw((self.sizes[l], self.sizes[l-1])) / self.sizes[l-1]**0.5
                  for l in layers}
        self.b = {l: draw((self.sizes[l], 1)) for l in layers}
        self.a, self.z, self.delta = {0: draw((self.sizes[0], self.N))}, {}, {}
        self.y = draw((self.sizes[-1], self.N))
        for l in layers:
            self.z[l] = self.values(spec["weighted-input"], l)
            self.a[l] = self.values(spec["activation"], l)
        self.delta[self.L] = self.values(spec["output-delta"], self.L)
        for l in range(self.L, 1, -1):
            self.delta[l-1] = self.values(spec["hidden-delta"], l)

    def layers(self, equation):
        """The values of l for which the statement says something."""
        statement = statement_for_arrays(equation)
        if model.l not in statement.free_symbols:
            return [self.L]
        return range(2 if statement.lhs.has(model.l - 1) else 1, self.L + 1)

    def arguments(self, equation, l):
        """What the shipped function takes: the arrays that its parameters are named for."""
        layer_of = {str(term.base): term.indices[0]
                    for term in statement_for_arrays(equation).rhs.atoms(Indexed)}
        for name in inspect.signature(equation.function).parameters:
            if name in ("activation", "cost"):
                yield getattr(self, name)
                continue
            arrays = getattr(self, BY_NAME[name].key)
            yield arrays if name == "y" else arrays[
                int(layer_of[BY_NAME[name].key].subs({model.l: l, model.L: self.L}))]

    def values(self, equation, l):
        """The array that the statement gives at l, each entry evaluated by itself."""
        if (equation.id, l) not in self._values:
            self._values[equation.id, l] = self._evaluate(statement_for_arrays(equation), l)
        return self._values[equation.id, l]

    def _evaluate(self, statement, l):
        n = self.sizes
        length = {model.j: n[l], model.k: n[l-1], model.s: self.N}
        axes = [index for index in length if index in statement.free_symbols]
        entry = self._compile(statement.rhs, axes)
        values = [entry(*position, l, self.L, self.N, *map(_Entries, (self.w, self.b, self.a,
                                                                      self.z, self.delta)),
                        _Entries({None: self.y}))
                  for position in product(*(range(1, length[index] + 1) for index in axes))]
        # A bias gradient is a column, as the biases are.
        shape = [length[index] for index in axes] + [1] * (axes == [model.j])
        return np.array(values).reshape(shape)

    def _compile(self, expression, axes):
        f = read_formula(self.activation.formula, "z")
        sigma = read_formula(functions.sigmoid.formula, "z")
        names = {"n": lambda l: self.sizes[l], "f": lambdify(Z, f(Z), "math"),
                 "fprime": lambdify(Z, differentiate(f(Z), Z), "math"),
                 "sigma": lambdify(Z, sigma(Z), "math")}
        arrays = model.w, model.b, model.a, model.z, model.delta, model.y
        return lambdify((*axes, model.l, model.L, model.N, *arrays), expression,
                        modules=[names, "math"])


class _Entries:
    """Arrays by layer, indexed as statements do: of[l, j, s], units and samples from 1."""

    def __init__(self, arrays):
        self._arrays = arrays

    def __getitem__(self, indices):
        layer, *position = (None, *indices) if None in self._arrays else indices
        return self._arrays[layer].item(*(index - 1 for index in position))


def statement_for_arrays(equation):
    """The computable statement, with the sample s at every z, a, delta and y."""
    at_unit = {Z: model.z[model.l, model.j]} if equation.computable.rhs.has(Z) else {}
    left, right = (with_sample(side.xreplace(at_unit)) for side in equation.computable.args)
    return Eq(left, right, evaluate=False)
