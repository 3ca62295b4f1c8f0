"""What a check says, in both languages."""
from bp import errors
from bp.diagnosis.diagnosis import Finding
from bp.evidence.mistakes import MISTAKES

LESSONS = {"output-delta": "lessons/04-output-delta", "bias-gradient": "lessons/05-gradients",
           "weight-gradient": "lessons/05-gradients", "hidden-delta": "lessons/06-hidden-delta"}
_TITLES = {"output-delta": ("the output delta (BP1)", "輸出層的敏感度（BP1）"),
           "bias-gradient": ("the bias gradient (BP3)", "偏權值的梯度（BP3）"),
           "weight-gradient": ("the weight gradient (BP4)", "權重的梯度（BP4）"),
           "hidden-delta": ("the hidden delta (BP2)", "隱藏層的敏感度（BP2）")}
_CROSSWALK, _MISTAKES, _ALGORITHM = "lessons/crosswalk/", "lessons/11-mistakes/", "lessons/07-algorithm/"
HOW = "lessons/check/#how-to-call-it"

_LAYOUTS = {
    "columns": ("columns are samples", "樣本是直行"),
    "sample": ("one sample at a time, as a column", "一次一個樣本，樣本是一個直行"),
    "rows": ("rows are samples, weights have the shape (in, out), biases are rows",
             "樣本是橫列，權重的形狀是（輸入，輸出），偏權值是橫列"),
    "rows-flat": ("rows are samples, weights have the shape (in, out), biases (out,)",
                  "樣本是橫列，權重的形狀是（輸入，輸出），偏權值是（輸出，）"),
    "linear": ("rows are samples, weights have the shape (out, in), biases (out,), as in torch.nn.Linear",
               "樣本是橫列，權重的形狀是（輸出，輸入），偏權值是（輸出，），跟 torch.nn.Linear 一樣"),
    "linear-column": ("rows are samples, weights have the shape (out, in), biases (out, 1)",
                      "樣本是橫列，權重的形狀是（輸出，輸入），偏權值是（輸出，1）"),
    "vector": ("one sample at a time, a vector; weights have the shape (out, in)",
               "一次一個樣本，樣本是一維向量；權重的形狀是（輸出，輸入）"),
    "vector-turned": ("one sample at a time, a vector; weights have the shape (in, out)",
                      "一次一個樣本，樣本是一維向量；權重的形狀是（輸入，輸出）"),
}
_SCALES = {
    "mean": ("the mean over the samples of ½(a − y)²", "各樣本 ½(a − y)² 的平均"),
    "sum": ("the sum over the samples, not the mean", "各樣本的總和，不是平均"),
    "mean, no half": ("a cost without the ½", "沒有 ½ 的成本"),
    "sum, no half": ("the sum over the samples of a cost without the ½", "沒有 ½ 的成本對各樣本的總和"),
    "mean over outputs": ("the mean over outputs as well as samples", "對樣本和輸出都取平均的成本"),
    "mean over outputs, no half": ("the mean of the squares over outputs and samples, as nn.MSELoss",
                                   "差的平方對樣本和輸出都取平均的成本，跟 nn.MSELoss 一樣"),
    "sum, mean over outputs": ("the sum over the samples of a mean over outputs", "先對輸出取平均、再對樣本加總的成本"),
    "sum, mean over outputs, no half": ("the sum over the samples of the mean of the squares over outputs",
                                        "差的平方先對輸出取平均、再對樣本加總的成本"),
}


def layout(name):
    """How the arrays lie."""
    en, zh = _LAYOUTS[name]
    return Finding("convention", f"Your arrays, as they were recognised: {en}. That is a convention, not a mistake.",
                   f"認出你的陣列排法：{zh}。這是慣例，不是錯誤。", _CROSSWALK)


def guessed(arguments):
    """Arguments whose names aren't known, (name, role) each, were read by their order."""
    en = ", ".join(f"`{name}` was taken for {role}" for name, role in arguments)
    zh = "、".join(f"`{name}` 當成 {role}" for name, role in arguments)
    return Finding("convention", f"Not all names of its arguments are known; by their order, {en}.",
                   f"它的引數有不認得的名稱，所以照順序讀：{zh}。", HOW)


