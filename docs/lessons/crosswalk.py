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
# # Crosswalk
#
# You read Nielsen in one window and this book in the other. Is his $a^{l-1}$ our $a^{l-1}$? It is not: it is our $a^{l-2}$.
#
# Backpropagation is one algorithm, but everybody writes it down differently. Nearly all of the confusion comes from five choices:
#
# | | layers | samples | weights of a layer | over the samples | carried back |
# |---|---|---|---|---|---|
# | **here** | 0 to $L$ | columns | (to, from) | mean | δ, by $z$ |
# | **Nielsen,** the book | 1 to $L$ | one at a time | (to, from) | mean | δ, by $z$ |
# | **Nielsen's code,** source notebook | counted from the end | one at a time | (to, from) | sum; divided in the update | δ, by $z$ |
# | **Ng,** Deep Learning | 0 to $L$ | columns | (to, from) | mean | `dA`, by $a$, and `dZ`, by $z$ |
# | **Ng,** Machine Learning | 1 to $L$ | rows, then one at a time | (to, 1 + from), bias inside | sum $\Delta$, then mean $D$ | δ, by $z$ |
# | **CS231n, Keras** | no numbers | rows | (from, to) | mean, at the start (Keras: over outputs too) | `dZ`, by $z$, divided by $N$ |
# | **PyTorch** | no numbers | rows | (to, from) | mean, over outputs too | whatever the loss makes it |
#
# "To" is the number of units of the layer, "from" that of the layer below it.
#
# ## How to read the tables
#
# Each convention below is a function in the letters of its source. It runs on the worked [2, 3, 1] network, with four samples, and each row of a table
# is a sentence: *theirs* is *ours*. Both sides are code, and both were executed when this page was built. The shape is that of their array for the smallest $l$. The last column
# is the largest difference between the two sides, over all layers and samples, relative to the largest entry: 0, or rounding, about 1e-16.
#
# On our side `w[l]`, `b[l]`, `z[l]`, `a[l]` and `delta[l]` are numbered as in the statements: `w[l]` is `weights[l-1]`. `nabla_w[l]` is the gradient by `w[l]`,
# `n[l]` the number of units of layer $l$, and `[:, [s]]` takes the column of sample `s`, counted from 0.

# %% [markdown] tags=["zh"]
# # 對照其他寫法
#
# 一邊看 Nielsen，一邊看這本書：他的 $a^{l-1}$ 是我們的 $a^{l-1}$ 嗎？不是，是我們的 $a^{l-2}$。
#
# 反向傳播只有一種，寫法卻人人不同。會弄混的地方，幾乎都出在下面五件事上：
#
# | | 層的編號 | 樣本 | 一層的權重 | 多個樣本 | 往回傳的是 |
# |---|---|---|---|---|---|
# | **本書** | 0 到 $L$ | 直行 | （到，從） | 平均 | δ，對 $z$ |
# | **Nielsen** 的書 | 1 到 $L$ | 一次一個 | （到，從） | 平均 | δ，對 $z$ |
# | **Nielsen 的程式**、原始筆記本 | 從後面數 | 一次一個 | （到，從） | 加總，更新時才除 | δ，對 $z$ |
# | **吳恩達**，深度學習 | 0 到 $L$ | 直行 | （到，從） | 平均 | 對 $a$ 的 `dA`、對 $z$ 的 `dZ` |
# | **吳恩達**，機器學習 | 1 到 $L$ | 橫列，再一次一個 | （到，1 + 從），含偏權值 | 先加總 $\Delta$，再平均 $D$ | δ，對 $z$ |
# | **CS231n、Keras** | 不編號 | 橫列 | （從，到） | 平均，一開始就除（Keras 連輸出也平均） | 對 $z$ 的 `dZ`，已除以 $N$ |
# | **PyTorch** | 不編號 | 橫列 | （到，從） | 平均，連輸出也平均 | 由損失函數決定 |
#
# 「到」是這一層的神經元數，「從」是下面一層的神經元數。
#
# ## 表格怎麼看
#
# 下面每一種寫法都是一個函式，用的是原作者的符號。它在計算範例的 [2, 3, 1] 網路上執行，樣本有四個。表格的每一橫列都是一句話：**對方的**這個，就是**我們的**那個。
# 兩邊都是程式，製作這一頁時都實際執行過。形狀是對方的陣列在 $l$ 最小時的形狀。最後一欄是兩邊最大的差距，所有的層和樣本都算在內，再除以最大的元素：不是 0，就是大約 1e-16 的捨入誤差。
#
# 我們這邊的 `w[l]`、`b[l]`、`z[l]`、`a[l]`、`delta[l]` 依公式裡的編號：`w[l]` 就是 `weights[l-1]`。`nabla_w[l]` 是對 `w[l]` 的梯度，
# `n[l]` 是第 $l$ 層的神經元數，`[:, [s]]` 則取出樣本 `s` 的那個直行，從 0 數起。

