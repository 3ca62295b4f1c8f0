"""Networks and their arrays, drawn."""
import numpy as np

from bp.figures.svg import ABOVE, BELOW, number, small, svg, text
from bp.glossary import choose

_CELL_WIDTH, _CELL_HEIGHT, _GAP = 76, 30, 16


def blocks(*parts):
    """Arrays drawn as grids of numbers with their shapes below, signs between them.

    Each part is a sign, such as "+", or a pair (name, array).

    >>> figure = blocks(("w", np.eye(2)), "·", ("a", np.ones((2, 1))))
    >>> figure.markup.count("<rect"), "2 × 1" in figure.markup
    (6, True)
    """
    tallest = max(array.shape[0] for part in parts if isinstance(part, tuple)
                  for array in part[1:])
    height, x, drawn = tallest * _CELL_HEIGHT, 4, []
    alt = " ".join(part if isinstance(part, str) else "{} ({} × {})".format(part[0], *part[1].shape)
                   for part in parts)
    for part in parts:
        if isinstance(part, str):
            drawn.append(text(x + 8, 28 + height / 2, part))
            x += 16 + _GAP
            continue
        name, array = part
        rows, columns = array.shape
        top, middle = 24 + (height - rows * _CELL_HEIGHT) / 2, x + columns * _CELL_WIDTH / 2
        drawn.append(text(middle, 14, name, weight=700))
        for row, column in np.ndindex(array.shape):
            left, up = x + column * _CELL_WIDTH, top + row * _CELL_HEIGHT
            drawn.append(f'<rect x="{left}" y="{up}" width="{_CELL_WIDTH}" height="{_CELL_HEIGHT}" '
                         'fill="none" stroke="currentColor" stroke-opacity="0.5"/>')
            drawn.append(text(left + _CELL_WIDTH / 2, up + _CELL_HEIGHT / 2 + 5,
                               number(array[row, column])))
        drawn.append(text(middle, height + 44, f"{rows} × {columns}", opacity=0.75))
        x += columns * _CELL_WIDTH + _GAP
    return svg(x - _GAP + 4, height + 54, drawn, alt)


def network_diagram(net):
    """The units of a network in columns, one for each layer, every weight on its edge.

    >>> from bp.example import net
    >>> network_diagram(net).markup.count("<circle")
    6
    """
    layers = ", ".join(map(str, net.sizes))
    alt = choose(f"A network with layers of {layers} units; every weight stands on its edge.",
                 f"各層神經元數為 {layers} 的網路，每條連線上標著它的權重。")
    spread, between, radius = 86, 210, 24
    height = spread * max(net.sizes)
    place = lambda l, j: (40 + l * between, height / 2 + (j - (net.sizes[l] - 1) / 2) * spread + 10)
    edges, units = [], []
    for l, n in enumerate(net.sizes):
        for j in range(n):
            x, y = place(l, j)
            units.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="currentColor"/>')
            units.append(text(x, y + 5, f"{'xa'[l > 0]}{small(j + 1, BELOW)}"
                               + (small(l, ABOVE) if l else "")))
            for k in range(net.sizes[l-1] if l else 0):
                x0, y0 = place(l - 1, k)
                length = np.hypot(x - x0, y - y0)
                dx, dy = (x - x0) * radius / length, (y - y0) * radius / length
                edges.append(f'<line x1="{x0 + dx:.1f}" y1="{y0 + dy:.1f}" x2="{x - dx:.1f}" '
                             f'y2="{y - dy:.1f}" stroke="currentColor" stroke-opacity="0.45"/>')
                near = 0.72  # of the way: edges into one unit come from different angles
                edges.append(text(x0 + (x - x0) * near, y0 + (y - y0) * near - 4,
                                   number(net.weights[l-1][j, k]), size=13))
    return svg(80 + between * (len(net.sizes) - 1), height + 20, edges + units, alt)
