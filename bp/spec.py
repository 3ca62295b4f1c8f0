"""The spec: every equation of backpropagation as one object.

The only room that sees both sides. `spec["hidden-delta"]` is an Equation; the
module itself is the registry, so that `from bp import spec` reads as it should.
"""
import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType

from sympy import Eq, Indexed

from bp import equations, functions
from bp.glossary import BY_NAME, choose
from bp.symbolic import derivations, model
from bp.symbolic.derivation import Derivation
from bp.symbolic.derivations import Z, with_sample
from bp.symbolic.latex import print_latex


@dataclass(frozen=True, eq=False)
class Equation:
    """One equation: what is stated, derived, coded, checked, and where it stands.

    >>> from bp import spec
    >>> spec["hidden-delta"].statement
    Eq(delta[l - 1, k], fprime(z[l - 1, k])*Sum(delta[l, j]*w[l, j, k], (j, 1, n(l))))
    >>> spec["bias-gradient"].function.__name__
    'bias_gradient'
    """
    id: str
    alias: str
    title_en: str
    title_zh: str
    function: Callable
    derive: Callable[[], Derivation]
    derive_special_cases: Callable[[], tuple[Derivation, ...]]
    page: str
    seed_cell: str

    @cached_property
    def derivation(self):
        """How SymPy gets to the statement, step by step."""
        return self.derive()

    @cached_property
    def special_cases(self):
        """Derivations that go on from the statement: a given cost, a single sample."""
        return self.derive_special_cases()

    @property
    def statement(self):
        """The derived SymPy equation."""
        return self.derivation.statement

    @property
    def computable(self):
        """The statement, or a special case, in which no cost is left unspecified."""
        candidates = (self.derivation, *self.special_cases)
        return next(d.statement for d in candidates if not d.result.has(model.Partial, model.E_s))

    @cached_property
    def array_statement(self):
        """`computable` with the sample s at every z, a, delta and y, as in arrays of columns."""
        left, right = self.computable.args
        if right.has(Z):
            left, right = (side.xreplace({Z: model.z[model.l, model.j]}) for side in (left, right))
        return Eq(with_sample(left), with_sample(right), evaluate=False)

    @cache
    def layers(self, L):
        """The values of l for which the statement says something, in a network of L layers."""
        if model.l not in self.array_statement.free_symbols:
            return range(L, L + 1)
        return range(2 if self.array_statement.lhs.has(model.l - 1) else 1, L + 1)

    @cache
    def takes(self, l, L):
        """What each parameter of the function stands for at l, in a network of L layers.

        A tuple of (parameter, key of the glossary, layer); the layer is the one
        that the statement gives to the letter, or None.

        >>> from bp import spec
        >>> spec["hidden-delta"].takes(2, 2)[:3]
        (('weight', 'w', 2), ('delta', 'delta', 2), ('z', 'z', 1))
        """
        layer_of = {str(term.base): term.indices[0]
                    for term in self.array_statement.rhs.atoms(Indexed)}
        return tuple((name, key, None if name in ("activation", "cost", "y") else
                      int(layer_of[key].subs({model.l: l, model.L: L})))
                     for name in inspect.signature(self.function).parameters
                     for key in [BY_NAME[name].key])

    @cache
    def gives(self, l, L):
        """What the statement's left side is at l: (key of the glossary, layer).

        >>> from bp import spec
        >>> spec["hidden-delta"].gives(2, 2), spec["weight-gradient"].gives(1, 2)
        (('delta', 1), ('E_w', 1))
        """
        left = self.array_statement.lhs
        term, = left.atoms(Indexed)
        key = f"{left.args[0]}_{term.base}" if isinstance(left, model.Partial) else str(term.base)
        return key, int(term.indices[0].subs({model.l: l, model.L: L}))

    def arguments(self, trace, l):
        """What the function takes at l, by name: the arrays that its parameters are named for.

        Yields (parameter, key of the glossary, layer, value).
        """
        for name, key, layer in self.takes(l, trace.L):
            value = getattr(trace, key if layer is not None else name)
            yield name, key, layer, value if layer is None else value[layer]

    @cached_property
    def latex(self):
        """The statement as LaTeX, without delimiters."""
        return print_latex(self.statement)

    @property
    def anchor(self):
        """The fragment that leads to the equation on its page: eq-<id>."""
        return f"eq-{self.id}"

    @cached_property
    def source(self):
        """The function as it is shipped, without decorators and docstring."""
        return bare_source(self.function)

    @property
    def evidence(self):
        """The results of every link for this equation; the checks run now."""
        from bp.evidence import verify
        return verify(equations=[self.id]).results

    def title(self, language=None):
        """Return the equation's name in "en" or "zh-TW"."""
        return choose(self.title_en, self.title_zh, language)

    def _repr_html_(self):
        from bp.card import card
        return card(self)