def returned(name):
    """In which order the gradients come."""
    order = {"dictionary": ("a dictionary", "字典")}.get(name, (name, name))
    return Finding("convention", f"The gradients come back as {order[0]}. That is a convention, not a mistake.",
                   f"梯度傳回的形式：{order[1]}。這是慣例，不是錯誤。", _CROSSWALK)


def scale(name, mistakes=()):
    """Another scale of the cost; `mistakes` are those that would give the same."""
    en, zh = _SCALES[name]
    ids = {joined: joined.join(id for match in mistakes for id in match) for joined in (" and ", "、")}
    unless = (f", unless your cost is meant to be the mean of ½(a − y)²: then it is {ids[' and ']}",
              f"；但如果你的成本本來就該是 ½(a − y)² 的平均，那就是錯誤 {ids['、']}") if mistakes else ("", "")
    return Finding("convention", f"Your gradient is that of {en}. That is a convention, not a mistake{unless[0]}.",
                   f"你的梯度對應的成本是{zh}。這是慣例，不是錯誤{unless[1]}。",
                   "lessons/02-activation-and-cost/#eq-cost", "cost", tuple(mistakes))


ENDED = {"time": ("It takes too long", "花的時間太久"), "output": ("It prints too much", "印出太多東西"),
          "exit": ("It ends its own process", "自己結束了行程")}


def crash(found, stopped, others, limited=False):
    """The code stopped, for the first time as `found` says, on the networks `stopped`; on `others` it runs.

    `limited`: it was written for networks of two layers, and is right on those.
    """
    source = f"`{found.source}`" * bool(found.source)
    where = f" in line {found.line}" + f", {source}" * bool(source) if found.line else ""
    where_zh = f"，停在第 {found.line} 行 {source}".rstrip() if found.line else ""
    error, error_zh = errors.in_words(found.error)
    if found.kind in ENDED:
        what, what_zh = ENDED[found.kind]
        en, zh = f"{what} ({found.error}).", f"{what_zh}（{found.error}）。"
    elif found.kind == "returned":
        en, zh = f"What it returns is no gradient: {error}", f"傳回的不是梯度：{error_zh}"
    else:
        en, zh = f"It stops{where}: {error}", f"執行到一半就中斷了{where_zh}：{error_zh}"
    if limited:
        return Finding("remark", f"It is right on networks of two layers: an input, a hidden layer and an output. On others {en[0].lower()}{en[1:]} "
                       "That is no mistake if it was written for two.",
                       f"它在兩層的網路（輸入、一個隱藏層、輸出）上是正確的。在其他網路上，{zh}如果本來就只是寫給兩層的，這不算錯。", _ALGORITHM)
    if found.shapes and errors.is_of_shapes(found.error):
        shapes = ", ".join(f"{name} {shape}" for name, shape in found.shapes)
        en, zh = f"{en} The shapes there, on {stopped[0]}: {shapes}.", f"{zh}在 {stopped[0]} 上，當時的形狀：{shapes}。"
    if others:
        (on, on_zh), (off, off_zh) = ([comma.join(networks) for comma in (", ", "、")] for networks in (others, stopped))
        en, zh = f"{en} It fails on {off}; on {on} it runs.", f"{zh}在 {off_zh} 上不行，在 {on_zh} 上可以執行。"
    is_of_arguments = found.kind == "returned" or found.error.startswith(("NameError", "KeyError"))
    return Finding("crash", en, zh, HOW if is_of_arguments else _ALGORITHM)


def arguments(name, signature, unknown):
    """A signature that doesn't say which argument is which; `unknown` are the names in it that aren't known."""
    forms = ["`(x, y)`", "`(x, y, weights, biases)`", "`(x, y, parameters)`", "`(x, y, W1, b1, …)`"]
    which, which_zh = (f" Not known: `{unknown}`.", f"不認得的名稱：`{unknown}`。") if unknown else ("", "")
    return Finding("crash", f"The arguments of `{name}` were not understood: `{signature}`.{which} "
                   f"It may take {', '.join(forms[:3])} or {forms[3]}, each under its usual name, with biases for "
                   "every layer. Leave out anything else, such as a learning rate, or give it a default.",
                   f"看不懂 `{name}` 的引數：`{signature}`。{which_zh}可以用的是 {'、'.join(forms[:3])} 或 {forms[3]}，名稱用常見的就好，每一層都要有偏權值。"
                   "其他的引數（例如學習率）請拿掉，或給它預設值。",
                   HOW)


