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
# **問題。**如果只能留下一頁，上面該寫什麼？

# %% [markdown] tags=["en"]
# Each statement is a link to its card, where it stands beside its code, its derivation and its evidence. Layers run from 0 (the input) to $L$ (the
# output); statements without an index $s$ are about one sample.
#
# ## Forward
#
# | | |
# |---|---|
# | weighted input | {eq:weighted-input} |
# | activation | {eq:activation} |
# | sigmoid | {eq:sigmoid} |
# | quadratic cost of one sample | {eq:quadratic-cost} |
# | mean cost of $N$ samples | {eq:cost} |
#
# ## Back
#
# | | | |
# |---|---|---|
# | | derivative of the sigmoid | {eq:sigmoid-prime} |
# | | derivative of the quadratic cost | {eq:cost-derivative} |
# | BP1 | output delta | {eq:output-delta} |
# | BP2 | hidden delta | {eq:hidden-delta} |
# | BP3 | bias gradient | {eq:bias-gradient} |
# | BP4 | weight gradient | {eq:weight-gradient} |
#
# The summary of the source notebook has two of these, the weight gradient and the hidden delta. The other two of the four,
# output delta and bias gradient, are in its cells but not in its summary; without them the two cannot start.

# %% [markdown] tags=["zh"]
# 每個公式都連到它的卡片，旁邊就是程式、推導和證據。層的編號從 0（輸入）到 $L$（輸出）；沒有下標 $s$ 的公式講的是單一樣本。
#
# ## 前饋
#
# | | |
# |---|---|
# | 加權輸入 | {eq:weighted-input} |
# | 活化值 | {eq:activation} |
# | sigmoid | {eq:sigmoid} |
# | 單一樣本的二次成本 | {eq:quadratic-cost} |
# | $N$ 個樣本的平均成本 | {eq:cost} |
#
# ## 反向傳播
#
# | | | |
# |---|---|---|
# | | sigmoid 的導數 | {eq:sigmoid-prime} |
# | | 二次成本的偏微分 | {eq:cost-derivative} |
# | BP1 | 輸出層的敏感度 | {eq:output-delta} |
# | BP2 | 隱藏層的敏感度 | {eq:hidden-delta} |
# | BP3 | 偏權值的梯度 | {eq:bias-gradient} |
# | BP4 | 權重的梯度 | {eq:weight-gradient} |
#
# 原始筆記本的「重要公式總整理」只有其中兩個：權重的梯度和隱藏層的敏感度。另外兩個，輸出層的敏感度和偏權值的梯度，雖然在它的程式裡，總整理卻沒寫；
# 少了它們，那兩個公式根本無從開始。

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
       "b^l": [shape(run.b[l]) for l in layers], "z^l, a^l": [shape(run.z[l]) for l in layers],
       r"\delta^l": [shape(run.delta[l]) for l in layers],
       r"\partial E / \partial w^l": [shape(nabla_w[l-1]) for l in layers],
       r"\partial E / \partial b^l": [shape(nabla_b[l-1]) for l in layers]})

# %% [markdown] tags=["en"]
# ## Is it all true?
#
# One command checks everything on this page: that SymPy derives each statement, for any number of layers, any widths and any activation;
# that what is printed is what was derived; and that the code computes what the statement says. This is its answer, from the run that built this
# page. You can have your own with `bp verify`.

# %% [markdown] tags=["zh"]
# ## 這些都是真的嗎？
#
# 一個指令就能檢查這一頁的全部：SymPy 推導得出每個公式，對任意層數、任意寬度、任意活化函數都成立；印出來的就是推導出來的；
# 程式算的就是公式說的。下面是建置這一頁時執行的結果。你也可以自己執行 `bp verify`。

# %%
from bp import verify

report = verify()
print(report)

# %% [markdown] tags=["en"]
# What it does **not** prove: the chain rule itself is taken as an axiom, and that one statement may be applied layer after layer is argued, not
# checked, beyond the six layers that were compared. Floating point rounds; kinks, such as that of ReLU at 0, are not covered; and SymPy and NumPy are
# trusted.
#
# ## Exercise
#
# Which of the statements mention the activation function, and which the cost?
#
# <details markdown="1"><summary>Answer</summary>
#
# The activation function itself appears only on the way forward; its derivative in the two deltas. The cost appears in the output delta alone. So a new
# cost changes one statement of the way back, and a new activation function two.
#
# </details>

# %% [markdown] tags=["zh"]
# 它**沒有**證明的是：鏈鎖律本身當作公理；同一個公式可以一層一層用下去，除了實際比對過的六層以外，是用說理的，不是檢查出來的。
# 浮點數會有捨入誤差；有尖角的函數（例如 ReLU 在 0 的地方）不在範圍內；SymPy 和 NumPy 則是信任它們。
#
# ## 練習
#
# 這些公式裡，哪些提到活化函數？哪些提到成本？
#
# <details markdown="1"><summary>解答</summary>
#
# 活化函數本身只出現在前饋；它的導數出現在兩個 δ 裡。成本只出現在輸出層的敏感度。所以換一個成本只會改反向的一個公式，換一個活化函數則會改兩個。
#
# </details>

# %%
from bp import spec

[equation.id for equation in spec if "f'" in equation.latex]
