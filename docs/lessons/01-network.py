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
# # 1 · The network and its parameters
#
# **The question.** A network turns numbers into numbers. What is inside it that can be learned, and how many such
# numbers are there?

# %% [markdown] tags=["zh"]
# # 1 · 網路與它的參數
#
# **問題。**神經網路把一組數字變成另一組數字。它裡面有哪些東西是可以學的？總共有幾個？

# %% [markdown] tags=["en"]
# Units stand in layers, numbered from 0. Layer 0 is the input; it computes nothing. Layer $L$ is the output, and all
# layers between are hidden. Layer $l$ has $n_l$ units. This is the network of every worked number in this book, with two
# inputs, three hidden units and one output, and on each connection its weight:

# %% [markdown] tags=["zh"]
# 神經元排成一層一層，從 0 開始編號。第 0 層是輸入，不做任何計算；第 $L$ 層是輸出；中間的都是隱藏層。第 $l$ 層有 $n_l$ 個神經元。
# 下面是全書所有計算範例用的網路：兩個輸入、三個隱藏神經元、一個輸出，每條連線上標著它的權重：

# %%
from bp import example
from bp.figures import network_diagram

network_diagram(example.net)

# %% [markdown] tags=["en"]
# ## Two kinds of parameter
#
# - A **weight** $w_{jk}^l$ belongs to the connection from unit $k$ of layer $l-1$ to unit $j$ of layer $l$. The weights of a
#   layer form a matrix of shape $n_l \times n_{l-1}$: a row for each unit of this layer, a column for each unit below.
# - A **bias** $b_j^l$ belongs to unit $j$ itself. The biases of a layer form a column of shape $n_l \times 1$. The input layer has
#   none, since it computes nothing.
#
# The order "to $j$, from $k$" looks backwards. It is chosen so that a whole layer is one product: `weight @ a`.
#
# A network in code is nothing but these arrays. Layer $l$ has its weights in `weights[l-1]` and its biases in `biases[l-1]`, because
# Python counts from 0 and layer 0 has neither.

# %% [markdown] tags=["zh"]
# ## 兩種參數
#
# - **權重** $w_{jk}^l$ 屬於一條連線：從第 $l-1$ 層的神經元 $k$ 連到第 $l$ 層的神經元 $j$。一層的權重排成 $n_l \times n_{l-1}$ 的矩陣：
#   這一層的每個神經元占一橫列，下面一層的每個神經元占一直行。
# - **偏權值** $b_j^l$ 屬於神經元 $j$ 自己。一層的偏權值排成 $n_l \times 1$ 的一直行。輸入層不做計算，所以沒有偏權值。
#
# 下標的順序是「到 $j$、從 $k$」，看起來好像反了。這樣規定，整層的計算才會是一個乘積：`weight @ a`。
#
# 在程式裡，網路就只是這些陣列。第 $l$ 層的權重放在 `weights[l-1]`，偏權值放在 `biases[l-1]`，因為 Python 從 0 開始數，而第 0 層兩者都沒有。

# %%
from bp import Network

net = Network([2, 3, 1], seed=1)
[w.shape for w in net.weights], [b.shape for b in net.biases]

# %%
net.biases

# %%
net.weights

# %% [markdown] tags=["en"]
# The first array of `biases` is that of the hidden layer, the second that of the output. The first array of `weights` leads
# from the input to the hidden layer, the second from there to the output.
#
# ## Where the first values come from
#
# Before any learning, every parameter is drawn from the **standard normal distribution**: mean 0, standard deviation 1.
# One draw of shape (2, 3), and the mean and standard deviation of a hundred thousand:

# %% [markdown] tags=["zh"]
# `biases` 的第一個陣列是隱藏層的偏權值，第二個是輸出層的。`weights` 的第一個陣列是輸入層到隱藏層的權重，第二個是隱藏層到輸出層的。
#
# ## 一開始的值從哪裡來
#
# 還沒學習之前，每個參數都從**標準常態分布**抽出：平均 0、標準差 1。先抽一次 (2, 3) 的陣列，再看十萬個值的平均與標準差：

# %%
import numpy as np

draw = np.random.default_rng(1).standard_normal
draw((2, 3))

# %%
many = draw(100_000)
round(many.mean(), 2), round(many.std(), 2)

# %% [markdown] tags=["en"]
# The draw is random, but the generator is **seeded first**, so the same seed gives the same network, on your machine
# as on ours. The source notebook draws its weights and only then calls `np.random.seed(1)`: no gradient that it
# printed can be computed again.

