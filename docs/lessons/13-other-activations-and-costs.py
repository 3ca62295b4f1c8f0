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
# # 13 · Other activations and costs
#
# **The question.** So far $f$ was the sigmoid and the cost was quadratic. How much of what was proved hangs on that?

# %% [markdown] tags=["zh"]
# # 13 · 其他的活化函數與成本
#
# **問題。** 到目前為止，$f$ 都是 sigmoid，成本都是二次成本。前面證明的東西，有多少是靠這一點才成立的？

# %% [markdown] tags=["en"]
# Nothing of the four statements. They were derived for an $f$ of which only the name of its derivative is known, and for any cost: whoever brings another
# $f$ brings its $f'$, and whoever brings another cost brings its derivative by the outputs. Three things are new, though. An activation may have a *kink*, where it
# has no derivative. A cost may *cancel* $f'$ at the output. And the outputs may *depend on each other*, so that no single $f'$ exists.
#
# Which output and which cost go with a task:
#
# | task | output | cost | output delta |
# |---|---|---|---|
# | a number | identity | quadratic | {eq:output-delta} |
# | yes or no | sigmoid | binary cross-entropy | {eq:sigmoid-output-delta} |
# | one of several classes | softmax | cross-entropy | {eq:softmax-output-delta} |
#
# In all three rows that comes to output minus target: the $f'$ of the identity is 1, and the targets of the last row add up to 1.

# %% [markdown] tags=["zh"]
# 四個公式完全不靠它。推導時，對 $f$ 只知道它的導數叫什麼名字，成本也是任意的：換一個 $f$，只要給出它的 $f'$；換一個成本，只要給出它對輸出的偏微分。
# 不過有三件新的事：活化函數可能有**折點**，在那裡沒有導數；成本可能把輸出層的 $f'$ **消掉**；輸出之間可能**互相影響**，那就沒有單獨的 $f'$ 可言。
#
# 什麼問題用什麼輸出函數、什麼成本：
#
# | 要輸出什麼 | 輸出函數 | 成本 | 輸出層的 δ |
# |---|---|---|---|
# | 一個數值 | 恆等函數 | 二次成本 | {eq:output-delta} |
# | 是或否 | sigmoid | 二元交叉熵 | {eq:sigmoid-output-delta} |
# | 好幾個類別中的一個 | softmax | 交叉熵 | {eq:softmax-output-delta} |
#
# 三種算出來都是輸出減目標值：恆等函數的 $f'$ 是 1，而最後一種的目標值加起來等於 1。

# %% [markdown] tags=["en"]
# ## Four more activations
#
# Each has its curve and that of its derivative, with the three hidden $z$ of the [2, 3, 1] network marked, and its two cards. Look at $f'$: it is the factor that
# blame passes through on its way down, layer by layer, in {eq:hidden-delta}.

# %% [markdown] tags=["zh"]
# ## 另外四個活化函數
#
# 下面畫出每個函數和它的導數，標上 [2, 3, 1] 網路隱藏層的三個 $z$，並各附兩張卡片。請看 $f'$：在 {eq:hidden-delta} 裡，責任往下傳時，每過一層就要乘上它。

# %%
from IPython.display import display

from bp import ACTIVATIONS, sigmoid, spec
from bp.example import net, x
from bp.figures import activation_curves

hidden_z = net.feedforward(x)[0][0]
for f in ACTIVATIONS.values():
    if f is not sigmoid:  # which has its cards in lesson 2
        display(activation_curves(f, hidden_z))
        display(spec.equation_of(f), spec.equation_of(f.prime))

# %% [markdown] tags=["en"]
# The hyperbolic tangent is a sigmoid stretched to values from −1 to 1; its slope reaches 1, not a quarter, so less is lost a layer. It saturates all the same. ReLU does not
# saturate where $z > 0$: there its slope is 1 and blame passes unchanged. Where $z < 0$ the slope is 0, and a unit that is there for every sample learns nothing any more: it is *dead*.
# Softplus is a ReLU without the corner, and its derivative is the sigmoid (divide above and below the bar of the statement in its card by $e^z$). The identity makes a linear unit, as one wants at the output of a regression.

