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
# # 6 · The hidden delta
#
# **The question.** The delta of an output unit comes from comparing the output with its target. A hidden
# unit has no target. Where does *its* delta come from?

# %% [markdown] tags=["zh"]
# # 6 · 隱藏層的敏感度
#
# **問題。** 輸出神經元的 δ，是拿輸出跟目標值比較算出來的。隱藏層的神經元沒有目標值可比，那它的 δ 從哪裡來？

# %% [markdown] tags=["en"]
# Ask what delta always asks: if the weighted input of this hidden unit moved a little, how fast would the cost move? It has no other way to the cost than through the units above it.
# If its weighted input $z_k$ rises by a little $h$, then
#
# - its output rises by about $f'(z_k)\,h$,
# - each $z_j$ above by about $w_{jk} f'(z_k)\,h$,
# - and the cost, by way of that $j$, by about $\delta_j w_{jk} f'(z_k)\,h$.
#
# For small moves the changes add up: the chain rule again, along several paths. So three things decide the hidden delta:
#
# - how fast the cost changes with the weighted input of each unit above: $\delta_j^l$, which we already have from the layer above;
# - how strongly the two are connected: $w_{jk}^l$, the weight from hidden unit $k$ to the $j$ above it;
# - how fast the activation of hidden unit $k$ moves when its weighted input moves: $f'(z_k^{l-1})$.

# %% [markdown] tags=["zh"]
# δ 問的還是同一件事：這個隱藏神經元的加權輸入動一點點，成本會變化多快？它只能透過上面那些神經元影響成本，沒有別的路。讓它的加權輸入 $z_k$ 增加一點點 $h$：
#
# - 它的輸出約增加 $f'(z_k)\,h$；
# - 上面每個 $z_j$ 約增加 $w_{jk} f'(z_k)\,h$；
# - 透過這個 $j$，成本約增加 $\delta_j w_{jk} f'(z_k)\,h$。
#
# 變動很小時，這些影響可以直接相加：還是鏈鎖律，只是有好幾條路。所以隱藏層的 δ 由三件事決定：
#
# - 成本隨上面每個神經元的加權輸入變化得多快：$\delta_j^l$，算上面那一層時已經得到了；
# - 兩者連得多強：權重 $w_{jk}^l$，從隱藏神經元 $k$ 連到上面的 $j$；
# - 隱藏神經元 $k$ 的加權輸入變動時，活化值會跟著變化多快：$f'(z_k^{l-1})$。

# %%
from bp import spec

spec["hidden-delta"]

# %% [markdown] tags=["en"]
# ## Why W is transposed
#
# Unit $k$ stands in layer $l-1$, unit $j$ above it, nearer the output, in layer $l$. On the way forward, $k$ sends its activation *up* along $w_{jk}$ to every $j$. On the way back, every $j$
# sends its $\delta_j$ *down* along the same weights. What reaches $k$ from it is $w_{jk}\,\delta_j$, the **blame** that $j$ passes on to $k$.
#
# - Forward, the sum over $k$ in {eq:weighted-input} runs along *row* $j$ of $W$, over all weights that lead *to* unit $j$.
# - Backward, the sum over $j$ in {eq:hidden-delta} runs down *column* $k$ of $W$, over all weights that lead *away from* unit $k$.
#
# In a product `A @ v`, entry $i$ is row $i$ of `A` times `v`, entry by entry, added up: the sum always runs along a *row* of the first factor. To add down the columns of $W$, the code turns it over, so that
# its columns become rows: `weight.T @ delta`. That is the only reason for the transpose.
#
# Then the blame has to pass through the activation function. If the unit is saturated, $f'$ is close to 0: move
# $z$ a little, $a$ all but stays where it is, and hardly any blame gets through.
#
# The product with $f'$ is entry by entry: each unit has its own $z$. In the code that is `*`, while `@` is the matrix product.

