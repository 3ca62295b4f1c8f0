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
# # 2 · Activation and cost
#
# **The question.** A unit adds up what reaches it. What does it make of the sum, and how do we say in one number how wrong
# the network is?

# %% [markdown] tags=["zh"]
# # 2 · 活化函數與成本
#
# **問題。** 神經元把收到的東西加總起來。它拿這個總和做什麼？又要怎麼用一個數字說出整個網路錯了多少？

# %% [markdown] tags=["en"]
# ## The activation function
#
# The sum that reaches a unit is its *weighted input* $z$. What it sends on, its *activation*, is $a = f(z)$, where $f$ is the activation function. Without
# one, any number of layers would amount to a single one. Ours is the **sigmoid**: it turns any number into one between 0 and 1.
#
# Each equation stands on a card like the next one. In the code, `spec["sigmoid"]` is an equation by its name; as the last line of a cell it shows its card. Below the statement are its letters; the shapes count $N$ samples, and until further
# notice $N$ is 1. What is folded can wait. *Evidence* lists what the machine has checked about the equation ([a page of its own](evidence.ipynb) tells how); leave it folded on a first reading.

# %% [markdown] tags=["zh"]
# ## 活化函數
#
# 神經元收到的總和叫做**加權輸入** $z$，它送出去的叫做**活化值**，$a = f(z)$，其中 $f$ 是**活化函數**（activation function，也譯激勵函數、啟動函數）。沒有它，疊再多層也只等於一層。
# 我們用的是 **sigmoid**：它把任何數字都變成 0 與 1 之間的數。
#
# 每個公式都有一張卡片，就像下面這張。程式裡的 `spec["sigmoid"]` 是用名稱取出一個公式；放在最後一行，就會顯示它的卡片。公式下面列出它的符號；形狀裡的 $N$ 是樣本數，目前先當作 $N$ 等於 1。
# 收合起來的部分可以之後再看。「證據」寫的是機器替這個公式檢查過什麼，怎麼檢查的另有[一頁](evidence.ipynb)說明；第一次讀的時候可以先不展開。

# %%
from bp import spec

spec["sigmoid"]

# %% [markdown] tags=["en"]
# Going back through the network we shall ask of each unit: if $z$ moves a little, how much does $a$ move? That is the
# derivative. For the sigmoid it can be written with the sigmoid itself, so that nothing has to be computed twice. Unfold the derivation
# and follow it.

# %% [markdown] tags=["zh"]
# 在網路裡往回走時，我們會對每個神經元問：$z$ 動一點點，$a$ 會動多少？這就是導數。sigmoid 的導數可以用 sigmoid 本身來表示，
# 所以不必重算任何東西。把推導展開，一步一步看。

# %%
spec["sigmoid-prime"]

# %% [markdown] tags=["en"]
# The slope is largest at $z = 0$, and even there only a quarter. Far from 0 it all but vanishes: the unit is **saturated**, and a change of $z$
# no longer shows in $a$.

# %% [markdown] tags=["zh"]
# 斜率在 $z = 0$ 時最大，但也只有四分之一。離 0 越遠，斜率越接近零：神經元**飽和**了，$z$ 再怎麼變，$a$ 也幾乎看不出變化。

# %%
import numpy as np

from bp import sigmoid, sigmoid_prime
from bp.figures import Table

z = np.array([-16.0, -4.0, -1.0, 0.0, 1.0, 4.0, 16.0])
Table({"z": z, r"\sigma(z)": sigmoid(z), r"\sigma'(z)": sigmoid_prime(z)})

# %% [markdown] tags=["en"]
# ## The cost
#
# For an input we know what the output should have been: the target $y$. The **quadratic cost** of one sample is half the squared distance
# between output and target. It is 0 when they agree and grows faster the further they are apart. For now there is one sample, and $E$ is its cost.

# %% [markdown] tags=["zh"]
# ## 成本
#
# 對每個輸入，我們都知道輸出本來應該是多少，也就是目標值 $y$。單一樣本的**二次成本**是輸出與目標值之間距離平方的一半：兩者相同時為 0，
# 差得越遠增加得越快。（成本（cost）也常叫做損失，loss。）目前只有一個樣本，$E$ 就是它的成本。

# %%
spec["quadratic-cost"]

# %% [markdown] tags=["en"]
# The half is there for one reason only: it cancels the 2 that the derivative of the square brings down. (In the derivation, $[i=j]$ is 1 when $i$ is $j$ and 0 otherwise: only the term of output $j$ itself changes with $a_j$.)

# %% [markdown] tags=["zh"]
# 那個二分之一只有一個用處：跟平方微分時多出來的 2 相消。（推導裡的 $[i=j]$ 在 $i$ 等於 $j$ 時為 1，否則為 0，因為隨著 $a_j$ 改變的，只有輸出 $j$ 自己那一項。）

# %%
spec["cost-derivative"]

# %% [markdown] tags=["en"]
# A network is judged by many samples, not one. Samples stand side by side as **columns**: `x` has shape $n_0 \times N$ and `y` has shape
# $n_L \times N$. The cost $E$ is the *mean* of the costs of the samples, so it doesn't grow because there are more of them. The cost of
# sample $s$ alone is then $E_s$; with a single sample, $E$ and $E_s$ are the same.