# %% [markdown] tags=["zh"]
# 雙曲正切 tanh 是拉長到 −1 與 1 之間的 sigmoid，斜率最大是 1 而不是四分之一，所以每過一層損失得少一些，但一樣會飽和。ReLU 在 $z > 0$ 時不會飽和：
# 斜率是 1，責任原封不動地傳下去。$z < 0$ 時斜率是 0；如果一個神經元對每個樣本都落在這一邊，就再也學不到東西，也就是「死掉」了。
# Softplus 是沒有折點的 ReLU，導數正是 sigmoid（卡片裡的式子，分子與分母同除以 $e^z$ 就是）。恆等函數得到線性的神經元，適合放在迴歸的輸出層。

# %% [markdown] tags=["en"]
# ## A kink
#
# At $z = 0$ ReLU has no derivative. From the left the slope is 0, from the right it is 1, and central differences give the mean of the two. The code has to return something, and returns 0:

# %% [markdown] tags=["zh"]
# ## 折點
#
# ReLU 在 $z = 0$ 沒有導數：從左邊看斜率是 0，從右邊看是 1，中央差分得到兩者的平均。程式總得傳回一個數，它傳回的是 0：

# %%
import numpy as np

from bp import relu
from bp.figures import Table

h, kink = 1e-6, np.array(0.0)
left, right = relu(kink - h), relu(kink + h)
Table({r"\frac{f(0) - f(-h)}{h}": (relu(kink) - left) / h,
       r"\frac{f(h) - f(0)}{h}": (right - relu(kink)) / h,
       r"\frac{f(h) - f(-h)}{2h}": (right - left) / (2 * h),
       "f'(0)": relu.prime(kink)})

# %% [markdown] tags=["en"]
# This is a convention, not a theorem: at a kink the chain rule does not apply. All that is proved of ReLU here holds on either side of it. So that this cannot be forgotten, an activation
# *states* its kinks, and `bp verify` has SymPy look for them: a kink that isn't stated fails, and so does one that isn't there. With real numbers, $z$ is hardly ever exactly 0.

# %% [markdown] tags=["zh"]
# 這是約定，不是定理：在折點上，鏈鎖律不適用。這裡對 ReLU 的所有證明，只在折點的兩側成立。為了不讓人忘記，活化函數要**聲明**自己的折點，`bp verify` 會讓 SymPy 去找：
# 沒聲明的折點不通過，聲明了卻不存在的也不通過。實際計算時，$z$ 幾乎不會剛好等於 0。

# %% [markdown] tags=["en"]
# ## A cost that cancels f′
#
# In [lesson 4](04-output-delta.ipynb#exercise-1) an output of 0.99 with target 0 learned almost nothing, because delta carries the factor $f'(z)$. The binary cross-entropy takes each output for the probability that the
# target is 1; the less probable the actual target is by that, the larger the cost. Its derivative has $a(1-a)$ below the bar, which is exactly what the sigmoid's $f'$ is:

# %% [markdown] tags=["zh"]
# ## 把 f′ 消掉的成本
#
# 在[第 4 課](04-output-delta.ipynb#exercise-1)，輸出是 0.99、目標值是 0 的神經元幾乎學不到東西，因為 δ 裡有 $f'(z)$ 這個因子。二元交叉熵把每個輸出看成「目標值是 1」的機率；
# 照這個機率，實際的目標值越不可能出現，成本就越大。它的偏微分，分母是 $a(1-a)$，正好就是 sigmoid 的 $f'$：

# %%
display(spec["binary-cross-entropy"])
display(spec["binary-cross-entropy-derivative"])
display(spec["sigmoid-output-delta"])

# %% [markdown] tags=["en"]
# The more wrong the output, the larger its delta; no $f'$ holds it back any more. For a target of 0:

# %% [markdown] tags=["zh"]
# 輸出錯得越多，δ 就越大，不再被 $f'$ 壓低。目標值是 0 時：

# %% tags=["drawing"]
from bp import output_delta, quadratic, sigmoid_output_delta
from bp.figures import chart
from bp.glossary import choose

a = np.linspace(0.01, 0.99, 50)[None]
z, y = np.log(a / (1 - a)), np.zeros_like(a)
slow = output_delta(a, y, z, sigmoid, quadratic)
fast = sigmoid_output_delta(a, y)
most, peak, last = fast.max(), slow.max(), slow[0, -1]
shown = choose(
    f"Delta of an output a with target 0: with the cross-entropy it grows "
    f"to {most:.2f}, with the quadratic cost to {peak:.2f}, and falls "
    f"to {last:.4f} again.",
    f"目標值是 0 的輸出 a 的 δ：用交叉熵時一路增加到 {most:.2f}；"
    f"用二次成本時最多到 {peak:.2f}，之後又降到 {last:.4f}。")
