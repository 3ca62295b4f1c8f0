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
# # 10 · Checking gradients
#
# **The question.** You have code that computes a gradient. How do you find out whether it is right, *without* trusting any formula about gradients?

# %% [markdown] tags=["zh"]
# # 10 · 檢查梯度
#
# **問題。** 手上有一段計算梯度的程式，怎麼在**不依靠任何梯度公式**的情況下，知道它對不對？

# %% [markdown] tags=["en"]
# By going back to what a derivative is: change a parameter a little, and see how far the cost moves. Nothing is needed but the way forward. There are several ways to do it, and they
# differ enormously in what they can see.
#
# - **Forward difference:** one step ahead. Its error shrinks like the step $h$.
# - **Central difference:** one step ahead and one back. Like $h^2$.
# - **Fourth order:** two steps ahead and two back, weighted so that more cancels. Like $h^4$.
# - **Complex step:** one step into the *imaginary* direction, $ih$; the derivative appears in the imaginary part of the cost. Like $h^2$, but nothing is subtracted, so $h$ may be as small as you like.

# %% [markdown] tags=["zh"]
# 回到導數的定義：把參數動一點點，看成本動多少。只需要前饋，別的都不用。做法有好幾種，能看出多小的錯誤，差別非常大。
#
# - **前向差分**：往前一步。誤差跟步長 $h$ 成正比。
# - **中央差分**：往前一步、往後一步。誤差跟 $h^2$ 成正比。
# - **四階差分**：往前兩步、往後兩步，加權之後消掉更多誤差。誤差跟 $h^4$ 成正比。
# - **複數步微分**：往**虛數**方向走一步 $ih$，導數就出現在成本的虛部。誤差跟 $h^2$ 成正比，但完全沒有相減，所以 $h$ 要多小都可以。

# %%
def forward(E, h):
    return (E(h) - E(0)) / h

def central(E, h):
    return (E(h) - E(-h)) / (2 * h)

def fourth_order(E, h):
    return (8 * (E(h) - E(-h)) - (E(2*h) - E(-2*h))) / (12 * h)

def complex_step(E, h):
    return E(1j * h).imag / h

# %% [markdown] tags=["en"]
# We try them on one weight of the [2, 3, 1] network, the one from the first input to the first hidden unit. `E(h)` is the cost with that weight moved by $h$.
# The reference is a central difference with 50 digits, by the same forward pass on decimals; beside it stands what `backprop` says.

# %% [markdown] tags=["zh"]
# 拿 [2, 3, 1] 網路的一個權重來試：從第一個輸入連到第一個隱藏神經元的那個。`E(h)` 是把這個權重動了 $h$ 之後的成本。
# 對照的標準，是用 50 位的十進位數做同樣的前饋，再取中央差分；旁邊是 `backprop` 算的結果。

# %%
import numpy as np

from bp import feedforward, mean_cost, quadratic
from bp.example import net, x, y

def E(h, numbers=np.asarray):
    weights, biases = ([numbers(array) for array in arrays]
                       for arrays in (net.weights, net.biases))
    weights[0] = weights[0] + np.array([[1, 0], [0, 0], [0, 0]]) * h
    output = feedforward(numbers(x), weights, biases)[1][-1]
    return mean_cost(output, numbers(y), quadratic)

# %%
from decimal import Decimal, localcontext

decimals = np.vectorize(Decimal, otypes=[object])
with localcontext(prec=50):
    exact = central(lambda h: E(h, decimals), Decimal("1e-15"))

float(exact), float(net.backprop(x, y)[1][0][0, 0])

# %% [markdown] tags=["en"]
# How far off is each, for steps from a tenth down to $10^{-16}$?

# %% [markdown] tags=["zh"]
# 步長從十分之一到 $10^{-16}$，各差多少？

# %%
steps = 10.0 ** -np.arange(1, 16.5, 0.5)

def error(way, h):
    return max(abs(way(E, h) / float(exact) - 1), 1e-17)

curves = {way.__name__: (steps, [error(way, h) for h in steps])
          for way in (forward, central, fourth_order, complex_step)}

# %% tags=["drawing"]
from bp.figures import chart
from bp.glossary import choose