# %% [markdown] tags=["zh"]
# 評斷一個網路，要看很多樣本，不能只看一個。樣本並排，**每個樣本占一個直行**：`x` 的形狀是 $n_0 \times N$，`y` 的形狀是 $n_L \times N$。
# 成本 $E$ 是各樣本成本的**平均**，所以不會因為樣本多就變大。這時樣本 $s$ 自己的成本寫成 $E_s$；只有一個樣本時，$E$ 和 $E_s$ 相同。

# %%
spec["cost"]

# %% [markdown] tags=["en"]
# ## A training sample
#
# How often are units saturated? Take a sample drawn as ten times a standard normal number, and five networks drawn at random: the smallest and the largest $f'(z)$ of the three hidden units. (`feedforward(x)[0]` holds
# the $z$ of every layer, so `feedforward(x)[0][0]` is that of the first; how it gets them is the [next lesson](03-feedforward.ipynb).)

# %% [markdown] tags=["zh"]
# ## 一個訓練樣本
#
# 神經元有多常飽和？從標準常態分布抽出一個樣本，再乘以 10，送進五個隨機抽出的網路，看看隱藏層三個神經元的 $f'(z)$ 最小與最大各是多少。
# （`feedforward(x)[0]` 是各層的 $z$，所以 `feedforward(x)[0][0]` 是第一層的；怎麼算出來，[下一課](03-feedforward.ipynb)會講。）

# %%
x = 10 * np.random.RandomState(1).randn(2, 1)
x

# %%
from bp import Network

networks = [Network([2, 3, 1], seed=s) for s in range(5)]
slopes = [sigmoid_prime(net.feedforward(x)[0][0]) for net in networks]
Table({r"\text{seed}": range(5),
       r"\min f'(z)": [s.min() for s in slopes],
       r"\max f'(z)": [s.max() for s in slopes]})

# %% [markdown] tags=["en"]
# Compare with the largest slope there is, 0.25: most units are saturated. The network of our worked numbers shows how that looks: its three hidden $z$ for this sample, marked on the curve
# of $f$ (here $f = \sigma$) and, below it, on the curve of $f'$.

# %% [markdown] tags=["zh"]
# 跟斜率的最大值 0.25 比一比，就知道大多數的神經元都飽和了。飽和是什麼樣子，看計算範例用的網路就知道：下圖把這個樣本在隱藏層的三個 $z$，標在 $f$（這裡 $f = \sigma$）的曲線上，
# 也標在正下方 $f'$ 的曲線上。

# %%
from bp import example
from bp.figures import activation_curves

activation_curves(sigmoid, example.net.feedforward(x)[0][0])

# %% [markdown] tags=["en"]
# Follow the dotted lines down. At $z_2$ and $z_3$ the upper curve is flat, so the lower one has all but reached 0; only $z_1$ sits where something still moves.
#
# For this sample, about half of all derivatives of such networks are closer to zero than 0.00001: so small that hardly anybody would notice a wrong one ([lesson 10](10-checking-gradients.ipynb) tells how ours are checked all the same).
# So our worked numbers use a smaller sample, $x = (1.5, -0.5)$ with target 1. The same network with it (mind the scale of $z$):

# %% [markdown] tags=["zh"]
# 沿著虛線往下看。在 $z_2$ 和 $z_3$ 的地方，上面的曲線是平的，所以下面的曲線幾乎降到 0；只有 $z_1$ 落在還會動的地方。
#
# 用這個樣本時，這種網路的偏微分大約有一半，絕對值小於 0.00001：這麼小的數，算錯了也幾乎看不出來（本書怎麼連這些也檢查到，見[第 10 課](10-checking-gradients.ipynb)）。
# 所以本書的計算範例用比較小的樣本 $x = (1.5, -0.5)$、目標值 1。同一個網路換成這個小樣本（注意 $z$ 軸的刻度不一樣）：

# %%
activation_curves(sigmoid, example.net.feedforward(example.x)[0][0])

# %% [markdown] tags=["en"]
# All three lie on the steep part: $z_3$ and $z_1$ at the top of $f'$, and $z_2$ some way down, where saturation begins.
#
# ## What breaks if you get it wrong
#
# **A flat target.** Write `y = np.array([1])`, and its shape is (1,). With one output that happens to work. With two outputs, NumPy
# subtracts a row from a column and quietly makes a square:

# %% [markdown] tags=["zh"]
# 三個都落在曲線陡的部分：$z_3$ 和 $z_1$ 在 $f'$ 的最高處，$z_2$ 已經往下滑了一段，開始飽和。
#
# ## 會怎麼錯
#
# **一維的目標值。** 寫成 `y = np.array([1])`，形狀就是 (1,)。只有一個輸出時碰巧能用；有兩個輸出時，NumPy 會拿一個直行減一個橫列，
# 不聲不響地變成一個方陣：

