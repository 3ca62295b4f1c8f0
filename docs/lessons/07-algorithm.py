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
# **The question.** We have every piece. In which order do they run, and how much computing is it?

# %% [markdown] tags=["zh"]
# # 7 · 整個演算法
#
# **問題。** 公式都齊了。要照什麼順序算？總共要算多少？

# %% [markdown] tags=["en"]
# Forward once, remembering every $z$ and $a$. Then the delta of the output. Then, layer by layer from the last to the first: read the two
# gradients off delta, and carry delta one layer down. That is backpropagation: delta travels back through the same connections
# that carried the activations forward.

# %% [markdown] tags=["zh"]
# 先前饋一次，記住每個 $z$ 和 $a$。接著算輸出層的 δ。然後從最後一層到第一層，一層一層做：由 δ 算出兩個梯度，再把 δ 往下傳一層。
# 這就是**反向傳播**：δ 沿著當初傳遞活化值的那些連線往回走。

# %%
from bp import backprop
from bp.card import Listing

Listing(backprop)

# %% [markdown] tags=["en"]
# This is the function that ships, not a copy of it. Each line that computes something is one equation of this book. (`delta_of_output` is `output_delta` here; only where an output and a cost have a formula of their own together does it take that one, as in [lesson 13](13-other-activations-and-costs.ipynb).)
#
# | line of code | equation |
# |---|---|
# | `feedforward(…)` | {eq:weighted-input}, {eq:activation} |
# | `delta_of_output(…)` | {eq:output-delta} |
# | `bias_gradient(…)` | {eq:bias-gradient} |
# | `weight_gradient(…)` | {eq:weight-gradient} |
# | `hidden_delta(…)` | {eq:hidden-delta} |
#
# The lines with `checks` turn away input that doesn't fit, and do nothing else.
#
# The loop counts $l = L, L-1, \dots, 1$, with the same $l$ as in the statements.

# %% [markdown] tags=["zh"]
# 這就是實際使用的函式，不是另外抄的一份。裡面每一行做計算的程式，都是本書的一個公式。（`delta_of_output` 在這裡就是 `output_delta`；輸出函數與成本的搭配有專用公式時，才改用那一個，像[第 13 課](13-other-activations-and-costs.ipynb)那樣。）
#
# | 程式 | 公式 |
# |---|---|
# | `feedforward(…)` | {eq:weighted-input}、{eq:activation} |
# | `delta_of_output(…)` | {eq:output-delta} |
# | `bias_gradient(…)` | {eq:bias-gradient} |
# | `weight_gradient(…)` | {eq:weight-gradient} |
# | `hidden_delta(…)` | {eq:hidden-delta} |
#
# `checks` 那幾行只負責擋下不合規定的輸入。
#
# 迴圈依序數 $l = L, L-1, \dots, 1$，跟公式裡的 $l$ 是同一個。

# %% [markdown] tags=["en"]
# ## Step by step
#
# Here it runs, one equation at a time, on the worked example. What a step uses is blue, what it makes is on yellow; the line that runs is lit in the
# source. On each edge stands its weight and, once it is known, the weight's gradient, marked ∇. Walk forward and back with the buttons or, once you have clicked on the figure, the arrow keys.
#
# To see it on another network, type the number of units in each layer, the input first. Its parameters are drawn at random, once, so that
# every reader sees the same. Watch δ on its way back: each layer needs only the δ of the layer above it (nearer the output), the weights between, and its own $z$.

# %% [markdown] tags=["zh"]
# ## 一步一步走
#
# 下面用計算範例實際跑一次，一次只算一個公式。這一步用到的數字是藍色，算出來的是黃底；正在執行的那一行程式也會標出來。
# 每條連線上標著它的權重，算出來之後也會標上權重的梯度，前面加 ∇。用按鈕就可以往前走、往回走；先點一下圖，也可以用方向鍵。
#
# 想看別的網路，就填入各層的神經元數，從輸入層開始。參數是事先隨機抽好的，每位讀者看到的都一樣。
# 注意 δ 往回走的樣子：每一層只需要**上面那一層**（靠近輸出）的 δ、兩層之間的權重，還有自己的 $z$。

# %%
from bp.example import net, x, y
from bp.figures import Stepper

Stepper(net, x, y)

# %% [markdown] tags=["en"]
# ## With numbers
#
# The worked example, all thirteen derivatives at once:

# %% [markdown] tags=["zh"]
# ## 代入數字
#
# 計算範例的十三個偏微分，一次全部算出來：

# %%
nabla_b, nabla_w = backprop(x, y, net.weights, net.biases)
nabla_w

