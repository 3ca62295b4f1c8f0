"""check: mistakes are named, conventions recognised, right code never called wrong, bad input refused by name."""
import importlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bp
from bp import backprop, bias_gradient, check, crosswalk, feedforward, output_delta, spec, weight_gradient
from bp.figures import benchmarks
from bp.figures import confusion as page
from bp.diagnosis import words
from bp.diagnosis.conventions import Answer, UnknownArguments, call, describe
from bp.diagnosis.diagnosis import KINDS, STOPS
from bp.diagnosis.problems import problems
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "benchmarks"))
confusion, styles = map(importlib.import_module, ("confusion", "styles"))
STYLES = styles.STYLES


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def kinds(diagnosis):
    return [finding.kind for finding in diagnosis.findings]


# Mistakes.

@pytest.mark.parametrize("id", MISTAKES)
@pytest.mark.parametrize("style", STYLES)
def test_a_planted_mistake_is_named_in_every_style_in_which_it_changes_anything(id, style):
    fn = STYLES[style].dress(plant(MISTAKES[id]).backprop)
    diagnosis = check(fn)
    if confusion.differs(STYLES[style], fn, 0):
        assert (id,) in diagnosis.matches, diagnosis
    else:
        assert diagnosis.correct, diagnosis


@pytest.mark.parametrize("style", STYLES)
def test_the_convention_of_a_mistaken_function_is_recognised(style):
    fn, convention = STYLES[style].dress(plant(MISTAKES["no-prime-hidden"]).backprop), STYLES[style].convention
    found = check(fn).convention
    assert (found["layout"], found["container"]) == (convention.layout, convention.container)


@pytest.mark.parametrize("ids", [("no-prime-output", "no-prime-hidden"), ("sign", "bias-totalled"),
                                 ("untransposed-weights", "no-prime-output"), ("mean-twice", "layers-reversed")])
def test_two_mistakes_together_are_named(ids):
    diagnosis = check(plant(*(MISTAKES[id] for id in ids)).backprop)
    assert set(ids) in map(set, diagnosis.matches), diagnosis


@pytest.mark.parametrize("rate", [0.01, 3.0])
def test_the_rate_of_weights_that_were_updated_too_early_is_found(rate):
    diagnosis = check(plant(MISTAKES["updated-weights"], rate=rate).backprop)
    assert diagnosis.matches == (("updated-weights",),)
    assert f"{rate:.4g}" in diagnosis.text()


def test_mistakes_that_cannot_be_told_apart_are_all_named():
    diagnosis = check(plant(MISTAKES["untransposed-weights"]).backprop, sizes=[3, 5, 4, 2])
    assert diagnosis.verdict == "stops" and ("untransposed-weights",) in diagnosis.matches
    assert ("prime-of-next-layer",) in diagnosis.matches and ("sign",) not in diagnosis.matches


def test_a_factor_is_a_convention_unless_the_scale_is_required():
    twice = plant(MISTAKES["factor-two"]).backprop
    free, required = check(twice), check(twice, scale="mean")
    assert free.correct and free.convention["scale"] == "mean, no half" and free.matches == (("factor-two",),)
    assert not required.correct and required.matches == (("factor-two",),)
    assert "times 2" in required.text() and "2 倍" in required.text("zh-TW")


@pytest.mark.parametrize("id, equation", [("no-prime-output", "output-delta"), ("no-prime-hidden", "hidden-delta"),
                                          ("bias-totalled", "bias-gradient"), ("integer-buffers", "weight-gradient")])
def test_the_first_wrong_equation_is_found(id, equation):
    found = [f for f in check(plant(MISTAKES[id]).backprop).findings if f.kind == "equation"]
    assert [f.equation for f in found] == [equation]


def test_constant_ratios_of_biases_and_weights_are_told_apart():
    def summed(x, y, weights, biases):
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return [x.shape[1] * g for g in nabla_b], nabla_w
    diagnosis = check(summed)
    assert "the bias gradients are the right ones times N, the weight gradients right" in diagnosis.text()
    assert "偏權值的梯度是正確值的 N 倍，權重的梯度正確，每個元素都一樣。" in diagnosis.text("zh-TW")


