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
# # Evidence
#
# What was checked, link by link, for this version of the code. `bp verify` prints the same on your machine; `bp verify --seed 7` draws other parameters and samples.

# %% [markdown] tags=["zh"]
# # 證據
#
# 這一版程式檢查了什麼，一個環節一個環節列出來。在你的電腦上執行 `bp verify` 會印出同樣的結果；`bp verify --seed 7` 則會重新抽一批參數和樣本，網路的大小不變。

# %%
from bp.evidence import recorded
from bp.figures import Evidence

Evidence(recorded())

# %% [markdown] tags=["en"]
# ## The links
#
# 1. **Derived.** SymPy derives the statement from the definitions; every step comes to the same result. For BP1 to BP4 there is a second opinion: SymPy
#    differentiates the whole cost of networks of one to six layers, and the four statements together must give the same ("diffs", one set for all four).
# 2. **Printed.** The LaTeX is printed from the derived object, and read back by a reader that shares no code with the printer.
# 3. **Bridged.** The statement computes whole networks entry by entry in plain Python. The shipped functions must return the same.
# 4. **Executed.** The shipped functions run, unmodified, on arrays of SymPy symbols with an activation of which nothing is known. Their results must equal
#    the statements as expressions, and `backprop` what SymPy gets by differentiating the composed cost, with no chain rule of ours. Larger networks run on whole
#    numbers modulo the prime $2^{61}-1$, each carrying a slope: the slope of the cost must be the gradient. A wrong gradient that is a polynomial of no higher degree passes such a check with a probability
#    below the degree of that slope divided by the prime less one (the lemma of Schwartz and Zippel); the bound is printed above.
#    Activations, softmax and costs, which compute powers of e and may branch, run on symbols that stand at points: every case of the statement is met, and the result must be the same function.
#    So must the derivative of an activation in terms of its own value $a$, where it has one, with which a network is trained.
# 5. **Refuted.** Every mistake of the [catalogue](11-mistakes.ipynb) is planted in the code and must be rejected. The table of who sees what is itself checked.
#
# Beside them: **floats**, the same code on 50-digit numbers and on long doubles where the machine has them, and complex steps with one random direction *for each array*
# ([lesson 10](10-checking-gradients.ipynb) says why); and **published**, [worked examples that others printed](14-in-print.ipynb), recomputed to their last digit, the wrong ones out of the mistake that explains them.
#
# All of this has limits: [what is not verified](not-verified.ipynb).
#
# ## When a check fails
#
# A failure names the equation, the link, the array and entry, the value of the code and the reference; and then the same on the smallest network that shows it. Here `hidden_delta` has lost its $f'$, in this page only:

# %% [markdown] tags=["zh"]
# ## 各個環節
#
# 1. **推導（derived）**：SymPy 從定義推導出公式，每一步都得到相同的結果。BP1 到 BP4 還用另一種方法驗證：SymPy 直接對一到六層整個網路的成本微分，
#    四個公式合起來必須得到相同的結果（表中的「次微分」，四個公式共用一組）。
# 2. **印出（printed）**：LaTeX 由推導出的物件印出，再由另一段沒有共用程式碼的程式讀回來。
# 3. **對照（bridged）**：公式用一般的 Python 逐元素算出整個網路，實際使用的函式必須算出一樣的結果。
# 4. **執行（executed）**：實際使用的函式一行不改，直接在 SymPy 符號的陣列上執行，活化函數則完全不指定。結果必須跟公式是同一個式子，`backprop` 則必須等於
#    SymPy 對整個成本微分的結果，不用我們的鏈鎖律。比較大的網路改用模質數 $2^{61}-1$ 的整數，每個數帶著一個斜率：成本的斜率必須就是梯度。
#    如果錯誤的梯度也是多項式，而且次數不高於正確的梯度，它通過一次檢查的機率，就低於成本斜率的次數除以（質數減 1）（Schwartz–Zippel 引理）；這個上限列在上面的結果裡。
#    活化函數、softmax 與成本要算 e 的次方，還可能有分支，所以改用各自停在某一點的符號來執行：公式的每種情形都會遇到，結果必須是同一個函數。
#    活化函數如果另外提供了用自己的值 $a$ 寫成的導數（訓練時用的就是它），也必須是同一個函數。
# 5. **反駁（refuted）**：[錯誤清單](11-mistakes.ipynb)裡的每個錯誤都埋進程式，必須全部抓到。「誰看得出什麼」的表本身也要檢查。
#
# 此外還有**浮點數（floats）**：同樣的程式用 50 位數計算，機器支援的話也用 long double 計算，再加上複數步微分，**每個陣列**各取一個隨機方向（理由見[第 10 課](10-checking-gradients.ipynb)）；
# 還有**印刷的數字（published）**：把[別人印出的計算範例](14-in-print.ipynb)重算到最後一位，印錯的數字則由造成它的那個錯誤重現。
#
# 這些都有界限：見[沒有驗證的部分](not-verified.ipynb)。
#
# ## 檢查不通過時
#
# 失敗訊息會寫出是哪個公式、哪個環節、哪個陣列的哪個元素，以及程式算出的值和正確的對照值；接著再列出看得見這個錯誤的最小網路。下面讓 `hidden_delta` 少了 $f'$，只在這一頁：

# %%
from textwrap import fill

from bp.evidence.bridged import FIXTURES, compare_network, references
from bp.evidence.fixtures import on_each
from bp.evidence.mistakes import MISTAKES, plant
from bp.evidence.outcome import LinkError

mistaken = plant(MISTAKES["no-prime-hidden"])

def check(fixture):
    return [compare_network(right, mistaken) for right in references(fixture)]

try:
    on_each(FIXTURES, check)
except LinkError as failure:
    print(*(fill(str(found), 72) for found in failure.differences), sep="\n")
