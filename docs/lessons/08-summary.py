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
# # 8 · Formula summary
#
# **The question.** If one page had to be kept, what would stand on it?

# %% [markdown] tags=["zh"]
# # 8 · 公式總整理
#
# **問題。** 如果只能留下一頁，上面該寫什麼？

# %% [markdown] tags=["en"]
# Each statement is a link to its card, where it stands beside its code, its derivation and its evidence. Layers run from 0 (the input) to $L$ (the
# output); statements without an index $s$ are about one sample.
#
# ## Forward
#
# | | statement |
# |---|---|
# | weighted input | {eq:weighted-input} |
# | activation | {eq:activation} |
# | sigmoid | {eq:sigmoid} |
# | quadratic cost of one sample | {eq:quadratic-cost} |
# | mean cost of $N$ samples | {eq:cost} |
#
# ## Back
#
# | | | statement |
# |---|---|---|
# | | derivative of the sigmoid | {eq:sigmoid-prime} |
# | | derivative of the quadratic cost | {eq:cost-derivative} |
# | BP1 | output delta | {eq:output-delta} |
# | BP2 | hidden delta | {eq:hidden-delta} |
# | BP3 | bias gradient | {eq:bias-gradient} |
# | BP4 | weight gradient | {eq:weight-gradient} |
#
# All four are needed: without the output delta the recursion has nothing to start from;
# without the bias gradient no bias learns. (The summary of the [source notebook](../notebook.md) has only the weight gradient and the hidden delta.)
#
# BP1 to BP4 are the names that M. Nielsen gives them in *Neural Networks and Deep Learning*, chapter 2. He counts layers from 1, and his BP2 steps from
# $l+1$ to $l$. The [crosswalk](crosswalk.ipynb) puts his letters, and those of others, beside ours.

# %% [markdown] tags=["zh"]
# 每個公式都是連結，點進去就是它的卡片，公式旁邊有程式、推導和證據。層的編號從 0（輸入）到 $L$（輸出）；沒有下標 $s$ 的公式講的是單一樣本。
#
# ## 前饋
#
# | | 公式 |
# |---|---|
# | 加權輸入 | {eq:weighted-input} |
# | 活化值 | {eq:activation} |
# | sigmoid | {eq:sigmoid} |
# | 單一樣本的二次成本 | {eq:quadratic-cost} |
# | $N$ 個樣本的平均成本 | {eq:cost} |
#
# ## 反向傳播
#
# | | | 公式 |
# |---|---|---|
# | | sigmoid 的導數 | {eq:sigmoid-prime} |
# | | 二次成本的偏微分 | {eq:cost-derivative} |
# | BP1 | 輸出層的敏感度 | {eq:output-delta} |
# | BP2 | 隱藏層的敏感度 | {eq:hidden-delta} |
# | BP3 | 偏權值的梯度 | {eq:bias-gradient} |
# | BP4 | 權重的梯度 | {eq:weight-gradient} |
#
# 四個缺一不可：少了輸出層的敏感度，遞迴就無從開始；
# 少了偏權值的梯度，偏權值就學不到東西。（[原始筆記本](../notebook.md)的「重要公式總整理」只有權重的梯度和隱藏層的敏感度。）
#
# BP1 到 BP4 是 M. Nielsen 在 *Neural Networks and Deep Learning* 第 2 章用的名字。他的層從 1 開始數，他的 BP2 是從 $l+1$ 到 $l$。
# 他的符號和其他人的符號，跟我們的怎麼對照，見[對照其他寫法](crosswalk.ipynb)。

# %% [markdown] tags=["en"]
# ## Shapes
#
# Every array of the worked example, layer by layer. A gradient always has the shape of what it is the gradient of, and a delta
# that of its $z$:

# %% [markdown] tags=["zh"]
# ## 形狀
#
# 計算範例裡的每個陣列，一層一層列出來。梯度的形狀永遠跟它所屬的參數相同，δ 的形狀永遠跟它的 $z$ 相同：

