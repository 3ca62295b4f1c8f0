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
# # 5 · Bias and weight gradients
#
# **The question.** We know the delta of a layer. How fast does the cost change with each of its biases and weights?

# %% [markdown] tags=["zh"]
# # 5 · 偏權值與權重的梯度
#
# **問題。** 一層的 δ 已經知道了。這一層的每個偏權值、每個權重變動時，成本變化多快？

# %% [markdown] tags=["en"]
# Both act on the cost only through the weighted input of their unit, so each answer is delta times "how fast does $z$ change with it".
#
# The **bias gradient** $\partial E / \partial b_j^l$ says how fast the cost changes when this one bias moves and nothing else. A bias is simply added to $z$: raise it by a little,
# and $z$ rises by as much. So the bias gradient is delta itself, averaged over the samples:

# %% [markdown] tags=["zh"]
# 兩者都只透過所屬神經元的加權輸入影響成本，所以答案都是 δ 乘上「這個參數變動時，$z$ 變化多快」。
#
# **偏權值的梯度** $\partial E / \partial b_j^l$ 說的是：只動這一個偏權值、其他都不動，成本變化多快。偏權值是直接加到 $z$ 上的：它增加多少，$z$ 就增加多少。
# 所以偏權值的梯度就是 δ 本身，再對樣本取平均：

# %%
from bp import spec

spec["bias-gradient"]

# %% [markdown] tags=["en"]
# A weight is not added to $z$ as it is, but first multiplied by the activation that comes along its connection. Raise $w_{jk}$ by a little and $z_j$ rises by $a_k$ times as much.
# So the **weight gradient** $\partial E / \partial w_{jk}^l$ is the delta above times the activation below, averaged over the samples:

# %% [markdown] tags=["zh"]
# 權重不是直接加到 $z$ 上，而是先乘上沿著連線傳來的活化值：$w_{jk}$ 增加一點點，$z_j$ 就增加那一點點的 $a_k$ 倍。
# 所以**權重的梯度** $\partial E / \partial w_{jk}^l$ 是「上面的 δ 乘下面的活化值」，再對樣本取平均：

# %%
spec["weight-gradient"]

# %% [markdown] tags=["en"]
# ## Read it term by term
#
# A weight connects two units, and its gradient is the product of what stands at its two ends: the delta of the upper end, and how
# active the lower end was. If the unit below was silent, $a_k = 0$, this weight did nothing for this sample, and its gradient is 0. (In the derivation each bracket leaves one term of its sum: $[i=j]$ that of unit $j$, $[k=m]$ that of unit $k$.)
#
# For a whole layer at once, `delta` is a column and `a.T`, the column `a` *transposed*, a row: rows have become columns, and columns rows. Their product is a full table: entry $(j, k)$ is $\delta_j$ times $a_k$, the
# shape of the weights. With $N$ columns the same product also adds over the samples, and the division by $N$ makes it the mean. (In the code, `np.dot` is the product that `@` is, and the division comes first, where there is less to divide.)
#
# Both statements hold for **every** layer.

# %% [markdown] tags=["zh"]
# ## 逐項來看
#
# 權重連著兩個神經元，它的梯度就是兩端的乘積：上面那端的 δ，和下面那端當時的活化值。如果下面的神經元沒有動靜，$a_k = 0$，
# 這個權重對這個樣本就沒有任何作用，它的梯度就是 0。（推導裡的每個方括號都讓加總只剩一項：$[i=j]$ 留下神經元 $j$ 那一項，$[k=m]$ 留下神經元 $k$ 那一項。）
#
# 一次算整層時，`delta` 是一個直行；`a.T` 是把直行 `a` **轉置**，也就是橫列與直行互換，變成一個橫列。兩者相乘得到一整張表：第 $(j, k)$ 個元素是 $\delta_j$ 乘 $a_k$，形狀正好跟權重相同。
# 兩者都有 $N$ 個直行時，同一個乘積還會把各樣本加起來，再除以 $N$ 就是平均。（程式裡的 `np.dot` 跟 `@` 是同一種乘法；先除以 $N$ 再相乘，要除的數比較少，結果一樣。）
#
# 這兩個公式對**每一層**都成立。

# %% [markdown] tags=["en"]
# ## With numbers
#
# One sample, output layer. First the bias, then the weights:

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# 單一樣本，輸出層。先是偏權值，再來是權重：

# %%
from bp import bias_gradient, output_delta, quadratic, sigmoid, weight_gradient
from bp.example import net, x, y

zs, activations = net.feedforward(x)
delta = output_delta(activations[2], y, zs[1], sigmoid, quadratic)
bias_gradient(delta)

# %%
from bp.figures import blocks

