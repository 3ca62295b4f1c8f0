# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["en"]
# # 9 · The general proof
#
# **The question.** Numbers on one network show that the formulas hold *there*. How do we know that they hold for every network?

# %% [markdown] tags=["zh"]
# # 9 · 一般的證明
#
# **問題。** 在一個網路上算出來的數字，只能說明公式在**那裡**成立。怎麼知道它對每個網路都成立？

# %% [markdown] tags=["en"]
# By computing with letters in place of numbers. In what follows $l$ is a letter, not 1 or 2; layer $l$ has $n_l$ units, however many that is; and of the
# activation function $f$ nothing is known but that it has a derivative, called $f'$. SymPy, a program that does algebra, carries out every step.
#
# ## What is assumed
#
# **The definitions** say what the words mean: [weighted input](03-feedforward.ipynb#eq-weighted-input),
# [activation](03-feedforward.ipynb#eq-activation) and [cost](02-activation-and-cost.ipynb#eq-cost). And δ is a name for the derivative of the cost of a sample by a
# weighted input. Definitions can be useful or useless, but not wrong.
#
# **One axiom,** the chain rule for several variables. If moving $z_k^{l-1}$ changes the cost *only* by way of $z_1^l, z_2^l, \dots$, then its
# effects along all these paths add up:

# %% [markdown] tags=["zh"]
# 用字母代替數字來算。下面的 $l$ 就是一個字母，不是 1 也不是 2；第 $l$ 層有 $n_l$ 個神經元，幾個都可以；活化函數 $f$ 除了「可以微分，導數叫做 $f'$」之外，
# 什麼都不知道。每一步都由會做代數的程式 SymPy 來算。
#
# ## 假設了什麼
#
# **定義**說明每個詞是什麼意思：[加權輸入](03-feedforward.ipynb#eq-weighted-input)、[活化值](03-feedforward.ipynb#eq-activation)、
# [成本](02-activation-and-cost.ipynb#eq-cost)；而 δ 則是「單一樣本的成本對加權輸入的偏微分」的名字。定義有好用和不好用之分，沒有對錯之分。
#
# **一條公理**：多變數的鏈鎖律。如果 $z_k^{l-1}$ 的變動**只透過** $z_1^l, z_2^l, \dots$ 影響成本，那麼各條路徑的影響可以直接相加：

# %%
from sympy import Eq

from bp.figures import Formula
from bp.symbolic.calculus import chain_rule
from bp.symbolic.model import E, Partial, j, k, l, n, z

Formula(Eq(Partial(E, z[l-1, k]),
           chain_rule(E, lambda j: z[l, j], j, n(l), z[l-1, k])))

# %% [markdown] tags=["en"]
# The word *only* is where the shape of the network comes in: every path from layer $l-1$ to the cost leads through layer $l$.
#
# ## One layer down: BP2
#
# The hidden delta, step by step. The reason stands beside each step; $[i=k]$ is 1 where $i$ is $k$ and 0 elsewhere, which is what is left of differentiating a sum by one of its terms.

# %% [markdown] tags=["zh"]
# 「只透過」三個字就是網路結構派上用場的地方：從第 $l-1$ 層通往成本的每一條路，都要經過第 $l$ 層。
#
# ## 往下一層：BP2
#
# 下面一步一步推導隱藏層的敏感度，旁邊是每一步的理由。$[i=k]$ 在 $i$ 等於 $k$ 時為 1，否則為 0；把一個和對其中一項微分，留下的就是它。

# %%
from bp import spec
from bp.figures import Steps

Steps(spec["hidden-delta"].derivation)

# %% [markdown] tags=["en"]
# ## Where it starts: BP1
#
# At the output there is no layer above. The chain rule goes through the outputs $a^L$ instead, and since each output depends on its own $z$ alone, one term is left.