# %%
nabla_b

# %% [markdown] tags=["en"]
# Where they come from, layer by layer. Each number that goes forward along a solid arrow is answered by one that comes back along the dashed arrow beside it:
# the derivative of $E$ by that number. The figures run downwards, so the output is at the bottom. First the output layer, read from $E$, at the foot of the figure, back towards the input:

# %% [markdown] tags=["zh"]
# 這些數字怎麼來的，一層一層看。沿著實線箭頭往前送的每個數字，旁邊的虛線箭頭都會帶回另一個數字：$E$ 對它的偏微分。
# 這兩張圖是由上往下畫的，輸出在最底下。先看輸出層，從圖最下方的 $E$ 開始，往輸入的方向讀：

# %%
from bp.figures import computation_graph
from bp.trace import trace

run = trace(net, x, y)
computation_graph(run, 2)

# %% [markdown] tags=["en"]
# Beside $z^2$ stands the delta of the output; beside $b^2$ and $W^2$ stand its two gradients. What comes back to $a^1$ is $(W^2)^{\mathrm T}$ times that delta,
# and it comes into the next graph, that of the hidden layer, at its foot.

# %% [markdown] tags=["zh"]
# $z^2$ 旁邊是輸出層的 δ，$b^2$ 和 $W^2$ 旁邊是它的兩個梯度。傳回 $a^1$ 的，是 $(W^2)^{\mathrm T}$ 乘上這個 δ；
# 在下一張圖（隱藏層的）裡，它就是從最底下進來的數字。

# %%
computation_graph(run, 1)

# %% [markdown] tags=["en"]
# Is it true? Push each of the thirteen parameters up by a millionth. The largest difference between what the cost did and what backpropagation
# said, relative to the largest derivative:

# %% [markdown] tags=["zh"]
# 真的是這樣嗎？把十三個參數一個一個加上百萬分之一。成本實際的變化，跟反向傳播算出來的差多少？下面是最大的差距除以最大的偏微分：

# %%
import numpy as np

def push(array, index, step=1e-6):
    before = net.mean_cost(x, y)
    array[index] += step
    after = net.mean_cost(x, y)
    array[index] -= step
    return (after - before) / step

pairs = [(push(array, index), gradient[index])
         for array, gradient in zip(net.weights + net.biases, nabla_w + nabla_b)
         for index in np.ndindex(array.shape)]
pushed, said = np.array(pairs).T
len(pairs), float(abs(pushed - said).max() / abs(said).max())

# %% [markdown] tags=["en"]
# That ran the network twice for each parameter. Backpropagation goes forward once and back once, however many parameters there are, and the way back takes at most two matrix
# products a layer where the way forward takes one (exercise 2 counts them for a real network). It is also exact up to rounding: the difference above is the error of
# pushing by a finite step. Most mistakes make this relative difference 0.01 or more; how to see those that show as less is the question of [lesson 10](10-checking-gradients.ipynb).
#
# ## One step of learning
#
# Going a little way against the gradient lowers the cost. That is *gradient descent*; how far to go is the *learning rate*:

# %% [markdown] tags=["zh"]
# 用這個方法，每個參數都要讓網路跑兩次。反向傳播不管有幾個參數，都只要前饋一次、反向一次；前饋每層一個矩陣乘積，反向每層最多兩個（練習 2 會拿一個實際的網路來數）。
# 而且除了捨入誤差，它是精確的：上面的差距來自「加上百萬分之一」這一步不夠小。
# 大多數的錯誤會讓這個相對差距達到 0.01 以上；差得更少的該怎麼看出來，是[第 10 課](10-checking-gradients.ipynb)的問題。
#
# ## 學習一步
#
# 往梯度的反方向走一點點，成本就會降低。這就是**梯度下降**，走多遠則由**學習率**（learning rate）決定：

# %%
from copy import deepcopy

rate, learner, costs = 0.5, deepcopy(net), []
for step in range(5):
    costs.append(learner.mean_cost(x, y))
    nabla_b, nabla_w = learner.backprop(x, y)
    parameters = learner.biases + learner.weights
    for parameter, gradient in zip(parameters, nabla_b + nabla_w):
        parameter -= rate * gradient
[round(float(c), 5) for c in costs]

# %% [markdown] tags=["en"]
# This is what the gradient is for. The same few lines, run for 300 steps with a suitable learning rate, teach a small network the exclusive or: 1 when exactly one of the two inputs is 1. It starts
# from the same parameters each time; only the learning rate is another one.

