"""The size of delta, layer by layer."""
import numpy as np

from bp.figures.chart import chart
from bp.figures.svg import number
from bp.glossary import choose


def delta_by_layer(runs, factor=None):
    """Draw the root mean square of every layer's delta, for each of `runs`, {name: Trace}.

    The scale is logarithmic, so that a delta which shrinks by the same factor
    in each layer is a straight line; the line of `factor`, from the last delta
    of the last run, is drawn beside them.

    >>> from bp.example import net, x, y
    >>> from bp.trace import trace
    >>> "example: 0.01493, 0.0991" in delta_by_layer({"example": trace(net, x, y)}).markup
    True
    """
    sizes = {name: [float(np.sqrt((run.delta[l] ** 2).mean())) for l in range(1, run.L + 1)]
             for name, run in runs.items()}
    if factor is not None:
        last = list(sizes.values())[-1]
        name = choose(f"{number(factor)} a layer", f"每層 {number(factor)} 倍")
        sizes[name] = [last[-1] * factor ** down for down in reversed(range(len(last)))]
    layers = {name: range(1, len(values) + 1) for name, values in sizes.items()}
    said = "; ".join(f"{name}: {', '.join(number(value) for value in values)}"
                     for name, values in sizes.items())
    alt = choose(f"Root mean square of δ from layer 1 to the last. {said}.",
                 f"從第 1 層到最後一層，δ 的均方根。{said}。")
    return chart({name: (layers[name], sizes[name]) for name in sizes}, choose("layer l", "第 l 層"),
                 choose("size of δ", "δ 的大小"), alt, log="y")