def test_a_mistake_in_float32_is_named():
    single = lambda x, y, weights, biases: tuple(
        [array.astype(np.float32) for array in arrays]
        for arrays in plant(MISTAKES["no-prime-hidden"]).backprop(x, y, weights, biases))
    assert check(single).matches == (("no-prime-hidden",),)


@pytest.mark.parametrize("off", [1e-3, 1e-7])
def test_a_small_error_in_one_layer_is_an_error(off):
    def nearly(x, y, weights, biases):
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return nabla_b, [(1 + off) * nabla_w[0], *nabla_w[1:]]
    assert not check(nearly).correct


def test_what_is_not_in_the_catalogue_is_shown_on_the_smallest_case():
    def cubed(x, y, weights, biases):
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return nabla_b, [g ** 3 for g in nabla_w]
    diagnosis = check(cubed)
    assert not diagnosis.correct and not diagnosis.matches
    text, = (f.en for f in diagnosis.findings if f.kind == "unknown")
    got, want = map(float, re.search(r"is (\S+), and should be (\S+)\.", text).groups())
    assert "[1,1,1]×1" in text and np.isclose(got, want ** 3, rtol=1e-6)


def test_the_smallest_case_tells_the_equation_where_the_code_stops_on_all_others_that_are_wrong():
    """A loop over the width of the wrong layer: right where widths are equal, else it stops, or leaves units out."""
    def looped(x, y, weights, biases):
        zs, activations = feedforward(x, weights, biases)
        delta = output_delta(activations[-1], y, zs[-1], bp.sigmoid, bp.quadratic)
        nabla_b, nabla_w = [], []
        for l in range(len(weights), 0, -1):
            nabla_b.insert(0, bias_gradient(delta))
            nabla_w.insert(0, weight_gradient(delta, activations[l-1]))
            if l > 1:
                back = sum(weights[l-1][[j]].T * delta[[j]] for j in range(len(weights[l-2])))
                delta = back * bp.sigmoid.prime(zs[l-2])
        return nabla_b, nabla_w
    diagnosis = check(looped)
    assert [finding.equation for finding in diagnosis.findings if finding.kind == "equation"] == ["hidden-delta"]
    assert "in line" in diagnosis.text() and "at layer 1 of [1,1,2]×1" in diagnosis.text()


def test_where_only_one_network_is_taken_it_is_the_case_that_fails():
    def of_2_3_1(x, y, weights, biases):
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return nabla_b, [g ** 3 for g in nabla_w] if [w.shape for w in weights] == [(3, 2), (1, 3)] else [0, 0]
    assert "The smallest case that fails is [2,3,1]×1" in check(of_2_3_1, sizes=[2, 3, 1]).text()


def test_a_crash_names_the_line_and_the_shapes():
    def crashing(x, y, weights, biases):
        a = weights[0] @ x
        return a @ np.ones((7, 7))
    diagnosis = check(crashing)
    assert diagnosis.verdict == "stops" and kinds(diagnosis)[0] == "crash"
    assert "return a @ np.ones((7, 7))" in diagnosis.text() and "a (5, 6)" in diagnosis.text()
    assert "a (5, 6)" in diagnosis.text("zh-TW")


@pytest.mark.parametrize("stop", [SystemExit(3), RecursionError("deep"), MemoryError()])
def test_whatever_is_raised_is_a_crash(stop):
    def stopping(x, y):
        raise stop
    assert check(stopping).verdict == "stops"


@pytest.mark.parametrize("style", ["lists", "globals", "rows"])
def test_code_that_looks_at_one_sample_of_a_batch_is_not_taken_for_code_for_one_sample(style):
    first = lambda x, y, weights, biases: backprop(x[:, :1], y[:, :1], weights, biases)
    diagnosis = check(STYLES[style].dress(first))
    assert not diagnosis.correct
    assert [f.place for f in diagnosis.findings if f.kind == "equation"] == ["lessons/05-gradients/#many-samples"]


def test_another_shape_is_named_with_that_of_the_parameter():
    text = check(plant(MISTAKES["same-layer-activation"]).backprop).text()
    assert "nabla_w[0] has the shape (5, 5) on [3,5,4,2]×6; its parameter has (5, 3)" in text


