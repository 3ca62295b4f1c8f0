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
# # Check your own
#
# **The question.** You have written backpropagation yourself, and something is wrong with it, or perhaps nothing is. Which equation do you look at?
#
# A gradient check says "wrong" and leaves you alone with it. `bp.check` runs your function on several small networks, compares every array that comes back with the right one, and says which equation fails first, counted from the output backwards; and, if your numbers are exactly those
# that a mistake of [the catalogue](11-mistakes.ipynb) gives, which one you made.
#
# Here is a function in the style of Ng's courses. Its author forgot something.

# %% [markdown] tags=["zh"]
# # 檢查你自己的程式
#
# **問題。** 你自己寫了反向傳播，好像有哪裡不對，又或許根本沒有錯。該看哪一個公式？
#
# 一般的梯度檢查只會說「不對」，剩下的要你自己找。`bp.check` 把你的函式放到幾個小網路上執行，每一個傳回來的陣列都跟正確的比對，然後告訴你：從輸出往回看，第一個錯的是哪個公式；
# 如果你的數字剛好就是[錯誤清單](11-mistakes.ipynb)裡某個錯誤會算出來的，還會告訴你犯的是哪一個。
#
# 下面這個函式是吳恩達課程的寫法。作者漏了一樣東西。

# %%
import numpy as np
from bp import check

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def mine(X, Y, parameters):
    L, m, A, grads = len(parameters) // 2, X.shape[1], {0: X}, {}
    for l in range(1, L + 1):
        A[l] = sigmoid(parameters[f"W{l}"] @ A[l-1] + parameters[f"b{l}"])
    dZ = (A[L] - Y) * A[L] * (1 - A[L])
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = dZ @ A[l-1].T / m
        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True) / m
        dZ = parameters[f"W{l}"].T @ dZ
    return grads

check(mine)

# %% [markdown] tags=["en"]
# In the example that this page came with, the last line of the loop should have been `dZ = (parameters[f"W{l}"].T @ dZ) * A[l-1] * (1 - A[l-1])`. Here `A * (1 - A)` is the sigmoid's derivative $f'$; Ng writes `dZ` for our $\delta$ and `m` for our $N$. *[3,4,2]×1* is one of the networks that it was tried on: 3, 4 and 2 units, and one sample; *no-prime-hidden* is the name of the mistake in the catalogue. Nobody told `check` how the function wants its arrays; that was recognised.
#
# ## How to call it
#
# Right here: press *Edit* in the cell above, put your function in the place of `mine`, under that name, keep the last line, `check(mine)`, which makes the report, and press *Run*. Or [install `bp`](../index.md#install), and call `check` from a program or a notebook of your own. It takes a function, or an object or a class with a method `backprop`. The arguments may be
#
# | arguments | where the parameters are |
# |---|---|
# | `(x, y)` | global names `weights` and `biases`, or attributes of the object, as in the [source notebook](../notebook.md) and in Nielsen's class |
# | `(x, y, weights, biases)` | two lists, as in this book |
# | `(X, Y, parameters)` | a dictionary with `W1`, `b1`, …, a list of pairs `(W, b)`, or a list `[W1, b1, …]` |
# | `(X, Y, W1, b1, W2, b2)` | each by its own name; the number of layers is then fixed |
#
# in any order. The rest is as you like it:
#
# - **Names** are the usual ones, in capitals or not: `x`, `inputs`, `data`, …; `y`, `t`, `targets`, `labels`, …; `w`, `weights`; `b`, `biases`; `params`, `parameters`. Two to four arguments with other names are taken in the order of the table.
# - **Samples** are columns, rows, or come one at a time.
# - **Weights** have the shape (out, in) or (in, out), **biases** (out, 1), (1, out) or (out,). Every layer has biases.
# - **The gradients** come back as two lists in either order, as pairs `(W, b)`, one after the other, or in a dictionary.
# - **Nothing else is needed**, no learning rate for example: what is checked is the gradient, as it is before the parameters are updated. What your function prints isn't shown; to see that, call it yourself.
# - **A class** gets the sizes as its constructor takes them: in one list, one by one, or not at all. The parameters are put in afterwards.
#
# None of that has to be said. What can't be guessed is passed by name: `activation`, `cost` and `output`, if they aren't the sigmoid and the quadratic cost; `sizes`, if the function works for one network only.
#
# On the command line, `bp check mine.py:backprop` does the same for a file or a notebook; the code runs in a process of its own, with limits of time and memory. [Instructors grade with it.](../instructors.md#grade-with-it)
#
# ## Conventions are no mistakes
#
# The sum over the samples in place of the mean, a cost without the ½, a mean over the outputs as well: each is a cost that somebody uses. The report says which it is, and doesn't call it wrong. CS231n's way of writing it, from the [crosswalk](crosswalk.ipynb):