# %% [markdown] tags=["zh"]
# ## 為什麼 W 要轉置
#
# 神經元 $k$ 在第 $l-1$ 層，$j$ 在它上面（靠近輸出的那一邊）的第 $l$ 層。前饋時，$k$ 沿著 $w_{jk}$ 把自己的活化值往**上**送給每一個 $j$；反向時，每個 $j$ 沿著同樣的權重把自己的 $\delta_j$ 往**下**送。
# 送到 $k$ 的是 $w_{jk}\,\delta_j$，可以想成 $j$ 的 δ 裡，該由 $k$ 負責的那一份，以下就叫它**責任**。
#
# - 前饋時，{eq:weighted-input} 對 $k$ 加總，沿著 $W$ 的第 $j$ **橫列**，那是所有**通往**神經元 $j$ 的權重。
# - 反向時，{eq:hidden-delta} 對 $j$ 加總，沿著 $W$ 的第 $k$ **直行**，那是所有**從**神經元 $k$ **出發**的權重。
#
# 在乘積 `A @ v` 裡，第 $i$ 個元素是 `A` 的第 $i$ 橫列與 `v` 逐元素相乘再加總：加總永遠沿著第一個矩陣的**橫列**。要沿著 $W$ 的直行加總，就得把橫列與直行互換，讓直行變成橫列：`weight.T @ delta`。這就是要轉置的唯一原因。
#
# 接著，這份責任還要通過活化函數。神經元如果飽和了，$f'$ 接近 0：$z$ 動一點點，$a$ 幾乎不動，責任也就幾乎傳不下去。
#
# 乘上 $f'$ 是逐元素相乘，因為每個神經元有自己的 $z$。在程式裡，`*` 是逐元素相乘，`@` 是矩陣乘法。

# %% [markdown] tags=["en"]
# In shapes, drawn to scale for another network and four samples, with $l = 2$. (`run` keeps every array by the number of its layer: `run.w[2]` is the $W^2$ that is `weights[1]` otherwise.)
# Shaded is what belongs to one unit $k$. Turned over, column $k$ of $W^2$ becomes row $k$:

# %% [markdown] tags=["zh"]
# 用形狀來看，下面的圖按比例畫出另一個網路、四個樣本，這裡 $l = 2$。（`run` 把每個陣列按層的編號留下來：`run.w[2]` 就是別處寫成 `weights[1]` 的 $W^2$。）
# 灰色的部分屬於一個神經元 $k$。轉置之後，$W^2$ 的第 $k$ 直行變成第 $k$ 橫列：

# %%
import numpy as np

from bp import Network
from bp.trace import trace

draw = np.random.default_rng(1).standard_normal
wide = Network([3, 5, 2], seed=1)
run = trace(wide, draw((3, 4)), draw((2, 4)))
slopes = wide.activation.prime(run.z[1])

# %% tags=["drawing"]
from bp.figures import Block, shapes

shapes(Block("W²", run.w[2], "n₂", "n₁", lit=np.s_[:, 1]), "→",
       Block("(W²)ᵀ", run.w[2].T, "n₁", "n₂", lit=1))

# %% [markdown] tags=["en"]
# So the transpose takes the $n_2$ rows of the delta above to the $n_1$ rows of the delta below. Here one sample is shaded as well, the third; the sign ⊙ is the product entry by entry.

# %% [markdown] tags=["zh"]
# 這樣一來，轉置後的權重就能把上面 δ 的 $n_2$ 個橫列變成下面 δ 的 $n_1$ 個橫列。這裡樣本也只塗灰一個，也就是第三個；符號 ⊙ 就是逐元素相乘。

# %% tags=["drawing"]
shapes(Block("(W²)ᵀ", run.w[2].T, "n₁", "n₂", lit=1), "·",
       Block("δ²", run.delta[2], "n₂", "N", lit=np.s_[:, 2]), "⊙",
       Block("f′(z¹)", slopes, "n₁", "N", lit=(1, 2)), "=",
       Block("δ¹", run.delta[1], "n₁", "N", lit=(1, 2)))

# %% [markdown] tags=["en"]
# The same entry in numbers, with $k = 2$ and the third sample, which Python, counting from 0, calls `1` and `2`: the two products of the shaded row of $(W^2)^{\mathrm T}$, that is, of column $k$ of $W^2$, with the shaded column of $\delta^2$; their sum times $f'$, and what the code returned:

# %% [markdown] tags=["zh"]
# 同一個元素用數字算一次，$k = 2$、第三個樣本（Python 從 0 數起，所以是 `1` 和 `2`）：$(W^2)^{\mathrm T}$ 灰色的那一個橫列，也就是 $W^2$ 的第 $k$ 直行，和 $\delta^2$ 灰色直行的兩個乘積、它們的和乘上 $f'$，以及程式傳回的結果：

# %%
from bp.figures import Table

column, above = run.w[2][:, 1], run.delta[2][:, 2]
Table({"j": [1, 2], "w_{j2}^2": column, r"\delta_j^2": above,
       r"w_{j2}^2 \delta_j^2": column * above})

# %%
float((column * above).sum() * slopes[1, 2]), float(run.delta[1][1, 2])

