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
# # 4 · The output delta
#
# **The question.** The output is off. If we could move the weighted input of an output unit a little, how fast would the
# cost change?

# %% [markdown] tags=["zh"]
# # 4 · 輸出層的敏感度
#
# **問題。** 輸出不對。如果能把輸出神經元的加權輸入動一點點，成本會變化得多快？

# %% [markdown] tags=["en"]
# That speed has a name. The **delta** of a unit is the derivative of the cost with respect to its weighted input (for short: *by* it), $\delta_j^l = \partial E / \partial z_j^l$, for one
# sample; in this lesson there is just one, so $E$ is its cost. Positive: raising $z$ raises the cost, so $z$ should come down. Close to 0: a *small* change of $z$ hardly changes the cost. (∂ says
# that of all the weighted inputs of the layer only this one moves.)
#
# Why by $z$, and not by $a$ or by the weights at once? Because weights and bias act on the cost *only through* $z$. Whoever knows delta
# knows everything about a layer's parameters in one more step (that is the [next lesson](05-gradients.ipynb)).
#
# ## Why f′
#
# Delta asks how the cost moves with $z$; but $z$ acts on the cost only through $a = f(z)$. So at the output two rates multiply, and their product is $\delta_j^L$:
#
# - how fast the cost changes with the output: $\partial E / \partial a_j^L$;
# - how fast the output changes with its weighted input: $f'(z_j^L)$.
#
# Raise $z$ by a little $h$. The output rises by about $f'(z)\,h$, and the cost by $\partial E / \partial a$ times *that*. Divide by $h$, and the two rates
# stand side by side as a product. This is the **chain rule**. In the code, `activation` is whatever function you chose, and $f'$ is `activation.prime`; for the sigmoid
# that is the function `sigmoid_prime`.
#
# A hidden unit has the same factor $f'$, for the same reason. There only the first rate differs: it is a sum over the layer above (nearer the output), in which
# [W appears transposed](06-hidden-delta.ipynb#why-w-is-transposed).

# %% [markdown] tags=["zh"]
# 這個變化率叫做神經元的**敏感度** δ（delta），也就是單一樣本的成本對這個神經元加權輸入的偏微分，$\delta_j^l = \partial E / \partial z_j^l$。這一課先只看一個樣本，所以 $E$ 就是它的成本。
# 正的表示 $z$ 變大成本就變大，所以 $z$ 應該降下來；接近 0 表示 $z$ 動**一點點**，成本幾乎不變。
# （∂ 的意思是：這一層的加權輸入裡，只動這一個。）
#
# 為什麼是對 $z$，而不是對 $a$、或直接對權重？因為權重和偏權值都**只透過** $z$ 影響成本。知道了 δ，再多一步就知道這一層所有參數的梯度
# （[下一課](05-gradients.ipynb)就是那一步）。
#
# ## 為什麼要乘 f′
#
# δ 問的是：$z$ 動一點點，成本變化多快？但 $z$ 只能透過 $a = f(z)$ 影響成本。所以在輸出層，兩個變化率要相乘，乘積就是 $\delta_j^L$：
#
# - 輸出變動時，成本變化多快：$\partial E / \partial a_j^L$；
# - 加權輸入變動時，輸出變化多快：$f'(z_j^L)$。
#
# 把 $z$ 加上一點點 $h$，輸出的變化約是 $f'(z)\,h$，成本的變化則約是這個量再乘上 $\partial E / \partial a$。除以 $h$，就是兩個變化率相乘。這就是**鏈鎖律**（chain rule，也寫作連鎖律）。
# 在程式裡，`activation` 是你選用的活化函數，$f'$ 是 `activation.prime`；用 sigmoid 時，就是函式 `sigmoid_prime`。
#
# 隱藏層的神經元也有同一個因子 $f'$，理由也一樣。不同的只有第一個變化率：在隱藏層，它是對上面一層（靠近輸出的那一層）的加總，其中的 [W 要轉置](06-hidden-delta.ipynb#why-w-is-transposed)。

