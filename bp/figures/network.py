"""Networks drawn as units and connections: on the way forward, and on the way back."""
import numpy as np

from bp.figures.svg import (ABOVE, BELOW, SMALL, circle, coloured, line, number, polygon, small,
                            svg, text)
from bp.glossary import choose

_SPREAD, _BETWEEN, _RADIUS = 86, 150, 24
_SPREAD_WITH_WORDS = 106  # where two lines stand below a unit
_NEGATIVE = "6 4"  # dashes


def network_diagram(net):
    """The units of a network in columns, one for each layer, every weight on its edge.

    >>> from bp.example import net
    >>> drawn = network_diagram(net).markup
    >>> drawn.count("<circle"), "a₁² by 0.4, −0.6, 0.9" in drawn
    (6, True)
    """
    columns = _Columns(net.sizes, _BETWEEN)
    edges, units, said = [], [], []
    for l, j in columns.units():
        units += columns.unit(l, j, _name(l, j))
        weights = net.weights[l-1][j] if l else ()
        for k, weight in enumerate(weights):
            (x0, y0), (x, y) = columns.edge((l - 1, k), (l, j))
            edges += [line(x0, y0, x, y, opacity=0.45),
                      columns.label((l - 1, k), (l, j), 0.7, number(weight))]
        if l:
            said.append(choose(f"{_name(l, j)} by ", f"{_name(l, j)}：")
                        + ", ".join(map(number, weights)))
    layers = ", ".join(map(str, net.sizes))
    alt = choose(f"Layers of {layers} units. Each unit multiplies what the layer below sends, "
                 f"{'; '.join(said)}.",
                 f"各層有 {layers} 個神經元。每個神經元把下面一層送來的值乘上權重，"
                 f"{'；'.join(said)}。")
    return svg(columns.width, columns.height, edges + units, alt)


def blame_diagram(run):
    """Delta on its way back: each edge as wide as the |wδ| that it carries, dashed when negative.

    `run` is a `Trace` of one sample. In each unit stands its delta, under a
    hidden one the f′ by which the sum of what arrives is multiplied.

    >>> from bp.example import net, x, y
    >>> from bp.trace import trace
    >>> drawn = blame_diagram(trace(net, x, y)).markup
    >>> drawn.count("<circle"), "δ₂¹ = 0.05946 × 0.1444 = 0.008588" in drawn
    (4, True)
    """
    one_sample(run)
    columns = _Columns(run.sizes, 300 if run.L == 2 else 200, first=1, spread=_SPREAD_WITH_WORDS)
    blame = {l: run.w[l] * run.delta[l] for l in range(2, run.L + 1)}
    greatest = max((abs(b).max() for b in blame.values()), default=0) or 1
    edges, units, said = [], [], []
    for l, j in columns.units():
        name, value = f"δ{small(j + 1, BELOW)}{small(l, ABOVE)}", number(run.delta[l][j, 0])
        below = [value]
        if l < run.L:
            slope, carried = number(run.activation.prime(run.z[l])[j, 0]), blame[l+1][:, j]
            below.append(f"f′ = {slope}")
            for i, amount in enumerate(carried):
                ends = (l, j), (l + 1, i)
                edges += [_carried(*columns.edge(*ends), amount, abs(amount) / greatest),
                          columns.label(*ends, 0.4, number(amount))]
            arrived = " + ".join(map(number, carried))
            value = f"{f'({arrived})' if len(carried) > 1 else arrived} × {slope} = {value}"
        x, y = columns.at(l, j)
        units += [*columns.unit(l, j, name),
                  *(text(x, y + _RADIUS + 15 * line, words, size=SMALL, over=True)
                    for line, words in enumerate(below, start=1))]
        said.append(f"{name} = {value}")
    alt = choose(f"What flows back along the weights, times f′. {'; '.join(said)}.",
                 f"沿著權重往回流的量，再乘上 f′。{'；'.join(said)}。")
    parts = edges + units + _legend(columns.height + 22)
    return svg(columns.width, columns.height + 36, parts, alt)


def _carried(end, start, amount, share):
    """An edge that leads back from start to end; its width is this share of the greatest."""
    along = (end - start) / np.hypot(*(end - start))
    across, width = np.array([-along[1], along[0]]), max(7 * share, 0.5)
    foot, half = end - 11 * along, 4 + width / 2
    return coloured(int(amount < 0), [
        line(*start, *foot, opacity=1, width=width, dashes=_NEGATIVE if amount < 0 else "none"),
        polygon([end, foot + half * across, foot - half * across])])


def _legend(y):
    words = choose(("solid: positive", "dashed: negative"), ("實線：正", "虛線：負"))
    return [part for place, dashes in enumerate(("none", _NEGATIVE)) for part in (
        coloured(place, [line(14 + 150 * place, y, 50 + 150 * place, y, 1, 3, dashes)]),
        text(58 + 150 * place, y + 5, words[place], size=SMALL, anchor="start"))]


def _name(l, j):
    return f"{'xa'[l > 0]}{small(j + 1, BELOW)}" + (small(l, ABOVE) if l else "")


def one_sample(run):
    """Raise ValueError unless the trace is that of one sample."""
    if run.N != 1:
        raise ValueError(f"run: expected the trace of one sample, got {run.N}")


class _Columns:
    """Where the units of the layers from `first` on stand, each layer a column."""

    def __init__(self, sizes, between, first=0, spread=_SPREAD):
        self.sizes, self.between, self.first, self.spread = sizes, between, first, spread
        self.width = 100 + between * (len(sizes) - 1 - first)
        self.height = spread * max(sizes[first:]) + 20

    def units(self):
        return ((l, j) for l, n in enumerate(self.sizes) for j in range(n) if l >= self.first)

    def at(self, l, j):
        return np.array([50 + (l - self.first) * self.between,
                         self.height / 2 + (j - (self.sizes[l] - 1) / 2) * self.spread])

    def unit(self, l, j, name):
        x, y = self.at(l, j)
        return circle(x, y, _RADIUS), text(x, y + 5, name)

    def edge(self, lower, upper):
        """Where the edge between two units leaves the circle of each."""
        start, end = self.at(*lower), self.at(*upper)
        rim = (end - start) / np.hypot(*(end - start)) * _RADIUS
        return start + rim, end - rim

    def label(self, lower, upper, share, words):
        """Text on an edge, at this share of the way up."""
        x, y = self.at(*lower) + (self.at(*upper) - self.at(*lower)) * share
        return text(x, y + 4, words, size=SMALL, over=True)