def test_something_that_is_no_gradient_stops_with_its_kind():
    diagnosis = check(lambda x, y, weights, biases: None)
    assert diagnosis.verdict == "stops" and "is no gradient" in diagnosis.text() and "None" in diagnosis.text()
    assert "傳回的不是梯度" in diagnosis.text("zh-TW")


@pytest.mark.parametrize("returned", [None, 1.0, {"gradient": 1.0}, [np.ones((2, 2), complex)] * 2])
def test_what_no_equation_brings_about_names_no_mistake(returned):
    diagnosis = check(lambda x, y, weights, biases: returned)
    assert diagnosis.verdict == "stops" and diagnosis.matches == () and "is no gradient: expected" in diagnosis.text()


def test_what_comes_back_is_told_rather_than_where_a_layout_that_was_only_tried_stops():
    def named_otherwise(x, y, weights, biases):
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return {f"{name}{l}_slope": g for name, arrays in (("W", nabla_w), ("b", nabla_b)) for l, g in enumerate(arrays, start=1)}
    assert "expected dW1, db1, dW2, db2, dW3, db3 among the keys, got W1_slope" in check(named_otherwise).text()


def test_an_error_without_a_message_is_told_by_its_name():
    class Silent(Exception):
        def __str__(self):
            raise RuntimeError

    def silent(x, y, weights, biases):
        raise Silent
    assert "`raise Silent`: Silent." in check(silent).text()


@pytest.mark.parametrize("cost", ["cross_entropy", "binary_cross_entropy"])
def test_code_for_another_cost_has_no_mistake_in_the_derivative_of_the_quadratic_one(cost):
    diagnosis = check(lambda x, y, weights, biases: backprop(x, y, weights, biases), cost=cost)
    assert diagnosis.verdict == "wrong" and diagnosis.matches == ()
    assert [finding.equation for finding in diagnosis.findings if finding.kind == "equation"] == ["output-delta"]


class Own:
    """Keeps its parameters where nobody looks: drawn once for all, or for each object."""

    def __init__(self, sizes, seed=0):
        self.layers = [(draw.normal(size=(out, into)), draw.normal(size=(out, 1)))
                       for draw in [np.random.default_rng(seed)] for into, out in zip(sizes, sizes[1:])]

    def backprop(self, x, y):
        return backprop(x, y, *map(list, zip(*self.layers)))


class Drawn(Own):
    def __init__(self, sizes):
        super().__init__(sizes, None)


class OfThree:
    """Takes the widths one by one, so that it can have two layers alone."""

    def __init__(self, inputs=2, hidden=3, outputs=1):
        sizes = inputs, hidden, outputs
        self.W1, self.W2 = (np.zeros((out, into)) for into, out in zip(sizes, sizes[1:]))
        self.b1, self.b2 = (np.zeros((out, 1)) for out in sizes[1:])

    def backprop(self, x, y):
        return backprop(x, y, [self.W1, self.W2], [self.b1, self.b2])


class OfNone(Own):
    def __init__(self):
        self.weights, self.biases = [], []

    def backprop(self, x, y):
        return backprop(x, y, self.weights, self.biases)


class OfMany(OfNone):
    def __init__(self, *sizes):
        assert len(sizes) > 1
        super().__init__()


@pytest.mark.parametrize("fn, remark", [(OfThree, True), (OfNone, False), (OfMany, False)])
def test_a_class_is_given_the_sizes_as_it_takes_them(fn, remark):
    diagnosis = check(fn)
    assert diagnosis.correct and any("two layers" in finding.en for finding in diagnosis.findings) == remark


@pytest.mark.parametrize("fn, said", [(Own, "whatever its weights and biases are"), (Drawn, "asked twice")])
def test_parameters_that_are_not_found_are_not_called_a_mistake(fn, said):
    diagnosis = check(fn)
    assert diagnosis.verdict == "stops" and [finding.kind for finding in diagnosis.findings] == ["crash"]
    assert f"Its parameters were not found: {said}" in diagnosis.text() and "找不到它的參數" in diagnosis.text("zh-TW")


def test_where_parameters_cannot_be_put_is_told():
    class Slotted:
        __slots__ = "weights", "biases"

        def backprop(self, x, y):
            return backprop(x, y, self.weights, self.biases)
    assert "an object with attributes, in which to put weights and biases" in check(Slotted()).text()


