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
# # 3 · Feedforward
#
# **The question.** We know the parameters and the input. What comes out, and what must we remember on the way?

# %% [markdown] tags=["zh"]
# # 3 · 前饋
#
# **問題。** 參數和輸入都知道了，輸出是多少？一路上又該記住什麼？

# %% [markdown] tags=["en"]
# Every unit does the same two things. First it gathers: each activation below, times the weight of the connection, all added
# up, plus its own bias. That sum is its weighted input $z$.

# %% [markdown] tags=["zh"]
# 每個神經元做的都是同樣兩件事。第一件是收集：下面一層的每個活化值（也就是那些神經元的輸出）乘上連線的權重，
# 全部加起來，再加上自己的偏權值。這個總和就是它的加權輸入 $z$。

# %%
from bp import spec

spec["weighted-input"]

# %% [markdown] tags=["en"]
# Then it responds: the activation function turns $z$ into the activation $a$, which is what the next layer receives. The
# activation of layer 0 is the input itself, $a^0 = x$.

# %% [markdown] tags=["zh"]
# 第二件是反應：活化函數把 $z$ 變成**活化值** $a$，交給上面一層。第 0 層的活化值就是輸入本身，$a^0 = x$。

# %%
spec["activation"]

# %% [markdown] tags=["en"]
# ## Read it term by term
#
# The statement is about one unit; the code does a whole layer at once. Row $j$ of `weight` holds all the weights that lead to unit $j$,
# so row times column is exactly the sum over $k$. The shapes have to chain:
#
# $$(n_l \times n_{l-1}) \cdot (n_{l-1} \times N) = n_l \times N$$
#
# The inner two must agree, the outer two remain. Unit 1 of the hidden layer, for instance, has $z_1^1 = w_{11}^1 x_1 + w_{12}^1 x_2 + b_1^1$.
# For the whole hidden layer of the worked example:

# %% [markdown] tags=["zh"]
# ## 逐項來看
#
# 公式講的是一個神經元，程式一次算完一整層。`weight` 的第 $j$ 橫列放著所有通往神經元 $j$ 的權重，所以「橫列乘直行」正好就是對 $k$ 加總。
# 形狀必須接得起來：
#
# $$(n_l \times n_{l-1}) \cdot (n_{l-1} \times N) = n_l \times N$$
#
# 中間兩個要相同，留下外面兩個。以隱藏層的神經元 1 為例，$z_1^1 = w_{11}^1 x_1 + w_{12}^1 x_2 + b_1^1$。計算範例的整個隱藏層是這樣：

# %%
from bp import weighted_input
from bp.example import net, x
from bp.figures import blocks

W, b = net.weights[0], net.biases[0]
blocks(("W¹", W), "·", ("a⁰ = x", x), "+", ("b¹", b), "=",
       ("z¹", weighted_input(W, x, b)))

# %% [markdown] tags=["en"]
# ## Layer by layer
#
# Feedforward repeats the two steps from the first layer to the last. It keeps every $z$ and every $a$, because the way back will need
# them all:

# %% [markdown] tags=["zh"]
# ## 一層接一層
#
# 前饋就是從第一層到最後一層重複這兩步。每個 $z$ 和每個 $a$ 都要留著，因為往回走時全都用得到：

# %%
from bp import activate, sigmoid

a = x
zs, activations = [], [x]
for weight, bias in zip(net.weights, net.biases):
    z = weighted_input(weight, a, bias)
    a = activate(z, sigmoid)
    zs.append(z)
    activations.append(a)

# %%
zs

# %%
activations

# %% [markdown] tags=["en"]
# `zs[l-1]` is the weighted input of layer $l$, since layer 0 has none; `activations[l]` is the activation of layer $l$. `bp.feedforward` is this loop. What else stands in it can be passed over for now: the lines with `checks` turn
# away arguments that don't fit, and `output` is for networks whose last layer has another activation ([lesson 13](13-other-activations-and-costs.ipynb)).

# %% [markdown] tags=["zh"]
# `zs[l-1]` 是第 $l$ 層的加權輸入（第 0 層沒有），`activations[l]` 是第 $l$ 層的活化值。
# `bp.feedforward` 就是這個迴圈。裡面其他的部分現在可以先略過：`checks` 那幾行負責擋下不合規定的引數，`output` 是給最後一層換用別的活化函數的網路用的（[第 13 課](13-other-activations-and-costs.ipynb)）。

