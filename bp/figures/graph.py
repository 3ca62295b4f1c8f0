"""The computation graph of one layer: what flows forward along each edge, and what comes back."""
from bp.equations import bias_gradient, weight_gradient
from bp.figures.network import one_sample
from bp.figures.svg import ABOVE, SMALL, arrow, circle, number, room, small, svg, text
from bp.glossary import choose

_X, _RADIUS, _LINE, _APART = 28, 20, 16, 4
_BACK = "4 3"  # the dashes of what comes back


def computation_graph(run, l):
    """Draw layer l: from a, W and b by z and a to E, with both numbers on every edge.

    `run` is a `Trace` of one sample. The value of a node goes forward along a
    solid arrow, the derivative of E by that value comes back along a dashed
    one. Beside W stand its rows; a and b below z are written on one line. Raises
    ValueError.

    >>> from bp.example import net, x, y
    >>> from bp.trace import trace
    >>> drawn = computation_graph(trace(net, x, y), 2).markup
    >>> drawn.count("<circle"), "z² = 0.365, ∂E/∂z² = −0.0991" in drawn
    (6, True)
    """
    one_sample(run)
    if l not in run.delta:
        raise ValueError(f"l: expected a layer from 1 to {run.L}, got {l!r}")
    edges = {name: (_lines(value), _lines(back)) for name, value, back in _values(run, l)}
    (below, weight, bias), upwards = list(edges)[:3], list(edges)[3:]
    start = _X + _RADIUS + 5
    z = start + 38 + max(room(line) for name in (below, weight, bias)
                         for lines in edges[name] for line in lines)
    levels = _levels(edges[name] for name in (below, weight, bias))
    parts, end = [], levels[2] - _RADIUS - 3
    for name, y in zip((below, weight, bias), levels):
        forward, back = edges[name]
        parts += _node(_X, y, name)
        parts += _text(start + 5, y - _APART - 6 - _LINE * (len(forward) - 1), forward, "start")
        parts += _text(start + 5, y + _APART + 14, back, "start")
    for y, x in zip(levels[:2], (z + 11, z - 11)):  # these turn down into z, apart from each other
        parts += _both([(start, y - _APART), (x + _APART, y - _APART), (x + _APART, end)],
                       [(start, y + _APART), (x - _APART, y + _APART), (x - _APART, end)])
    side, y = z - _RADIUS - 3, levels[2]
    parts += _both([(start, y - _APART), (side, y - _APART)],
                   [(start, y + _APART), (side, y + _APART)])
    for name in upwards:
        forward, back = edges[name]
        top = y + _RADIUS + 3
        bottom = top + 34 + _LINE * max(len(forward), len(back))
        parts += _node(z, y, name)
        parts += _both([(z - _APART, top), (z - _APART, bottom)],
                       [(z + _APART, top), (z + _APART, bottom)])
        for lines, aside, anchor in ((forward, -10, "end"), (back, 10, "start")):
            first = (top + bottom - _LINE * (len(lines) - 1)) / 2 + 5
            parts += _text(z + aside, first, lines, anchor)
        y = bottom + _RADIUS + 3
    last = "E" if l == run.L else f"z{small(l + 1, ABOVE)}"
    parts += _node(z, y, last)
    wide = max(room(line) for name in upwards for line in edges[name][1])
    return svg(z + 10 + wide, y + _RADIUS + 4, [*parts, *_legend(y)], _alt(edges, last))


def _values(run, l):
    """Each node but E: its name, its value, and the derivative of E by it."""
    delta, above, below = run.delta[l], small(l, ABOVE), small(l - 1, ABOVE)
    back = run.cost.prime(run.a[l], run.y) if l == run.L else run.w[l+1].T @ run.delta[l+1]
    yield f"a{below}", run.a[l-1].T, (run.w[l].T @ delta).T
    yield f"W{above}", run.w[l], weight_gradient(delta, run.a[l-1])
    yield f"b{above}", run.b[l].T, bias_gradient(delta).T
    yield f"z{above}", run.z[l], delta
    yield f"a{above}", run.a[l], back


def _lines(array):
    return [", ".join(number(value) for value in row) for row in array]


def _levels(edges):
    """How far down each of the inputs stands, so that none of their numbers overlap."""
    levels, y = [], 0
    for forward, back in edges:
        y += max(_RADIUS + 4, _APART + 6 + _LINE * len(forward))
        levels.append(y)
        y += max(_RADIUS + 4, _APART + 10 + _LINE * len(back))
    return levels


def _node(x, y, name):
    return circle(x, y, _RADIUS), text(x, y + 5, name)


def _text(x, y, lines, anchor):
    return [text(x, y + _LINE * i, line, size=SMALL, anchor=anchor) for i, line in enumerate(lines)]


def _both(forward, back):
    return arrow(*forward), arrow(*reversed(back), dashes=_BACK)


def _legend(y):
    words = choose(("value", "derivative of E by it"), ("數值", "E 對它的偏微分"))
    yield from _both([(8, y - 12), (44, y - 12)], [(8, y + 8), (44, y + 8)])
    for line, word in zip((-7, 13), words):
        yield text(52, y + line, word, size=SMALL, anchor="start")


def _alt(edges, last):
    below, weight, bias, *upwards = edges
    said = [f"{name} = {_said(value)}, ∂E/∂{name} = {_said(back)}"
            for name, (value, back) in edges.items()]
    return choose(
        f"Forward from {below}, {weight} and {bias} by {' and '.join(upwards)} to {last}; back "
        f"comes the derivative of E by each of them. {'; '.join(said)}.",
        f"從 {below}、{weight}、{bias} 經過 {'、'.join(upwards)} 往前到 {last}；"
        f"往回傳的是 E 對它們各自的偏微分。{'；'.join(said)}。")


def _said(lines):
    return f"({'; '.join(lines)})" if len(lines) > 1 or "," in lines[0] else lines[0]