# %% [markdown] tags=["zh"]
# ## 起點：BP1
#
# 輸出層上面沒有別的層，鏈鎖律改成經過輸出 $a^L$；每個輸出只跟自己的 $z$ 有關，所以只剩一項。

# %%
Steps(spec["output-delta"].derivation)

# %% [markdown] tags=["en"]
# ## What it is for: BP3 and BP4
#
# A bias or a weight of layer $l$ acts on the cost only through $z^l$, so the same axiom leads to the gradients. Here $E$ is the mean over $N$ samples, and $s$ says which.

# %% [markdown] tags=["zh"]
# ## 目的：BP3 和 BP4
#
# 第 $l$ 層的偏權值和權重只能透過 $z^l$ 影響成本，所以用同一條公理就能得到梯度。這裡的 $E$ 是 $N$ 個樣本的平均，$s$ 表示哪一個樣本。

# %%
Steps(spec["bias-gradient"].derivation)

# %%
Steps(spec["weight-gradient"].derivation)

# %% [markdown] tags=["en"]
# ## From one layer to all of them
#
# Each statement speaks of one layer. That the *algorithm* is right, for a network of $L$ layers, is an argument by induction:
#
# - for layer $L$, BP1 gives the true $\delta^L$;
# - if we have the true $\delta^l$, BP2 gives the true $\delta^{l-1}$;
# - so, going down from $L$, we get the true δ of every layer, and from each, by BP3 and BP4, the gradients.
#
# SymPy doesn't check this argument: it is three lines, and yours to check.
#
# ## A second opinion, without the axiom
#
# There is another way, which needs no chain rule of ours: write the whole cost as *one* expression, from the input to the target, and let SymPy differentiate it once. For two
# layers, with $c$ for what one output costs, whatever that is:

# %% [markdown] tags=["zh"]
# ## 從一層到每一層
#
# 每個公式只談一層。對 $L$ 層的網路來說**整個演算法**是對的，靠的是歸納：
#
# - 在第 $L$ 層，BP1 給出正確的 $\delta^L$；
# - 如果 $\delta^l$ 正確，BP2 就給出正確的 $\delta^{l-1}$；
# - 所以從 $L$ 一路往下，每一層的 δ 都正確，再由 BP3 和 BP4 得到梯度。
#
# 這個論證 SymPy 沒有檢查；它只有三行，就交給你檢查。
#
# ## 另一種驗證：不用那條公理
#
# 還有一個完全不用我們的鏈鎖律的做法：把整個成本從輸入到目標值寫成**一個**式子，讓 SymPy 直接微分一次。以兩層為例，$c$ 代表一個輸出的成本，不管它是什麼：

# %%
from bp.evidence.derived import whole_network

network = whole_network(2)
Formula(network.cost())

# %% [markdown] tags=["en"]
# Its derivative by a weight of the *first* layer, $w_{pq}^1$, is long. Written with $z$ for the sums inside, this is what SymPy finds:

# %% [markdown] tags=["zh"]
# 它對**第一層**的權重 $w_{pq}^1$ 的偏微分很長。把裡面的和重新寫成 $z$，SymPy 得到的是：

# %%
from bp.symbolic.calculus import sift
from bp.symbolic.nested import p

(_, (by_sympy, by_bp)) = network.gradients(1)
i2 = network.index[2]
names = {network.z(1, p): z[1, p], network.z(2, i2): z[2, i2]}
Formula(sift(by_sympy).xreplace(names))

# %% [markdown] tags=["en"]
# And this is what BP1, BP2 and BP4 give when they are unrolled, from the output down to that weight:

# %% [markdown] tags=["zh"]
# 而把 BP1、BP2、BP4 從輸出一路展開到這個權重，得到的是：

# %%
Formula(by_bp.xreplace(names))

# %% [markdown] tags=["en"]
# The same, except that common factors stand inside the sum or in front of it. The check compares them as they are, without the $z$, for the biases and weights of every layer. For networks of one to six layers, so many pairs
# are equal:

