"""Training: it is a plain loop over `backprop`, ends well however it ends, and says what it measured."""
import io
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from bp import ACTIVATIONS, Network, identity, sigmoid, softmax, tanh, training
from bp.data import digits
from bp.evidence.fixtures import settings
from bp.history import History, accuracy
from bp.training import Diverged

SETTINGS = [(*setting, dtype) for setting in settings() for dtype in (np.float64, np.float32)]


def square(z):
    return z * z


square.prime = lambda z: 2 * z
square.__name__ = "square"


def samples(net, N, seed=0):
    draw = np.random.default_rng(seed)
    return draw.standard_normal((net.sizes[0], N)), draw.random((net.sizes[-1], N))


def classes(N, seed=0):
    """Points of a plane, and on which side of a line they lie, as two classes."""
    x = np.random.default_rng(seed).standard_normal((2, N))
    return x, np.eye(2)[:, (x.sum(axis=0) > 0).astype(int)]


def steps(net, x, y, epochs, batch, rate, seed):
    """Train by `net.backprop`, one batch after the other; yields after each step."""
    draw = np.random.default_rng(seed)
    for _ in range(epochs):
        order = draw.permutation(x.shape[1])
        for start in range(0, x.shape[1], batch):
            chosen = order[start:start + batch]
            nabla_b, nabla_w = net.backprop(x[:, chosen], y[:, chosen])
            net.biases = [b - rate * g for b, g in zip(net.biases, nabla_b)]
            net.weights = [w - rate * g for w, g in zip(net.weights, nabla_w)]
            yield


def parameters(net):
    return [*net.biases, *net.weights]


def copies(net):
    return [array.copy() for array in parameters(net)]


def assert_same(one, other):
    for got, want in zip(one, other, strict=True):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("hidden, cost, output, dtype", SETTINGS, ids=lambda value: getattr(value, "__name__", None))
@pytest.mark.parametrize("batch", [1, 4, 11])
def test_training_is_a_plain_loop_over_backprop(hidden, cost, output, dtype, batch, assert_close):
    nets = [Network([3, 5, 4, 2], 1, hidden, cost, dtype, output) for _ in range(2)]
    x, y = samples(nets[0], 11)
    for _ in steps(nets[0], x, y, epochs=3, batch=batch, rate=0.03, seed=7):
        pass
    nets[1].train(x, y, epochs=3, batch=batch, rate=0.03, seed=7)
    moved = Network([3, 5, 4, 2], 1, hidden, cost, dtype, output)
    for got, want, start in zip(*map(parameters, (nets[1], nets[0], moved))):
        assert got.dtype == dtype and not np.array_equal(want, start)
        assert_close(got - start, want - start, 1e-11 if dtype == np.float64 else 2e-3)


@pytest.mark.parametrize("sizes", [[2, 1], [1, 1, 1], [4, 4, 4, 4, 4], [64, 30, 10]], ids=str)
def test_training_is_a_plain_loop_whatever_the_sizes(sizes, assert_close):
    nets = [Network(sizes, 1) for _ in range(2)]
    x, y = samples(nets[0], 13)
    for _ in steps(nets[0], x, y, epochs=2, batch=5, rate=0.5, seed=7):
        pass
    nets[1].train(x, y, epochs=2, batch=5, rate=0.5, seed=7)
    for got, want in zip(*map(parameters, reversed(nets))):
        assert_close(got, want, 1e-12)


def test_an_activation_that_has_only_its_prime_trains_as_well(monkeypatch, assert_close):
    monkeypatch.setitem(ACTIVATIONS, "square", square)
    nets = [Network([3, 4, 2], 1, "square", output="identity") for _ in range(2)]
    x, y = samples(nets[0], 6)
    for _ in steps(nets[0], x, y, epochs=2, batch=4, rate=0.001, seed=7):
        pass
    nets[1].train(x, y, epochs=2, batch=4, rate=0.001, seed=7)
    for got, want in zip(*map(parameters, reversed(nets))):
        assert_close(got, want, 1e-12)


def test_a_seed_gives_the_same_training_whatever_the_global_generator_is():
    results = []
    for global_seed, seed in ((0, 5), (1, 5), (1, 6), (1, None), (1, None)):
        np.random.seed(global_seed)
        net = Network([2, 3, 2], seed=1)
        net.train(*classes(20), epochs=2, rate=1, batch=3, seed=seed)
        results.append(net.weights[0])
    assert np.array_equal(results[0], results[1])
    assert not any(np.array_equal(one, other) for one, other in zip(results[1:], results[2:]))


