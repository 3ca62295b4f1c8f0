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
# **問題。** 神經網路把一組數字變成另一組數字。裡面有哪些數字是可以學習的？這樣的數字總共有幾個？

# %% [markdown] tags=["en"]
# Units stand in layers, numbered from 0. Layer 0 is the input; it computes nothing. Layer $L$ is the output, and all
# layers between are hidden. Layer $l$ has $n_l$ units, numbered from 1. The layer is written
# at the top: $a^2$ is the output $a$ of layer 2, not $a$ squared. *Above* is the side of the output, *below* the side of the input; in the figures, right and left.
#
# This is the network that the book computes its examples with, with two inputs, three hidden units and one output, and on each connection
# its weight. (The code of every lesson, such as the lines that draw this figure, can be changed and run: here in the page, with *Edit* and *Run*, or as a notebook on your own machine.)

# %% [markdown] tags=["zh"]
# 神經元排成一層一層，從 0 開始編號。第 0 層是輸入，不做任何計算；第 $L$ 層是輸出；中間的都是隱藏層。第 $l$ 層有 $n_l$ 個神經元。
# 每一層的神經元從 1 開始編號。層的編號寫在右上角：$a^2$ 是第 2 層的 $a$，不是 $a$ 的平方。
# **上面**指靠近輸出的那一邊，**下面**指靠近輸入的那一邊；在圖裡就是右邊和左邊。
#
# 計算範例用的是這個網路：兩個輸入、三個隱藏神經元、一個輸出，每條連線上標著它的權重。
# （每一課的程式，例如畫出這張圖的這幾行，都可以改、可以執行：在網頁上按「編輯」和「執行」，或下載成筆記本，在自己的電腦上跑。）

# %%
from bp import example
from bp.figures import network_diagram

network_diagram(example.net)

# %% [markdown] tags=["en"]
# ## Two kinds of parameter
#
# - A **weight** $w_{jk}^l$ belongs to the connection from unit $k$ of layer $l-1$ to unit $j$ of layer $l$. The weights of a
#   layer form a matrix of shape $n_l \times n_{l-1}$: a row for each unit of this layer, a column for each unit below.
# - A **bias** $b_j^l$ belongs to unit $j$ itself. It is added to what the unit receives, whatever that is, and so sets how easily the unit responds. The biases of a layer form a
#   column of shape $n_l \times 1$. The input layer has none, since it computes nothing.
#
# The order "to $j$, from $k$" looks backwards. It is chosen so that a whole layer is one matrix product, `weight @ a`: its entry
# $j$ is row $j$ of `weight` times the column `a` of outputs of the layer below, entry by entry, and then added up.
#
# The numbers in the figure were chosen by hand, so that they can be followed on paper. A fresh network draws its own. In code a network is
# nothing but arrays. Layer $l$ has its weights in `weights[l-1]` and its biases in `biases[l-1]`, because
# Python counts from 0 and layer 0 has neither. Rows and columns count from 0 as well: $w_{12}^1$ is `weights[0][0, 1]`.

# %% [markdown] tags=["zh"]
# ## 兩種參數
#
# - **權重**（weight）$w_{jk}^l$ 屬於一條連線：從第 $l-1$ 層的神經元 $k$ 連到第 $l$ 層的神經元 $j$。一層的權重排成 $n_l \times n_{l-1}$ 的矩陣：
#   這一層的每個神經元占一個橫列，下面一層的每個神經元占一個直行。
# - **偏權值**（bias）$b_j^l$ 屬於神經元 $j$ 自己：不管收到什麼，都再加上這個數，它決定神經元多容易有反應。一層的偏權值排成一個 $n_l \times 1$ 的直行。輸入層不做計算，所以沒有偏權值。
#
# 下標的順序是「到 $j$、從 $k$」，看起來好像反了。這樣規定，整層的計算才會是一個矩陣乘積 `weight @ a`：
# 它的第 $j$ 個元素，是 `weight` 的第 $j$ 橫列和直行 `a`（下面一層的輸出）逐元素相乘，再全部加起來。
#
# 圖裡的數字是特地挑的，方便在紙上跟著算；新建的網路，參數則是隨機抽出來的。在程式裡，網路就只是一些陣列。第 $l$ 層的權重放在 `weights[l-1]`，偏權值放在 `biases[l-1]`，因為 Python 從 0 開始數，而第 0 層兩者都沒有。
# 橫列與直行也從 0 開始數：$w_{12}^1$ 是 `weights[0][0, 1]`。

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
# Before any learning, every parameter of such a network is drawn from the **standard normal distribution**: mean 0, standard deviation 1.
# One draw of shape (2, 3), and the mean and standard deviation of a hundred thousand. You have just seen these six numbers: the first four are `biases`, the last two begin `weights`. The generator was started in the same way, of which more below.

