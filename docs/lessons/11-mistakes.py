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
# - **usual check** is the common one: central differences with a step of 0.000001, accepted when the difference is below 0.00001 or a thousandth.
#
# A check *sees* a mistake, or the code *stops* by itself, or the check is *blind*: the gradient is right there by accident.

# %% [markdown] tags=["zh"]
# 下面每個錯誤，都只是把**實際使用的程式改掉一行**：先列出原本那一行，再列出大家會寫成的樣子，其他完全不動。這樣埋進去之後，
# 每個錯誤都在五個網路上執行，並交給四種檢查：
#
# - **bridged**：每個數字都跟推導出的公式算出來的比對；
# - **executed**：在模一個大質數之下計算，成本的斜率是精確的（做法見[證據](evidence.ipynb)）；
# - **complex step**（複數步微分）：把每個陣列沿一個隨機方向移動極小的虛數量，再從成本的虛部讀出斜率；
# - **usual check**：一般常用的檢查，中央差分，步長 0.000001，差距小於 0.00001 或千分之一就算通過。
#
# 結果有三種：檢查**看得出來**；程式自己**報錯**；或者檢查**看不出來**，因為在那個網路上梯度碰巧是對的。

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
from bp.figures import Table

checks = ["bridged", "executed", "complex step", "usual check"]
networks = list(table()["sign"])
blind = {check: [sum(rows[network][check] == "blind" for rows in table().values())
                 for network in networks] for check in checks}
Table({r"\text{network}": networks,
       **{rf"\text{{{check}}}": counts for check, counts in blind.items()}})

# %% [markdown] tags=["en"]
# ## Told from the gradients alone
#
# If you have only the numbers that some code returned, look in this order: the **shapes**; a **constant ratio** to the right gradient in every layer (−1: a
# sign; 2: a factor; $N$ or $1/N$: the mean; $1/n_L$: a mean over outputs); **last layer right, earlier wrong** (the hidden delta). A network whose layers are all
# equally wide lets nearly every mistake run without a word, so it tells them apart best; one whose layers differ stops the transposes at once. Use both.
#
# ## Exercise
#
# The usual check accepts a gradient when it is off by less than 0.00001. On which kind of network does that accept nonsense?
#
# <details markdown="1"><summary>Answer</summary>
#
# On one whose gradients are that small: a deep network of sigmoids, or a saturated one. In eight layers of ten units, the gradient of the first layer is smaller than
# the tolerance, so *zero* is accepted. The cell below lets the usual check pass such zeros, and shows a complex step refusing them.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 只看梯度怎麼判斷
#
# 如果手上只有別人程式算出的數字，按這個順序看：先看**形狀**；再看每一層跟正確梯度的**比值是不是常數**（−1 是正負號，2 是多了因數，$N$ 或 $1/N$ 是平均，
# $1/n_L$ 是對輸出取了平均）；再看是不是**最後一層正確、前面錯**（隱藏層的敏感度）。各層一樣寬的網路幾乎讓所有錯誤都跑得過去，所以最能分辨是哪一個；
# 寬度不同的網路則會讓轉置的錯誤立刻報錯。兩種都要用。
#
# ## 練習
#
# 一般的檢查在差距小於 0.00001 時就算通過。這在哪一種網路上會讓胡說八道的梯度也過關？
#
# <details markdown="1"><summary>解答</summary>
#
# 梯度本來就那麼小的網路：很深的 sigmoid 網路，或是飽和的網路。每層十個神經元、共八層時，第一層的梯度比容許的差距還小，所以填**零**也會通過。
# 下面的儲存格讓一般的檢查放行這種零，再讓複數步微分把它擋下來。
#
# </details>

# %%
from textwrap import fill

from bp.evidence.floats import complex_steps
from bp.evidence.mistakes import SHIPPED, Algorithm
from bp.evidence.outcome import LinkError
from bp.evidence.fixtures import Fixture
from bp.evidence.refuted import usual_check

def zeros_below(*arguments):
    nabla_b, nabla_w = SHIPPED.backprop(*arguments)
    return [0 * nabla_b[0], *nabla_b[1:]], [0 * nabla_w[0], *nabla_w[1:]]

deep, wrong = Fixture((10,) * 9, 1), Algorithm(SHIPPED.feedforward, zeros_below)
usual_check(deep, wrong)
try:
    complex_steps(deep, wrong)
except LinkError as error:
    print(fill(str(error), 72))