@pytest.mark.parametrize("order", "CF")
def test_samples_and_the_arrays_that_the_network_had_are_not_changed(order):
    net, data = Network([2, 3, 2], seed=1), [np.asarray(a, order=order) for a in (*classes(20), *classes(5, 1))]
    had, before = parameters(net), [copies(net), [a.copy() for a in data]]
    for array in (*had, *data):
        array.flags.writeable = False
    net.train(*data[:2], epochs=2, rate=1.0, seed=1, test=data[2:])
    assert_same(had, before[0]), assert_same(data, before[1])
    for number, new in enumerate(parameters(net)):
        assert new.flags.c_contiguous and new.flags.owndata and new.flags.writeable
        assert not any(np.shares_memory(new, other) for other in (*had, *data, *parameters(net)[:number]))


def test_one_sample_may_be_a_vector_and_numbers_may_be_whole(assert_close):
    nets = [Network([2, 3, 1], seed=1) for _ in range(2)]
    nets[0].train([1, -2], [1], epochs=3, rate=1, batch=1)
    nets[1].train(np.array([[1.0], [-2.0]]), np.array([[1.0]]), epochs=3, rate=1.0, batch=1)
    assert_same(*map(parameters, nets))


# What is measured.

def test_cost_and_accuracy_are_those_of_the_whole_before_the_first_epoch_and_after_each(monkeypatch):
    monkeypatch.setattr(training, "MEASURED_AT_ONCE", 7)
    data, test = classes(40), classes(15, seed=1)
    nets = [Network([2, 3, 2], seed=1, output="softmax", cost="cross_entropy") for _ in range(2)]
    history = nets[0].train(*data, epochs=4, rate=0.5, batch=6, seed=3, test=test)
    measured = []
    measure = lambda: measured.append([(nets[1].mean_cost(*s), float(
        (nets[1].feedforward(s[0])[1][-1].argmax(axis=0) == s[1].argmax(axis=0)).mean())) for s in (data, test)])
    measure()
    for number, _ in enumerate(steps(nets[1], *data, epochs=4, batch=6, rate=0.5, seed=3), 1):
        if number % 7 == 0:
            measure()
    (cost, share), (test_cost, test_share) = np.array(measured).transpose(1, 2, 0)
    assert len(history.cost) == 5 and history.epochs == history.kept == 4
    np.testing.assert_allclose([history.cost, history.accuracy], [cost, share], rtol=1e-12)
    np.testing.assert_allclose([history.test_cost, history.test_accuracy], [test_cost, test_share], rtol=1e-12)
    assert len(set(history.cost)) == 5 and set(history.cost).isdisjoint(history.test_cost)


def test_no_epochs_measure_and_change_nothing():
    net = Network([2, 3, 2], seed=1)
    before = copies(net)
    history = net.train(*classes(20), epochs=0, rate=1)
    assert_same(parameters(net), before)
    assert history.cost == [pytest.approx(net.mean_cost(*classes(20)))]
    assert repr(history).startswith("History of 0 epochs: cost 0.")


@pytest.mark.parametrize("a, y, output, share", [
    ([[0.1, 0.7], [0.9, 0.2], [0.0, 0.1]], [[0, 0], [1, 1], [0, 0]], softmax, 0.5),
    ([[-1.0, 3.0], [2.0, 4.0]], [[0, 1], [1, 0]], identity, 0.5),
    ([[0.1, 0.7], [0.9, 0.2]], [[0, 1], [1, 1]], sigmoid, None), ([[0.1], [0.9]], [[0.5], [0.5]], softmax, None),
    ([[0.1, 0.7], [0.9, 0.2]], [[0, 0], [1, 0]], sigmoid, None),
    ([[0.5, 0.49, 0.9, 0.1]], [[1, 1, 0, 0]], sigmoid, 0.5), ([[0.5, 0.4]], [[1, 0]], identity, None),
    ([[0.5, 0.4]], [[1, 0]], tanh, None), ([[0.5, 0.4]], [[1, 0.5]], sigmoid, None)])
