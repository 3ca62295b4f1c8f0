"""Networks drawn as units and connections: on the way forward, and on the way back."""
import numpy as np

from bp.figures.svg import ABOVE, BELOW, SMALL, circle, coloured, line, number, polygon, small, svg, text
from bp.glossary import choose

_SPREAD, _BETWEEN, _RADIUS = 86, 150, 24


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
                 f"各層有 {layers} 個神經元。每個神經元把下面一層送來的值乘上權重，{'；'.join(said)}。")
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
    columns = _Columns(run.sizes[1:], 300 if run.L == 2 else 200)
    blame = {l: run.w[l] * run.delta[l] for l in range(2, run.L + 1)}  # of unit k to unit j
    greatest = max((abs(b).max() for b in blame.values()), default=0) or 1
    edges, units = [], []
    said = [" = ".join(_named_delta(run, run.L, j)) for j in range(run.sizes[run.L])]
    for l, j in columns.units():
        layer = l + 1
        name, value = _named_delta(run, layer, j)
        x, y = columns.at(l, j)
        units += [*columns.unit(l, j, name),
                  text(x, y + _RADIUS + 15, value, size=SMALL, over=True)]
        if layer == run.L:
            continue
        slope = run.activation.prime(run.z[layer])[j, 0]
        units.append(text(x, y + _RADIUS + 30, f"f′ = {number(slope)}", size=SMALL, over=True))
        for i, carried in enumerate(blame[layer + 1][:, j]):
            end, start = columns.edge((l, j), (l + 1, i))
            edges += [_carried(start, end, carried, 7 * abs(carried) / greatest),
                      columns.label((l, j), (l + 1, i), 0.4, number(carried))]
        arrived = " + ".join(map(number, blame[layer + 1][:, j]))
        arrived = f"({arrived})" if len(blame[layer + 1]) > 1 else arrived
        said.append(f"{name} = {arrived} × {number(slope)} = {value}")
    keys = choose(("solid: positive", "dashed: negative"), ("實線：正", "虛線：負"))
    legend = [part for place, key in enumerate(keys) for part in (
        coloured(place, [line(14 + 150 * place, columns.height + 22, 50 + 150 * place, columns.height + 22,
                              1, 3, "none" if place == 0 else "6 4")]),
        text(58 + 150 * place, columns.height + 27, key, size=SMALL, anchor="start"))]
    alt = choose("What flows back along the weights, times f′. ", "沿著權重往回流的量，再乘上 f′。"
                 ) + choose("; ", "；").join(said) + choose(".", "。")
    return svg(columns.width, columns.height + 36, edges + units + legend, alt)


def _carried(start, end, value, width):
    """An edge of this width from start to end, which the value carries back."""
    (x0, y0), (x, y) = start, end
    along = np.array([x - x0, y - y0]) / np.hypot(x - x0, y - y0)
    across = np.array([-along[1], along[0]])
    half, foot = 4 + width / 2, np.array([x, y]) - 11 * along
    return coloured(int(value < 0), [
        line(x0, y0, *foot, opacity=1, width=max(width, 0.5), dashes="6 4" if value < 0 else "none"),
        polygon([(x, y), foot + half * across, foot - half * across])])


def _named_delta(run, l, j):
    return f"δ{small(j + 1, BELOW)}{small(l, ABOVE)}", number(run.delta[l][j, 0])


def _name(l, j):
    return f"{'xa'[l > 0]}{small(j + 1, BELOW)}" + (small(l, ABOVE) if l else "")


def one_sample(run):
    """Raise ValueError unless the trace is that of one sample."""
    if run.N != 1:
        raise ValueError(f"run: expected the trace of one sample, got {run.N}")


class _Columns:
    """Where the units of some layers stand, each layer a column."""

    def __init__(self, sizes, between):
        self.sizes, self.between = sizes, between
        self.width = 100 + between * (len(sizes) - 1)
        self.height = _SPREAD * max(sizes) + 20

    def units(self):
        return ((l, j) for l, n in enumerate(self.sizes) for j in range(n))

    def at(self, l, j):
        return (50 + l * self.between,
                self.height / 2 + (j - (self.sizes[l] - 1) / 2) * _SPREAD)

    def unit(self, l, j, name):
        x, y = self.at(l, j)
        return circle(x, y, _RADIUS), text(x, y + 5, name)

    def edge(self, lower, upper):
        """Where the edge between two units leaves the circle of each."""
        start, end = np.array(self.at(*lower)), np.array(self.at(*upper))
        rim = (end - start) / np.hypot(*(end - start)) * _RADIUS
        return start + rim, end - rim

    def label(self, lower, upper, share, words):
        """Text on an edge, at this share of the way up."""
        start, end = np.array(self.at(*lower)), np.array(self.at(*upper))
        x, y = start + (end - start) * share
        return text(x, y + 4, words, size=SMALL, over=True)