# Right code.

@pytest.mark.parametrize("returned", [zip, lambda *lists: tuple(map(iter, lists)), lambda *lists: (list for list in lists)],
                         ids=["pairs", "iterators", "generator"])
def test_iterators_are_read(returned):
    assert check(lambda x, y, weights, biases: returned(*backprop(x, y, weights, biases))).correct


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from(list(STYLES)), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1.0, 2.0]),
       st.sampled_from([np.float64, np.float32]), st.sampled_from([1.0, 10.0, 30.0]),
       st.sampled_from([None, (2, 3, 1), (5, 1, 5), (10,) * 11]), st.integers(0, 1000))
def test_right_code_is_never_called_wrong(style, from_a, in_loops, of_batch, scale, dtype, gain, sizes, seed):
    own = styles.Own(from_a, in_loops, of_batch, 1.0 if style == "linear" else scale, dtype)  # it scales on its own
    fn = STYLES[style].dress(own)
    L = describe(fn).L
    if L and sizes and len(sizes) != L + 1:
        sizes = None
    diagnosis = check(fn, sizes=sizes, gain=gain, seed=seed)
    assert diagnosis.correct, diagnosis


@pytest.mark.parametrize("seed", [3529, 7372, 8934])
def test_saturated_networks_that_say_nothing_settle_no_convention(seed):
    assert check(STYLES["rows"].dress(styles.Own()), sizes=[1, 1], gain=30.0, seed=seed).correct


@pytest.mark.parametrize("name, scale", [("ng", "mean"), ("rows", "mean")])
def test_the_conventions_of_the_crosswalk_are_correct(name, scale):
    diagnosis = check(getattr(crosswalk, name))
    assert diagnosis.correct and diagnosis.convention["scale"] == scale, diagnosis


@pytest.mark.parametrize("functions", [("tanh", "quadratic", "identity"), ("relu", "cross_entropy", "softmax"),
                                       ("softplus", "binary_cross_entropy", "sigmoid")])
def test_other_functions_are_checked_too(functions):
    activation, cost, output = functions
    own = lambda x, y, weights, biases: backprop(x, y, weights, biases, *problems(functions=functions)[0].functions)
    wrong = lambda x, y, weights, biases: plant(MISTAKES["no-prime-hidden"]).backprop(
        x, y, weights, biases, *problems(functions=functions)[0].functions)
    assert check(own, activation=activation, cost=cost, output=output).correct
    assert ("no-prime-hidden",) in check(wrong, activation=activation, cost=cost, output=output).matches


def test_code_for_two_layers_is_correct_there():
    def two(x, y, weights, biases):
        W1, W2 = weights
        a1 = sigmoid(W1 @ x + biases[0])
        a2 = sigmoid(W2 @ a1 + biases[1])
        d2 = (a2 - y) * a2 * (1 - a2)
        d1 = W2.T @ d2 * a1 * (1 - a1)
        return [d1.sum(1, keepdims=True), d2.sum(1, keepdims=True)], [d1 @ x.T, d2 @ a1.T]
    diagnosis = check(two)
    assert diagnosis.correct and diagnosis.convention["scale"] == "sum", diagnosis
    assert "two layers" in diagnosis.text() and "兩層" in diagnosis.text("zh-TW")


def test_globals_and_objects_are_as_before():
    scope = {"run": backprop, "weights": "mine"}
    exec("def gradient(x, y):\n    return run(x, y, weights, biases)", scope)
    assert check(scope["gradient"]).correct
    assert scope["weights"] == "mine" and "biases" not in scope


def test_what_changes_its_arguments_is_told_so():
    def changing(x, y, weights, biases):
        found = backprop(x, y, weights, biases)
        weights[0] -= 1
        return found
    diagnosis = check(changing)
    assert diagnosis.correct and "w1" in diagnosis.text() and "remark" in kinds(diagnosis)


def test_what_it_prints_is_not_shown(capsys):
    def printing(x, y, weights, biases):
        print("x", x)
        return backprop(x, y, weights, biases)
    assert check(printing).correct
    assert capsys.readouterr() == ("", "")


# The report.