alt = choose("Relative error against the step. As the step shrinks, the "
             "three differences get better, then worse; complex steps "
             "get better and stay.",
             "相對誤差對步長。步長變小時，三種差分先變準再變差，"
             "複數步微分變準之後就不再變差。")
chart(curves, "h", choose("relative error", "相對誤差"), alt, log="xy")

# %% [markdown] tags=["en"]
# Read it from right to left. At first a smaller step is better, and the slope of the line is the order: 1, 2, 4, 2. Then the three differences turn around. They subtract two costs that
# are nearly equal, so that the leading digits cancel and rounding is left; the smaller the step, the more. Their best is about 8, 10 and 12 digits. The complex step subtracts nothing, so it goes down to the
# rounding of one float and stays there. (An error of exactly 0 is drawn at $10^{-17}$.)
#
# ## Not every entry, but every array
#
# A network has too many parameters to try them one by one. Moving *all* the entries of an array along one random direction $v$ tests them together: the cost must move by
# $\sum_{jk} v_{jk}\, \partial E/\partial w_{jk}$. A wrong entry shows, since a random direction is hardly ever blind to it.
#
# But one direction *for all arrays at once* is another thing. The gradients of the first layers of a deep network are small, and what is wrong with them drowns in the large ones. A network of eight layers of ten units, in which the first layer's gradient
# was replaced by zeros:

# %% [markdown] tags=["zh"]
# 從右往左看。一開始步長越小越好，線的斜率就是階數：1、2、4、2。接著三種差分都掉頭往上：它們把兩個幾乎相等的成本相減，前面的位數互相抵消，只剩捨入誤差，步長越小越嚴重。
# 最準的時候，大約分別有 8、10、12 位數是對的。複數步微分沒有相減，所以一路降到浮點數本身的捨入誤差，就停在那裡。（誤差剛好是 0 的點畫在 $10^{-17}$。）
#
# ## 不必每個元素，但要每個陣列
#
# 網路的參數太多，沒辦法一個一個試。把一個陣列的**所有**元素一起沿隨機方向 $v$ 移動，就能一次檢查：成本的變化必須是
# $\sum_{jk} v_{jk}\, \partial E/\partial w_{jk}$。隨機方向幾乎不可能剛好看不見某個錯的元素。
#
# 但是**所有陣列合用一個方向**就是另一回事了。深層網路前面幾層的梯度很小，那裡的錯會被後面大的梯度淹沒。下面是一個八層、每層十個神經元的網路，第一層的梯度被換成零：

# %%
from bp.evidence.fixtures import Fixture
from bp.evidence.floats import FloatPoint
from bp.evidence.mistakes import SHIPPED, Algorithm

def zeros_below(*arguments):
    nabla_b, nabla_w = SHIPPED.backprop(*arguments)
    nabla_b[0], nabla_w[0] = 0 * nabla_b[0], 0 * nabla_w[0]
    return nabla_b, nabla_w

wrong = Algorithm(SHIPPED.feedforward, zeros_below)
deep = Fixture((10,) * 9, 1)
right = FloatPoint(deep).gradients(SHIPPED.backprop)
[f"{abs(gradient).max():.0e}" for gradient in right[8:]]

# %% [markdown] tags=["en"]
# These are the largest entries of the true weight gradients, layer by layer: the first is tens of thousands of times smaller than the last. Now the check that everybody uses: central differences with a step of $10^{-6}$, every single entry,
# accepted when it is within a thousandth *plus* $10^{-5}$. (These are also the defaults of
# [`torch.autograd.gradcheck`](https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.html).)

# %% [markdown] tags=["zh"]
# 這是正確的權重梯度每一層最大的元素：第一層的只有最後一層的幾萬分之一。接著是大家都在用的檢查：步長 $10^{-6}$ 的中央差分，每個元素都比，
# 差距不超過數值的千分之一**加上** $10^{-5}$ 就算通過。（這也是 [`torch.autograd.gradcheck`](https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.html) 的預設值。）

# %%
from bp.evidence.refuted import usual_check

usual_check(deep, wrong)

# %% [markdown] tags=["en"]
# It accepts all 880 entries, though 110 of them are zeros that ought not to be: those of the first layer are all below its absolute tolerance. With complex steps, first along one direction for all arrays, then for each array:

