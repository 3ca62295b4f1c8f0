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
# # Benchmarks
#
# Code written to be read is not slow for it. NumPy isn't slow either; what is slow in most teaching code is how it is used: a sample at a time, in a loop. This page shows the last run of `make bench`, in which everything below took turns on one machine. Nothing on it is typed: goals that were missed are listed as missed, and where others are faster it says so.

# %% [markdown] tags=["zh"]
# # 效能評測
#
# 程式為了好讀而寫，不代表就慢。NumPy 也不慢；多數教學程式慢在用法：用迴圈一次只算一個樣本。這一頁是最近一次執行 `make bench` 的結果，下面所有的程式在同一台機器上輪流執行。這裡的數字沒有一個是手動輸入的：沒達成的目標就列為沒達成，別人比較快的地方也照實列出。

# %%
from bp.figures import benchmarks

record = benchmarks.read("benchmarks/recorded.json")
benchmarks.goals(record)

# %% [markdown] tags=["en"]
# Goals are for one thread. *Worst at* names the case in which a goal was missed by most or, if all met it, met by least; small misses come and go between runs, large ones don't. The sigmoid keeps silent where its exponential overflows, which costs a fixed part of a microsecond: much for three numbers, nothing for thousands.
#
# ## How it was measured
#
# All contenders took turns, round after round, in one process for each number of threads, held to as many processors. In each round everybody is called once without a clock, then for some milliseconds with one; the time is divided by that of the reference *in the same round*. What is shown is the median of these ratios, with the quartiles in brackets. So a machine that is slow for a moment is slow for all, and hardly moves a ratio. Before any was timed, all had to give the same gradient.

# %% [markdown] tags=["zh"]
# 目標都以單一執行緒為準。「最差的情形」是離目標最遠、或只是勉強達成的那一種；差一點點的，每次執行結果可能不同，差很多的就不會。sigmoid 在指數溢位時不發出警告，每次固定多花不到一微秒：只有三個數時很明顯，有幾千個數時就看不出來了。
#
# ## 怎麼量的
#
# 每種執行緒數各用一個行程（process），限定在同樣多的處理器上，所有程式在裡面一輪一輪輪流執行。每一輪裡，每支程式先執行一次不計時，再計時幾毫秒；然後除以基準程式**在同一輪**的時間。表裡是這些比值的中位數，括號裡是四分位數。機器一時變慢，大家都一起變慢，比值幾乎不受影響。計時之前，所有程式算出的梯度必須一致。

# %%
benchmarks.machine(record)

# %% [markdown] tags=["en"]
# Who took part:
#
# - `bp.backprop`, the function of the lessons, as it is shipped; `spec.compile`, straight-line code for small networks; `Network.train`.
# - *Notebook*: the `backprop` of the [source notebook](../notebook.md), retyped as its cells have it, one sample after the other.
# - *In place*: the same algorithm with every array made beforehand, $f'$ taken from $a$, and no input checked. About as fast as NumPy gets, and not pleasant to read.
# - *Bare products*: only the matrix products of these shapes. This is no gradient; it is what no NumPy code can beat.
# - PyTorch without compilation; JAX with `jit`, its arrays already where it keeps them; autograd; scikit-learn's classifier.
#
# ## One gradient
#
# The time of `bp.backprop`, and how many times as long the others took: below 1, they were faster. Networks have sigmoids and the quadratic cost.

# %% [markdown] tags=["zh"]
# 參加的程式：
#
# - `bp.backprop`，也就是課程裡的函式，一行不改；`spec.compile`，為小網路產生的直線程式碼；`Network.train`。
# - **原始筆記本**：[原始筆記本](../notebook.md)的 `backprop`，照原來的儲存格重打，一個樣本接一個樣本。
# - **就地計算**：同樣的演算法，陣列全部事先配置好，$f'$ 由 $a$ 算出，也不檢查輸入。NumPy 大概就只能這麼快了，讀起來卻不怎麼愉快。
# - **只算矩陣乘積**：只做這些形狀的矩陣乘積。這不是梯度，而是任何 NumPy 程式都快不過的底線。
# - 沒有編譯的 PyTorch；用 `jit` 的 JAX，陣列事先放在它自己的記憶體裡；autograd；scikit-learn 的分類器。
#
# ## 一次梯度
#
# `bp.backprop` 的時間，以及其他程式用了幾倍的時間：小於 1 就是比較快。網路用 sigmoid 和二次成本。