# %%
from bp import feedforward
from bp.card import Listing

Listing(feedforward)

# %% [markdown] tags=["en"]
# ## Many samples at once
#
# Nothing above asked how many columns `x` has. With three samples side by side, every $z$ and $a$ has three columns, and
# each column is computed as if it were alone. Only the bias needs care: it has one column, and NumPy adds it to each.

# %% [markdown] tags=["zh"]
# ## 一次算很多樣本
#
# 上面完全沒有限定 `x` 有幾個直行。三個樣本並排，每個 $z$ 和 $a$ 就有三個直行，而每一直行都跟單獨計算時一樣。只有偏權值要留意：
# 它只有一個直行，NumPy 會把它加到每一直行上。

# %%
import numpy as np

three = np.array([[1.5, 0.0, -1.0], [-0.5, 2.0, 0.5]])
together = net.feedforward(three)[1][-1]
alone = [net.feedforward(three[:, s])[1][-1].item() for s in range(3)]
np.allclose(together, [alone]), together.round(4)

# %% [markdown] tags=["en"]
# The shapes, drawn to scale for another network and four samples, so that no two lengths are the same. Sides that touch in a product
# are equal: $n_0$ and $n_0$. They vanish, the outer $n_1$ and $N$ remain. The dashed columns are the copies of the bias that NumPy
# makes. Shaded: one row, one column and one bias make one $z$.

# %% [markdown] tags=["zh"]
# 下圖按比例畫出另一個網路、四個樣本的形狀，特地選成每個長度都不一樣。相乘的兩個陣列，緊鄰的兩邊要等長：都是 $n_0$。
# 它們乘完就消失，留下外面的 $n_1$ 和 $N$。虛線的直行是 NumPy 自動複製的偏權值。灰色的部分是：一個橫列、一個直行，加上一個偏權值，得到一個 $z$。

# %% tags=["drawing"]
from bp import Network
from bp.figures import Block, shapes

wide = Network([3, 5, 2], seed=1)
W1, b1 = wide.weights[0], wide.biases[0]
four = np.random.default_rng(1).standard_normal((3, 4))
shapes(Block("W¹", W1, "n₁", "n₀", lit=np.s_[1, :]), "·",
       Block("a⁰", four, "n₀", "N", lit=np.s_[:, 2]), "+",
       Block("b¹", b1, "n₁", "1", lit=1, repeated=4), "=",
       Block("z¹", weighted_input(W1, four, b1), "n₁", "N", lit=(1, 2)))

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **A forgotten bias** stops nothing: all shapes fit. The usual test is of little help, too: a *gradient check*, which moves a parameter a little and watches the cost ([lesson 10](10-checking-gradients.ipynb)).
#
# - The weights pass, because the check runs the same wrong forward pass.
# - The biases don't: however they are moved, the cost stays.
# - If the bias gradient is forgotten as well, they pass, and nothing is noticed.
#
# What notices it in every case is the comparison of the code with the statement on the card.
#
# **`np.array(zs)`** stacks the arrays of all layers into one. They are of different heights, so NumPy refuses:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **漏掉偏權值**時程式不會報錯：形狀全都相符。常用的**梯度檢查**（把參數動一點點，看成本怎麼變，見[第 10 課](10-checking-gradients.ipynb)）也幫不上多少忙：
#
# - 檢查權重時會通過，因為檢查時跑的也是這個錯的前饋。
# - 檢查偏權值才會發現：不管怎麼動，成本都不變。
# - 如果連偏權值的梯度也漏了，偏權值也會通過，什麼都不會發現。
#
# 不管哪一種情形都抓得到它的，是拿程式跟卡片上的公式比對。
#
# **`np.array(zs)`** 會把各層的陣列疊成一個。各層高度不同，NumPy 會拒絕：

# %%
try:
    np.array(zs)
except ValueError as error:
    print("ValueError:", str(error).split(".")[0])