# %%
import numpy as np

from bp import crosswalk
from bp.card import Listing
from bp.example import net
from bp.figures import Crosswalk

draw = np.random.default_rng(1).standard_normal
samples = draw((2, 4)), draw((1, 4))

# %% [markdown] tags=["en"]
# ## Nielsen's book
#
# *Neural Networks and Deep Learning*, [chapter 2](http://neuralnetworksanddeeplearning.com/chap2.html). **His layer 1 is the input,** which is our layer 0. So each of
# his layer numbers is one more than ours, and his $L$ is our $L + 1$: he counts layers of units, we count layers of weights. All the rest agrees: $w_{jk}^l$ leads from $k$ to $j$,
# vectors are columns, δ is a derivative by $z$. He writes $C$ for our $E$, and σ where we write $f$. The sign $\odot$ is the product entry by entry, `*` in the code.
#
# In each column of this table $l$ counts that book's own layers: his $l = 3$ is our $l = 2$. So his $a^1 = x$ is our $a^0$, and his $w^2$ is our $w^1$.
#
# | | his | ours |
# |---|---|---|
# | BP1 | $\delta_j^L = \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)$ | {eq:output-delta} |
# | BP2 | $\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)$ | {eq:hidden-delta} |
# | BP3 | $\frac{\partial C}{\partial b_j^l} = \delta_j^l$ | {eq:bias-gradient} |
# | BP4 | $\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1} \delta_j^l$ | {eq:weight-gradient} |
#
# Two things only look different. He states BP2 as the step from $l+1$ down to $l$, we as the step from $l$ down to $l-1$. And in BP3 and BP4 his $C$ is the cost $C_x$ of one training
# example, with the $x$ left out; the mean over the examples comes afterwards.

# %% [markdown] tags=["zh"]
# ## Nielsen 的書
#
# 《Neural Networks and Deep Learning》[第 2 章](http://neuralnetworksanddeeplearning.com/chap2.html)。**他的第 1 層是輸入**，也就是我們的第 0 層。所以他的層編號一律比我們多 1，
# 他的 $L$ 是我們的 $L + 1$：他數的是有幾層神經元，我們數的是有幾層權重。其他都一樣：$w_{jk}^l$ 從 $k$ 連到 $j$，向量是直行，δ 是對 $z$ 的偏微分。我們的 $E$ 他寫成 $C$，
# 我們的 $f$ 他寫成 σ。符號 $\odot$ 是逐元素相乘，在程式裡是 `*`。
#
# 下表的每一欄裡，$l$ 數的都是那本書自己的層：他的 $l = 3$ 就是我們的 $l = 2$。所以他的 $a^1 = x$ 是我們的 $a^0$，他的 $w^2$ 是我們的 $w^1$。
#
# | | 他的 | 我們的 |
# |---|---|---|
# | BP1 | $\delta_j^L = \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)$ | {eq:output-delta} |
# | BP2 | $\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)$ | {eq:hidden-delta} |
# | BP3 | $\frac{\partial C}{\partial b_j^l} = \delta_j^l$ | {eq:bias-gradient} |
# | BP4 | $\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1} \delta_j^l$ | {eq:weight-gradient} |
#
# 有兩個地方只是看起來不同。他的 BP2 寫的是從 $l+1$ 往下到 $l$，我們寫的是從 $l$ 往下到 $l-1$，是同一步。還有，他的 BP3 和 BP4 裡的 $C$ 是單一訓練樣本的成本 $C_x$，
# 只是省略了 $x$；對樣本的平均之後才做。