# %%
from bp import spec

spec["output-delta"]

# %% [markdown] tags=["en"]
# ## Read it term by term
#
# (BP1, in the head of the card, is the number of this equation in Michael Nielsen's online book *Neural Networks and Deep Learning*; BP2, BP3 and BP4 follow in the next two lessons.)
#
# The first line holds for **any cost**: it asks of the cost only how it changes with each output. In the code that is `cost.prime(a, y)`; for the quadratic cost, `quadratic.prime` is the `quadratic_prime` of lesson 2.
# The second line puts in the quadratic cost, for which this derivative is simply output minus target: the error we can see.
#
# The derivation has the bracket $[i=j]$ again, 1 when $i$ is $j$ and 0 otherwise. Moving $z_j$ moves only
# $a_j$ and no other output, so of the whole sum one term is left.
#
# With $N$ samples, column $s$ of `delta` belongs to sample $s$ alone: $\delta_{js}^l = \partial E_s / \partial z_{js}^l$. The average over the samples
# is taken once, in the gradients.

# %% [markdown] tags=["zh"]
# ## 逐項來看
#
# （卡片上方的 BP1 是 Michael Nielsen 的線上書《Neural Networks and Deep Learning》給這個公式的編號，BP2、BP3、BP4 在接下來兩課。）
#
# 第一個公式對**任何成本函數**都成立：它只問成本隨每個輸出怎麼變，程式裡就是 `cost.prime(a, y)`；用二次成本時，`quadratic.prime` 就是第 2 課的 `quadratic_prime`。第二個公式代入二次成本，
# 這個偏微分就只是輸出減目標值，也就是看得見的誤差。
#
# 推導裡又有 $[i=j]$ 這個記號：$i$ 等於 $j$ 時為 1，否則為 0。動 $z_j$ 只會動到 $a_j$，不會動到別的輸出，
# 所以整個加總只剩一項。
#
# 有 $N$ 個樣本時，`delta` 的第 $s$ 直行只屬於樣本 $s$：$\delta_{js}^l = \partial E_s / \partial z_{js}^l$。對樣本的平均只在算梯度時做一次。

# %% [markdown] tags=["en"]
# ## With numbers
#
# The target is 1 and the output is less, so the error is negative, and so is delta: raising $z$ would lower the cost.

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# 目標值是 1，輸出比它小，所以誤差是負的，δ 也是負的：把 $z$ 調高，成本就會降低。

# %%
from bp import output_delta, quadratic, sigmoid
from bp.example import net, x, y
from bp.figures import Table

zs, activations = net.feedforward(x)
a, z = activations[2], zs[1]
Table({"a^2": a, "y": y, "a^2 - y": quadratic.prime(a, y),
       "z^2": z, "f'(z^2)": sigmoid.prime(z),
       r"\delta^2": output_delta(a, y, z, sigmoid, quadratic)})

# %% [markdown] tags=["en"]
# Is it true? Push $z^2$ up by a millionth, through the bias, and look at the cost:

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？透過偏權值把 $z^2$ 加上百萬分之一，看看成本：

# %%
before = net.mean_cost(x, y)
net.biases[1] += 1e-6
after = net.mean_cost(x, y)
net.biases[1] -= 1e-6
float((after - before) / 1e-6)

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Leave out $f'(z)$**, so that $\delta = a - y$: every layer is wrong, because every later step starts from here. (There is a cost for which $a - y$
# is right with a sigmoid output, the cross-entropy. It is not this one.)
#
# **Write $f'(a)$ for $f'(z)$.** The slope is then taken at a number between 0 and 1, where the sigmoid is always steep, and saturation goes
# unseen:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **漏掉 $f'(z)$**，寫成 $\delta = a - y$：每一層都會錯，因為後面的每一步都從這裡開始。
# （輸出是 sigmoid 時，確實有一種成本函數的 δ 就是 $a - y$，那是交叉熵，不是這裡的二次成本。）
#
# **把 $f'(z)$ 寫成 $f'(a)$**：等於在 0 與 1 之間的點取斜率，sigmoid 在那裡永遠很陡，於是看不見飽和：

