"""The derivations: every equation of backpropagation, from the forward model.

Each function returns a fresh Derivation. Those with one step are the
definitions of the model; the rest is calculus.
"""
from sympy import (Add, Derivative, Expr, Function, Indexed, Integer, Mul, Piecewise, Sum, Symbol, cancel,
                   exp, expand, factor_terms, simplify, solve, sympify)

from bp.symbolic.calculus import chain_rule, differentiate, sift
from bp.symbolic.derivation import Derivation
from bp.symbolic.model import (E, E_s, L, N, Partial, a, b, cost_of_sample, delta, f, fprime, i, j,
                               k, l, m, mean_cost, n, s, sigma, sigmaprime, w, weighted_input, y, z)

Z = Symbol("z", real=True)

_INDICES = {z: 2, a: 2, delta: 2, y: 1}  # of a statement about a single sample


def read_formula(formula, *variables):
    """Return the formula of an activation or a cost as a function of its variables.

    >>> read_formula("(a - y)**2 / 2", "a", "y")(3, 1)
    2
    """
    symbols = [Symbol(name, real=True) for name in variables]
    expression = sympify(formula, locals=dict(zip(variables, symbols)))
    return lambda *values: expression.subs(dict(zip(symbols, values)), simultaneous=True)


def derive_weighted_input():
    """z of layer l, from the activations of layer l-1."""
    return Derivation(z[l, j], weighted_input(l, j, lambda k: a[l-1, k]), "definition")


def derive_activation():
    """a of layer l, from its z."""
    return Derivation(a[l, j], f(z[l, j]), "definition")


def derive_sigmoid(formula):
    """The sigmoid of a number, as its formula says."""
    return Derivation(sigma(Z), read_formula(formula, "z")(Z), "definition")


def derive_sigmoid_prime(formula):
    """The derivative of the sigmoid, written with the sigmoid itself."""
    definition = read_formula(formula, "z")(Z)
    derivative = Derivative(definition, Z)
    (again,) = solve(sigma(Z) - definition, exp(-Z))
    spelled_out = lambda expression: simplify(expression.xreplace({sigma(Z): definition}))
    return (Derivation(sigmaprime(Z), derivative, "definition", normal=spelled_out)
            .rewrite(derivative, differentiate(definition, Z), "differentiate")
            .rewrite(exp(-Z), again, "sigmoid-again")
            .apply(simplify, "simplify"))


def derive_function(formula):
    """An activation of a number, as its formula says."""
    return Derivation(f(Z), read_formula(formula, "z")(Z), "definition")


def derive_function_prime(formula):
    """The derivative of an activation, as SymPy differentiates its formula."""
    definition = read_formula(formula, "z")(Z)
    derivative = Derivative(definition, Z)
    return (Derivation(fprime(Z), derivative, "definition", normal=lambda e: cancel(e.doit().rewrite(exp)))
            .rewrite(derivative, differentiate(definition, Z), "differentiate"))


def prime_by_value(formula):
    """f' of an activation by its value: an expression in which Z stands for a = f(z), or None.

    There is none where f has cases or where several z of different slope share a
    value, and none where SymPy can't solve a = f(z) for z.

    >>> prime_by_value("tanh(z)"), prime_by_value("Piecewise((0, z <= 0), (z, True))")
    (1 - z**2, None)
    """
    f, value = read_formula(formula, "z")(Z), Symbol("a", real=True)
    if f.has(Piecewise):
        return None
    slope = differentiate(f, Z)
    try:
        found = {simplify(slope.subs(Z, at).rewrite(exp)) for at in solve(f - value, Z)}
    except NotImplementedError:
        return None
    by_value = found.pop().subs(value, Z) if len(found) == 1 else None
    return by_value if by_value is not None and simplify((by_value.subs(Z, f) - slope).rewrite(exp)) == 0 else None


def derive_cost():
    """E, from the costs of the samples."""
    return Derivation(E, mean_cost(), "definition")