# %% [markdown] tags=["zh"]
# 除了共同的因子寫在加總符號的裡面還是外面之外，完全相同。實際比對時用的是原本的式子，不換成 $z$，而且每一層的偏權值和權重都比。一層到六層的網路，相等的式子各有這麼多對：

# %%
[whole_network(depth).check() for depth in range(1, 7)]

# %% [markdown] tags=["en"]
# ## Can SymPy be trusted?
#
# Not blindly. Here it differentiates $\sum_j a_j^2$ by one of the $a$, and the answer depends on what the letter of the index is called:

# %% [markdown] tags=["zh"]
# ## SymPy 可以相信嗎？
#
# 不能照單全收。這裡讓它把 $\sum_j a_j^2$ 對其中一個 $a$ 微分，答案竟然跟下標用哪個字母有關：

# %%
from sympy import Sum

from bp.symbolic.model import a

squares = Sum(a[l, j]**2, (j, 1, n(l)))
Formula(squares.diff(a[l, j]))

# %%
Formula(sift(squares.diff(a[l, k])))

# %% [markdown] tags=["en"]
# The second is right. The first takes the $j$ of the sum for the $j$ outside it, and says nothing (it is a
# [known issue](https://github.com/sympy/sympy/issues/21891) of SymPy). So every derivative in these proofs is taken by one small function that refuses such a question:

# %% [markdown] tags=["zh"]
# 第二個才對。第一個把加總裡的 $j$ 跟外面的 $j$ 混為一談，卻沒有任何警告（這是 SymPy [已知的問題](https://github.com/sympy/sympy/issues/21891)）。
# 所以這些證明裡的每次微分，都經過同一個小函式，它會拒絕這種問題：

# %%
from textwrap import fill

from bp.symbolic.calculus import differentiate

try:
    differentiate(squares, a[l, j])
except ValueError as refusal:
    print(fill(str(refusal), 72))

# %% [markdown] tags=["en"]
# And that is why the derivation is not the only evidence. The code is run beside the statements, on numbers, on symbols and in exact arithmetic; if SymPy had led us astray, they would differ.
# [Evidence](evidence.ipynb) says how, and [what is not verified](not-verified.ipynb) where it ends.
#
# ## Exercises
#
# ### Exercise 1
#
# In some networks the activation of a unit depends on the weighted inputs of *all* units of its layer; softmax is the best known. Which step of the derivation of BP2 fails for a hidden layer like that, and what takes the place of $f'$?
#
# <details markdown="1"><summary>Hint</summary>
#
# Where does $[i=k]$ come from?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The $[i=k]$ comes from differentiating $a_i^{l-1}$ by $z_k^{l-1}$: it is 0 for $i \ne k$ only because each activation depends on its own weighted input. With softmax all these derivatives stay, a whole matrix $J$ of them in the place of the one number $f'$, and the sum over $i$
# stays too: the blame $W^{\mathrm T} \delta$ is multiplied by $J^{\mathrm T}$. Where $J$ is diagonal, that is BP2 again. The cell tries it with numbers.
#
# </details>

# %% [markdown] tags=["zh"]
# 這也是為什麼推導不是唯一的證據。程式還要實際執行，跟公式逐一對照：用數值、用符號，也用沒有捨入誤差的精確算術；如果 SymPy 誤導了我們，結果就會不一樣。
# 做法見[證據](evidence.ipynb)，界限在哪裡見[沒有驗證的部分](not-verified.ipynb)。
#
# ## 練習
#
# ### 練習 1
#
# 有些網路裡，一個神經元的活化值跟同一層**所有**神經元的加權輸入都有關，最有名的是 softmax。如果隱藏層是這樣，BP2 的推導有哪一步不成立？$f'$ 的位置要換成什麼？
#
# <details markdown="1"><summary>提示</summary>
#
# $[i=k]$ 是從哪裡來的？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# $[i=k]$ 來自 $a_i^{l-1}$ 對 $z_k^{l-1}$ 的偏微分：只因為每個活化值都只跟自己的加權輸入有關，$i \ne k$ 時才會是 0。換成 softmax，這些偏微分全都留下來，原本的一個數 $f'$ 變成一整個矩陣 $J$，對 $i$ 的加總也留著：
# 責任 $W^{\mathrm T} \delta$ 要乘上 $J^{\mathrm T}$。如果 $J$ 是對角矩陣，就又回到 BP2。儲存格用數字試了一次。
#
# </details>