@pytest.fixture(scope="module")
def every_kind():
    """Diagnoses that hold every kind of finding between them."""
    def changing(x, y, weights, biases):
        weights[0] *= 2
        return SHIPPED.backprop(x, y, weights, biases)
    ids = ("factor-two", "sign", "untransposed-weights", "same-layer-activation", "updated-weights")
    found = [check(STYLES["rows"].dress(plant(MISTAKES[id]).backprop)) for id in ids]
    found += [check(changing), check(plant(MISTAKES["untransposed-weights"]).backprop, sizes=[3, 5, 4, 2])]
    assert {kind for d in found for kind in kinds(d)} == set(KINDS)
    return found


def test_findings_stand_in_their_order(every_kind):
    for diagnosis in every_kind:
        places = [KINDS.index(kind) for kind in kinds(diagnosis)]
        assert places == sorted(places)


def test_every_finding_leads_to_a_lesson_and_an_equation_that_exist(every_kind):
    places = [(f.place, f.equation) for d in every_kind for f in d.findings]
    places += [(words.place_of(id), id) for id in words.LESSONS]
    for place, id in places:
        page, _, anchor = place.partition("#")
        assert (ROOT / "docs" / f"{page.rstrip('/')}.py").exists(), place
        if anchor.startswith("eq-"):
            assert spec[id].anchor == anchor and spec[id].page == page.rstrip("/")
        elif anchor.startswith("mistake-"):
            assert anchor.removeprefix("mistake-") in MISTAKES


def test_reports_are_in_both_languages(every_kind):
    for diagnosis in every_kind:
        for finding in diagnosis.findings:
            assert re.search("[\u4e00-\u9fff]", finding.text("zh-TW")) and not re.search("[\u4e00-\u9fff]", finding.text("en"))
        assert diagnosis.text("zh-TW") != diagnosis.text("en") == str(diagnosis)


def test_json_holds_all(every_kind):
    for diagnosis in every_kind:
        found = json.loads(diagnosis.to_json())
        assert (found["verdict"], found["correct"]) == (diagnosis.verdict, diagnosis.correct)
        assert [f["en"] for f in found["findings"]] == [f.en for f in diagnosis.findings]
        assert tuple(map(tuple, found["matches"])) == diagnosis.matches


def test_in_a_notebook_findings_are_links(every_kind):
    html = every_kind[1]._repr_html_()
    assert 'href="../11-mistakes/#mistake-sign"' in html


# Input.

@pytest.mark.parametrize("arguments, error, words_", [
    ({"fn": 3}, TypeError, "fn: expected a function"),
    ({"layout": ["rows"]}, ValueError, "layout: expected one of 'columns'"),
    ({"sizes": [2]}, ValueError, "sizes: expected two or more"),
    ({"layout": "diagonal"}, ValueError, "layout: expected one of 'columns'"),
    ({"returns": "nothing"}, ValueError, "returns: expected one of"),
    ({"scale": "half"}, ValueError, "scale: expected one of 'mean'"),
    ({"activation": "sigmiod"}, ValueError, "activation: expected one of"),
    ({"cost": "cubic"}, ValueError, "cost: expected one of"),
    ({"output": "softmax"}, ValueError, "output: expected"),
    ({"seed": -1}, ValueError, "seed: expected a whole number from 0"),
    ({"gain": 0}, ValueError, "gain: expected a positive number"),
])
def test_bad_input_is_refused_by_name(arguments, error, words_):
    with pytest.raises(error, match=re.escape(words_)):
        check(**{"fn": backprop, **arguments})


@pytest.mark.parametrize("fn, signature, unknown", [
    (lambda x: x, "(x)", ""),
    (lambda a, b, c, d, e: 0, "(a, b, c, d, e)", "a, c, e"),
    (lambda inputs, t, theta1, theta2, eta: 0, "(inputs, t, theta1, theta2, eta)", "eta"),
    (lambda x, y, w1, w2: 0, "(x, y, w1, w2)", ""),
    (lambda x, y, w1, b1, w2: 0, "(x, y, w1, b1, w2)", ""),
    (lambda *, x, y: 0, "(*, x, y)", ""),
    (lambda x, y, weights: 0, "(x, y, weights)", ""),
])
def test_arguments_that_are_not_understood_are_named(fn, signature, unknown):
    fn.__name__ = "mine"
    diagnosis = check(fn)
    assert diagnosis.verdict == STOPS and diagnosis.findings[0].place.endswith("check/#how-to-call-it")
    with pytest.raises(UnknownArguments, match=re.escape(f"fn: expected one of (x, y), (x, y, weights, biases), (x, y, parameters) "
                                                         f"or (x, y, W1, b1, …), got {signature}")):
        describe(fn)
    for language, not_known in ("en", "Not known: "), ("zh-TW", "不認得的名稱："):
        text = diagnosis.text(language)
        assert f"`mine`" in text and f"`{signature}`" in text
        assert f"{not_known}`{unknown}`" in text if unknown else not_known not in text