def derive_cost_of_sample(formula):
    """The cost of one sample, from what each output costs."""
    return Derivation(E, _cost_of_sample(formula, j), "definition")


def derive_mean_cost_with(formula):
    """E, with the cost of each sample spelled out."""
    of_sample = with_sample(derive_cost_of_sample(formula).result)
    return (derive_cost().branch("quadratic-cost", normal=factor_terms)
            .rewrite(E_s[s], of_sample, "definition-of-sample-cost")
            .apply(factor_terms, "factor"))


def with_sample(expression):
    """A statement about one sample, as one about sample s: z[l, j] becomes z[l, j, s]."""
    return expression.replace(
        lambda e: isinstance(e, Indexed) and len(e.indices) == _INDICES.get(e.base),
        lambda e: e.base[(*e.indices, s)])


def derive_cost_derivative(formula):
    """The derivative of the cost of one sample by an output."""
    cost = _cost_of_sample(formula, i)
    derivative = Partial(cost, a[L, j])
    return (Derivation(Partial(E, a[L, j]), derivative, "definition",
                       normal=lambda e: cancel(sift(e)))
            .rewrite(derivative, differentiate(cost, a[L, j]), "differentiate")
            .apply(sift, "sift")
            .apply(_one_fraction, "simplify"))


def _one_fraction(expression):
    """The expression as one fraction, 1 − a rather than a − 1 below where both signs would do."""
    above, below = simplify(expression).as_numer_denom()
    factors = list(Mul.make_args(below))
    sums = [factor for factor in factors if isinstance(factor, Add)]
    if sums and above.could_extract_minus_sign():
        factors[factors.index(sums[0])] = -sums[0]
        above = -above
    return above / Mul(*factors)


def _cost_of_sample(formula, index):
    return factor_terms(cost_of_sample(read_formula(formula, "a", "y"), index))


def derive_output_delta():
    """BP1: delta of the output layer, for any cost that depends on the outputs."""
    delta_j, a_i = Partial(E, z[L, j]), Partial(a[L, i], z[L, j])
    return (Derivation(delta[L, j], delta_j, "definition-of-delta")
            .rewrite(delta_j, chain_rule(E, lambda i: a[L, i], i, n(L), z[L, j]), "chain-output")
            .rewrite(a_i, differentiate(f(z[L, i]), z[L, j]), "differentiate-a")
            .apply(sift, "sift"))


def derive_output_delta_with_cost(formula):
    """BP1 with a cost that has a formula."""
    derivative = derive_cost_derivative(formula)
    return (derive_output_delta().branch("quadratic-cost")
            .rewrite(derivative.left, derivative.result, "differentiate-cost"))


def derive_output_delta_of_sigmoid(cost_formula, sigmoid_formula):
    """BP1 of the sigmoid with the binary cross-entropy: f' and the denominator cancel."""
    derivative = derive_cost_derivative(cost_formula)
    slope = derive_sigmoid_prime(sigmoid_formula).result.xreplace({sigma(Z): a[L, j]})
    return (derive_output_delta().branch("sigmoid-and-its-cost", normal=cancel)
            .rewrite(derivative.left, derivative.result, "differentiate-cost")
            .rewrite(fprime(z[L, j]), slope, "differentiate-sigmoid"))


def derive_softmax():
    """The outputs of softmax, which all depend on every z of the last layer."""
    return Derivation(a[L, j], softmax_of(j, i), "definition")


def softmax_of(unit, index):
    """What softmax makes of the last layer's z for one unit, the sum over `index`."""
    return exp(z[L, unit]) / Sum(exp(z[L, index]), (index, 1, n(L)))