# %% [markdown] tags=["zh"]
# `biases` 的第一個陣列是隱藏層的偏權值，第二個是輸出層的。`weights` 的第一個陣列是輸入層到隱藏層的權重，第二個是隱藏層到輸出層的。
#
# ## 一開始的值從哪裡來
#
# 還沒學習之前，這種網路的每個參數都從**標準常態分布**抽出：平均 0、標準差 1。先抽一個形狀為 (2, 3) 的陣列，再看十萬個值的平均與標準差。這六個數字剛才都看過：前四個就是 `biases`，後兩個是 `weights` 的開頭。因為亂數產生器的起點相同，下面會說明。

# %%
import numpy as np

draw = np.random.default_rng(1).standard_normal
draw((2, 3))

# %%
many = draw(100_000)
f"{many.mean():.4f}", f"{many.std():.4f}"

# %% [markdown] tags=["en"]
# The draw is random, but the generator is **seeded first**, so the same seed and the same version of NumPy give the same network,
# on your machine as on ours:

# %% [markdown] tags=["zh"]
# 抽出的值是隨機的，但我們**先設定亂數種子**，所以只要種子和 NumPy 的版本相同，得到的就是同一個網路，在你的電腦上也一樣：

# %%
again = Network([2, 3, 1], seed=1)
pairs = zip(net.weights + net.biases, again.weights + again.biases)
all(np.array_equal(u, v) for u, v in pairs)

# %% [markdown] tags=["en"]
# ## A place for every derivative
#
# Learning means to change each parameter a little, in the direction that makes the network less wrong. So we shall need one number for each
# parameter: how fast the *cost*, which says how wrong the network is, changes when that parameter alone moves. That is the
# *partial derivative* of the cost with respect to the parameter (for short: *by* it), written with a round ∂; all of them together are the *gradient*. [Lesson 2](02-activation-and-cost.ipynb) says what the cost is,
# [lesson 5](05-gradients.ipynb) how these numbers are computed. For now only their place matters: arrays of the very same shapes as the parameters, called `nabla_b` and `nabla_w` after ∇, the sign of the gradient, which is read "nabla". Before anything is computed they are zero:

# %% [markdown] tags=["zh"]
# ## 每個偏微分都有自己的位置
#
# 學習就是把每個參數改一點點，讓網路錯得少一些。所以每個參數都需要一個數字：只動這個參數時，**成本**（也就是網路錯了多少）變化多快。
# 這叫做成本對這個參數的**偏微分**，用圓的 ∂ 表示；全部合起來就是**梯度**。成本是什麼，[第 2 課](02-activation-and-cost.ipynb)會定義；這些數字怎麼算，是[第 5 課](05-gradients.ipynb)的事。
# 這裡只要先替它們留好位置：放在形狀跟參數完全相同的陣列裡，叫做 `nabla_b` 和 `nabla_w`，名字取自梯度的符號 ∇，讀作 nabla。還沒計算之前，裡面全部是零：

# %%
nabla_b = [np.zeros(b.shape) for b in net.biases]
nabla_w = [np.zeros(w.shape) for w in net.weights]
nabla_b, nabla_w

# %% [markdown] tags=["en"]
# How many parameters are there, then? Count the entries:

# %% [markdown] tags=["zh"]
# 那麼總共有幾個參數？數一數陣列裡有幾個元素：

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
# **橫列與直行顛倒。** 權重如果排成 $n_{l-1} \times n_l$，在這個網路上 `weight @ a` 立刻就會報錯；但在每層一樣寬的網路上，
# 它照跑不誤，算的卻是另一個網路。（在台灣「列」是橫的、「行」是直的，跟中國大陸的用法相反。）
#
# **整數。** 用 Python 整數做成的參數陣列存不下 0.01 這樣的修正量。`bp` 會拒絕：

# %%
try:
    Network([2, 3, 1], dtype=int)
except TypeError as error:
    print("TypeError:", error)