chart({choose("cross-entropy", "交叉熵"): (a[0], fast[0]),
       choose("quadratic", "二次成本"): (a[0], slow[0])},
      "a", "δ", alt=shown)

# %% [markdown] tags=["en"]
# In the code, the sigmoid and the binary cross-entropy share one function for delta: `matched` says for which output with which cost there is a BP1 of their own. Taking the two derivatives and
# multiplying them would give the same on paper; in floats, $a(1-a)$ becomes 0 for a saturated output, and 0 divided by 0 is no number.

# %% [markdown] tags=["zh"]
# 在程式裡，sigmoid 與二元交叉熵這一對合用一個函式算 δ：`matched` 記著哪個輸出函數搭配哪個成本時，有專用的 BP1。分別算出兩個導數再相乘，紙上的結果一樣；
# 但用浮點數計算時，輸出一飽和，$a(1-a)$ 就變成 0，而 0 除以 0 沒有意義。

# %% [markdown] tags=["en"]
# ## Several classes: softmax
#
# A task of classification has several classes to choose from, three for instance, so the outputs should be probabilities that add up to 1: that is what softmax makes of the last $z$. The target is 1 for the right class and 0 for
# the others. The cost is the cross-entropy: the smaller the probability of the right class, the larger it is. There is a price: raise one $z$, and *all* outputs move.

# %% [markdown] tags=["zh"]
# ## 好幾個類別：softmax
#
# 分類問題要在好幾個類別中選一個（例如三類），輸出應該是加起來等於 1 的機率；softmax 就是把最後一層的 $z$ 變成這樣的機率。目標值在正確的那一類是 1，其餘是 0；
# 成本用交叉熵，正確那一類的機率越小，成本越大。代價是：調高一個 $z$，**所有**的輸出都會動。

# %%
display(spec["softmax"])
display(spec["cross-entropy"], spec["cross-entropy-derivative"])

# %%
from bp import softmax

before = np.array([[2.0], [1.0], [-1.0]])
after = before + [[0.1], [0.0], [0.0]]
Table({"j": [1, 2, 3], "z_j": before, "a_j": softmax(before),
       r"\Delta a_j": softmax(after) - softmax(before)})

# %% [markdown] tags=["en"]
# So {eq:output-delta} does not apply: there is no $f'$ of one unit. But the chain rule behind it does. Each $z_j$ acts on the cost through every output, so there is a sum over all of them. With the sigmoid
# one term was left of it; with softmax every term stays. Unfold the derivation: the bracket $[i=j]$ gives the one part, the product $a_i\,a_j$ the other:

# %% [markdown] tags=["zh"]
# 所以 {eq:output-delta} 不適用：單獨一個神經元的 $f'$ 並不存在。但是它背後的鏈鎖律仍然成立：每個 $z_j$ 都會透過所有的輸出影響成本，所以要對所有的輸出加總。用 sigmoid 時這個總和只剩一項，用 softmax 則每一項都留著。
# 展開推導就看得到：方括號 $[i=j]$ 給出其中一部分，乘積 $a_i\,a_j$ 給出另一部分：

# %%
spec["softmax-output-delta"]

# %% [markdown] tags=["en"]
# With targets that add up to 1, which probabilities do, it is output minus target once more. Is it true? The network of the cards, with softmax on two outputs. Each output bias is moved by a tiny imaginary
# amount, the complex step of [lesson 10](10-checking-gradients.ipynb), which gives the derivative of the cost by that bias. It should be the delta:

# %% [markdown] tags=["zh"]
# 目標值加起來等於 1（機率就是這樣）的時候，又是「輸出減目標值」。真的是這樣嗎？下面用卡片裡的網路，有兩個輸出，用 softmax。
# 用[第 10 課](10-checking-gradients.ipynb)的複數步微分：把每個輸出的偏權值往虛數方向移動極小的一步，得到成本對它的偏微分，應該就是 δ：

# %%
from bp.example import first_class, with_softmax
from bp.trace import trace

delta = trace(with_softmax, x, first_class).delta[2]
pushed = []
for j in range(2):
    stepped = with_softmax.biases[1].astype(complex)
    stepped[j] += 1e-30j
    _, (*_, hidden, _) = with_softmax.feedforward(x)
    z = with_softmax.weights[1] @ hidden + stepped
    E = with_softmax.cost(softmax(z), first_class)
    pushed.append(E.imag.item() / 1e-30)