def unseen(how):
    """Parameters of which the code takes no notice: it "keeps" to what it has, or "draws" its own."""
    seen, seen_zh = {"keeps": ("whatever its weights and biases are, it returns the same", "不管權重和偏權值是什麼，傳回的都一樣"),
                     "draws": ("asked twice for the same network, it returns something else", "同一個網路問兩次，傳回的不一樣")}[how]
    return Finding("crash", f"Its parameters were not found: {seen}. They are put where a function or an object keeps `weights` and "
                   "`biases`, `W1`, `b1` … or a dictionary of such; or let it take them as arguments.",
                   f"找不到它的參數：{seen_zh}。參數會放到函式或物件的 `weights`、`biases`、`W1`、`b1`……，或放這些名稱的字典裡；"
                   "也可以讓它用引數接收參數。", HOW)


def shape(name, got, want, problem):
    """An array of another shape."""
    equation = "bias-gradient" if name.startswith("nabla_b") else "weight-gradient"
    return Finding("shape", f"{name} has the shape {got} on {problem}; its parameter has {want}.",
                   f"在 {problem} 上，{name} 的形狀是 {got}，對應的參數是 {want}。", place_of(equation), equation)


def count(got, problem):
    """Another number of arrays."""
    return Finding("shape", f"On {problem} it returns gradients of {got} layers; the network has {problem.L}.",
                   f"在 {problem} 上，它傳回 {got} 層的梯度，但網路有 {problem.L} 層。", _ALGORITHM)


def ratio(of_biases, of_weights):
    """Constant ratios, as text: "1" where it is right."""
    en, zh = f"every gradient is the right one times {of_biases}", f"所有梯度都剛好是正確值的 {of_biases} 倍"
    if of_biases != of_weights:
        said = lambda times: ("right", "正確") if times == "1" else (f"the right ones times {times}", f"是正確值的 {times} 倍")
        (b, b_zh), (w, w_zh) = said(of_biases), said(of_weights)
        en, zh = f"the bias gradients are {b}, the weight gradients {w}", f"偏權值的梯度{b_zh}，權重的梯度{w_zh}"
    return Finding("ratio", f"In every entry {en}.", f"{zh}，每個元素都一樣。", _MISTAKES + "#told-from-the-gradients-alone")


def equation(id, layer, problem, rest_right, only_batches, unfilled):
    """The first wrong equation from the output backwards."""
    en, zh = _TITLES[id]
    right = {"output-delta": ("", ""), "hidden-delta": (f"; everything from layer {layer + 1} on is right", f"；第 {layer + 1} 層以上全都正確")}
    tail = right.get(id, ("; the delta of that layer is right", "；那一層的敏感度是正確的"))
    more = (" The steps that use this delta are right; they only start from a wrong one.", "後面用到這個 δ 的步驟沒有寫錯，只是從錯的 δ 開始算。") if rest_right else ("", "")
    batch = (" With a single sample it is right.", "只有一個樣本時是正確的。") if only_batches else ("", "")
    empty = (" What came back there is all zero: was it ever computed? Then the equation itself may be right.",
             "那裡傳回的全是 0：是不是沒有算到？那樣的話，公式本身不一定有錯。") if unfilled else ("", "")
    return Finding("equation", f"The first wrong equation, from the output backwards, is {en}, at layer {layer} of {problem}{tail[0]}.{more[0]}{batch[0]}{empty[0]}",
                   f"從輸出往回看，第一個錯的公式是{zh}，在 {problem} 的第 {layer} 層{tail[1]}。{more[1]}{batch[1]}{empty[1]}",
                   place_of(id), id)


def over_samples(problem):
    """Only several samples together are wrong."""
    return Finding("equation", f"With one sample everything is right; with {problem.N}, on {problem}, it is not. "
                   "So what goes wrong is what happens across samples: mostly the sum or the mean over them (BP3 and BP4), "
                   "else the samples are mixed on the way.",
                   f"只有一個樣本時全都正確，在 {problem} 上有 {problem.N} 個樣本時就不對了。"
                   "所以錯在樣本之間的計算：多半是對各樣本的加總或平均（BP3 和 BP4），不然就是途中把不同的樣本混在一起了。",
                   "lessons/05-gradients/#many-samples", "weight-gradient")


