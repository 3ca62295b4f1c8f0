"""Link 1: the statement is derived, and SymPy agrees when it differentiates a whole network."""
from functools import cache

from bp import functions, spec
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.symbolic.calculus import kinks
from bp.symbolic.derivation import DerivationError
from bp.symbolic.derivations import Z
from bp.symbolic.nested import NestedNetwork

DEPTHS, QUICK_DEPTHS = range(1, 7), range(1, 4)

# Delta of the last layer, delta below it, and the two gradients for one sample.
_UNROLLED = ("output-delta", "hidden-delta", "bias-gradient", "weight-gradient")


def derive_again(equation, scope=FULL):
    """Derive the statement anew and check every step, then whole networks at once."""
    try:
        derivation = equation.derive()
        steps = sum(d.check() for d in (derivation, *equation.derive_cases()))
    except DerivationError as error:
        raise LinkError(str(error)) from None
    if derivation.statement != equation.statement:
        raise LinkError(f"the statement is {equation.statement}, "
                        f"the derivation gives {derivation.statement}")
    if equation.function in functions.ACTIVATIONS.values():
        _find_kinks(equation)
    if derivation.is_definition and not equation.special_cases:
        return Checked("definition", "a definition of the model: nothing to derive",
                       "模型的定義，不需推導", "定義")
    if equation.id not in _UNROLLED:
        return Checked(f"{steps} steps", f"{steps} expressions agree", f"{steps} 個式子一致",
                       f"{steps} 步")
    depths = QUICK_DEPTHS if scope.quick else DEPTHS
    count = _compare_with_whole_networks(depths, *map(_for_one_sample, _UNROLLED))
    return Checked(
        f"{steps} steps + {count} diffs",
        f"{steps} expressions agree, for any layer l, any widths n(l) and any f; SymPy's derivatives of whole "
        f"networks of 1 to {depths[-1]} layers give the same ({count} compared)",
        f"{steps} 個式子一致，對任意一層 l、任意寬度 n(l)、任意 f 都成立；SymPy 對 1 到 {depths[-1]} 層的"
        f"整個網路直接微分，結果相同（共比較 {count} 個）",
        f"{steps} 步 + {count} 次微分")


def _find_kinks(equation):
    """An activation must name the points where it has no derivative, all of them and no others."""
    try:
        found = kinks(equation.derivation.result, Z)
    except ValueError as error:
        raise LinkError(f"{equation.id}: {error}") from None
    if found != equation.function.kinks:
        raise LinkError(f"{equation.id} has its kinks at {found}, stated are {equation.function.kinks}")


def _for_one_sample(id):
    """The right-hand side for N = 1; the two deltas are about one sample as they stand."""
    equation = spec[id]
    one = [d for d in equation.special_cases if d.case == "one-sample"]
    return (one or [equation.derivation])[0].result


def whole_network(depth):
    """A network of `depth` layers as one expression, and the derived statements unrolled on it."""
    return NestedNetwork(depth, *map(_for_one_sample, _UNROLLED))


@cache
def _compare_with_whole_networks(depths, *statements):
    try:
        return sum(NestedNetwork(depth, *statements).check() for depth in depths)
    except AssertionError as error:
        raise LinkError(str(error)) from None
