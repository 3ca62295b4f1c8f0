"""The curves of an activation function and of its derivative."""
import numpy as np

from bp import checks
from bp.figures.chart import Axis, Panel
from bp.figures.svg import (BELOW, SMALL, circle, coloured, line, number, polyline, small, spread,
                            svg, text)
from bp.glossary import choose

_WIDTH, _LEFT, _TOP, _HEIGHT, _BETWEEN, _BELOW = 400, 58, 30, 130, 22, 48
_REACH, _POINTS = 6, 97
_NEAR = 1e-6  # so close to a jump a curve has its limit


def activation_curves(activation, z=None):
    """Draw f and f′ above each other on one z axis, and mark on both the weighted inputs z.

    z, of any shape, is named z₁, z₂, … entry by entry. Where a curve jumps it
    is drawn in pieces: each ends in an open circle, and a dot shows the value
    that the code gives there. Raises TypeError, ValueError.

    >>> from bp import sigmoid
    >>> drawn = activation_curves(sigmoid, np.array([[0.0], [2.0]])).markup
    >>> drawn.count("<polyline"), "z₂ = 2: f = 0.8808, f′ = 0.105" in drawn
    (2, True)
    """
    checks.differentiable("activation", activation)
    marked = np.array([] if z is None else z, dtype=float).ravel()
    if not np.isfinite(marked).all():
        raise ValueError(f"z: expected finite numbers, got {z!r}")
    reach = max(_REACH, *abs(marked), 0)
    across, top, parts = Axis([-reach, reach]), _TOP, []
    curves = _Curve("f", activation, across), _Curve("f′", activation.prime, across)
    corners = sorted({*curves[0].jumps, *curves[1].jumps})
    for place, curve in enumerate(curves):
        curve.zs = np.union1d(curve.zs, corners)
        pieces = curve.pieces()
        panel = Panel(_LEFT, top, _WIDTH - _LEFT - 14, _HEIGHT, across,
                      Axis(np.concatenate([values for _, values in pieces])))
        ends = [(zs[i], values[i]) for before, after in zip(pieces, pieces[1:])
                for (zs, values), i in ((before, -1), (after, 0))]
        parts += panel.frame("z" if place else "", f"{curve.name}(z)")
        parts.append(coloured(place, [
            *(polyline(*panel.place(*piece)) for piece in pieces),
            *(circle(*panel.place(*end), 3.2) for end in ends),
            *(circle(*panel.place(at, curve(at)), 3.2, filled=True) for at in curve.jumps),
            *(circle(*panel.place(at, curve(at)), 4.5) for at in marked)]))
        top = panel.bottom + _BETWEEN
    parts += _names(marked, panel)
    alt = _alt(activation.__name__, curves, across, marked)
    return svg(_WIDTH, panel.bottom + _BELOW, parts, alt)


class _Curve:
    """A function on a stretch of z, with the places where it jumps."""

    def __init__(self, name, function, across):
        self.name, self.function = name, function
        self.zs = np.linspace(across.low, across.high, _POINTS)
        self.jumps = self._jumps()

    def __call__(self, z):
        return self.function(np.asarray(z, dtype=float))

    def _jumps(self):
        """Between neighbours, bisect towards the greater change: at a jump it never gets less."""
        a, b = self.zs[:-1], self.zs[1:]
        for _ in range(40):
            middle = (a + b) / 2
            first = abs(self(middle) - self(a)) > abs(self(b) - self(middle))
            a, b = np.where(first, a, middle), np.where(first, middle, b)
        jumping = abs(self(b) - self(a)) > _NEAR
        return sorted({round(float(at), 6) + 0.0 for at in a[jumping]})

    def pieces(self):
        """Return (zs, values) from jump to jump, both ends included."""
        zs, pieces = self.zs, []
        for low, high in zip([zs[0], *self.jumps], [*self.jumps, zs[-1]]):
            part = zs[(zs >= low) & (zs <= high)]
            within = part.copy()
            within[0] += _NEAR * (low in self.jumps)
            within[-1] -= _NEAR * (high in self.jumps)
            pieces.append((part, self(within)))
        return pieces

    def in_words(self):
        """The least and greatest value, and every jump."""
        low, high = (number(limit(self(self.zs)), 3) for limit in (np.min, np.max))
        words = [choose(f"{self.name} lies between {low} and {high}",
                        f"{self.name} 介於 {low} 與 {high} 之間") if low != high else
                 choose(f"{self.name} is {low} throughout", f"{self.name} 一直是 {low}")]
        for at in self.jumps:
            before, after, given = (number(self(at + by), 3) for by in (-_NEAR, _NEAR, 0))
            words.append(choose(
                f"at z = {number(at)} it jumps from {before} to {after}, the code gives {given}",
                f"在 z = {number(at)} 從 {before} 跳到 {after}，程式給的是 {given}"))
        return choose("; ", "；").join(words)


def _names(marked, panel):
    """A line through both panels for each marked z, and above it its name."""
    places = panel.place(marked, panel.up.low)[0]
    for k, (at, label) in enumerate(zip(places, spread(places, 19)), start=1):
        yield line(at, _TOP - 4, at, panel.bottom, opacity=0.45, dashes="2 3")
        yield line(label, _TOP - 13, at, _TOP - 4, opacity=0.45)
        yield text(label, _TOP - 16, f"z{small(k, BELOW)}", size=SMALL)


def _alt(title, curves, across, marked):
    low, high = number(across.low), number(across.high)
    sentences = [choose(f"{title} for z from {low} to {high}", f"{title}，z 從 {low} 到 {high}"),
                 *(curve.in_words() for curve in curves)]
    for k, at in enumerate(marked, start=1):
        values = ", ".join(f"{curve.name} = {number(curve(at))}" for curve in curves)
        sentences.append(f"z{small(k, BELOW)} = {number(at)}: {values}")
    stop = choose(". ", "。")
    return stop.join(sentences) + stop.strip()
