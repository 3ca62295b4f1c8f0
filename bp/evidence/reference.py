"""A network computed from the derived statements alone, entry by entry, in Python floats.

Nothing of the shipped equations, activations or costs is used: f and f' come
from the formula of the activation, f' by SymPy's differentiation.
"""
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from sympy import lambdify

from bp import functions, spec
from bp.evidence.outcome import LinkError
from bp.symbolic import model
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, read_formula
from bp.trace import Trace


@dataclass(frozen=True)
class Fixture:
    """The sizes of a network and the number of its samples; all is drawn from `seed`."""
    sizes: tuple[int, ...]
    samples: int
    seed: int = 0

    def __str__(self):
        return f"[{','.join(map(str, self.sizes))}]×{self.samples}"


class Reference(Trace):
    """The trace of a fixture, in which every z, a and delta is what its statement gives."""

    def __init__(self, fixture, activation, cost=functions.quadratic):
        sizes, layers = fixture.sizes, range(1, len(fixture.sizes))
        draw = np.random.default_rng(fixture.seed).standard_normal
        super().__init__(
            sizes,
            w={l: draw((sizes[l], sizes[l-1])) / sizes[l-1]**0.5 for l in layers},
            b={l: draw((sizes[l], 1)) for l in layers},
            a={0: draw((sizes[0], fixture.samples))},
            y=draw((sizes[-1], fixture.samples)), activation=activation, cost=cost)
        self.fixture, self._compiled, self._values = fixture, {}, {}
        for l in layers:
            self.z[l] = self.values(spec["weighted-input"], l)
            self.a[l] = self.values(spec["activation"], l)
        self.delta[self.L] = self.values(spec["output-delta"], self.L)
        for l in reversed(layers[1:]):
            self.delta[l-1] = self.values(spec["hidden-delta"], l)

    def values(self, equation, l):
        """The array that the statement gives at l, each entry evaluated by itself."""
        if (equation.id, l) not in self._values:
            try:
                self._values[equation.id, l] = self._evaluate(equation, l)
            except Exception as error:
                raise LinkError(f"the statement of {equation.id} has no value at l = {l} of "
                                f"{self.fixture}: {type(error).__name__}: {error}") from error
        return self._values[equation.id, l]

    def _evaluate(self, equation, l):
        length = {model.j: self.sizes[l], model.k: self.sizes[l-1], model.s: self.N}
        if equation.id not in self._compiled:
            self._compiled[equation.id] = self._compile(equation.array_statement)
        axes, entry = self._compiled[equation.id]
        by_layer = self.w, self.b, self.a, self.z, self.delta, {None: self.y}
        given = l, self.L, self.N, *map(_Entries, by_layer)
        values = [entry(*position, *given)
                  for position in product(*(range(1, length[index] + 1) for index in axes))]
        # A bias gradient is a column, as the biases are.
        shape = [length[index] for index in axes] + [1] * (axes == [model.j])
        return np.array(values).reshape(shape)

    def _compile(self, statement):
        """The statement's free indices, and a function of them, l, L, N and the arrays."""
        axes = [index for index in (model.j, model.k, model.s) if index in statement.free_symbols]
        names = {"n": lambda l: self.sizes[l], **_activation_names(self.activation.formula)}
        arrays = model.w, model.b, model.a, model.z, model.delta, model.y
        return axes, lambdify((*axes, model.l, model.L, model.N, *arrays), statement.rhs,
                              modules=[names, "math"])


@cache
def _activation_names(formula):
    f, sigma = (read_formula(text, "z")(Z) for text in (formula, functions.sigmoid.formula))
    return {name: lambdify(Z, expression, "math") for name, expression in (
        ("f", f), ("fprime", differentiate(f, Z)), ("sigma", sigma))}


class _Entries:
    """Arrays by layer, indexed as statements do: of[l, j, s], units and samples from 1."""

    def __init__(self, arrays):
        self._arrays = arrays

    def __getitem__(self, indices):
        layer, *position = (None, *indices) if None in self._arrays else indices
        return self._arrays[layer].item(*(index - 1 for index in position))

