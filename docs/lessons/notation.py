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
# # Notation
#
# One table for every letter of this book. The formulas are printed with these letters, the cards link them to these names in the
# code, and this page shows the table itself.

# %% [markdown] tags=["zh"]
# # 符號
#
# 全書的符號都在這一張表裡。公式用這些符號印出，卡片把它們連到程式中的名稱，這一頁則把表直接列出來。

# %%
from bp.figures import Glossary

Glossary()

# %% [markdown] tags=["en"]
# ## How to read an index
#
# - **Layers** run from 0 to $L$. Layer 0 is the input, $a^0 = x$; layer $L$ is the output. On a letter of the network
#   ($w$, $b$, $z$, $a$, $\delta$) a superscript is a layer. A power stands only on a bracket, a number or $e$.
# - **Units** are counted from 1. In $w_{jk}^l$ the first index is the unit *to* which the weight leads, $j$ of layer $l$; the second the unit
#   *from* which, $k$ of layer $l-1$. So $j$ is a row of the matrix and $k$ a column.
# - **Samples** are columns. $z_{js}^l$ is the weighted input of unit $j$ for sample $s$. Where $z$, $a$, $\delta$ or $y$ has no
#   $s$, one sample is meant; $w$ and $b$ never have one, since all samples share them.
# - **$E$** is the mean of the samples' costs, and $E_s$ the cost of sample $s$. With one sample they are the same.
# - **$W^l$** is the matrix of all $w_{jk}^l$, `weights[l-1]`; $W^{\mathrm T}$, in code `.T`, has its rows and columns exchanged.
# - **$\odot$** is the product entry by entry of two arrays of the same shape, `*` in the code.
# - **$[i=j]$** is 1 when $i$ is $j$, and 0 otherwise.
# - **$f'$** is the derivative of $f$, and $\partial E / \partial w$ the partial derivative of $E$ by $w$: how fast $E$ changes when $w$ alone moves.
# - **$\log$** is the natural logarithm, `np.log` in the code.
#
# ## Mathematics and Python
#
# | in the statements | in the code | why |
# |---|---|---|
# | $w^l$, $b^l$, $z^l$ of layer $l$ | `weights[l-1]`, `biases[l-1]`, `zs[l-1]` | layer 0 has none; lists count from 0 |
# | $a^l$ of layer $l$ | `activations[l]` | layer 0 has one, the input |
# | unit $j$, sample $s$ | row `j-1`, column `s-1` | arrays count from 0 |
# | a sum over $k$ of $w_{jk} a_k$ | `weight @ a` | adds along the rows of `weight` |
# | a sum over $j$ of $\delta_j w_{jk}$ | `weight.T @ delta` | adds along its columns |
# | $\delta_j a_k$: two units, no sum | `np.dot(delta, a.T)` | column times row: every pair |
# | the same unit twice, as in $\delta_j = \dots f'(z_j)$ | `*` | entry by entry |
#
# Other books choose otherwise; the [crosswalk](crosswalk.ipynb) translates.
#
# The same arrays as Python sees them:

# %% [markdown] tags=["zh"]
# ## 怎麼讀下標
#
# - **層**從 0 到 $L$。第 0 層是輸入，$a^0 = x$；第 $L$ 層是輸出。網路的符號（$w$、$b$、$z$、$a$、$\delta$）的上標是層的編號；
#   只有括號、數字和 $e$ 的上標才是次方。
# - **神經元**從 1 開始數。$w_{jk}^l$ 的第一個下標是權重**連到**的神經元，也就是第 $l$ 層的 $j$；第二個是權重**來自**的神經元，
#   也就是第 $l-1$ 層的 $k$。所以 $j$ 對應矩陣的橫列，$k$ 對應直行。
# - **樣本**各占一個直行。$z_{js}^l$ 是神經元 $j$ 對樣本 $s$ 的加權輸入。$z$、$a$、$\delta$、$y$ 沒有寫 $s$ 的時候，指的是單一樣本；
#   $w$ 和 $b$ 從來沒有 $s$，因為所有樣本共用。
# - **$E$** 是各樣本成本的平均，$E_s$ 是樣本 $s$ 的成本。只有一個樣本時，兩者相同。
# - **$W^l$** 是所有 $w_{jk}^l$ 排成的矩陣，也就是 `weights[l-1]`；$W^{\mathrm T}$（程式裡的 `.T`）是橫列與直行互換。
# - **$\odot$** 是逐元素相乘：兩個形狀相同的陣列，同一個位置的元素相乘，程式裡是 `*`。
# - **$[i=j]$** 在 $i$ 等於 $j$ 時為 1，否則為 0。
# - **$f'$** 是 $f$ 的導數；$\partial E / \partial w$ 是 $E$ 對 $w$ 的偏微分，也就是只動 $w$ 的時候，$E$ 變化多快。
# - **$\log$** 是自然對數，程式裡是 `np.log`。
#
# ## 數學與 Python
#
# | 公式裡 | 程式裡 | 原因 |
# |---|---|---|
# | 第 $l$ 層的 $w^l$、$b^l$、$z^l$ | `weights[l-1]`、`biases[l-1]`、`zs[l-1]` | 第 0 層沒有；list 從 0 開始數 |
# | 第 $l$ 層的 $a^l$ | `activations[l]` | 第 0 層有，就是輸入 |
# | 神經元 $j$、樣本 $s$ | 橫列 `j-1`、直行 `s-1` | 陣列從 0 開始數 |
# | $w_{jk} a_k$ 對 $k$ 加總 | `weight @ a` | 沿著 `weight` 的橫列加總 |
# | $\delta_j w_{jk}$ 對 $j$ 加總 | `weight.T @ delta` | 沿著它的直行加總 |
# | $\delta_j a_k$：兩個神經元，沒有加總 | `np.dot(delta, a.T)` | 直行乘橫列：每一對都有 |
# | 同一個神經元出現兩次，如 $\delta_j = \dots f'(z_j)$ | `*` | 逐元素相乘 |
#
# 別的書有別的寫法，換算見[對照其他寫法](crosswalk.ipynb)。
#
# 同樣的陣列，Python 看到的是：

# %%
from bp.example import net, x

zs, activations = net.feedforward(x)
{name: [array.shape for array in arrays] for name, arrays in (
    ("weights", net.weights), ("biases", net.biases),
    ("zs", zs), ("activations", activations))}