def forward():
    """The way forward is wrong already."""
    return Finding("equation", "The way forward is wrong already: the weighted input.",
                   "前饋就已經錯了，錯在加權輸入。", "lessons/03-feedforward/#eq-weighted-input", "weighted-input")


def catalogue(matches, rate=None, possible=False):
    """The mistakes that explain what came; several can't be told apart. `possible`: nothing came."""
    named = {"en": " or ".join(" and ".join(f"{id} ({MISTAKES[id].name('en')})" for id in ids) for ids in matches),
             "zh": "；或者".join("，加上 ".join(f"{id}（{MISTAKES[id].name('zh-TW')}）" for id in ids) for ids in matches)}
    if possible:
        en, zh = "These mistakes of the catalogue stop in the same way: {en}", "錯誤清單裡也會這樣中斷的：{zh}"
    elif len(matches) > 1:
        en, zh = ("It is one of these mistakes, which cannot be told apart here: {en}",
                  "是下面其中一個錯誤，在這裡無法分辨是哪一個：{zh}")
    elif len(matches[0]) > 1:
        en, zh = "It is what two mistakes give together: {en}", "這是兩個錯誤合起來的結果：{zh}"
    else:
        en, zh = "It is the mistake {en}", "就是這個錯誤：{zh}"
    if rate:
        en, zh = f"{en}, with a learning rate of {rate:.4g}", f"{zh}，學習率是 {rate:.4g}"
    return Finding("possible" if possible else "catalogue", en.format(**named) + ".", zh.format(**named) + "。",
                   f"{_MISTAKES}#mistake-{matches[0][0]}", mistakes=tuple(matches))


def stepped():
    """The parameters came back, after a step of learning."""
    return Finding("unknown", "It returns the parameters after a step of learning; the gradient in it may be right. What is checked is "
                   "the gradient itself: return that, before the parameters are updated.",
                   "它傳回的是學習一步之後的參數，其中的梯度可能是對的。這裡檢查的是梯度本身：請在更新參數之前，把梯度傳回來。", _ALGORITHM)


def unknown(problem, name, entry, got, want):
    """Not in the catalogue: the smallest case that fails."""
    place = f"{name}[{', '.join(map(str, entry))}]"
    return Finding("unknown",
                   f"It is not in the catalogue. The smallest case that fails is {problem}: {place} is {got:.9g}, and should be {want:.9g}.",
                   f"錯誤清單裡沒有這一種。會出錯的最小例子是 {problem}：{place} 是 {got:.9g}，應該是 {want:.9g}。", _MISTAKES)


def other_functions(activation, cost, output):
    """It is right for another network."""
    called = f"activation={activation!r}, cost={cost!r}, output={output!r}"
    return Finding("remark", f"It is the right gradient for other functions. If you meant those, say so: {called}.",
                   f"換成別的函數，它就是正確的梯度。如果你用的本來就是這些函數，請指明：{called}。",
                   "lessons/13-other-activations-and-costs/")


def changed(names):
    """Arguments that the function changes."""
    return Finding("remark", f"It changes what it is given: {', '.join(names)}. A function that updates the parameters is a training step; what is checked is one that returns their gradient.",
                   f"它會改動傳進去的陣列：{', '.join(names)}。會更新參數的函式是訓練的一步，這裡檢查的是傳回梯度的函式。", _ALGORITHM)


def one_at_a_time():
    """Right for one column, wrong for several."""
    return Finding("remark", "For one sample at a time nothing has to be changed. Given several at once, as the columns of one array, it isn't right: "
                   "then the weight gradient is `delta @ a.T` (not `np.outer`), the bias gradient is summed over the columns, and for the mean "
                   "both are divided by $N$.",
                   "一次一個樣本是對的，不必改。要一次算好幾個（同一個陣列的各個直行）時，結果就不對了：那時權重的梯度是 `delta @ a.T`（不能用 `np.outer`），"
                   "偏權值的梯度要把各直行加起來；要平均的話，兩種梯度都再除以 $N$。",
                   "lessons/05-gradients/#many-samples")


def single_precision():
    """Right, but not to the last digits."""
    return Finding("remark", "It agrees to single precision only: it computes with float32, or with differences.",
                   "只在單精度的範圍內一致：它用的是 float32，或是差分。", "lessons/10-checking-gradients/")


def place_of(equation):
    """The path to an equation."""
    return f"{LESSONS[equation]}/#eq-{equation}"
