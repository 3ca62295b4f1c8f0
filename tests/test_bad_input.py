"""Every bad input gets one error that names the argument, what was expected and what came."""
import numpy as np
import pytest

from bp import COSTS, Network, backprop, feedforward, relu, softmax, spec, verify
from bp.example import net as example_net
from bp.trace import trace

X, Y = np.array([1.5, -0.5]), np.array([1.0])
WEIGHTS, BIASES = example_net.weights, example_net.biases
MANY = np.ones((2, 5))


def with_weights(*weights, biases=BIASES):
    return lambda: backprop(X, Y, list(weights), list(biases))


def with_biases(*biases):
    return with_weights(*WEIGHTS, biases=biases)


def with_x(x):
    return lambda: backprop(x, Y, WEIGHTS, BIASES)


def with_y(y, x=X):
    return lambda: backprop(x, y, WEIGHTS, BIASES)


def with_sizes(sizes):
    return lambda: Network(sizes)


def spoilt(array, value):
    return np.concatenate([array.ravel()[:-1], [value]]).reshape(array.shape)


def training(x=MANY, y=np.ones((1, 5)), net=None, **options):
    net = net or Network([2, 3, 1], seed=1)
    return lambda: net.train(x, y, **{"epochs": 1, "rate": 1.0, "batch": 2, **options})


SIZES_EXPECTED = "two or more positive whole numbers"
COLUMNS_EXPECTED = "(2,) or (2, N)"
FINITE, INEXACT = "finite values", "float, complex or object entries"
PRIME = "a function with its derivative as `prime`"

