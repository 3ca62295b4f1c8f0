"""The stepper: one run of `backprop` that a reader walks through, one equation at a time.

As it stands it is an image of the network after the whole run. On the site
docs/theme/assets/stepper.js brings the rest to life: it draws the same network
by the same measures, and takes every number, line and formula from what is
written here or in a file of `record`.
"""
import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context
from html import escape

import numpy as np

from bp.card import coloured, inline
from bp.figures.svg import ABOVE, BELOW, number, small, text
from bp.glossary import TERMS, choose
from bp.network import Network
from bp.spec import bare_source
from bp.steps import LISTED, formula, record, steps_of
from bp.symbolic import model
from bp.symbolic.latex import print_latex

# What stands where, in pixels: three layers are as wide as a phone at the least size of `text`.
# A weight stands on the last, level part of its edge, its gradient below it; where many edges meet,
# beside it. Where there is room all is enlarged, up to `enlarged` times or until it is `high`.
_MEASURES = {"text": 11, "digits": 12, "input": 54, "unit": 88, "value": 56, "row": 15, "pad": 6,
             "gap": 12, "top": 26, "curve": 15, "enlarged": 1.25, "high": 500,
             "few": {"port": 27, "label": 48, "weight": 3, "below": 11},
             "many": {"port": 17, "label": 104, "weight": 68, "below": -4}}
_THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Stepper:
    """Network, source and equation of each step of one `backprop` of x and y.

    x has shape (n_0, 1) and y (n_L, 1): one sample. Raises ValueError for more.

    >>> Stepper(Network([1, 1], seed=1), np.ones((1, 1)), np.ones((1, 1)))
     1  z1      weighted_input
     2  a1      activate
     3  delta1  output_delta
     4  E_b1    bias_gradient
     5  E_w1    weight_gradient
    """
    network: Network
    x: np.ndarray
    y: np.ndarray

    def __post_init__(self):
        if np.shape(self.x)[1:] != (1,):
            raise ValueError(f"x: expected one sample, of shape ({self.network.sizes[0]}, 1), "
                             f"got shape {np.shape(self.x)}")

    def _repr_html_(self):
        parts = "".join((_controls(), _shape(self.network), self._stage(), _legend(), self._data()))
        name = choose("Backpropagation, step by step", "反向傳播，一步一步走")
        return (f'<section class="bp-stepper" role="group" tabindex="0" aria-label="{name}" '
                f'data-search-exclude data-traces="traces/">{parts}</section>')

    def __repr__(self):
        return "\n".join(f"{number:2}  {step.gives:8}{step.equation.function.__name__}"
                         for number, step in enumerate(steps_of(self.network, self.x, self.y), 1))

    def _stage(self):
        steps = steps_of(self.network, self.x, self.y)
        statements = "".join(
            f'<a class="bp-statement" href="#{equation.anchor}" title="{equation.title()}" '
            f'data-equation="{equation.id}" hidden>'
            f"{inline(print_latex(equation.computable, linked=True))}</a>"
            for equation in dict.fromkeys(step.equation for step in steps))
        return (f'<div class="bp-stepper-stage"><div class="bp-stepper-network" tabindex="0" '
                f'role="group" aria-label="{choose("Network", "網路")}">'
                f"{still(self.network, self.x, self.y)}</div>"
                f'<div class="bp-stepper-code no-copy" hidden>'
                f'{"".join(map(_listing, reversed(LISTED)))}</div>'
                '<div class="bp-stepper-equation" hidden>'
                f'<p class="bp-stepper-statements">{statements}'
                f'<span class="bp-stepper-layer"></span></p><div class="bp-stepper-numbers" '
                f'tabindex="0" role="group" '
                f'aria-label="{choose("With numbers", "代入數字")}"></div></div></div>')

    def _data(self):
        trace = record(self.network, self.x, self.y)
        equations = {step.equation.id: _described(step)
                     for step in steps_of(self.network, self.x, self.y)}
        data = {"trace": trace, "equations": equations, "words": _words(),
                "measures": _MEASURES, "rows": _rows(),
                "letters": {key: _letter(key) for key in ("w", "b", "z", "a", "y", "delta")}}
        written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f'<script type="application/json">{written.replace("<", r"\u003c")}</script>'


def _described(step):
    """An equation's name, the letter that its statement has for the layer, and its formula."""
    equation = step.equation
    layer = "l" if model.l in equation.array_statement.free_symbols else "L"
    return {"title": equation.title(), "layer": layer,
            "tree": formula(equation.function, step.arguments.get("cost"))}


