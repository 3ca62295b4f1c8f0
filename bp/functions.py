"""Activations and costs, each beside the derivative that somebody wrote by hand.

`formula` is the definition as text, in the variables of the field. The
verification reads it with SymPy, differentiates it, and holds both the
function and its hand-written `prime` against the result; nothing here is
trusted because it looks right.

To add an activation: write the function and its prime below and name its
formula. `bp verify` then runs every network with it too. A cost needs an
equation of its own in the spec as well.
"""
import numpy as np

ACTIVATIONS = {}
COSTS = {}


def _register(table, formula, prime):
    def register(function):
        function.formula = formula
        function.prime = prime
        table[function.__name__] = function
        return function
    return register


def activation(formula, prime):
    """Register a function f of z, with its formula and its derivative."""
    return _register(ACTIVATIONS, formula, prime)


def cost(formula, prime):
    """Register a cost: `formula` is what one output adds to the cost of one sample."""
    return _register(COSTS, formula, prime)


def sigmoid_prime(z):
    """The derivative of the sigmoid, of the same shape as z.

    It never exceeds 1/4, and is close to 0 wherever |z| is large: there the
    unit is saturated.

    >>> float(sigmoid_prime(np.array(0.0)))
    0.25
    """
    a = sigmoid(z)
    return a * (1 - a)


@activation("1 / (1 + exp(-z))", prime=sigmoid_prime)
@np.errstate(over="ignore")
def sigmoid(z):
    """The logistic function, entry by entry; the same shape as z.

    Where exp(-z) overflows to infinity the quotient is 0, which is the right
    value, so that warning is not raised. An object array works when its
    entries have an `exp` method, as `decimal.Decimal` has.

    Source: seed notebook, In [9].

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return 1 / (1 + np.exp(-z))


def quadratic_prime(a, y):
    """The quadratic cost of one sample by each output activation.

    a and y have shape (n_L, N); so has the result. The seed calls it
    `cost_derivative`.

    >>> quadratic_prime(np.array([[0.75]]), np.array([[1.0]]))
    array([[-0.25]])
    """
    return a - y


@cost("(a - y)**2 / 2", prime=quadratic_prime)
def quadratic(a, y):
    """Half the squared distance from target to output, for each sample.

    a and y have shape (n_L, N); the result has shape (N,). The half is there
    to cancel the 2 of the derivative.

    >>> quadratic(np.array([[0.75]]), np.array([[1.0]]))
    array([0.03125])
    """
    return ((a - y) ** 2).sum(axis=0) / 2