# %% [markdown] tags=["zh"]
# 這一頁原來的例子裡，迴圈的最後一行應該是 `dZ = (parameters[f"W{l}"].T @ dZ) * A[l-1] * (1 - A[l-1])`。這裡的 `A * (1 - A)` 就是 sigmoid 的導數 $f'$；吳恩達寫的 `dZ` 是我們的 $\delta$，`m` 是我們的 $N$。*[3,4,2]×1* 是拿來試的網路之一：各層 3、4、2 個神經元，一個樣本；*no-prime-hidden* 是這個錯誤在清單裡的名稱。這個函式要什麼樣的陣列，沒有人告訴 `check`，是它自己認出來的。
#
# ## 怎麼用
#
# 可以直接在這裡試：在上面的儲存格按「編輯」，把 `mine` 換成你的函式，名稱仍然叫 `mine`，留下最後一行 `check(mine)`（報告就是它產生的），再按「執行」。也可以[安裝 `bp`](../index.md#install)，在自己的程式或筆記本裡呼叫 `check`。交給它的可以是函式，也可以是有 `backprop` 這個方法的物件或類別。引數可以是
#
# | 引數 | 網路的參數在哪裡 |
# |---|---|
# | `(x, y)` | 全域的 `weights` 和 `biases`，或是物件的屬性，像[原始筆記本](../notebook.md)和 Nielsen 的類別那樣 |
# | `(x, y, weights, biases)` | 兩個 list，跟本書一樣 |
# | `(X, Y, parameters)` | 有 `W1`、`b1`、… 的字典，或由 `(W, b)` 組成的 list，或 list `[W1, b1, …]` |
# | `(X, Y, W1, b1, W2, b2)` | 每個陣列各有名字；這時層數就固定了 |
#
# 順序不拘。其他的照你的習慣：
#
# - **名稱**用常見的就好，大小寫都可以：`x`、`inputs`、`data`…；`y`、`t`、`targets`、`labels`…；`w`、`weights`；`b`、`biases`；`params`、`parameters`。如果是別的名稱，兩到四個引數就照表裡的順序來讀。
# - **樣本**可以是直行、橫列，或一次只給一個。
# - **權重**的形狀可以是（輸出，輸入）或（輸入，輸出），**偏權值**可以是（輸出，1）、（1，輸出）或（輸出，）。每一層都要有偏權值。
# - **梯度**可以用兩個 list 傳回（哪個在前都行），也可以是一對一對的 `(W, b)`、一個接一個，或放在字典裡。
# - **不需要別的**，例如學習率：檢查的是梯度，也就是更新參數之前的樣子。你的函式印出來的東西不會顯示；想看的話，就自己呼叫它。
# - **類別**會先照建構子要的方式建立物件：各層大小放在一個 list 裡、一個一個傳，或什麼都不傳；之後再放入參數。
#
# 這些都不必說明。猜不出來的才要指定：活化函數和成本如果不是 sigmoid 和二次成本，用 `activation`、`cost`、`output`；函式如果只適用於一種網路，用 `sizes`。
#
# 在命令列上，`bp check mine.py:backprop` 可以檢查一個檔案或一本筆記本；程式會在另一個行程裡執行，時間和記憶體都有上限。[老師也可以用它批改作業。](../instructors.md#grade-with-it)
#
# ## 寫法不同，不算錯
#
# 對樣本加總而不平均、成本沒有 ½、連輸出也取平均：這些成本都有人用。`check` 會認出來，也會說出來，但不會說是錯的。用[對照其他寫法](crosswalk.ipynb)那一頁的 CS231n 版本試試看：

