"""A derivation: a chain of equal expressions, each with the reason for its step.

No step is typed in. A step is what a rule makes of the step before, and once
the chain is complete every step is normalised on its own and must come to the
same result.
"""
from dataclasses import dataclass

from sympy import Eq, Expr, factor_terms

from bp.symbolic.calculus import sift


class DerivationError(AssertionError):
    """A step of a derivation doesn't equal its result."""


@dataclass(frozen=True)
class Step:
    """One expression of a derivation; `reason` is a key of `reasons.REASONS`."""
    expression: Expr
    reason: str


class Derivation:
    """left = first = … = result. Grown by `rewrite` and `apply`, which return it.

    >>> from bp.symbolic.model import E, Partial, delta, l, j, z
    >>> d = Derivation(delta[l, j], Partial(E, z[l, j]), "definition-of-delta")
    >>> d.statement
    Eq(delta[l, j], Partial(E, z[l, j]))
    """

    def __init__(self, left, first, reason, normal=lambda e: factor_terms(sift(e)), case=None):
        self.left, self.case = left, case
        self.steps = [Step(first, reason)]
        self._rules = []
        self._normal = normal

    @property
    def result(self):
        """The expression at the end of the chain."""
        return self.steps[-1].expression

    @property
    def statement(self):
        """left = result, the equation that was derived."""
        return Eq(self.left, self.result, evaluate=False)

    @property
    def is_definition(self):
        """True where nothing is derived: the model says so."""
        return len(self.steps) == 1

    def rewrite(self, old, new, reason):
        """Replace `old` by its equal `new`, which must change the expression."""
        expression = self.result.xreplace({old: new})
        if expression == self.result:
            raise DerivationError(f"{old} does not occur in {self.result}")
        self._rules.append({old: new})
        self.steps.append(Step(expression, reason))
        return self

    def apply(self, function, reason):
        """Go on to function(result); a step that changes nothing is left out."""
        expression = function(self.result)
        if expression != self.result:
            self.steps.append(Step(expression, reason))
        return self

    def branch(self, case, normal=None):
        """Go on from the result to a special case, named by a key of `reasons.CASES`."""
        return Derivation(self.left, self.result, "general-statement", normal or self._normal,
                          case)

    def check(self):
        """Normalise every step by itself; raise DerivationError unless all agree.

        Returns the number of steps.
        """
        want = self.normalise(self.result)
        for number, step in enumerate(self.steps, start=1):
            got = self.normalise(step.expression)
            if got != want:
                raise DerivationError(f"step {number} ({step.reason}) of {self.left}: "
                                      f"expected {want}, got {got}")
        return len(self.steps)

    def normalise(self, expression):
        """Apply every rule of the derivation, then bring to normal form."""
        for rule in self._rules:
            expression = expression.xreplace(rule)
        return self._normal(expression)
