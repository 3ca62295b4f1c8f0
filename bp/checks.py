"""What may be passed in, and what is said of everything else.

Every message names the argument, what was expected and what came.
"""
import math
import numbers
import operator
from types import FunctionType

import numpy as np


def sizes(value):
    """Return `value` as a list of two or more positive whole numbers.

    >>> sizes([2, 0, 1])
    Traceback (most recent call last):
    ValueError: sizes: expected two or more positive whole numbers, got [2, 0, 1]
    """
    try:
        found = [operator.index(n) for n in value]
    except TypeError:
        found = []
    if len(found) < 2 or min(found) < 1:
        raise ValueError(f"sizes: expected two or more positive whole numbers, got {value!r}")
    return found


def known(argument, value, table):
    """Return the registered function that `value` is or names.

    >>> known("activation", "sigmiod", {"sigmoid": None})
    Traceback (most recent call last):
    ValueError: activation: expected one of 'sigmoid', got 'sigmiod'
    """
    if any(value is function for function in table.values()):
        return value
    if not isinstance(value, str) or value not in table:
        names = ", ".join(map(repr, table))
        raise ValueError(f"{argument}: expected one of {names}, got {value!r}")
    return table[value]


def function(argument, value):
    """Return `value`, a function.

    >>> function("output", "softmax")
    Traceback (most recent call last):
    TypeError: output: expected a function, got 'softmax'
    """
    if not callable(value):
        raise TypeError(f"{argument}: expected a function, got {value!r}")
    return value


def differentiable(argument, value):
    """Return `value`, a function that has its derivative beside it.

    >>> differentiable("activation", "tanh")
    Traceback (most recent call last):
    TypeError: activation: expected a function with its derivative as `prime`, got 'tanh'
    >>> from bp import quadratic
    >>> differentiable("activation", quadratic)
    Traceback (most recent call last):
    TypeError: activation: expected a function of z alone, got quadratic
    """
    if not callable(value) or not callable(getattr(value, "prime", None)):
        raise TypeError(f"{argument}: expected a function with its derivative as `prime`, "
                        f"got {value!r}")
    takes = "a and y" if argument == "cost" else "z alone"
    if isinstance(value.prime, FunctionType) and (value.prime.__code__.co_argcount == 1) == (argument == "cost"):
        raise TypeError(f"{argument}: expected a function of {takes}, got {getattr(value, '__name__', value)}")
    return value


def output(of_layer, cost):
    """Return the function of the last layer, if its derivative and its values suit the cost.

    >>> from bp import identity, softmax, quadratic, binary_cross_entropy
    >>> output(softmax, quadratic)
    Traceback (most recent call last):
    ValueError: output: expected a function with its derivative as `prime` for the cost quadratic, got softmax
    >>> output(identity, binary_cross_entropy)
    Traceback (most recent call last):
    ValueError: output: expected values between 0 and 1 for the cost binary_cross_entropy, got those of identity, between -inf and inf
    """
    differentiable("cost", cost)
    function("output", of_layer)
    name = lambda f: getattr(f, "__name__", repr(f))
    if of_layer not in getattr(cost, "matched", ()) and not hasattr(of_layer, "prime"):
        raise ValueError(f"output: expected a function with its derivative as `prime` for the cost {name(cost)}, "
                         f"got {name(of_layer)}")
    reals = (-np.inf, np.inf)
    least, most = getattr(cost, "between", reals)
    low, high = getattr(of_layer, "between", reals)
    if low < least or high > most:
        raise ValueError(f"output: expected values between {least} and {most} for the cost "
                         f"{name(cost)}, got those of {name(of_layer)}, between {low} and {high}")
    return of_layer


def inexact(argument, value):
    """Return `value` as a dtype in which a gradient can be computed.

    >>> inexact("dtype", int)
    Traceback (most recent call last):
    TypeError: dtype: expected a float, complex or object dtype, got <class 'int'>
    """
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind not in "fcO":
        raise TypeError(f"{argument}: expected a float, complex or object dtype, got {value!r}")
    return dtype


def parameters(weights, biases):
    """Return (sizes, dtype) of a network; raise if its arrays don't fit together.

    >>> parameters([np.ones((3, 2)), np.ones((1, 3))], [np.ones((3, 1)), np.ones((1, 1))])
    ([2, 3, 1], dtype('float64'))
    """
    for argument, value in (("weights", weights), ("biases", biases)):
        if not isinstance(value, (list, tuple, np.ndarray)):
            raise TypeError(f"{argument}: expected a list of arrays, got {type(value).__name__}")
    if len(weights) == 0:
        raise ValueError(f"weights: expected one or more arrays, got {weights!r}")
    if len(weights) != len(biases):
        raise ValueError(f"biases: expected one for each of the weights, "
                         f"got {len(biases)} for {len(weights)}")
    for l, (weight, bias) in enumerate(zip(weights, biases), start=1):
        below = weights[l-2].shape[0] if l > 1 else None
        _array(f"weights[{l-1}]", weight, (None, below))
        _array(f"biases[{l-1}]", bias, (weight.shape[0], 1))
    dtype = np.result_type(*weights, *biases)
    return [weights[0].shape[1], *(w.shape[0] for w in weights)], dtype