# %%
a = np.array([[0.2], [0.7]])
flat = np.array([0.0, 1.0])
a - flat

# %% [markdown] tags=["en"]
# `bp` reads a flat target as one column, and refuses one that doesn't fit:

# %% [markdown] tags=["zh"]
# `bp` 會把一維的目標值當成一個直行，形狀不合就拒絕：

# %%
from textwrap import fill

try:
    Network([2, 3, 2], seed=1).backprop([1.5, -0.5], [1.0, 0.0, 0.0])
except ValueError as error:
    print(fill(f"ValueError: {error}", 72))

# %% [markdown] tags=["en"]
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# It writes $E$ in every formula and never says what $E$ is: the cost above. Its only sample is the one of ten times a normal draw (`In [10]`), and its target is flat, as above.
# Its docstring for the derivative of the cost holds a `\partial` in an ordinary string, where `\p` is no escape Python
# knows; with a letter it does know, such as the t of `\theta`, the text would silently change. Formulas belong in raw strings, `r"\partial"`.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# Compare the sigmoid at $z$ and at $-z$: what do the two values add up to? And what does that say about its slopes at $-z$ and at $z$?
#
# <details markdown="1"><summary>Hint</summary>
#
# Multiply numerator and denominator of $\sigma(-z)$ by $e^{-z}$.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# They add up to 1: $\sigma(-z) = \frac{e^{-z}}{e^{-z} + 1}$ has the same denominator as $\sigma(z)$, and the two numerators are the two terms of that denominator. Differentiate $\sigma(z) + \sigma(-z) = 1$: the slopes at $z$ and $-z$ are equal.
# So a unit saturates on both sides alike, and only $|z|$ decides how far.
#
# </details>

# %% [markdown] tags=["zh"]
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 它的公式裡用了 $E$，卻從沒說 $E$ 是什麼；指的就是上面的成本。它唯一的樣本，就是上面那個從常態分布抽出、再乘以 10 的（`In [10]`）；它的目標值也跟上面一樣是一維的。
# 它在成本偏微分的 docstring 裡，把 `\partial` 寫在普通字串中，而 `\p` 不是 Python 認得的跳脫字元；換成它認得的，例如 `\theta` 的 t，
# 文字就會不知不覺變掉。公式應該寫在 raw 字串裡：`r"\partial"`。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# 比較 sigmoid 在 $z$ 和 $-z$ 的值：兩者相加是多少？由此可知它在 $-z$ 的斜率跟在 $z$ 的有什麼關係？
#
# <details markdown="1"><summary>提示</summary>
#
# 把 $\sigma(-z)$ 的分子和分母同乘 $e^{-z}$。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 相加是 1：$\sigma(-z) = \frac{e^{-z}}{e^{-z} + 1}$，分母跟 $\sigma(z)$ 相同，而兩個分子剛好就是分母的那兩項。把 $\sigma(z) + \sigma(-z) = 1$ 微分，可知在 $z$ 和 $-z$ 的斜率相等。
# 所以神經元往哪一邊飽和都一樣，飽和到什麼程度只看 $|z|$。
#
# </details>

# %% tags=["solution"]
z = np.linspace(-20, 20, 401)
assert np.allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
assert np.allclose(sigmoid_prime(z), sigmoid_prime(-z), rtol=1e-6)
sigmoid(3.0), sigmoid(-3.0)

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# At which $z$ is the slope of the sigmoid exactly half its largest value? First guess from the table, then compute.
#
# <details markdown="1"><summary>Hint</summary>
#
# Call the activation $s$. The slope is $s(1 - s)$, and its largest value is a quarter.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# With $s = \sigma(z)$ we need $s(1 - s) = \tfrac18$, a quadratic equation with the solutions $\tfrac12 \pm \tfrac{\sqrt2}{4}$. By $e^{-z} = 1/s - 1$ they are at $z = \log\frac{s}{1 - s} = \pm 1.763$ (log is the natural logarithm, as in `np.log`). Outside
# these, the slope is less than half of its largest value.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# $z$ 是多少時，sigmoid 的斜率剛好是最大值的一半？先看表猜猜看，再算出來。
#
# <details markdown="1"><summary>提示</summary>
#
# 把活化值叫做 $s$。斜率是 $s(1 - s)$，最大值是四分之一。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 令 $s = \sigma(z)$，要解 $s(1 - s) = \tfrac18$，這是二次方程式，解是 $\tfrac12 \pm \tfrac{\sqrt2}{4}$。再由 $e^{-z} = 1/s - 1$ 換算成 $z = \log\frac{s}{1 - s} = \pm 1.763$（這裡的 log 是自然對數，跟 `np.log` 一樣）。
# 超出這個範圍，斜率就不到最大值的一半。
#
# </details>

# %% tags=["solution"]
s = 0.5 + np.array([-1, 1]) * np.sqrt(2) / 4
z = np.log(s / (1 - s))
assert np.allclose(sigmoid_prime(z), 1 / 8, rtol=1e-14)
assert np.allclose(z.round(3), [-1.763, 1.763])
Table({"z": z, r"\sigma'(z)": sigmoid_prime(z)})
