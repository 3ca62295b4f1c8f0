"""What a mistake looks like to somebody who has nothing but the gradients that came back.

Array by array: of another shape, zero, right, right up to a constant factor, or
simply wrong. Nothing of the code that computed them is looked at.
"""
from dataclasses import dataclass

import numpy as np

from bp.evidence.fixtures import Fixture
from bp.evidence.floats import FloatPoint
from bp.evidence.mistakes import SHIPPED

TOLERANCE = 1e-9  # times the largest entry of the right gradient

# Unequal widths stop many mistakes at once, equal ones let nearly all of them run.
FIXTURES = Fixture((3, 5, 4, 2), 5), Fixture((4, 4, 4), 4)

RIGHT, ZERO, WRONG, SHAPE, FACTOR = "right", "zero", "wrong", "shape", "factor"


@dataclass(frozen=True)
class Mark:
    """What can be said of one array: `kind`, with its shape or its constant factor.

    >>> mark(np.array([[2.0, 4.0]]), np.array([[1.0, 2.0]]))
    Mark(kind='factor', detail=2.0)
    >>> mark(np.zeros((2, 2)), np.array([[1.0, 2.0]]))
    Mark(kind='shape', detail=(2, 2))
    """
    kind: str
    detail: float | tuple | None = None


def mark(got, want):
    """Compare a gradient that came back with the right one, which is not zero."""
    if np.shape(got) != want.shape:
        return Mark(SHAPE, np.shape(got))
    close = lambda right: abs(got - right).max() <= TOLERANCE * abs(want).max()
    if close(want):
        return Mark(RIGHT)
    if not np.any(got):
        return Mark(ZERO)
    factor = float((got * want).sum() / (want * want).sum())
    return Mark(FACTOR, round(factor, 9)) if close(factor * want) else Mark(WRONG)


def signature(fixture, algorithm):
    """Return {name: Mark} of every gradient, or the error with which the code stops.

    >>> from bp.evidence.mistakes import MISTAKES, plant
    >>> signature(Fixture((2, 3, 1), 1), plant(MISTAKES["sign"]))["nabla_b[1]"]
    Mark(kind='factor', detail=-1.0)
    """
    point = FloatPoint(fixture)
    try:
        returned = point.gradients(algorithm.backprop)
    except NameError:  # then the mistake was planted wrongly
        raise
    except Exception as error:
        return error
    right = point.gradient_of_each(SHIPPED.backprop)
    return {name: mark(got, want) for got, (name, _, want) in zip(returned, right, strict=True)}
