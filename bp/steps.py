"""One run of `backprop`, step by step: each equation as it was computed, and the line that did it.

Nothing here restates the algorithm. The shipped code runs while Python's
profiling hook looks on, so the order of the steps, the running lines, what
went in and what came out are those of the run itself.
"""
import ast
import inspect
import linecache
import operator
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from bp import spec
from bp.glossary import TERMS, term_for
from bp.network import Network, backprop, feedforward
from bp.spec import Equation, bare_source

LISTED = {function.__name__: function for function in (feedforward, backprop)}
_EQUATION_OF = {equation.function.__code__: equation for equation in spec
                if equation.function.__module__ == "bp.equations"}


@dataclass
class Step:
    """One equation, computed once, at l of a network of L layers.

    `lines` has, for each of the shipped functions that was running, the number
    of its line, counted from 1 in its bare source; the innermost comes last.
    """
    equation: Equation
    l: int
    L: int
    lines: dict[str, int]
    arguments: dict[str, object]
    result: np.ndarray = field(default=None, repr=False)

    @property
    def takes(self):
        """The arrays that went in, by name: {"w1": array, …}, a letter and its layer."""
        return {named(key, layer): self.arguments[parameter]
                for parameter, key, layer in self.equation.takes(self.l, self.L)
                if parameter not in ("activation", "cost")}

    @property
    def gives(self):
        """The name of the array that came out, such as "z1" or "E_w2"."""
        return named(*self.equation.gives(self.l, self.L))

    @property
    def parts(self):
        """The operands of the sum or product that was carried out last, each worked out.

        None stands for one that is an argument as it is; the list is empty where
        the function does one thing only.
        """
        tree = formula(self.equation.function, self.arguments.get("cost"))
        if tree[0] not in ("+", "*"):
            return []
        by_key = {key: self.arguments[parameter]
                  for parameter, key, _ in self.equation.takes(self.l, self.L)}
        return [None if isinstance(operand, str) else evaluate(operand, by_key)
                for operand in tree[1:]]


def named(key, layer):
    """The name of an array: its letter and its layer, if it has one.

    >>> named("w", 1), named("y", None)
    ('w1', 'y')
    """
    return key if layer is None else f"{key}{layer}"


def steps_of(network, x, y):
    """Every equation that one `backprop` computes, in order, as a list of Steps.

    >>> from bp.example import net, x, y
    >>> steps = steps_of(net, x, y)
    >>> [step.gives for step in steps]
    ['z1', 'a1', 'z2', 'a2', 'delta2', 'E_b2', 'E_w2', 'delta1', 'E_b1', 'E_w1']
    >>> steps[7].lines, list(steps[7].takes)
    ({'backprop': 15}, ['w2', 'delta2', 'z1'])
    """
    L, steps, met = len(network.sizes) - 1, [], Counter()

    def look(frame, event, value):
        equation = _EQUATION_OF.get(frame.f_code)
        if equation is None:
            return
        if event == "return":
            steps[-1].result = value
        elif event == "call":
            callers = list(_callers(frame))
            layers = list(equation.layers_in(L))
            forward = callers[-1][0] == "feedforward"
            l = layers[met[equation.id]] if forward else layers[-1 - met[equation.id]]
            met[equation.id] += 1
            steps.append(Step(equation, l, L, dict(callers), dict(frame.f_locals)))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        network.backprop(x, y)
    finally:
        sys.setprofile(before)
    return steps


def _callers(frame):
    """(name, line) of each listed function that led here, the outermost first."""
    found = []
    while frame := frame.f_back:
        code = frame.f_code
        if code.co_name in LISTED and code is LISTED[code.co_name].__code__:
            found.append((code.co_name, _line(code, frame.f_lineno)))
    return reversed(found)


@cache
def _line(code, number):
    """Where a line of the file stands in the bare source of its function, counted from 1."""
    line = linecache.getline(code.co_filename, number).rstrip()
    return bare_source(LISTED[code.co_name]).splitlines().index(line) + 1


_OPERATORS = {ast.MatMult: ("@", operator.matmul), ast.Mult: ("*", operator.mul),
              ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub),
              ast.Div: ("/", operator.truediv)}
_CARRY_OUT = dict(_OPERATORS.values()) | {
    "T": np.transpose, "sum": lambda columns: columns.sum(axis=1, keepdims=True)}


