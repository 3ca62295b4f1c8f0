"""One row for each symbol: its letter, its names in the code, its shape, its meaning.

The printer takes its letters from here, the card its links between statement
and code, the notation page its table; a word is chosen here and nowhere else.
Both sides may read this module, which imports neither of them.
"""
import os
import re
from dataclasses import dataclass


def choose(en, zh, language=None):
    """Return the English or the Chinese text: as `language` says, or $BP_LANG, or English.

    >>> choose("weight", "權重", "zh-TW")
    '權重'
    """
    return zh if (language or os.environ.get("BP_LANG")) == "zh-TW" else en


def plain(text):
    """Return a text of this package as a terminal shows it: its `$…$` without LaTeX.

    >>> plain("layer $l-1$ of $\\\\delta$")
    'layer l−1 of δ'
    """
    for command, sign in _SIGNS.items():
        text = text.replace(command, sign)
    return re.sub(r"\$(.*?)\$", lambda formula: formula[1].replace("-", "−"), text)


_SIGNS = {r"\delta": "δ", r"\sigma": "σ", r"\sum": "Σ"}


@dataclass(frozen=True)
class Term:
    """A symbol. `shape` is LaTeX, empty for a number; `names` are those in the code."""
    key: str
    latex: str
    names: tuple[str, ...]
    shape: str
    en: str
    zh: str

    @property
    def array(self):
        """LaTeX of the whole array, of layer l or of sample s where there is one for each."""
        return self.of_layer("l")[0]

    def of_layer(self, layer):
        """LaTeX of the whole array of a layer, "l", "l-1" or "L", and of its shape.

        >>> TERMS["z"].of_layer("l-1")
        ('z^{l-1}', 'n_{l-1} \\\\times N')
        """
        if "n_l" not in self.shape:
            return self.latex + "_s" * (self.shape == "N"), self.shape
        below = {"l": "l-1", "l-1": "l-2", "L": "L-1"}[layer]
        shape = self.shape.replace("n_{l-1}", f"n_{{{below}}}").replace("n_l", f"n_{{{layer}}}")
        return f"{self.latex}^{{{layer}}}", shape

    def meaning(self, language=None):
        """Return what the symbol stands for, in the language that `choose` settles; letters as `$l$`."""
        return choose(self.en, self.zh, language)


TERMS = {term.key: term for term in (
    Term("w", "w", ("weight", "weights"), r"n_l \times n_{l-1}",
         "weight, from unit $k$ of layer $l-1$ to unit $j$ of layer $l$",
         "權重，從第 $l-1$ 層的神經元 $k$ 連到第 $l$ 層的神經元 $j$"),
    Term("b", "b", ("bias", "biases"), r"n_l \times 1",
         "bias of unit $j$ of layer $l$", "第 $l$ 層神經元 $j$ 的偏權值"),
    Term("z", "z", ("z", "zs"), r"n_l \times N",
         "weighted input of a unit", "神經元的加權輸入"),
    Term("a", "a", ("a", "activations"), r"n_l \times N",
         "activation, the output of a unit; in layer 0 the network's input $x$",
         "活化值，也就是神經元的輸出；第 0 層的活化值就是網路的輸入 $x$"),
    Term("x", "x", ("x",), r"n_0 \times N",
         "input of the network, one column for each sample", "網路的輸入，每一直行是一個樣本"),
    Term("y", "y", ("y",), r"n_L \times N",
         "target: what the output should have been", "目標值：輸出本來應該是多少"),
    Term("f", "f", ("activation", "sigmoid"), "",
         "activation function", "活化函數"),
    Term("fprime", "f'", ("activation.prime", "sigmoid_prime"), "",
         "derivative of the activation function", "活化函數的導數"),
    Term("sigma", r"\sigma", ("sigmoid",), "",
         "the sigmoid, one activation function", "sigmoid，活化函數的一種"),
    Term("sigmaprime", r"\sigma'", ("sigmoid_prime",), "",
         "derivative of the sigmoid", "sigmoid 的導數"),
    Term("E", "E", ("mean_cost",), "",
         "cost: the mean over the samples; in a statement about one sample, the cost of that sample",
         "成本：各樣本成本的平均；公式只講一個樣本時，就是那個樣本的成本"),
    Term("E_s", "E", ("cost",), "N",
         "cost of sample $s$ alone", "單一樣本 $s$ 的成本"),
    Term("delta", r"\delta", ("delta",), r"n_l \times N",
         "delta: derivative of a sample's cost by a weighted input",
         "敏感度（$\\delta$）：單一樣本的成本對加權輸入的偏微分"),
    Term("E_a", r"\partial E/\partial a^{L}", ("cost.prime", "quadratic_prime", "binary_cross_entropy_prime",
                                              "cross_entropy_prime"), r"n_L \times N",
         "derivative of a sample's cost by an output", "單一樣本的成本對輸出的偏微分"),
    Term("E_b", r"\partial E/\partial b", ("nabla_b", "bias_gradient"), r"n_l \times 1",
         "bias gradient: how fast the cost changes with a bias", "偏權值的梯度：偏權值變動時，成本變化多快"),
    Term("E_w", r"\partial E/\partial w", ("nabla_w", "weight_gradient"), r"n_l \times n_{l-1}",
         "weight gradient: how fast the cost changes with a weight", "權重的梯度：權重變動時，成本變化多快"),
    Term("N", "N", ("N",), "", "number of samples", "樣本數"),
    Term("n", "n", ("sizes",), "", "number of units in a layer", "一層裡的神經元數"),
    Term("l", "l", ("l",), "", "a layer, from 0 to $L$", "層的編號，從 0 到 $L$"),
    Term("L", "L", ("L",), "", "the last layer: the output", "最後一層，也就是輸出層"),
    Term("j", "j", (), "", "a unit of layer $l$", "第 $l$ 層的一個神經元"),
    Term("k", "k", (), "", "a unit of layer $l-1$", "第 $l-1$ 層的一個神經元"),
    Term("i", "i", (), "", "a unit that is summed over", "加總時輪流代入的神經元"),
    Term("m", "m", (), "", "a unit of layer $l-1$ that is summed over", "第 $l-1$ 層中，加總時輪流代入的神經元"),
    Term("s", "s", (), "", "a sample", "一個樣本"),
)}

BY_NAME = {name: term for term in reversed(TERMS.values()) for name in term.names}


def term_for(name, keys):
    """Return the term that a name in the code stands for beside a statement with these keys.

    `sigmoid` is f in most statements and σ in its own.

    >>> term_for("sigmoid", {"sigma"}).latex
    '\\\\sigma'
    """
    return next((term for key, term in TERMS.items() if key in keys and name in term.names), None)