# %%
benchmarks.gradients(record, threads=1)

# %% [markdown] tags=["en"]
# With one sample there is little to compute, and what one sees is mostly how long Python takes from one operation to the next. With many, the matrix products decide, and readable code has nearly the time of any other. Time *a sample* shows it best:

# %% [markdown] tags=["zh"]
# 只有一個樣本時，要算的東西很少，看到的多半是 Python 從一個運算走到下一個運算的時間。樣本一多，就由矩陣乘積決定，好讀的程式跟其他程式幾乎一樣快。**每個樣本**的時間看得最清楚：

# %%
benchmarks.by_batch(record)

# %% [markdown] tags=["en"]
# With two threads (the products use both; most of what works entry by entry in NumPy uses one):

# %% [markdown] tags=["zh"]
# 兩個執行緒（矩陣乘積兩個都用；NumPy 逐元素的運算大多只用一個）：

# %%
benchmarks.gradients(record, threads=2)

# %% [markdown] tags=["en"]
# ## A large network
#
# *Peak* is the rate of one large square product, measured in the same rounds. Each share is that of the products that the gradient needs: 100% would mean that all the rest costs nothing. The bare products themselves stay below it, since the batch is narrower than a large square.
# What `bp.backprop` needs beside them is mostly the exponential, and that twice: the statement of the hidden delta takes $f'$ from $z$, and so does the code.

# %% [markdown] tags=["zh"]
# ## 大網路
#
# 「峰值」是一個大方陣乘積的速率，在同樣的輪次裡量的。百分比是梯度所需的矩陣乘積達到峰值的幾成：100% 表示其餘的運算完全不花時間。只算矩陣乘積也到不了峰值，因為一個批次比大方陣窄。
# 除了矩陣乘積，`bp.backprop` 的時間主要花在指數函數上，而且要算兩次：隱藏層敏感度的公式由 $z$ 求 $f'$，程式也照做。

# %%
benchmarks.peaks(record)

# %% [markdown] tags=["en"]
# ## Training
#
# A step of gradient descent with batches of 10, on the digits of [lesson 12](12-batches-and-training.ipynb). All take the same batches in the same order, and end with the same parameters (scikit-learn's with those of our softmax). `Network.train` also measures cost and accuracy after each epoch, which is included.

# %% [markdown] tags=["zh"]
# ## 訓練
#
# 在[第 12 課](12-batches-and-training.ipynb)的手寫數字上做梯度下降，每批 10 個樣本；表裡是一步的時間。所有程式的批次和順序都相同，最後得到的參數也相同（scikit-learn 跟我們的 softmax 相同）。`Network.train` 每訓練完一輪，還會計算成本與正確率，時間包含在內。

# %%
benchmarks.training(record)

# %% [markdown] tags=["en"]
# ## Where others are faster
#
# Every case of this run in which a contender needed less time than `bp.backprop`, or in training than `Network.train`, by more than the spread of the ratios:

# %% [markdown] tags=["zh"]
# ## 別人比較快的地方
#
# 這次執行裡，用的時間比 `bp.backprop` 少（訓練則是比 `Network.train` 少），而且差距超過比值的散布範圍的，全部列在這裡：

# %%
benchmarks.losses(record)

# %% [markdown] tags=["en"]
# JAX compiles a whole function, so that no array has to go through memory between one operation and the next, and with `scan` it compiles the loop over the batches, too. That is worth having; it is also a compiler. To read what a network does, one line for each equation is better.
#
# ## Accuracy
#
# Fifty layers, in which the deltas shrink to almost nothing. The largest error of any array of the gradient, relative to its norm, against the shipped code on longer floats:

# %% [markdown] tags=["zh"]
# JAX 把整個函式編譯起來，陣列在兩個運算之間不必進出記憶體；用了 `scan`，連跑過各批次的迴圈也一起編譯。這很值得，但那是一個編譯器。要看懂網路做了什麼，還是一行一個公式比較好。
#
# ## 準確度
#
# 五十層的網路，δ 一路縮到幾乎什麼都不剩。梯度各陣列裡最大的誤差，相對於該陣列的範數；對照的是同一份程式用更長的浮點數算出的結果：

# %%
benchmarks.accuracy(record)

# %% [markdown] tags=["en"]
# In single precision the smallest numbers here lie below the normal range of floats. JAX sets such numbers to zero, which is fast, and loses digits.
#
# ## Memory
#
# What must exist: $x$ and $y$; the parameters and their gradients; weighted inputs and activations of all layers; the deltas of two neighbouring layers. Beside it, the most that `bp.backprop` held at any moment:

# %% [markdown] tags=["zh"]
# 單精度時，這裡最小的數已經小到浮點數的正規範圍以下。JAX 把這種數直接當成零，比較快，但會損失位數。
#
# ## 記憶體
#
# 非有不可的陣列：$x$ 與 $y$、參數與它們的梯度、各層的加權輸入與活化值，以及相鄰兩層的 δ。旁邊是 `bp.backprop` 執行期間占用記憶體的最大值：

# %%
benchmarks.memory(record)

# %% [markdown] tags=["en"]
# ## What a proof costs
#
# The general derivation knows no widths, so it takes the same time for every network. *Bridge*, to compare the code with the statements entry by entry, and *execute*, to run it modulo a prime, grow with the network, but slowly. The obvious way, *expand E*, to write $E$ out over all weights, differentiate it by each and expand what should be zero, is hopeless at sizes that are still toys:

# %% [markdown] tags=["zh"]
# ## 證明要花多少時間
#
# 一般的推導不知道各層有多寬，所以不管什麼網路，時間都一樣。「對照」（程式跟公式逐元素比對）和「執行」（程式在模一個質數之下執行）的時間會隨著網路變大，但增加得很慢。最直接的做法是「展開 E」：把 $E$ 用所有權重寫開、對每個權重微分，再展開應該是零的式子；網路都還只是玩具的大小，這樣就已經算不動了：

# %%
benchmarks.proof_cost(record)

# %% [markdown] tags=["en"]
# ## The same equations, written out
#
# For one given network the sums and loops can be written out, one line for each number. `spec.compile` writes them from the derived statements, in plain Python;
# $f'$ is computed from $a = f(z)$ where that can be done, for the sigmoid as $a(1 - a)$. For [2, 3, 1] this is several times as fast, as the first table shows, because every call of a NumPy function takes a certain time,
# however small the arrays; for larger networks the matrices win, so `spec.compile` refuses them.

# %% [markdown] tags=["zh"]
# ## 同樣的公式，逐行寫出來
#
# 網路的大小固定之後，加總和迴圈都可以展開，每個數字各寫一行。`spec.compile` 會從推導出的公式寫出這樣的程式，只用一般的 Python；
# $f'$ 能從 $a = f(z)$ 算出來的就這樣算，例如 sigmoid 的 $a(1 - a)$。對 [2, 3, 1] 來說，這樣快上好幾倍（見第一張表），因為陣列再小，NumPy 每呼叫一次都有固定的花費；網路一大，還是矩陣快，所以 `spec.compile` 會拒絕太大的網路。

# %%
from bp import spec
from bp.example import net, x, y

written_out = spec.compile([2, 3, 1])
print(written_out.source)

# %% [markdown] tags=["en"]
# It gives the same gradient. How far apart the two are, array by array, relative to the largest entry:

# %% [markdown] tags=["zh"]
# 算出的梯度是一樣的。下面是兩者逐個陣列的最大差距，除以陣列裡最大的元素：

# %%
got = written_out(x, y, net.weights, net.biases)
right = net.backprop(x, y)
[float(abs(g - h).max() / abs(h).max())
 for mine, ours in zip(got, right) for g, h in zip(mine, ours)]