blocks(("δ²", delta), "·", ("(a¹)ᵀ", activations[1].T), "=",
       ("∂E/∂W²", weight_gradient(delta, activations[1])))

# %% [markdown] tags=["en"]
# Is it true? Push each weight up by a millionth, one at a time. $\Delta E / \Delta w$ is the change of $E$ divided by the change of $w$:

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？一次一個，把每個權重加上百萬分之一。$\Delta E / \Delta w$ 是 $E$ 的變化量除以 $w$ 的變化量：

# %%
import numpy as np
from bp.figures import Table

step, pushed = 1e-6, []
for k in range(3):
    before = net.mean_cost(x, y)
    net.weights[1][0, k] += step
    pushed.append((net.mean_cost(x, y) - before) / step)
    net.weights[1][0, k] -= step
Table({"k": [1, 2, 3], r"\Delta E / \Delta w_{1k}^2": pushed,
       r"\partial E / \partial w_{1k}^2":
       weight_gradient(delta, activations[1])})

# %% [markdown] tags=["en"]
# ## Many samples
#
# $E$ is a mean, so its gradient is the mean of the gradients. Three samples at once, against the average of three single ones. (`net.backprop`
# runs the whole algorithm of [lesson 7](07-algorithm.ipynb).)

# %% [markdown] tags=["zh"]
# ## 多個樣本
#
# $E$ 是平均，所以它的梯度就是各樣本梯度的平均。把三個樣本一起算的結果，跟一個一個算再平均的結果比一比。
# （`net.backprop` 就是[第 7 課](07-algorithm.ipynb)的整個演算法。）

# %%
three = np.array([[1.5, 0.0, -1.0], [-0.5, 2.0, 0.5]])
targets = np.array([[1.0, 0.0, 1.0]])
together = net.backprop(three, targets)[1][1]
single = [net.backprop(three[:, s], targets[:, s])[1][1]
          for s in range(3)]
together, np.mean(single, axis=0)

# %% [markdown] tags=["en"]
# The shapes, drawn to scale for another network and four samples. This time it is $N$ that vanishes: row times column adds over the samples,
# and what remains, $n_2 \times n_1$, is the shape of the weights. Shaded: everything that one entry of the gradient is made of. (`trace` runs
# forward and back, and keeps every array by the number of its layer.)

# %% [markdown] tags=["zh"]
# 下圖按比例畫出另一個網路、四個樣本的形狀。這次消失的是 $N$：橫列乘直行，就是把各樣本加起來；留下的 $n_2 \times n_1$ 正是權重的形狀。
# 灰色的部分，是算出梯度的一個元素所用到的全部數字。（`trace` 前饋、反向各跑一次，把每個陣列按層的編號留下來。）

# %% tags=["drawing"]
from bp import Network
from bp.figures import Block, shapes
from bp.trace import trace

draw = np.random.default_rng(1).standard_normal
run = trace(Network([3, 5, 2], seed=1), draw((3, 4)), draw((2, 4)))
nabla = weight_gradient(run.delta[2], run.a[1])
shapes(Block("δ²", run.delta[2], "n₂", "N", lit=1), "·",
       Block("(a¹)ᵀ", run.a[1].T, "N", "n₁", lit=np.s_[:, 2]), "/ N =",
       Block("∂E/∂W²", nabla, "n₂", "n₁", lit=(1, 2)))

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Transpose the wrong one**, and the product `a @ delta.T` has the shape of the weights turned over. Often a later line stops because of that. Between layers of equal width nothing stops. And with one output it is worse: subtract a column of shape (3, 1) from weights of shape (1, 3), and NumPy *broadcasts*: it repeats the row and the column until both are (3, 3), and the weights have become a square.
#
# **Forget the mean**, and the gradient is $N$ times too large. Learning goes a little way against the gradient ([lesson 7](07-algorithm.ipynb#one-step-of-learning)): still downhill, but $N$ times as far as you meant.
#
# **Forget the sum for the bias**, and `nabla_b` has $N$ columns; subtracted from the bias it turns that into a matrix, without a word.
# Both at once, weights and bias of the output layer after such a step:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **轉置錯邊**：`a @ delta.T` 的形狀剛好跟權重的形狀顛倒，通常後面某一行程式會報錯；兩層一樣寬就不會報錯；只有一個輸出時更糟。
# 拿形狀 (1, 3) 的權重減去形狀 (3, 1) 的直行，NumPy 會**廣播**（broadcast）：把橫列和直行各自重複，直到兩者都是 (3, 3) 才相減，權重就變成了方陣。
#
# **忘了平均**：梯度變成 $N$ 倍。學習是往梯度的反方向走一點點（[第 7 課](07-algorithm.ipynb#one-step-of-learning)）；方向仍然是下坡，只是走了你想要的 $N$ 倍遠。
#
# **偏權值忘了加總**：`nabla_b` 會有 $N$ 個直行，更新時拿偏權值減去它，偏權值就變成一個矩陣，NumPy 卻沒有任何警告。
# 這兩個錯一起犯，更新一次之後，輸出層的權重和偏權值的形狀是：