# %%
Listing(crosswalk.nielsen)

# %%
Crosswalk("nielsen", net, *samples)

# %% [markdown] tags=["en"]
# ## Nielsen's code and the source notebook
#
# His [`network.py`](https://github.com/mnielsen/neural-networks-and-deep-learning/blob/master/src/network.py), which the source notebook follows line by line, numbers layers in a third way. Lists have no entry for what a layer
# doesn't have, so `weights[0]` is $w^2$ in his text and $w^1$ in ours. And the loop that goes back counts from the end: `l = 1` is the last layer. So `weights[-l]` is our `w[L+1-l]`. Write out $L = 2$ once and it
# stops being strange: `weights[-1]` is `w[2]`, `weights[-2]` is `w[1]`.
#
# **Sum, not mean.** `backprop(x, y)` returns the gradient of one sample, there called `delta_nabla_b` and `delta_nabla_w`. This "delta" is no δ: it means "what this sample adds". `update_mini_batch` adds them up into
# `nabla_b` and `nabla_w` and divides by the number of samples only when it changes the weights, in `eta/len(mini_batch)`. So these sums are $N$ times ours.

# %% [markdown] tags=["zh"]
# ## Nielsen 的程式與原始筆記本
#
# 他的 [`network.py`](https://github.com/mnielsen/neural-networks-and-deep-learning/blob/master/src/network.py)（原始筆記本就是照著它一行一行寫的）用的是第三種編號。list 不會替沒有的東西留位置，所以 `weights[0]` 在他的書裡是 $w^2$，在我們這裡是 $w^1$。
# 往回走的迴圈又從後面數：`l = 1` 是最後一層，因此 `weights[-l]` 是我們的 `w[L+1-l]`。拿 $L = 2$ 寫一次就清楚了：`weights[-1]` 是 `w[2]`，`weights[-2]` 是 `w[1]`。
#
# **是加總，不是平均。** `backprop(x, y)` 傳回單一樣本的梯度，在那裡叫做 `delta_nabla_b` 和 `delta_nabla_w`。這個 delta 不是 δ，意思是「這個樣本要加上去的量」。
# `update_mini_batch` 把它們加到 `nabla_b` 和 `nabla_w` 裡，等到更新權重時才除以樣本數，也就是 `eta/len(mini_batch)`。所以它的 `nabla_b` 和 `nabla_w` 是我們的 $N$ 倍。

# %%
Listing(crosswalk.network_py)

# %%
Crosswalk("network.py", net, *samples)

# %% [markdown] tags=["en"]
# ## Ng: Deep Learning
#
# The [Deep Learning Specialization](https://www.coursera.org/specializations/deep-learning) is the closest to this book: layers from 0, samples as columns, a mean over $m$ samples. A layer stands in square brackets, $W^{[l]}$, a sample in round ones, $x^{(i)}$; the same letters
# are in its [sheet of notation](https://cs230.stanford.edu/files/Notation.pdf). Two things to know:
#
# - The letter `d` means "derivative by", but not of the same thing everywhere. `dW` and `db` are derivatives of the whole cost $J$, with the $1/m$ in them. `dZ` and `dA` have none: each column is the derivative of one sample's loss. So **`dZ` is our δ.**
# - `dA` is the derivative by the *activation*. It is what reaches a layer from above, before it has passed through $g'$: `dZ = dA * g'(Z)`. Whoever calls `dA` "delta" is one factor $f'$ away from us.
#
# The course uses cross-entropy, with which $dZ^{[L]}$ comes out as $A^{[L]} - Y$. With our quadratic cost that is $dA^{[L]}$, and it still has to pass through $g'$ ([lesson 4](04-output-delta.ipynb#what-breaks-if-you-get-it-wrong)).