# %% tags=["solution"]
import numpy as np

draw = np.random.default_rng(1).standard_normal
w, z_below, target = draw((2, 3)), draw((3, 1)), draw((2, 1))

def softmax(z):
    return np.exp(z) / np.exp(z).sum()

def cost_of(z):  # softmax below; above it the output is its own z
    return ((w @ softmax(z) - target)**2).sum() / 2

s = softmax(z_below)
J = np.diag(s.ravel()) - s @ s.T
by_hand = J.T @ (w.T @ (w @ s - target))
steps = [z_below + 1e-20j * np.eye(3)[:, [k]] for k in range(3)]
measured = [cost_of(step).imag / 1e-20 for step in steps]
assert np.allclose(by_hand.ravel(), measured, rtol=1e-12)
by_hand.ravel(), measured

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Somebody adds a *skip connection*: besides those of layer $l-1$, layer $l$ receives the activations of layer $l-2$, over weights of their own. Which step of the derivation of BP2 is no longer allowed, and what has to be added?
#
# <details markdown="1"><summary>Hint</summary>
#
# Look for the word *only*.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The step marked "chain rule". $z_k^{l-2}$ now acts on the cost through $z^{l-1}$ *and* through $z^l$, so a second sum of the same kind is added to the first, over the units of layer $l$, their δ and the weights $v$ of the skip connection. Both are multiplied by $f'(z_k^{l-2})$, and everything else stays. In the cells it is the line of `delta1`, tried with numbers.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 有人加了**跳接**（skip connection）：第 $l$ 層除了第 $l-1$ 層，也透過另一組權重接收第 $l-2$ 層的活化值。BP2 的推導有哪一步不再成立？要補上什麼？
#
# <details markdown="1"><summary>提示</summary>
#
# 找「只透過」這三個字。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 標著「鏈鎖律」的那一步。$z_k^{l-2}$ 現在**同時**透過 $z^{l-1}$ 和 $z^l$ 影響成本，所以要再加上同樣形式的第二個和，對第 $l$ 層的神經元加總，用的是那一層的 δ 和跳接的權重 $v$。兩個和一起乘上 $f'(z_k^{l-2})$，其他都不變。在儲存格裡就是 `delta1` 那一行，並用數字試了一次。
#
# </details>

# %% tags=["solution"]
from bp import hidden_delta, sigmoid

w2, w3, v3 = draw((4, 3)), draw((2, 4)), draw((2, 3))
z1, b2, b3 = draw((3, 1)), draw((4, 1)), draw((2, 1))

def forward(z1):
    z2 = w2 @ sigmoid(z1) + b2
    z3 = w3 @ sigmoid(z2) + v3 @ sigmoid(z1) + b3
    return z2, z3, (sigmoid(z3)**2).sum() / 2  # the targets are 0

# %% tags=["solution"]
z2, z3, _ = forward(z1)
delta3 = sigmoid(z3) * sigmoid.prime(z3)
delta2 = hidden_delta(w3, delta3, z2, sigmoid)
delta1 = (w2.T @ delta2 + v3.T @ delta3) * sigmoid.prime(z1)
step = 1e-20j * np.eye(3)
measured = [forward(z1 + step[:, [k]])[2].imag / 1e-20
            for k in range(3)]
assert np.allclose(delta1.ravel(), measured, rtol=1e-12)
delta1.ravel(), measured
