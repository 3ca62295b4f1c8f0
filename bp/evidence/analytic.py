"""SymPy expressions that the shipped functions can compute with, branches and all.

Code such as `np.maximum(z, 0)` asks which of two numbers is larger, which has
no answer for symbols. An Analytic is an expression together with its value at
one point: comparisons are answered at the point, everything else is done to
the expression. What comes out is exact wherever the same branches are taken.
"""
import math

import numpy as np
import sympy

# What functions and formulas may use beside arithmetic: SymPy's name, and NumPy's, which asks the elements for it.
FUNCTIONS = {"exp": "exp", "log": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh",
             "cosh": "cosh", "tanh": "tanh", "atan": "arctan", "asinh": "arcsinh"}


class Analytic:
    """An expression and its value at the point where branches are decided.

    >>> z = Analytic(sympy.Symbol("z"), 2.0)
    >>> np.maximum(np.array([z, -z]), 0) + 1
    array([Analytic(z + 1, 3.0), 1], dtype=object)
    >>> np.exp(np.array([z]))[0].expression
    exp(z)
    """
    __slots__ = ("expression", "value")

    def __init__(self, expression, value):
        self.expression, self.value = expression, value

    def __repr__(self):
        return f"Analytic({self.expression}, {self.value})"

    def __abs__(self):
        return -self if self.value < 0 else self

    def __neg__(self):
        return Analytic(-self.expression, -self.value)

    def __add__(self, other):
        return Analytic(self.expression + bare(other), self.value + value(other))

    def __sub__(self, other):
        return Analytic(self.expression - bare(other), self.value - value(other))

    def __rsub__(self, other):
        return Analytic(other - self.expression, other - self.value)

    def __mul__(self, other):
        return Analytic(self.expression * bare(other), self.value * value(other))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        return Analytic(self.expression / bare(other), self.value / value(other))

    def __rtruediv__(self, other):
        return Analytic(other / self.expression, other / self.value)

    def __pow__(self, exponent):
        return Analytic(self.expression ** exponent, self.value ** exponent)

    def __eq__(self, other):
        return self.value == value(other)

    def __lt__(self, other):
        return self.value < value(other)

    def __le__(self, other):
        return self.value <= value(other)

    def __gt__(self, other):
        return self.value > value(other)

    def __ge__(self, other):
        return self.value >= value(other)

    def log1p(self):
        return (self + 1).log()

    def expm1(self):
        return self.exp() - 1


def _function(name):
    def apply(self):
        return Analytic(getattr(sympy, name)(self.expression), getattr(math, name)(self.value))
    return apply


for _name, _method in FUNCTIONS.items():
    setattr(Analytic, _method, _function(_name))


def bare(number):
    """The expression of an Analytic; a plain number, or an expression, as it is."""
    return number.expression if isinstance(number, Analytic) else number


def value(number):
    """The value of an Analytic at its point; a plain number as it is."""
    return number.value if isinstance(number, Analytic) else number


def symbols_at(name, values):
    """An array of symbols, one for each entry of `values`, at that point."""
    array = np.empty(values.shape, dtype=object)
    for index in np.ndindex(*values.shape):
        unit = "_".join(str(i + 1) for i in index)
        array[index] = Analytic(sympy.Symbol(f"{name}_{unit}", real=True), float(values[index]))
    return array
