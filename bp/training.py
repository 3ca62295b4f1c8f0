"""Training: mini-batch stochastic gradient descent.

What it computes is what a loop would compute that calls `backprop` on one batch
after the other and subtracts the gradients, times the learning rate. It is
written for speed, by three means:

- All parameters are one vector, of which the matrix of each layer is a view. Its
  last column holds the biases, as weights of an input that is always 1: so one
  product makes z, another both gradients, and one subtraction is the step.
- Samples are rows here, put in a new order once an epoch, so that each batch is a
  slice of them; its transpose, a view, has the columns of the equations.
- Arrays are made once for each size of batch, and filled again and again.
"""
import sys
from copy import deepcopy

import numpy as np

from bp import checks
from bp.functions import matched, sigmoid
from bp.history import History, accuracy

MEASURED_AT_ONCE = 1000  # samples: enough to be fast, few enough to need little memory


class Diverged(FloatingPointError):
    """Parameters ceased to be finite; `history` has the epochs before."""

    def __init__(self, message, history):
        super().__init__(message)
        self.history = history


def train(network, x, y, *, epochs, rate, batch=10, seed=None, test=None, patience=None,
          progress=True):
    """Train a network on the samples x with targets y; return its History.

    x has shape (n_0, N), y (n_L, N). Each of `epochs` goes through all samples once,
    in an order drawn from `seed`. Every `batch` of them (the last may be smaller)
    moves the parameters by the learning `rate` against the gradient of its mean
    cost. Cost and accuracy are measured on all samples, before the first epoch and
    after each; also on `test`, a pair (x, y), if it is given.

    With `patience`, training stops after so many epochs without a lower cost on
    `test`, and the network keeps the parameters of the lowest. `progress` shows a
    bar, on a terminal or in a notebook; it may be a function such as `tqdm.tqdm`,
    which is given the numbers of the epochs. x, y and the arrays that the network
    had are not changed: it gets new ones.

    Raises ValueError or TypeError, naming the argument, before anything is done,
    and Diverged if parameters cease to be finite. In that case, and when it is
    interrupted, the network has the last parameters that were finite.

    >>> from bp import Network
    >>> net, x = Network([1, 1], seed=1, activation="identity"), np.array([[-1.0, 0.0, 1.0]])
    >>> history = train(net, x, 3 * x + 2, epochs=300, rate=0.1, batch=1, seed=1)
    >>> net.weights[0].round(6).item(), net.biases[0].round(6).item()
    (3.0, 2.0)
    """
    sizes, dtype = checks.real_parameters(network.weights, network.biases)
    x, y = checks.samples(("x", "y"), (x, y), sizes, dtype)
    if test is not None:
        test = checks.samples(("test[0]", "test[1]"), checks.pair("test", test), sizes, dtype)
    epochs = checks.whole("epochs", epochs, 0)
    rate = checks.positive("rate", rate)
    batch = checks.whole("batch", batch, 1, x.shape[1])
    draw = np.random.default_rng(seed if seed is None else checks.whole("seed", seed, 0))
    if patience is not None:
        patience = checks.whole("patience", patience, 1)
        if test is None:
            raise ValueError("test: expected samples (x, y) to stop by, since there is a patience, "
                             "got None")

    run = _Run(network, dtype, rate, _Samples(x, y, dtype), test and _Samples(*test, dtype))
    shown = _shown(progress, range(1, epochs + 1))
    try:
        with np.errstate(all="ignore"):  # what overflows is found after the epoch
            run.record(only_better=False)
            for epoch in shown:
                run.learn(batch, draw)
                if not run.is_finite():
                    raise Diverged("rate: expected one with which all parameters stay finite, "
                                   f"got {rate:g}; in epoch {epoch} they ceased to be, and the "
                                   "network has those from before it", run.history)
                run.record(only_better=patience is not None)
                if hasattr(shown, "set_postfix_str"):
                    shown.set_postfix_str(str(run.history.latest))
                if patience is not None and epoch - run.history.kept >= patience:
                    break
    finally:
        network.weights, network.biases = run.result(only_better=patience is not None)
    return run.history


class _Samples:
    """Samples as rows, each with a 1 at its end, and their targets; all of it copied."""

    def __init__(self, x, y, dtype):
        self.inputs = np.ones((x.shape[1], len(x) + 1), dtype)
        self.inputs[:, :-1] = x.T
        self.targets = np.array(y.T, dtype, order="C")

    def shuffle_into(self, other, draw):
        """Put the same samples into `other`, in an order that is drawn."""
        order = draw.permutation(len(self.inputs))
        for rows, shuffled in ((self.inputs, other.inputs), (self.targets, other.targets)):
            np.take(rows, order, axis=0, out=shuffled, mode="clip")  # other modes copy once more

    def batches(self, size):
        """Slices of inputs and targets; the last may be smaller."""
        for start in range(0, len(self.inputs), size):
            yield self.inputs[start:start + size], self.targets[start:start + size]