@cache
def formula(function, cost=None):
    """The expression that a function of bp.equations returns, as a tree read from its source.

    A leaf is the glossary's key of an argument, or "N"; `cost.prime` is replaced by
    what that of the given cost returns.

    >>> from bp.equations import hidden_delta, weight_gradient
    >>> formula(hidden_delta)
    ('*', ('@', ('T', 'w'), 'delta'), ('fprime', 'z'))
    >>> formula(weight_gradient)
    ('@', ('/', 'delta', 'N'), ('T', 'a'))
    """
    body = ast.parse(bare_source(function)).body[0].body
    local = {line.targets[0].id: line.value for line in body if isinstance(line, ast.Assign)}

    def read(node):
        match node:
            case ast.Name("N"):
                return "N"
            case ast.Name(name) if name in local:
                return read(local[name])
            case ast.Name(name):
                return term_for(name, TERMS).key
            case ast.BinOp(left, sign, right) if type(sign) in _OPERATORS:
                return _OPERATORS[type(sign)][0], read(left), read(right)
            case ast.Call(ast.Attribute(ast.Name("np"), "dot"), [left, right]):
                return "@", read(left), read(right)
            case ast.Attribute(value, "T"):
                return "T", read(value)
            case ast.Call(ast.Attribute(value, "sum")):
                return "sum", read(value)
            case ast.Call(ast.Attribute(ast.Name("cost"), "prime")):
                return formula(cost.prime)
            case ast.Call(called, [argument]):
                return term_for(ast.unparse(called), TERMS).key, read(argument)
        raise ValueError(f"function: expected sums, products and calls in {function.__name__}, "
                         f"got {ast.unparse(node)!r}")

    return read(body[-1].value)


def evaluate(tree, values):
    """Carry out a tree of `formula`; `values` has arrays and the activation by their keys.

    >>> from bp import sigmoid
    >>> float(evaluate(("*", "w", ("fprime", "z")), {"w": 2.0, "z": 0.0, "f": sigmoid}))
    0.5
    """
    if isinstance(tree, str):
        return values[tree]
    sign, *operands = tree
    operands = [evaluate(operand, values) for operand in operands]
    if sign in ("f", "fprime"):
        return (values["f"] if sign == "f" else values["f"].prime)(*operands)
    return _CARRY_OUT[sign](*operands)


def record(network, x, y, digits=6):
    """The steps as plain lists and numbers, for JSON; numbers are rounded to so many digits.

    `arrays` has every array by its name; a step names those it takes and the one it gives.

    >>> from bp.example import net, x, y
    >>> made = record(net, x, y)
    >>> made["arrays"]["z1"], made["steps"][0]["equation"]
    ([[0.1], [1.55], [0.0]], 'weighted-input')
    """
    arrays, steps = {}, []
    for step in steps_of(network, x, y):
        arrays |= {name: value for name, value in step.takes.items() if name not in arrays}
        arrays[step.gives] = step.result
        steps.append({"equation": step.equation.id, "l": step.l, "lines": step.lines,
                      "takes": list(step.takes), "gives": step.gives,
                      "parts": [part if part is None else _plain(part, digits)
                                for part in step.parts]})
    return {"sizes": network.sizes, "steps": steps,
            "arrays": {name: _plain(array, digits) for name, array in arrays.items()}}


def _plain(array, digits):
    """Lists of rounded numbers; what is left of terms that cancel counts as 0."""
    dust = 1e-15 * abs(array).max()
    return [[float(f"{entry:.{digits}g}") if abs(entry) > dust else 0.0 for entry in row]
            for row in array.tolist()]


def sample(sizes):
    """A network of these sizes, x and y: drawn from the sizes, to two decimals, far from saturated.

    >>> net, x, y = sample([3, 4, 2])
    >>> net.weights[1].shape, x.shape, y.shape, (net.weights[0] == net.weights[0].round(2)).all()
    ((2, 4), (3, 1), (2, 1), np.True_)
    """
    draw = np.random.default_rng(sizes)
    net = Network(sizes)
    net.weights = [(draw.standard_normal(w.shape) / w.shape[1]**0.5).round(2) for w in net.weights]
    net.biases = [(draw.standard_normal(b.shape) / 2).round(2) for b in net.biases]
    return net, draw.standard_normal((sizes[0], 1)).round(2), draw.random((sizes[-1], 1)).round(1)
