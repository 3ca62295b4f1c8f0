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
# # 11 · Mistakes
#
# **The question.** How do people get backpropagation wrong, and who notices?

# %% [markdown] tags=["zh"]
# # 11 · 常見的錯誤
#
# **問題。** 大家寫反向傳播時會錯在哪裡？誰看得出來？

# %% [markdown] tags=["en"]
# Each mistake below is *one line of the shipped code, changed*: the line as it is, then as people write it. Nothing else differs. Planted like
# this, each was run on five networks and put before four checks:
#
# - **bridged** compares every number with what the derived statements give;
# - **executed** computes modulo a large prime, where the slope of the cost is exact ([Evidence](evidence.ipynb) says how);
# - **complex step** moves each array by a tiny imaginary amount in one random direction, and reads the slope off the imaginary part of the cost;
# - **usual check** is the common one: central differences with a step of 0.000001, accepted when the difference is below 0.00001 plus a thousandth ([lesson 10](10-checking-gradients.ipynb) shows what it lets through).
#
# A check *sees* a mistake, or the code *stops* by itself, or the check is *blind*: the gradient is right there by accident.
#
# For each you find the wrong formula, the changed line, and what the gradients look like that come back: array by array right, wrong, zero, of another shape, or right but for a constant factor. A network with layers of unequal widths shows one
# side of a mistake, one with equal widths the other, so there is a row for each.

# %% [markdown] tags=["zh"]
# 下面每個錯誤，都只是把**實際使用的程式改掉一行**：先列出原本那一行，再列出大家會寫成的樣子，其他完全不動。這樣埋進去之後，
# 每個錯誤都在五個網路上執行，並交給四種檢查：
#
# - **對照**：每個數字都跟推導出的公式算出來的比對；
# - **執行**：用整數計算（對一個大質數取餘數），成本的斜率是精確的（做法見[證據](evidence.ipynb)）；
# - **複數步微分**：把每個陣列沿一個隨機方向移動極小的虛數量，再從成本的虛部讀出斜率；
# - **一般的檢查**：大家常用的中央差分，步長 0.000001，差距不超過 0.00001 加上數值的千分之一就算通過（它會放過什麼，見[第 10 課](10-checking-gradients.ipynb)）。
#
# 結果有三種：檢查**看得出來**；程式自己**報錯**；或者檢查**看不出來**，因為在那個網路上梯度碰巧是對的。
#
# 每個錯誤都列出錯的公式、改掉的那一行，以及傳回的梯度是什麼樣子：每個陣列是正確、錯誤、全為零、形狀不同，還是只差一個常數倍。同一個錯誤，在各層寬度不同的網路上是一個樣子，
# 在寬度相同的網路上又是另一個樣子，所以各有一列。

# %%
from bp.evidence.refuted import table
from bp.figures import Catalogue

Catalogue(table())

# %% [markdown] tags=["en"]
# ## Which network sees what
#
# How many of the mistakes is each check blind to, network by network? With one sample and one output it is a quarter of them. With unequal widths, several
# outputs and several samples it is none.

# %% [markdown] tags=["zh"]
# ## 哪個網路看得出什麼
#
# 每種檢查在每個網路上各有幾個錯誤看不出來？只有一個樣本、一個輸出時，有四分之一；各層寬度不同、輸出和樣本都不只一個時，一個也沒有。

# %%
from bp.evidence.refuted import CHECKS
from bp.figures import Table
from bp.figures.evidence import check_name
from bp.glossary import choose

networks = list(table()["sign"])
blind = {check: [sum(rows[network][check] == "blind" for rows in table().values())
                 for network in networks] for check in CHECKS}
Table({choose(r"\text{network}", r"\text{網路}"): networks,
       **{rf"\text{{{check_name(check)}}}": counts
          for check, counts in blind.items()}})

# %% [markdown] tags=["en"]
# ## Told from the gradients alone
#
# If you have only the numbers that some code returned, look in this order: the **shapes**; a **constant ratio** to the right gradient in every layer (−1: a
# sign; 2: a factor; $N$ or $1/N$: the mean; $1/n_L$: a mean over outputs); **last layer right, earlier wrong** (the hidden delta). A network whose layers are all
# equally wide lets nearly every mistake run without a word, so it tells them apart best; one whose layers differ stops the transposes at once. Use both.
#
# `bp.check` does exactly this, on six networks, with code of your own: [Check your own](check.ipynb).
#
# ## Exercises
#
# ### Exercise 1
#
# Some code is tried on a [3, 4, 2] network. With 5 samples all its gradients are 2.5 times ours; with one sample they are half of ours; with two samples they agree to the last digit. Which single expression did its author probably write?
#
# <details markdown="1"><summary>Hint</summary>
#
# Write the three ratios as fractions with the same denominator. Where do you see that number in [3, 4, 2]?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The ratios are $\tfrac52$, $\tfrac12$, $\tfrac22$: the number of samples divided by 2. So the sum over the samples was divided by 2 in place of $N$, and 2 is the number of outputs. Somebody wrote `len(y)` for the number of samples, which counts the *rows* of `y`;
# here the samples are its columns. Code that was copied from a book whose samples are rows does this ([crosswalk](crosswalk.ipynb)).
#
# </details>

