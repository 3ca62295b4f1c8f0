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
from functools import cached_property
from itertools import chain
from types import ModuleType

from sympy import Eq, Indexed

from bp import equations, functions
from bp.glossary import BY_NAME, choose
from bp.symbolic import derivations, model
from bp.symbolic.derivation import Derivation
from bp.symbolic.derivations import Z, with_sample
from bp.symbolic.latex import print_latex
from bp.trace import Trace


@dataclass(frozen=True, eq=False)
class Equation:
    """One equation: what is stated, derived, coded, checked, and where it stands.

    `seed_cell` is empty where the source notebook doesn't have it. A statement
    that leaves the cost open has `derive_with_cost`, which takes a formula.
    `holds` says at which layers of which networks the statement is true.

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
    derive_with_cost: Callable[[str], Derivation] | None = None
    holds: Callable[[Trace, int], bool] = lambda trace, l: True

    @cached_property
    def derivation(self):
        """How SymPy gets to the statement, step by step."""
        return self.derive()

    @cached_property
    def special_cases(self):
        """Derivations that go on from the statement: a given cost, a single sample."""
        return self.derive_cases()

    def derive_cases(self):
        """Derive the special cases anew: with the quadratic cost, where a cost is left open, first."""
        with_cost = (self.derive_with_cost(_COST),) if self.derive_with_cost else ()
        return (*with_cost, *self.derive_special_cases())

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
        return _in_arrays(self.computable)

    def array_statement_with(self, cost):
        """The same, with this cost where the statement leaves it open."""
        if self.derive_with_cost is None or cost == functions.quadratic:
            return self.array_statement
        return _in_arrays(self.derive_with_cost(cost.formula).statement)

    def layers_in(self, L):
        """The values of l that the statement is about, in a network of L layers."""
        if model.l not in self.array_statement.free_symbols:
            return range(L, L + 1)
        return range(2 if self.array_statement.lhs.has(model.l - 1) else 1, L + 1)

    def layers(self, trace):
        """Those of them at which it holds in the network of a trace."""
        return [l for l in self.layers_in(trace.L) if self.holds(trace, l)]

    @cached_property
    def _layer_of(self):
        """For each letter of the statement its layer, as a function of l and L."""
        return {str(term.base): _layer(term.indices[0]) for side in self.array_statement.args
                for term in side.atoms(Indexed) if term.base != model.y}

    @cached_property
    def _left(self):
        """The key of the left side in the glossary, and its layer as a function of l and L."""
        left = self.array_statement.lhs
        terms = list(left.atoms(Indexed))
        if not terms:  # a cost, which has no layer
            return str(left), lambda l, L: L
        base, layer = terms[0].base, _layer(terms[0].indices[0])
        return f"{left.args[0]}_{base}" if isinstance(left, model.Partial) else str(base), layer

    def takes(self, l, L):
        """What each parameter of the function stands for at l, in a network of L layers.

        A tuple of (parameter, key of the glossary, layer); the layer is the one
        that the statement gives to the letter, or None.

        >>> from bp import spec
        >>> spec["hidden-delta"].takes(2, 2)[:3]
        (('weight', 'w', 2), ('delta', 'delta', 2), ('z', 'z', 1))
        """
        return tuple((name, key, None if name in ("activation", "cost", "y") else
                      self._layer_of[key](l, L))
                     for name in inspect.signature(self.function).parameters
                     for key in [BY_NAME[name].key])

    def gives(self, l, L):
        """What the statement's left side is at l: (key of the glossary, layer).

        >>> from bp import spec
        >>> spec["hidden-delta"].gives(2, 2), spec["weight-gradient"].gives(1, 2)
        (('delta', 1), ('E_w', 1))
        """
        key, layer = self._left
        return key, layer(l, L)

    def arguments(self, trace, l):
        """What the function takes at l, by name: the arrays that its parameters are named for.

        Yields (parameter, key of the glossary, layer, value).
        """
        for name, key, layer in self.takes(l, trace.L):
            if name == "activation":
                value = trace.function_of(self.gives(l, trace.L)[1])
            else:
                value = getattr(trace, name) if layer is None else getattr(trace, key)[layer]
            yield name, key, layer, value

    def layers_named(self, key):
        """The layers of which the statement has this letter, as they are written: "l", "l-1", "L".

        >>> from bp import spec
        >>> spec["hidden-delta"].layers_named("z"), spec["hidden-delta"].layers_named("delta")
        (['l-1'], ['l', 'l-1'])
        """
        sides = reversed(self.statement.args)
        layers = [str(term.indices[0]).replace(" ", "") for side in sides
                  for term in side.atoms(Indexed) if str(term.base) == key and key not in ("y", "E_s")]
        return list(dict.fromkeys(layers)) or ["l"]

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
        except (KeyError, TypeError):
            raise UnknownEquation(f"equation: expected one of {', '.join(_EQUATIONS)}, "
                                  f"got {id!r}") from None

    def __iter__(self):
        return iter(_EQUATIONS.values())

    def __len__(self):
        return len(_EQUATIONS)

    def __contains__(self, id):
        return id in _EQUATIONS

    def compile(self, sizes, activation="sigmoid", cost="quadratic", output=None):
        """Return backprop for a small network, written out in straight lines from the statements.

        A function of (x, y, weights, biases) that gives what `bp.backprop` gives,
        with the same errors, and has its `source`. Activation, cost and output are
        registered functions, or their names. It is made for one sample or a few; with
        many, the matrices of the shipped function win. Raises ValueError above 150
        weights and biases.

        >>> from bp import spec
        >>> from bp.example import net, x, y
        >>> nabla_b, nabla_w = spec.compile([2, 3, 1])(x, y, net.weights, net.biases)
        >>> bool(abs(nabla_w[1] - net.backprop(x, y)[1][1]).max() < 1e-15)
        True
        """
        from bp.compiled import compile_backprop
        return compile_backprop(sizes, activation, cost, output)


def bare_source(function):
    """Return the source of a function without decorators and docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    lines = source.splitlines()
    first_statement = definition.body[1 if ast.get_docstring(definition) else 0]
    signature = lines[definition.lineno - 1:definition.body[0].lineno - 1]
    return "\n".join(signature + lines[first_statement.lineno - 1:definition.end_lineno])


