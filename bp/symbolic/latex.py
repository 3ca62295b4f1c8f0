r"""Textbook LaTeX, printed from SymPy objects: w_{jk}^{l} for w[l, j, k].

The letters come from the glossary. With `linked=True` each symbol is wrapped
in \class{bp-term bp-term-KEY}{…}, so that a page can light it up together with
its name in the code.
"""
import re

from sympy import (Add, Indexed, KroneckerDelta, Mul, Not, Or, Pow, Sum, cos, cosh, log, sin,
                   sinh, tan, tanh)
from sympy.printing.latex import LatexPrinter

from bp.glossary import TERMS
from bp.symbolic.model import E, E_s, Partial, delta, f, fprime, sigma, sigmaprime, w, y

# The functions that LaTeX has a command for; others are printed with \operatorname.
COMMANDS = {function.__name__: function for function in (cos, cosh, log, sin, sinh, tan, tanh)}


def print_latex(expression, linked=False):
    r"""Return the LaTeX of a statement or an expression, without delimiters.

    >>> from sympy import Eq
    >>> from bp.symbolic.model import f, j, l, z
    >>> print(print_latex(Eq(z[l, j], f(z[l-1, j]))))
    z_{j}^{l} = f(z_{j}^{l-1})
    """
    return _TextbookPrinter(linked).doprint(expression)


def print_whole(expression, layers):
    r"""Return the LaTeX of the array that an entry belongs to, at the layers given.

    >>> from bp.symbolic.model import k, l, w, j
    >>> print(print_whole(w[l-1, j, k], {l: 3}))
    w^{2}
    """
    return print_latex(expression.replace(lambda e: isinstance(e, Indexed),
                                          lambda e: e.base[e.indices[0].subs(layers)]))


