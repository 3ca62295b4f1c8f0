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
# # What is not verified
#
# How much a proof is worth depends on what it leaves out. This page lists what the [evidence](evidence.ipynb) does not cover, as exactly as we can, so that you need not find out by yourself. If something is missing here, that is a mistake of ours.

# %% [markdown] tags=["zh"]
# # 沒有驗證的部分
#
# 一個證明有多少價值，要看它漏掉了什麼。這一頁盡可能精確地列出[證據](evidence.ipynb)沒有涵蓋的部分，讓你不必自己去發現。如果這裡還漏了什麼，那是我們的錯。

# %% [markdown] tags=["en"]
# ## What is assumed
#
# - **The definitions.** Weighted input, activation, cost: they say what is meant, and nothing can prove them. Nor can anything prove that they are what *you* mean.
# - **The chain rule.** It is the one axiom of the [derivation](09-general-proof.ipynb). The diffs of whole networks and link 4 don't use ours; but the diffs use SymPy's, and the numbers with slopes of link 4 use the rules for sums and products.
# - **SymPy, NumPy, mpmath and Python** are trusted, in the versions that stand below. So is the arithmetic of the machine.
#
# ## What is argued, not checked
#
# - **Any number of layers.** The statements hold for any layer $l$. That they may be applied one after the other, from the output down, is an argument by induction. It was compared with SymPy's derivative of the whole cost for networks of up to six layers.
# - **The rules of a derivation.** Each step is checked to come to the same result under the rules of its own derivation. That those rules are right is what the diffs check, and only BP1 to BP4 have them, for one sample and a cost that adds up over the outputs. The derivatives of activations and costs
#   rest on SymPy's `diff` and on the comparison with the code. The two deltas of matched outputs have no diffs either, but link 4 compares the code of both with SymPy's derivative of whole networks.
# - **The lines inside a derivation** are printed from SymPy objects, but only statements and special cases are read back from their LaTeX. How KaTeX draws that LaTeX is not checked at all.

# %% [markdown] tags=["zh"]
# ## 假設
#
# - **定義。** 加權輸入、活化值、成本：它們說明指的是什麼，無法證明；也無法證明它們就是**你**想的那個意思。
# - **鏈鎖律。** 它是[推導](09-general-proof.ipynb)唯一的公理。對整個網路的微分和第 4 個環節都不用我們的鏈鎖律；但前者用了 SymPy 的，而第 4 個環節裡帶著斜率的數，用了和與積的微分規則。
# - **SymPy、NumPy、mpmath 和 Python** 假定沒有錯，版本列在下面；電腦本身的運算也一樣。
#
# ## 只有論證，沒有檢查
#
# - **任意層數。** 公式對任意一層 $l$ 都成立。從輸出往下一層接一層套用，則是歸納的論證；實際跟 SymPy 對整個成本的微分比對過的，是六層以內的網路。
# - **推導的規則。** 每一步都檢查過，在這個推導自己的規則下會得到相同的結果。規則本身對不對，由對整個網路的微分來檢查，而只有 BP1 到 BP4 做了這種檢查，條件是單一樣本，而且成本能寫成各輸出之和。
#   活化函數的導數和成本的偏微分，靠的是 SymPy 的 `diff` 以及跟程式的比對。兩個合而為一的輸出 δ 也沒有這種檢查，但第 4 個環節把它們的程式跟 SymPy 對整個網路的微分比對過。
# - **推導中間的式子**由 SymPy 物件印出，但會從 LaTeX 讀回來比對的，只有公式和特例。KaTeX 把 LaTeX 畫成什麼樣子，則完全沒有檢查。

# %% [markdown] tags=["en"]
# ## Where the code was run
#
# A statement holds for all networks; code is run on some, and these are they. Bridged, and the last network of the floats, take every pair of output and cost in turn. The matched outputs have theirs. All others have the quadratic cost, with the sigmoid where numbers are wanted.

