"""Why a step may be taken, in both languages; the cards print these beside the steps, `$…$` as formulas."""
from bp.glossary import choose

REASONS = {
    "definition": ("definition", "定義"),
    "definition-of-delta": (r"definition of $\delta$", r"$\delta$ 的定義"),
    "definition-of-cost": ("$E$ is the mean of the samples' costs", "$E$ 是各樣本成本的平均"),
    "definition-of-sample-cost": ("the cost of one sample, spelled out", "代入單一樣本的成本"),
    "differentiate-sum": ("a sum is differentiated term by term", "和的微分等於各項微分的和"),
    "chain-layer": ("chain rule: it acts on the cost only through the $z$ of layer $l$ (axiom)",
                    "鏈鎖律：這個變數只透過第 $l$ 層的 $z$ 影響成本（公理）"),
    "chain-output": ("chain rule: $z$ acts on the cost only through the outputs $a$ (axiom)",
                     "鏈鎖律：$z$ 只透過輸出 $a$ 影響成本（公理）"),
    "differentiate-z": (r"$z = \sum w\,a + b$, differentiated", r"把 $z = \sum w\,a + b$ 微分"),
    "differentiate-z-of-z": (r"$z^l = \sum w^l f(z^{l-1}) + b^l$, differentiated", r"把 $z^l = \sum w^l f(z^{l-1}) + b^l$ 微分"),
    "differentiate-a": ("$a = f(z)$, differentiated", "把 $a = f(z)$ 微分"),
    "differentiate-cost": ("the cost, differentiated", "把成本微分"),
    "differentiate-sigmoid": (r"$a = \sigma(z)$, differentiated, is $a(1 - a)$, which cancels",
                              r"把 $a = \sigma(z)$ 微分得 $a(1 - a)$，正好消去"),
    "differentiate-softmax": ("softmax, differentiated by the quotient rule", "用商的微分法則把 softmax 微分"),
    "softmax-again": ("each power over the sum is an output $a$ again", "每個指數除以總和，又是輸出 $a$"),
    "multiply-out": ("multiplied out: $a_i$ cancels", "乘開，$a_i$ 消去"),
    "targets-of-one": ("the targets of a sample add up to 1", "一個樣本的目標值加起來等於 1"),
    "differentiate": ("differentiated", "微分"),
    "sift": ("a bracket is 1 where its two indices agree and 0 elsewhere, so one term is left",
             "方括號在兩個下標相同時為 1，否則為 0，所以只剩一項"),
    "factor": ("what doesn't depend on the index moves out of the sum",
               "與加總下標無關的因子提到加總外面"),
    "simplify": ("simplified", "化簡"),
    "sigmoid-again": (r"$e^{-z} = 1/\sigma(z) - 1$, from the definition", r"由定義可得 $e^{-z} = 1/\sigma(z) - 1$"),
    "general-statement": ("the general statement", "一般式"),
    "drop-sample": ("$N = 1$: one sample, so its index is dropped", "$N = 1$：只有一個樣本，省略樣本下標"),
}

CASES = {
    "quadratic-cost": ("with the quadratic cost", "採用二次成本"),
    "one-sample": ("with one sample", "只有一個樣本"),
    "sigmoid-and-its-cost": ("with the sigmoid and the binary cross-entropy", "採用 sigmoid 與二元交叉熵"),
    "targets-of-one": ("with targets that add up to 1", "目標值加起來等於 1"),
}


def reason(key, language):
    """Return the reason for a step, or the name of a case, in "en" or "zh-TW"."""
    return choose(*(REASONS | CASES)[key], language)