def columns(argument, value, rows, dtype):
    """Return samples as an array of shape (rows, N); a 1-D value is one column.

    >>> columns("x", [1, 2, 3], 2, np.dtype(float))
    Traceback (most recent call last):
    ValueError: x: expected shape (2,) or (2, N), got (3,)
    """
    array = _rectangular(argument, value)
    if array.ndim not in (1, 2) or array.shape[0] != rows or array.shape[-1] == 0:
        raise ValueError(f"{argument}: expected shape ({rows},) or ({rows}, N), "
                         f"got {array.shape}")
    if not np.can_cast(array.dtype, dtype, "same_kind"):
        raise TypeError(f"{argument}: expected values that fit the parameters' dtype "
                        f"{dtype}, got {array.dtype}")
    with np.errstate(over="ignore"):
        array = array.astype(dtype, copy=False)
    if not _finite(array):
        raise ValueError(f"{argument}: expected finite values of dtype {dtype}, "
                         "got inf or nan")
    return array.reshape(rows, -1)


def targets(y, output):
    """Return y with the shape of the network's output; never broadcast it.

    >>> targets([0.0, 1.0], np.ones((1, 2)))
    Traceback (most recent call last):
    ValueError: y: expected shape (1, 2), a row for each output and a column for each sample, got (2,)
    """
    found = _rectangular("y", y).shape
    if found != output.shape and found + (1,) != output.shape:
        raise ValueError(f"y: expected shape {output.shape}, a row for each output "
                         f"and a column for each sample, got {found}")
    return columns("y", y, output.shape[0], output.dtype)


def real_parameters(weights, biases):
    """Return (sizes, dtype) as `parameters` does, of a network of real numbers.

    >>> real_parameters([np.ones((1, 1), complex)], [np.ones((1, 1))])
    Traceback (most recent call last):
    TypeError: dtype: expected a network of real floats, such as float64, got one of complex128
    """
    sizes, dtype = parameters(weights, biases)
    if dtype.kind != "f":
        raise TypeError(f"dtype: expected a network of real floats, such as float64, "
                        f"got one of {dtype}")
    return sizes, dtype


def samples(arguments, values, sizes, dtype):
    """Return (x, y) as arrays of columns, as many in y as in x.

    >>> samples(("x", "y"), ([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), [1, 1], np.dtype(float))
    Traceback (most recent call last):
    ValueError: y: expected as many columns as x has samples, 2, got 3
    """
    of_x, of_y = arguments
    x, y = columns(of_x, values[0], sizes[0], dtype), columns(of_y, values[1], sizes[-1], dtype)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"{of_y}: expected as many columns as {of_x} has samples, {x.shape[1]}, "
                         f"got {y.shape[1]}")
    return x, y


def pair(argument, value):
    """Return `value`, a tuple or list of two.

    >>> pair("test", 0.2)
    Traceback (most recent call last):
    TypeError: test: expected a pair (x, y), got float
    """
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{argument}: expected a pair (x, y), got {type(value).__name__}")
    if len(value) != 2:
        raise ValueError(f"{argument}: expected a pair (x, y), got {len(value)} entries")
    return value


def whole(argument, value, least, most=None):
    """Return `value` as a whole number between two bounds.

    >>> whole("batch", 64, 1, 10)
    Traceback (most recent call last):
    ValueError: batch: expected a whole number from 1 to 10, got 64
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    most_of_all = np.inf if most is None else most
    if number is None or isinstance(value, bool) or not least <= number <= most_of_all:
        upwards = "" if most is None else f" to {most}"
        raise ValueError(f"{argument}: expected a whole number from {least}{upwards}, "
                         f"got {value!r}")
    return number


def positive(argument, value):
    """Return `value` as a float, which is positive and finite.

    >>> positive("rate", 0)
    Traceback (most recent call last):
    ValueError: rate: expected a positive number, got 0
    """
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    try:
        number = float(value) if is_number else np.nan
    except OverflowError:
        number = np.inf
    if not 0 < number < np.inf:
        raise ValueError(f"{argument}: expected a positive number, got {value!r}")
    return number


def _rectangular(argument, value):
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{argument}: expected rows of equal length, got {value!r}") from None


def _array(argument, value, shape):
    if not isinstance(value, np.ndarray) or isinstance(value, (np.matrix, np.ma.MaskedArray)):
        raise TypeError(f"{argument}: expected a NumPy array, got {type(value).__name__}")
    rows, columns = shape
    fits = (value.ndim == 2 and value.size > 0 and rows in (None, value.shape[0])
            and columns in (None, value.shape[1]))
    if not fits:
        want = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{argument}: expected shape ({want}), got {value.shape}")
    if value.dtype.kind not in "fcO":
        raise TypeError(f"{argument}: expected float, complex or object entries, "
                        f"got {value.dtype}")
    if not _finite(value):
        raise ValueError(f"{argument}: expected finite values, got inf or nan")


def _finite(array):
    # The entries of an object array are its owner's concern: they may be symbols.
    if array.dtype.kind not in "fc":
        return True
    # The sum of squares, which makes no new array, is finite in all but the rarest cases.
    return math.isfinite(abs(np.vdot(array, array))) or bool(np.isfinite(array).all())
