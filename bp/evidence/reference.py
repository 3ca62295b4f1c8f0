"""Derived statements as functions of arrays, and a network computed from nothing else.

Nothing of the shipped equations, activations or costs is used: an entry is
what the statement says, in plain Python arithmetic, so that it can be computed
in floats, in symbols, or in any other numbers.
"""
from functools import cache
from itertools import product

import numpy as np
from sympy import Indexed, IndexedBase, lambdify

from bp import functions, spec
from bp.evidence.outcome import LinkError
from bp.symbolic import model
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, read_formula
from bp.trace import Trace

_SIZES = IndexedBase("n")


class Statement:
    """A statement about arrays as a function of a trace.

    `names` says what f, fprime and sigma are.
    """

    def __init__(self, statement, names):
        self._axes = [index for index in (model.j, model.k, model.s)
                      if index in statement.free_symbols]
        arrays = model.w, model.b, model.a, model.z, model.delta, model.y
        self._entry = lambdify(
            (*self._axes, model.l, model.L, model.N, _SIZES, *arrays),
            statement.rhs.replace(model.n, lambda layer: _SIZES[layer]), modules=[names, "math"])

    def values(self, trace, l):
        """The array that the statement gives at l, each entry evaluated by itself."""
        length = {model.j: trace.sizes[l], model.k: trace.sizes[l-1], model.s: trace.N}
        by_layer = trace.w, trace.b, trace.a, trace.z, trace.delta, {None: trace.y}
        given = l, trace.L, trace.N, trace.sizes, *map(_Entries, by_layer)
        values = [self._entry(*position, *given)
                  for position in product(*(range(1, length[index] + 1) for index in self._axes))]
        # A bias gradient is a column, as the biases are.
        shape = [length[index] for index in self._axes] + [1] * (self._axes == [model.j])
        return np.array(values).reshape(shape)


class Reference(Trace):
    """The trace of a fixture, in which every z, a and delta is what its statement gives."""

    def __init__(self, fixture, activation, cost=functions.quadratic, output=None):
        sizes, layers = fixture.sizes, range(1, len(fixture.sizes))
        draw = np.random.default_rng(fixture.seed).standard_normal
        super().__init__(
            sizes,
            w={l: draw((sizes[l], sizes[l-1])) / sizes[l-1]**0.5 for l in layers},
            b={l: draw((sizes[l], 1)) for l in layers},
            a={0: draw((sizes[0], fixture.samples))},
            y=draw((sizes[-1], fixture.samples)), activation=activation, cost=cost,
            output=output or activation)
        self.fixture, self._values = fixture, {}
        for l in layers:
            self.z[l] = self.values(spec["weighted-input"], l)
            is_softmax = l == self.L and self.output == functions.softmax
            self.a[l] = self.values(spec["softmax" if is_softmax else "activation"], l)
        # Never by the table of what is matched, which the code goes by: so that table is compared, too.
        of_output = "softmax-output-delta" if self.output == functions.softmax else "output-delta"
        self.delta[self.L] = self.values(spec[of_output], self.L)
        for l in reversed(layers[1:]):
            self.delta[l-1] = self.values(spec["hidden-delta"], l)

    def at(self, equation, l, otherwise):
        """The array of this network that a statement about z, a or delta claims to give; else `otherwise`."""
        key, layer = equation.gives(l, self.L)
        return getattr(self, key)[layer] if isinstance(equation.array_statement.lhs, Indexed) else otherwise

    def values(self, equation, l):
        """The array that the statement gives at l; computed once."""
        if (equation.id, l) not in self._values:
            try:
                f = getattr(self.function_of(equation.gives(l, self.L)[1]), "formula", None)
                statement = _in_floats(equation.array_statement_with(self.cost), f)
                self._values[equation.id, l] = statement.values(self, l)
            except Exception as error:  # a wrong statement may ask for entries that don't exist
                raise LinkError(f"the statement of {equation.id} has no value at l = {l} of "
                                f"{self.fixture}: {type(error).__name__}: {error}") from error
        return self._values[equation.id, l]


@cache
def _in_floats(statement, formula):
    expressions = {"sigma": read_formula(functions.sigmoid.formula, "z")(Z)}
    if formula:
        expressions["f"] = read_formula(formula, "z")(Z)
        expressions["fprime"] = differentiate(expressions["f"], Z)
    return Statement(statement, {name: lambdify(Z, expression, "math")
                                 for name, expression in expressions.items()})


class _Entries:
    """Arrays by layer, indexed as statements do: of[l, j, s], units and samples from 1."""

    def __init__(self, arrays):
        self._arrays = arrays

    def __getitem__(self, indices):
        layer, *position = (None, *indices) if None in self._arrays else indices
        return self._arrays[layer].item(*(index - 1 for index in position))
