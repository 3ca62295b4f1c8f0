"""The catalogue of mistakes: each is one line of the shipped algorithm, changed.

`plant(mistake)` returns the algorithm with that line changed and everything
else as it is shipped. Nothing here is a re-implementation that could drift.
"""
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType

from bp import equations, functions, network
from bp.glossary import choose


@dataclass(frozen=True)
class Mistake:
    """One changed line: what it is, the line, what it does to the gradients.

    `formula` is the equation that the changed code computes, as LaTeX.
    """
    id: str
    name_en: str
    name_zh: str
    function: Callable
    right: str
    wrong: str
    en: str
    zh: str
    formula: str

    def name(self, language=None):
        """Return in words what was done, its `$…$` being LaTeX; `choose` settles the language."""
        return choose(self.name_en, self.name_zh, language)

    def symptom(self, language=None):
        """Return what it does to the gradients, its `$…$` being LaTeX; `choose` settles the language."""
        return choose(self.en, self.zh, language)

    @property
    def diff(self):
        """The changed line as a diff."""
        source = inspect.getsource(self.function)
        line = next(line.strip() for line in source.splitlines() if self.right in line)
        return f"- {line}\n+ {line.replace(self.right, self.wrong)}"


@dataclass(frozen=True)
class Algorithm:
    """The two functions that a check runs."""
    feedforward: Callable
    backprop: Callable


SHIPPED = Algorithm(network.feedforward, network.backprop)


def plant(*mistakes, rate=0.5):
    """Return the shipped Algorithm with one line changed, or one for each of several mistakes.

    `rate` is the learning rate of the mistake that updates weights too early.
    Raises ValueError where two mistakes change the same words.

    >>> plant(MISTAKES["sign"]).backprop is SHIPPED.backprop
    False
    """
    changed = {}
    for function in dict.fromkeys(mistake.function for mistake in mistakes):
        here = [mistake for mistake in mistakes if mistake.function is function]
        changed[function.__name__] = _changed(function, here)
    algorithm = _rebuild(changed, rate)
    primes = [f for name, f in changed.items() if getattr(functions, name, None)]
    return _with_derivative(algorithm, *primes) if primes else algorithm


def _changed(function, mistakes):
    """One shipped function with a line changed by each of the mistakes."""
    source = textwrap.dedent(inspect.getsource(function))
    definition = source[source.index("def "):]
    for mistake in mistakes:
        if definition.count(mistake.right) != 1:
            raise ValueError(f"{mistake.id}: expected {mistake.right!r} once in {function.__name__}, "
                             f"got {definition.count(mistake.right)} times")
        definition = definition.replace(mistake.right, mistake.wrong)
    scope = dict(function.__globals__)
    exec(compile(definition, f"<{' '.join(mistake.id for mistake in mistakes)}>", "exec"), scope)
    return scope[function.__name__]


def _rebuild(changed, rate):
    """The network's functions, calling each other and the changed ones, which are given by name."""
    scope = {**vars(network), "rate": rate, **changed}
    for name in ("feedforward", "delta_of_output", "backprop"):
        function = changed.get(name, getattr(network, name))
        scope[name] = FunctionType(function.__code__, scope, name, function.__defaults__)
    return Algorithm(scope["feedforward"], scope["backprop"])


def _with_derivative(algorithm, prime):
    """The algorithm where the cost's hand-written derivative is wrong.

    The derivative is an attribute of what the caller passes in, so the wrong
    one is put in its place on the way into `backprop`.
    """
    def backprop(x, y, weights, biases, activation=functions.sigmoid, cost=functions.quadratic,
                 output=None):
        return algorithm.backprop(x, y, weights, biases, activation, _Cost(cost, prime), output)
    return Algorithm(algorithm.feedforward, backprop)


class _Cost:
    """A cost with another derivative."""

    def __init__(self, cost, prime):
        self._cost, self.prime = cost, prime

    def __call__(self, a, y):
        return self._cost(a, y)


_output, _hidden, _bias, _weight = (equations.output_delta, equations.hidden_delta,
                                    equations.bias_gradient, equations.weight_gradient)
_cost, _all = functions.quadratic_prime, network.backprop

