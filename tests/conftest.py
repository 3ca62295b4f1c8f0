"""What the tests share: drawn problems, an oracle of loops, and ways to compare and to plant."""
import ast
import inspect
import textwrap
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from bp import evidence
from bp.evidence import refuted, written


@dataclass
class Problem:
    """Samples with targets, and the parameters of a network; unpacks as `backprop` takes it."""
    x: np.ndarray
    y: np.ndarray
    weights: list
    biases: list

    def __iter__(self):
        return iter((self.x, self.y, self.weights, self.biases))

    @property
    def arrays(self):
        return [self.x, self.y, *self.weights, *self.biases]

    def map(self, change):
        return Problem(change(self.x), change(self.y),
                       [change(w) for w in self.weights], [change(b) for b in self.biases])


def _draw(sizes, samples, seed=0):
    normal = np.random.default_rng(seed).standard_normal
    below, above = sizes[:-1], sizes[1:]
    return Problem(normal((sizes[0], samples)), normal((sizes[-1], samples)),
                   [normal((n, m)) / m**0.5 for n, m in zip(above, below)],
                   [normal((n, 1)) for n in above])


def _cost_in_loops(x, y, weights, biases, f):
    total = 0
    for s in range(x.shape[1]):
        a = list(x[:, s])
        for weight, bias in zip(weights, biases):
            a = [f(sum(row[k] * a[k] for k in range(len(a))) + b) for row, b in zip(weight, bias[:, 0])]
        total = total + sum((a_j - y_j) ** 2 for a_j, y_j in zip(a, y[:, s])) / 2
    return total / x.shape[1]


def _logistic(z):
    return 1 / (1 + np.exp(-z))


def _differences(problem, step, f=_logistic):
    x, y, weights, biases = problem

    def moved(array, index, by):
        array = array.astype(np.result_type(array, np.array(by)))
        array[index] += by
        return array

    def derivative(l, index, of_bias):
        def cost(by):
            ws, bs = list(weights), list(biases)
            changed = bs if of_bias else ws
            changed[l] = moved(changed[l], index, by)
            return _cost_in_loops(x, y, ws, bs, f)
        if isinstance(step, complex):
            return cost(step).imag / step.imag
        return (cost(step) - cost(-step)) / (2 * step)

    def gradient(arrays, of_bias):
        return [np.array([derivative(l, index, of_bias) for index in np.ndindex(array.shape)])
                .reshape(array.shape) for l, array in enumerate(arrays)]

    return gradient(biases, True), gradient(weights, False)


def _assert_close(analytic, reference, tolerance=1e-12, what="the arrays"):
    analytic, reference = np.asarray(analytic), np.asarray(reference)
    assert analytic.shape == reference.shape, (
        f"{what}: shape {analytic.shape}, the reference has {reference.shape}")
    error = np.sqrt((abs(analytic - reference) ** 2).sum())
    norm = np.sqrt((abs(reference) ** 2).sum())
    assert error <= tolerance * norm, (
        f"{what} differ by {error}, the norm of the reference is {norm}\n"
        f"analytic\n{analytic}\nreference\n{reference}")


def _assert_gradients_close(analytic, reference, tolerance=1e-12):
    for name, got, want in zip(("nabla_b", "nabla_w"), analytic, reference, strict=True):
        for l, (one, other) in enumerate(zip(got, want, strict=True)):
            _assert_close(one, other, tolerance, f"{name}[{l}]")


@pytest.fixture(scope="session")
def draw():
    """draw(sizes, samples, seed): a Problem with moderate numbers."""
    return _draw


@pytest.fixture(scope="session")
def cost_in_loops():
    """The mean quadratic cost, written in loops: it shares nothing with bp."""
    return _cost_in_loops


@pytest.fixture(scope="session")
def differences():
    """(nabla_b, nabla_w) of the oracle, entry by entry.

    An imaginary step takes the complex-step derivative, a real one central differences.
    """
    return _differences


@pytest.fixture(scope="session")
def assert_close():
    """Compare two arrays, the error relative to the norm of the reference."""
    return _assert_close


@pytest.fixture(scope="session")
def assert_gradients_close():
    """Compare two (nabla_b, nabla_w), each array relative to its own norm."""
    return _assert_gradients_close


@pytest.fixture
def plant(monkeypatch):
    """plant(function, right, wrong): a shipped function with one text in its source replaced.

    Whoever calls it runs the mistake, because the function stays and its code is exchanged. What
    is found meanwhile is forgotten with it.
    """
    for module, name in ((refuted, "table"), (evidence, "recorded"), (evidence, "evidence_of")):
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))

    def plant(function, right, wrong):
        function = inspect.unwrap(function)
        source = textwrap.dedent(inspect.getsource(function))
        assert source.count(right) == 1, f"{right!r} occurs {source.count(right)} times in\n{source}"
        tree = ast.parse(source.replace(right, wrong))
        tree.body[0].decorator_list = []
        made = {}
        exec(compile(tree, "<planted>", "exec"), function.__globals__, made)
        monkeypatch.setattr(function, "__code__", made[function.__name__].__code__)
    return plant


@pytest.fixture(autouse=True)
def nothing_stays_written_from_a_planted_mistake(request):
    """What was compiled while a statement was wrong must not be found by the tests that follow."""
    yield
    if {"monkeypatch", "plant"} & set(request.fixturenames):
        written._source.cache_clear()
