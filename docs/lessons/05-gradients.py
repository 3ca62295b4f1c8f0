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
# **問題。**一層的 δ 已經知道了。成本隨這一層的每個偏權值、每個權重變多快？

# %% [markdown] tags=["en"]
# Both act on the cost only through the weighted input of their unit, so each answer is delta times "how fast does $z$ change with it".
#
# A bias is simply added to $z$. Raise it by a little and $z$ rises by as much. So its derivative is delta itself, averaged over the samples:

# %% [markdown] tags=["zh"]
# 兩者都只透過所屬神經元的加權輸入影響成本，所以答案都是 δ 乘上「它變動時 $z$ 變多快」。
#
# 偏權值是直接加到 $z$ 上的：它增加多少，$z$ 就增加多少。所以對它的偏微分就是 δ 本身，再對樣本取平均：

# %%
from bp import spec

spec["bias-gradient"]

# %% [markdown] tags=["en"]
# A weight is first multiplied by the activation that comes along its connection. Raise $w_{jk}$ by a little and $z_j$ rises by $a_k$ times as much.
# So the derivative is the delta above times the activation below:

# %% [markdown] tags=["zh"]
# 權重要先乘上沿著連線傳來的輸出值：$w_{jk}$ 增加一點點，$z_j$ 就增加 $a_k$ 倍那麼多。所以對它的偏微分是「上面的 δ 乘下面的輸出」：

# %%
spec["weight-gradient"]

# %% [markdown] tags=["en"]
# ## Read it term by term
#
# A weight connects two units, and its gradient is the product of what stands at its two ends: how wrong the upper end is, and how
# active the lower end was. If the unit below was silent, $a_k = 0$, this weight did nothing for this sample, and nothing is asked of it.
#
# For a whole layer at once, `delta` is a column and `a.T` a row, so their product is a full table: entry $(j, k)$ is $\delta_j$ times $a_k$, the
# shape of the weights. With $N$ columns the same product also adds over the samples, and the division by $N$ makes it the mean.
#
# Both statements hold for **every** layer. (The source notebook heads the weight gradient "last layer", though its formula is written for any $l$;
# and its $\partial E / \partial b = \delta$ without a sum holds for one sample only, while its table of shapes promises $N$.)

# %% [markdown] tags=["zh"]
# ## 逐項來看
#
# 權重連著兩個神經元，它的梯度就是兩端的乘積：上面那端錯了多少，下面那端當時輸出多少。如果下面的神經元沒有輸出，$a_k = 0$，
# 這條權重對這個樣本就沒有任何作用，也就不必改它。
#
# 一次算整層時，`delta` 是一直行、`a.T` 是一橫列，相乘得到一整張表：第 $(j, k)$ 格是 $\delta_j$ 乘 $a_k$，形狀正好跟權重相同。
# 有 $N$ 直行時，同一個乘積還會把各樣本加起來，再除以 $N$ 就是平均。
#
# 這兩個公式對**每一層**都成立。（原始筆記本在權重梯度上面寫「最後一層」，但公式本身是對任意的 $l$ 寫的；
# 它的 $\partial E / \partial b = \delta$ 沒有加總，只有單一樣本時才對，而它的形狀表卻說有 $N$ 個樣本。）

# %% [markdown] tags=["en"]
# ## With numbers
#
# One sample, output layer. First the bias (`In [15]` of the notebook), then the weights (`In [16]`):

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# 單一樣本，輸出層。先是偏權值（筆記本的 `In [15]`），再來是權重（`In [16]`）：

# %%
from bp import bias_gradient, output_delta, quadratic, sigmoid, weight_gradient
from bp.example import net, x, y

zs, activations = net.feedforward(x)
delta = output_delta(activations[2], y, zs[1], sigmoid, quadratic)
bias_gradient(delta)

# %%
from bp.figures import blocks

blocks(("δ²", delta), "·", ("(a¹)ᵀ", activations[1].T), "=",
       ("∂E/∂w²", weight_gradient(delta, activations[1])))

# %% [markdown] tags=["en"]
# Is it true? Push each weight up by a millionth, one at a time:

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？一次一個，把每條權重加上百萬分之一：

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
       r"\partial E / \partial w_{1k}^2": weight_gradient(delta, activations[1])})

# %% [markdown] tags=["en"]
# ## Many samples
#
# $E$ is a mean, so its gradient is the mean of the gradients. Three samples at once, against the average of three single ones:

# %% [markdown] tags=["zh"]
# ## 多個樣本
#
# $E$ 是平均，所以它的梯度就是各個梯度的平均。三個樣本一起算，跟一個一個算再平均，比一比：

# %%
three = np.array([[1.5, 0.0, -1.0], [-0.5, 2.0, 0.5]])
targets = np.array([[1.0, 0.0, 1.0]])
together = net.backprop(three, targets)[1][1]
single = [net.backprop(three[:, s], targets[:, s])[1][1] for s in range(3)]
together, np.mean(single, axis=0)

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Transpose the wrong one**, and the product `a @ delta.T` has the shape of the weights turned over: an error for some later line, unless
# the two layers are equally wide.
#
# **Forget the mean**, and the gradient is $N$ times too large: training still goes downhill, with a learning rate nobody chose.
#
# **Forget the sum for the bias**, and `nabla_b` has $N$ columns; subtracted from the bias it turns that into a matrix, without a word:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **轉置錯邊**：`a @ delta.T` 的形狀剛好是權重倒過來，要到後面某一行才會報錯；如果兩層一樣寬，就根本不會報錯。
#
# **忘了平均**：梯度大了 $N$ 倍。訓練照樣往下坡走，只是用的是誰也沒選過的學習率。
#
# **偏權值忘了加總**：`nabla_b` 會有 $N$ 直行，拿去減偏權值，偏權值就變成一個矩陣，一聲不吭：

# %%
unsummed = np.array([[-0.1, 0.2, 0.3]])
(net.biases[1] - 0.5 * unsummed).shape

# %% [markdown] tags=["en"]
# ## Exercise
#
# For a sample with $x = (0, 0)$, which weights of the [2, 3, 1] network have a gradient of zero? And which biases?
#
# <details markdown="1"><summary>Answer</summary>
#
# All weights of layer 1: the activation at their lower end is 0. Those of layer 2 don't: the hidden units still answer to their
# biases. No bias has a gradient of zero for that reason, as no activation stands in its statement.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 練習
#
# 如果樣本是 $x = (0, 0)$，[2, 3, 1] 網路有哪些權重的梯度是零？偏權值呢？
#
# <details markdown="1"><summary>解答</summary>
#
# 第 1 層的所有權重：它們下面那端的輸出是 0。第 2 層的不會，因為隱藏神經元還有偏權值，照樣有輸出。
# 偏權值的梯度不會因此變成零，因為它的公式裡沒有輸出值這一項。
#
# </details>

# %%
nabla_b, nabla_w = net.backprop([0.0, 0.0], y)
nabla_w
