"""Differentiation that refuses what SymPy gets wrong, and the one rule it lacks.

`chain_rule` is the axiom of the whole derivation, stated in one place.
"""
from sympy import (Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Piecewise, Pow, Sum, Symbol,
                   expand, simplify, solve)
from sympy.core.relational import Relational

from bp.symbolic.model import Partial


def differentiate(expression: Expr, variable: Expr) -> Expr:
    """SymPy's derivative, refusing what would be silently wrong.

    Differentiating a Sum by something indexed with the Sum's own index gives
    a wrong answer (sympy issue 21891), and a variable that is an applied
    function inside a Sum gives 0.

    >>> from bp.symbolic.model import a, j, l, n
    >>> differentiate(Sum(a[l, j]**2, (j, 1, n(l))), a[l, j])
    Traceback (most recent call last):
    ValueError: variable: expected indices that no sum of the expression binds, got j in a[l, j]
    """
    if not isinstance(variable, (Symbol, Indexed)):
        raise TypeError(f"variable: expected a Symbol or an Indexed, got {variable}")
    bound = {index for total in expression.atoms(Sum) for index in total.bound_symbols}
    clash = sorted(map(str, bound & variable.free_symbols))
    if clash:
        raise ValueError(f"variable: expected indices that no sum of the expression binds, "
                         f"got {', '.join(clash)} in {variable}")
    derivative = expression.diff(variable)
    return derivative.replace(lambda e: isinstance(e, Sum) and e.function == 0,
                              lambda e: Integer(0))


def sift(expression: Expr) -> Expr:
    """Carry out every sum over a Kronecker delta: of Σ_i [i=j] g(i) only g(j) is left.

    This takes j to be in the range of the sum, as the units of a layer are.
    Arguments of functions are left alone.

    >>> from bp.symbolic.model import a, i, j, l, n
    >>> sift(Sum(KroneckerDelta(i, j) * a[l, i], (i, 1, n(l))))
    a[l, j]
    """
    if isinstance(expression, (Add, Mul, Pow)):
        return expression.func(*map(sift, expression.args))
    if not isinstance(expression, Sum):
        return expression
    body = sift(expression.function)
    for limit in expression.limits:
        body = _sift_one(body, limit)
    return body


def _sift_one(body, limit):
    index = limit[0]
    if body == 0:
        return Integer(0)
    if body.has(KroneckerDelta):
        body = expand(body, deep=False)
        if isinstance(body, Add):
            return Add(*(_sift_one(term, limit) for term in body.args))
    for factor in Mul.make_args(body):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = set(factor.args) - {index}
            rest = body / factor
            if other in {bound for total in rest.atoms(Sum) for bound in total.bound_symbols}:
                raise ValueError(f"expression: expected an index that no inner sum binds, "
                                 f"got {other} in {rest}")
            return rest.subs(index, other)
    return Sum(body, limit)


def chain_rule(quantity: Expr, between, index: Symbol, width: Expr, variable: Expr) -> Expr:
    """The multivariate chain rule, the one axiom of the derivation.

    If `variable` acts on `quantity` only through between(1) … between(width),
    its effect is the sum of its effects through each of them. This is the
    right-hand side, with every derivative still to be carried out.
    """
    through = between(index)
    return Sum(Partial(quantity, through) * Partial(through, variable), (index, 1, width))


def kinks(expression: Expr, variable: Symbol) -> tuple[Expr, ...]:
    """The points where an expression in one variable is continuous and its derivative is not.

    Its cases meet there with different slopes. Raises ValueError where they don't meet at all.

    >>> from sympy import Abs
    >>> z = Symbol("z", real=True)
    >>> kinks(Abs(z - 1), z), kinks(z**3, z)
    ((1,), ())
    """
    cases = expression.rewrite(Piecewise)
    borders = sorted({point for relation in cases.atoms(Relational)
                      for point in solve(relation.lhs - relation.rhs, variable)})
    between = [(low + high) / 2 for low, high in zip(borders, borders[1:])]
    ends = [borders[0] - 1, *between, borders[-1] + 1] if borders else []
    sides = [_case_at(cases, variable, point) for point in ends]
    found = []
    for point, left, right in zip(borders, sides, sides[1:]):
        below, above = (side.subs(variable, point) for side in (left, right))
        if simplify(below - above) != 0:
            raise ValueError(f"expression: expected one without jumps, got {below} and {above} "
                             f"at {variable} = {point}")
        if simplify((left - right).diff(variable).subs(variable, point)) != 0:
            found.append(point)
    return tuple(found)


def _case_at(cases, variable, point):
    return cases.replace(
        lambda e: isinstance(e, Piecewise),
        lambda e: next(value for value, where in e.args if where.subs(variable, point) == True))
