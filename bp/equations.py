"""The equations of backpropagation, one short function each.

Columns are samples: `a`, `y`, `z` and `delta` have one column for each of the
N samples. `weight` and `bias` are those of one layer l, with n_l rows:
`weight[j, k]` leads from unit k of layer l-1 to unit j of layer l.

Each function is the NumPy form of one statement that SymPy derives; the two
are compared, entry by entry, by `bp verify`.
"""
import numpy as np


def weighted_input(weight, a, bias):
    """What reaches a unit: the activations below, weighted, plus its bias.

    weight (n_l, n_{l-1}), a of layer l-1 (n_{l-1}, N), bias (n_l, 1);
    returns z of layer l (n_l, N). The bias is added to every column.
    Source: seed notebook, In [11].

    >>> import numpy as np
    >>> weighted_input(np.array([[2.0, 3.0]]), np.array([[1.0], [10.0]]), np.array([[0.5]]))
    array([[32.5]])
    """
    z = weight @ a + bias
    return z


def activate(z, activation):
    """What a unit sends on: the activation function of its weighted input.

    z (n_l, N); returns a of layer l, the same shape.
    Source: seed notebook, In [11].

    >>> import numpy as np; from bp import sigmoid
    >>> activate(np.array([[0.0]]), sigmoid)
    array([[0.5]])
    """
    a = activation(z)
    return a


def mean_cost(a, y, cost):
    """The mean over the N samples of the cost of one.

    a of layer L and y, both (n_L, N); returns a number.
    Source: the seed uses E without defining it.

    >>> import numpy as np; from bp import quadratic
    >>> float(mean_cost(np.array([[0.75, 0.5]]), np.array([[1.0, 1.0]]), quadratic))
    0.078125
    """
    N = a.shape[1]
    return cost(a, y).sum() / N


def output_delta(a, y, z, activation, cost):
    """How fast the cost of a sample grows with each output's weighted input.

    a, y and z of layer L, all (n_L, N); returns delta of layer L (n_L, N).
    Source: seed notebook, In [14]; Nielsen's BP1.

    >>> import numpy as np; from bp import quadratic, sigmoid
    >>> output_delta(np.array([[0.5]]), np.array([[1.0]]), np.array([[0.0]]), sigmoid, quadratic)
    array([[-0.125]])
    """
    delta = cost.prime(a, y) * activation.prime(z)
    return delta


def sigmoid_output_delta(a, y):
    """The output delta of the sigmoid with the binary cross-entropy, in which f' cancels.

    a and y of layer L, both (n_L, N); returns delta of layer L (n_L, N).

    >>> import numpy as np
    >>> sigmoid_output_delta(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.5]])
    """
    delta = a - y
    return delta


def softmax_output_delta(a, y):
    """The output delta of softmax with the cross-entropy, whose outputs depend on each other.

    a and y of layer L, both (n_L, N); returns delta of layer L (n_L, N). With
    targets that add up to 1 it is a - y, like that of the sigmoid.

    >>> import numpy as np
    >>> softmax_output_delta(np.array([[0.25], [0.75]]), np.array([[1.0], [0.0]]))
    array([[-0.75],
           [ 0.75]])
    """
    delta = a * y.sum(axis=0) - y
    return delta


def hidden_delta(weight, delta, z, activation):
    """How fast the cost of a sample grows with each hidden weighted input.

    weight (n_l, n_{l-1}) and delta (n_l, N) of layer l, z (n_{l-1}, N) of
    layer l-1; returns delta of layer l-1 (n_{l-1}, N).
    Source: seed notebook, In [18]; Nielsen's BP2.

    >>> import numpy as np; from bp import sigmoid
    >>> hidden_delta(np.array([[2.0, 4.0]]), np.array([[1.0]]), np.zeros((2, 1)), sigmoid)
    array([[0.5],
           [1. ]])
    """
    return (weight.T @ delta) * activation.prime(z)


def bias_gradient(delta):
    """The derivative of E by each bias of a layer: delta, averaged over samples.

    delta (n_l, N); returns (n_l, 1), the shape of the biases.
    Source: seed notebook, In [15] (one sample); Nielsen's BP3.

    >>> import numpy as np
    >>> bias_gradient(np.array([[1.0, 3.0]]))
    array([[2.]])
    """
    N = delta.shape[1]
    return delta.sum(axis=1, keepdims=True) / N


def weight_gradient(delta, a):
    """The derivative of E by each weight: delta above times activation below.

    delta of layer l (n_l, N), a of layer l-1 (n_{l-1}, N); returns
    (n_l, n_{l-1}), the shape of the weights. The product adds over samples;
    of a single one, `np.dot` makes it in a quarter of the time of `@`.
    Source: seed notebook, In [16]; Nielsen's BP4.

    >>> import numpy as np
    >>> weight_gradient(np.array([[2.0]]), np.array([[3.0], [5.0]]))
    array([[ 6., 10.]])
    """
    N = delta.shape[1]
    return np.dot(delta / N, a.T)