Table({"j": [1, 2], r"\delta_j": delta, r"\Delta E / \Delta b_j": pushed})

# %% [markdown] tags=["en"]
# A network with three classes, to run and to change. One sample, whose class is the second:

# %% [markdown] tags=["zh"]
# 下面是三個類別的網路，可以自己執行、修改。樣本只有一個，屬於第二類：

# %%
from bp import Network

three_classes = Network([2, 4, 3], seed=1, activation="tanh",
                        output="softmax", cost="cross_entropy")
second_class = np.array([[0.0], [1.0], [0.0]])
run = trace(three_classes, x, second_class)
Table({"j": [1, 2, 3], "a_j^L": run.a[2], "y_j": second_class,
       r"\delta_j^L": run.delta[2]})

# %% [markdown] tags=["en"]
# The $\delta$ of the right class is negative, so its $z$ should go up; the other two should come down. From these, `three_classes.backprop(x, second_class)` computes all gradients.

# %% [markdown] tags=["zh"]
# 正確那一類的 $\delta$ 是負的，所以它的 $z$ 要調高；另外兩類的要調低。`three_classes.backprop(x, second_class)` 會由此算出所有的梯度。

# %% [markdown] tags=["en"]
# ## Which go together
#
# An output must have values that the cost is defined for: a cross-entropy needs the (natural) logarithm of $a$, so the outputs must lie between 0 and 1. Whatever doesn't fit is refused:

# %% [markdown] tags=["zh"]
# ## 哪些可以搭配
#
# 輸出的值必須在成本有定義的範圍裡：交叉熵要取 $a$ 的（自然）對數，所以輸出要在 0 與 1 之間。不合的搭配會被擋下來：

# %%
from textwrap import fill

try:
    Network([2, 3, 1], activation="tanh", cost="cross_entropy")
except ValueError as error:
    print(fill(str(error), 72))

# %% [markdown] tags=["en"]
# Whatever goes together is bridged on networks of several sizes, and compared with complex steps and with longer floats ([evidence](evidence.ipynb)). The columns are the activation of the hidden layers, the output and the cost:

# %% [markdown] tags=["zh"]
# 可以搭配的每一組，都在好幾種大小的網路上「對照」過，也跟複數步微分、位數更多的浮點數比過（見[證據](evidence.ipynb)）。三欄依序是隱藏層的活化函數、輸出函數、成本：

# %%
from bp.evidence.fixtures import settings

for hidden, cost, output in settings():
    print(f"{hidden.__name__:10}{output.__name__:10}{cost.__name__}")

# %% [markdown] tags=["en"]
# ## A new activation
#
# What it takes to add an activation: the function, its derivative, its formula. (One more is optional: `prime_from_value`, the derivative in terms of $a$, as $a(1-a)$ is that of the sigmoid. It makes training faster, and is proved like the rest.) The rest follows. Here is *swish*, registered as those in `bp/functions.py` are, and at once every check that it must pass is run:

# %% [markdown] tags=["zh"]
# ## 加一個新的活化函數
#
# 要加一個活化函數，只需要：函數、導數、公式。（還可以選擇提供 `prime_from_value`，也就是用 $a$ 寫成的導數，例如 sigmoid 的 $a(1-a)$。這樣訓練會比較快，而且同樣會經過證明。）其餘會自動處理。下面的 **swish** 跟 `bp/functions.py` 裡的寫法一樣；登記之後，它該通過的檢查馬上全部執行一次：

# %%
from bp import verify
from bp.figures import Evidence
from bp.functions import activation
from bp.spec import equations_of_activation

def swish_prime(z):
    return sigmoid(z) + z * sigmoid.prime(z)

@activation("z / (1 + exp(-z))", prime=swish_prime,
            title=("swish", "swish 函數"), between=(-0.28, np.inf))
def swish(z):
    return z * sigmoid(z)

Evidence(verify(equations_of_activation(swish)))

# %% [markdown] tags=["en"]
# Let the derivative forget the product rule, and the checks that compare code with mathematics fail, and say where and by how much:

# %% [markdown] tags=["zh"]
# 讓導數忘了乘法法則，拿程式跟數學比對的那些檢查就會失敗，還會指出錯在哪裡、錯多少：

# %%
def forgetful(z):
    return sigmoid.prime(z)

ACTIVATIONS["swish"].prime = forgetful
for failure in verify(equations_of_activation(swish)).failures:
    print(fill(str(failure).splitlines()[0], 72))
