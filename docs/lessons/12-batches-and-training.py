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
# # 12 · Batches and training
#
# **The question.** We can compute the gradient for as many samples as we like. How many should make one step, and how does a network learn from that?

# %% [markdown] tags=["zh"]
# # 12 · 批次與訓練
#
# **問題。** 梯度要對幾個樣本算都可以。那麼該看幾個樣本才走一步？網路又是怎麼這樣一步步學會的？

# %% [markdown] tags=["en"]
# Something to learn from first: handwritten digits, 8 × 8 pixels each, from scikit-learn's collection (E. Alpaydin and C. Kaynak, 1998). A column of `x` holds the 64 pixels of one image, from 0 (paper) to 1 (ink); the
# same column of `y` has a 1 in the row of its digit, and 0 elsewhere. Every fourth image is set aside: with those the network is *tested*, and it never learns from them.

# %% [markdown] tags=["zh"]
# 先準備學習的材料：手寫數字，每張 8 × 8 像素，出自 scikit-learn 附的資料集（E. Alpaydin 與 C. Kaynak，1998）。`x` 的一個直行是一張影像的 64 個像素，從 0（白紙）到 1（墨水）；
# `y` 的同一直行，在那個數字的橫列上是 1，其餘是 0。每四張留下一張不參與學習，專門拿來**測試**。

# %%
from bp.data import digits
from bp.figures import images

(x, y), test = digits()
images(x[:, :10], [str(digit) for digit in y[:, :10].argmax(axis=0)])

# %%
x.shape, y.shape, test[0].shape

# %% [markdown] tags=["en"]
# ## From one column to N
#
# The statements are about single entries, the code about whole arrays. Where has the index $s$ of the sample gone? On the way forward, and for δ, nothing mixes samples: each column is computed as if it were alone ([lesson 3](03-feedforward.ipynb#many-samples-at-once)).
# Only the two gradients add over $s$, because $E$ is the mean over all samples. Below, each statement stands above its code. A matrix product adds over the index that the columns of its first factor share with the rows of its second: in `delta @ a.T` that index is the sample.

# %% [markdown] tags=["zh"]
# ## 從一個直行到 N 個
#
# 公式講的是單獨一個元素，程式算的是整個陣列。樣本的下標 $s$ 到哪裡去了？前饋和算 δ 的時候，樣本之間互不相干，每個直行都跟單獨計算時一樣（[第 3 課](03-feedforward.ipynb#many-samples-at-once)）。
# 只有兩個梯度要對 $s$ 加總，因為 $E$ 是所有樣本的平均。下面把公式放在上面，程式放在下面。兩個矩陣相乘時，加總的是左邊的直行與右邊的橫列共用的那個下標；在 `delta @ a.T` 裡就是樣本。

# %%
from IPython.display import display

from bp import spec
from bp.card import Listing
from bp.figures import Formula

gradients = spec["weight-gradient"], spec["bias-gradient"]
for equation in gradients:
    display(Formula(equation.statement), Listing(equation.function))

# %% [markdown] tags=["en"]
# Do the two forms say the same? The function that ships takes whatever can be multiplied and added, so let it have symbols: two units above, two below, three samples. This is what it returns for the weight from unit 2 to unit 1:

# %% [markdown] tags=["zh"]
# 這兩種寫法真的一樣嗎？實際使用的函式什麼都收，只要能乘、能加就行。那就餵符號給它：上面兩個神經元、下面兩個、三個樣本。從神經元 2 連到神經元 1 的那個權重，它傳回的是：

# %%
import numpy as np

from bp import weight_gradient
from bp.symbolic import model

samples, units = (1, 2, 3), (1, 2)
delta = np.array([[model.delta[2, j, s] for s in samples]
                  for j in units])
a = np.array([[model.a[1, k, s] for s in samples] for k in units])
Formula(weight_gradient(delta, a)[0, 1])

# %% [markdown] tags=["en"]
# That is the statement for $l = 2$, $j = 1$, $k = 2$ and $N = 3$, its sum written out. `bp verify` does it for every entry, on networks of many sizes, and compares the expressions ([Evidence](evidence.ipynb) tells how):

