"""Worked examples that others have printed, computed again.

`published.json` is data: what each source prints, to the digits it prints.
Right figures must come out of the shipped code; figures known to be wrong must
come out, to their last digit, of the mistake that is named for them.
"""
import json
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

# What the sources call their figures, from a Rework.
FIGURES = {
    "hidden": lambda r: r.activations[1].ravel(),
    "output": lambda r: r.activations[-1].ravel(),
    "cost": lambda r: r.cost,
    "delta_output_first": lambda r: r.nabla_b[-1].item(0),
    "dE_dw5": lambda r: r.nabla_w[1].item(0),
    "dE_dw1": lambda r: r.nabla_w[0].item(0),
    "minus_delta_output": lambda r: -r.nabla_b[-1].ravel(),
    "minus_delta_hidden": lambda r: -r.nabla_b[0].ravel(),
    "weights_after": lambda r: r.weights,
    "biases_after": lambda r: [b.ravel() for b in r.biases],
    "cost after one step": lambda r: r.cost_after,
    "weights after one step": lambda r: r.weights,
}


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


def recompute(scope=FULL):
    """Compare every printed figure with the code, or with the mistake that explains it."""
    right = wrong = 0
    for example in EXAMPLES:
        rework = Rework(example)
        for figure, printed in example["printed"].items():
            right += _agree(f"{example['id']}, {figure}", FIGURES[figure](rework), printed)
        for entry in example.get("wrong", ()):
            place = f"{example['id']}, {entry['what']}"
            _agree(f"{place} (right)", FIGURES[entry["what"]](rework), entry["right"])
            mistake = MISTAKES[entry["mistake"].split()[0]]
            mistaken = Rework(example, plant(mistake, rate=float(example["eta"])))
            got, printed = FIGURES[entry["what"]](mistaken), entry["printed"]
            if entry["mistake"].endswith("(hidden layer)"):  # the rest is off by rounding alone
                got, printed = got[:1], printed[:1]
            wrong += _agree(f"{place} with {mistake.id}", got, printed)
    return Checked(
        f"{right} right, {wrong} wrong",
        f"{right} printed figures of {len(EXAMPLES)} sources come out to their last digit; "
        f"{wrong} that are wrong in print come out of the mistake named for them",
        f"{len(EXAMPLES)} 個來源印出的 {right} 個數字算出來完全相同；"
        f"{wrong} 個印錯的數字，可以由指名的錯誤重現")


def _agree(place, got, printed):
    """Return how many figures agree to within one unit of the last digit printed."""
    if isinstance(printed, list):
        if len(got) != len(printed):
            raise LinkError(f"{place}: expected {len(printed)} figures, got {len(got)}")
        return sum(_agree(f"{place}[{i}]", g, p) for i, (g, p) in enumerate(zip(got, printed)))
    unit = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent)
    if not abs(Decimal(float(got)) - Decimal(printed)) <= unit:
        raise LinkError(f"{place}: printed {printed}, computed {float(got):.12g}")
    return 1