def test_accuracy_is_the_share_of_classes_met_and_absent_without_classes(a, y, output, share):
    assert accuracy(np.array(a), np.array(y), output) == share


def test_a_history_says_first_and_last_numbers_and_what_was_kept():
    history = History([0.5, 0.2, 0.1], [0.25, 0.5, 1.0], [0.6, 0.3, 0.4], [], kept=1)
    assert repr(history) == ("History of 2 epochs: cost 0.5 → 0.1, accuracy 25.0% → 100.0%, test cost 0.6 → 0.4; "
                             "kept are the parameters after epoch 1")


@pytest.mark.parametrize("language, words", [
    ("en", ["Learning curve, cost E. training: 0.5 at epoch 0, 0.01 at epoch 2; test: 0.6 at epoch 0, 0.4 at epoch 2.",
            "Learning curve, accuracy in %. training: 5 at epoch 0, 100 at epoch 2."]),
    ("zh-TW", ["學習曲線，成本 E。訓練：", "學習曲線，正確率（%）。訓練："])])
def test_a_history_draws_its_curves_and_describes_them_in_both_languages(monkeypatch, language, words):
    monkeypatch.setenv("BP_LANG", language)
    drawn = History([0.5, 0.2, 0.01], [0.05, 0.5, 1.0], [0.6, np.inf, 0.4])._repr_html_()
    cost, accuracy = drawn.split("</svg><svg")
    assert drawn.count("<polyline") == 3 and "nan" not in drawn
    assert "10⁻²" in cost and "10⁻²" not in accuracy and ">40<" in accuracy
    assert all(word in drawn for word in words)
    assert History([1.0, 0.0])._repr_html_().count("<svg") == 1


# How it ends.

def test_without_a_lower_test_cost_it_stops_and_keeps_the_best_parameters():
    x, y = classes(40)
    net, start = Network([2, 3, 2], seed=1), copies(Network([2, 3, 2], seed=1))
    history = net.train(x, y, epochs=50, rate=1.0, seed=1, test=(x, net.feedforward(x)[1][-1]), patience=3)
    assert (history.epochs, history.kept) == (3, 0)
    assert_same(parameters(net), start)


def test_patience_begins_anew_with_each_lower_test_cost():
    data, test = classes(30), classes(30, seed=1)
    noisy = np.random.default_rng(0).permutation(test[1].T).T
    nets = [Network([2, 8, 2], seed=1) for _ in range(2)]
    options = dict(rate=2.0, batch=5, seed=1, test=(test[0], 0.75 * test[1] + 0.25 * noisy))
    whole = nets[0].train(*data, epochs=200, **options)
    history = nets[1].train(*data, epochs=200, patience=5, **options)
    lower = [epoch for epoch in range(1, 201) if whole.test_cost[epoch] < min(whole.test_cost[:epoch])]
    gaps = np.diff([0, *lower, 200])
    kept = [0, *lower][np.argmax(gaps > 5)]
    assert (history.kept, history.epochs) == (kept, kept + 5) and 5 < kept < 195
    assert history.test_cost == whole.test_cost[:kept + 6]
    assert nets[1].mean_cost(*options["test"]) == pytest.approx(min(history.test_cost), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_rate_that_diverges_stops_with_the_last_finite_parameters_and_the_epochs_before(dtype, recwarn):
    nets = [Network([2, 3, 2], 1, "identity", dtype=dtype) for _ in range(2)]
    options = dict(rate=3.0, batch=10, seed=1)
    with pytest.raises(Diverged, match="^rate: expected .* stay finite, got 3; in epoch ") as caught:
        nets[0].train(*classes(20), epochs=500, **options)
    history = caught.value.history
    assert isinstance(caught.value, FloatingPointError) and not recwarn.list
    assert f"in epoch {history.epochs + 1} they" in str(caught.value) and history.epochs >= 1
    nets[1].train(*classes(20), epochs=history.epochs, **options)
    assert_same(*map(parameters, nets))
    assert all(np.isfinite(array).all() for array in parameters(nets[0]))


def interrupt_after(monkeypatch, calls, error):
    original, count = training._Pass.back, iter(range(10**9))

    def back(self, *arguments):
        if next(count) == calls:
            raise error
        original(self, *arguments)
    monkeypatch.setattr(training._Pass, "back", back)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ZeroDivisionError])
