"""Charts of measured numbers, on linear or logarithmic axes."""
from math import floor, log10

import numpy as np

from bp.figures.svg import ABOVE, number, small, svg, text

_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW = 460, 300, 64, 16, 50
_DASHES = ("none", "7 3", "2 3", "9 3 2 3")
_LEGEND_ROW = 22


def chart(series, x, y, alt, log=False):
    """Draw each of `series`, {name: (xs, ys)}, as a line; `x` and `y` name the axes.

    Lines differ in dashes and marks as well as in colour. With `log` both axes
    are logarithmic and every number must be positive.

    >>> drawn = chart({"squares": ([1, 2, 3], [1, 4, 9])}, "n", "n²", alt="Squares grow.")
    >>> drawn.markup.count("<circle"), 'aria-label="Squares grow."' in drawn.markup
    (4, True)
    """
    points = {name: np.array([xs, ys], dtype=float) for name, (xs, ys) in series.items()}
    for name, both in points.items():
        if not np.isfinite(both).all() or log and (both <= 0).any():
            raise ValueError(f"series: expected {'positive' if log else 'finite'} numbers in {name!r}")
    scale = np.log10 if log else np.asarray
    across, up = (_Axis(np.concatenate([scale(both[i]) for both in points.values()]), log)
                  for i in (0, 1))
    bottom, right = _TOP + _HEIGHT, _LEFT + _WIDTH - 76
    parts = [_line(_LEFT, bottom, right, bottom), _line(_LEFT, _TOP, _LEFT, bottom)]
    for tick, label in across.ticks():
        at = _LEFT + across.share(tick) * (right - _LEFT)
        parts += [_line(at, bottom, at, bottom + 5), text(at, bottom + 21, label, size=13)]
    for tick, label in up.ticks():
        at = bottom - up.share(tick) * _HEIGHT
        parts += [_line(_LEFT, at, right, at, opacity=0.15),
                  text(_LEFT - 8, at + 5, label, size=13, anchor="end")]
    parts += [text((_LEFT + right) / 2, bottom + 43, x, size=14),
              text(_LEFT - 44, _TOP + _HEIGHT / 2, y, size=14, turned=True)]
    for place, (name, both) in enumerate(points.items()):
        xs = _LEFT + across.share(scale(both[0])) * (right - _LEFT)
        ys = bottom - up.share(scale(both[1])) * _HEIGHT
        row = bottom + _BELOW + 14 + place * _LEGEND_ROW
        parts += [f'<g style="color:var(--bp-series-{place % 4},currentColor)">',
                  _path(xs, ys, place), *(_MARKS[place % 4](*point) for point in zip(xs, ys)),
                  _path([_LEFT, _LEFT + 36], [row, row], place), _MARKS[place % 4](_LEFT + 18, row),
                  "</g>", text(_LEFT + 48, row + 5, name, size=14, anchor="start")]
    return svg(right + 12, bottom + _BELOW + 8 + len(points) * _LEGEND_ROW, parts, alt)


class _Axis:
    def __init__(self, values, log):
        self.log, low, high = log, values.min(), values.max()
        span = max(high - low, 1 if log else 1e-12 * max(1, abs(high)))
        if log:
            self.step = max(1, round(span / 5))
        else:
            power = 10.0 ** floor(log10(span / 4))
            self.step = next(power * m for m in (1, 2, 5, 10) if power * m >= span / 5)
        self.low = floor(low / self.step + 1e-9) * self.step
        self.high = self.low + self.step * np.ceil((high - self.low) / self.step - 1e-9)

    def share(self, value):
        return (value - self.low) / (self.high - self.low)

    def ticks(self):
        for tick in np.arange(self.low, self.high + self.step / 2, self.step):
            yield tick, f"10{small(round(tick), ABOVE)}" if self.log else number(tick)


def _line(x0, y0, x1, y1, opacity=0.6):
    return (f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="currentColor" '
            f'stroke-opacity="{opacity}"/>')


def _path(xs, ys, place):
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys))
    return (f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.8" '
            f'stroke-dasharray="{_DASHES[place % 4]}"/>')


def _polygon(*corners):
    return lambda x, y: ('<polygon fill="currentColor" points="'
                         + " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners) + '"/>')


_MARKS = (lambda x, y: f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="currentColor"/>',
          _polygon((-3, -3), (3, -3), (3, 3), (-3, 3)),
          _polygon((0, -4), (3.8, 3), (-3.8, 3)),
          _polygon((0, -4.2), (4.2, 0), (0, 4.2), (-4.2, 0)))