# %%
from bp.example import net, x, y
from bp.figures import Table
from bp.trace import trace

run = trace(net, x, y)
nabla_b, nabla_w = net.backprop(x, y)
shape = lambda array: " × ".join(map(str, array.shape))
layers = [1, 2]
Table({"l": layers, "w^l": [shape(run.w[l]) for l in layers],
       "b^l": [shape(run.b[l]) for l in layers],
       "z^l, a^l": [shape(run.z[l]) for l in layers],
       r"\delta^l": [shape(run.delta[l]) for l in layers],
       r"\partial E / \partial w^l": [shape(nabla_w[l-1]) for l in layers],
       r"\partial E / \partial b^l": [shape(nabla_b[l-1]) for l in layers]})

# %% [markdown] tags=["en"]
# ## Is it all true?
#
# One command checks everything on this page: that SymPy derives BP1 to BP4 from the definitions, for any layer, any widths and any
# differentiable activation; that what is printed is what was derived; and that the code computes what the statement says. This is its answer, for this
# version of the code. You can have your own with `bp verify`.

# %% [markdown] tags=["zh"]
# ## 這些都是真的嗎？
#
# 一個指令就能檢查這一頁的全部：SymPy 從定義推導出 BP1 到 BP4，而且對任意一層、任意寬度、任意可微分的活化函數都成立；
# 印出來的就是推導出來的；程式算的就是公式說的。下面是這一版程式的結果。你也可以自己執行 `bp verify`。

# %%
from bp.evidence import recorded
from bp.figures import Evidence

Evidence(recorded())

# %% [markdown] tags=["en"]
# The *definitions* are written once, and nothing can prove a definition. The 42 *diffs* are one set, shared by BP1 to BP4: for networks of 1 to 6 layers,
# SymPy's derivative of the whole cost by every layer's biases and weights, for one sample, any widths, any $f$, and any cost that adds up over
# the outputs, against the four statements together.
#
# What is **not** proved: the chain rule itself is taken as an axiom, and that one statement may be applied layer after layer is argued, not
# checked, beyond those six layers. Floating point rounds; kinks, such as that of ReLU at 0, are not covered; and SymPy and NumPy are
# trusted. [What is not verified](not-verified.ipynb) has the whole list; [Evidence](evidence.ipynb) says what each link does.
#
# ## Exercises
#
# ### Exercise 1
#
# A network [5, 4, 3] sees 10 samples. Without running anything, write down the shapes of $a^0$, $z^1$, $\delta^1$, $\delta^2$ and of the gradients by $b^1$ and $w^2$. In which of them does the 10 stand, and why not in the others?
#
# <details markdown="1"><summary>Hint</summary>
#
# What belongs to a sample, and what do all samples share?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# $a^0$: 5 × 10, $z^1$ and $\delta^1$: 4 × 10, $\delta^2$: 3 × 10. The gradients: 4 × 1 for $b^1$, 3 × 4 for $w^2$. Activations, weighted inputs and deltas belong to samples and have a column for each; parameters are shared by all samples, and a gradient has the
# shape of its parameter: the 10 is gone, since the samples were averaged.
#
# </details>