# %% [markdown] tags=["en"]
# Where the layers happen to be equally wide it does not refuse, but builds a three-dimensional array. A list of arrays is what we mean, so
# a list is what we keep.
#
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# Its caption for the shapes, "Wlayer2 X layer1 * Wlayer1 X N", has a $W$ too many. Its table writes the first row out as "W0,0 X0 + W0,1 X1 + b0", with units counted from 0.
# It calls the hidden $z$ an "output Z value", though it is what comes *in*; and it prints `np.array(zs)`, which today's NumPy refuses.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# Double every weight and bias of the output layer. Does the output double?
#
# <details markdown="1"><summary>Hint</summary>
#
# Follow the two steps one after the other. Which of them turns twice as much into twice as much?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# No. $z^2$ doubles, but $a^2 = \sigma(z^2)$ doesn't: it can never exceed 1.
#
# </details>

# %% [markdown] tags=["zh"]
# 各層剛好一樣寬時它就不會拒絕，而是做出一個三維陣列。我們要的是一串陣列，所以就用 list。
#
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 它在形狀的圖說寫「Wlayer2 X layer1 * Wlayer1 X N」，多了一個 $W$。它的表把第一個橫列寫成「W0,0 X0 + W0,1 X1 + b0」，神經元從 0 開始數。
# 它把隱藏層的 $z$ 叫做「輸出神經元Z值」，其實那是**進來**的值；它還會印出 `np.array(zs)`，現在的 NumPy 會拒絕。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# 把輸出層的權重和偏權值全部加倍，輸出會加倍嗎？
#
# <details markdown="1"><summary>提示</summary>
#
# 把兩個步驟分開來看。放大兩倍之後，哪一步的結果也剛好放大兩倍？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 不會。$z^2$ 會加倍，但 $a^2 = \sigma(z^2)$ 不會：它永遠不會超過 1。
#
# </details>

# %% tags=["solution"]
z2 = zs[1].item()
twice = weighted_input(2 * net.weights[1], activations[1],
                       2 * net.biases[1]).item()
assert np.isclose(twice, 2 * z2)
assert sigmoid(twice) < 1 < 2 * sigmoid(z2)
z2, twice, sigmoid(z2), sigmoid(twice)

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Take the sigmoid away, so that $a = z$ in every layer of the [2, 3, 1] network. Find, by hand, two weights and one bias with which a *single* unit computes, for every input, the same output as the whole network. What does that say about networks without an activation function?
#
# <details markdown="1"><summary>Hint</summary>
#
# Put the first layer into the second and multiply out. Which matrix stands before $x$?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# $z^2 = W^2 (W^1 x + b^1) + b^2 = (W^2 W^1)\,x + (W^2 b^1 + b^2)$. With the numbers of the worked example, the weights are $W^2 W^1 = (-0.73,\ 0.57)$ and the bias is $0.49 + 0.2 = 0.69$. So
# the hidden layer was of no use: without an activation function a network of any depth is one layer.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 把 sigmoid 拿掉，讓 [2, 3, 1] 網路每一層都是 $a = z$。動手找出兩個權重和一個偏權值，讓**單獨一個**神經元對任何輸入，都算出跟整個網路相同的輸出。這說明了沒有活化函數的網路是怎麼回事？
#
# <details markdown="1"><summary>提示</summary>
#
# 把第一層代進第二層，乘開來。$x$ 前面的矩陣是什麼？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# $z^2 = W^2 (W^1 x + b^1) + b^2 = (W^2 W^1)\,x + (W^2 b^1 + b^2)$。代入計算範例的數字，權重是 $W^2 W^1 = (-0.73,\ 0.57)$，偏權值是 $0.49 + 0.2 = 0.69$。
# 所以隱藏層完全沒用：沒有活化函數，再深的網路也只等於一層。
#
# </details>

# %% tags=["solution"]
W = net.weights[1] @ net.weights[0]
b = net.weights[1] @ net.biases[0] + net.biases[1]
assert np.allclose(W, [[-0.73, 0.57]]) and np.allclose(b, 0.69)

z1 = weighted_input(net.weights[0], three, net.biases[0])
z2 = weighted_input(net.weights[1], z1, net.biases[1])
assert np.allclose(weighted_input(W, three, b), z2)
z2