# %% [markdown] tags=["zh"]
# ## 程式在哪些網路上執行過
#
# 公式對所有網路都成立，程式卻只能在某些網路上執行，就是下面這些。「對照」與「浮點數」的最後一個網路，輪流用上輸出函數與成本的每一種搭配；「合而為一的輸出」用它們各自的成本。其餘都是二次成本，需要數值的地方用 sigmoid。

# %%
from bp.evidence import bridged, executed, floats, recorded, refuted
from bp.figures import Table
from bp.glossary import choose

smallest, largest = executed.SYMBOLIC[0], executed.SYMBOLIC[-1]
count = len(executed.SYMBOLIC)
networks = {
    choose("bridged", "對照"): bridged.FIXTURES,
    choose("executed on symbols", "執行：符號"):
        [choose(f"{count} networks, {smallest} to {largest}",
                f"{count} 個網路，從 {smallest} 到 {largest}")],
    choose("executed, matched outputs", "執行：合而為一的輸出"):
        executed.MATCHED,
    choose("executed modulo a prime", "執行：模質數"):
        [executed.PER_PARAMETER, executed.PER_ARRAY],
    choose("refuted", "反駁"): refuted.FIXTURES,
    choose("floats", "浮點數"):
        [*floats.EXACT, *floats.COMPLEX, floats.OTHERS]}
Table({choose(r"\text{link}", r"\text{環節}"): list(networks),
       choose(r"\text{sizes} \times \text{samples}",
              r"\text{各層大小} \times \text{樣本數}"):
           [", ".join(map(str, sizes)) for sizes in networks.values()]})

# %%
recorded().versions

# %% [markdown] tags=["en"]
# - **Elsewhere** the code was not run by `bp verify`. Symbols cover all widths from 1 to 3 at depths 1 and 2, and at depth 3 the widths 1 and 2 and two networks of width up to 3, with one sample and with two. (The tests draw further networks, up to four layers of five units, in single and double precision, real and complex.)
# - **At random points.** Links 3 and 5 and the floats compare numbers that were drawn from a seed, where a wrong formula would have to be right by accident. In the exact arithmetic of link 4 that chance has a bound, but only for a wrong gradient that is a polynomial of no higher degree than the right one; and there the activation is a random polynomial of degree 3.
# - **Activations and costs** run on symbols one by one, not inside a network: there $f$ stays unknown, and of the costs only the quadratic one and the two that are matched with an output are spelled out. Where code branches, symbols stand at points, and what is proved is proved on the branch taken there; every case of the formula is met, but a branch of the code that the formula doesn't have may not be.
# - **Planted mistakes** are planted with the sigmoid and the quadratic cost, and so are the numbers of fifty digits.
# - **Rounding.** Floats are compared to a tolerance relative to the largest entry, or to the norm, of an array; the bridge counts the largest entry as at least 0.01. A small entry beside a large one may be relatively less exact. And a saturated sigmoid is beyond what floats can say: from about $z = 37$ on, its derivative comes out as exactly 0, that of tanh from about 19. The matched pairs of output and cost still learn there. The sigmoid with the cross-entropy isn't matched, and gives no number where its output has become exactly 0: from about $z = -710$ down, in single precision from $-89$. And the binary cross-entropy itself, though not its delta, is infinite for a wrong output from about $z = 37$ on.