CASES = {
    "x with too many rows": (with_x([1, 2, 3]), ValueError, "x", COLUMNS_EXPECTED, "(3,)"),
    "x with samples as rows": (with_x(MANY.T), ValueError, "x", COLUMNS_EXPECTED, "(5, 2)"),
    "x in three dimensions": (with_x(np.ones((2, 1, 1))), ValueError, "x", COLUMNS_EXPECTED, "(2, 1, 1)"),
    "x a number": (with_x(1.0), ValueError, "x", COLUMNS_EXPECTED, "()"),
    "x without samples": (with_x(np.ones((2, 0))), ValueError, "x", COLUMNS_EXPECTED, "(2, 0)"),
    "x ragged": (with_x([[1, 2], [3]]), ValueError, "x", "rows of equal length", "[[1, 2], [3]]"),
    "x with nan": (with_x([1, np.nan]), ValueError, "x", FINITE, "inf or nan"),
    "x with inf": (with_x([1, np.inf]), ValueError, "x", FINITE, "inf or nan"),
    "x complex for a real network": (with_x([1j, 0]), TypeError, "x", "float64", "complex128"),
    "x of words": (with_x(["a", "b"]), TypeError, "x", "float64", "<U1"),

    "y with too many rows": (with_y([1, 0]), ValueError, "y", "(1, 1)", "(2,)"),
    "y a number": (with_y(1.0), ValueError, "y", "(1, 1)", "()"),
    "y flat for five samples": (with_y(np.ones(5), MANY), ValueError, "y", "(1, 5)", "(5,)"),
    "y as rows": (with_y(np.ones((5, 1)), MANY), ValueError, "y", "(1, 5)", "(5, 1)"),
    "y of one sample for five": (with_y([[1.0]], MANY), ValueError, "y", "(1, 5)", "(1, 1)"),
    "y ragged": (with_y([[1], [2, 3]]), ValueError, "y", "rows of equal length", "[[1], [2, 3]]"),
    "y with nan": (with_y([np.nan]), ValueError, "y", FINITE, "inf or nan"),
    "y complex for a real network": (with_y([1j]), TypeError, "y", "float64", "complex128"),
    "y for mean_cost": (lambda: example_net.mean_cost(X, [1, 2]), ValueError, "y", "(1, 1)", "(2,)"),
    "y for trace": (lambda: trace(Network([2, 3], seed=1), np.ones((2, 2)), np.ones((2, 3))),
                    ValueError, "y", "(3, 2)", "(2, 3)"),

    "whole-number weights": (with_weights(np.ones((3, 2), int), WEIGHTS[1]),
                             TypeError, "weights[0]", INEXACT, "int64"),
    "true-or-false weights": (with_weights(WEIGHTS[0], np.ones((1, 3), bool)),
                              TypeError, "weights[1]", INEXACT, "bool"),
    "whole-number biases": (with_biases(BIASES[0], np.ones((1, 1), int)),
                            TypeError, "biases[1]", INEXACT, "int64"),
    "weights with nan": (with_weights(spoilt(WEIGHTS[0], np.nan), WEIGHTS[1]),
                         ValueError, "weights[0]", FINITE, "inf or nan"),
    "weights with inf": (with_weights(WEIGHTS[0], spoilt(WEIGHTS[1], -np.inf)),
                         ValueError, "weights[1]", FINITE, "inf or nan"),
    "biases with nan": (with_biases(spoilt(BIASES[0], np.nan), BIASES[1]),
                        ValueError, "biases[0]", FINITE, "inf or nan"),
    "weights in lists": (with_weights(WEIGHTS[0].tolist(), WEIGHTS[1]),
                         TypeError, "weights[0]", "a NumPy array", "list"),
    "flat weights": (with_weights(WEIGHTS[0], WEIGHTS[1][0]), ValueError, "weights[1]", "(any, 3)", "(3,)"),
    "weights that do not fit": (with_weights(WEIGHTS[0], WEIGHTS[1].T),
                                ValueError, "weights[1]", "(any, 3)", "(3, 1)"),
    "weights of no unit": (with_weights(np.ones((0, 2)), WEIGHTS[1]),
                           ValueError, "weights[0]", "(any, any)", "(0, 2)"),
    "weights that are None": (lambda: backprop(X, Y, None, BIASES), TypeError, "weights", "a list of arrays", "NoneType"),
    "biases from a generator": (lambda: backprop(X, Y, WEIGHTS, (b for b in BIASES)),
                                TypeError, "biases", "a list of arrays", "generator"),
    "masked weights": (with_weights(np.ma.masked_array(WEIGHTS[0]), WEIGHTS[1]), TypeError, "weights[0]", "a NumPy array", "MaskedArray"),
    "a rate beyond floats": (training(rate=10**400), ValueError, "rate", "a positive number", "1000"),
    "an activation of arrays": (lambda: Network([2, 1], activation=np.ones(2)), ValueError, "activation", "'sigmoid'", "array"),
    "no weights": (with_weights(biases=[]), ValueError, "weights", "one or more arrays", "[]"),
    "a bias short": (with_biases(BIASES[0]), ValueError, "biases", "one for each", "1 for 2"),
    "flat biases": (with_biases(BIASES[0][:, 0], BIASES[1]), ValueError, "biases[0]", "(3, 1)", "(3,)"),
    "biases in a row": (with_biases(BIASES[0].T, BIASES[1]), ValueError, "biases[0]", "(3, 1)", "(1, 3)"),

    "no sizes": (with_sizes([]), ValueError, "sizes", SIZES_EXPECTED, "[]"),
    "one size": (with_sizes([3]), ValueError, "sizes", SIZES_EXPECTED, "[3]"),
    "a size of zero": (with_sizes([2, 0, 1]), ValueError, "sizes", SIZES_EXPECTED, "[2, 0, 1]"),
    "a negative size": (with_sizes([2, -3, 1]), ValueError, "sizes", SIZES_EXPECTED, "[2, -3, 1]"),
    "a broken size": (with_sizes([2, 3.5, 1]), ValueError, "sizes", SIZES_EXPECTED, "[2, 3.5, 1]"),
    "sizes as text": (with_sizes("231"), ValueError, "sizes", SIZES_EXPECTED, "'231'"),
    "sizes a number": (with_sizes(5), ValueError, "sizes", SIZES_EXPECTED, "5"),

    "unknown activation": (lambda: Network([2, 1], activation="sigmiod"),
                           ValueError, "activation", "'sigmoid'", "'sigmiod'"),
    "unregistered activation": (lambda: Network([2, 1], activation=np.tanh),
                                ValueError, "activation", "'sigmoid'", "ufunc 'tanh'"),
    "unknown cost": (lambda: Network([2, 1], cost="quartic"),
                     ValueError, "cost", "'quadratic'", "'quartic'"),
    "a cost for an activation": (lambda: backprop(X, Y, WEIGHTS, BIASES, COSTS["quadratic"]),
                                 TypeError, "activation", "a function of z alone", "quadratic"),
    "an activation for a cost": (lambda: backprop(X, Y, WEIGHTS, BIASES, cost=relu), TypeError, "cost", "a function of a and y", "relu"),
    "activation's name for backprop": (lambda: backprop(X, Y, WEIGHTS, BIASES, activation="tanh"),
                                       TypeError, "activation", PRIME, "'tanh'"),
    "activation's name for feedforward": (lambda: feedforward(X, WEIGHTS, BIASES, activation="tanh"),
                                          TypeError, "activation", PRIME, "'tanh'"),
    "activation without a derivative": (lambda: backprop(X, Y, WEIGHTS, BIASES, np.tanh),
                                        TypeError, "activation", PRIME, "ufunc 'tanh'"),
    "cost without a derivative": (lambda: backprop(X, Y, WEIGHTS, BIASES, cost="quadratic"),
                                  TypeError, "cost", PRIME, "'quadratic'"),
    "unknown output": (lambda: Network([2, 1], output="sotfmax"), ValueError, "output", "'softmax'", "'sotfmax'"),
    "an output that is nothing": (lambda: Network([2, 1], output=""), ValueError, "output", "'softmax'", "''"),
    "output with a cost for single units": (lambda: Network([2, 1], output="softmax"),
                                            ValueError, "output", "for the cost quadratic", "softmax"),
    "output with the other cross-entropy": (
        lambda: Network([2, 1], output="softmax", cost="binary_cross_entropy"),
        ValueError, "output", "for the cost binary_cross_entropy", "softmax"),
    "output below the cost's range": (lambda: Network([2, 1], activation="tanh", cost="cross_entropy"),
                                      ValueError, "output", "between 0 and 1", "tanh, between -1 and 1"),
    "output above the cost's range": (lambda: Network([2, 1], output="relu", cost="binary_cross_entropy"),
                                      ValueError, "output", "between 0 and 1", "relu, between 0 and inf"),
    "softmax for hidden layers": (lambda: Network([2, 1], activation="softmax", cost="cross_entropy"),
                                  ValueError, "activation", "'sigmoid'", "'softmax'"),
    "output's name for backprop": (lambda: backprop(X, Y, WEIGHTS, BIASES, output="softmax"),
                                   TypeError, "output", "a function", "'softmax'"),
    "output's name for feedforward": (lambda: feedforward(X, WEIGHTS, BIASES, output="softmax"),
                                      TypeError, "output", "a function", "'softmax'"),
    "an output of zero for feedforward": (lambda: feedforward(X, WEIGHTS, BIASES, output=0),
                                          TypeError, "output", "a function", "0"),
    "output without a derivative": (lambda: backprop(X, Y, WEIGHTS, BIASES, output=np.tanh),
                                    ValueError, "output", "`prime`", "tanh"),
    "softmax with the quadratic cost in backprop": (lambda: backprop(X, Y, WEIGHTS, BIASES, output=softmax),
                                                    ValueError, "output", "for the cost quadratic", "softmax"),
    "output out of range in backprop": (lambda: backprop(X, Y, WEIGHTS, BIASES, cost=COSTS["cross_entropy"],
                                                         output=relu),
                                        ValueError, "output", "between 0 and 1", "relu, between 0 and inf"),
    "whole-number dtype": (lambda: Network([2, 1], dtype=int),
                           TypeError, "dtype", "a float, complex or object dtype", "'int'"),
    "unknown dtype": (lambda: Network([2, 1], dtype="flaot"),
                      TypeError, "dtype", "a float, complex or object dtype", "'flaot'"),

    "unknown equation": (lambda: spec["hidden-detla"],
                         spec.UnknownEquation, "equation", "bias-gradient, ", "'hidden-detla'"),
    "x beyond float32": (lambda: backprop([1e300, 0], Y, [w.astype(np.float32) for w in WEIGHTS],
                                           [b.astype(np.float32) for b in BIASES]),
                         ValueError, "x", "finite values of dtype float32", "inf or nan"),
    "no samples to train on": (training(np.ones((2, 0)), np.ones((1, 0))), ValueError, "x", "(2,) or (2, N)", "(2, 0)"),
    "no targets": (training(y=np.ones((1, 0))), ValueError, "y", "(1,) or (1, N)", "(1, 0)"),
    "samples in rows": (training(MANY.T), ValueError, "x", "(2,) or (2, N)", "(5, 2)"),
    "fewer targets": (training(y=np.ones((1, 4))), ValueError, "y", "as many columns as x has samples, 5", "4"),
    "targets in one dimension": (training(y=np.ones(5)), ValueError, "y", "(1,) or (1, N)", "(5,)"),
    "nan among the samples": (training(spoilt(MANY, np.nan)), ValueError, "x", "finite values", "inf or nan"),
    "inf among the targets": (training(y=np.full((1, 5), np.inf)), ValueError, "y", "finite values", "inf or nan"),
    "texts for samples": (training(MANY.astype(str)), TypeError, "x", "the parameters' dtype float64", "<U"),
    "a batch larger than the data": (training(batch=6), ValueError, "batch", "a whole number from 1 to 5", "6"),
    "an empty batch": (training(batch=0), ValueError, "batch", "a whole number from 1 to 5", "0"),
    "a broken batch": (training(batch=2.0), ValueError, "batch", "a whole number from 1 to 5", "2.0"),
    "a rate of zero": (training(rate=0), ValueError, "rate", "a positive number", "0"),
    "a negative rate": (training(rate=-0.5), ValueError, "rate", "a positive number", "-0.5"),
    "a rate that is no number": (training(rate=np.nan), ValueError, "rate", "a positive number", "nan"),
    "an infinite rate": (training(rate=np.inf), ValueError, "rate", "a positive number", "inf"),
    "a rate in words": (training(rate="fast"), ValueError, "rate", "a positive number", "'fast'"),
    "epochs below zero": (training(epochs=-1), ValueError, "epochs", "a whole number from 0", "-1"),
    "half an epoch": (training(epochs=0.5), ValueError, "epochs", "a whole number from 0", "0.5"),
    "a truth for epochs": (training(epochs=True), ValueError, "epochs", "a whole number from 0", "True"),
    "a negative seed": (training(seed=-1), ValueError, "seed", "a whole number from 0", "-1"),
    "no patience": (training(patience=0, test=(MANY, np.ones((1, 5)))), ValueError, "patience",
                    "a whole number from 1", "0"),
    "patience without a test": (training(patience=3), ValueError, "test", "samples (x, y) to stop by", "None"),
    "a share for a test": (training(test=0.2), TypeError, "test", "a pair (x, y)", "float"),
    "a test of three": (training(test=(MANY, MANY, MANY)), ValueError, "test", "a pair (x, y)", "3 entries"),
    "an empty test": (training(test=(np.ones((2, 0)), np.ones((1, 0)))), ValueError, "test[0]", "(2, N)", "(2, 0)"),
    "a test with fewer targets": (training(test=(MANY, np.ones((1, 4)))), ValueError, "test[1]",
                                  "as many columns as test[0] has samples, 5", "4"),
    "nan in the test": (training(test=(MANY, np.full((1, 5), np.nan))), ValueError, "test[1]", "finite", "inf or nan"),
    "training with objects": (training(net=Network([2, 3, 1], dtype=object)), TypeError, "dtype", "real floats", "object"),
    "training with complex numbers": (training(net=Network([2, 3, 1], dtype=complex)), TypeError, "dtype",
                                      "real floats", "complex128"),

    "no equation to verify": (lambda: verify(equations=[]), ValueError, "equations",
                              "a list of one or more ids", "[]"),
    "an id for a list of ids": (lambda: verify(equations="sigmoid"), ValueError, "equations",
                                "a list of one or more ids", "'sigmoid'"),
    "unknown equation to verify": (lambda: verify(equations=["sigmoid", "bp5"]),
                                   spec.UnknownEquation, "equation", "bias-gradient, ", "'bp5'"),
}


