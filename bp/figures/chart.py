"""Charts of computed numbers, on linear or logarithmic axes."""
from math import ceil, floor, log10

import numpy as np

from bp.figures.svg import (ABOVE, SMALL, circle, coloured, line, number, polygon, polyline, room,
                            small, spread, svg, text)

_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW = 400, 260, 58, 14, 48
_DASHES = ("none", "7 3", "2 3", "9 3 2 3")
_MARKS_PER_LINE = 10


def chart(series, x, y, alt, log=""):
    """Draw each of `series`, {name: (xs, ys)}, as a line; `x` and `y` name the axes.

    A name stands at the right end of its line. Lines differ in dashes and marks as well
    as in colour. `log` says which axes are logarithmic: "x", "y" or "xy"; on
    them every number must be positive.

    >>> drawn = chart({"squares": ([1, 2, 3], [1, 4, 9])}, "n", "n²", alt="Squares grow.")
    >>> drawn.markup.count("<circle"), 'aria-label="Squares grow."' in drawn.markup
    (3, True)
    """
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log: expected 'x', 'y' or 'xy', got {log!r}")
    points = {name: np.array([xs, ys], dtype=float) for name, (xs, ys) in series.items()}
    for name, both in points.items():
        for axis, values in zip("xy", both):
            if not np.isfinite(values).all() or axis in log and (values <= 0).any():
                kind = "positive" if axis in log else "finite"
                raise ValueError(f"series: expected {kind} numbers for {axis}, got {name!r}")
    across, up = (Axis(np.concatenate([both[i] for both in points.values()]), axis in log)
                  for i, axis in enumerate("xy"))
    names = max(map(room, points)) + 18
    panel = Panel(_LEFT, _TOP, _WIDTH - _LEFT - names, _HEIGHT, across, up)
    lines = {name: np.array(panel.place(*both)) for name, both in points.items()}
    ends = {name: drawn[:, drawn[0].argmax()] for name, drawn in lines.items()}
    levels = spread([y for _, y in ends.values()], 17, panel.bottom - 4)
    parts = panel.frame(x, y)
    for place, ((name, (xs, ys)), level) in enumerate(zip(lines.items(), levels)):
        few = slice((len(xs) - 1) % (stride := ceil(len(xs) / _MARKS_PER_LINE)), None, stride)
        parts.append(coloured(place, [
            polyline(xs, ys, _DASHES[place % 4]),
            *(_MARKS[place % 4](*point) for point in zip(xs[few], ys[few])),
            line(*ends[name], panel.right + 12, level),
            text(panel.right + 15, level + 4.5, name, size=SMALL, anchor="start")]))
    return svg(_WIDTH, panel.bottom + _BELOW, parts, alt)


class Axis:
    """A stretch of numbers that begins and ends at a tick."""

    def __init__(self, values, log=False):
        self.log, values = log, np.log10(values) if log else np.asarray(values, dtype=float)
        low, high = values.min(), values.max()
        if not log and high - low <= 1e-9 * abs(values).max():  # a level line is seen beside 0
            low, high = min(low, 0), max(high, 0) or 1
        span = max(high - low, 1) if log else high - low
        if log:
            self.step = max(1, round(span / 5))
        else:
            power = 10.0 ** floor(log10(span / 4))
            self.step = next(power * m for m in (1, 2, 5, 10) if power * m >= span / 6)
        self.low = floor(low / self.step + 1e-9) * self.step
        self.high = self.low + self.step * max(1, np.ceil((high - self.low) / self.step - 1e-9))

    def share(self, values):
        """How far along the axis these numbers stand, from 0 to 1."""
        return ((np.log10(values) if self.log else values) - self.low) / (self.high - self.low)

    def ticks(self):
        """Each tick, as its share and its label."""
        for tick in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + tick * self.step
            share = (value - self.low) / (self.high - self.low)
            yield share, f"10{small(round(value), ABOVE)}" if self.log else number(round(value, 12))


class Panel:
    """A rectangle with an axis along its bottom and one along its left side."""

    def __init__(self, left, top, width, height, across, up):
        self.left, self.top, self.right, self.bottom = left, top, left + width, top + height
        self.across, self.up = across, up

    def place(self, xs, ys):
        """Where in the image the points with these numbers stand."""
        return (self.left + self.across.share(xs) * (self.right - self.left),
                self.bottom - self.up.share(ys) * (self.bottom - self.top))

    def frame(self, x, y):
        """The axes with their names and ticks; without a name for x, only the lines."""
        parts = [line(self.left, self.bottom, self.right, self.bottom),
                 line(self.left, self.top, self.left, self.bottom),
                 text(self.left - 44, (self.top + self.bottom) / 2, y, size=14, turned=len(y) > 1)]
        for share, label in self.up.ticks():
            at = self.bottom - share * (self.bottom - self.top)
            parts += [line(self.left, at, self.right, at, opacity=0.15),
                      text(self.left - 7, at + 4.5, label, size=SMALL, anchor="end")]
        for share, label in self.across.ticks() if x else ():
            at = self.left + share * (self.right - self.left)
            parts += [line(at, self.bottom, at, self.bottom + 5),
                      text(at, self.bottom + 19, label, size=SMALL)]
        if x:
            parts.append(text((self.left + self.right) / 2, self.bottom + 40, x, size=14))
        return parts


def _corners(*corners):
    return lambda x, y: polygon([(x + dx, y + dy) for dx, dy in corners])


_MARKS = (lambda x, y: circle(x, y, 3.2, filled=True),
          _corners((-3, -3), (3, -3), (3, 3), (-3, 3)),
          _corners((0, -4), (3.8, 3), (-3.8, 3)),
          _corners((0, -4.2), (4.2, 0), (0, 4.2), (-4.2, 0)))