# %% [markdown] tags=["en"]
# ## With numbers
#
# The [2, 3, 1] network has one output, so the sum over $j$ has one term. Watch the second unit: it has begun to saturate, so its $f'$ is smaller, and less of its blame remains.

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# [2, 3, 1] 網路只有一個輸出，所以對 $j$ 的加總只有一項。注意第二個神經元：它已經開始飽和，$f'$ 比較小，所以傳到它的值縮小得比較多。

# %%
from bp import hidden_delta, output_delta, quadratic, sigmoid
from bp.example import net, x, y
from bp.figures import Table

zs, activations = net.feedforward(x)
delta2 = output_delta(activations[2], y, zs[1], sigmoid, quadratic)
delta1 = hidden_delta(net.weights[1], delta2, zs[0], sigmoid)
Table({"k": [1, 2, 3], "w_{1k}^2": net.weights[1],
       r"\delta_1^2 w_{1k}^2": delta2 * net.weights[1],
       "z_k^1": zs[0], "f'(z_k^1)": sigmoid.prime(zs[0]),
       r"\delta_k^1": delta1})

# %% [markdown] tags=["en"]
# The same numbers as a flow. The thicker an edge, the larger the blame that it carries, whatever its sign; where it is dashed, the blame is negative. The weight of $-0.6$ turns the
# sign over. The second edge is thicker than the first, and still a smaller δ (again, whatever its sign) arrives in the second unit, because its $f'$ is smaller.

# %% [markdown] tags=["zh"]
# 把同樣的數字畫成流動的樣子：線越粗，傳回的值的絕對值越大；虛線表示傳回的值是負的。權重 $-0.6$ 會讓正負號反過來。
# 第二條線比第一條粗，第二個神經元最後得到的 δ，絕對值卻比較小，因為它的 $f'$ 比較小。

# %%
from bp.figures import blame_diagram

blame_diagram(trace(net, x, y))

# %% [markdown] tags=["en"]
# Is it true? Push each $z_k^1$ up by a millionth, by way of its bias, and see how far the cost moves. No formula of this page
# is used.

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？透過偏權值把每個 $z_k^1$ 加上百萬分之一，看看成本變了多少。這裡完全沒用到這一頁的公式。

# %%
import numpy as np

step = 1e-6
pushed = []
for k in range(3):
    before = net.mean_cost(x, y)
    net.biases[0][k] += step
    pushed.append((net.mean_cost(x, y) - before) / step)
    net.biases[0][k] -= step
Table({"k": [1, 2, 3], r"\Delta E / \Delta z_k^1": pushed,
       r"\delta_k^1": delta1})

# %% [markdown] tags=["en"]
# ## One layer down
#
# With this delta the gradients of the hidden layer follow exactly as those of the output did, by the two statements of the
# [last lesson](05-gradients.ipynb).

# %% [markdown] tags=["zh"]
# ## 再往下面一層
#
# 有了這個 δ，隱藏層的梯度就跟輸出層的梯度用同樣的方法計算，也就是[上一課](05-gradients.ipynb)的兩個公式。

# %%
from bp import bias_gradient, weight_gradient

bias_gradient(delta1), weight_gradient(delta1, activations[0])

# %% [markdown] tags=["en"]
# ## The vanishing gradient
#
# In a deep network this step is taken again and again, and each time multiplies δ by the weights and by $f'$, which for the sigmoid is [never more than a quarter](02-activation-and-cost.ipynb#eq-sigmoid-prime). Whether the weights enlarge δ or
# shrink it depends on their values. So here is a network with eight layers of weights, twice: with weights drawn at random, and with *orthogonal* matrices in their place. Those only turn δ in space and keep its length, so that what is seen is $f'$ alone (`np.linalg.qr` computes one from a square matrix; how doesn't matter here).
# The size of δ is the root mean square over all units and samples of a layer, on a logarithmic scale; on the third line, "0.25 a layer", drawn for comparison, every layer down divides by four. (`choose` picks a word in the language of the page.)

# %% [markdown] tags=["zh"]
# ## 梯度消失
#
# 在深的網路裡，這一步要一做再做，每次 δ 都要乘上權重，再乘上 $f'$；用 sigmoid 時，$f'$ [最多只有四分之一](02-activation-and-cost.ipynb#eq-sigmoid-prime)。
# 權重會放大還是縮小 δ，則要看權重的數值。所以下面把一個有八層權重的網路畫兩次：一次用隨機抽出的權重，一次換成**正交矩陣**（orthogonal matrix）。正交矩陣只會在空間裡轉動 δ，不改變它的長度，
# 這樣看到的就只有 $f'$ 的作用（`np.linalg.qr` 可以從一個方陣算出正交矩陣，怎麼算在這裡不重要）。
# δ 的大小，是一層裡所有神經元、所有樣本的 δ 的均方根（平方、取平均、再開根號），用對數刻度；第三條線「每層 0.25 倍」是對照用的，往下一層就除以四。（`choose` 是照網頁的語言挑一個詞。）