# %% [markdown] tags=["zh"]
# ## 只看梯度怎麼判斷
#
# 如果手上只有某段程式傳回的數字，按這個順序看：先看**形狀**；再看每一層跟正確梯度的**比值是不是常數**（−1 是正負號，2 是多乘了 2，$N$ 或 $1/N$ 是平均，
# $1/n_L$ 是對輸出取了平均）；再看是不是**最後一層正確、前面錯**（隱藏層的敏感度）。在各層一樣寬的網路上，幾乎所有錯誤都照跑不誤、不會報錯，所以最能從數字分辨是哪一個；
# 寬度不同的網路則會讓轉置的錯誤立刻報錯。兩種都要用。
#
# `bp.check` 做的正是這件事：拿你自己的程式，在六個網路上照這個順序看，見[檢查你自己的程式](check.ipynb)。
#
# ## 練習
#
# ### 練習 1
#
# 某段程式在 [3, 4, 2] 網路上測試。5 個樣本時，所有梯度都是我們的 2.5 倍；1 個樣本時是我們的一半；2 個樣本時，連最後一位都相同。作者很可能寫了哪個式子？
#
# <details markdown="1"><summary>提示</summary>
#
# 把三個比值寫成分母相同的分數。這個分母在 [3, 4, 2] 裡是什麼？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 比值是 $\tfrac52$、$\tfrac12$、$\tfrac22$，也就是樣本數除以 2。所以各樣本加總之後除以的是 2，不是 $N$，而 2 是輸出的個數。有人拿 `len(y)` 當樣本數，但它數的是 `y` 有幾個**橫列**，而這裡的樣本是直行。
# 程式如果抄自樣本是橫列的書，就會這樣（見[對照其他寫法](crosswalk.ipynb)）。
#
# </details>

# %% tags=["solution"]
import numpy as np
from bp import Network
from bp.trace import trace

suspect, ratios = Network([3, 4, 2], seed=1), []
for N in (5, 1, 2):
    x, y = np.ones((3, N)), np.zeros((2, N))
    run = trace(suspect, x, y)
    theirs = run.delta[1] @ run.a[0].T / len(y)
    ratios.append((theirs / suspect.backprop(x, y)[1][0]).mean())
assert np.allclose(ratios, [2.5, 0.5, 1])
ratios

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# A student's code returns weight gradients that are all right, and bias gradients of which only the last layer's are right. Which function do you open first?
#
# <details markdown="1"><summary>Hint</summary>
#
# What do the two gradients of a layer share, and what do they not?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Both are made of the same δ, so if the weight gradients are right, every δ is. The mistake is in what turns δ into a bias gradient, and only below the last layer: in the loop, where the bias gradient is taken for the other layers (a name with the
# wrong index, say). It can't be in `hidden_delta`. The cell lists the planted mistakes that leave every weight gradient right, on the network of unequal widths: all of them are about biases.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 某個學生的程式傳回的權重梯度全都正確，偏權值梯度卻只有最後一層正確。你會先打開哪個函式？
#
# <details markdown="1"><summary>提示</summary>
#
# 同一層的兩種梯度有什麼共同的來源？又有什麼不同？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 兩種梯度都由同一個 δ 得到，所以權重梯度既然正確，每一層的 δ 就都正確。錯在把 δ 變成偏權值梯度的地方，而且只在最後一層以下：也就是迴圈裡替其他層計算偏權值梯度的那一行
# （例如下標寫錯），不可能在 `hidden_delta`。儲存格列出埋入的錯誤中，在寬度不同的網路上權重梯度全都正確的那些：全都跟偏權值有關。
#
# </details>

# %% tags=["solution"]
from bp.evidence.mistakes import MISTAKES, plant
from bp.evidence.signature import FIXTURES, Mark, signature

def leaves_weights_right(mistake):
    marks = signature(FIXTURES[0], plant(mistake))
    return isinstance(marks, dict) and all(
        mark == Mark("right") for name, mark in marks.items()
        if name.startswith("nabla_w"))

found = [id for id in MISTAKES if leaves_weights_right(MISTAKES[id])]
assert found and all("bias" in id for id in found)
found

# %% [markdown] tags=["en"]
# ## What next
#
# Mistakes that only a batch shows are planted once more in [lesson 12](12-batches-and-training.ipynb), where a network learns to read digits.

# %% [markdown] tags=["zh"]
# ## 接下來
#
# 只有批次才看得出來的錯誤，[第 12 課](12-batches-and-training.ipynb)會再埋一次；在那一課，網路要學會認數字。
