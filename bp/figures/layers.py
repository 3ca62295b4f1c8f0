"""The size of delta, layer by layer."""
import numpy as np

from bp.figures.chart import chart
from bp.figures.svg import number
from bp.glossary import choose


def delta_by_layer(runs, factor=None):
    """Draw the root mean square of every layer's delta, for each of `runs`, {name: Trace}.

    From left to right it goes as delta travels, from the output back. The scale is
    logarithmic, so that a delta which shrinks by the same factor in each layer is a
    straight line; the line of `factor`, from the last delta of the last run, is drawn
    beside them.

    >>> from bp.example import net, x, y
    >>> from bp.trace import trace
    >>> "example: 0.0991, 0.01493" in delta_by_layer({"example": trace(net, x, y)}).markup
    True
    """
    sizes = {name: [float(np.sqrt((run.delta[l] ** 2).mean())) for l in range(run.L, 0, -1)]
             for name, run in runs.items()}
    if factor is not None:
        last = list(sizes.values())[-1]
        name = choose(f"{number(factor)} a layer", f"每層 {number(factor)} 倍")
        sizes[name] = [last[0] * factor ** back for back in range(len(last))]
    said = "; ".join(f"{name}: {', '.join(number(value) for value in values)}"
                     for name, values in sizes.items())
    alt = choose(f"Root mean square of δ from the last layer back to layer 1. {said}.",
                 f"從最後一層往回到第 1 層，δ 的均方根。{said}。")
    return chart({name: (range(len(values)), values) for name, values in sizes.items()},
                 choose("layers back from the output", "從輸出層往回數的層數"),
                 choose("size of δ", "δ 的大小"), alt, log="y")
