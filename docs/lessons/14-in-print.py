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
# # 14 · Numbers in print, rechecked
#
# **The question.** Worked examples of backpropagation stand in books, handouts and posts, with every number written out. Are the numbers right?

# %% [markdown] tags=["zh"]
# # 14 · 印出來的數字，重新驗算
#
# **問題。** 書、講義和網路文章裡有不少反向傳播的計算範例，每個數字都寫了出來。那些數字對嗎？

# %% [markdown] tags=["en"]
# Each example below is data: the network, the sample, the learning rate η, and what the source prints, to the digits it prints. The same functions that the lessons show compute it again. A number is *right* if it agrees to within one unit of its last printed
# digit. A tilde marks what there is after one step of learning: $\tilde{w} = w - \eta\, \partial E/\partial w$.
#
# A number that is *wrong* is more interesting, since a wrong number was made by a definite mistake. Where one of the [catalogue](11-mistakes.ipynb) gives the printed digits, it is named.

# %% [markdown] tags=["zh"]
# 下面每個範例都是資料：網路、樣本、學習率 η，以及來源印出的數字，印幾位就是幾位。再用課程裡的同一批函式重新計算。算出的值跟印出的數字相比，最後一位相差不超過 1，就算**正確**。
# 波浪號表示學習一步之後的值：$\tilde{w} = w - \eta\, \partial E/\partial w$。
#
# **錯**的數字更有意思，因為錯的數字一定是某個具體的錯誤造成的。如果[錯誤清單](11-mistakes.ipynb)裡有哪個錯誤剛好算得出印出的那幾位數，就註明是哪一個。

# %% [markdown] tags=["en"]
# ## Han, Kamber and Pei: *Data Mining*
#
# The example of section 9.2: three inputs, two hidden units, one output, $\eta = 0.9$, and the biases learn too. The book prints the error terms with the opposite sign, so they stand here as $-\delta$. Everything is right.

# %% [markdown] tags=["zh"]
# ## Han、Kamber、Pei：《Data Mining》
#
# 9.2 節的範例：三個輸入、兩個隱藏神經元、一個輸出，$\eta = 0.9$，偏權值也跟著學習。書上的誤差項正負號相反，所以這裡寫成 $-\delta$。全部正確。

# %%
from bp.figures import Published

Published("han-kamber-3-2-1")

# %% [markdown] tags=["en"]
# ## Matt Mazur: *A Step by Step Backpropagation Example*
#
# Probably the example that most people have worked through: two inputs, two hidden units, two outputs, $\eta = 0.5$, and biases that don't learn. The gradients and the new weights are right, to nine digits. The last number, the cost after the step, is not.

# %% [markdown] tags=["zh"]
# ## Matt Mazur：〈A Step by Step Backpropagation Example〉
#
# 大概是最多人跟著算過的範例：兩個輸入、兩個隱藏神經元、兩個輸出，$\eta = 0.5$，偏權值不學習。梯度和新的權重都正確，準到九位數。最後一個數字，也就是學習一步之後的成本，卻不對。

# %%
Published("mazur-2-2-2")

# %% [markdown] tags=["en"]
# The printed cost is what one gets with the *updated* output weights in the hidden delta. So the text does it right, and the number in its last line seems to come from a program that does it wrong. The two costs differ in the seventh digit, too little for
# anybody to notice.
#
# ## A lecture handout of Robert Gordon University
#
# *The Back Propagation Algorithm*, worked example 3.1: two inputs, two hidden units, one output, no biases, $\eta = 1$. Here the new weights of the hidden layer are wrong in print, for the same reason, and by much more.

# %% [markdown] tags=["zh"]
# 印出的成本，正是在隱藏層的敏感度裡用了**更新過**的輸出層權重會得到的數。所以內文的做法是對的，最後一行的數字卻像是出自一支做錯的程式。兩個成本要到第七位才有差別，
# 小到沒有人會發現。
#
# ## Robert Gordon University 的講義
#
# 〈The Back Propagation Algorithm〉的計算範例 3.1：兩個輸入、兩個隱藏神經元、一個輸出，沒有偏權值，$\eta = 1$。這裡印錯的是隱藏層的新權重，原因相同，差距大得多。

# %%
Published("rgu-2-2-1")

# %% [markdown] tags=["en"]
# The two output weights are off in the last digits for a harmless reason: rounding on the way. With the output rounded to 0.69, δ to four decimals and the hidden activations to 0.68 and 0.6637, they come out digit by digit:

# %% [markdown] tags=["zh"]
# 兩個輸出層權重只差在最後幾位，原因無害：計算途中捨入了。把輸出捨入成 0.69、δ 捨入到小數四位、隱藏層的活化值捨入成 0.68 和 0.6637，就會得到印出的每一位數：

# %%
import numpy as np

from bp import Network

