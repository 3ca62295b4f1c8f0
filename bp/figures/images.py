"""Pictures of samples whose entries are pixels."""
from math import ceil, isqrt

import numpy as np

from bp.figures.svg import SMALL, svg, text
from bp.glossary import choose

_SIDE, _GAP, _BELOW, _ACROSS, _LEVELS = 30, 10, 22, 10, 16


def images(x, names):
    """Draw each column of x, the pixels of a square from 0 (paper) to 1 (ink), above its name.

    >>> drawn = images(np.array([[0.0], [1.0], [0.5], [0.0]]), ["7"]).markup
    >>> drawn.count("<path"), "2 × 2" in drawn, ">7</text>" in drawn
    (2, True, True)
    """
    x = np.asarray(x, dtype=float)
    pixels = isqrt(len(x))
    if x.ndim != 2 or pixels**2 != len(x) or x.shape[1] != len(names):
        raise ValueError(f"x: expected a square of pixels in each of {len(names)} columns, "
                         f"got shape {x.shape}")
    parts, step = [], _SIDE + _GAP
    for place, name in enumerate(names):
        left, top = place % _ACROSS * step + _GAP / 2, place // _ACROSS * (_SIDE + _BELOW)
        picture = x[:, place].reshape(pixels, pixels)
        parts.append(f'<g transform="translate({left:.0f} {top}) scale({_SIDE / pixels:.4g})">'
                     f"{"".join(_ink(picture))}</g>")
        parts.append(text(left + _SIDE / 2, top + _SIDE + 15, name, size=SMALL))
    alt = choose(f"Images of {pixels} × {pixels} pixels: {', '.join(names)}.",
                 f"{pixels} × {pixels} 像素的影像：{'、'.join(names)}。")
    across, rows = min(len(names), _ACROSS), ceil(len(names) / _ACROSS)
    return svg(across * step, rows * (_SIDE + _BELOW), parts, alt)


def _ink(picture):
    """The pixels of each level as one path."""
    levels = np.rint(picture * _LEVELS).astype(int)
    for level in np.unique(levels[levels > 0]):
        places = zip(*np.nonzero(levels == level))
        squares = "".join(f"M{column} {row}h1v1h-1z" for row, column in places)
        yield f'<path d="{squares}" fill="currentColor" fill-opacity="{level / _LEVELS:.2g}"/>'