class UnknownEquation(KeyError):
    """No equation has that id; the message says which do."""

    def __str__(self):
        return self.args[0]


class _Spec(ModuleType):
    """Makes this module the registry: spec["id"], iteration over equations, len."""

    def __getitem__(self, id):
        try:
            return _EQUATIONS[id]
        except KeyError:
            raise UnknownEquation(f"equation: expected one of {', '.join(_EQUATIONS)}, "
                                  f"got {id!r}") from None

    def __iter__(self):
        return iter(_EQUATIONS.values())

    def __len__(self):
        return len(_EQUATIONS)

    def __contains__(self, id):
        return id in _EQUATIONS


def bare_source(function):
    """Return the source of a function without decorators and docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    lines = source.splitlines()
    first_statement = definition.body[1 if ast.get_docstring(definition) else 0]
    signature = lines[definition.lineno - 1:definition.body[0].lineno - 1]
    return "\n".join(signature + lines[first_statement.lineno - 1:definition.end_lineno])


def _none():
    return ()


_COST, _SIGMOID = functions.quadratic.formula, functions.sigmoid.formula

_EQUATIONS = {equation.id: equation for equation in (
    Equation("sigmoid", "", "the sigmoid", "sigmoid 函數",
             functions.sigmoid, lambda: derivations.derive_sigmoid(_SIGMOID), _none,
             "lessons/02-activation-and-cost", "In 9"),
    Equation("sigmoid-prime", "", "derivative of the sigmoid", "sigmoid 的導數",
             functions.sigmoid_prime, lambda: derivations.derive_sigmoid_prime(_SIGMOID), _none,
             "lessons/02-activation-and-cost", "In 9"),
    Equation("quadratic-cost", "", "quadratic cost of one sample", "單一樣本的二次成本",
             functions.quadratic, lambda: derivations.derive_cost_of_sample(_COST), _none,
             "lessons/02-activation-and-cost", "In 9"),
    Equation("cost-derivative", "", "derivative of the quadratic cost", "二次成本的偏微分",
             functions.quadratic_prime, lambda: derivations.derive_cost_derivative(_COST), _none,
             "lessons/02-activation-and-cost", "In 9"),
    Equation("cost", "", "mean cost", "平均成本",
             equations.mean_cost, derivations.derive_cost,
             lambda: (derivations.derive_mean_cost_with(_COST),),
             "lessons/02-activation-and-cost", "In 9"),
    Equation("weighted-input", "", "weighted input", "加權輸入",
             equations.weighted_input, derivations.derive_weighted_input, _none,
             "lessons/03-feedforward", "In 11"),
    Equation("activation", "", "activation", "活化值",
             equations.activate, derivations.derive_activation, _none,
             "lessons/03-feedforward", "In 11"),
    Equation("output-delta", "BP1", "output delta", "輸出層的敏感度",
             equations.output_delta, derivations.derive_output_delta,
             lambda: (derivations.derive_output_delta_with_cost(_COST),),
             "lessons/04-output-delta", "In 14"),
    Equation("bias-gradient", "BP3", "bias gradient", "偏權值的梯度",
             equations.bias_gradient, derivations.derive_bias_gradient,
             lambda: (derivations.for_one_sample(derivations.derive_bias_gradient()),),
             "lessons/05-gradients", "In 15"),
    Equation("weight-gradient", "BP4", "weight gradient", "權重的梯度",
             equations.weight_gradient, derivations.derive_weight_gradient,
             lambda: (derivations.for_one_sample(derivations.derive_weight_gradient()),),
             "lessons/05-gradients", "In 16"),
    Equation("hidden-delta", "BP2", "hidden delta", "隱藏層的敏感度",
             equations.hidden_delta, derivations.derive_hidden_delta, _none,
             "lessons/06-hidden-delta", "In 18"),
)}

sys.modules[__name__].__class__ = _Spec