# %% [markdown] tags=["zh"]
# 這正是公式代入 $l = 2$、$j = 1$、$k = 2$、$N = 3$，再把加總一項一項寫開。`bp verify` 在許多大小不同的網路上，對每個元素都這樣做，再比對式子是否相等（做法見[證據](evidence.ipynb)）：

# %%
from textwrap import fill

from bp.evidence.executed import execute_equation
from bp.glossary import choose

for equation in gradients:
    found = execute_equation(equation).text(None)
    print(f"{equation.id}:", fill(found, choose(72, 36)), sep="\n")

# %% [markdown] tags=["en"]
# ## How many samples for one step?
#
# The cost $E$ belongs to all 1,348 samples, and so does its gradient. But must we look at all of them before we move at all? Take only some, a **mini-batch**. Its gradient points roughly the same way, for much less work. How roughly? Here is the distance from a
# batch's gradient to that of all samples, as a share of the latter's length, for a hundred batches drawn at random (root mean square):

# %% [markdown] tags=["zh"]
# ## 看幾個樣本走一步？
#
# 成本 $E$ 是全部 1,348 個樣本的，梯度也是。可是真的要全部看完才能走一步嗎？只拿其中一部分，也就是一個**小批次**（mini-batch），算出來的方向大致相同，計算量卻少得多。差多少呢？
# 下面隨機抽一百個批次，算出批次的梯度離全部樣本的梯度有多遠，再除以後者的長度（取均方根）：

# %%
from bp import Network
from bp.figures import Table

def flat(gradient):
    return np.concatenate([array.ravel() for arrays in gradient
                           for array in arrays])

net, draw = Network([64, 30, 10], seed=1), np.random.default_rng(1)
whole = flat(net.backprop(x, y))

def distance(batch):
    chosen = draw.permutation(x.shape[1])[:batch]
    part = flat(net.backprop(x[:, chosen], y[:, chosen]))
    return np.linalg.norm(part - whole) / np.linalg.norm(whole)

sizes = [1, 10, 100, 1000]
off = [np.sqrt(np.mean([distance(n)**2 for _ in range(100)]))
       for n in sizes]
Table({choose(r"\text{batch}", r"\text{批次大小}"): sizes,
       choose(r"\text{distance}", r"\text{距離}"): off})

# %% [markdown] tags=["en"]
# A hundred times the samples bring the batch's gradient only about ten times nearer: as with every mean of random draws, the error shrinks like one over the square root of their number. (At 1,000 it is smaller still, because by then most of the samples are in.) Ten steps with
# batches of 10 take as many multiplications as one step with 100, and usually get further. Batches of one, on the other hand, waste what NumPy is good at: one product of large matrices is much faster than many small ones.
#
# So training goes like this. Put the samples in random order; cut them into batches; after each, take a step against its gradient, of a length that the **learning rate** decides. Once through all samples is an **epoch**. Then again, in another order. This is *stochastic gradient descent*:

# %% [markdown] tags=["zh"]
# 樣本增加到一百倍，距離只縮小到大約十分之一：隨機抽樣的平均都是這樣，誤差跟樣本數的平方根成反比。（1,000 個的時候還要更小，因為大部分的樣本都已經在裡面了。）每批 10 個走十步，計算量跟每批 100 個走一步相同，
# 通常卻走得更遠。反過來說，一次只看一個樣本，又浪費了 NumPy 的長處：一次大矩陣的乘法，比許多次小矩陣的乘法快得多。
#
# 所以訓練是這樣進行的：把樣本隨機排列，切成一批一批；每看完一批，就沿著它的梯度的反方向走一步，步子多大由**學習率**決定。全部樣本都看過一遍，叫做一**輪**（epoch）；然後換個順序再來一輪。這就是**隨機梯度下降**（stochastic gradient descent）：

# %%
from bp import backprop

def one_epoch(net, order, batch=10, rate=3.0, gradient=backprop):
    for start in range(0, len(order), batch):
        chosen = order[start:start + batch]
        nabla_b, nabla_w = gradient(x[:, chosen], y[:, chosen],
                                    net.weights, net.biases)
        for parameter, slope in zip(net.biases + net.weights,
                                    nabla_b + nabla_w):
            parameter -= rate * slope

