"""Worked examples that others have printed, computed again.

`published.json` is data: what each source prints, to the digits it prints.
Right figures must come out of the shipped code; figures known to be wrong must
come out, to their last digit, of the mistake that is named for them.
"""
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from bp import network
from bp.equations import mean_cost
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.functions import quadratic

EXAMPLES = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"),
                      parse_float=Decimal)["examples"]


class Rework:
    """One step of gradient descent on a published example."""

    def __init__(self, example, algorithm=SHIPPED):
        numbers = lambda value: np.array(value, dtype=float)
        x, y = numbers(example["x"])[:, None], numbers(example["y"])[:, None]
        weights = [numbers(w) for w in example["weights"]]
        biases = [numbers(b)[:, None] for b in example["biases"]]
        rate = float(example["eta"])
        self.activations = network.feedforward(x, weights, biases)[1]
        self.cost = mean_cost(self.activations[-1], y, quadratic)
        self.nabla_b, self.nabla_w = algorithm.backprop(x, y, weights, biases)
        self.weights = [w - rate * g for w, g in zip(weights, self.nabla_w)]
        self.biases = [b - rate * g for b, g in zip(biases, self.nabla_b)] \
            if example["biases_updated"] else biases
        after = network.feedforward(x, self.weights, self.biases)[1][-1]
        self.cost_after = mean_cost(after, y, quadratic)


@dataclass(frozen=True)
class Quantity:
    """What a source has a name of its own for: how it is written here, and how to get it."""
    latex: Callable[..., str]
    of: Callable[[Rework], object]


# A tilde marks what there is after the step. Indices count from 1.
_weight = lambda l, j, k: rf"\tilde{{w}}_{{{j}{k}}}^{{{l}}}"
_bias = lambda l, j: rf"\tilde{{b}}_{{{j}}}^{{{l}}}"

QUANTITIES = {
    "hidden": Quantity(lambda j: rf"a_{{{j}}}^{{1}}", lambda r: r.activations[1].ravel()),
    "output": Quantity(lambda j: rf"a_{{{j}}}^{{2}}", lambda r: r.activations[2].ravel()),
    "cost": Quantity(lambda: "E", lambda r: r.cost),
    "delta_output_first": Quantity(lambda: r"\delta_{1}^{2}", lambda r: r.nabla_b[1].item(0)),
    "dE_dw5": Quantity(lambda: r"\partial E/\partial w_{11}^{2}", lambda r: r.nabla_w[1].item(0)),
    "dE_dw1": Quantity(lambda: r"\partial E/\partial w_{11}^{1}", lambda r: r.nabla_w[0].item(0)),
    "minus_delta_output": Quantity(lambda j: rf"-\delta_{{{j}}}^{{2}}", lambda r: -r.nabla_b[1].ravel()),
    "minus_delta_hidden": Quantity(lambda j: rf"-\delta_{{{j}}}^{{1}}", lambda r: -r.nabla_b[0].ravel()),
    "weights_after": Quantity(_weight, lambda r: r.weights),
    "biases_after": Quantity(_bias, lambda r: [b.ravel() for b in r.biases]),
    "cost after one step": Quantity(lambda: r"\tilde{E}", lambda r: r.cost_after),
    "weights after one step": Quantity(_weight, lambda r: r.weights),
}

RIGHT, MISTAKE, ROUNDING = "right", "mistake", "rounding"


@dataclass(frozen=True)
class Figure:
    """One printed number beside what the code gives, and what the source's mistake gives.

    Where a source prints a wrong number, `recorded` is the right one as data;
    `expected` is RIGHT, MISTAKE, or ROUNDING for one that a source got by
    rounding on the way, and that is off by less than 0.0001.
    """
    source: str
    quantity: str
    latex: str
    printed: Decimal
    computed: float
    expected: str = RIGHT
    recorded: Decimal | None = None
    mistake: str = ""
    mistaken: float | None = None

    def check(self):
        """Raise LinkError unless the printed number is what `expected` says it is."""
        if self.expected == RIGHT:
            return self._agree(self.computed, self.printed)
        self._agree(self.computed, self.recorded)
        if self.expected == MISTAKE:
            self._agree(self.mistaken, self.printed, f" with {self.mistake}")
        elif not abs(self.computed - float(self.printed)) < 1e-4:
            raise LinkError(f"{self}: printed {self.printed}, more than rounding on the way makes "
                            f"of {self.computed:.12g}")

    def _agree(self, got, printed, how=""):
        if not abs(Decimal(float(got)) - printed) <= Decimal(1).scaleb(printed.as_tuple().exponent):
            raise LinkError(f"{self}{how}: printed {printed}, computed {float(got):.12g}")

    def __str__(self):
        return f"{self.source}, {self.quantity} ({self.latex})"


def figures_of(example):
    """Yield a Figure for every number that an example prints."""
    source, rework = example["id"], Rework(example)
    for name, printed in example["printed"].items():
        quantity = QUANTITIES[name]
        for indices, number, computed in _numbers(f"{source}, {name}", printed, quantity.of(rework)):
            yield Figure(source, name, quantity.latex(*indices), number, computed)
    for entry in example.get("wrong", ()):
        quantity, (mistake, *limit) = QUANTITIES[entry["what"]], entry["mistake"].split(maxsplit=1)
        mistaken = Rework(example, plant(MISTAKES[mistake], rate=float(example["eta"])))
        place = f"{source}, {entry['what']}"
        columns = (_numbers(place, entry["printed"], got) for got in
                   (quantity.of(rework), quantity.of(mistaken), entry["right"]))
        for (indices, number, computed), (*_, wrong), (*_, recorded) in zip(*columns, strict=True):
            in_reach = not limit or indices[0] == 1  # "(hidden layer)": the rest is rounding alone
            yield Figure(source, entry["what"], quantity.latex(*indices), number, computed,
                         MISTAKE if in_reach else ROUNDING, Decimal(recorded), mistake, wrong)


def _numbers(place, printed, other, indices=()):
    """Yield (indices, printed number, number at the same place of `other`)."""
    if not isinstance(printed, list):
        yield indices, Decimal(printed), other
        return
    if len(other) != len(printed):
        raise LinkError(f"{place}: expected {len(printed)} figures, got {len(other)}")
    for i, (one, counterpart) in enumerate(zip(printed, other), start=1):
        yield from _numbers(place, one, counterpart, (*indices, i))


def recompute(scope=FULL):
    """Compare every printed figure with the code, or with the mistake that explains it."""
    figures = [figure for example in EXAMPLES for figure in figures_of(example)]
    for figure in figures:
        figure.check()
    count = lambda expected: sum(figure.expected == expected for figure in figures)
    right, wrong, rounded = count(RIGHT), count(MISTAKE), count(ROUNDING)
    return Checked(
        f"{right} right, {wrong} wrong",
        f"{right} printed figures of {len(EXAMPLES)} sources come out to their last digit; "
        f"{wrong} that are wrong in print come out of the mistake named for them, {rounded} of "
        "rounding on the way",
        f"{len(EXAMPLES)} 個來源印出的 {right} 個數字，重算後到最後一位都相符；{wrong} 個印錯的數字，可以用某個"
        f"已知的錯誤重現，{rounded} 個是計算途中捨入造成的",
        f"{right} 對、{wrong} 錯")