# %%
import numpy as np

z = np.array([0.0, 2.0, 5.0, 10.0])
Table({"z": z, "f'(z)": sigmoid.prime(z), "f'(a)": sigmoid.prime(sigmoid(z))})

# %% [markdown] tags=["en"]
# **Write $y - a$ for $a - y$.** Every gradient changes its sign, and learning walks uphill.
#
# ## Exercises
#
# ### Exercise 1
#
# An output unit says 0.99 where the target is 0: about as wrong as it can be. Is its delta large?
#
# <details markdown="1"><summary>Hint</summary>
#
# Delta is a product. Work out both factors.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# No. The error is 0.99, but $f'(z) = 0.99 \cdot 0.01$, so delta is below 0.01. The unit is saturated on the wrong side: badly wrong,
# and slow to learn. This is the weakness of the quadratic cost with a sigmoid.
#
# </details>

# %% [markdown] tags=["zh"]
# **把 $a - y$ 寫成 $y - a$**：所有梯度的正負號都反了，學習變成往上坡走。
#
# ## 練習
#
# ### 練習 1
#
# 有個輸出神經元的輸出是 0.99，目標值卻是 0，幾乎錯到底了。它的 δ 會很大嗎？
#
# <details markdown="1"><summary>提示</summary>
#
# δ 是一個乘積。把兩個因子分別算出來。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 不會。誤差是 0.99，但 $f'(z) = 0.99 \cdot 0.01$，所以 δ 還不到 0.01。這個神經元飽和在錯的那一邊：錯得很離譜，卻學得很慢。
# 這正是二次成本配上 sigmoid 的弱點。
#
# </details>

# %% tags=["solution"]
def delta_at(a):
    """The delta of a sigmoid output a with target 0."""
    z = np.log(a / (1 - a))
    return output_delta(a, np.zeros_like(a), z, sigmoid, quadratic)

found = delta_at(np.array([[0.99]])).item()
assert np.isclose(found, 0.99 * 0.99 * 0.01) and found < 0.01
found

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Go on with that unit, whose target is 0. For which output $a$ between 0 and 1 is its delta *largest*, and how large is it there?
#
# <details markdown="1"><summary>Hint</summary>
#
# Write delta as a function of $a$ alone, and differentiate it.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# $\delta = a \cdot a(1 - a) = a^2 - a^3$. Its derivative $2a - 3a^2$ is 0 at $a = \tfrac23$, where $\delta = \tfrac{4}{27} \approx 0.148$. A unit that is more wrong than by two thirds learns *more slowly* the more wrong it is.
# (One can know this before computing: delta is 0 at $a = 0$, where there is no error, and at $a = 1$, where there is no slope.)
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 同一個神經元，目標值是 0。輸出 $a$ 在 0 與 1 之間是多少時，它的 δ **最大**？那時是多少？
#
# <details markdown="1"><summary>提示</summary>
#
# 把 δ 寫成只有 $a$ 的函數，再微分。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# $\delta = a \cdot a(1 - a) = a^2 - a^3$。它的導數 $2a - 3a^2$ 在 $a = \tfrac23$ 時為 0，那時 $\delta = \tfrac{4}{27} \approx 0.148$。錯得超過三分之二之後，神經元錯得越多，學得**越慢**。
# （不用算也想得到：$a = 0$ 時沒有誤差，$a = 1$ 時沒有斜率，δ 都是 0，所以最大值在中間。）
#
# </details>

# %% tags=["solution"]
outputs = np.linspace(0.001, 0.999, 999)[None]
best = outputs[0, delta_at(outputs).argmax()]
peak = delta_at(np.array([[2 / 3]])).item()
assert abs(best - 2 / 3) < 0.001 and np.isclose(peak, 4 / 27)
float(best), peak