del ACTIVATIONS["swish"]

# %% [markdown] tags=["en"]
# ## What breaks if you get it wrong
#
# **Multiply the matched delta by $f'$ all the same**, and the output learns slowly again: every δ of the output has the right sign and the wrong size, and below it even signs can be wrong. **Take softmax for an activation of single units**, with $a(1-a)$ as its derivative, and the off-diagonal part is lost.
# When the target is the first class, the second output should come down, but its δ is 0 and it doesn't move at all:

# %% [markdown] tags=["zh"]
# ## 會怎麼錯
#
# **合併之後的 δ 又乘了一次 $f'$**：輸出又學得很慢；輸出層的每個 δ 正負號都對，大小卻都錯；再往下，連正負號都可能錯。**把 softmax 當成單一神經元的活化函數**，拿 $a(1-a)$ 當導數：非對角線的部分就不見了。
# 目標是第一類時，第二個輸出本來應該下降，δ 卻是 0，完全不會變：

# %%
a, y = softmax(before), np.array([[1.0], [0.0], [0.0]])
diagonal = -y / a * a * (1 - a)
Table({"j": [1, 2, 3], "a_j": a, "y_j": y, r"\delta_j": a - y,
       r"-y_j (1 - a_j)": diagonal})

# %% [markdown] tags=["en"]
# ## Exercises
#
# ### Exercise 1
#
# Let every layer of a [3, 5, 4, 2] network use the identity. What can this network compute that a network without hidden layers cannot?
#
# <details markdown="1"><summary>Hint</summary>
#
# Write the output for two layers without $f$, and multiply out.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Nothing. $W^2(W^1 x + b^1) + b^2 = (W^2 W^1)\,x + (W^2 b^1 + b^2)$ is again one layer, and so on for more of them. Without a bend somewhere, depth buys nothing.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 練習
#
# ### 練習 1
#
# 讓 [3, 5, 4, 2] 網路的每一層都用恆等函數。有什麼是這個網路算得出來、沒有隱藏層的網路卻算不出來的？
#
# <details markdown="1"><summary>提示</summary>
#
# 把兩層、沒有 $f$ 的輸出寫出來，再乘開。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 沒有。$W^2(W^1 x + b^1) + b^2 = (W^2 W^1)\,x + (W^2 b^1 + b^2)$，又是一層；更多層也一樣。中間沒有彎曲，再深也沒有用。
#
# </details>

# %% tags=["solution"]
deep = Network([3, 5, 4, 2], seed=1, activation="identity")
samples = np.random.default_rng(2).standard_normal((3, 7))
(w1, w2, w3), (b1, b2, b3) = deep.weights, deep.biases
flat = w3 @ w2 @ w1 @ samples + w3 @ (w2 @ b1 + b2) + b3
assert np.allclose(deep.feedforward(samples)[1][-1], flat)

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Softmax with the cross-entropy, a target that adds up to 1. Add the same number $c$ to all $z_j$ of a sample. What happens to the outputs? And what does that say about $\delta_1 + \delta_2 + \dots$?
#
# <details markdown="1"><summary>Hint</summary>
#
# The factor $e^c$ is above and below the bar. If the cost does not move in a direction, its derivative in that direction is known.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Nothing happens: $e^c$ cancels. So the cost does not change when all $z_j$ move together, and its derivative in that direction, which is the sum of the $\delta_j$, is 0. What one output is to gain, the others must lose.
# (For this reason the code may subtract the largest $z$ before it takes powers, and never overflows.)
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# Softmax 搭配交叉熵，目標值加起來等於 1。把一個樣本的所有 $z_j$ 都加上同一個數 $c$，輸出會怎麼變？由此可知 $\delta_1 + \delta_2 + \dots$ 是多少？
#
# <details markdown="1"><summary>提示</summary>
#
# 分子與分母都有因子 $e^c$。如果成本在某個方向上不動，它在那個方向上的導數就知道了。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 完全不變：$e^c$ 消掉了。所以所有 $z_j$ 一起動時，成本不變，而成本在這個方向上的導數，也就是所有 $\delta_j$ 的和，等於 0。一個輸出要增加多少，其他的就得減少多少。
# （也因為這樣，程式可以先減掉最大的 $z$ 再取指數，永遠不會溢位。）
#
# </details>

# %% tags=["solution"]
moved = softmax(before + 123.0)
assert np.allclose(moved, softmax(before))
assert np.isclose((softmax(before) - y).sum(), 0)