class _TextbookPrinter(LatexPrinter):
    def __init__(self, linked):
        super().__init__()
        self._linked = linked

    def _term(self, key, latex):
        return rf"\class{{bp-term bp-term-{key}}}{{{latex}}}" if self._linked else latex

    def _print_Symbol(self, symbol):
        return self._term(symbol.name, symbol.name) if symbol.name in TERMS else _index(symbol)

    def _print_Indexed(self, e):
        key = str(e.base.label)
        letter = TERMS[key].latex
        layer, units = (None, e.indices) if e.base in (E_s, y) else (e.indices[0], e.indices[1:])
        below = f"_{{{''.join(map(_index, units))}}}" if units else ""
        above = "" if layer is None else f"^{{{_compact(layer)}}}"
        return self._term(key, letter + below + above)

    def _print_n(self, e):
        return self._term("n", f"n_{{{_compact(e.args[0])}}}")

    def _print_function(self, e):
        key = type(e).__name__
        argument = self._print(e.args[0])
        return self._term(key, TERMS[key].latex) + _bracket(argument)

    _print_f = _print_fprime = _print_sigma = _print_sigmaprime = _print_function

    def _print_elementary(self, e):
        name = type(e).__name__
        command = rf"\{name}" if name in COMMANDS else rf"\operatorname{{{name}}}"
        return command + _bracket(self._print(e.args[0]))

    _print_Function = _print_log = _print_elementary

    def _print_Piecewise(self, e):
        *pieces, (last, condition) = e.args
        if condition == True:  # said in symbols, because "otherwise" is a word of one language
            condition = Not(Or(*(condition for _, condition in pieces)))
        rows = [f"{self._print(value)} & {self._print(where)}"
                for value, where in (*pieces, (last, condition))]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_c(self, e):
        return "c" + _bracket(", ".join(map(self._print, e.args)))

    def _print_cost_prime(self, e):
        return "c'" + _bracket(", ".join(map(self._print, e.args)))

    def _print_Partial(self, e):
        quantity, variable = e.args
        if isinstance(quantity, (Add, Mul, Sum)):
            whole = self._print(quantity)
            whole = _bracket(whole) if isinstance(quantity, Add) or _is_negative(quantity) else whole
            return rf"\frac{{\partial}}{{\partial {self._print(variable)}}} {whole}"
        fraction = rf"\frac{{\partial {self._print(quantity)}}}{{\partial {self._print(variable)}}}"
        key = f"{quantity}_{variable.base.label}"
        return self._term(key, fraction) if key in TERMS else fraction

    def _print_Derivative(self, e):
        return rf"\frac{{d}}{{d {self._print(e.variables[0])}}} {self._print(e.expr)}"

    def _print_KroneckerDelta(self, e):
        return rf"[{e.args[0]}={e.args[1]}]"

    def _print_Sum(self, e):
        signs = "".join(rf"\sum_{{{_index(index)}={low}}}^{{{self._print(high)}}} "
                        for index, low, high in reversed(e.limits))
        body = self._print(e.function)
        return signs + (_bracket(body) if isinstance(e.function, Add) else body)

    def _print_Mul(self, e):
        number, factors = e.as_coeff_mul()
        below = [1 / t for t in factors if isinstance(t, Pow) and t.exp.is_negative]
        above = [t for t in factors if not (isinstance(t, Pow) and t.exp.is_negative)]
        top, bottom = number.p, Mul(number.q, *below)
        if top < 0:
            return "-" + self._print_Mul(-e)
        if len(above) == 1 and top == 1 and bottom != 1 and not isinstance(above[0], Sum):
            return rf"\frac{{{self._print(above[0])}}}{{{self._print(bottom)}}}"
        numerator = [self._factor(t) for t in sorted(above, key=_rank)]
        if bottom == 1:
            return r" \, ".join(([str(top)] if top != 1 else []) + numerator)
        if any(isinstance(t, Sum) for t in above):
            return rf"\frac{{{top}}}{{{self._print(bottom)}}} " + r" \, ".join(numerator)
        above = r" \, ".join(([str(top)] if top != 1 else []) + numerator) or "1"
        return rf"\frac{{{above}}}{{{self._print(bottom)}}}"

    def _factor(self, e):
        return _bracket(self._print(e)) if isinstance(e, Add) else self._print(e)

    def _print_Add(self, e, order=None):
        text = ""
        for term in sorted(e.args, key=_place_in_sum):
            if _is_negative(term):
                text += (" - " if text else "-") + self._factor(-term)
            else:
                text += (" + " if text else "") + self._print(term)
        return text

    def _print_Pow(self, e):
        if e.exp.is_negative:
            return rf"\frac{{1}}{{{self._print(1 / e)}}}"
        base = self._print(e.base)
        if not (e.base.is_Atom or isinstance(e.base, (sigma, *COMMANDS.values()))):
            base = _bracket(base)
        return f"{base}^{{{self._print(e.exp)}}}"


def _index(symbol):
    """i2, one of several indices of the same kind, as i_2."""
    return re.sub(r"(?<=[a-z])(\d+)$", r"_{\1}", str(symbol))


def _compact(expression):
    return str(expression).replace(" ", "")


def _bracket(latex):
    tall = any(sign in latex for sign in (r"\sum", r"\frac"))
    return rf"\left({latex}\right)" if tall else f"({latex})"


def _place_in_sum(term):
    """Sums stand first, what is subtracted last, y log a before (1 − y) log(1 − a)."""
    length = term.count_ops() if term.has(log) else 0
    return not term.has(Sum), _is_negative(term), length, str(term)


def _rank(e):
    """Factors stand in the order in which the code multiplies them: delta, w, a."""
    base = e.base if isinstance(e, Indexed) else None
    order = (isinstance(e, Partial) and e.args[0] == E, base == delta, isinstance(e, Partial),
             base == w, base is not None, isinstance(e, Add) and e.has(Indexed),
             isinstance(e, (f, fprime, sigma, sigmaprime)),
             not isinstance(e, (Add, KroneckerDelta, Sum)), isinstance(e, Add),
             isinstance(e, KroneckerDelta), True)
    return order.index(True), str(e)


def _is_negative(e):
    return e.as_coeff_Mul()[0].is_negative
