"""Backpropagation as others write it, beside ours: six conventions, each one executed.

A convention is a function that computes the gradient in the letters, shapes and
numbering of its source, on arrays of that kind, and rows that say what each of
its arrays is in ours. Every row is two expressions, one in their names and one
in ours; `compare` evaluates both and returns by how much they differ.

All of them use the sigmoid and the quadratic cost, so that only conventions
differ. In the rows our arrays are numbered as the layers are: `w[l]`, `b[l]`,
`z[l]`, `a[l]`, `delta[l]`, `nabla_w[l]`, `nabla_b[l]`; `n[l]` is a width.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bp.functions import sigmoid, sigmoid_prime
from bp.trace import trace


@dataclass(frozen=True)
class Row:
    """`theirs` is `ours`, for their layers `first` to L + `last`, where L is their last layer."""
    letter: str
    theirs: str
    ours: str
    first: int = 1
    last: int = 0


@dataclass(frozen=True)
class Convention:
    """How one source writes it.

    `arguments` turns a trace of ours into what `backprop` takes; `backprop`
    returns everything it computed, by name; `shift` is their number of a layer
    less ours.
    """
    backprop: Callable
    arguments: Callable
    rows: tuple[Row, ...]
    shift: int = 0


def compare(convention, network, x, y):
    """Return (row, shape, difference) of each row, on one network and its samples.

    The shape is that of their array in the row's first layer. The
    difference is the largest of all entries, layers and samples, relative to
    the largest entry of that array, and infinite where the shapes differ.

    >>> from bp.example import net, x, y
    >>> row, shape, difference = compare(CONVENTIONS["rows"], net, x, y)[0]
    >>> row.theirs, row.ours, shape, difference
    ('X', 'a[0].T', (1, 2), 0.0)
    """
    ours = _ours(network, x, y)
    found = convention.backprop(**convention.arguments(ours))
    L = ours["L"] + convention.shift
    results = []
    for row in convention.rows:
        difference, shape = 0.0, None
        for l in range(row.first, L + row.last + 1):
            for s, run in enumerate(found.get("runs", [{}] * ours["N"])):
                theirs = eval(row.theirs, {"np": np, **found, **run, "l": l})
                same = eval(row.ours, {"np": np, **ours, "l": l, "s": s})
                difference = max(difference, _difference(theirs, same))
                shape = shape or np.shape(theirs)
        results.append((row, shape, difference))
    return results


def _ours(network, x, y):
    run = trace(network, x, y)
    nabla_b, nabla_w = network.backprop(x, y)
    numbered = lambda arrays: dict(enumerate(arrays, start=1))
    return {"w": run.w, "b": run.b, "z": run.z, "a": run.a, "delta": run.delta, "y": run.y,
            "nabla_b": numbered(nabla_b), "nabla_w": numbered(nabla_w),
            "n": run.sizes, "L": run.L, "N": run.N}


def _difference(theirs, ours):
    if np.shape(theirs) != np.shape(ours):
        return np.inf
    return float(abs(theirs - ours).max() / abs(ours).max())


def _samples(ours):
    return [(ours["a"][0][:, [s]], ours["y"][:, [s]]) for s in range(ours["N"])]


def network_py(mini_batch, weights, biases):
    """Nielsen's network.py, of which the source notebook is a part: one sample at a time.

    weights and biases are lists; in the backward loop l counts from the end.
    Gradients of the samples are added up, and divided by their number only when
    the parameters are updated.
    """
    num_layers = len(weights) + 1

    def backprop(x, y):
        zs, activations = [], [x]
        for b, w in zip(biases, weights):
            zs.append(np.dot(w, activations[-1]) + b)
            activations.append(sigmoid(zs[-1]))
        delta_nabla_b, delta_nabla_w = list(biases), list(weights)
        for l in range(1, num_layers):
            if l == 1:
                delta = activations[-1] - y
            else:
                delta = np.dot(weights[-l+1].T, delta)
            delta = delta * sigmoid_prime(zs[-l])
            delta_nabla_b[-l] = delta
            delta_nabla_w[-l] = np.dot(delta, activations[-l-1].T)
        return locals()

    runs = [backprop(x, y) for x, y in mini_batch]
    layers = range(num_layers - 1)
    nabla_b = [sum(run["delta_nabla_b"][i] for run in runs) for i in layers]
    nabla_w = [sum(run["delta_nabla_w"][i] for run in runs) for i in layers]
    return locals()


def nielsen(examples, w, b):
    """Chapter 2 of Nielsen's book: layer 1 is the input, layer L the output; C is a mean.

    Arrays are numbered as in the text, so w[2] and b[2] are the first.
    """
    L, n = max(w), len(examples)

    def equations(x, y):
        z, a, delta = {}, {1: x}, {}
        for l in range(2, L + 1):
            z[l] = w[l] @ a[l-1] + b[l]
            a[l] = sigmoid(z[l])
        nabla_a = a[L] - y
        delta[L] = nabla_a * sigmoid_prime(z[L])
        for l in range(L - 1, 1, -1):
            delta[l] = (w[l+1].T @ delta[l+1]) * sigmoid_prime(z[l])
        dCx_db = {l: delta[l] for l in w}
        dCx_dw = {l: delta[l] @ a[l-1].T for l in w}
        return locals()

    runs = [equations(x, y) for x, y in examples]
    dC_db = {l: sum(run["dCx_db"][l] for run in runs) / n for l in w}
    dC_dw = {l: sum(run["dCx_dw"][l] for run in runs) / n for l in w}
    return locals()


def ng(X, Y, W, b):
    """Ng's Deep Learning Specialization: columns are samples, dA is carried beside dZ."""
    m, L = X.shape[1], len(W)
    A, Z, dA, dZ, dW, db = {0: X}, {}, {}, {}, {}, {}
    for l in range(1, L + 1):
        Z[l] = W[l] @ A[l-1] + b[l]
        A[l] = sigmoid(Z[l])
    dA[L] = A[L] - Y
    for l in range(L, 0, -1):
        dZ[l] = dA[l] * sigmoid_prime(Z[l])
        dW[l] = 1 / m * dZ[l] @ A[l-1].T
        db[l] = 1 / m * np.sum(dZ[l], axis=1, keepdims=True)
        dA[l-1] = W[l].T @ dZ[l]
    return locals()


