"""The algorithm written out: straight-line Python for one small network, made from the derived statements.

The statements know neither widths nor layers. Here both are given, so every
sum becomes its terms, every array a name for each of its entries, and nothing is
left to loop over but the samples. Nothing of the shipped equations, activations
or costs is copied: only statements and formulas are read.
"""
import math
from functools import cache
from itertools import batched
from textwrap import fill, indent

import numpy as np
from sympy import Add, Function, Indexed, Integer, Sum, Symbol, cse, numbered_symbols, pycode
from sympy.codegen.rewriting import optimize, optims_c99

from bp import checks, functions, spec
from bp.network import backprop
from bp.symbolic import model
from bp.symbolic.calculus import differentiate
from bp.symbolic.derivations import Z, prime_by_value, read_formula

LIMIT = 150  # parameters; one sample is still computed faster there than by matrices, five are not
WIDTH = 72  # columns of the source

# What a line may call, of floats and of the entries of object arrays, which NumPy asks for it.
_NUMPY_NAMES = {"atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}
_NAMES = ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", *_NUMPY_NAMES)
OF_FLOATS = {"fromiter": np.fromiter, "DTYPE": np.dtype(float), "ZERO": 0.0, **vars(math)}
OF_OBJECTS = {"fromiter": np.fromiter, "DTYPE": np.dtype(object), "ZERO": 0, "isfinite": lambda number: True,
              "log1p": lambda z: np.log(1 + z), "expm1": lambda z: np.exp(z) - 1,
              **{name: getattr(np, _NUMPY_NAMES.get(name, name)) for name in _NAMES}}

# What the lines raise where an argument isn't what they were written for, or a number leaves the floats.
_NOT_HERE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def compile_backprop(sizes, activation="sigmoid", cost="quadratic", output=None):
    """Return backprop for a network of these sizes, as a function of (x, y, weights, biases).

    What `bp.spec.compile` does; see there.
    """
    sizes = checks.sizes(sizes)
    activation = checks.known("activation", activation, functions.ACTIVATIONS)
    cost = checks.known("cost", cost, functions.COSTS)
    output = checks.known("output", activation if output is None else output,
                          functions.ACTIVATIONS | functions.OUTPUTS)
    checks.output(output, cost)
    parameters = sum(n * (m + 1) for m, n in zip(sizes, sizes[1:]))
    if parameters > LIMIT:
        raise ValueError(f"sizes: expected a network of at most {LIMIT} weights and biases, got {sizes}, "
                         f"which has {parameters}: use bp.backprop")
    return _compiled(tuple(sizes), activation, cost, output)


@cache
def _compiled(sizes, activation, cost, output):
    source = write(sizes, activation, cost, output)
    of_floats, of_objects = (run(source, names) for names in (OF_FLOATS, OF_OBJECTS))

    def compiled(x, y, weights, biases):
        try:
            return of_floats(x, y, weights, biases)
        except _NOT_HERE:
            found, dtype = checks.parameters(weights, biases)
            if tuple(found) != sizes:
                raise ValueError(f"weights: expected those of a network {list(sizes)}, "
                                 f"got {found}") from None
            if dtype == object:
                return of_objects(*_in_objects(x, y, weights, biases, sizes))
            return backprop(x, y, weights, biases, activation, cost, output)

    compiled.__name__ = compiled.__qualname__ = of_floats.__name__
    compiled.__doc__, compiled.source = of_floats.__doc__, source
    return compiled


def run(source, names):
    """Return the function that a source defines, which may call these names."""
    namespace = dict(names)
    exec(compile(source, "<bp.spec.compile>", "exec"), namespace)
    return namespace["backprop"]


def _in_objects(x, y, weights, biases, sizes):
    x = checks.columns("x", x, sizes[0], np.dtype(object))
    y = checks.targets(y, np.empty((sizes[-1], x.shape[1]), object))
    return x, y, *([array.astype(object) for array in arrays] for arrays in (weights, biases))


def write(sizes, activation, cost, output):
    """Return the source of backprop for these sizes, as text.

    Activations that have no formula are called by name: `f` and `fprime`, and
    at the last layer `g` and `gprime`.
    """
    L, widths = len(sizes) - 1, [range(1, n + 1) for n in sizes]
    layers, matched = range(1, L + 1), functions.matched(cost, output)
    used = []

    @cache
    def of_layer(equation, l):
        """The statement's right-hand side for this layer, sums written out, f and f' as the formulas say."""
        used.append(equation.id)
        side = equation.array_statement_with(cost).rhs.xreplace({model.l: Integer(l), model.L: Integer(L)})
        is_last = equation.gives(l, L)[1] == L
        return _of_numbers(_unrolled(side, sizes), *((output, "g") if is_last else (activation, "f")))

    def right(equation, l, j=1, k=1):
        """The same for these units, every letter a name."""
        return _named(of_layer(equation, l).xreplace({model.j: Integer(j), model.k: Integer(k)}))

    lines = []
    for l in layers:
        lines += _assign({f"z{l}_{j}": right(spec["weighted-input"], l, j) for j in widths[l]})
        takes_all = l == L and output == functions.softmax
        values = {f"a{l}_{j}": right(spec["softmax" if takes_all else "activation"], l, j) for j in widths[l]}
        if takes_all:  # the same quotient, and nothing overflows
            zs = [Symbol(f"z{l}_{j}") for j in widths[l]]
            lines.append(f"most = max([{', '.join(map(str, zs))}])")
            values = {name: value.xreplace({z: z - Symbol("most") for z in zs})
                      for name, value in values.items()}
        lines += _assign(values)
    of_output = spec.equation_of(matched) if matched else spec["output-delta"]
    lines += _assign({f"delta{L}_{j}": right(of_output, L, j) for j in widths[L]})
    for l in reversed(layers[1:]):
        lines += _assign({f"delta{l-1}_{k}": right(spec["hidden-delta"], l, k=k) for k in widths[l-1]})

    gradient, shapes = [], []
    for id, name in (("bias-gradient", "E_b"), ("weight-gradient", "E_w")):
        for l in layers:
            columns = widths[l-1] if id == "weight-gradient" else [1]
            shapes.append((len(widths[l]), len(columns)))
            for j in widths[l]:
                for k in columns:
                    entry = f"{name}{l}_{j}" + f"_{k}" * (id == "weight-gradient")
                    whole = right(spec[id], l, j, k)
                    total, = whole.atoms(Sum)  # over the samples
                    lines += _assign({entry: total.function}, "+=")
                    gradient.append((entry, _code(whole.xreplace({total: Symbol(entry)}))))

    doc = fill(f"The gradient of a network {list(sizes)}, as bp.backprop gives it. Written out from "
               f"{', '.join(dict.fromkeys(used))}.", WIDTH - 8)
    head, parameters = _unpack(sizes)
    entries, columns = [name for name, _ in gradient], _names("x", sizes[0]) + _names("y", sizes[-1])
    return "\n".join([
        "def backprop(x, y, weights, biases):",
        indent(f'"""{doc}\n"""', 4 * " "), *_indented(head, 4),
        *_indented([_list("if not isfinite(", parameters, "):", " + "), "    raise ValueError"], 4),
        *_indented([" = ".join([*some, "ZERO"]) for some in batched(entries, 5)], 4),
        *_indented([f"for {', '.join(columns)} in zip({', '.join(columns)}):"], 4),
        *_indented(lines, 8),
        *_indented([_list("if not isfinite(", entries, "):", " + "), "    raise ValueError",
                    _list("gradient = fromiter([", [value for _, value in gradient], f"], DTYPE, {len(gradient)})"),
                    *_views(shapes, L)], 4), ""])


def _unrolled(expression, sizes):
    """The expression with every sum over units written as its terms."""
    def terms(total):
        (index, low, high), = total.limits
        return Add(*(total.function.xreplace({index: Integer(u)}) for u in range(low, high + 1)))
    known = expression.replace(model.n, lambda layer: Integer(sizes[layer]))
    return known.replace(lambda e: isinstance(e, Sum) and model.s not in e.bound_symbols, terms)


def _of_numbers(expression, f, name):
    """The expression with f and f' as the formula says, f' by the value a = f(z) where that is possible."""
    formula = getattr(f, "formula", None)
    if formula is None:
        return expression.replace(model.f, Function(name)).replace(model.fprime, Function(f"{name}prime"))
    value, slope, by_value = _of_formula(formula)

    def prime(at):
        known = by_value is not None and isinstance(at, Indexed) and at.base == model.z
        return by_value.subs(Z, model.a[at.indices]) if known else slope.subs(Z, at)
    return expression.replace(model.f, lambda at: value.subs(Z, at)).replace(model.fprime, prime)


@cache
def _of_formula(formula):
    """f, f' and f' by the value, as expressions in Z.

    log(1 + u) and exp(u) − 1 become the functions that don't lose their digits.
    """
    value, by_value = read_formula(formula, "z")(Z), prime_by_value(formula)
    return tuple(e if e is None else optimize(e, optims_c99)
                 for e in (value, differentiate(value, Z), by_value))


def _named(expression):
    """The expression with a name for each entry: w[2, 1, 3] is w2_1_3, and a[0, 1, s] is x_1."""
    def name(term):
        base, indices = str(term.base), [i for i in term.indices if i != model.s]
        layer = "" if term.base == model.y else indices.pop(0)
        return Symbol("_".join([f"{base}{layer}" if layer != 0 else "x", *map(str, indices)]))
    return expression.replace(lambda e: isinstance(e, Indexed), name)


def _assign(values, sign="="):
    """Lines that give each name its value; what several of them share is computed once."""
    shared, reduced = cse(values.values(), numbered_symbols("shared_", start=1))
    return [_line(name, sign, value) for name, sign, value in (
        *((name, "=", value) for name, value in shared),
        *((name, sign, value) for name, value in zip(values, reduced)))]


def _line(name, sign, value):
    line = f"{name} {sign} {_code(value)}"
    if len(line) <= WIDTH - 8:
        return line
    return f"{name} {sign} (\n" + indent(fill(_code(value), WIDTH - 12), 4 * " ") + ")"


def _code(expression):
    own = {name: name for name in ("f", "fprime", "g", "gprime")}
    return pycode(expression, fully_qualified_modules=False, user_functions=own)


def _unpack(sizes):
    """Lines that give every entry its name, and the names of the parameters."""
    layers, lines, parameters = range(1, len(sizes)), [], []
    for letter, argument in (("w", "weights"), ("b", "biases")):
        lines.append(f"{_comma(f'{letter}{l}' for l in layers)} = {argument}")
    arrays = ["x", "y", *(f"{letter}{l}" for letter in "wb" for l in layers)]
    lines.append(_list("if not (", [" is ".join(f"{name}.dtype" for name in arrays) + " is DTYPE"], "):"))
    lines.append("    raise TypeError")
    for letter in "wb":
        for l in layers:
            rows = [_names(f"{letter}{l}_{j}", sizes[l-1]) if letter == "w" else [f"{letter}{l}_{j}"]
                    for j in range(1, sizes[l] + 1)]
            lines.append(_list("[", [f"[{', '.join(row)}]" for row in rows], f"] = {letter}{l}.tolist()"))
            parameters += sum(rows, [])
    for letter, n in (("x", sizes[0]), ("y", sizes[-1])):
        lines += [f"if {letter}.ndim == 1:", f"    {letter} = {letter}[:, None]"]
        lines.append(_list("[", _names(letter, n), f"] = {letter}.tolist()"))
    return [*lines, "N = len(x_1)", "if len(y_1) != N:", "    raise ValueError"], parameters


def _views(shapes, L):
    lines, start = [], 0
    for (rows, columns), l in zip(shapes, (*range(1, L + 1), *range(1, L + 1))):
        name = f"nabla_{'b' if len(lines) < L else 'w'}{l}"
        lines.append(f"{name} = gradient[{start}:{start + rows * columns}].reshape(({rows}, {columns}))")
        start += rows * columns
    of = lambda letter: ", ".join(f"nabla_{letter}{l}" for l in range(1, L + 1))
    return [*lines, f"return [{of('b')}], [{of('w')}]"]


def _names(letter, n):
    return [f"{letter}_{i}" for i in range(1, n + 1)]


def _comma(names):
    names = list(names)
    return ", ".join(names) if len(names) > 1 else f"{names[0]},"


def _list(before, items, after, between=", "):
    line = before + between.join(items) + after.replace(" ", "\xa0")  # no break outside the brackets
    return fill(line, WIDTH - 4, subsequent_indent=8 * " ").replace("\xa0", " ")


def _indented(lines, by):
    return [indent(line, by * " ") for line in lines]