# %%
from bp import crosswalk

check(crosswalk.rows)

# %% [markdown] tags=["en"]
# If your cost *is* meant to be the mean of ½(a − y)², say `scale="mean"`; then a factor of 2 is a mistake again. `layout` and `returns` can be required in the same way.

# %% [markdown] tags=["zh"]
# 如果你的成本**就是** ½(a − y)² 的平均，請加上 `scale="mean"`，這樣多乘的 2 就會算錯。`layout` 和 `returns` 也可以這樣指定。

# %%
from bp import backprop

def doubled(x, y, weights, biases):
    nabla_b, nabla_w = backprop(x, y, weights, biases)
    return [2 * g for g in nabla_b], [2 * g for g in nabla_w]

check(doubled, scale="mean")

# %% [markdown] tags=["en"]
# ## What it does, in this order
#
# 1. **The convention.** The names of the arguments say which is what. The rest is tried out: is each sample a row or a column, does the weight matrix have a row or a column for each unit, in what form do the gradients come back? The answers with which most of your numbers are right are kept. (There are two networks for it: one whose layers all differ in width, and one with as many samples as units in every layer, on which no way of reading the arrays stops because of a shape.)
# 2. **Stops.** If the code raises, returns no gradient, or takes no notice of the parameters that it was given: on which networks, in which line of yours, and the shapes of the arrays there.
# 3. **Shapes** that aren't those of the parameters.
# 4. **A constant ratio** to the right gradient: −1, 2, $N$, $1/N$, …
# 5. **The first wrong equation**, from the output backwards: output delta, bias gradient, weight gradient, hidden delta, layer by layer. With one sample δ can be read off the bias gradient, so it also says whether what follows a wrong δ follows from it rightly.
# 6. **The catalogue.** Every mistake of [lesson 11](11-mistakes.ipynb), and every pair of them, was planted in our own code; those whose numbers are yours, on all six networks, to nine digits, are named. If several are, all are named: from what came back they can't be told apart.
# 7. **Otherwise**, the smallest network on which your code is wrong, with the entry, its value, and the value it should have.
#
# Each finding leads to the lesson, and to the equation, that it is about. In a program, `check(mine).correct`, `.matches` and `.to_json()` give the same, and `.text("zh-TW")` says it in Chinese.
#
# ## How often it is right
#
# Every mistake of the catalogue was planted in our `backprop`, which was then dressed in seven styles and checked on networks drawn from different seeds. Beside it, right code, which shares nothing with ours, was checked in the same styles: in float64 and float32, on deep networks,
# narrow ones and saturated ones, with the mean taken early or late. The table is read from the record of that run.

# %% [markdown] tags=["zh"]
# ## 它依序做什麼
#
# 1. **慣例。** 從引數的名稱看出哪個是什麼，其餘的用試的：樣本是直行還是橫列、權重矩陣裡每個神經元占一個橫列還是直行、梯度用什麼形式傳回？哪種讀法對的數字最多，就採用哪種。（試的時候用兩個網路：一個各層寬度都不同；一個各層的寬度和樣本數全都相同，任何讀法在它上面都不會因為形狀而中斷。）
# 2. **中斷。** 如果程式報錯、傳回的不是梯度，或根本沒用到給它的參數：在哪些網路上、在你的哪一行、當時各陣列的形狀是什麼。
# 3. **形狀**跟參數不一樣的梯度。
# 4. **跟正確梯度的比值是常數**：−1、2、$N$、$1/N$ 等等。
# 5. **第一個錯的公式**，從輸出往回，一層一層看：輸出層的敏感度、偏權值的梯度、權重的梯度、隱藏層的敏感度。只有一個樣本時，δ 可以直接從偏權值的梯度讀出來，所以還能知道：δ 錯了之後，後面的計算是不是照著它正確地算下去。
# 6. **錯誤清單。** [第 11 課](11-mistakes.ipynb)的每個錯誤，以及每兩個的組合，都埋進過我們自己的程式；在六個網路上算出的數字全都跟你的相同（九位數）的，就會指出來。如果不只一個，就全部列出來：只看傳回的數字，是分辨不出來的。
# 7. **都不是的話**，就列出你的程式會出錯的最小網路：哪個元素、算出多少、應該是多少。
#
# 每一項都會帶你到相關的課和公式。在程式裡，可以用 `check(mine).correct`、`.matches` 和 `.to_json()` 取得同樣的結果；`.text("zh-TW")` 是中文的報告。
#
# ## 有多準
#
# 錯誤清單裡的每個錯誤都埋進我們的 `backprop`，再改寫成七種寫法，在不同隨機種子產生的網路上檢查。另外還有跟我們的程式沒有任何共用部分的正確程式，也用同樣的寫法檢查：float64 和 float32、很深的網路、很窄的網路、飽和的網路，有的先取平均再往回傳，有的最後才取。下表讀自那次執行的紀錄。

