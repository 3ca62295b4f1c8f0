"""Activations and costs, each beside the derivative that somebody wrote by hand.

`formula` is the definition as text, in the variables of the field. The
verification reads it with SymPy, differentiates it, and holds both the
function and its hand-written `prime` against the result; nothing here is
trusted because it looks right.

To add an activation or a cost: write the function and its prime below, and
name its formula. The spec then has its two equations, `bp verify` proves them
and bridges every network with it too, and lesson 13 shows their cards. An
activation may also say what its derivative is in terms of its own value, which
saves training an exponential; that is proved with its prime.
"""
import numpy as np

from bp.equations import sigmoid_output_delta, softmax_output_delta

ACTIVATIONS = {}
COSTS = {}
OUTPUTS = {}  # what the last layer may apply beside them, because it takes a whole column

REALS = (-np.inf, np.inf)


def _register(table, **attributes):
    def register(function):
        vars(function).update(attributes)
        table[function.__name__] = function
        return function
    return register


def activation(formula, prime, title, between=REALS, kinks=(), prime_from_value=None):
    """Register a function f of z, applied entry by entry.

    `title` is its name in English and in Chinese; its values lie `between` two
    bounds; at `kinks` it has no derivative, and what `prime` returns there is a
    convention. `prime_from_value` may be given where f' can be worked out from
    a = f(z) alone: the function of a that equals prime(z). `bp verify` proves it,
    and training uses it, since it has a already.
    """
    return _register(ACTIVATIONS, formula=formula, prime=prime, title=title, between=between,
                     kinks=kinks, prime_from_value=prime_from_value)


def cost(formula, prime, title, between=REALS, matched=()):
    """Register a cost: `formula` is what one output adds to the cost of one sample.

    It is defined for outputs `between` two bounds. `matched` holds pairs of an
    output and the function of (a, y) that is BP1 with it, where the two
    derivatives cancel; an output without a `prime` of its own works only there.
    """
    return _register(COSTS, formula=formula, prime=prime, title=title, between=between,
                     matched=dict(matched))


def matched(cost, output):
    """Return BP1 as a function of (a, y) if the cost and the output were made for each other.

    >>> matched(cross_entropy, softmax).__name__, matched(quadratic, sigmoid)
    ('softmax_output_delta', None)
    """
    return getattr(cost, "matched", {}).get(output)


def sigmoid_prime(z):
    """The derivative of the sigmoid, of the same shape as z.

    It never exceeds 1/4, and is close to 0 wherever |z| is large: there the
    unit is saturated.

    >>> float(sigmoid_prime(np.array(0.0)))
    0.25
    """
    a = sigmoid(z)
    return a * (1 - a)


@activation("1 / (1 + exp(-z))", prime=sigmoid_prime, between=(0, 1),
            prime_from_value=lambda a: a * (1 - a), title=("the sigmoid", "sigmoid 函數"))
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


def tanh_prime(z):
    """The derivative of the hyperbolic tangent, of the same shape as z.

    >>> float(tanh_prime(np.array(0.0)))
    1.0
    """
    return 1 - np.tanh(z) ** 2


@activation("tanh(z)", prime=tanh_prime, between=(-1, 1), prime_from_value=lambda a: 1 - a ** 2,
            title=("the hyperbolic tangent", "雙曲正切函數 tanh"))