# %% [markdown] tags=["en"]
# `Network.train` does just this, only faster: it keeps all parameters in one array, works in place, and a test compares it with such a loop. From the same order of samples it takes the same steps:

# %% [markdown] tags=["zh"]
# `Network.train` 做的就是這件事，只是更快：它把所有參數放在同一個陣列裡，就地計算；有測試拿它跟這樣的迴圈比對。樣本順序相同，走的每一步就相同：

# %%
ours, theirs = (Network([64, 30, 10], seed=1) for _ in range(2))
one_epoch(ours, np.random.default_rng(5).permutation(x.shape[1]))
theirs.train(x, y, epochs=1, batch=10, rate=3.0, seed=5,
             progress=False)
float(max(abs(w - v).max()
          for w, v in zip(ours.weights, theirs.weights)))

# %% [markdown] tags=["en"]
# ## Training
#
# Twenty epochs on the digits, with cost and accuracy measured before the first epoch and after each. An image counts as read when the largest of the ten outputs is the right one.

# %% [markdown] tags=["zh"]
# ## 開始訓練
#
# 用這些數字訓練二十輪；訓練之前和每一輪之後，都量一次成本和正確率。十個輸出裡最大的那個對了，這張影像就算認對。

# %%
net = Network([64, 30, 10], seed=1)
history = net.train(x, y, epochs=20, batch=10, rate=3.0, seed=1,
                    test=test, progress=False)
history

# %%
f"{history.test_accuracy[-1]:.1%}"

# %% [markdown] tags=["en"]
# That many of the images that it has never seen are read right. The two curves part: on the samples that it learns from, the network does better than on others. The gap is what it has learned *by heart*. If the
# test cost began to rise while that of training still falls, going on would only do harm; `train(…, patience=5)` stops when there were five epochs without a lower test cost, and keeps the best parameters. Which does it still get wrong? Below each image stands what it is, then what the network takes it for:

# %% [markdown] tags=["zh"]
# 沒看過的影像，認對的就有這麼多。兩條曲線漸漸分開：網路在學過的樣本上，表現比在沒學過的樣本上好，這個差距就是**死背**的部分。如果測試成本開始上升，訓練成本卻還在下降，再練下去只有壞處；
# `train(…, patience=5)` 會在連續五輪測試成本都沒有再創新低時停下來，並保留最好的那組參數。它還會認錯哪些？每張影像下面，先寫實際上是哪個數字，再寫網路把它認成什麼：

# %%
answers = net.feedforward(test[0])[1][-1].argmax(axis=0)
right = test[1].argmax(axis=0)
missed = np.flatnonzero(answers != right)[:10]
images(test[0][:, missed],
       [f"{right[s]}→{answers[s]}" for s in missed])

# %% [markdown] tags=["en"]
# ## What batch size and learning rate do
#
# Each entry is the share of test images that are read right after ten epochs, always from the same parameters. The smallest batch makes 1,348 steps an epoch, the largest makes one.

# %% [markdown] tags=["zh"]
# ## 批次大小與學習率的作用
#
# 表中每一格都從同一組參數開始，訓練十輪，列出測試影像認對的比例。最小的批次一輪走 1,348 步，最大的只走一步。

# %%
def accuracy(batch, rate):
    learner = Network([64, 30, 10], seed=1)
    learned = learner.train(x, y, epochs=10, batch=batch, rate=rate,
                            seed=1, test=test, progress=False)
    return f"{learned.test_accuracy[-1]:.0%}"

batches = [1, 10, 100, 1348]
rate_named = choose(r"\text{{rate }} {}", r"\text{{學習率 }} {}")
Table({choose(r"\text{batch}", r"\text{批次大小}"): batches,
       **{rate_named.format(rate): [accuracy(n, rate) for n in batches]
          for rate in (0.03, 0.3, 3, 30)}})