@pytest.mark.parametrize("calls", [0, 3, 17])
def test_interrupted_anywhere_the_network_has_the_parameters_of_the_last_step(monkeypatch, error, calls, assert_close):
    nets = [Network([2, 3, 2], seed=1) for _ in range(2)]
    for number, _ in enumerate(steps(nets[0], *classes(20), epochs=9, batch=3, rate=1.0, seed=5)):
        if number + 1 == calls:
            break
    if not calls:
        nets[0] = Network([2, 3, 2], seed=1)
    interrupt_after(monkeypatch, calls, error)
    with pytest.raises(error):
        nets[1].train(*classes(20), epochs=9, batch=3, rate=1.0, seed=5)
    for got, want in zip(*map(parameters, reversed(nets))):
        assert_close(got, want, 1e-12)


def test_interrupted_after_it_diverged_within_an_epoch_it_has_finite_parameters(monkeypatch):
    net, start = Network([2, 3, 2], 1, "identity"), copies(Network([2, 3, 2], 1, "identity"))
    interrupt_after(monkeypatch, 19, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        net.train(*classes(20), epochs=9, batch=1, rate=1e200, seed=5)
    assert_same(parameters(net), start)


def test_interrupted_with_patience_it_has_the_best_parameters(monkeypatch):
    x, y = classes(40)
    net, start = Network([2, 3, 2], seed=1), copies(Network([2, 3, 2], seed=1))
    interrupt_after(monkeypatch, 6, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        net.train(x, y, epochs=50, rate=1.0, seed=1, test=(x, net.feedforward(x)[1][-1]), patience=9)
    assert_same(parameters(net), start)


# The bar.

class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_training_is_silent_and_loads_no_bar_unless_somebody_watches():
    program = ("import sys; from bp import Network; n = Network([1, 1], seed=1)\n"
               "n.train([[0, 1]], [[0, 1]], epochs=3, rate=1, batch=1)\nprint('tqdm' in sys.modules, 'sympy' in sys.modules)")
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("False False\n", "")


@pytest.mark.parametrize("stream, shell, progress, shown", [
    (Terminal, None, True, True), (Terminal, None, False, False), (io.StringIO, None, True, False),
    (io.StringIO, "ZMQInteractiveShell", True, True), (io.StringIO, "TerminalInteractiveShell", True, False)])
def test_a_bar_shows_on_a_terminal_or_in_a_notebook_and_says_the_numbers(monkeypatch, stream, shell, progress, shown):
    drawn = stream()
    monkeypatch.setattr(sys, "stderr", drawn)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(
        get_ipython=lambda: shell and type(shell, (), {})()))
    Network([2, 3, 2], seed=1).train(*classes(20), epochs=3, rate=1, progress=progress)
    assert bool(re.search("train: +100%.*3/3.*cost 0\\.\\d+, accuracy", drawn.getvalue())) == shown
    assert bool(drawn.getvalue()) == shown


def test_progress_may_be_a_function_of_the_epochs():
    seen = []
    Network([2, 3, 2], seed=1).train(*classes(20), epochs=3, rate=1, progress=lambda e: seen.append(list(e)) or e)
    assert seen == [[1, 2, 3]]


# The digits.

def test_the_digits_are_scikit_learns_and_every_fourth_is_for_the_test():
    from sklearn.datasets import load_digits
    source = load_digits()
    (x, y), (test_x, test_y) = digits()
    images, labels = np.empty((64, 1797)), np.empty((10, 1797))
    fourth = np.arange(1797) % 4 == 3
    images[:, ~fourth], images[:, fourth], labels[:, ~fourth], labels[:, fourth] = x, test_x, y, test_y
    assert (images.T * 16 == source.data).all()
    assert (labels.argmax(axis=0) == source.target).all() and set(np.unique(labels)) == {0, 1}
    assert (labels.sum(axis=0) == 1).all() and 41 <= test_y.sum(axis=1).min() <= test_y.sum(axis=1).max() <= 50


def test_a_network_learns_the_digits():
    data, test = digits()
    history = Network([64, 30, 10], seed=1).train(*data, epochs=20, rate=3.0, seed=1, test=test)
    assert history.test_accuracy[0] < 0.2 and history.test_accuracy[-1] >= 0.95