# %% [markdown] tags=["zh"]
# 梯度就是拿來做這件事的。學習率選得好，同樣的幾行程式跑 300 步，就能教會一個小網路互斥或（XOR）：兩個輸入恰好有一個是 1 時輸出 1。
# 每次都從同一組參數開始，只有學習率不同。

# %%
from bp import Network

inputs = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
targets = np.array([[0, 1, 1, 0]])

def costs_of_training(rate, steps=300):
    learner, costs = Network([2, 3, 1], seed=1), []
    for step in range(steps):
        costs.append(float(learner.mean_cost(inputs, targets)))
        nabla_b, nabla_w = learner.backprop(inputs, targets)
        parameters = learner.biases + learner.weights
        for parameter, gradient in zip(parameters, nabla_b + nabla_w):
            parameter -= rate * gradient
    return costs

# %% tags=["drawing"]
from IPython.display import display

from bp.figures import chart
from bp.glossary import choose

rates = (2, 8, 32, 200)
curves = {choose(f"rate {rate}", f"學習率 {rate}"): costs_of_training(rate)
          for rate in rates}

def first(steps, *told):
    lines = {name: (range(steps), costs[:steps])
             for name, costs in curves.items()}
    said = "; ".join(
        f"{name}: " + ", ".join(f"{costs[at]:.4f}" for at in told)
        for name, costs in curves.items())
    at = choose(", ", "、").join(map(str, told))
    alt = choose(f"Cost after {at} steps. ", f"{at} 步之後的成本。")
    return chart(lines, choose("step", "步"), choose("cost E", "成本 E"),
                 alt + said)

display(first(21, 0, 1, 2, 20), first(300, 0, 10, 100, 299))

# %% [markdown] tags=["en"]
# Above are the first twenty steps, below all three hundred (the axis of the cost begins at another number). A rate of 2 goes down surely, but slowly: on the flat stretch at ⅛ the network answers ½ to everything. With 8 it leaves
# that stretch much sooner, and smoothly. With 32 the very first step goes *uphill*, and the cost jumps up and down for a while, because the steps are so long that they cross the valley;
# here it recovers, and even arrives before 8; that is luck, and nothing promises it: try 64 (in the fold above, change `rates`, then *Run all above*). With 200 it does not: the first step has driven the output deep into saturation, where $f'$ is almost 0, and there it stays, at ¼, with two of the four answers wholly wrong.

# %% [markdown] tags=["zh"]
# 上圖是開頭的二十步，下圖是全部的三百步（成本軸的起點不同）。學習率 2 穩穩往下走，但很慢：在 ⅛ 那段平坦的地方，網路對什麼輸入都回答 ½。學習率 8 早得多就離開那段平地，一路平穩。
# 學習率 32 的第一步反而往**上坡**走，接著成本忽高忽低，因為步伐太大，一步就跨過了谷底；這裡它後來走了回來，甚至比 8 還早到，但那是運氣，不保證每次都行：試試 64（展開上面的折疊，改 `rates`，再按「從頭執行到這裡」）。
# 學習率 200 就回不來了：第一步就把輸出推到很深的飽和區，那裡的 $f'$ 幾乎是 0，於是停在 ¼ 不動，四個答案有兩個完全錯。

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Update as you go.** If the weights of the last layer are changed before delta is carried through them, the layers below receive the blame
# of another network. The last layer is right, the others are off by a little, more with a larger learning rate. Printed worked examples are wrong this way:
# the cost after one step in M. Mazur's *A Step by Step Backpropagation Example* (2015), and the new weights in a lecture handout of Robert Gordon
# University. So `backprop` changes nothing; it only returns the gradient.
#
# **Stop one layer early**, and the first layer never learns. In code that starts from arrays of zeros its gradient stays
# zero, and training still goes downhill on what the other layers can do. `bp` starts from `None`, so that a forgotten layer cannot pass for a
# gradient of zero.
#
# **Test on one sample and one output.** The mean, the sum for the bias, a flat target: with $N = 1$ and one output they all look right, because nothing is
# left to go wrong. Several of the mistakes that people make in practice cannot be seen on a [2, 3, 1] network with one sample. Test on unequal *and* equal widths,
# several outputs, several samples.
#
# ## Check your own
#
# Have you written a `backprop` of your own? Press *Edit* in the cell below, put your function in the place of `yours`, under that name, keep the last line, and run the cell; or [install `bp`](../index.md#install) and hand it over on your own machine. `check` finds out by itself how your function wants its arrays: samples
# in columns or rows, lists or dictionaries, the sum or the mean. It names the first equation that is wrong and, where it can, the mistake. [Check your own](check.ipynb) tells how, and shows it
# on code with a mistake.

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **邊算邊更新。** 如果在 δ 通過最後一層的權重之前就先改了那些權重，傳到下面各層的責任，就是照另一個網路算的了。最後一層是對的，其他層差一點點，
# 學習率越大差越多。公開的計算範例就有這樣錯的：
# M. Mazur 的 *A Step by Step Backpropagation Example*（2015）裡更新一次之後的成本，還有 Robert Gordon University 一份講義裡更新後的權重。
# 所以 `backprop` 不改任何東西，只傳回梯度。
#
# **少走一層。** 第一層永遠學不到東西。如果程式一開始用零填滿，第一層的梯度就一直是零，而成本靠著其他層照樣會下降。
# `bp` 一開始填的是 `None`，漏掉的那一層就不會被當成梯度為零。
#
# **只用一個樣本、一個輸出來測試。** 平均、偏權值的加總、一維的目標值：$N = 1$ 又只有一個輸出時，這些看起來全都對，因為根本沒有機會出錯。
# 大家實際會犯的錯誤裡，有好幾種在只有一個樣本的 [2, 3, 1] 網路上看不出來。測試時，各層寬度要有不同的**也**要有相同的，輸出要不只一個，樣本也要不只一個。
#
# ## 檢查你自己的程式
#
# 你自己寫了一個 `backprop` 嗎？在下面的儲存格按「編輯」，把 `yours` 整個換成你的函式，名稱仍然叫 `yours`，留下最後一行，再執行；也可以[安裝 `bp`](../index.md#install)，在自己的電腦上檢查。樣本是直行還是橫列、參數放在 list 還是字典、成本是加總還是平均，`check` 會自己認出來；
# 它會指出第一個錯的公式，看得出是哪個錯誤的話，也會說出來。用法見[檢查你自己的程式](check.ipynb)，那裡還有一個真的有錯的例子。

