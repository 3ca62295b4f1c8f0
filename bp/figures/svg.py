"""SVG in the colour of the text, with a text alternative that says what it shows."""
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import numpy as np

SMALL = 13  # the size of the smallest text
_ENLARGED = 1.2  # where there is room, so that SMALL comes near the size of the prose
_PAPER = "var(--md-default-bg-color,var(--jp-layout-color0,Canvas))"
_LEGIBLE, _PHONE = 11, 339  # pixels: the least a text may shrink to, the room on a narrow phone


@dataclass(frozen=True)
class Svg:
    """An SVG image; Jupyter and the site show it as it is."""
    markup: str

    def _repr_svg_(self):
        return self.markup


def svg(width, height, parts, alt):
    """An image of these parts; `alt` is what somebody reads who doesn't see it.

    It shrinks with the page as long as its smallest text stays legible. One
    that would shrink further keeps its width, and can be reached by keyboard,
    so that what it stands in can be scrolled.

    >>> "min-width" in svg(400, 50, [], "").markup, "min-width:508px" in svg(600, 50, [], "").markup
    (False, True)
    """
    least = width * _LEGIBLE / SMALL
    scrolls = least > _PHONE
    least, reached = (f"min-width:{least:.0f}px;", ' tabindex="0"') if scrolls else ("", "")
    return Svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
               f'width="{_ENLARGED * width:.0f}" role="img" aria-label="{escape(alt)}"{reached} '
               f'style="{least}max-width:100%;height:auto" font-family="inherit">'
               f'{"".join(parts)}</svg>')


def text(x, y, text, size=15, anchor="middle", turned=False, over=False):
    """A text whose middle, start or end is at x.

    It can be turned by a quarter to read upwards, and stand `over` a line,
    which it then interrupts.
    """
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    wide = 0.95 * room(text, size)
    gap = (f'<rect x="{x - wide / 2:.1f}" y="{y - 0.85 * size:.1f}" width="{wide:.1f}" '
           f'height="{1.1 * size:.1f}" style="fill:{_PAPER}"/>' if over else "")
    return (f'{gap}<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="currentColor"{turn}>{escape(text)}</text>')


def room(text, size=SMALL):
    """About how wide a text is; a Chinese character is as wide as it is high.

    >>> room("ab") < room("權重") == 2 * SMALL
    True
    """
    return sum(1 if letter > "\u2e80" else 0.62 for letter in text) * size


def line(x0, y0, x1, y1, opacity=0.6, width=1, dashes="none"):
    """A straight line."""
    return (f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="currentColor" '
            f'stroke-opacity="{opacity}" stroke-width="{width:.4g}" stroke-dasharray="{dashes}"/>')


def polyline(xs, ys, dashes="none", width=1.8, opacity=1):
    """A line through all these points."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys))
    return (f'<polyline points="{points}" fill="none" stroke="currentColor" '
            f'stroke-width="{width}" stroke-opacity="{opacity}" stroke-dasharray="{dashes}"/>')


def arrow(*points, dashes="none"):
    """A line through these points, with a head where it ends."""
    (x0, y0), (x, y) = points[-2:]
    along = np.array([x - x0, y - y0]) / np.hypot(x - x0, y - y0)
    across = np.array([-along[1], along[0]])
    head = [(x, y), *(np.array([x, y]) - 8 * along + side * 3.5 * across for side in (1, -1))]
    return polyline(*zip(*points[:-1], (x, y) - 4 * along), dashes, width=1.3) + polygon(head)


def polygon(points):
    """A filled shape with these corners."""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon fill="currentColor" points="{corners}"/>'


def circle(x, y, radius, filled=False):
    """A circle, of which one sees the inside when it isn't filled."""
    fill = "currentColor" if filled else "none"
    return (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" '
            'stroke="currentColor"/>')


def coloured(place, parts):
    """Parts in the colour of the series with this number, where there is a theme."""
    return f'<g style="color:var(--bp-series-{place % 4},currentColor)">{"".join(parts)}</g>'


def spread(places, gap, most=np.inf):
    """Move labels apart to at least this gap, in all as little as can be; they keep their order.

    None is put beyond `most`.

    >>> spread([0, 100, 101], gap=11)
    [0.0, 95.0, 106.0]
    """
    order = np.argsort(places, kind="stable")
    wanted = np.array(places, dtype=float)[order] - gap * np.arange(len(places))
    # Least squares under "never falling": of the means that start here or before, and end here
    # or after, the greatest over starts of the least over ends.
    ends = range(1, len(wanted) + 1)
    moved = [max(min(wanted[i:j].mean() for j in ends if j > k) for i in range(k + 1))
             for k in range(len(wanted))]
    placed = np.empty(len(wanted))
    placed[order] = np.minimum(moved, most - gap * (len(places) - 1)) + gap * np.arange(len(places))
    return placed.tolist()


def number(value, digits=4):
    """A number to so many digits, with a true minus sign; a Decimal as it is written, a text as it is.

    >>> number(-0.123456)
    '−0.1235'
    """
    if isinstance(value, str):
        return value
    written = str(value) if isinstance(value, Decimal) else f"{value + 0.0:.{digits}g}"  # no −0
    return written.replace("-", "−")


BELOW, ABOVE = "₋₀₁₂₃₄₅₆₇₈₉", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"


def small(number, digits):
    """A whole number in small digits, BELOW or ABOVE the line.

    >>> small(-12, ABOVE)
    '⁻¹²'
    """
    return str(number).translate(str.maketrans("-0123456789", digits))