# %% [markdown] tags=["zh"]
# 抽出的值是隨機的，但我們**先設定種子**，所以同一個種子永遠得到同一個網路，在你的電腦上也一樣。原始筆記本是先抽權重，
# 之後才呼叫 `np.random.seed(1)`：它印出來的梯度，誰都無法重現。

# %%
again = Network([2, 3, 1], seed=1)
all(np.array_equal(u, v) for u, v in zip(net.weights + net.biases, again.weights + again.biases))

# %% [markdown] tags=["en"]
# ## A place for every derivative
#
# Learning means to change each parameter a little, in the direction that lowers the cost. So we shall need one number for each
# parameter: the derivative of the cost by it. Those numbers are kept in arrays of the very same shapes, `nabla_b` and `nabla_w`. The
# symbol ∇ is read "nabla" and stands for all derivatives together, the *gradient*. Before anything is computed they are zero:

# %% [markdown] tags=["zh"]
# ## 每個偏微分都有位置
#
# 學習就是把每個參數改一點點，往成本變小的方向改。所以每個參數都需要一個數字：成本對它的偏微分。這些數字放在形狀完全相同的陣列裡，
# 叫做 `nabla_b` 和 `nabla_w`。符號 ∇ 讀作 nabla，代表所有偏微分合起來的**梯度**。還沒計算之前，它們都是零：

# %%
nabla_b = [np.zeros(b.shape) for b in net.biases]
nabla_w = [np.zeros(w.shape) for w in net.weights]
nabla_b, nabla_w

# %% [markdown] tags=["en"]
# How many parameters are there, then? Count the entries:

# %% [markdown] tags=["zh"]
# 那麼總共有幾個參數？數一數有幾個值：

# %%
sum(array.size for array in net.weights + net.biases)

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Rows and columns swapped.** With weights of shape $n_{l-1} \times n_l$ the product `weight @ a` fails at once on this
# network. On one whose layers are all equally wide it runs, and computes another network.
#
# **Whole numbers.** A parameter array made from Python integers cannot hold a gradient step of 0.01. `bp` refuses it:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **橫列與直行顛倒。**權重如果排成 $n_{l-1} \times n_l$，在這個網路上 `weight @ a` 立刻就會報錯；但在每層一樣寬的網路上，
# 它照跑不誤，算的卻是另一個網路。（在台灣「列」是橫的、「行」是直的，跟中國大陸的用法相反；原始筆記本裡的「第一行」就分不清是哪一種。）
#
# **整數。**用 Python 整數做成的參數陣列存不下 0.01 這樣的修正量。`bp` 會拒絕：

# %%
try:
    Network([2, 3, 1], dtype=int)
except TypeError as error:
    print("TypeError:", error)

# %% [markdown] tags=["en"]
# The notebook this book grew from was written for Python 2. Its first cells (`In [1]`, `In [2]`) widened the page through
# `IPython.core.display`, which has since been removed, and imported NumPy; `print x` and `xrange` are gone from the language. Here every
# cell runs on today's Python, and is run again whenever the page is built.
#
# ## Exercise
#
# How many weights and biases has a network with layers of 3, 5, 4 and 2 units?
#
# <details markdown="1"><summary>Answer</summary>
#
# Weights: $5 \cdot 3 + 4 \cdot 5 + 2 \cdot 4 = 43$. Biases: $5 + 4 + 2 = 11$. Together 54, as the cell below counts.
#
# </details>

# %% [markdown] tags=["zh"]
# 本書源自一份用 Python 2 寫的筆記本。它的前兩格（`In [1]`、`In [2]`）透過現在已經移除的 `IPython.core.display` 把頁面加寬，並匯入 NumPy；
# `print x` 和 `xrange` 也早已不在語言裡了。這裡的每一格都能在現在的 Python 上執行，而且每次建置網頁時都會重新執行。
#
# ## 練習
#
# 各層有 3、5、4、2 個神經元的網路，有幾個權重、幾個偏權值？
#
# <details markdown="1"><summary>解答</summary>
#
# 權重：$5 \cdot 3 + 4 \cdot 5 + 2 \cdot 4 = 43$。偏權值：$5 + 4 + 2 = 11$。合計 54，下面這一格數出來也是。
#
# </details>

# %%
larger = Network([3, 5, 4, 2], seed=1)
sum(w.size for w in larger.weights), sum(b.size for b in larger.biases)
