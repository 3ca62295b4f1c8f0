"""Backpropagation as different people write it: any algorithm of bp's, dressed in seven styles, and right code of its own.

`dress` changes nothing but how a function is called, how its arrays lie and how its
gradients come back. `Own` is right code that shares nothing with bp.
"""
from dataclasses import dataclass

import numpy as np

from bp.diagnosis.conventions import Call, Convention


def turned(array):
    """An array of the other orientation; a flat one stays."""
    return array.T


def flat(bias):
    """A column as a vector; anything else turned."""
    return bias[:, 0] if bias.ndim == 2 and bias.shape[1] == 1 else bias.T


def lists(backprop):
    """bp's own: lists, columns."""
    def gradient(x, y, weights, biases):
        return backprop(x, y, list(weights), list(biases))
    return gradient


def global_(backprop):
    """A notebook's: the parameters are global."""
    scope = {"run": backprop}
    exec("def gradient(x, y):\n    return run(x, y, weights, biases)", scope)
    return scope["gradient"]


def object_(backprop):
    """Nielsen's network.py: a class, one sample at a time; several columns are neither averaged nor, in biases, added."""
    class Network:
        def __init__(self, sizes):
            self.num_layers, self.sizes = len(sizes), sizes
            self.biases = [np.zeros((n, 1)) for n in sizes[1:]]
            self.weights = [np.zeros((n, m)) for m, n in zip(sizes, sizes[1:])]

        def backprop(self, x, y):
            runs = [backprop(x[:, [s]], y[:, [s]], self.weights, self.biases) for s in range(x.shape[1])]
            if len(runs) == 1:
                return runs[0]
            of_layers = [list(zip(*arrays)) for arrays in zip(*runs)]
            return [np.hstack(bs) for bs in of_layers[0]], [sum(ws) for ws in of_layers[1]]
    return Network


def dictionary(backprop):
    """Ng's: dictionaries W1, b1, …, columns."""
    def gradient(X, Y, parameters):
        layers = range(1, len(parameters) // 2 + 1)
        db, dW = backprop(X, Y, *([parameters[f"{letter}{l}"] for l in layers] for letter in "Wb"))
        return {f"d{letter}{l}": arrays[l-1] for letter, arrays in (("W", dW), ("b", db)) for l in layers}
    return gradient


def rows(backprop):
    """CS231n's: rows are samples, W has the shape (in, out)."""
    def gradient(X, Y, W, b):
        db, dW = backprop(X.T, Y.T, [w.T for w in W], [bias.T for bias in b])
        return [turned(w) for w in dW], [turned(bias) for bias in db]
    return gradient


def linear(backprop):
    """PyTorch's layers: rows, W has the shape (out, in), b is flat; the mean of squares over everything."""
    def gradient(x, y, params):
        db, dW = backprop(x.T, y.T, [w for w, _ in params], [b[:, None] for _, b in params])
        scale = 2 / y.shape[1]
        return [(scale * w, scale * flat(b)) for w, b in zip(dW, db)]
    return gradient


def separate(backprop):
    """Two layers, each array by its own name."""
    def gradient(X, Y, W1, b1, W2, b2):
        db, dW = backprop(X, Y, [W1, W2], [b1, b2])
        return dW[0], db[0], dW[1], db[1]
    return gradient


@dataclass(frozen=True)
class Style:
    """A way to write it, and the convention that it is."""
    dress: object
    convention: Convention


_LISTS, _STATE, _PARAMETERS = Call(("x", "y", "weights", "biases")), Call(("x", "y")), Call(("x", "y", "parameters"))
STYLES = {
    "lists": Style(lists, Convention(_LISTS, "columns", "lists", "nabla_b, nabla_w")),
    "globals": Style(global_, Convention(_STATE, "columns", "lists", "nabla_b, nabla_w")),
    "object": Style(object_, Convention(_STATE, "sample", "lists", "nabla_b, nabla_w")),
    "dictionary": Style(dictionary, Convention(_PARAMETERS, "columns", "dictionary", "dictionary")),
    "rows": Style(rows, Convention(_LISTS, "rows", "lists", "nabla_w, nabla_b")),
    "linear": Style(linear, Convention(_PARAMETERS, "linear", "pairs", "pairs w, b")),
    "separate": Style(separate, Convention(Call(("x", "y", "w1", "b1", "w2", "b2"), 2), "columns", "separate",
                                           "w1, b1, …")),
}


@dataclass(frozen=True)
class Own:
    """Right backpropagation with the sigmoid, written otherwise than bp's; call it as bp.backprop.

    `from_a`: f' from a, not from z; `in_loops`: sample by sample; `of_batch`: divided by N at
    the output, not at the end; `scale` multiplies the cost.
    """
    from_a: bool = True
    in_loops: bool = False
    of_batch: bool = False
    scale: float = 1.0
    dtype: type = np.float64

    def __call__(self, x, y, weights, biases):
        x, y = (np.asarray(array, self.dtype) for array in (x, y))
        weights, biases = ([np.asarray(array, self.dtype) for array in arrays] for arrays in (weights, biases))
        N = x.shape[1]
        if not self.in_loops:
            return self._of(x, y, weights, biases, N)
        runs = [self._of(x[:, s:s+1], y[:, s:s+1], weights, biases, N) for s in range(N)]
        return tuple([sum(arrays) for arrays in zip(*(run[kind] for run in runs))] for kind in (0, 1))

    def _of(self, x, y, weights, biases, N):
        a, z = [x], []
        for w, b in zip(weights, biases):
            z.append(np.einsum("jk,ks->js", w, a[-1]) + b)
            a.append(0.5 * (1 + np.tanh(z[-1] / 2)) if self.in_loops else 1 / (1 + np.exp(-z[-1])))
        slope = (lambda l: a[l] * (1 - a[l])) if self.from_a else lambda l: np.exp(-abs(z[l-1])) / (1 + np.exp(-abs(z[l-1])))**2
        early, late = (N, 1) if self.of_batch else (1, N)
        error, db, dw = self.scale * (a[-1] - y) / early, [], []
        for l in reversed(range(1, len(a))):
            delta = error * slope(l)
            db.append(delta.sum(1, keepdims=True) / late)
            dw.append(np.einsum("js,ks->jk", delta, a[l-1]) / late)
            error = np.einsum("jk,js->ks", weights[l-1], delta)
        return db[::-1], dw[::-1]