def test_what_was_guessed_from_the_order_of_the_arguments_is_told_where_something_is_wrong():
    def mine(this, t, one, other):
        return [-nabla for nabla in SHIPPED.backprop(this, t, one, other)[0]], SHIPPED.backprop(this, t, one, other)[1]
    said = "`this` was taken for x, `one` was taken for weights, `other` was taken for biases."
    assert said in check(mine).text("en") and "`one` 當成 weights" in check(mine).text("zh-TW")
    assert "was taken for" not in check(lambda p, q, r, s: SHIPPED.backprop(p, q, r, s)).text("en")
    assert "was taken for" not in check(lambda x, y, w, b: ([], [])).text("en")


def _raising(stop):
    def raising(x, y, weights, biases):
        return stop(x, weights)
    return raising


@pytest.mark.parametrize("stop, en, zh, shapes", [
    (lambda x, weights: weights[1] @ x, "has 5 and 3 (ValueError)", "這裡是 5 和 3（ValueError）", True),
    (lambda x, weights: np.dot(weights[1], x), "shapes (4,5) and (3,6) have 5 and 3", "(4,5) 和 (3,6) 則是 5 和 3", True),
    (lambda x, weights: weights[1] * x, "shapes (4,5) and (3,6) don't go together entry by entry", "(4,5) 和 (3,6) 沒辦法逐元素計算", True),
    (lambda x, weights: unheard_of * x, "nothing is called `unheard_of`", "找不到 `unheard_of`", False),  # noqa: F821
    (lambda x, weights: {"W1": x}["W2"], "the dictionary has no key 'W2'", "字典裡沒有 'W2' 這個鍵", True),
    (lambda x, weights: [x][1], "IndexError: list index out of range.", "IndexError: list index out of range。", True),
    (lambda x, weights: 1 / 0, "ZeroDivisionError: division by zero.", "ZeroDivisionError: division by zero。", False)])
def test_what_python_and_numpy_say_is_told_in_plain_words_with_shapes_where_they_help(stop, en, zh, shapes):
    diagnosis = check(_raising(stop))
    assert en in diagnosis.text("en") and zh in diagnosis.text("zh-TW")
    assert ("The shapes there, on [3,5,4,2]×6: " in diagnosis.text("en")) == shapes == ("當時的形狀" in diagnosis.text("zh-TW"))


def test_networks_are_named_where_some_stop_and_others_run():
    text = check(_raising(lambda x, weights: 1 / 0)).text()
    assert "It stops in line" in text and "]×" not in text
    text = check(plant(MISTAKES["untransposed-weights"]).backprop).text()
    assert "It fails on [3,5,4,2]×6, [3,4,2]×1, [2,3,1]×6, [3,5,2]×4; on [4,4,4]×4, [3,3,3,3]×2 it runs." in text


@pytest.mark.parametrize("early, en, zh", [
    (lambda b, w: ([None] * (len(b) - 2) + b[-2:], w), "expected an array for layer 1, got None. Was it ever filled in?",
     "第 1 層應該有一個陣列，得到的卻是 None。是不是沒有填進去？"),
    (lambda b, w: (b[-2:], w[-2:]), "got a list of 2. Does a `return` stand inside the loop?",
     "應該有 3 個陣列（每一層一個），得到的是有 2 個元素的 list。是不是把 `return` 寫在迴圈裡面了？"),
    (lambda b, w: ([0 * array for array in b[:-2]] + b[-2:], [0 * array for array in w[:-2]] + w[-2:]),
     "at layer 1 of [3,5,4,2]×1; everything from layer 2 on is right. What came back there is all zero: was it ever computed?",
     "第 2 層以上全都正確。那裡傳回的全是 0：是不是沒有算到？")], ids=["None", "missing", "zero"])