# %%
from bp.figures import benchmarks, confusion

record = benchmarks.read("benchmarks/confusion.json")
confusion.summary(record)

# %% [markdown] tags=["en"]
# Mistake by mistake. A mistake that changes nothing in some style isn't counted there: code that takes one sample at a time can't forget the mean.

# %% [markdown] tags=["zh"]
# 一個一個錯誤來看。有些錯誤在某些寫法裡什麼都不會改變，就不計入：例如一次只算一個樣本的程式，不可能忘了取平均。

# %%
confusion.by_mistake(record)

# %% [markdown] tags=["en"]
# Style by style:

# %% [markdown] tags=["zh"]
# 依寫法來看：

# %%
confusion.by_style(record)

# %% [markdown] tags=["en"]
# And every diagnosis that was anything else than the planted mistake alone. Two mistakes are joined by *or* where they can't be told apart.

# %% [markdown] tags=["zh"]
# 最後是所有不等於「單獨指出埋入的那個錯誤」的診斷。無法分辨的兩個錯誤用「或」連在一起。

# %%
confusion.confused(record)

# %% [markdown] tags=["en"]
# ## What it can't do
#
# - The figures above are of *our* code with one line changed, in styles of ours. Somebody's own code can be wrong in a way that nobody has listed. Then you get the first wrong equation and the smallest failing case, but no name.
# - It looks at numbers, never at code. What makes no difference on six networks isn't seen, and two mistakes that always give the same can't be told apart.
# - Three mistakes at once, or two of which one only changes the scale in a strange way, are not named.
# - It takes functions that return a gradient, for fully connected networks with biases and [the functions of this book](13-other-activations-and-costs.ipynb). A training loop, or a function that needs what your own forward pass has kept, has to be wrapped first.
# - If everything comes in single precision, a difference below one ten-thousandth passes.
# - Called from Python, `check` runs your function in that same process, with all that it may do there. Check code that you don't trust by `bp check`.

# %% [markdown] tags=["zh"]
# ## 它做不到的事
#
# - 上面的數字是**我們的**程式改掉一行、再用我們準備的幾種寫法得到的。別人的程式可能錯得很特別，清單上根本沒有。這時你會得到第一個錯的公式和會出錯的最小例子，但沒有錯誤的名稱。
# - 它只看數字，不看程式。在六個網路上都沒有差別的錯誤，它看不出來；永遠算出相同結果的兩個錯誤，它也分辨不出來。
# - 同時犯三個錯，或犯兩個錯而其中一個只是用奇怪的方式改變了倍數，它說不出名稱。
# - 它檢查的是會傳回梯度的函式，網路必須是有偏權值的全連接網路（fully connected，也就是每個神經元都跟下面一層的每個神經元相連），使用[本書的函數](13-other-activations-and-costs.ipynb)。訓練用的迴圈，或需要你自己的前饋先存好某些東西的函式，要先包裝一下。
# - 如果傳回的數字全都只有單精度，小於萬分之一的差異會被放過。
# - 從 Python 呼叫時，`check` 就在同一個行程裡執行你的函式，函式能做的事它都會照做。不信任的程式，請用 `bp check` 檢查。