# %%
from bp.figures import delta_by_layer
from bp.glossary import choose

drawn, turning = Network([10] * 9, seed=1), Network([10] * 9, seed=1)
turning.weights = [np.linalg.qr(w)[0] for w in drawn.weights]
x20, y20 = draw((10, 20)), np.ones((10, 20))
delta_by_layer({choose("random", "隨機抽出"): trace(drawn, x20, y20),
                choose("orthogonal", "正交"): trace(turning, x20, y20)},
               factor=1/4)

# %% [markdown] tags=["en"]
# From left to right it goes as delta travels: 0 is the output, layer 8, and 7 is layer 1. The orthogonal network falls faster than a quarter a layer: most units are not at the top of $f'$.
# The random weights make up for a part of it, and still δ in layer 1 is only about a sixtieth of what it was in layer 8. This is the **vanishing gradient**: the first layers learn slowest.

# %% [markdown] tags=["zh"]
# 從左往右就是 δ 傳遞的方向：0 是輸出層，也就是第 8 層；7 是第 1 層。正交的網路每層剩下的不到四分之一，因為大多數神經元並不在 $f'$ 的最高處。
# 隨機抽出的權重補回了一部分，但第 1 層的 δ 還是只有第 8 層的六十分之一左右。這就是**梯度消失**：越前面的層學得越慢。

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Leave out $f'$**, and the last layer stays right. Each delta of the layer just below is too large by a factor of $1/f'$, at least 4 for the sigmoid, and more
# the more saturated its unit; further down the errors multiply and mix. **Forget the transpose**, and NumPy usually stops you:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **漏掉 $f'$**：最後一層仍然正確。緊接在它下面的那一層，每個 δ 都變成正確值的 $1/f'$ 倍，用 sigmoid 時至少是 4 倍，神經元越飽和錯得越多；再往下，錯誤還會相乘、混在一起。
# **忘了轉置**：NumPy 通常會擋下來：

# %%
try:
    net.weights[1] @ delta2
except ValueError as error:
    print("ValueError:", str(error).split(", with")[0])

# %% [markdown] tags=["en"]
# But when two layers are equally wide the shapes fit, and nothing stops you. The result is simply wrong, without a word:

# %% [markdown] tags=["zh"]
# 但是相鄰兩層一樣寬的時候，形狀剛好相符，什麼都不會擋下來。結果就是錯的，NumPy 卻沒有任何警告：

# %%
W = np.array([[1.0, 2.0], [3.0, 4.0]])
delta = np.array([[1.0], [0.0]])
Table({r"W^{\mathrm T} \delta": W.T @ delta, r"W \delta": W @ delta})

# %% [markdown] tags=["en"]
# ## Write it yourself
#
# Here the hidden delta is still missing: the function returns zeros. Press *Edit*, write it without looking at the card, and press *Run*. The rest of the cell is the whole algorithm around your function, and its last line lets `check` judge it. Go on until it says *Correct*. The arguments are those of the card; $f'$ is
# `activation.prime`. In the report, [3,4,2]×1 is a network of 3, 4 and 2 units with one sample; [Check your own](check.ipynb) tells how `check` finds out what is wrong.

# %% [markdown] tags=["zh"]
# ## 換你來寫
#
# 這裡的隱藏層 δ 還沒寫，函式傳回的全是零。按「編輯」，不看卡片把它寫出來，再按「執行」。儲存格其餘的部分，是把你的函式放進整個演算法，最後一行交給 `check` 檢查。改到它說「正確」為止。引數跟卡片上的一樣；$f'$ 是
# `activation.prime`。報告裡的 [3,4,2]×1 是各層 3、4、2 個神經元、一個樣本的網路；`check` 怎麼找出錯誤，見[檢查你自己的程式](check.ipynb)。

# %%
from bp import bias_gradient, check, feedforward, output_delta
from bp import quadratic, sigmoid, weight_gradient

def my_hidden_delta(weight, delta, z, activation):
    return 0 * z  # δ = ?

def mine(x, y, weights, biases):
    zs, activations = feedforward(x, weights, biases)
    delta = output_delta(activations[-1], y, zs[-1], sigmoid, quadratic)
    nabla_b = [bias_gradient(delta)]
    nabla_w = [weight_gradient(delta, activations[-2])]
    for l in range(len(weights) - 1, 0, -1):
        delta = my_hidden_delta(weights[l], delta, zs[l-1], sigmoid)
        nabla_b.insert(0, bias_gradient(delta))
        nabla_w.insert(0, weight_gradient(delta, activations[l-1]))
    return nabla_b, nabla_w