# %% [markdown] tags=["zh"]
# ## 吳恩達：深度學習
#
# [Deep Learning Specialization](https://www.coursera.org/specializations/deep-learning) 跟本書最接近：層從 0 開始，樣本是直行，對 $m$ 個樣本取平均。層寫在方括號裡，$W^{[l]}$；樣本寫在圓括號裡，$x^{(i)}$。
# 課程的[符號表](https://cs230.stanford.edu/files/Notation.pdf)用的也是這些符號。有兩件事要知道：
#
# - 字母 `d` 是「對……的偏微分」，但被微分的不一定是同一個東西。`dW` 和 `db` 是整個成本 $J$ 的偏微分，裡面有 $1/m$。`dZ` 和 `dA` 沒有：每一直行是一個樣本自己的損失的偏微分。所以 **`dZ` 就是我們的 δ**。
# - `dA` 是對**活化值**的偏微分，也就是從上面傳到這一層、還沒通過 $g'$ 的量：`dZ = dA * g'(Z)`。如果有人把 `dA` 叫做 delta，就跟我們差一個 $f'$。
#
# 課程用的是交叉熵，所以 $dZ^{[L]}$ 剛好等於 $A^{[L]} - Y$。換成我們的二次成本，那只是 $dA^{[L]}$，還要再通過 $g'$（[第 4 課](04-output-delta.ipynb#what-breaks-if-you-get-it-wrong)）。

# %%
Listing(crosswalk.ng)

# %%
Crosswalk("ng", net, *samples)

# %% [markdown] tags=["en"]
# ## Ng: Machine Learning
#
# The older course (Stanford, later [Coursera](https://www.coursera.org/learn/machine-learning)) writes $\Theta$ for the parameters, and differs in nearly everything:
#
# - **Layer 1 is the input,** and $\Theta^{(l)}$ leads from layer $l$ *to* layer $l+1$. We name a matrix after the layer it leads to. The two shifts cancel: $\Theta^{(1)}$ belongs to our $W^1$.
# - **The bias is inside.** Each layer gets one more unit, $a_0 = 1$, and the biases are column 0 of $\Theta$; so $\Theta^{(l)}$ has a column more than our $W^l$. On the way back that unit is dropped again, `[1:]`: nobody sends blame to a constant. Here column 0 is the bias; in ours, array column 0 is unit 1.
# - **$\Delta$ is not δ.** It adds up the gradient over the samples; $D = \Delta / m$ is the mean, and has our two gradients side by side.
# - The samples are the rows of $X$, but are taken one by one and turned into columns.
#
# Here too the course has cross-entropy, and so $\delta^{(L)} = a^{(L)} - y$; the function below has the quadratic cost.

# %% [markdown] tags=["zh"]
# ## 吳恩達：機器學習
#
# 較早的那門課（史丹佛，後來在 [Coursera](https://www.coursera.org/learn/machine-learning)）把參數寫成 $\Theta$，幾乎每件事都不一樣：
#
# - **第 1 層是輸入**，而 $\Theta^{(l)}$ 從第 $l$ 層連**到**第 $l+1$ 層。我們的矩陣則以它連到的那一層命名。兩個差別剛好抵消：$\Theta^{(1)}$ 對應我們的 $W^1$。
# - **偏權值在裡面。** 每一層都多一個神經元 $a_0 = 1$，偏權值是 $\Theta$ 的第 0 直行，所以 $\Theta^{(l)}$ 比我們的 $W^l$ 多一個直行。往回走的時候再把那個神經元拿掉，也就是 `[1:]`：責任不必傳給一個常數。它的第 0 直行是偏權值；在我們的陣列裡，第 0 直行是神經元 1。
# - **$\Delta$ 不是 δ。** 它是各樣本的梯度加總；$D = \Delta / m$ 才是平均，裡面並排放著我們的兩種梯度。
# - 樣本是 $X$ 的橫列，但一次只取一個，再轉成直行。
#
# 這門課用的也是交叉熵，所以 $\delta^{(L)} = a^{(L)} - y$；下面的函式用的是二次成本。

