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
    """One changed line. `formula` is the equation that the changed code computes, as LaTeX."""
    id: str
    function: Callable
    right: str
    wrong: str
    en: str
    zh: str
    formula: str

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
    Mistake("no-prime-output", _output, "cost.prime(a, y) * activation.prime(z)",
            "cost.prime(a, y)", "every layer wrong; delta of the output off by $1/f'(z)$",
            "每一層都錯；輸出層的 δ 差了 $1/f'(z)$ 倍",
            r"\delta_{j}^{L} = \frac{\partial E}{\partial a_{j}^{L}}"),
    Mistake("no-prime-hidden", _hidden, "(weight.T @ delta) * activation.prime(z)",
            "weight.T @ delta", "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("prime-of-activation", _output, "activation.prime(z)",
            "activation.prime(activation(z))", "every layer wrong; $f'$ never small",
            "每一層都錯；$f'$ 永遠不會小",
            r"\delta_{j}^{L} = \frac{\partial E}{\partial a_{j}^{L}} f'(a_{j}^{L})"),
    Mistake("prime-of-activation-hidden", _hidden, "activation.prime(z)",
            "activation.prime(activation(z))", "last layer right, earlier ones wrong; $f'$ never small",
            "最後一層正確，前面各層錯；$f'$ 永遠不會小",
            r"\delta_{k}^{l-1} = f'(a_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("prime-of-next-layer", _all, "delta, zs[l-2]", "delta, zs[l-1]",
            "stops, unless two layers are equally wide", "會報錯，除非相鄰兩層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l}) \sum_{j} \delta_{j}^{l} w_{jk}^{l}"),
    Mistake("sign", _cost, "a - y", "y - a", "every gradient times −1", "所有梯度都乘上 −1",
            r"\frac{\partial E}{\partial a_{j}^{L}} = y_{j} - a_{j}^{L}"),
    Mistake("factor-two", _cost, "a - y", "2 * (a - y)", "every gradient times 2", "所有梯度都乘上 2",
            r"\frac{\partial E}{\partial a_{j}^{L}} = 2 (a_{j}^{L} - y_{j})"),
    Mistake("divided-by-outputs", _cost, "a - y", "(a - y) / len(a)",
            "every gradient divided by the number of outputs", "所有梯度都除以輸出個數",
            r"\frac{\partial E}{\partial a_{j}^{L}} = \frac{a_{j}^{L} - y_{j}}{n_L}"),
    Mistake("untransposed-weights", _hidden, "weight.T @ delta", "weight @ delta",
            "stops, unless two layers are equally wide", "會報錯，除非相鄰兩層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{kj}^{l}"),
    Mistake("transposed-gradient", _weight, "(delta / N, a.T)", "(a / N, delta.T)",
            "shape turned over; silent between equally wide layers", "形狀顛倒；兩層一樣寬時不會報錯",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \frac{1}{N} \sum_{s} a_{js}^{l-1} \delta_{ks}^{l}"),
    Mistake("same-layer-activation", _all, "delta, activations[l-1]", "delta, activations[l]",
            "a weight gradient of shape $(n_l, n_l)$", "權重梯度的形狀變成 $(n_l, n_l)$",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \frac{1}{N} \sum_{s} \delta_{js}^{l} a_{ks}^{l}"),
    Mistake("wrong-layer-weights", _all, "hidden_delta(weights[l-1]", "hidden_delta(weights[l-2]",
            "stops, unless the layers are equally wide", "會報錯，除非各層一樣寬",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} w_{jk}^{l-1}"),
    Mistake("updated-weights", _all, "hidden_delta(weights[l-1]",
            "hidden_delta(weights[l-1] - rate * nabla_w[l-1]",
            "last layer right, earlier ones slightly wrong", "最後一層正確，前面各層差一點點",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} \delta_{j}^{l} \left(w_{jk}^{l} - \eta \frac{\partial E}{\partial w_{jk}^{l}}\right)"),
    Mistake("activation-for-delta", _all, "weights[l-1], delta,", "weights[l-1], activations[l],",
            "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \sum_{j} a_{j}^{l} w_{jk}^{l}"),
    Mistake("weights-summed", _hidden, "(weight.T @ delta)",
            "(weight.sum(axis=0)[:, None] * delta.sum(axis=0))",
            "last layer right, earlier ones wrong", "最後一層正確，前面各層錯",
            r"\delta_{k}^{l-1} = f'(z_{k}^{l-1}) \left(\sum_{j} w_{jk}^{l}\right) \left(\sum_{j} \delta_{j}^{l}\right)"),
    Mistake("sum-not-mean", _output, "cost.prime(a, y)", "a.shape[1] * cost.prime(a, y)",
            "every gradient times the number of samples", "所有梯度都乘上樣本數",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \sum_{s} \delta_{js}^{l}"),
    Mistake("mean-twice", _output, "activation.prime(z)", "activation.prime(z) / a.shape[1]",
            "every gradient divided by the number of samples once more", "所有梯度多除了一次樣本數",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N^2} \sum_{s} \delta_{js}^{l}"),
    Mistake("last-sample-only", _weight, "delta / N, a.T", "delta[:, -1:], a[:, -1:].T",
            "weight gradients of the last sample alone", "權重梯度只剩最後一個樣本的",
            r"\frac{\partial E}{\partial w_{jk}^{l}} = \delta_{jN}^{l} a_{kN}^{l-1}"),
    Mistake("bias-unsummed", _bias, "delta.sum(axis=1, keepdims=True) / N", "delta / N",
            "bias gradients of shape $(n_l, N)$", "偏權值梯度的形狀變成 $(n_l, N)$",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N} \delta_{js}^{l}"),
    Mistake("bias-totalled", _bias, "delta.sum(axis=1, keepdims=True)",
            "(0 * delta[:, :1] + delta.sum())", "all bias gradients of a layer the same",
            "同一層的偏權值梯度全都相同",
            r"\frac{\partial E}{\partial b_{j}^{l}} = \frac{1}{N} \sum_{i} \sum_{s} \delta_{is}^{l}"),
    Mistake("bias-flat", _bias, "delta.sum(axis=1, keepdims=True)", "delta.sum(axis=1)",
            "bias gradients of shape $(n_l,)$", "偏權值梯度的形狀變成 $(n_l,)$",
            r"\frac{\partial E}{\partial b^{l}} \in \mathbb{R}^{n_l}"),
    Mistake("bias-forgotten", _bias, "delta.sum(axis=1, keepdims=True)", "0 * delta[:, :1]",
            "all bias gradients zero", "偏權值梯度全都是零",
            r"\frac{\partial E}{\partial b_{j}^{l}} = 0"),
    Mistake("target-flat", _cost, "a - y", "a - y.ravel()",
            "with one sample a square where a column belongs; with several it stops",
            "只有一個樣本時，該是直行的地方變成方陣；樣本有好幾個時會報錯",
            r"\frac{\partial E}{\partial a_{j}^{L}} = a_{j}^{L} - y_{i}"),
    Mistake("first-layer-skipped", _all, "weights[l-1], delta, zs", "weights[l-1], delta * (l > 2), zs",
            "first layer zero", "第一層全是零",
            r"\delta_{j}^{1} = 0"),
    Mistake("layers-reversed", _all, "return nabla_b, nabla_w", "return nabla_b[::-1], nabla_w[::-1]",
            "shapes swapped; silent when all layers are equally wide", "各層形狀對調；各層一樣寬時不會報錯",
            r"\nabla_w^{l} = \frac{\partial E}{\partial w^{L+1-l}}"),
    Mistake("integer-buffers", _all, "weight_gradient(delta, activations[l-1])",
            "weight_gradient(delta, activations[l-1]).astype(int)",
            "weight gradients cut to whole numbers", "權重梯度被截成整數",
            r"\nabla_w^{l} = \operatorname{trunc} \frac{\partial E}{\partial w^{l}}"),
    Mistake("shared-buffers", _all, "return nabla_b, nabla_w",
            "return nabla_b[:1] * L, nabla_w[:1] * L", "all layers the same", "每一層都一樣",
            r"\nabla_w^{l} = \frac{\partial E}{\partial w^{1}}"),
    Mistake("forward-without-bias", equations.weighted_input, "weight @ a + bias", "weight @ a",
            "another network; only a check of the bias gradients or of the forward pass sees it",
            "算的是另一個網路；只有檢查偏權值的梯度或前饋本身才看得出來",
            r"z_{j}^{l} = \sum_{k} w_{jk}^{l} a_{k}^{l-1}"),
)}