def test_gradients_that_are_right_for_the_last_two_layers_alone_are_not_called_right(early, en, zh):
    diagnosis = check(lambda x, y, weights, biases: early(*backprop(x, y, weights, biases)))
    assert diagnosis.verdict == "wrong"
    assert en in diagnosis.text("en") and zh in diagnosis.text("zh-TW")
    assert "With a single sample" not in diagnosis.text("en")


@pytest.mark.parametrize("stop", [lambda: [][0], lambda: None.T, lambda: {}["W3"]])
def test_a_loop_that_fails_on_three_layers_is_not_called_right_for_two(stop):
    def looped(x, y, weights, biases):
        return backprop(x, y, weights, biases) if len(weights) < 3 else stop()
    diagnosis = check(looped)
    assert diagnosis.verdict == "wrong" and "It fails on [3,5,4,2]×6, [3,3,3,3]×2; on [4,4,4]×4" in diagnosis.text("en")


def test_code_for_two_layers_is_right_and_is_told_where_it_stops_otherwise():
    def of_two(x, y, parameters):
        weights, biases = zip(*((parameters[f"W{l}"], parameters[f"b{l}"]) for l in (1, 2)))
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return {f"d{letter}{l}": g for letter, arrays in (("W", nabla_w), ("b", nabla_b)) for l, g in enumerate(arrays, start=1)}
    diagnosis = check(of_two)
    assert diagnosis.correct and "It is right on networks of two layers" in diagnosis.text("en")
    assert "On others it stops in line" in diagnosis.text("en") and "在其他網路上，執行到一半就中斷了" in diagnosis.text("zh-TW")


def test_what_goes_wrong_with_one_sample_too_is_not_laid_on_the_samples():
    def with_last_weights(x, y, weights, biases):
        zs, activations = feedforward(x, weights, biases)
        delta, nabla_b, nabla_w = (activations[-1] - y) * bp.sigmoid.prime(zs[-1]), [], []
        for l in range(len(weights), 0, -1):
            nabla_b.insert(0, bias_gradient(delta))
            nabla_w.insert(0, weight_gradient(delta, activations[l-1]))
            if l > 1:
                delta = (weights[-1].T @ delta) * bp.sigmoid.prime(zs[l-2])
        return nabla_b, nabla_w
    text = check(with_last_weights).text("en")
    assert "With a single sample" not in text and "at layer 1 of [3,3,3,3]×1" in text


def test_a_name_that_is_nearly_one_that_is_known_is_asked_after():
    def misspelled(x, y, weights, biases):
        activation = x
        return weights[0] @ activatoin  # noqa: F821
    assert "is it `activation` that you mean (NameError)?" in check(misspelled).text("en")
    assert "你要的是 `activation` 嗎（NameError）？" in check(misspelled).text("zh-TW")


def test_a_value_that_is_none_is_asked_after():
    said = check(_raising(lambda x, weights: None.shape)).text
    assert "a value there is None: does a function lack its `return`" in said("en") and "是不是有函式忘了 `return`" in said("zh-TW")


def test_right_code_for_one_sample_is_told_what_several_would_need():
    def of_one(x, y, weights, biases):
        """Sums weight gradients over the columns, and bias gradients not at all."""
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        return [b + 0 * x[:1] for b in nabla_b], [x.shape[1] * w for w in nabla_w]

    def of_one_only(x, y, weights, biases):
        assert x.shape[1] == 1
        return backprop(x, y, weights, biases)
    for diagnosis in (check(of_one), check(of_one_only)):
        assert diagnosis.correct and "Given several at once" in diagnosis.text("en")
        assert "要一次算好幾個" in diagnosis.text("zh-TW")
    assert "Given several" not in check(backprop).text("en") + check(backprop, layout="sample").text("en")