def ng_theta(X, Y, Theta):
    """Ng's Machine Learning course: the bias is the column 0 of Theta, and every layer has a 1.

    X and Y have a row for each of the m samples, and each is turned into a
    column. Theta[l] leads from layer l to layer l+1; layer 1 is the input.
    """
    m, L = len(X), max(Theta) + 1

    def forward_and_back(x, y):
        z, a, delta = {}, {1: np.vstack([[[1]], x])}, {}
        for l in range(2, L + 1):
            z[l] = Theta[l-1] @ a[l-1]
            a[l] = np.vstack([[[1]], sigmoid(z[l])])
        a[L] = a[L][1:]
        delta[L] = (a[L] - y) * sigmoid_prime(z[L])
        for l in range(L - 1, 1, -1):
            from_above = Theta[l].T @ delta[l+1]
            delta[l] = from_above[1:] * sigmoid_prime(z[l])
        return locals()

    runs = [forward_and_back(X[[i]].T, Y[[i]].T) for i in range(m)]
    Delta = {l: sum(run["delta"][l+1] @ run["a"][l].T for run in runs)
             for l in Theta}
    D = {l: Delta[l] / m for l in Theta}
    return locals()


def rows(X, Y, W, b):
    """CS231n, and the layers of Keras: rows are samples, W has the shape (in, out).

    The division by N stands at the start of the way back, so it is in every dZ.
    """
    N, L = len(X), len(W)
    A, Z, dZ, dW, db = {0: X}, {}, {}, {}, {}
    for l in range(1, L + 1):
        Z[l] = A[l-1] @ W[l] + b[l]
        A[l] = sigmoid(Z[l])
    dA = (A[L] - Y) / N
    for l in range(L, 0, -1):
        dZ[l] = dA * sigmoid_prime(Z[l])
        dW[l] = A[l-1].T @ dZ[l]
        db[l] = np.sum(dZ[l], axis=0, keepdims=True)
        dA = dZ[l] @ W[l].T
    return locals()


def torch(x, y, weight, bias):
    """Layers torch.nn.Linear with nn.MSELoss: rows are samples, weight has the shape (out, in).

    The loss is the mean of the squares over all entries, samples and outputs,
    without a half.
    """
    L = len(weight)
    out, z, grad_z, weight_grad, bias_grad = {0: x}, {}, {}, {}, {}
    for l in range(1, L + 1):
        z[l] = out[l-1] @ weight[l].T + bias[l]
        out[l] = sigmoid(z[l])
    grad_out = 2 * (out[L] - y) / y.size
    for l in range(L, 0, -1):
        grad_z[l] = grad_out * sigmoid_prime(z[l])
        weight_grad[l] = grad_z[l].T @ out[l-1]
        bias_grad[l] = grad_z[l].sum(axis=0)
        grad_out = grad_z[l] @ weight[l]
    return locals()


def _turned(arrays):
    return {l: array.T for l, array in arrays.items()}


def _from_two(arrays):
    return {l + 1: array for l, array in arrays.items()}