def _in_arrays(statement):
    left, right = statement.args
    at_a_unit = {Z: model.z[model.l, model.j]}
    return Eq(*(with_sample(side.xreplace(at_a_unit)) for side in (left, right)), evaluate=False)


def _layer(index):
    """The index of a layer, l, l − 1 or L, as a function of l and L."""
    if model.L in index.free_symbols:
        return lambda l, L: L
    return lambda l, L, by=int(index - model.l): l + by


def _none():
    return ()


# Where an equation says something: not every output and every cost is one of single units.

def _output_of_single_units(trace, l):
    return l < trace.L or hasattr(trace.function_of(l), "prime")


def _with(cost):
    return lambda trace, l: trace.cost == cost


def _made_for(cost, output):
    return lambda trace, l: (trace.cost, trace.function_of(trace.L)) == (cost, output)


_COST, _BINARY, _CROSS = (cost.formula for cost in (
    functions.quadratic, functions.binary_cross_entropy, functions.cross_entropy))
_SIGMOID = functions.sigmoid.formula
_OTHERS = "lessons/13-other-activations-and-costs"


def equations_of_activation(f):
    """Return the two equations of a registered activation: itself and its derivative.

    >>> [equation.id for equation in equations_of_activation(functions.relu)]
    ['relu', 'relu-prime']
    """
    id, (en, zh) = _kebab(f), f.title
    return (Equation(id, "", en, zh, f, lambda: derivations.derive_function(f.formula), _none,
                     _OTHERS, ""),
            Equation(f"{id}-prime", "", f"derivative of {en}", f"{zh}{zh[-1].isascii() * ' '}的導數", f.prime,
                     lambda: derivations.derive_function_prime(f.formula), _none, _OTHERS, ""))


def _of_cost(cost):
    """The two equations of a registered cost."""
    id, (en, zh) = _kebab(cost), cost.title
    return (Equation(id, "", en, zh, cost, lambda: derivations.derive_cost_of_sample(cost.formula),
                     _none, _OTHERS, "", holds=_with(cost)),
            Equation(f"{id}-derivative", "", f"derivative of the {en}", f"{zh}的偏微分", cost.prime,
                     lambda: derivations.derive_cost_derivative(cost.formula), _none, _OTHERS, "",
                     holds=_with(cost)))


def _kebab(function):
    return function.__name__.replace("_", "-")


_IN_LESSONS_1_TO_8 = (
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
             equations.mean_cost, derivations.derive_cost, _none,
             "lessons/02-activation-and-cost", "In 9",
             derive_with_cost=derivations.derive_mean_cost_with),
    Equation("weighted-input", "", "weighted input", "加權輸入",
             equations.weighted_input, derivations.derive_weighted_input, _none,
             "lessons/03-feedforward", "In 11"),
    Equation("activation", "", "activation", "活化值",
             equations.activate, derivations.derive_activation, _none,
             "lessons/03-feedforward", "In 11", holds=_output_of_single_units),
    Equation("output-delta", "BP1", "output delta", "輸出層的敏感度",
             equations.output_delta, derivations.derive_output_delta, _none,
             "lessons/04-output-delta", "In 14",
             derive_with_cost=derivations.derive_output_delta_with_cost,
             holds=_output_of_single_units),
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
)

_IN_LESSON_13 = (
    *chain(*(equations_of_activation(f) for f in functions.ACTIVATIONS.values() if f != functions.sigmoid)),
    *chain(*(_of_cost(cost) for cost in functions.COSTS.values() if cost != functions.quadratic)),
    Equation("sigmoid-output-delta", "", "output delta of the sigmoid with its cost",
             "sigmoid 搭配二元交叉熵時，輸出層的敏感度", equations.sigmoid_output_delta,
             lambda: derivations.derive_output_delta_of_sigmoid(_BINARY, _SIGMOID), _none, _OTHERS, "",
             holds=_made_for(functions.binary_cross_entropy, functions.sigmoid)),
    Equation("softmax", "", "softmax", "softmax 函數", functions.softmax,
             derivations.derive_softmax, _none, _OTHERS, "",
             holds=lambda trace, l: trace.function_of(trace.L) == functions.softmax),
    Equation("softmax-output-delta", "", "output delta of softmax with its cost",
             "softmax 搭配交叉熵時，輸出層的敏感度", equations.softmax_output_delta,
             lambda: derivations.derive_output_delta_of_softmax(_CROSS),
             lambda: (derivations.targets_of_one(derivations.derive_output_delta_of_softmax(_CROSS)),),
             _OTHERS, "", holds=_made_for(functions.cross_entropy, functions.softmax)),
)

_EQUATIONS = {equation.id: equation for equation in (*_IN_LESSONS_1_TO_8, *_IN_LESSON_13)}


def equation_of(function):
    """Return the equation that a shipped function implements.

    >>> equation_of(equations.hidden_delta).id
    'hidden-delta'
    """
    return next(equation for equation in _EQUATIONS.values() if equation.function is function)


sys.modules[__name__].__class__ = _Spec