# %% [markdown] tags=["zh"]
# 880 個元素全部通過，儘管其中 110 個是不該出現的零：第一層的每個元素都小於它容許的絕對誤差。改用複數步微分，先是所有陣列合用一個方向，再來是每個陣列各一個：

# %%
point = FloatPoint(deep)
moved = point.map(lambda array: array.astype(complex), point.activation)
draw = np.random.default_rng(2).standard_normal
direction = [draw(array.shape) for array in point.parameters]
for array, along in zip(moved.parameters, direction):
    array.imag = 1e-100 * along
slope = moved.cost(SHIPPED.feedforward).imag / 1e-100
gradients = point.gradients(wrong.backprop)
found = sum((g * v).sum() for g, v in zip(gradients, direction))
f"{abs(found / slope - 1):.0e}"

# %%
from textwrap import fill

from bp.evidence.floats import complex_steps
from bp.evidence.outcome import LinkError

try:
    complex_steps(deep, wrong)
except LinkError as error:
    print(fill(str(error), 72))

# %% [markdown] tags=["en"]
# Along one direction for all arrays, the zeros change the result by a few hundred-thousandths: a complex step could still see that, but a check that accepts
# a thousandth lets it pass. One direction *for each array* leaves no doubt: the gradient says 0.
#
# ## What a gradient check can't see
#
# - **The way forward.** It takes the code's own cost for true. If `feedforward` itself is wrong, the check only finds that the gradient is the gradient of the wrong network. That is why [link 3](evidence.ipynb#the-links) compares with the *statements*. One planted mistake, a forward pass without its bias, is of this kind; only the bias
#   gradients give it away.
# - **What happens to agree at this point.** With one sample, a forgotten mean can't show; with one output, neither can a mean over the outputs. [Lesson 11](11-mistakes.ipynb) has the table.
# - **A kink.** Beside a kink, as of ReLU at 0, a difference measures the slope of neither side.
#
# And complex steps are fooled by code that throws the imaginary part away: `abs`, `norm`, `vdot`, `conj`, comparisons, and arrays of floats that are filled in place. They then give 0, without a word. The same cost, written with a norm:

# %% [markdown] tags=["zh"]
# 所有陣列合用一個方向時，這些零只讓結果差了十萬分之幾：複數步微分還看得出來，但容許千分之一誤差的檢查就會放過。**每個陣列**各一個方向則毫無疑問：梯度說是 0。
#
# ## 梯度檢查看不到什麼
#
# - **前饋。** 它把程式自己算的成本當成真的。如果 `feedforward` 本身就錯了，檢查只會說這個梯度是那個錯的網路的梯度。所以[第 3 個環節](evidence.ipynb#the-links)是跟**公式**比對。
#   埋入的錯誤裡有一個就是這種：前饋忘了加偏權值，只有偏權值的梯度會露餡。
# - **在這一點碰巧算對的錯誤。** 只有一個樣本時，看不出忘了取平均；只有一個輸出時，看不出多對輸出取了平均。[第 11 課](11-mistakes.ipynb)有完整的表。
# - **不可微分的點。** 在折點旁邊（例如 ReLU 在 0 的地方），差分量到的不是任何一邊的斜率。
#
# 還有，會把虛部丟掉的程式能騙過複數步微分：`abs`、`norm`、`vdot`、`conj`、比較大小，以及就地寫入浮點數陣列。這時它會給出 0，而且沒有任何警告。把同一個成本改用範數來寫：

# %%
def E_with_norm(h):
    step = np.array([[1, 0], [0, 0], [0, 0]]) * h
    a = 1 / (1 + np.exp(-((net.weights[0] + step) @ x + net.biases[0])))
    a = 1 / (1 + np.exp(-(net.weights[1] @ a + net.biases[1])))
    return np.linalg.norm(a - y)**2 / 2 + 0j

complex_step(E, 1e-100), complex_step(E_with_norm, 1e-100)

# %% [markdown] tags=["en"]
# All of this says only *whether* a gradient is right. [Check your own](check.ipynb) says which equation is wrong.
#
# ## Exercises
#
# ### Exercise 1
#
# Suppose the cost were a polynomial in $h$. Up to which degree would the forward difference be *exact*, whatever the step? And the central and the fourth-order difference?
#
# <details markdown="1"><summary>Hint</summary>
#
# Put $E(h) = h^d$ into each formula. Which powers cancel?
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# Forward: degree 1, a straight line. Central: degree 2, since it subtracts $E(-h)$ and every even power cancels; the cube is the first that is left over. Fourth order: degree 4. It is built so that the cube cancels as well, and the fourth power is even. The cell tries
# $(1 + h)^d$, whose derivative at 0 is $d$, in exact fractions with a step of one tenth.
#
# </details>

