"""The check that assumes no chain rule of ours.

A whole network of L layers is written as one nested expression, of any widths,
any f and any cost that adds up over the outputs. SymPy differentiates it once
by a parameter. The derived statements, unrolled from layer L down, must give
the same expression.
"""
from sympy import Expr, Function, Indexed, Integer, Mul, Sum, symbols

from bp.symbolic.calculus import differentiate, sift
from bp.symbolic.model import (E, Partial, a, b, cost_of_sample, delta, f, i, j, k, l, w,
                               weighted_input, z)
from bp.symbolic.model import L as LAST

p, q = symbols("p q", integer=True, positive=True)


class cost_prime(Function):
    """The derivative of c by its first argument, known by name only."""
    nargs = 2


class c(Function):
    """What one output costs: any differentiable function of output and target."""
    nargs = 2

    def fdiff(self, argindex=1):
        return cost_prime(*self.args)


class NestedNetwork:
    """A network of `depth` layers as one expression, and the statements unrolled on it.

    `output_delta`, `hidden_delta`, `bias_gradient` and `weight_gradient` are the
    derived right-hand sides, the last two for one sample.
    """

    def __init__(self, depth, output_delta, hidden_delta, bias_gradient, weight_gradient):
        self.depth = depth
        self.index = symbols(f"i0:{depth + 1}", integer=True, positive=True)
        self.output_delta, self.hidden_delta = output_delta, hidden_delta
        self.bias_gradient, self.weight_gradient = bias_gradient, weight_gradient

    def z(self, layer, unit):
        """The weighted input, spelled out down to the input of the network."""
        return weighted_input(layer, unit, lambda k: self.a(layer - 1, k), self.index[layer - 1])

    def a(self, layer, unit):
        """The activation, spelled out down to the input of the network."""
        return a[0, unit] if layer == 0 else f(self.z(layer, unit))

    def cost(self):
        """E of one sample, spelled out."""
        return self._spell_out(cost_of_sample(c, self.index[self.depth]), self.depth)

    def delta(self, layer, unit):
        """The derived statements of delta, unrolled from the last layer down to `layer`."""
        if layer == self.depth:
            of_output = sift(differentiate(cost_of_sample(c, i), a[LAST, j]))
            statement = self.output_delta.xreplace({Partial(E, a[LAST, j]): of_output})
            return self._spell_out(statement.xreplace({j: unit}), layer)
        statement = self.hidden_delta.xreplace({j: self.index[layer + 1], k: unit})
        return self._spell_out(statement.xreplace({l: Integer(layer + 1)}), layer)

    def gradients(self, layer):
        """Pairs (SymPy's derivative of the cost, the statement unrolled) of this layer."""
        unroll = lambda e: self._spell_out(e.xreplace({j: p, k: q, l: Integer(layer)}), layer)
        cost = self.cost()
        yield differentiate(cost, b[layer, p]), unroll(self.bias_gradient)
        yield differentiate(cost, w[layer, p, q]), unroll(self.weight_gradient)

    def check(self):
        """Compare every layer's two gradients; return how many agreed, or raise."""
        compared = 0
        for layer in range(1, self.depth + 1):
            for by_sympy, unrolled in self.gradients(layer):
                want, got = flatten(sift(by_sympy)), flatten(unrolled)
                if want != got:
                    raise AssertionError(f"layer {layer} of {self.depth}: SymPy's derivative is "
                                         f"{want}, the unrolled statement is {got}")
                compared += 1
        return compared

    def _spell_out(self, statement, layer):
        """Replace each z, a and delta of a statement by what it stands for."""
        statement = statement.xreplace({LAST: Integer(self.depth)})
        meaning = {z: self.z, a: self.a, delta: self.delta}
        return statement.replace(
            lambda e: isinstance(e, Indexed) and e.base in meaning and e.indices[0] != 0,
            lambda e: meaning[e.base](int(e.indices[0]), e.indices[1]))


def flatten(expression: Expr):
    """Normal form of a product of nested sums: (all limits, the product inside).

    Σ_i x_i Σ_j y_ij is Σ_ij x_i y_ij, whichever way it is nested.
    """
    if isinstance(expression, Sum):
        limits, body = flatten(expression.function)
        return limits | set(expression.limits), body
    if isinstance(expression, Mul):
        limits, body = frozenset(), Integer(1)
        for factor in expression.args:
            inner, rest = flatten(factor)
            if limits & inner:
                raise ValueError(f"{expression}: two sums over the same index")
            limits, body = limits | inner, body * rest
        return limits, body
    return frozenset(), expression