# %% [markdown] tags=["en"]
# Read the table along its diagonal: ten times the batch with ten times the rate ends at nearly the same place, as long as the rate is not too large. A tenth of the steps, each ten times as long, go about as far. So in the same number of epochs, small batches get further at a small rate.
# In the last column the steps are too long. Nothing is infinite and nothing stops, but the very first steps drive the units into saturation, and the network is left to guess.
#
# Where numbers can grow without bound, as with the identity at the output, a rate that is too large is louder. Then `train` stops and keeps the last finite parameters:

# %% [markdown] tags=["zh"]
# 沿著對角線看：批次變成十倍，學習率也變成十倍，只要學習率沒有太大，結果幾乎一樣。步數只有十分之一，每步長十倍，走得就差不多遠。所以輪數相同時，小批次用小的學習率就能走得比較遠。
# 最後一欄的步伐太大了。沒有任何數字變成無限大，程式也不會停，但一開始的幾步就把神經元推進飽和區，網路只能亂猜。
#
# 輸出層如果用恆等函數，數字可以無限制地變大，學習率太大就藏不住了。這時 `train` 會停下來，並保留最後一組仍是有限數的參數：

# %%
linear = Network([64, 30, 10], seed=1, output="identity")
try:
    linear.train(x, y, epochs=10, batch=10, rate=3.0, seed=1,
                 progress=False)
except FloatingPointError as error:
    print(fill(str(error), 72))
all(np.isfinite(w).all() for w in linear.weights)

# %% [markdown] tags=["en"]
# ## Deltas that vanish
#
# {eq:hidden-delta} multiplies by $f'$ once for each layer that δ passes, and the sigmoid's $f'$ is never more than ¼. How much is left for the first of seven layers? That depends on the weights as well. Standard normal ones, as ours are, add up over thirty units and make up for some of it. It is more usual to divide
# them by $\sqrt{n_{l-1}}$, so that $z$ doesn't grow with the width:

# %% [markdown] tags=["zh"]
# ## 消失的 δ
#
# 照 {eq:hidden-delta}，δ 每往下傳一層就要乘一次 $f'$，而 sigmoid 的 $f'$ 最多只有 ¼。有七層的話，傳到第一層還剩多少？這也跟權重有關。這裡的權重取自標準常態分布，三十個神經元的份加起來，可以補回一些。
# 比較常見的做法是再除以 $\sqrt{n_{l-1}}$，讓 $z$ 不會隨寬度變大：

# %%
from bp.figures import delta_by_layer
from bp.trace import trace

def deep(activation, divided=True):
    made = Network([64, *[30] * 6, 10], seed=1, activation=activation,
                   output="sigmoid")
    if divided:
        made.weights = [w / np.sqrt(w.shape[1]) for w in made.weights]
    return made

drawn = choose("σ, as drawn", "σ，原樣")
networks = {drawn: deep("sigmoid", divided=False),
            "σ, /√n": deep("sigmoid"), "tanh, /√n": deep("tanh")}
delta_by_layer({name: trace(made, x[:, :100], y[:, :100])
                for name, made in networks.items()})

# %% [markdown] tags=["en"]
# With the divided weights, about four fifths of δ are lost in each sigmoid layer: a straight line on this scale, down to a first layer that is told next to nothing. The hyperbolic tangent, whose slope reaches 1, loses far less ([lesson 13](13-other-activations-and-costs.ipynb)). What that means for
# learning, after ten epochs:

# %% [markdown] tags=["zh"]
# 權重除過之後，用 sigmoid 的網路每往下一層，δ 大約少掉五分之四：在這種刻度上是一條直線，到第一層幾乎什麼都不剩。雙曲正切 tanh 的斜率最大是 1，損失就少得多（[第 13 課](13-other-activations-and-costs.ipynb)）。
# 對學習有什麼影響？訓練十輪之後，測試影像認對的比例是：

# %%
ends = [made.train(x, y, epochs=10, batch=10, rate=1.0, seed=1,
                   test=test, progress=False).test_accuracy[-1]
        for made in networks.values()]
Table({choose(r"\text{network}", r"\text{網路}"): list(networks),
       choose(r"\text{read right}", r"\text{認對}"):
       [f"{share:.0%}" for share in ends]})