def derive_output_delta_of_softmax(formula):
    """BP1 of softmax with the cross-entropy: each z acts through all the outputs."""
    delta_j, a_i = Partial(E, z[L, j]), Partial(a[L, i], z[L, j])
    cost_by_a_i = derive_cost_derivative(formula).statement.xreplace({j: i})
    total = softmax_of(i, m).as_numer_denom()[1]
    slope = sift(expand(differentiate(softmax_of(i, m), z[L, j])))
    return (Derivation(delta[L, j], delta_j, "definition-of-delta",
                       normal=lambda e: factor_terms(sift(expand(e))))
            .rewrite(delta_j, chain_rule(E, lambda i: a[L, i], i, n(L), z[L, j]), "chain-output")
            .rewrite(cost_by_a_i.lhs, cost_by_a_i.rhs, "differentiate-cost")
            .rewrite(a_i, slope, "differentiate-softmax")
            .rewrite(slope, _in_outputs(slope, i, j, total), "softmax-again")
            .apply(lambda e: expand(e, deep=True), "multiply-out")
            .apply(sift, "sift")
            .apply(factor_terms, "factor"))


def targets_of_one(derivation):
    """The special case of targets that add up to 1, as probabilities do."""
    total = Sum(y[i], (i, 1, n(L)))
    return (derivation.branch("targets-of-one")
            .rewrite(total, Integer(1), "targets-of-one"))


def _in_outputs(expression, *units_and_total):
    """The powers of e in softmax's derivative, as the outputs times the total that they are divided by."""
    *units, total = units_and_total
    return expand(expression.xreplace({exp(z[L, unit]): a[L, unit] * total for unit in units}))


def derive_hidden_delta():
    """BP2: delta of layer l-1 from delta of layer l."""
    delta_k, z_j = Partial(E, z[l-1, k]), Partial(z[l, j], z[l-1, k])
    forward = weighted_input(l, j, lambda i: f(z[l-1, i]), index=i)
    return (Derivation(delta[l-1, k], delta_k, "definition-of-delta")
            .rewrite(delta_k, chain_rule(E, lambda j: z[l, j], j, n(l), z[l-1, k]), "chain-layer")
            .rewrite(Partial(E, z[l, j]), delta[l, j], "definition-of-delta")
            .rewrite(z_j, differentiate(forward, z[l-1, k]), "differentiate-z-of-z")
            .apply(sift, "sift")
            .apply(factor_terms, "factor"))


def derive_bias_gradient():
    """BP3: the derivative of E by a bias, averaged over N samples."""
    return _derive_gradient(b[l, j])


def derive_weight_gradient():
    """BP4: the derivative of E by a weight, averaged over N samples."""
    return _derive_gradient(w[l, j, k])


def _derive_gradient(parameter):
    whole, of_sample = Partial(E, parameter), Partial(E_s[s], parameter)
    mean = Partial(mean_cost(), parameter)
    through_z = chain_rule(E_s[s], lambda i: z[l, i, s], i, n(l), parameter)
    forward = weighted_input(l, i, lambda m: a[l-1, m, s], index=m)
    return (Derivation(whole, mean, "definition-of-cost")
            .rewrite(mean, _differentiate_mean(of_sample), "differentiate-sum")
            .rewrite(of_sample, through_z, "chain-layer")
            .rewrite(Partial(E_s[s], z[l, i, s]), delta[l, i, s], "definition-of-delta")
            .rewrite(Partial(z[l, i, s], parameter), differentiate(forward, parameter),
                     "differentiate-z")
            .apply(sift, "sift"))


def _differentiate_mean(of_sample: Expr) -> Expr:
    """SymPy's derivative of the mean cost, where each E_s is an opaque function."""
    parameter = Symbol("parameter")
    opaque = Function("E_s")(s, parameter)
    mean = mean_cost().xreplace({E_s[s]: opaque})
    return differentiate(mean, parameter).xreplace({Derivative(opaque, parameter): of_sample})


def for_one_sample(derivation):
    """The special case N = 1, without the index of the sample."""
    return (derivation.branch("one-sample", normal=_drop_sample)
            .apply(_drop_sample, "drop-sample"))


def _drop_sample(expression):
    return expression.subs(N, 1).doit().replace(
        lambda e: isinstance(e, Indexed) and e.indices[2:] == (1,) and e.base in (a, delta),
        lambda e: e.base[e.indices[:2]])