# %% [markdown] tags=["en"]
# **Seeded too late.** Whoever sets the seed after the weights were drawn gets other weights every time, and no number that was printed can be computed again.
#
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# This book grew from [a notebook](../notebook.md), written for Python 2. It calls $L + 1$ `num_layers`. It draws its weights and only then calls `np.random.seed(1)`, so no gradient that it
# printed can be computed again. Its 第一行 may be the first row or the first column: 行 runs down in Taiwan, across in mainland China.
# Its first cells (`In [1]`, `In [2]`) import NumPy, and `display` from `IPython.core.display`, where it no longer is, to widen the page; `print x` and `xrange` are gone from the language.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# How many weights and biases has a network with layers of 3, 5, 4 and 2 units?
#
# <details markdown="1"><summary>Hint</summary>
#
# Every unit is connected to every unit of the layer below. Which layer has no biases?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Weights: $5 \cdot 3 + 4 \cdot 5 + 2 \cdot 4 = 43$. Biases: $5 + 4 + 2 = 11$, none for the input. Together 54.
#
# </details>

# %% [markdown] tags=["zh"]
# **太晚設定種子。** 權重抽完才設定種子，每次得到的權重都不一樣，印出來的數字就誰也無法重現。
#
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 本書源自[一份筆記本](../notebook.md)，是用 Python 2 寫的，書裡稱為「原始筆記本」。它的 `num_layers` 就是 $L + 1$。它先抽權重，之後才呼叫 `np.random.seed(1)`，所以它印出來的梯度，誰都無法重現。
# 它寫的「第一行」分不清是橫的還是直的：「行」在台灣是直的，在中國大陸是橫的。
# 它的前兩個儲存格（`In [1]`、`In [2]`）匯入 NumPy，並從 `IPython.core.display` 匯入 `display` 來加寬頁面（`display` 現在已經不在那裡了）；`print x` 的寫法和 `xrange`，Python 3 也已經沒有了。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# 各層有 3、5、4、2 個神經元的網路，有幾個權重、幾個偏權值？
#
# <details markdown="1"><summary>提示</summary>
#
# 每個神經元都跟下面一層的每個神經元相連。哪一層沒有偏權值？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 權重：$5 \cdot 3 + 4 \cdot 5 + 2 \cdot 4 = 43$。偏權值：$5 + 4 + 2 = 11$，輸入層沒有。合計 54。
#
# </details>

# %% tags=["solution"]
larger = Network([3, 5, 4, 2], seed=1)
counts = [sum(array.size for array in arrays)
          for arrays in (larger.weights, larger.biases)]
assert counts == [43, 11]
counts

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# You have 10 inputs, one output, and memory for 1,000 parameters. How wide can the hidden layer be if there is one? How wide if there are two, both equally wide? And which of the two ways to spend the memory gives more hidden units?
#
# <details markdown="1"><summary>Hint</summary>
#
# Write the number of parameters as a formula in the width $h$. With two hidden layers it is quadratic.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# One hidden layer: $10h + h$ weights, $h + 1$ biases, so $12h + 1 \le 1{,}000$ and $h = 83$. Two: $10h + h^2 + h$ weights, $2h + 1$ biases, so $h^2 + 13h + 1 \le 1{,}000$ and $h = 25$, since
# $h = 26$ would need 1,015. That is 83 hidden units against 50: weights between two wide layers are what costs memory.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 輸入有 10 個，輸出有 1 個，記憶體只放得下 1,000 個參數。只有一個隱藏層時，最多能有多寬？如果有兩個一樣寬的隱藏層呢？兩種用法，哪一種的隱藏神經元比較多？
#
# <details markdown="1"><summary>提示</summary>
#
# 把參數的個數寫成寬度 $h$ 的式子。有兩個隱藏層時，它是二次式。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 一個隱藏層：權重 $10h + h$ 個，偏權值 $h + 1$ 個，所以 $12h + 1 \le 1{,}000$，$h = 83$。兩個隱藏層：權重 $10h + h^2 + h$ 個，偏權值 $2h + 1$ 個，所以 $h^2 + 13h + 1 \le 1{,}000$，$h = 25$，
# 因為 $h = 26$ 要用 1,015 個。隱藏神經元是 83 個對 50 個：最占記憶體的，是兩個寬的層之間的權重。
#
# </details>

# %% tags=["solution"]
def parameters(*sizes):
    net = Network(sizes)
    return sum(array.size for array in net.weights + net.biases)

one = max(h for h in range(1, 200) if parameters(10, h, 1) <= 1000)
two = max(h for h in range(1, 200) if parameters(10, h, h, 1) <= 1000)
assert (one, two, parameters(10, 26, 26, 1)) == (83, 25, 1015)
one, two