# %% [markdown] tags=["en"]
# With ten digits, a blind guess is right about one time in ten. The network whose deltas vanish has learned no more than that. Nothing in its code is wrong. Every gradient is right, but those of the first layers are too small to move anything. Where weights start and which $f$ a layer has is part of what makes a deep network learn at all.

# %% [markdown] tags=["zh"]
# 數字有十個，亂猜大約十次對一次；δ 消失的那個網路，就跟亂猜差不多。它的程式完全沒有錯，每個梯度都對，只是前面幾層的梯度小到推不動任何參數。權重從哪裡開始、各層用什麼 $f$，都會決定深層網路到底學不學得起來。

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# Four mistakes of [lesson 11](11-mistakes.ipynb) can't be seen with a single sample: $N = 1$ hides what is done to the samples together. Each is planted in the shipped code; then the network is trained for three epochs with it, in batches of 10:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# [第 11 課](11-mistakes.ipynb)有四個錯誤，只用一個樣本時看不出來：凡是要把各個樣本合起來做的事，$N = 1$ 的時候都看不出差別。下面把每個錯誤埋進實際使用的程式，再用這個錯的梯度訓練三輪，10 個一批：

# %%
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant

def same(gradient, samples):
    start = Network([64, 30, 10], seed=1)
    part = x[:, :samples], y[:, :samples], start.weights, start.biases
    got, want = (flat(g(*part)) for g in (gradient, backprop))
    fits = got.shape == want.shape and np.allclose(got, want)
    return choose("right", "正確") if fits else choose("wrong", "錯誤")

def learned_with(gradient):
    learner = Network([64, 30, 10], seed=1)
    draw = np.random.default_rng(1)
    try:
        for _ in range(3):
            one_epoch(learner, draw.permutation(x.shape[1]),
                      gradient=gradient)
    except ValueError:
        return choose("stops", "報錯")
    answers = learner.feedforward(test[0])[1][-1].argmax(axis=0)
    return f"{(answers == right).mean():.0%}"

# %%
ids = "sum-not-mean", "mean-twice", "last-sample-only", "bias-unsummed"
tried = {choose("none", "沒有錯"): SHIPPED,
         **{id: plant(MISTAKES[id]) for id in ids}}
functions = [algorithm.backprop for algorithm in tried.values()]
Table({choose(r"\text{mistake}", r"\text{錯誤}"): list(tried),
       "N = 1": [same(function, 1) for function in functions],
       "N = 10": [same(function, 10) for function in functions],
       choose(r"\text{read right}", r"\text{認對}"):
       [learned_with(function) for function in functions]})

# %% [markdown] tags=["en"]
# **The sum in place of the mean** makes every step as many times too long as the batch has samples, here ten times: the same as a rate of 30. With another batch size it is another rate. **The mean taken twice** makes it ten times too short. The network learns, only slowly, and somebody will say that the rate must be tuned. **Only the last
# sample's weight gradient** throws away nine tenths of the work; it learns too, more jerkily. These three give no sign but a worse curve. **Bias gradients that were not summed** have a column for each sample, and here NumPy refuses to subtract them. Had we written `b = b - rate * g`, it would have made the biases as wide as the batch, without a word.
#
# **Images that are not scaled.** The source notebook stops before training. Its one sample is `10 * np.random.randn(…)`; with numbers that large most units saturate at once, as here when pixels run from 0 to 16. Try it: train on `16 * x`, test with `16 * test[0]`.

# %% [markdown] tags=["zh"]
# **該取平均卻只加總**：批次有幾個樣本，每步就變成幾倍長，這裡是十倍，等於學習率變成 30；批次大小一換，又是另一個學習率。**取了兩次平均**：每步只剩十分之一長。網路還是會學，只是很慢，大家就會以為該調的是學習率。**權重梯度只剩最後一個樣本**：
# 十分之九的計算都白費了；它也會學，只是曲線抖得更厲害。這三個錯誤除了曲線比較難看，沒有任何徵兆。**偏權值的梯度沒有加總**：每個樣本各有一個直行，這裡相減時 NumPy 會拒絕；如果寫成 `b = b - rate * g`，偏權值就會默默變得跟批次一樣寬。
#
# **影像沒有縮放。** 原始筆記本做到訓練之前就停了，它唯一的樣本是 `10 * np.random.randn(…)`：數字這麼大，大部分神經元一開始就飽和了。這裡的像素如果從 0 到 16，情形也一樣。可以自己試試：用 `16 * x` 訓練，用 `16 * test[0]` 測試。