# %% [markdown] tags=["zh"]
# 這些做法都只能說梯度對**不對**。[檢查你自己的程式](check.ipynb)則會指出錯的是哪個公式。
#
# ## 練習
#
# ### 練習 1
#
# 假設成本是 $h$ 的多項式。次數最高到幾次，前向差分不管步長多大都**完全正確**？中央差分和四階差分呢？
#
# <details markdown="1"><summary>提示</summary>
#
# 把 $E(h) = h^d$ 代進每個式子。哪些次方會消掉？
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 前向差分：一次，也就是直線。中央差分：二次，因為減去 $E(-h)$ 之後，偶數次方都消掉了，第一個剩下的是三次方。四階差分：四次；它就是為了把三次方也消掉而設計的，而四次方是偶數次方。儲存格拿 $(1 + h)^d$ 來試，它在 0 的導數是 $d$，用分數精確計算，步長十分之一。
#
# </details>

# %% tags=["solution"]
from fractions import Fraction

def exact_for(way):
    """The degrees up to 6 for which this way is exactly right."""
    return [d for d in range(7)
            if way(lambda h: (1 + h)**d, Fraction(1, 10)) == d]

degrees = {way.__name__: exact_for(way)
           for way in (forward, central, fourth_order)}
assert [max(found) for found in degrees.values()] == [1, 2, 4]
degrees

# %% [markdown] tags=["en"]
# ### Exercise 2
#
# Forward differences are best with $h$ between $10^{-7}$ and $10^{-8}$, central ones near $10^{-5}$. Why there?
#
# <details markdown="1"><summary>Hint</summary>
#
# Two errors add up. One grows with $h$, the other with $1/h$. A float carries 16 digits.
#
# </details>
#
# <details markdown="1"><summary>Answer</summary>
#
# The cost is rounded by about $10^{-16}$ of itself, so dividing a difference by $h$ leaves an error of about $10^{-16}/h$. The other error is about $h$, or $h^2$ for central differences. The sum is smallest where both are about equal:
# $h^2 = 10^{-16}$, or $h^3 = 10^{-16}$. That gives $10^{-8}$ and about $10^{-5.3}$, and errors of about $10^{-8}$ and $10^{-10.7}$. The cell reads the lowest points off the curves; the constants that were left out move the exponents by up to one.
#
# </details>

# %% [markdown] tags=["zh"]
# ### 練習 2
#
# 前向差分在 $h$ 介於 $10^{-7}$ 和 $10^{-8}$ 之間時最準，中央差分在 $10^{-5}$ 附近最準。為什麼是這些地方？
#
# <details markdown="1"><summary>提示</summary>
#
# 有兩種誤差加在一起：一種隨 $h$ 變大，一種隨 $1/h$ 變大。浮點數有 16 位數。
#
# </details>
#
# <details markdown="1"><summary>解答</summary>
#
# 成本本身有大約 $10^{-16}$ 的捨入誤差，差再除以 $h$，就留下大約 $10^{-16}/h$ 的誤差。另一種誤差大約是 $h$，中央差分則是 $h^2$。兩者差不多大的時候，加起來最小：
# $h^2 = 10^{-16}$，或 $h^3 = 10^{-16}$。得到 $10^{-8}$ 和大約 $10^{-5.3}$，誤差大約是 $10^{-8}$ 和 $10^{-10.7}$。儲存格讀出每條曲線的最低點；剛才省略的常數，會讓這些指數最多再差 1 左右。
#
# </details>

# %% tags=["solution"]
lowest = {name: min(zip(errors, steps))
          for name, (_, errors) in curves.items()}
powers = [np.log10(lowest[name]) for name in ("forward", "central")]
assert abs(powers - np.array([[-8, -8], [-10.7, -5.3]])).max() < 1.2
{name: f"h = {h:.0e}: {error:.0e}"
 for name, (error, h) in lowest.items()}
