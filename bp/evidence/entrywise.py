"""Link 4 for the registered functions: activations, outputs and costs, run on symbols at points.

They compute exponentials and may branch, so their symbols stand at points of
either sign, and each unit is in its turn the largest: then every case of a
statement is met, or the link fails. What the function returns must be equal,
as a function, to what the statement gives; a derivative that is also given as a
function of the activation's own value must be equal in that form too.
"""
import numpy as np
import sympy
from sympy import Piecewise, lambdify, simplify

from bp import functions
from bp.evidence.analytic import FUNCTIONS, Analytic, bare, symbols_at
from bp.evidence.fixtures import Fixture, settings
from bp.evidence.outcome import Checked, LinkError
from bp.evidence.point import compare_entries
from bp.evidence.reference import Statement
from bp.symbolic.derivations import Z, read_formula
from bp.trace import Trace

UNITS = 3
FIXTURE = Fixture((UNITS,) * 3, UNITS)
IN_TURN = np.add.outer(np.arange(UNITS), np.arange(UNITS)) % UNITS  # 0, 1, 2; 1, 2, 0; 2, 0, 1

_NAMES = {name: getattr(Analytic, method) for name, method in FUNCTIONS.items()}
_SIGMA = lambdify(Z, read_formula(functions.sigmoid.formula, "z")(Z), modules=[_NAMES, "math"])


def functions_of_numbers():
    """The registered activations, outputs and costs, their derivatives, and what has both in one."""
    of_units = (*functions.ACTIVATIONS.values(), *functions.COSTS.values())
    in_one = {functions.matched(cost, output) for _, cost, output in settings()} - {None}
    return {*of_units, *(f.prime for f in of_units), *functions.OUTPUTS.values(), *in_one}


def execute_function(equation):
    """Run a registered function on symbols; every entry must equal its statement's."""
    trace, compared = trace_at_points(equation), 0
    statement = Statement(equation.array_statement, {**_NAMES, "sigma": _SIGMA})
    for l in equation.layers(trace):
        _meet_every_case(equation, trace.z[l])
        arguments = [value for _, _, _, value in equation.arguments(trace, l)]
        want = statement.values(trace, l)
        for name, function in _forms(equation.function):
            compared += compare_entries(FIXTURE, f"{name} at l = {l}", function(*arguments), want,
                                        "the derived statement", equal)
    return Checked(f"{compared} exact", f"{compared} entries equal as functions, every case met",
                   f"把 {compared} 個元素當成函數來比，完全相等，各種情形都測到了",
                   f"{compared} 個完全相等")


def _forms(function):
    """The function by its name; and of a derivative also the form that takes the activation's own value."""
    yield function.__name__, function
    for f in functions.ACTIVATIONS.values():
        if f.prime is function and f.prime_from_value:
            name = f"{f.__name__}.prime_from_value({f.__name__}(z))"
            yield name, lambda z, f=f: f.prime_from_value(f(z))


def trace_at_points(equation):
    """Symbols in the place of z, a and y, in a network about which the equation says something."""
    for activation, cost, output in settings():
        trace = Trace(FIXTURE.sizes, w={}, b={}, a={}, y=symbols_at("y", (IN_TURN.T + 1) / 5),
                      activation=activation, cost=cost, output=output)
        for l in (1, 2):
            trace.z[l] = symbols_at(f"z{l}", IN_TURN - 0.75)
            trace.a[l] = symbols_at(f"a{l}", (IN_TURN + 1) / 4)
        if equation.layers(trace):
            return trace
    raise LinkError(f"there is no network in which {equation.id} holds")


def equal(left, right):
    """Whether two Analytics are the same function; a logarithm hides it from SymPy, its power doesn't."""
    difference = bare(left) - bare(right)
    return simplify(difference) == 0 or simplify(sympy.exp(difference)) == 1


def _meet_every_case(equation, z):
    for cases in equation.statement.atoms(Piecewise):
        met = {case_at(cases, entry.value) for entry in z.flat}
        if len(met) < len(cases.args):
            raise LinkError(f"of the cases {cases}, only {sorted(met)} are met at the points tried")


def case_at(cases, number):
    """The number of the case of a Piecewise that holds at z = number."""
    return next(i for i, (_, where) in enumerate(cases.args) if where.subs(Z, number))