def still(network, x, y):
    """The network after the whole run: every parameter, z, a, delta and gradient in its place.

    Numbers have three significant digits; it shrinks with the page as long as they are legible.

    >>> from bp.example import net, x, y
    >>> drawn = still(net, x, y)
    >>> "−0.0991" in drawn, drawn.count("<path")
    (True, 9)
    """
    made = record(network, x, y)
    sizes, arrays = made["sizes"], made["arrays"]
    measures = _MEASURES | _MEASURES["few" if max(sizes[:-1]) <= 4 else "many"]
    size, row, pad, port = (measures[name] for name in ("text", "row", "pad", "port"))
    value = lambda x, y, written, size: (f'<g class="bp-value" font-family="KaTeX_Main,serif">'
                                         f'{text(x, y, written, size, "end")}</g>')
    last, between = len(sizes) - 1, measures["curve"] + measures["label"]
    rows = [_rows()[_place(l, last)] for l in range(last + 1)]
    widths = [measures["unit" if l else "input"] for l in range(last + 1)]
    heights = [max(len(rows[l]) * row, sizes[l-1] * port if l else 0) + 2 * pad
               for l in range(last + 1)]
    columns = [n * (h + measures["gap"]) - measures["gap"] for n, h in zip(sizes, heights)]
    left = [1 + sum(widths[:l]) + l * between for l in range(last + 1)]
    right = [x + w for x, w in zip(left, widths)]
    middle = lambda l, j: (measures["top"] + (max(columns) - columns[l] + heights[l]) / 2
                           + j * (heights[l] + measures["gap"]))
    edges, labels, parts = [], [], []
    for l, n in enumerate(sizes):
        at, anchor = ((left[l], "start") if l == 0 else (right[l], "end") if l == last
                      else ((left[l] + right[l]) / 2, "middle"))
        parts.append(text(at, 12, _words()[_place(l, last)].format(l=l), size, anchor))
        for j in range(n):
            parts.append(f'<rect x="{left[l]}" y="{middle(l, j) - heights[l] / 2:.1f}" '
                         f'width="{widths[l]}" height="{heights[l]:.1f}" rx="10" fill="none" '
                         'stroke="currentColor"/>')
            for place, key in enumerate(rows[l]):
                at = middle(l, j) + (place - len(rows[l]) / 2) * row + row - 4
                entry = arrays[key if key == "y" else f"{key}{l}"][j][0]
                name = (_letter(key) if l else "x") + small(j + 1, BELOW) + small(l, ABOVE) * (l and key != "y")
                parts += [text(left[l] + 5, at, name, size, "start"),
                          value(right[l] - 5, at, short(entry), measures["digits"])]
            for k in range(sizes[l-1] if l else 0):
                begin = middle(l - 1, k)
                end = middle(l, j) + (k - (sizes[l-1] - 1) / 2) * port
                bend, level = right[l-1] + measures["curve"] / 2, right[l-1] + measures["curve"]
                edges.append(f'<path d="M{right[l-1]} {begin:.1f}C{bend:.0f} {begin:.1f} '
                             f'{bend:.0f} {end:.1f} {level} {end:.1f}H{left[l]}" fill="none" '
                             'stroke="currentColor" stroke-opacity="0.4"/>')
                labels += [value(left[l] - measures["weight"], end - 4,
                                 short(arrays[f"w{l}"][j][k]), size),
                           value(left[l] - 3, end + measures["below"],
                                 "∇ " + short(arrays[f"E_w{l}"][j][k]), size)]
    width, height = right[last] + 1, measures["top"] + max(columns) + 2
    scale = min(measures["enlarged"], max(1, measures["high"] / height))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" '
            f'width="{scale * width:.0f}" style="min-width:{width}px;max-width:100%;height:auto" '
            f'role="img" aria-label="{escape(_alt(made))}" font-family="inherit">'
            f'{"".join(edges + labels + parts)}</svg>')


def short(value):
    """A number to three significant digits; a tie goes away from 0, as in JavaScript.

    >>> short(-0.00049847), short(1.125)
    ('−0.000498', '1.13')
    """
    return number(float(_THREE_DIGITS.create_decimal_from_float(value)), 3)


def _place(l, last):
    return "input" if l == 0 else "output" if l == last else "hidden"


def _rows():
    """The letters of a unit, from top to bottom; E_b is its bias gradient."""
    return {"input": ["a"], "hidden": ["b", "z", "a", "delta", "E_b"],
            "output": ["b", "z", "a", "y", "delta", "E_b"]}


def _letter(key):
    return {"delta": "δ", "E_b": "∇b"}.get(key, TERMS[key].latex)


def _alt(made):
    """What the image shows, in words: sizes, output, target, and the arrays of the way back."""
    arrays, last = made["arrays"], len(made["sizes"]) - 1
    listed = lambda name: ", ".join(number(entry) for row in arrays[name] for entry in row)
    layers = lambda letter, key: choose("; ", "；").join(
        choose(f"{letter} of layer {l}: {listed(f'{key}{l}')}",
               f"第 {l} 層的 {letter}：{listed(f'{key}{l}')}") for l in range(last, 0, -1))
    deltas, gradients = layers("δ", "delta"), layers("∇w", "E_w")
    sizes = ", ".join(map(str, made["sizes"]))
    return choose(
        f"A network with layers of {sizes} units after one backpropagation. Every edge has its "
        f"weight and the weight's gradient, every unit its b, z, a, δ and ∇b. Input "
        f"{listed('a0')}; output {listed(f'a{last}')}; target {listed('y')}. {deltas}. {gradients}.",
        f"各層神經元數為 {sizes} 的網路，跑完一次反向傳播。每條連線標著權重和權重的梯度，"
        f"每個神經元裡是它的 b、z、a、δ 和 ∇b。輸入：{listed('a0')}；輸出：{listed(f'a{last}')}；"
        f"目標值：{listed('y')}。{deltas}。{gradients}。")


