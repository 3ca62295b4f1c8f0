"""Arrays drawn side by side: as grids of their numbers, or as blocks of their shapes."""
from dataclasses import dataclass

import numpy as np

from bp.figures.svg import SMALL, number, room, svg, text
from bp.glossary import choose

_CELL, _GAP = 28, 8  # the height of a cell; between arrays and signs
_SIDE = 15  # of a cell in a block


def blocks(*parts):
    """Arrays drawn as grids of numbers with their shapes below, signs between them.

    Each part is a sign, such as "+", or a pair (name, array).

    >>> figure = blocks(("w", np.eye(2)), "·", ("a", np.ones((2, 1))))
    >>> figure.markup.count("<rect"), "w, 2 × 2: 1 0; 0 1" in figure.markup
    (6, True)
    """
    height = max(part[1].shape[0] for part in parts if isinstance(part, tuple)) * _CELL
    x, drawn, said = 4, [], []
    for part in parts:
        if isinstance(part, str):
            x = _sign(part, x, 24 + height / 2, drawn, said)
            continue
        name, array = part
        rows, columns = array.shape
        wide = 8 + max(30, *(room(number(entry)) for entry in array.flat))
        top, middle = 24 + (height - rows * _CELL) / 2, x + columns * wide / 2
        drawn.append(text(middle, 14, name))
        for row, column in np.ndindex(array.shape):
            left, up = x + column * wide, top + row * _CELL
            drawn += [_rectangle(left, up, wide, _CELL),
                      text(left + wide / 2, up + _CELL / 2 + 5,
                           number(array[row, column]), size=SMALL)]
        drawn.append(text(middle, height + 44, f"{rows} × {columns}", size=SMALL))
        entries = "; ".join(" ".join(map(number, row)) for row in array)
        said.append(f"[{name}, {rows} × {columns}: {entries}]")
        x += columns * wide + _GAP
    return svg(x - _GAP + 4, height + 54, drawn, " ".join(said))


@dataclass(frozen=True)
class Block:
    """An array in `shapes`: the letters of its rows and columns, its lit entries, its repetitions.

    `lit` indexes the array; `repeated` is how many columns NumPy makes of its one.
    """
    name: str
    array: np.ndarray
    rows: str
    columns: str
    lit: tuple | None = None
    repeated: int = 1


def shapes(*parts):
    """Arrays drawn as blocks, as high as they have rows and as wide as they have columns.

    Each part is a sign or a `Block`. Raises ValueError when a letter would
    stand for two numbers.

    >>> W, a = Block("W", np.ones((3, 2)), "n₁", "n₀"), Block("a", np.ones((2, 4)), "n₀", "N")
    >>> 'width="60.0" height="30.0"' in shapes(W, "·", a).markup
    True
    >>> shapes(W, "·", Block("a", np.ones((5, 4)), "n₀", "N"))
    Traceback (most recent call last):
    ValueError: a: expected n₀ = 2, got shape (5, 4)
    """
    arrays, known = [part for part in parts if isinstance(part, Block)], {"1": 1}
    for block in arrays:
        for letter, n in zip((block.rows, block.columns), block.array.shape):
            if known.setdefault(letter, n) != n:
                raise ValueError(f"{block.name}: expected {letter} = {known[letter]}, "
                                 f"got shape {block.array.shape}")
    height = max(block.array.shape[0] for block in arrays) * _SIDE
    x, drawn, said = 4, [], []
    for part in parts:
        if isinstance(part, str):
            x = _sign(part, x, 24 + height / 2, drawn, said)
        else:
            x = _block(part, x, height, drawn, said)
    letters = ", ".join(f"{letter} = {n}" for letter, n in known.items() if letter != "1")
    drawn.append(text((x + 4) / 2, height + 66, letters, size=SMALL))
    alt = choose(f"With {letters}: ", f"{letters} 時：") + " ".join(said)
    return svg(x + 4, height + 74, drawn, alt)


def _block(block, x, height, drawn, said):
    rows, columns = block.array.shape
    x += room(block.rows) + 4
    top, width = 24 + (height - rows * _SIDE) / 2, columns * block.repeated * _SIDE
    bottom, middle = top + rows * _SIDE, x + width / 2
    lit = np.zeros(block.array.shape, dtype=bool)
    if block.lit is not None:
        lit[block.lit] = True
    drawn += [f'<rect x="{x + column * _SIDE:.1f}" y="{top + row * _SIDE:.1f}" width="{_SIDE}" '
              f'height="{_SIDE}" fill="currentColor" fill-opacity="0.25"/>'
              for row, column in zip(*np.nonzero(lit))]
    inner = [f"M{x:.1f} {top + row * _SIDE:.1f}h{columns * _SIDE}" for row in range(1, rows)]
    inner += [f"M{x + column * _SIDE:.1f} {top:.1f}v{rows * _SIDE}" for column in range(1, columns)]
    drawn += [f'<path d="{"".join(inner) or "M0 0"}" stroke="currentColor" stroke-opacity="0.25"/>',
              _rectangle(x, top, columns * _SIDE, rows * _SIDE, opacity=0.9),
              *(_rectangle(x + copy * _SIDE, top, _SIDE, rows * _SIDE, dashes="2 3")
                for copy in range(1, block.repeated)),
              text(middle, 14, block.name),
              text(x - 4, (top + bottom) / 2 + 5, block.rows, size=SMALL, anchor="end"),
              text(x + columns * _SIDE / 2, bottom + 16, block.columns, size=SMALL)]
    said.append(f"{block.name} ({block.rows} × {block.columns})" + (choose(
        f" with its column repeated {block.repeated} times", f"（那個直行重複 {block.repeated} 次）")
        if block.repeated > 1 else ""))
    return x + width + _GAP


def _sign(sign, x, middle, drawn, said):
    drawn.append(text(x + room(sign, 15) / 2, middle + 5, sign))
    said.append(sign)
    return x + room(sign, 15) + _GAP


def _rectangle(x, y, width, height, opacity=0.5, dashes="none"):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="none" '
            f'stroke="currentColor" stroke-opacity="{opacity}" stroke-dasharray="{dashes}"/>')