class _Run:
    """The parameters of a network while it is trained, and what was measured."""

    def __init__(self, network, dtype, rate, samples, test):
        self.network, self.rate, self.samples, self.test = network, rate, samples, test
        self.shuffled = deepcopy(samples)
        self.parameters, self.matrices = _in_one_vector(network.weights, dtype)
        self.step, self.steps = _in_one_vector(network.weights, dtype)
        for matrix, weight, bias in zip(self.matrices, network.weights, network.biases):
            matrix[:, :-1], matrix[:, -1:] = weight, bias
        self.kept, self.passes, self.history = self.parameters.copy(), {}, History()

    def learn(self, batch, draw):
        """Go through all samples once, in a new order, with a step after each batch."""
        self.samples.shuffle_into(self.shuffled, draw)
        for inputs, targets in self.shuffled.batches(batch):
            self._pass_of(inputs).back(inputs, targets)
            np.subtract(self.parameters, self.step, self.parameters)

    def is_finite(self):
        return bool(np.isfinite(self.parameters).all())

    def record(self, only_better):
        """Measure, and keep the parameters; with `only_better` only if the test cost is the lowest."""
        history = self.history
        history.add(self._measure(self.samples), self.test and self._measure(self.test))
        if not only_better or history.test_cost[-1] < history.test_cost[history.kept]:
            history.kept = history.epochs
            np.copyto(self.kept, self.parameters)

    def result(self, only_better):
        """The weights and biases that training ends with, as arrays of their own."""
        if only_better or not self.is_finite():
            np.copyto(self.parameters, self.kept)
        return ([matrix[:, :-1].copy() for matrix in self.matrices],
                [matrix[:, -1:].copy() for matrix in self.matrices])

    def _measure(self, samples):
        """Mean cost and accuracy on these samples."""
        total, outputs = 0, []
        for inputs, targets in samples.batches(MEASURED_AT_ONCE):
            a = self._pass_of(inputs).forward(inputs)
            total += self.network.cost(a, targets.T).sum()
            outputs.append(a.copy())
        N = len(samples.inputs)
        share = accuracy(np.hstack(outputs), samples.targets.T, self.network.output)
        return float(total / N), share

    def _pass_of(self, inputs):
        N = len(inputs)
        if N not in self.passes:
            self.passes[N] = _Pass(self.network, self.matrices, self.steps, N, self.rate)
        return self.passes[N]


class _Pass:
    """The way forward and back for batches of N samples."""

    def __init__(self, network, matrices, steps, N, rate):
        functions = [network.activation] * (len(matrices) - 1) + [network.output]
        self.layers = [(_SigmoidLayer if f is sigmoid else _Layer)(matrix, step, f, N)
                       for matrix, step, f in zip(matrices, steps, functions)]
        self.pairs = list(zip(self.layers[:0:-1], self.layers[-2::-1]))
        self.cost, self.matched = network.cost, matched(network.cost, network.output)
        self.factor = np.array(rate / N, matrices[0].dtype)

    def forward(self, inputs):
        """Return the outputs for these rows of inputs; the next call overwrites them."""
        below = inputs.T
        for layer in self.layers:
            below = layer.forward(below)
        return layer.a

    def back(self, inputs, targets):
        """Compute each layer's step: the mean gradient over these samples, times the rate."""
        a, y, last = self.forward(inputs), targets.T, self.layers[-1]
        if self.matched:
            np.multiply(self.matched(a, y), self.factor, last.delta)
        else:
            np.multiply(self.cost.prime(a, y), self.factor, last.delta)
            last.times_slope()
        for layer, below in self.pairs:
            layer.delta.dot(below.with_one.T, layer.step)
            layer.weights.T.dot(layer.delta, below.delta)
            below.times_slope()
        self.layers[0].delta.dot(inputs, self.layers[0].step)


class _Layer:
    """A layer with N samples: z, a with a row of ones below it, delta times the factor of the step."""

    def __init__(self, matrix, step, f, N):
        n, self.matrix, self.step, self.f = len(matrix), matrix, step, f
        self.weights = matrix[:, :-1]
        self.z, self.delta = np.empty((n, N), matrix.dtype), np.empty((n, N), matrix.dtype)
        self.with_one = np.ones((n + 1, N), matrix.dtype)
        self.a = self.with_one[:-1]
        self.one = np.array(1, matrix.dtype)  # a number of Python's would be converted each time

    def forward(self, below):
        self.matrix.dot(below, self.z)
        self.respond()
        return self.with_one

    def respond(self):
        self.a[...] = self.f(self.z)

    def times_slope(self):
        from_value = getattr(self.f, "prime_from_value", None)
        slope = from_value(self.a) if from_value else self.f.prime(self.z)
        np.multiply(self.delta, slope, self.delta)


class _SigmoidLayer(_Layer):
    """The same without a new array, since most layers are of this kind; the slope takes the place of z."""

    def respond(self):
        a = np.negative(self.z, self.a)
        np.exp(a, a)
        np.add(a, self.one, a)
        np.reciprocal(a, a)

    def times_slope(self):
        slope = np.subtract(self.one, self.a, self.z)
        np.multiply(slope, self.a, slope)
        np.multiply(self.delta, slope, self.delta)


def _in_one_vector(weights, dtype):
    """A vector for all parameters, and a view of each layer's part, a column wider than its weights."""
    shapes = [(n, m + 1) for n, m in (weight.shape for weight in weights)]
    vector = np.zeros(sum(n * m for n, m in shapes), dtype)
    ends = np.cumsum([n * m for n, m in shapes])
    parts = np.split(vector, ends[:-1])
    return vector, [part.reshape(shape) for part, shape in zip(parts, shapes)]


def _shown(progress, epochs):
    """The numbers of the epochs, as `progress` wants them seen."""
    if callable(progress):
        return progress(epochs)
    if not progress or not (sys.stderr.isatty() or _in_notebook()):
        return epochs
    from tqdm import tqdm
    return tqdm(epochs, desc="train", unit="epoch")


def _in_notebook():
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"