# %%
from bp import backprop, check

def yours(x, y, weights, biases):
    return backprop(x, y, weights, biases)

check(yours)

# %% [markdown] tags=["en"]
# <details markdown="1"><summary>Coming from the source notebook</summary>
#
# Its `backprop(x, y)` (`In [21]`; called in `In [22]`, shown in `In [23]` and `In [24]`) reads the parameters from global variables; here they are arguments. It counts layers from the end, with `l=1` for the last
# and negative indices, beside an $l$ and an $L$ in its formulas: three numberings in one page. Its buffers start as zeros. It calls the way back 後饋網路, "feed-backward network"; the usual word is
# backpropagation, 反向傳播.
#
# </details>
#
# ## Exercises
#
# ### Exercise 1
#
# In `backprop`, could the two gradient lines stand *after* `hidden_delta` in the loop?
#
# <details markdown="1"><summary>Hint</summary>
#
# To which layer does `delta` belong after that line?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# No. By then `delta` is that of the layer below, and its bias gradient would be stored under the wrong layer. With layers of different width the
# shapes would give it away, with equal widths nothing would.
#
# </details>

# %% [markdown] tags=["zh"]
# <details markdown="1"><summary>看過原始筆記本的話</summary>
#
# 它的 `backprop(x, y)`（`In [21]`；在 `In [22]` 呼叫，`In [23]` 和 `In [24]` 印出結果）直接從全域變數讀參數，這裡則是用引數傳進去。它的層從後面數，`l=1` 是最後一層，用負的索引，公式裡又另有 $l$ 和 $L$：
# 同一頁有三種編號。它的陣列一開始用零填滿。它把往回走的這一段叫做「後饋網路」，一般的說法是「反向傳播」。
#
# </details>
#
# ## 練習
#
# ### 練習 1
#
# `backprop` 的迴圈裡，算梯度的那兩行程式可以放到 `hidden_delta` **後面**嗎？
#
# <details markdown="1"><summary>提示</summary>
#
# 執行過那一行之後，`delta` 是哪一層的？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 不行。那時 `delta` 已經是下面一層的了，由它算出的偏權值梯度會存到錯的那一層。各層寬度不同時，形狀會露餡；寬度相同就什麼都看不出來。
#
# </details>

# %% tags=["solution"]
from bp import bias_gradient, hidden_delta
from bp.trace import trace

