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
# What was checked, link by link, for this version of the code. `bp verify` prints the same on your machine; `bp verify --seed 7` draws other networks.

# %% [markdown] tags=["zh"]
# # 證據
#
# 這一版程式檢查了什麼，一個環節一個環節列出來。在你的電腦上執行 `bp verify` 會印出同樣的結果；`bp verify --seed 7` 則會抽出別的網路。

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
#    numbers modulo the prime $2^{61}-1$, each carrying a slope: the slope of the cost must be the gradient. A wrong gradient passes such a check with a probability
#    below the degree of the polynomials divided by the prime; the bound is printed above.
# 5. **Refuted.** Every mistake of the [catalogue](11-mistakes.ipynb) is planted in the code and must be rejected. The table of who sees what is itself checked.
#
# Beside them: **floats**, the same code on 50-digit numbers, and complex steps with one random direction *for each array*; and **published**, worked examples that others
# printed, recomputed to their last digit, the wrong ones out of the mistake that explains them.

# %% [markdown] tags=["zh"]
# ## 各個環節
#
# 1. **推導（derived）**：SymPy 從定義推導出公式，每一步都得到相同的結果。BP1 到 BP4 另有第二意見：SymPy 直接對一到六層整個網路的成本微分，
#    四個公式合起來必須得到相同的結果（表中的 diffs，四個公式共用一組）。
# 2. **印出（printed）**：LaTeX 由推導出的物件印出，再由另一段沒有共用程式碼的程式讀回來。
# 3. **對照（bridged）**：公式用一般的 Python 逐元素算出整個網路，實際使用的函式必須算出一樣的結果。
# 4. **執行（executed）**：實際使用的函式一行不改，直接在 SymPy 符號的陣列上執行，活化函數則完全不指定。結果必須跟公式是同一個式子，`backprop` 則必須等於
#    SymPy 對整個成本微分的結果，不用我們的鏈鎖律。比較大的網路改用模質數 $2^{61}-1$ 的整數，每個數帶著一個斜率：成本的斜率必須就是梯度。
#    錯的梯度通過一次檢查的機率，低於多項式次數除以這個質數；上限印在上面。
# 5. **反駁（refuted）**：[目錄](11-mistakes.ipynb)裡的每個錯誤都埋進程式，必須全部抓到。「誰看得出什麼」的表本身也要檢查。
#
# 此外還有 **floats**：同樣的程式用 50 位數計算，以及複數步微分，**每個陣列**各取一個隨機方向；還有 **published**：把別人印出的計算範例重算到最後一位，
# 印錯的數字則由造成它的那個錯誤重現。

# %% [markdown] tags=["en"]
# ## What is not verified
#
# - **The definitions.** Weighted input, activation, cost: they say what is meant, and nothing can prove them.
# - **The chain rule.** It is the one axiom of the derivation. The diffs and link 4 don't use ours, but SymPy has its own.
# - **Any number of layers.** The statements hold for any layer $l$; that they may be applied one after the other was compared for up to six layers, and beyond that
#   is an argument by induction, not a check.
# - **The rules of a derivation.** A step is checked to come to the same result under the derivation's own rules. That the rules are right is what the diffs check, and
#   only BP1 to BP4 have them; the derivative of the sigmoid and of the cost rest on SymPy's `diff` and on the comparison with the code.
# - **The lines inside a derivation** are printed, but only statements and special cases are read back.
# - **The code, everywhere.** Links 3 and 5 and the floats compare at random points, with the sigmoid and the quadratic cost, on the sizes that the table names. The exponential of
#   the sigmoid is compared in numbers only. Symbols cover widths 1 to 3 and depths 1 to 3.
# - **Rounding.** Floats are compared to a tolerance relative to the largest entry or the norm of an array; a small entry beside a large one may be relatively less exact.
# - **Kinks,** such as that of ReLU at 0: every function here is differentiable.
# - **Mistakes outside the catalogue.** Link 5 shows that the checks see the mistakes that we know of.
# - **SymPy, NumPy and Python** are trusted.

# %% [markdown] tags=["zh"]
# ## 沒有驗證的部分
#
# - **定義。** 加權輸入、活化值、成本：它們說明指的是什麼，無法證明。
# - **鏈鎖律。** 它是推導的唯一公理。diffs 和第 4 個環節不用我們的鏈鎖律，但 SymPy 有它自己的。
# - **任意層數。** 公式對任意一層 $l$ 都成立；一層接一層套用下去，實際比對到六層，再多就是歸納的論證，不是檢查。
# - **推導的規則。** 每一步都檢查過，在這個推導自己的規則下會得到相同的結果。規則本身對不對，由 diffs 檢查，而只有 BP1 到 BP4 有 diffs；
#   sigmoid 的導數和成本的偏微分，靠的是 SymPy 的 `diff` 以及跟程式的比對。
# - **推導中間的式子**只印出；讀回來比對的只有公式和特例。
# - **程式的每一種情況。** 第 3、5 個環節和 floats 是在隨機的點上比對的，用的是 sigmoid 和二次成本，以及表中列出的大小。sigmoid 裡的指數函數只用數值比對。
#   符號的檢查涵蓋寬度 1 到 3、深度 1 到 3。
# - **捨入。** 浮點數的誤差是相對於陣列的最大元素或整個陣列的大小；大元素旁邊的小元素，相對誤差可能比較大。
# - **不可微分的點**，例如 ReLU 在 0 的地方：這裡的函數全都可微分。
# - **目錄以外的錯誤。** 第 5 個環節只證明我們知道的錯誤都抓得到。
# - **SymPy、NumPy 和 Python** 則假定沒有錯。