handout = Network([2, 2, 1])
handout.weights = [np.array([[0.1, 0.8], [0.4, 0.6]]),
                   np.array([[0.3, 0.9]])]
handout.biases = [np.zeros((2, 1)), np.zeros((1, 1))]
_, (x, hidden, output) = handout.feedforward([0.35, 0.9])
output = output.round(2).item()
delta = round((output - 0.5) * output * (1 - output), 4)
delta, 0.3 - delta * hidden[0].round(2), 0.9 - delta * hidden[1].round(4)

# %% [markdown] tags=["en"]
# ## What to learn from it
#
# Both mistakes are the *same*: the weights were updated before the blame had been carried back through them. It is the easiest one to make when computing by hand, layer by layer, and the hardest to see: the last layer is right, the others are nearly right, and the network learns all the same. Compute **every** gradient
# first, and only then change anything. `backprop` can't get this wrong, as it changes nothing.
#
# ## Exercises
#
# ### Exercise 1
#
# Han, Kamber and Pei print the error of a unit as *target minus output* times the slope, and *add* the learning rate times error times activation to each weight. We print output minus target, and subtract. Who is right?
#
# <details markdown="1"><summary>Hint</summary>
#
# Compare the new weights, not the errors.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Both. Their error is $-\delta$, and adding η times $-\delta a$ is subtracting η times $\delta a$. Two signs have changed, and the new weights are the same. A mistake it is only if one of the two is changed alone: then learning walks uphill.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 從中學到什麼
#
# 兩個錯誤其實是**同一個**：責任還沒沿著權重傳回去，權重就先更新了。用手一層一層算的時候最容易犯，也最難發現：最後一層正確，其他層差不多正確，網路照樣學得起來。
# 要先算完**所有**梯度，再去改任何東西。`backprop` 不會犯這個錯，因為它什麼都不改。
#
# ## 練習
#
# ### 練習 1
#
# Han、Kamber、Pei 把神經元的誤差印成**目標值減輸出**再乘斜率，更新時把學習率乘誤差乘活化值**加**到權重上。我們是輸出減目標值，更新時用減的。誰對？
#
# <details markdown="1"><summary>提示</summary>
#
# 不要比誤差，比更新後的權重。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 都對。他們的誤差是 $-\delta$，而加上 η 乘 $-\delta a$，就是減去 η 乘 $\delta a$。正負號換了兩次，更新後的權重相同。只換其中一個才是錯，那樣學習就會往上坡走。
#
# </details>

# %% tags=["solution"]
rate, target = 0.9, 0.5
exact = handout.feedforward([0.35, 0.9])[1]
error = (target - exact[2]) * exact[2] * (1 - exact[2])
theirs = handout.weights[1] + rate * error @ exact[1].T
gradient = handout.backprop([0.35, 0.9], [target])[1][1]
ours = handout.weights[1] - rate * gradient
assert np.allclose(theirs, ours, rtol=1e-14)
theirs, ours

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# You learn with a rate of $\eta = 0.001$ in place of 1. Is the mistake of this lesson now harmless, and could a check of the gradients still see it?
#
# <details markdown="1"><summary>Hint</summary>
#
# By how much does an updated weight differ from the old one?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The updated weights differ from the old ones by η times a gradient, so the error shrinks with η; for learning it hardly matters. A careful check sees it all the same: a complex step is exact to $10^{-16}$. A check that accepts a thousandth doesn't. The cell shows the relative error of the first layer's gradients for some η.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 如果學習率不是 1，而是 $\eta = 0.001$，這一課的錯誤就無害了嗎？檢查梯度還看得出來嗎？
#
# <details markdown="1"><summary>提示</summary>
#
# 更新過的權重跟原本的差多少？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 更新過的權重跟原本的差了 η 乘上梯度，所以誤差隨 η 變小，對學習幾乎沒有影響。但仔細的檢查還是看得出來：複數步微分準到 $10^{-16}$。容許千分之一的檢查就看不出來了。
# 儲存格列出幾個 η 之下，第一層梯度的相對誤差。
#
# </details>

# %% tags=["solution"]
from bp.evidence.mistakes import MISTAKES, plant
from bp.figures import Table
from bp.glossary import choose

sample = [0.35, 0.9], [0.5], handout.weights, handout.biases
right = handout.backprop(*sample[:2])[1][0]
rates = [1, 0.1, 0.01, 0.001]
early = [plant(MISTAKES["updated-weights"], rate=rate) for rate in rates]
wrong = [algorithm.backprop(*sample)[1][0] for algorithm in early]
norm = np.linalg.norm
error = [norm(w - right) / norm(right) for w in wrong]
assert 1e-12 < error[-1] < 1e-3
assert np.allclose(error[1:], np.array(error[:-1]) / 10)
Table({r"\eta": rates, choose(r"\text{error}", r"\text{誤差}"): error})