# %% [markdown] tags=["zh"]
# - **其他地方**，`bp verify` 沒有執行過。符號的檢查涵蓋深度 1 和 2、寬度 1 到 3 的所有組合，深度 3 則有寬度 1 和 2，再加上兩個寬度到 3 的網路，樣本數是一個或兩個。（測試還會另外抽出一些網路，
#   最多四層、每層五個神經元，單精度和雙精度、實數和複數都有。）
# - **在隨機的點上。** 第 3、5 個環節和「浮點數」比對的是由種子抽出的數字；錯的公式要剛好在那裡算對，才會漏掉。第 4 個環節的精確算術給得出這個機率的上限，但只適用於錯誤的梯度也是多項式、次數又不高於正確梯度的情況，而且那裡的活化函數是隨機的三次多項式。
# - **活化函數與成本**是一個一個在符號上執行的，沒有放進網路：在網路裡，$f$ 始終是未知的，成本也只代入過二次成本，以及跟輸出合而為一的那兩個。程式有分支的地方，符號停在某些點上，證明的是那裡所走的分支；公式的每種情形都會遇到，但程式裡有、公式裡沒有的分支，就不一定遇得到。
# - **埋入的錯誤**，都是埋在使用 sigmoid 與二次成本的程式裡；五十位數的計算也一樣。
# - **捨入。** 浮點數的誤差，是相對於陣列的最大元素，或整個陣列的範數來看的；「對照」把最大元素至少當成 0.01。大元素旁邊的小元素，相對誤差可能比較大。至於飽和的 sigmoid，浮點數已經無能為力：大約從 $z = 37$ 開始，算出來的導數就剛好是 0，tanh 則大約從 19 開始。合而為一的輸出與成本在那裡仍然學得到東西。sigmoid 搭配交叉熵沒有合而為一，輸出剛好變成 0 之後就算不出數來：大約從 $z = -710$ 以下，單精度則是 $-89$ 以下。至於二元交叉熵本身（不是它的 δ），大約從 $z = 37$ 開始，輸出如果錯了，就是無限大。

# %%
import numpy as np

from bp import sigmoid

sigmoid.prime(np.array([35.0, 36.0, 37.0]))

# %% [markdown] tags=["en"]
# ## What no check here is about
#
# - **What happens at a kink,** such as that of ReLU at 0. The kinks that SymPy finds in the cases of a formula must be those that are stated, but which number the code returns there is a convention. That the values of an activation lie within its stated bounds is tested at some numbers only.
# - **Mistakes outside the catalogue.** Link 5 shows that the checks see the mistakes that we know of.
# - **What others print.** The numbers of [lesson 14](14-in-print.ipynb) were typed from their sources by hand.
# - **Training.** To be fast, `Network.train` works in place, with code of its own, and its sigmoid is written out a second time. Tests compare it with a loop over `backprop`, for each pair of output and cost in single and double precision: the parameters at the end agree to rounding. All that `bp verify` proves of it is the derivative in terms of $a$. That training ends with good parameters, nobody can promise.
# - **The rest of the package.** That bad input is refused, how a `Network` draws its parameters, the command line, the figures: all that is tested, but tests are not proofs.
# - **The words.** The prose of the lessons, in both languages, the meanings in the glossary, and the wrong formulas beside the planted mistakes are checked by reading alone; no program compares them with the code.

# %% [markdown] tags=["zh"]
# ## 這裡的檢查都不涉及的
#
# - **折點上會怎樣**，例如 ReLU 在 0 的地方。SymPy 在公式的各種情形之間找到的折點，必須就是聲明過的那些；但程式在折點傳回哪個數，只是約定。活化函數的值落在聲明的範圍內，也只在幾個數上測試過。
# - **清單以外的錯誤。** 第 5 個環節只說明，我們知道的錯誤都抓得到。
# - **別人印的數字。** [第 14 課](14-in-print.ipynb)的數字是從原始來源手動輸入的。
# - **訓練。** 為了快，`Network.train` 就地計算，用的是另外寫的程式，其中的 sigmoid 也另寫了一次。測試拿它跟一個只呼叫 `backprop` 的迴圈比對，輸出函數與成本的每種搭配、單精度與雙精度都比過：最後的參數只差捨入誤差。其中 `bp verify` 證明的，只有用 $a$ 寫成的導數。至於訓練出來的參數好不好，沒有人能保證。
# - **套件的其他部分。** 拒絕不合規定的輸入、`Network` 怎麼抽參數、命令列、圖：這些都有測試，但測試不是證明。
# - **文字。** 兩種語言的課文、符號表裡的意義、埋入的錯誤旁邊的錯誤公式，只靠閱讀檢查，沒有程式拿它們跟程式碼比對。