# %% [markdown] tags=["zh"]
# 標著「定義」的只寫一次，而定義是無法證明的。「42 次微分」是同一組，由 BP1 到 BP4 共用：對 1 到 6 層的網路，把 SymPy 對整個成本微分的結果
# （對每一層的偏權值和權重），跟四個公式合起來的結果比對；條件是單一樣本、任意寬度、任意 $f$，以及任何能寫成各輸出之和的成本函數。
#
# **沒有**證明的有：鏈鎖律本身，這裡當作公理。同一個公式可以一層一層套用下去，超過六層就只靠論證，沒有實際比對。浮點數會有捨入誤差；
# 不可微分的點（例如 ReLU 在 0 的地方）不在範圍內；SymPy 和 NumPy 則假定沒有錯。完整的清單，以及每個環節做了什麼，
# 分別見[沒有驗證的部分](not-verified.ipynb)和[證據](evidence.ipynb)。
#
# ## 練習
#
# ### 練習 1
#
# 網路 [5, 4, 3] 看了 10 個樣本。不要執行程式，寫出 $a^0$、$z^1$、$\delta^1$、$\delta^2$ 的形狀，以及對 $b^1$ 和對 $w^2$ 的梯度的形狀。哪幾個裡面有 10？其他的為什麼沒有？
#
# <details markdown="1"><summary>提示</summary>
#
# 什麼屬於個別樣本？什麼是所有樣本共用的？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# $a^0$ 是 5 × 10，$z^1$ 和 $\delta^1$ 是 4 × 10，$\delta^2$ 是 3 × 10。梯度則是：$b^1$ 的 4 × 1，$w^2$ 的 3 × 4。活化值、加權輸入和 δ 屬於個別樣本，每個樣本占一個直行；參數是所有樣本共用的，而梯度的形狀跟它的參數相同，
# 所以沒有 10：各樣本已經取過平均了。
#
# </details>

# %% tags=["solution"]
import numpy as np
from bp import Network

net = Network([5, 4, 3], seed=1)
inputs, targets = np.ones((5, 10)), np.ones((3, 10))
run, (nabla_b, nabla_w) = (trace(net, inputs, targets),
                           net.backprop(inputs, targets))
arrays = (run.a[0], run.z[1], run.delta[1], run.delta[2],
          nabla_b[0], nabla_w[1])
shapes = [array.shape for array in arrays]
assert shapes == [(5, 10), (4, 10), (4, 10), (3, 10), (4, 1), (3, 4)]
shapes

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# You replace the sigmoid by another activation, or the quadratic cost by another cost. Which statements on this page change?
#
# <details markdown="1"><summary>Hint</summary>
#
# Look for the statements in which σ stands, or output minus target.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# For a new activation: its formula and its derivative, two rows. For a new cost: its formula and its derivative, and the special cases that spell it
# out. BP1 to BP4 stay as they are: they say only $f'$ and $\partial E / \partial a$. Seven statements name neither the sigmoid nor the quadratic cost; the cell lists them.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 把 sigmoid 換成別的活化函數，或把二次成本換成別的成本函數，這一頁有哪些公式會改變？
#
# <details markdown="1"><summary>提示</summary>
#
# 找找看，哪些公式裡有 σ，或是有輸出減目標值。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 換活化函數：它的公式和導數，共兩個。換成本函數：它的公式和偏微分，還有把它代進去的特例。BP1 到 BP4 都不變，因為裡面只有
# $f'$ 和 $\partial E / \partial a$。沒有指名 sigmoid 或二次成本的公式有七個，儲存格列出的就是它們。
#
# </details>

# %% tags=["solution"]
from bp import spec

tied = ("sigmoid", "quadratic", "cost-derivative")
free = [equation.id for equation in spec
        if equation.seed_cell and not equation.id.startswith(tied)]
assert len(free) == 7
assert {spec[id].alias for id in free} >= {"BP1", "BP2", "BP3", "BP4"}
free

# %% [markdown] tags=["en"]
# ## What next
#
# That is all you need to write it yourself. Next come [checking your own code](check.ipynb), [gradient checks](10-checking-gradients.ipynb) that need no formula, [training on digits](12-batches-and-training.ipynb), [several classes](13-other-activations-and-costs.ipynb#several-classes-softmax), or
# [the proof](09-general-proof.ipynb), whichever you want first.

# %% [markdown] tags=["zh"]
# ## 接下來
#
# 要自己寫出反向傳播，需要的就是這些。接下來可以[檢查自己寫的程式](check.ipynb)、看不靠公式的[梯度檢查](10-checking-gradients.ipynb)、[訓練網路認數字](12-batches-and-training.ipynb)、看[怎麼分成好幾類](13-other-activations-and-costs.ipynb#several-classes-softmax)，
# 或是讀[一般的證明](09-general-proof.ipynb)，順序隨你。