draw = np.random.default_rng(2).standard_normal
other, x5, y5 = Network([4, 4, 4, 4], seed=1), draw((4, 5)), draw((4, 5))
run = trace(other, x5, y5)
late = hidden_delta(run.w[3], run.delta[3], run.z[2], other.activation)
stored = bias_gradient(late)  # as the gradient of layer 3
ours = other.backprop(x5, y5)[0]
assert stored.shape == ours[2].shape
assert np.allclose(stored, ours[1]) and not np.allclose(stored, ours[2])
stored.T, ours[1].T, ours[2].T

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Count the multiplications in the matrix products, for one sample and the network [784, 30, 10]: forward, and on the way back. How many would it take to push each parameter once, as above, with two forward passes each?
#
# <details markdown="1"><summary>Hint</summary>
#
# A product with an $n \times m$ matrix and a column takes $n \cdot m$ multiplications. How many products with a weight matrix are there on the way back, and how many between a column and a row?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Forward: $30 \cdot 784 + 10 \cdot 30 = 23{,}820$. Back: the two weight gradients, one multiplication for each weight, are 23,820 again; the hidden delta needs $W^2$ only, which is 300. Together 24,120: going back costs hardly more than going forward, because the first layer, by far the largest, needs only one product, and no delta of the input. Pushing each of the 23,860 parameters takes
# $2 \cdot 23{,}860 \cdot 23{,}820$, more than 1.1 billion: about 24,000 times as many as backpropagation's 47,940.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 數一數矩陣乘積裡有幾次乘法：單一樣本，網路是 [784, 30, 10]，前饋要幾次？反向要幾次？如果像上面那樣把參數一個一個加上百萬分之一，每個參數前饋兩次，又要幾次？
#
# <details markdown="1"><summary>提示</summary>
#
# $n \times m$ 的矩陣乘上一個直行，要 $n \cdot m$ 次乘法。反向時，跟權重矩陣相乘的有幾次？直行乘橫列的有幾次？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 前饋：$30 \cdot 784 + 10 \cdot 30 = 23{,}820$。反向：兩個權重梯度，每個權重一次乘法，又是 23,820；隱藏層的 δ 只用到 $W^2$，是 300。合計 24,120，反向只比前饋多一點點，因為最大的第一層只要一個乘積，不必算輸入的 δ。把 23,860 個參數一個一個試，則要
# $2 \cdot 23{,}860 \cdot 23{,}820$ 次，超過 11 億，大約是反向傳播 47,940 次的 24,000 倍。
#
# </details>

# %% tags=["solution"]
digits = Network([784, 30, 10])
forward = sum(w.size for w in digits.weights)
back = forward + sum(w.size for w in digits.weights[1:])
parameters = forward + sum(b.size for b in digits.biases)
pushing = 2 * parameters * forward
assert (forward, back, parameters) == (23820, 24120, 23860)
assert pushing > 1.1e9
assert round(pushing / (forward + back), -3) == 24000
forward, back, pushing

# %% [markdown] tags=["en"]
# ## Where to go from here
#
# You now have the whole algorithm. If this is your first time, go over all its formulas on one page in [lesson 8](08-summary.ipynb), write a `backprop` of your own and [have it checked](check.ipynb),
# and see it learn from real data in [lesson 12](12-batches-and-training.ipynb). The rest can wait until you need it: how to find out whether a gradient is right without knowing a formula for it ([lesson 10](10-checking-gradients.ipynb)),
# what goes wrong in practice ([lesson 11](11-mistakes.ipynb)), ReLU, softmax and other functions ([lesson 13](13-other-activations-and-costs.ipynb)), and why all of this is true for any network ([lesson 9](09-general-proof.ipynb), the hardest).
# For the curious: [the same equations written out](benchmarks.ipynb#the-same-equations-written-out), one line for each number of a small network.

# %% [markdown] tags=["zh"]
# ## 接下來讀什麼
#
# 整個演算法到這裡就齊了。第一次讀的話，建議先到[第 8 課](08-summary.ipynb)把所有公式看一遍，再自己寫一個 `backprop`，[檢查看看](check.ipynb)，然後到[第 12 課](12-batches-and-training.ipynb)看它從真實的資料學習。
# 其餘的等用到再讀：不知道公式時，怎麼確認梯度對不對（[第 10 課](10-checking-gradients.ipynb)）、實際上會錯在哪裡（[第 11 課](11-mistakes.ipynb)）、ReLU、softmax 等其他函數（[第 13 課](13-other-activations-and-costs.ipynb)），以及為什麼對任何網路都成立（[第 9 課](09-general-proof.ipynb)，最難）。
# 有興趣的話，還可以看[同樣的公式逐行寫出來](benchmarks.ipynb#the-same-equations-written-out)是什麼樣子：小網路的每個數字各一行。