check(mine)

# %% [markdown] tags=["en"]
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# There the hidden delta stands in two cells: `In [17]` computes $f'(z^{L-1})$, `In [18]` multiplies. Its caption, "wk,j X deltaj,1 * f_primek,1", is right if $w_{k,j}$ is read as the *transposed* matrix; it never says so.
# The gradients of the hidden layer are its `In [19]` and `In [20]`.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# The third hidden unit gets a second output above it, connected by a weight of 0. What changes in $\delta_3^1$? Why?
#
# <details markdown="1"><summary>Hint</summary>
#
# Write out the sum for $k = 3$.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Nothing changes. The new unit adds one term to the sum, $\delta_2^2 \cdot 0$. However wrong the new unit is, that is not the doing of the third hidden unit,
# whose activation never reaches it. In the table, the last column has the second output; it changes the other two units, whose weights to it are not 0.
#
# </details>

# %% [markdown] tags=["zh"]
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 它的隱藏層 δ 分成兩個儲存格計算：`In [17]` 算出 $f'(z^{L-1})$，`In [18]` 再相乘。它的註解「wk,j X deltaj,1 * f_primek,1」要把 $w_{k,j}$ 讀成**轉置後**的矩陣才對，但它沒有說。
# 隱藏層的梯度是它的 `In [19]` 和 `In [20]`。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# 第三個隱藏神經元上面多了一個輸出神經元，連線的權重是 0。$\delta_3^1$ 會怎麼變？為什麼？
#
# <details markdown="1"><summary>提示</summary>
#
# 把 $k = 3$ 的加總寫開來。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 完全不變。新的神經元只在加總裡多了一項 $\delta_2^2 \cdot 0$。新的神經元再怎麼錯，也不是第三個隱藏神經元造成的，因為後者的活化值根本傳不到它。
# 表的最後一欄是多了第二個輸出之後的結果；另外兩個神經元到它的權重不是 0，所以變了。
#
# </details>

# %% tags=["solution"]
wider = np.vstack([net.weights[1], [[0.3, -0.8, 0.0]]])
both = np.vstack([delta2, [[0.7]]])
changed = hidden_delta(wider, both, zs[0], sigmoid)
assert ((changed == delta1) == [[False], [False], [True]]).all()
Table({"k": [1, 2, 3], r"\delta_k^1": delta1,
       r"\delta_k^1 \text{ (+1)}": changed})

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# A chain: an input and four layers above it, one unit in each, and all four weights 1. What part of $\delta^4$ is $\delta^1$ *at most*? How large would the weights have to be for δ not to shrink on its way down?
#
# <details markdown="1"><summary>Hint</summary>
#
# How many times does the blame pass through a sigmoid between layer 4 and layer 1? What is the most that one of them lets through?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Each step multiplies by the weight, 1, and by $f'$, at most $\tfrac14$. There are three steps, so $\delta^1$ is at most $\tfrac{1}{64}$ of $\delta^4$, and exactly that if every $z$ is 0. For δ not to shrink, the weights need an absolute value of at least 4. In long chains
# of sigmoids the blame dies out: that is the *vanishing gradient*.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 一條鏈：輸入層之上還有四層，每層一個神經元，四個權重都是 1。$\delta^1$ **最多**是 $\delta^4$ 的幾分之幾？權重要多大，δ 才不會越往下越小？
#
# <details markdown="1"><summary>提示</summary>
#
# 從第 4 層到第 1 層，責任要通過幾次 sigmoid？每一次最多讓多少通過？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 每往下一層，都要乘上權重 1，再乘上 $f'$，而它最大是 $\tfrac14$。總共三次，所以 $\delta^1$ 最多是 $\delta^4$ 的 $\tfrac{1}{64}$；每個 $z$ 都是 0 的時候剛好就是。要讓 δ 不縮小，權重的絕對值至少要 4。
# 在一長串 sigmoid 裡，責任會越傳越少：這就是**梯度消失**。
#
# </details>

# %% tags=["solution"]
from bp import Network
from bp.trace import trace

chain, ratios = Network([1] * 5), []
for weight in (1.0, 4.0):
    chain.weights = [np.full((1, 1), weight)] * 4
    # With these biases every z is 0, for the input 0.5.
    chain.biases = [np.full((1, 1), -weight / 2)] * 4
    delta = trace(chain, [0.5], [1.0]).delta
    ratios.append((delta[1] / delta[4]).item())
assert np.allclose(ratios, [1 / 64, 1])
ratios