MISTAKES = {mistake.id: mistake for mistake in (
    Mistake("no-prime-output", "$f'$ left out of the output delta", "輸出層的敏感度漏了 $f'$",
            _output, "cost.prime(a, y) * activation.prime(z)",
            "cost.prime(a, y)", "every layer wrong; delta of the output off by $1/f'(z)$",
            "每一層都錯；輸出層的 δ 差了 $1/f'(z)$ 倍",
            r"\delta_{j}^{L} = \frac{\partial E}{\partial a_{j}^{L}}"),
    Mistake("no-prime-hidden", "$f'$ left out of the hidden delta", "隱藏層的敏感度漏了 $f'$",
            _hidden, "(weight.T @ delta) * activation.prime(z)",
            "weight.T @ delta", "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("prime-of-activation", "$f'$ taken at $a$ in place of $z$, at the output", "輸出層的 $f'$ 代入了 $a$，不是 $z$",
            _output, "activation.prime(z)",
            "activation.prime(activation(z))", "every layer wrong; $f'$ never small",
            "每一層都錯；$f'$ 永遠不會小",
            r"\delta_{j}^{L} = \frac{\partial E}{\partial a_{j}^{L}} f'(a_{j}^{L})"),
    Mistake("prime-of-activation-hidden", "$f'$ taken at $a$ in place of $z$, in the hidden layers", "隱藏層的 $f'$ 代入了 $a$，不是 $z$",
            _hidden, "activation.prime(z)",
            "activation.prime(activation(z))", "last layer right, earlier ones wrong; $f'$ never small",
            "最後一層正確，前面各層錯；$f'$ 永遠不會小",
            r"\delta_{k}^{l-1} = f'(a_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("prime-of-next-layer", "$f'$ taken at the $z$ of the layer above", "$f'$ 代入了上面一層的 $z$",
            _all, "delta, zs[l-2]", "delta, zs[l-1]",
            "stops, unless two layers are equally wide", "會報錯，除非相鄰兩層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l}) \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("sign", "$y - a$ in place of $a - y$", "$a - y$ 寫成 $y - a$",
            _cost, "a - y", "y - a", "every gradient times −1", "所有梯度都乘上 −1",
            r"\frac{\partial E}{\partial a_{j}^{L}} = y_{j} - a_{j}^{L}"),
    Mistake("factor-two", "the derivative of the square without the ½ of the cost", "平方微分得到的 2 沒有跟成本的 ½ 相消",
            _cost, "a - y", "2 * (a - y)", "every gradient times 2", "所有梯度都乘上 2",
            r"\frac{\partial E}{\partial a_{j}^{L}} = 2 (a_{j}^{L} - y_{j})"),
    Mistake("divided-by-outputs", "divided by the number of outputs as well", "還除以了輸出的個數",
            _cost, "a - y", "(a - y) / len(a)",
            "every gradient divided by the number of outputs", "所有梯度都除以輸出個數",
            r"\frac{\partial E}{\partial a_{j}^{L}} = \frac{a_{j}^{L} - y_{j}}{n_L}"),
    Mistake("untransposed-weights", "$W$ not transposed", "$W$ 忘了轉置",
            _hidden, "weight.T @ delta", "weight @ delta",
            "stops, unless two layers are equally wide", "會報錯，除非相鄰兩層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{kj}^{l}"),
    Mistake("transposed-gradient", "the weight gradient transposed", "權重的梯度轉置了",
            _weight, "(delta / N, a.T)", "(a / N, delta.T)",
            "shape turned over; silent between equally wide layers", "形狀顛倒；兩層一樣寬時不會報錯",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \frac{1}{N} \sum_{s} a_{js}^{l-1} \delta_{ks}^{l}"),
    Mistake("same-layer-activation", "the weight gradient with the activation of its own layer, not of the layer below", "權重的梯度用了同一層的活化值，不是下面一層的",
            _all, "delta, activations[l-1]", "delta, activations[l]",
            "a weight gradient of shape $(n_l, n_l)$", "權重梯度的形狀變成 $(n_l, n_l)$",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \frac{1}{N} \sum_{s} \delta_{js}^{l} a_{ks}^{l}"),
    Mistake("wrong-layer-weights", "delta carried through the weights of another layer", "δ 往下傳時用了別層的權重",
            _all, "hidden_delta(weights[l-1]", "hidden_delta(weights[l-2]",
            "stops, unless the layers are equally wide", "會報錯，除非各層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{jk}^{l-1}"),
    Mistake("updated-weights", "weights changed before delta is carried through them", "δ 還沒往下傳，就先更新了權重",
            _all, "hidden_delta(weights[l-1]",
            "hidden_delta(weights[l-1] - rate * nabla_w[l-1]",
            "last layer right, earlier ones slightly wrong", "最後一層正確，前面各層差一點點",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} \left(w_{jk}^{l} - \eta \frac{\partial E}{\partial w_{jk}^{l}}\right)"),
    Mistake("activation-for-delta", "an activation carried down in place of delta", "往下傳的是活化值，不是 δ",
            _all, "weights[l-1], delta,", "weights[l-1], activations[l],",
            "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} a_{j}^{l} w_{jk}^{l}"),
    Mistake("weights-summed", "weights and deltas summed apart, then multiplied", "權重和 δ 分開加總之後才相乘",
            _hidden, "(weight.T @ delta)",
            "(weight.sum(axis=0)[:, None] * delta.sum(axis=0))",
            "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \left(\sum_{j} w_{jk}^{l}\right) \left(\sum_{j} \delta_{j}^{l}\right)"),
    Mistake("sum-not-mean", "the sum over the samples in place of the mean", "對樣本加總，沒有取平均",
            _output, "cost.prime(a, y)", "a.shape[1] * cost.prime(a, y)",
            "every gradient times the number of samples", "所有梯度都乘上樣本數",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \sum_{s} \delta_{js}^{l}"),
    Mistake("mean-twice", "the mean over the samples taken twice", "對樣本取了兩次平均",
            _output, "activation.prime(z)", "activation.prime(z) / a.shape[1]",
            "every gradient divided by the number of samples once more", "所有梯度多除了一次樣本數",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N^2} \sum_{s} \delta_{js}^{l}"),
    Mistake("last-sample-only", "the weight gradient of the last sample alone", "權重的梯度只算了最後一個樣本",
            _weight, "delta / N, a.T", "delta[:, -1:], a[:, -1:].T",
            "weight gradients of the last sample alone", "權重梯度只剩最後一個樣本的",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \delta_{jN}^{l} a_{kN}^{l-1}"),
    Mistake("bias-unsummed", "the bias gradient not summed over the samples", "偏權值的梯度沒有對樣本加總",
            _bias, "delta.sum(axis=1, keepdims=True) / N", "delta / N",
            "bias gradients of shape $(n_l, N)$", "偏權值梯度的形狀變成 $(n_l, N)$",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N} \delta_{js}^{l}"),
    Mistake("bias-totalled", "the bias gradient summed over the units as well", "偏權值的梯度連神經元也加總了",
            _bias, "delta.sum(axis=1, keepdims=True)",
            "(0 * delta[:, :1] + delta.sum())", "all bias gradients of a layer the same",
            "同一層的偏權值梯度全都相同",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N} \sum_{i} \sum_{s} \delta_{is}^{l}"),
    Mistake("bias-flat", "the bias gradient summed to a flat array, without `keepdims`", "偏權值的梯度加總時少了 `keepdims`，變成一維",
            _bias, "delta.sum(axis=1, keepdims=True)", "delta.sum(axis=1)",
            "bias gradients of shape $(n_l,)$", "偏權值梯度的形狀變成 $(n_l,)$",
            r"\operatorname{shape} \frac{\partial E}{\partial b^{l}} = (n_l,)"),
    Mistake("bias-forgotten", "the bias gradient forgotten", "忘了偏權值的梯度",
            _bias, "delta.sum(axis=1, keepdims=True)", "0 * delta[:, :1]",
            "all bias gradients zero", "偏權值梯度全都是零",
            r"\frac{\partial E}{\partial b_{j}^{l}} = 0"),
    Mistake("target-flat", "a flat target", "目標值是一維的",
            _cost, "a - y", "a - y.ravel()",
            "with one sample a square where a column belongs; with several it stops",
            "只有一個樣本時，該是直行的地方變成方陣；樣本有好幾個時會報錯",
            r"\frac{\partial E}{\partial a_{j}^{L}} = a_{j}^{L} - y_{i}"),
    Mistake("first-layer-skipped", "the first layer left out of the loop", "迴圈漏了第一層",
            _all, "weights[l-1], delta, zs", "weights[l-1], delta * (l > 2), zs",
            "first layer zero", "第一層全是零",
            r"\delta_{j}^{1} = 0"),
    Mistake("layers-reversed", "the gradients in the order of the way back", "梯度的各層順序反了",
            _all, "return nabla_b, nabla_w", "return nabla_b[::-1], nabla_w[::-1]",
            "shapes swapped; silent when all layers are equally wide", "各層形狀對調；各層一樣寬時不會報錯",
            r"\nabla_w^{l} = \frac{\partial E}{\partial w^{L+1-l}}"),
    Mistake("integer-buffers", "gradients kept in arrays of whole numbers", "梯度存在整數陣列裡",
            _all, "weight_gradient(delta, activations[l-1])",
            "weight_gradient(delta, activations[l-1]).astype(int)",
            "weight gradients cut to whole numbers", "權重梯度被截成整數",
            r"\nabla_w^{l} = \operatorname{trunc} \frac{\partial E}{\partial w^{l}}"),
    Mistake("shared-buffers", "one array for the gradients of all layers", "各層的梯度共用同一個陣列",
            _all, "return nabla_b, nabla_w",
            "return nabla_b[:1] * L, nabla_w[:1] * L", "all layers the same", "每一層都一樣",
            r"\nabla_w^{l} = \frac{\partial E}{\partial w^{1}}"),
    Mistake("forward-without-bias", "the bias left out of the feedforward", "前饋漏了偏權值",
            equations.weighted_input, "weight @ a + bias", "weight @ a",
            "another network; only a check of the bias gradients or of the forward pass sees it",
            "算的是另一個網路；只有檢查偏權值的梯度或前饋本身才看得出來",
            r"z_{j}^{l} = \sum_{k} w_{jk}^{l} a_{k}^{l-1}"),
)}