# %%
unsummed = np.array([[-0.1, 0.2, 0.3]])
turned = activations[1] @ delta.T
(net.weights[1] - 0.5 * turned).shape, (net.biases[1] - 0.5 * unsummed).shape

# %% [markdown] tags=["en"]
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# The bias gradient is its `In [15]`, the weight gradient its `In [16]`. It heads the weight gradient "last layer", though its formula is written for any $l$;
# and its $\partial E / \partial b = \delta$ without a sum holds for one sample only, while its table of shapes promises $N$.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# For a sample with $x = (0, 0)$, which weights of the [2, 3, 1] network have a gradient of zero? And which biases?
#
# <details markdown="1"><summary>Hint</summary>
#
# What stands at the two ends of a weight?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# All weights of layer 1: the activation at their lower end is 0. Those of layer 2 are not zero: hidden unit $k$ sends $\sigma(b_k)$, which is
# never 0, and one half where the bias is 0. No bias has a gradient of zero for that reason, as no activation stands in its statement.
#
# </details>

# %% [markdown] tags=["zh"]
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 偏權值的梯度是它的 `In [15]`，權重的梯度是 `In [16]`。它在權重梯度上面寫「最後一層」，但公式本身是對任意的 $l$ 寫的；
# 它的 $\partial E / \partial b = \delta$ 沒有加總，只有單一樣本時才對，而它的形狀表卻說有 $N$ 個樣本。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# 如果樣本是 $x = (0, 0)$，[2, 3, 1] 網路有哪些權重的梯度是零？偏權值呢？
#
# <details markdown="1"><summary>提示</summary>
#
# 權重的兩端各是什麼？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 第 1 層的所有權重：它們下面那端的活化值是 0。第 2 層的不會：隱藏神經元 $k$ 送出的是 $\sigma(b_k)$，永遠不會是 0，偏權值為 0 時是二分之一。
# 偏權值的梯度不會因此變成零，因為它的公式裡沒有活化值這一項。
#
# </details>

# %% tags=["solution"]
nabla_b, nabla_w = net.backprop([0.0, 0.0], y)
assert (nabla_w[0] == 0).all() and (nabla_w[1] != 0).all()
assert all((gradient != 0).all() for gradient in nabla_b)
nabla_w, nabla_b

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# One weight, two samples. At its lower end the activations are 1 and 0.5, at its upper end the deltas are 0.2 and −0.4. Compute by hand the gradient of the weight, and that of the bias of the unit above. And with only one of the two samples, which way should the weight move, and which way the bias?
#
# <details markdown="1"><summary>Hint</summary>
#
# Each sample gives one product. Then take the mean.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The products are $0.2 \cdot 1 = 0.2$ and $-0.4 \cdot 0.5 = -0.2$, so the gradient of the weight is 0. But nobody is content: the first sample wants the weight smaller, the second larger, by just as much, and in the update the two
# cancel. The gradient of the bias is $(0.2 - 0.4)/2 = -0.1$, so the bias will grow, although the first sample alone would make it smaller, like the weight. A gradient of zero says only that what the samples ask for cancels, not that each of them is content.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 一個權重，兩個樣本。它下面那端的活化值是 1 和 0.5，上面那端的 δ 是 0.2 和 −0.4。動手算出這個權重的梯度，以及上面那個神經元偏權值的梯度。如果只看其中一個樣本，這兩個參數又該怎麼改？
#
# <details markdown="1"><summary>提示</summary>
#
# 每個樣本給出一個乘積，再取平均。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 兩個乘積是 $0.2 \cdot 1 = 0.2$ 和 $-0.4 \cdot 0.5 = -0.2$，所以權重的梯度是 0。但兩個樣本都不滿意：第一個要權重變小，第二個要它變大，幅度剛好一樣，更新時互相抵消。
# 偏權值的梯度是 $(0.2 - 0.4)/2 = -0.1$，所以它會變大；但只看第一個樣本的話，它跟權重一樣應該變小。梯度為零，只表示各樣本的要求互相抵消，不表示每個樣本都滿意。
#
# </details>

# %% tags=["solution"]
deltas, below = np.array([[0.2, -0.4]]), np.array([[1.0, 0.5]])
assert np.isclose(weight_gradient(deltas, below), 0)
assert np.isclose(bias_gradient(deltas), -0.1)
deltas * below, weight_gradient(deltas, below), bias_gradient(deltas)