CONVENTIONS = {
    "network.py": Convention(
        network_py,
        lambda ours: {"mini_batch": _samples(ours), "weights": list(ours["w"].values()),
                      "biases": list(ours["b"].values())},
        (Row("x", "x", "a[0][:, [s]]"),
         Row("w", "weights[-l]", "w[L+1-l]"),
         Row("b", "biases[-l]", "b[L+1-l]"),
         Row("z", "zs[-l]", "z[L+1-l][:, [s]]"),
         Row("a", "activations[-l]", "a[L+1-l][:, [s]]"),
         Row(r"\delta", "delta_nabla_b[-l]", "delta[L+1-l][:, [s]]"),
         Row(r"\nabla_b", "nabla_b[-l]", "N * nabla_b[L+1-l]"),
         Row(r"\nabla_w", "nabla_w[-l]", "N * nabla_w[L+1-l]"))),
    "nielsen": Convention(
        nielsen,
        lambda ours: {"examples": _samples(ours), "w": _from_two(ours["w"]),
                      "b": _from_two(ours["b"])},
        (Row("w^l", "w[l]", "w[l-1]", 2),
         Row("b^l", "b[l]", "b[l-1]", 2),
         Row("a^l", "a[l]", "a[l-1][:, [s]]"),
         Row("z^l", "z[l]", "z[l-1][:, [s]]", 2),
         Row(r"\nabla_a C", "nabla_a", "(a[L] - y)[:, [s]]"),
         Row(r"\delta^l", "delta[l]", "delta[l-1][:, [s]]", 2),
         Row(r"\partial C / \partial b^l", "dC_db[l]", "nabla_b[l-1]", 2),
         Row(r"\partial C / \partial w^l", "dC_dw[l]", "nabla_w[l-1]", 2)),
        shift=1),
    "ng": Convention(
        ng,
        lambda ours: {"X": ours["a"][0], "Y": ours["y"], "W": ours["w"], "b": ours["b"]},
        (Row("X", "X", "a[0]"),
         Row("W^{[l]}", "W[l]", "w[l]"),
         Row("b^{[l]}", "b[l]", "b[l]"),
         Row("Z^{[l]}", "Z[l]", "z[l]"),
         Row("A^{[l]}", "A[l]", "a[l]", 0),
         Row("dZ^{[l]}", "dZ[l]", "delta[l]"),
         Row("dA^{[l]}", "dA[l]", "w[l+1].T @ delta[l+1]", 0, -1),
         Row("dA^{[L]}", "dA[L]", "a[L] - y"),
         Row("db^{[l]}", "db[l]", "nabla_b[l]"),
         Row("dW^{[l]}", "dW[l]", "nabla_w[l]"))),
    "theta": Convention(
        ng_theta,
        lambda ours: {"X": ours["a"][0].T, "Y": ours["y"].T,
                      "Theta": {l: np.hstack([ours["b"][l], ours["w"][l]]) for l in ours["w"]}},
        (Row("X", "X", "a[0].T"),
         Row(r"\Theta^{(l)}", "Theta[l]", "np.hstack([b[l], w[l]])", 1, -1),
         Row("z^{(l)}", "z[l]", "z[l-1][:, [s]]", 2),
         Row("a^{(l)}", "a[l]", "np.vstack([[[1]], a[l-1][:, [s]]])", 1, -1),
         Row("a^{(L)}", "a[L]", "a[L][:, [s]]"),
         Row(r"\delta^{(l)}", "delta[l]", "delta[l-1][:, [s]]", 2),
         Row(r"\Delta^{(l)}", "Delta[l]", "N * np.hstack([nabla_b[l], nabla_w[l]])", 1, -1),
         Row("D^{(l)}", "D[l]", "np.hstack([nabla_b[l], nabla_w[l]])", 1, -1)),
        shift=1),
    "rows": Convention(
        rows,
        lambda ours: {"X": ours["a"][0].T, "Y": ours["y"].T, "W": _turned(ours["w"]),
                      "b": _turned(ours["b"])},
        (Row("X", "X", "a[0].T"),
         Row("W", "W[l]", "w[l].T"),
         Row("b", "b[l]", "b[l].T"),
         Row("Z", "Z[l]", "z[l].T"),
         Row("A", "A[l]", "a[l].T", 0),
         Row("dZ", "dZ[l]", "delta[l].T / N"),
         Row("db", "db[l]", "nabla_b[l].T"),
         Row("dW", "dW[l]", "nabla_w[l].T"))),
    "torch": Convention(
        torch,
        lambda ours: {"x": ours["a"][0].T, "y": ours["y"].T, "weight": ours["w"],
                      "bias": {l: b[:, 0] for l, b in ours["b"].items()}},
        (Row("x", "x", "a[0].T"),
         Row("A", "weight[l]", "w[l]"),
         Row("b", "bias[l]", "b[l][:, 0]"),
         Row(r"xA^{\mathrm T} + b", "z[l]", "z[l].T"),
         Row("", "grad_z[l]", "2 / (N * n[L]) * delta[l].T"),
         Row("", "bias_grad[l]", "2 / n[L] * nabla_b[l][:, 0]"),
         Row("", "weight_grad[l]", "2 / n[L] * nabla_w[l]"))),
}
