"""Symbolic expressions, printed as the cards print them."""
from dataclasses import dataclass

from sympy import Basic

from bp.card import display, steps
from bp.symbolic.derivation import Derivation
from bp.symbolic.latex import print_latex


@dataclass(frozen=True)
class Formula:
    """A SymPy expression as a formula on a line of its own.

    >>> from bp.symbolic.model import f, j, l, z
    >>> Formula(f(z[l, j]))
    f(z[l, j])
    """
    expression: Basic

    def _repr_html_(self):
        return display(print_latex(self.expression))

    def __repr__(self):
        return str(self.expression)


@dataclass(frozen=True)
class Steps:
    """A derivation, step by step, each with its reason."""
    derivation: Derivation

    def _repr_html_(self):
        return f'<div class="bp-steps bp-wide">{steps(self.derivation)}</div>'

    def __repr__(self):
        return f"\n{' ' * 4}= ".join([str(self.derivation.left),
                                     *(str(step.expression) for step in self.derivation.steps)])
