"""What happened while a network was trained: cost and accuracy, epoch by epoch."""
from dataclasses import dataclass, field

import numpy as np

from bp.glossary import choose


@dataclass
class History:
    """Mean cost and accuracy before the first epoch (place 0) and after each.

    All of them are measured on all samples with the parameters of that moment, not
    averaged while these change. `test_cost` is empty without test samples, an accuracy
    where there is none. The network has the parameters after epoch `kept`, or newer ones
    if training was interrupted. In a notebook it draws its learning curve.

    >>> History(cost=[0.5, 0.125], accuracy=[0.25, 1.0], kept=1)
    History of 1 epoch: cost 0.5 → 0.125, accuracy 25.0% → 100.0%
    """
    cost: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    test_cost: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    kept: int = 0

    @property
    def epochs(self):
        """How many epochs were measured."""
        return max(len(self.cost) - 1, 0)

    def add(self, training, test=None):
        """Append (cost, accuracy) of the training samples and of the test samples."""
        for measured, costs, accuracies in ((training, self.cost, self.accuracy),
                                            (test, self.test_cost, self.test_accuracy)):
            if measured is not None:
                costs.append(measured[0])
                if measured[1] is not None:
                    accuracies.append(measured[1])

    def _curves(self):
        return {"cost": self.cost, "accuracy": self.accuracy,
                "test cost": self.test_cost, "test accuracy": self.test_accuracy}

    @property
    def latest(self):
        """The newest numbers, as a text."""
        return ", ".join(f"{name} {_written(name, values[-1])}"
                         for name, values in self._curves().items() if values)

    def __repr__(self):
        said = ", ".join(f"{name} {_written(name, values[0])} → {_written(name, values[-1])}"
                         for name, values in self._curves().items() if values)
        older = f"; kept are the parameters after epoch {self.kept}" * (self.kept != self.epochs)
        return f"History of {self.epochs} epoch{'s' * (self.epochs != 1)}: {said}{older}"

    def _repr_html_(self):
        """The learning curve as SVG: the cost, and below it the accuracy if there is one."""
        cost = self._drawn(self.cost, self.test_cost, choose("cost E", "成本 E"),
                           may_be_logarithmic=True)
        percent = lambda shares: [100 * share for share in shares]
        accuracy = self._drawn(percent(self.accuracy), percent(self.test_accuracy),
                               choose("accuracy in %", "正確率（%）"))
        return cost + accuracy

    def _drawn(self, training, test, name, may_be_logarithmic=False):
        from bp.figures.chart import chart
        from bp.figures.svg import number

        named = {choose("training", "訓練"): training, choose("test", "測試"): test}
        points = {label: [point for point in enumerate(values) if np.isfinite(point[1])]
                  for label, values in named.items()}
        curves = {label: list(zip(*pairs)) for label, pairs in points.items() if pairs}
        if not curves:
            return ""
        ends = [choose(f"{label}: {number(values[0])} at epoch {epochs[0]}, "
                       f"{number(values[-1])} at epoch {epochs[-1]}",
                       f"{label}：第 {epochs[0]} 輪 {number(values[0])}，"
                       f"第 {epochs[-1]} 輪 {number(values[-1])}")
                for label, (epochs, values) in curves.items()]
        alt = choose(f"Learning curve, {name}. {'; '.join(ends)}.",
                     f"學習曲線，{name}。{'；'.join(ends)}。")
        values = np.concatenate([values for _, values in curves.values()])
        log = "y" if may_be_logarithmic and 0 < values.min() < values.max() / 10 else ""
        return chart(curves, choose("epoch", "訓練輪數"), name, alt, log).markup


def accuracy(a, y, output):
    """The share of samples whose class was met, or None where the targets are no classes.

    a and y have shape (n_L, N). Of several outputs, targets are classes if each
    column has a single 1 among zeros; then the largest output is the answer. A
    single output answers if its targets are 0 or 1 and its values lie between:
    with 1 from 1/2 upwards.

    >>> from bp import identity, sigmoid
    >>> a, y = np.array([[0.4, 0.9, 0.6]]), np.array([[0.0, 1.0, 0.0]])
    >>> accuracy(a, y, sigmoid).__round__(4), accuracy(a, y, identity)
    (0.6667, None)
    """
    if not np.isin(y, (0, 1)).all():
        return None
    if len(y) == 1:
        low, high = getattr(output, "between", (None, None))
        return float(((a >= 0.5) == y).mean()) if (low, high) == (0, 1) else None
    if not (y.sum(axis=0) == 1).all():
        return None
    return float((a.argmax(axis=0) == y.argmax(axis=0)).mean())


def _written(name, value):
    return f"{100 * value:.1f}%" if "accuracy" in name else f"{value:.4g}"