# %% [markdown] tags=["en"]
# ## Exercises
#
# ### Exercise 1
#
# In somebody's code the gradient is the sum over the batch. With batches of 10, a rate of 0.3 turned out best. Which rate takes the same steps in ours? They now change to batches of 100 and leave the rate as it is. Which entry of the table above is that?
#
# <details markdown="1"><summary>Hint</summary>
#
# Their gradient is the batch size times ours. What must be the same is rate times gradient.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# A rate of $10 \cdot 0.3 = 3$. With batches of 100 their steps are those of a rate of $100 \cdot 0.3 = 30$ in ours: the entry for batches of 100 in the last column, where the network only guesses. With a mean, the rate would still be 3. The last batch of an epoch, which has only 8 samples, tells the two apart even at batches of 10, so the cell leaves it out.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 練習
#
# ### 練習 1
#
# 某個人的程式把梯度算成批次的總和。10 個一批的時候，他發現學習率 0.3 最好。在我們的程式裡，學習率要取多少，走的每一步才會相同？他現在改成 100 個一批，學習率不變。這相當於上面表格裡的哪一格？
#
# <details markdown="1"><summary>提示</summary>
#
# 他的梯度是我們的梯度乘上批次大小。必須相同的是「學習率乘梯度」。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 學習率是 $10 \cdot 0.3 = 3$。改成 100 個一批，他的每一步就相當於我們用學習率 $100 \cdot 0.3 = 30$：也就是批次大小 100 的最後一欄，網路只能亂猜。如果取平均，學習率就還是 3。每輪的最後一批只有 8 個樣本，所以就算 10 個一批，兩者也會在那裡出現差別；儲存格裡把它略去了。
#
# </details>

# %% tags=["solution"]
summed = plant(MISTAKES["sum-not-mean"]).backprop
order = np.arange(1340)
for batch, rate in ((10, 3.0), (100, 30.0)):
    one, other = (Network([64, 30, 10], seed=1) for _ in range(2))
    whole_batches = order[:len(order) // batch * batch]
    one_epoch(one, whole_batches, batch, rate)
    one_epoch(other, whole_batches, batch, 0.3, summed)
    assert all(np.allclose(w, v)
               for w, v in zip(one.weights, other.weights))

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Sort the training images by their digits, all zeros first, all nines last, and go through them in that order, without shuffling, in batches of 10. What does the network answer to the test images after one epoch?
#
# <details markdown="1"><summary>Hint</summary>
#
# Which images did the last steps come from? What was asked of the outputs by each of them?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# To nearly all of them it answers 9. The last hundred and more images that it saw were nines, and each step asked for the same: raise the last output, lower the others. The mean over such a batch has little to do with the mean over all samples; that it is an estimate of it holds only for batches drawn at random. This is why `train` shuffles before each epoch.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 把訓練影像按數字排序，0 全部在最前面，9 全部在最後面，不打亂，就照這個順序 10 個一批走一輪。這時網路對測試影像會怎麼回答？
#
# <details markdown="1"><summary>提示</summary>
#
# 最後幾步看的是哪些影像？每一步要各個輸出怎麼變？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 幾乎都回答 9。它最後看到的一百多張影像都是 9，每一步的要求都一樣：把最後一個輸出調高，其他的調低。這樣一個批次的平均，跟全部樣本的平均沒什麼關係；要拿批次的平均來估計全部樣本的平均，批次必須是隨機抽的。所以 `train` 每一輪開始前都會先打亂。
#
# </details>

# %% tags=["solution"]
learner = Network([64, 30, 10], seed=1)
one_epoch(learner, np.argsort(y.argmax(axis=0), kind="stable"))
answers = learner.feedforward(test[0])[1][-1].argmax(axis=0)
nines = (answers == 9).mean()
assert nines > 0.9
f"{nines:.0%}"