def test_what_is_no_gradient_is_told_in_both_languages_and_a_missing_return_is_asked_after():
    diagnosis = check(lambda x, y, weights, biases: None)
    assert "no gradient: expected nabla_b, nabla_w, got None. Does it lack its `return`?" in diagnosis.text("en")
    assert "應該是 nabla_b, nabla_w，得到的是 None。是不是忘了 `return`？" in diagnosis.text("zh-TW")
    assert "return`?" not in check(lambda x, y, weights, biases: 3).text("en")


@pytest.mark.parametrize("rate", [0.1, 3.0])
@pytest.mark.parametrize("in_place", [True, False])
def test_parameters_that_come_back_after_a_step_are_told_from_a_wrong_gradient(rate, in_place):
    def step(x, y, weights, biases, wrong=1):
        nabla_b, nabla_w = SHIPPED.backprop(x, y, weights, biases)
        for parameters, gradients in ((weights, nabla_w), (biases, nabla_b)):
            for l, gradient in enumerate(gradients):
                parameters[l] = np.subtract(parameters[l], rate * gradient * wrong, out=parameters[l] if in_place else None)
                wrong = -wrong if wrong != 1 else wrong
        return weights, biases
    diagnosis = check(step)
    assert diagnosis.verdict == "wrong"
    assert [f.en.split(";")[0] for f in diagnosis.findings if f.kind != "remark" and f.kind != "convention"] == [
        "It returns the parameters after a step of learning"]
    spoilt = check(lambda x, y, weights, biases: step(x, y, weights, biases, wrong=-1))
    assert "after a step of learning" not in spoilt.text("en")


def test_a_report_begins_with_the_name_of_what_was_checked():
    def mine(x, y, weights, biases):
        return SHIPPED.backprop(x, y, weights, biases)
    assert check(mine).text("en").startswith("mine: Correct.") and check(mine).text("zh-TW").startswith("mine：正確。")
    assert "<p><code>mine</code>: <strong>Correct.</strong>" in check(mine)._repr_html_()


def test_sizes_must_suit_a_function_of_named_layers():
    with pytest.raises(ValueError, match="sizes: expected 3 widths"):
        check(STYLES["separate"].dress(backprop), sizes=[2, 3, 3, 1])


def test_an_answer_lies_as_ours_whatever_the_convention():
    for style in STYLES.values():
        problem = problems(L=2)[0]
        answer = call(style.dress(backprop), problem, style.convention)
        assert isinstance(answer, Answer)
        assert [g.shape for g in answer.arrays] == [p.shape for p in (*problem.biases, *problem.weights)]


# What was recorded.

@pytest.fixture(scope="module")
def record():
    return benchmarks.read(ROOT / "benchmarks" / "confusion.json")


def test_the_record_reaches_what_was_aimed_at(record):
    found = page.totals(record)
    assert record["seeds"] >= 200 and set(record["mistakes"]) == set(MISTAKES)
    assert found["alone"] + found["tie"] >= 0.99 * sum(found.values())
    assert record["right"]["runs"] >= 10_000 and record["right"]["wrong"] == []
    assert record["seconds"]["largest"] <= 1


def test_every_style_in_which_a_mistake_changes_anything_is_in_the_record(record):
    assert {(id, style) for id, styles in record["mistakes"].items() for style in styles} == set(confusion.written())


def test_the_page_counts_what_was_recorded(monkeypatch):
    monkeypatch.delenv("BP_LANG", raising=False)
    record = {"mistakes": {"sign": {"lists": {"alone": 2, "unknown": 1}, "rows": {"tie": 3}}}, "styles": ["lists", "rows"],
              "named": {"sign": {"sign": 2, "wrong": 1, "sign / factor-two": 3}}, "seeds": 3, "date": "2026-01-01",
              "versions": {"NumPy": "2"}, "seconds": {"median": 0.02, "largest": 0.5}, "right": {"runs": 9, "wrong": [{}]}}
    assert page.by_mistake(record).rows == {"sign": ["2", "6", "2", "3", "1"]}
    assert list(page.by_style(record).rows.values()) == [["1", "3", "2", "1"], ["1", "3", "3", "0"]]
    assert page.confused(record).rows == {"sign: sign or factor-two": ["3"], "sign: wrong": ["1"]}
    rows = page.summary(record).rows
    assert rows["of these named right"] == ["5 (83.333 %)"] and rows["of these called wrong"] == ["1"]