def tanh(z):
    """The hyperbolic tangent, entry by entry: a sigmoid from −1 to 1, twice as steep in z.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(z)


def relu_prime(z):
    """The derivative of the rectified linear unit, of the same shape as z.

    At the kink z = 0 there is none. This returns 0, as is usual: any number
    from 0 to 1 would do as well.

    >>> relu_prime(np.array([-2.0, 0.0, 2.0]))
    array([0., 0., 1.])
    """
    return (z > 0) * np.ones_like(z)


@activation("Piecewise((0, z <= 0), (z, True))", prime=relu_prime, between=(0, np.inf), kinks=(0,),
            prime_from_value=relu_prime,  # a is positive wherever z is
            title=("the rectified linear unit", "線性整流函數 ReLU"))
def relu(z):
    """The rectified linear unit: z where it is positive, else 0, entry by entry.

    >>> relu(np.array([-2.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.maximum(z, 0)


def softplus_prime(z):
    """The derivative of softplus, of the same shape as z: the sigmoid.

    >>> float(softplus_prime(np.array(0.0)))
    0.5
    """
    return sigmoid(z)


@activation("log(1 + exp(z))", prime=softplus_prime, between=(0, np.inf),
            prime_from_value=lambda a: -np.expm1(-a),  # 1 - exp(-a), right for small a too
            title=("softplus", "softplus 函數"))
def softplus(z):
    """A smooth ReLU, log(1 + exp(z)), entry by entry.

    Written with exp of −|z|, which never overflows. An absolute value would
    hide the imaginary part of a complex step; z − 2 max(z, 0) doesn't.

    >>> softplus(np.array([-1000.0, 1000.0]))
    array([   0., 1000.])
    """
    positive = np.maximum(z, 0)
    return positive + np.log1p(np.exp(z - 2 * positive))


def identity_prime(z):
    """The derivative of the identity: 1, in the shape of z.

    >>> identity_prime(np.array([-2.0, 3.0]))
    array([1., 1.])
    """
    return np.ones_like(z)


@activation("z", prime=identity_prime, prime_from_value=identity_prime,
            title=("the identity", "恆等函數"))
def identity(z):
    """z itself: a linear unit, as for the output of a regression.

    >>> identity(np.array([-2.0, 3.0]))
    array([-2.,  3.])
    """
    return 1 * z


@_register(OUTPUTS, between=(0, 1))
def softmax(z):
    """Turn each column of z into positive numbers that add up to 1.

    z and the result have shape (n_L, N). Every output depends on every z of its
    column, so this is no activation of a single unit and has no `prime`: it is
    for the last layer, with the cross-entropy. The largest z is subtracted
    first, which changes nothing but keeps exp from overflowing.

    >>> softmax(np.array([[1000.0], [1000.0]]))
    array([[0.5],
           [0.5]])
    """
    powers = np.exp(z - z.max(axis=0))
    a = powers / powers.sum(axis=0)
    return a


def quadratic_prime(a, y):
    """The quadratic cost of one sample by each output activation.

    a and y have shape (n_L, N); so has the result. The seed calls it
    `cost_derivative`.

    >>> quadratic_prime(np.array([[0.75]]), np.array([[1.0]]))
    array([[-0.25]])
    """
    return a - y


@cost("(a - y)**2 / 2", prime=quadratic_prime,
      title=("quadratic cost of one sample", "單一樣本的二次成本"))
def quadratic(a, y):
    """Half the squared distance from target to output, for each sample.

    a and y have shape (n_L, N); the result has shape (N,). The half is there
    to cancel the 2 of the derivative.

    >>> quadratic(np.array([[0.75]]), np.array([[1.0]]))
    array([0.03125])
    """
    return ((a - y) ** 2).sum(axis=0) / 2


def binary_cross_entropy_prime(a, y):
    """The binary cross-entropy of one sample by each output activation.

    a and y have shape (n_L, N); so has the result.

    >>> binary_cross_entropy_prime(np.array([[0.5]]), np.array([[1.0]]))
    array([[-2.]])
    """
    return (a - y) / (a * (1 - a))


@cost("-(y * log(a) + (1 - y) * log(1 - a))", prime=binary_cross_entropy_prime, between=(0, 1),
      matched=[(sigmoid, sigmoid_output_delta)],
      title=("binary cross-entropy of one sample", "單一樣本的二元交叉熵"))
def binary_cross_entropy(a, y):
    """How improbable the targets are if each output is the probability of a 1.

    a and y have shape (n_L, N); the result has shape (N,).

    >>> binary_cross_entropy(np.array([[0.5]]), np.array([[1.0]])).round(4)
    array([0.6931])
    """
    ones, zeros = times_log(y, a), times_log(1 - y, 1 - a)
    return -(ones + zeros).sum(axis=0)


def cross_entropy_prime(a, y):
    """The cross-entropy of one sample by each output activation.

    a and y have shape (n_L, N); so has the result.

    >>> cross_entropy_prime(np.array([[0.25], [0.75]]), np.array([[1.0], [0.0]]))
    array([[-4.],
           [-0.]])
    """
    return -y / a


@cost("-y * log(a)", prime=cross_entropy_prime, between=(0, 1),
      matched=[(softmax, softmax_output_delta)],
      title=("cross-entropy of one sample", "單一樣本的交叉熵"))
def cross_entropy(a, y):
    """How improbable the targets are if the outputs are the probabilities of the classes.

    a and y have shape (n_L, N); the result has shape (N,).

    >>> cross_entropy(np.array([[0.25], [0.75]]), np.array([[0.0], [1.0]])).round(4)
    array([0.2877])
    """
    return -times_log(y, a).sum(axis=0)


def times_log(y, a):
    """y log(a), entry by entry, which is 0 where y is, even if a has been rounded to 0.

    >>> times_log(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    array([0., 0.])
    """
    with np.errstate(divide="ignore"):
        return y * np.log(np.where(y == 0, 1, a))
