"""What the two processes say to each other: trees of plain values and arrays, as JSON and raw bytes.

Neither side unpickles or evaluates anything. `unpack` believes nothing that it
reads: every length is checked before memory is taken, and an array has one of
a few numeric dtypes.
"""
import json
import math
import struct
from dataclasses import dataclass

import numpy

TEXT_LIMIT = 2 ** 20     # bytes of JSON in one message
ARRAYS_LIMIT = 2 ** 26   # bytes of arrays in one message
DEPTH = 12               # lists within lists
HEADER = struct.Struct("<II")
DTYPES = {kind: numpy.dtype(kind) for kind in ("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4",
                                               "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")}

# Taken now, because the code that runs later may put other functions in their places.
_array, _asarray, _ndarray, _generic, _frombuffer = (
    numpy.array, numpy.asarray, numpy.ndarray, numpy.generic, numpy.frombuffer)
_dumps, _loads, _prod = json.dumps, json.loads, math.prod


class WireError(ValueError):
    """What came is not a message, or what should be sent does not fit into one."""


@dataclass(frozen=True)
class Opaque:
    """A value that is no number, array, text, list or dictionary: only its type came across."""
    type: str


def pack(tree):
    """Return `tree` as the bytes of one message.

    Lists, tuples, dictionaries, numbers, texts, None and whatever NumPy can turn
    into a numeric array are carried; anything else becomes an Opaque.

    >>> unpack(pack({"nabla_b": [numpy.zeros((2, 1), "f4")], "n": 3}))
    {'nabla_b': [array([[0.],
           [0.]], dtype=float32)], 'n': 3}
    """
    blobs = []
    text = _dumps(_encode(tree, blobs, DEPTH)).encode()
    if len(text) > TEXT_LIMIT:
        raise WireError(f"{len(text)} bytes of text; {TEXT_LIMIT} are the most")
    return HEADER.pack(len(text), sum(map(len, blobs))) + text + b"".join(blobs)


def _encode(value, blobs, depth):
    if depth == 0:
        return {"opaque": "something nested more deeply than 12 lists"}
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_encode(item, blobs, depth - 1) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[key if type(key) in (int, str) else str(key), _encode(item, blobs, depth - 1)]
                         for key, item in value.items()]}
    if not isinstance(value, (_ndarray, _generic, complex)) and not hasattr(type(value), "__array__"):
        return {"opaque": type(value).__name__}
    array = _asarray(value)
    if array.dtype.kind == "O":  # as np.array([...], dtype=object) of arrays of several shapes
        items = list(array) if array.ndim else [array.item()]
        return {"list": [_encode(item, blobs, depth - 1) for item in items]}
    if array.dtype.kind not in "biufc":
        return {"opaque": f"array of dtype {array.dtype}"}
    if array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):
        array = array.astype("c16" if array.dtype.kind == "c" else "f8")
    if array.size * array.itemsize + sum(map(len, blobs)) > ARRAYS_LIMIT:
        raise WireError(f"an array of shape {array.shape}; {ARRAYS_LIMIT // 2 ** 20} MiB are the most")
    array = _array(array, array.dtype.newbyteorder("<"), order="C")
    blobs.append(array.tobytes())
    return {"array": [array.dtype.str, list(array.shape)]}


def lengths(header):
    """Return how many bytes of text and of arrays follow the header of a message."""
    text, arrays = HEADER.unpack(header)
    if text > TEXT_LIMIT or arrays > ARRAYS_LIMIT:
        raise WireError(f"a message of {text} and {arrays} bytes")
    return text, arrays


def unpack(message):
    """Return the tree in the bytes of one message; raise WireError for everything that is none.

    >>> unpack(b"Traceback (most recent call last)")
    Traceback (most recent call last):
    bp.diagnosis.isolated.wire.WireError: a message of 1667330644 and 1667326565 bytes
    """
    text, arrays = lengths(message[:HEADER.size])
    body = message[HEADER.size:]
    if len(body) != text + arrays:
        raise WireError("a message of another length than it says")
    blobs = _Blobs(body[text:])
    try:
        tree = _decode(_loads(body[:text]), blobs, DEPTH)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from None
    if blobs.left:
        raise WireError("more arrays than the message names")
    return tree


class _Blobs:
    """The bytes of the arrays of a message, taken one after another."""

    def __init__(self, data):
        self.data, self.start = data, 0

    @property
    def left(self):
        return len(self.data) - self.start

    def take(self, dtype, shape):
        count = _prod(shape)
        if min(shape, default=0) < 0:
            raise WireError(f"an array of shape {shape}")
        array = _frombuffer(self.data, dtype, count, self.start).reshape(shape).copy()
        self.start += count * dtype.itemsize
        return array


def _decode(node, blobs, depth):
    if depth < 0:
        raise WireError("nested too deeply")
    if not isinstance(node, dict):
        if isinstance(node, list):
            raise WireError("a bare list")
        return node
    (kind, value), = node.items()
    if kind == "array":
        name, shape = value
        if not all(type(n) is int for n in shape):
            raise WireError("a shape that is none")
        return blobs.take(DTYPES[name], tuple(shape))
    if kind == "list":
        return [_decode(item, blobs, depth - 1) for item in value]
    if kind == "tuple":
        return tuple(_decode(item, blobs, depth - 1) for item in value)
    if kind == "dict":
        return {key: _decode(item, blobs, depth - 1) for key, item in value}
    if kind == "opaque":
        return Opaque(str(value))
    raise WireError(f"no kind of value: {kind!r}")