def _listing(name):
    """The source of a function, each line an element of its own that can be lit."""
    indent = lambda line: (len(line) - len(line.lstrip())) // 4
    lines = "".join(
        f'<span class="bp-line bp-indent-{indent(line)}">{coloured(line, TERMS)}\n</span>'
        for line in bare_source(LISTED[name]).splitlines())
    return (f'<div class="highlight" data-function="{name}"><pre><code>{lines}'
            "</code></pre></div>")


_ICONS = {"start": "M7 5v14M17 5l-7 7 7 7", "back": "M15 5l-7 7 7 7", "play": "M8 5l10 7-10 7z",
          "forward": "M9 5l7 7-7 7"}


def _controls():
    names = {"start": choose("To the start", "回到開頭"), "back": choose("One step back", "上一步"),
             "play": choose("Play", "播放"), "forward": choose("One step forward", "下一步")}
    button = lambda do: (
        f'<button type="button" data-do="{do}" aria-label="{names[do]}" title="{names[do]}">'
        f'<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
        f'<path d="{_ICONS[do]}"/></svg></button>')
    return (f'<div class="bp-stepper-controls" role="group" hidden '
            f'aria-label="{choose("Steps", "步驟")}">{"".join(map(button, names))}'
            f'<input type="range" min="0" value="0" step="1" aria-label="{choose("Step", "步驟")}">'
            '<div class="bp-stepper-now"><p class="bp-stepper-status" aria-live="polite"></p>'
            '<div class="bp-stepper-formula"></div></div></div>')


def _shape(network):
    hint = choose("2 to 4 numbers, the input's first, each at most 6", "2 到 4 個數，第一個是輸入層，每個最多 6")
    return (f'<form class="bp-stepper-shape" novalidate hidden>'
            f'<label>{choose("Units in each layer", "各層的神經元數")} '
            f'<input type="text" autocomplete="off" spellcheck="false" '
            f'aria-describedby="bp-stepper-hint" '
            f'value="{", ".join(map(str, network.sizes))}"></label>'
            f'<button type="submit">{choose("Load this network", "載入這個網路")}</button>'
            f'<small id="bp-stepper-hint">{hint}</small><p role="alert"></p></form>')


def _legend():
    return ('<p class="bp-stepper-legend">'
            f'<span class="bp-uses" hidden>{choose("what this step uses", "這一步用到的")}</span> '
            f'<span class="bp-makes" hidden>{choose("what this step makes", "這一步算出的")}</span> '
            '<span>∇w = ∂E/∂w, ∇b = ∂E/∂b</span> '
            f'<span>{choose("3 digits in the picture, 4 in the formula", "圖中三位有效數字，公式中四位")}</span> '
            '<span class="bp-stepper-keys" hidden>'
            f'{choose("Keys, after a click on the picture: ← → Home End, space plays", "先點一下圖，就能用按鍵：← → Home End，空白鍵播放")}'
            "</span></p>")


def _words():
    """What stepper.js says; {…} is filled in."""
    return {
        "start": choose("Step 0/{steps} · nothing is computed yet",
                        "步驟 0/{steps} · 開始，什麼都還沒算"),
        "begin": choose("Every step shows the line of code that runs, and here its equation with the numbers put in.",
                        "每走一步，會標出正在執行的那一行程式，並在這裡把數字代入它的公式。"),
        "step": choose("Step {step}/{steps} · {title}, layer {layer}",
                       "步驟 {step}/{steps} · {title}，第 {layer} 層"),
        "result": choose(". Result: {values}.", "。結果：{values}。"),
        "entries": choose("{rows} by {columns} numbers", "{rows} × {columns} 個數字"),
        "here": choose("here ", "這裡 "),
        "input": choose("layer {l} (input)", "第 {l} 層（輸入）"),
        "hidden": choose("layer {l}", "第 {l} 層"),
        "output": choose("layer {l} (output)", "第 {l} 層（輸出）"),
        "network": choose("A network with layers of {sizes} units; what is known so far stands on "
                          "its edges and in its units.",
                          "各層神經元數為 {sizes} 的網路，目前已知的數字標在連線上和神經元裡。"),
        "play": choose("Play", "播放"), "pause": choose("Pause", "暫停"),
        "wrong": choose("Expected 2 to 4 whole numbers, each from 1 to 6, such as 3, 4, 2; "
                        "got {got}.",
                        "這裡要填 2 到 4 個整數，每個都在 1 到 6 之間，例如 3, 4, 2；收到的是{got}。"),
        "typed": choose("“{typed}”", "「{typed}」"), "nothing": choose("nothing", "空白"),
        "missing": choose("The numbers of the network {sizes} could not be loaded ({reason}).",
                          "網路 {sizes} 的數字載入失敗（{reason}）。"),
    }
