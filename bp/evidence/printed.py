r"""Link 2: the LaTeX on the page says what was derived.

A small reader of its own, which shares no code with the printer, turns the
printed LaTeX back into a SymPy object. It must be the derived statement.
"""
import re

import sympy
from sympy import (Eq, GreaterThan, Integer, KroneckerDelta, LessThan, Not, Or, Piecewise,
                   StrictGreaterThan, StrictLessThan, Sum, exp)

from bp.evidence.outcome import FULL, Checked, LinkError
from bp.symbolic import model
from bp.symbolic.derivations import Z
from bp.symbolic.latex import print_latex

_TOKEN = re.compile(r"""
    \s+ | \\, | \\left(?=\() | \\right(?=\))            # spacing
  | (?P<partial> \\frac\{\\partial\ )
  | (?P<token> \\begin\{cases\} | \\end\{cases\} | \\\\ | \\operatorname\{[a-z]+\}
             | \\[a-z]+'? | f' | [a-zA-Z] | \d+ | [-+=(){}^_&<>\[\]] )""", re.VERBOSE)

_SYMBOLS = {"E": model.E, "N": model.N, "L": model.L, "l": model.l, "z": Z}
_FUNCTIONS = {"f": model.f, "f'": model.fprime, r"\sigma": model.sigma, r"\sigma'": model.sigmaprime}
_BASES = {"w": model.w, "b": model.b, "z": model.z, "a": model.a, "y": model.y, "E": model.E_s,
          r"\delta": model.delta}
_RELATIONS = {"<": StrictLessThan, ">": StrictGreaterThan, r"\leq": LessThan, r"\geq": GreaterThan}
_BETWEEN_CASES = ("&", "\\\\", r"\end{cases}")
_INDICES = {name: getattr(model, name) for name in "ijkms"}


def read_back(equation, scope=FULL):
    """Read the printed statement and special cases back; compare with the derived ones."""
    statements = [equation.statement, *(d.statement for d in equation.special_cases)]
    printed = [equation.latex, *(print_latex(statement) for statement in statements[1:])]
    for latex, statement in zip(printed, statements):
        found = Reader(latex).read()
        if found != statement:
            raise LinkError(f"{latex} reads {found}, the derived statement is {statement}")
    return Checked(f"{len(printed)} read back",
                   f"{len(printed)} printed and read back: the object that was derived",
                   f"印出 {len(printed)} 個式子，讀回來的就是推導出的物件", f"讀回 {len(printed)} 個")


class Reader:
    r"""Reads textbook LaTeX, as far as the spec needs it, by recursive descent.

    >>> Reader(r"a_{j}^{l} = f(z_{j}^{l})").read()
    Eq(a[l, j], f(z[l, j]))
    """

    def __init__(self, latex):
        self._tokens, end = [], 0
        while end < len(latex):
            match = _TOKEN.match(latex, end)
            if not match:
                raise LinkError(f"cannot read {latex!r} at {latex[end:]!r}")
            end = match.end()
            if match.lastgroup:
                self._tokens.append("partial" if match["partial"] else match["token"])
        self._tokens.reverse()

    def read(self):
        """Return the equation that was printed."""
        left = self._sum()
        self._take("=")
        right = self._sum()
        if self._tokens:
            raise LinkError(f"cannot read {self._tokens[::-1]}")
        return Eq(left, right, evaluate=False)

    def _next(self):
        return self._tokens[-1] if self._tokens else None

    def _take(self, want=None):
        token = self._tokens.pop() if self._tokens else None
        if token is None or want not in (None, token):
            raise LinkError(f"expected {want}, got {token}")
        return token

    def _braced(self, read):
        self._take("{")
        value = read()
        self._take("}")
        return value

    def _sum(self):
        total = -self._product() if self._next() == "-" and self._take() else self._product()
        while self._next() in ("+", "-"):
            total += self._product() if self._take() == "+" else -self._product()
        return total

    def _product(self):
        product = self._power()
        while self._next() not in (None, "+", "-", "=", ")", "}", "]", *_BETWEEN_CASES, *_RELATIONS):
            product *= self._power()
        return product

    def _power(self):
        base = self._factor()
        if self._next() == "^":
            self._take()
            base **= self._braced(self._sum)
        return base

    def _factor(self):
        token = self._take()
        if token == r"\sum":
            return self._summation()
        if token == "partial":
            return self._derivative()
        if token == r"\frac":
            return self._braced(self._sum) / self._braced(self._sum)
        if token == "(":
            value = self._sum()
            self._take(")")
            return value
        if token == "[":
            left, _, right = _INDICES[self._take()], self._take("="), _INDICES[self._take()]
            self._take("]")
            return KroneckerDelta(left, right)
        if token == r"\begin{cases}":
            return self._cases()
        name = re.fullmatch(r"\\(?:operatorname\{)?([a-z]+)\}?", token)
        if name and self._next() == "(" and token not in _FUNCTIONS:
            return getattr(sympy, name[1])(self._factor())
        if token == "e" and self._next() == "^":
            self._take()
            return exp(self._braced(self._sum))
        if token in _FUNCTIONS and self._next() == "(":
            return _FUNCTIONS[token](self._factor())
        if token == "n":
            self._take("_")
            return model.n(self._braced(self._sum))
        if token in _BASES and self._next() == "_":
            return self._indexed(_BASES[token])
        return _SYMBOLS[token] if token in _SYMBOLS else Integer(token)

    def _indexed(self, base):
        self._take("_")
        indices = self._braced(self._letters)
        if self._next() == "^":
            self._take()
            indices = [self._braced(self._sum), *indices]
        return base[tuple(indices)]

    def _letters(self):
        letters = []
        while self._next() in _INDICES:
            letters.append(_INDICES[self._take()])
        return letters

    def _summation(self):
        self._take("_")
        self._take("{")
        index = _INDICES[self._take()]
        self._take("=")
        low = self._sum()
        self._take("}")
        self._take("^")
        high = self._braced(self._sum)
        return Sum(self._product(), (index, low, high))

    def _cases(self):
        pieces = []
        while not pieces or self._take() == "\\\\":
            value = self._sum()
            self._take("&")
            left, relation = self._sum(), _RELATIONS[self._take()]
            pieces.append((value, relation(left, self._sum())))
        *others, (last, condition) = pieces
        if condition != Not(Or(*(where for _, where in others))):
            raise LinkError(f"the cases overlap or leave a gap: {pieces}")
        return Piecewise(*others, (last, True))

    def _derivative(self):
        quantity = self._factor()
        self._take("}")
        self._take("{")
        self._take(r"\partial")
        variable = self._factor()
        self._take("}")
        return model.Partial(quantity, variable)