# %%
Listing(crosswalk.ng_theta)

# %%
Crosswalk("theta", net, *samples)

# %% [markdown] tags=["en"]
# ## Rows: CS231n and Keras
#
# In [CS231n](https://cs231n.github.io/neural-networks-case-study/) and most code of today a sample is a **row**. Then everything is our statement transposed, and a transposed product turns its factors around, $(AB)^{\mathrm T} = B^{\mathrm T} A^{\mathrm T}$. That is why `weight @ a` becomes `A @ W`, and why
# the transposes change their places: ours stands at the weights on the way back and at the activations in the gradient, `weight.T @ delta` and `np.dot(delta, a.T)`; theirs at the same letters, but on the other side, `dZ @ W.T` and `A.T @ dZ`.
#
# - `W` has the shape (from, to): its rows are *our columns*. The `kernel` of a Keras [`Dense`](https://keras.io/api/layers/core_layers/dense/) layer is like that too; its `bias` is flat, of shape (to,).
# - CS231n divides by $N$ at once, in `dscores /= num_examples`, so that **every `dZ` is δ divided by $N$** and no gradient needs a mean. Both are right; doing it twice, or not at all, is a common mistake ([lesson 11](11-mistakes.ipynb)).

# %% [markdown] tags=["zh"]
# ## 樣本是橫列：CS231n 與 Keras
#
# 在 [CS231n](https://cs231n.github.io/neural-networks-case-study/) 和現在大多數的程式裡，一個樣本占一個**橫列**。於是一切都是我們的公式轉置之後的樣子，而乘積轉置時，前後要對調：$(AB)^{\mathrm T} = B^{\mathrm T} A^{\mathrm T}$。所以 `weight @ a` 變成 `A @ W`，
# 轉置的位置也跟著換邊：我們往回走時轉置權重，算梯度時轉置活化值，`weight.T @ delta` 和 `np.dot(delta, a.T)`；他們轉置的是同樣的東西，只是放在另一邊，`dZ @ W.T` 和 `A.T @ dZ`。
#
# - `W` 的形狀是（從，到）：它的橫列是**我們的直行**。Keras 的 [`Dense`](https://keras.io/api/layers/core_layers/dense/) 層的 `kernel` 也是這樣；它的 `bias` 是一維的，形狀是（到，）。
# - CS231n 一開始就除以 $N$，也就是 `dscores /= num_examples`，所以**每個 `dZ` 都是 δ 除以 $N$**，梯度不必再取平均。兩種做法都對；除了兩次、或一次都沒除，則是常見的錯誤（[第 11 課](11-mistakes.ipynb)）。

# %%
Listing(crosswalk.rows)

# %%
Crosswalk("rows", net, *samples)

# %% [markdown] tags=["en"]
# ## PyTorch
#
# Samples are rows here too, but [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html) keeps its `weight` in the shape (out, in), and computes $xA^{\mathrm T} + b$. So **the weights, and their gradients, need no transpose** between PyTorch and this book; only samples do. Its `bias` is flat.
#
# What differs is the loss. [`nn.MSELoss()`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html) takes the mean of the squares over *all* entries, $N \cdot n_L$ of them, and has no half. So each gradient is $2 / n_L$ of ours: twice as large with one output, the same with two, less with more. The `MeanSquaredError` of Keras does the
# same. For our numbers write `0.5 * ((out - y)**2).sum() / len(x)`. PyTorch has no name for the derivative by $z$; it is `grad_z` below. What it stores as `weight.grad` and `bias.grad` is `weight_grad` and `bias_grad`.