@pytest.mark.parametrize("call, error, argument, expected, came", CASES.values(), ids=CASES)
def test_bad_input_is_refused_in_one_clear_line(call, error, argument, expected, came):
    with pytest.raises(error) as caught:
        call()
    assert caught.type is error
    message = str(caught.value)
    name, _, rest = message.partition(": ")
    before, _, after = rest.rpartition(", got ")
    assert (name, "\n" in message) == (argument, False), message
    assert before.startswith("expected") and expected in before, message
    assert came in after, message


@pytest.mark.parametrize("options", [{"x": spoilt(MANY, np.nan)}, {"batch": 6}, {"rate": -1}, {"test": 0.2}, {"patience": 1}],
                         ids=str)
def test_a_training_that_is_refused_changes_nothing(options):
    net = Network([2, 3, 1], seed=1)
    had = net.weights, net.biases, *[array.copy() for array in (*net.weights, *net.biases)]
    with pytest.raises((ValueError, TypeError)):
        training(net=net, **options)()
    assert net.weights is had[0] and net.biases is had[1]
    for array, copy in zip((*net.weights, *net.biases), had[2:]):
        np.testing.assert_array_equal(array, copy)


def test_bad_input_is_refused_before_anything_is_computed_or_changed():
    def untouched(z):
        raise AssertionError("the activation was called")

    untouched.prime = untouched
    before = [array.copy() for array in (*WEIGHTS, *BIASES)]
    with pytest.raises(ValueError, match="biases"):
        backprop(X, Y, WEIGHTS, [BIASES[0], BIASES[1] * np.inf], untouched)
    for array, copy in zip((*WEIGHTS, *BIASES), before):
        np.testing.assert_array_equal(array, copy)
