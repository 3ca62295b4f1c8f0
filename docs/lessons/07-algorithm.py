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
# # 7 · The whole algorithm
#
# **The question.** We have every piece. In which order do they run, and what do they cost together?

# %% [markdown] tags=["zh"]
# # 7 · 整個演算法
#
# **問題。**零件都齊了。它們按什麼順序執行？合起來要花多少計算？

# %% [markdown] tags=["en"]
# Forward once, remembering every $z$ and $a$. Then the delta of the output. Then, layer by layer from the last to the first: read the two
# gradients off delta, and carry delta one layer down. That is backpropagation: the cost travels back through the same
# connections that made it.

# %% [markdown] tags=["zh"]
# 先前饋一次，記住每個 $z$ 和 $a$。接著算輸出層的 δ。然後從最後一層到第一層，一層一層：由 δ 讀出兩個梯度，再把 δ 往下傳一層。
# 這就是**反向傳播**：成本沿著產生它的那些連線往回走。

# %%
from bp import backprop
from bp.card import Listing

Listing(backprop)

# %% [markdown] tags=["en"]
# This is the function that ships, not a copy of it. Each line that computes something is one statement of this book:
#
# | line | statement |
# |---|---|
# | `output_delta(…)` | {eq:output-delta} |
# | `bias_gradient(…)` | {eq:bias-gradient} |
# | `weight_gradient(…)` | {eq:weight-gradient} |
# | `hidden_delta(…)` | {eq:hidden-delta} |
#
# The loop counts $l = L, L-1, \dots, 1$, with the same $l$ as in the statements. (The source notebook counts from the end, with `l=1` for the last
# layer and negative indices, beside an $l$ and an $L$ in its formulas: three numberings in one page.) Its `backprop(x, y)` reads
# the parameters from global variables; here they are arguments.

# %% [markdown] tags=["zh"]
# 這就是實際使用的函式，不是另外抄的一份。每一行計算都是本書的一個公式：
#
# | 程式 | 公式 |
# |---|---|
# | `output_delta(…)` | {eq:output-delta} |
# | `bias_gradient(…)` | {eq:bias-gradient} |
# | `weight_gradient(…)` | {eq:weight-gradient} |
# | `hidden_delta(…)` | {eq:hidden-delta} |
#
# 迴圈從 $l = L, L-1, \dots$ 數到 $1$，跟公式裡的 $l$ 是同一個。（原始筆記本從後面數，`l=1` 是最後一層，用負的索引，公式裡又另有 $l$ 和 $L$：
# 同一頁有三種編號。）它的 `backprop(x, y)` 直接讀全域變數裡的參數，這裡則是用引數傳進去。

# %% [markdown] tags=["en"]
# ## With numbers
#
# The worked example, all thirteen derivatives at once (`In [22]` to `In [24]` of the notebook):

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# 計算範例的十三個偏微分，一次全部算出來（筆記本的 `In [22]` 到 `In [24]`）：

# %%
from bp.example import net, x, y

nabla_b, nabla_w = backprop(x, y, net.weights, net.biases)
nabla_w

# %%
nabla_b

# %% [markdown] tags=["en"]
# Is it true? Push each of the thirteen parameters up by a millionth. The largest difference between what the cost did and what backpropagation
# said, relative to the largest derivative:

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？把十三個參數一個一個加上百萬分之一。成本實際的變化跟反向傳播說的差多少？下面是最大的差距，相對於最大的偏微分：

# %%
import numpy as np

def push(array, index, step=1e-6):
    before = net.mean_cost(x, y)
    array[index] += step
    after = net.mean_cost(x, y)
    array[index] -= step
    return (after - before) / step

pairs = [(push(array, index), gradient[index])
         for arrays, gradients in ((net.weights, nabla_w), (net.biases, nabla_b))
         for array, gradient in zip(arrays, gradients) for index in np.ndindex(array.shape)]
pushed, said = np.array(pairs).T
len(pairs), abs(pushed - said).max() / abs(said).max()

# %% [markdown] tags=["en"]
# Thirteen parameters took thirteen more forward passes that way. Backpropagation took one pass forward and one back, whatever the number of
# parameters: each layer's way back is two matrix products, against one on the way forward. That, and nothing else, is why it is used.
#
# ## One step of learning
#
# Going a little way against the gradient lowers the cost. That is *gradient descent*; how far to go is the learning rate:

# %% [markdown] tags=["zh"]
# 用這個方法，十三個參數就要多前饋十三次。反向傳播不管有幾個參數，都只要前饋一次、反向一次：每一層反向是兩個矩陣乘積，前饋是一個。
# 大家用它，就只為了這一點。
#
# ## 學習一步
#
# 往梯度的反方向走一點點，成本就會降低。這就是**梯度下降**，走多遠則由學習率決定：

# %%
rate = 0.5
costs = []
for step in range(5):
    costs.append(net.mean_cost(x, y))
    nabla_b, nabla_w = net.backprop(x, y)
    net.weights = [w - rate * g for w, g in zip(net.weights, nabla_w)]
    net.biases = [b - rate * g for b, g in zip(net.biases, nabla_b)]
[round(c, 5) for c in costs]

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Update as you go.** If the weights of the last layer are changed before delta is carried through them, the layers below receive the blame
# of another network. The last layer is right, the others are off by a little, more with a larger learning rate: printed worked examples have been
# wrong this way for years. So `backprop` changes nothing; it only returns the gradient.
#
# **Stop one layer early**, and the first layer never learns. Its gradients stay at the zeros they were initialised with, and training still
# goes downhill on what the other layers can do.
#
# ## Exercise
#
# In `backprop`, could the two gradient lines stand *after* `hidden_delta` in the loop?
#
# <details markdown="1"><summary>Answer</summary>
#
# No. By then `delta` is that of the layer below, and `bias_gradient(delta)` would be stored under the wrong layer. With layers of different width the
# shapes would give it away, with equal widths nothing would.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **邊算邊更新。**如果在 δ 通過最後一層的權重之前就先改了那些權重，下面各層收到的就是另一個網路的責任。最後一層是對的，其他層差一點點，
# 學習率越大差越多：有些印在書上、網頁上的計算範例就這樣錯了好多年。所以 `backprop` 不改任何東西，只回傳梯度。
#
# **少走一層。**第一層永遠學不到東西：它的梯度一直是初始的零，而訓練靠其他層照樣往下坡走。
#
# ## 練習
#
# `backprop` 的迴圈裡，算梯度的那兩行可以放到 `hidden_delta` **後面**嗎？
#
# <details markdown="1"><summary>解答</summary>
#
# 不行。那時 `delta` 已經是下面一層的了，`bias_gradient(delta)` 會存到錯的那一層。各層寬度不同時，形狀會露餡；寬度相同就什麼都看不出來。
#
# </details>

# %%
[g.shape for g in nabla_b], [g.shape for g in nabla_w]