# %% [markdown] tags=["zh"]
# ## PyTorch
#
# 這裡的樣本也是橫列，但 [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html) 的 `weight` 形狀是（輸出，輸入），算的是 $xA^{\mathrm T} + b$。所以在 PyTorch 和本書之間，**權重和它的梯度都不必轉置**，要轉置的只有樣本。它的 `bias` 是一維的。
#
# 不同的是損失函數（loss，就是我們的成本）。[`nn.MSELoss()`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html) 對**所有**元素的平方取平均，總共 $N \cdot n_L$ 個，而且沒有二分之一。所以每個梯度是我們的 $2 / n_L$ 倍：一個輸出時是兩倍，兩個輸出時剛好一樣，更多就比較小。Keras 的 `MeanSquaredError`
# 也是這樣。想得到跟我們一樣的數字，就寫 `0.5 * ((out - y)**2).sum() / len(x)`。對 $z$ 的偏微分在 PyTorch 裡沒有名字，下面叫它 `grad_z`。PyTorch 存在 `weight.grad` 和 `bias.grad` 裡的，就是下面的 `weight_grad` 和 `bias_grad`。

# %%
Listing(crosswalk.torch)

# %%
Crosswalk("torch", net, *samples)

# %% [markdown] tags=["en"]
# ## Every row, on other networks
#
# A network of unequal widths shows every wrong shape; one whose layers are all as wide as there are samples shows what shapes can't. On both, the largest difference of all rows of all conventions:

# %% [markdown] tags=["zh"]
# ## 換別的網路，每一橫列再試一次
#
# 各層寬度不同的網路，形狀錯了一定看得出來；每層寬度相同、又剛好等於樣本數的網路，則能抓到光看形狀抓不到的錯。兩種網路上，所有寫法的所有橫列裡最大的差距是：

# %%
from bp import Network

def largest(sizes, convention):
    x, y = draw((sizes[0], 4)), draw((sizes[-1], 4))
    rows = crosswalk.compare(convention, Network(sizes, seed=1), x, y)
    return max(difference for row, shape, difference in rows)

found = [largest(sizes, convention)
         for sizes in ([3, 5, 4, 2], [4, 4, 4, 4])
         for convention in crosswalk.CONVENTIONS.values()]
assert max(found) < 1e-12
f"{max(found):.0e}"

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **A transpose that is missing** between two conventions. Where every width is 4, and so is the number of samples, all shapes fit. Here the rows of CS231n are compared with `.T` left out on our side, one at a time:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **兩種寫法之間漏了轉置。** 每層寬度都是 4、樣本也是 4 個的時候，形狀全都相符。下面把 CS231n 那張表裡我們這邊的 `.T` 一次拿掉一個：

# %%
from dataclasses import replace

def without_transpose(row):
    row = replace(row, ours=row.ours.replace(".T", ""))
    rows = replace(crosswalk.CONVENTIONS["rows"], rows=(row,))
    return row.theirs, row.ours, round(largest([4] * 4, rows), 2)

[without_transpose(row) for row in crosswalk.CONVENTIONS["rows"].rows
 if not row.theirs.startswith(("b", "db"))]

# %% [markdown] tags=["en"]
# Nothing stops; every number is wrong by about as much as it is large. So translate on a network whose widths and number of samples all differ, where a forgotten transpose can't run, and compare the numbers on one where it can.

# %% [markdown] tags=["zh"]
# 程式照跑，每個數字卻都錯，錯的程度跟數字本身差不多大。所以換寫法的時候，要在寬度和樣本數都不同的網路上做，漏了轉置就跑不動；再到全都相同的網路上比對數字。
