"""The forward model in symbols: any layer l, any widths n(l), any activation f.

`z[l, j]` is the weighted input of unit j of layer l; a third index, as in
`z[l, j, s]`, says of which sample. Units and samples count from 1.
"""
from sympy import Function, IndexedBase, Sum, Symbol, symbols

l, L = symbols("l L", integer=True, positive=True)
i, j, k, m, s = symbols("i j k m s", integer=True, positive=True)
N = symbols("N", integer=True, positive=True)

w, b, a, z, y, delta = map(IndexedBase, ("w", "b", "a", "z", "y", "delta"))
E = Symbol("E")
E_s = IndexedBase("E_s")


class n(Function):
    """n(l), the number of units in layer l."""
    nargs = 1
    is_integer = is_positive = True


class fprime(Function):
    """f', known by name only."""
    nargs = 1


class f(Function):
    """Any differentiable activation: all that is known of f is that f' is its derivative."""
    nargs = 1

    def fdiff(self, argindex=1):
        return fprime(self.args[0])


class sigma(Function):
    """The sigmoid, where a formula keeps its name."""
    nargs = 1


class sigmaprime(Function):
    """The derivative of the sigmoid, where a formula keeps its name."""
    nargs = 1


class Partial(Function):
    """The partial derivative of one quantity by another, named but not carried out.

    SymPy's own Derivative is 0 where its expression doesn't mention the
    variable, and the symbol E mentions nothing.
    """
    nargs = 2


def weighted_input(l, j, below, index=k):
    """z_j^l, where unit `index` of layer l-1 sends on `below(index)`."""
    return Sum(w[l, j, index] * below(index), (index, 1, n(l - 1))) + b[l, j]


def mean_cost():
    """E, the mean of the costs E_s of the samples."""
    return Sum(E_s[s], (s, 1, N)) / N


def cost_of_sample(one_output, index=j):
    """What the outputs of one sample cost together, given what one costs."""
    return Sum(one_output(a[L, index], y[index]), (index, 1, n(L)))
