"""The steps of a run: they are what `backprop` computed, where it did, and nothing else."""
import inspect
import json
import re
import sys
from html import unescape

import numpy as np
import pytest

from bp import Network, backprop, spec
from bp.example import net, x, y
from bp.figures import Stepper
from bp.figures.stepper import short
from bp.network import feedforward
from bp.spec import bare_source
from bp.steps import evaluate, formula, record, sample, steps_of
from bp.trace import trace

MANY = np.random.default_rng(1).random((5, 7))
RUNS = {"example": (net, x, y), "one layer": sample([4, 3]), "deep": sample([2, 6, 4, 3]),
        "equal widths": sample([3, 3, 3, 3]), "ones": sample([1, 1, 1]),
        "seven samples": (Network([3, 4, 2], seed=1), MANY[:3], MANY[3:])}
every_run = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)


@every_run
def test_the_last_results_are_the_gradients_that_backprop_returns(run):
    results = {step.gives: step.result for step in steps_of(*run)}
    for key, gradients in zip(("E_b", "E_w"), run[0].backprop(*run[1:]), strict=True):
        for l, gradient in enumerate(gradients, start=1):
            np.testing.assert_array_equal(results[f"{key}{l}"], gradient, f"step {key}{l}, backprop")


@every_run
def test_each_result_is_what_the_function_gives_for_the_arguments(run):
    for step in steps_of(*run):
        np.testing.assert_array_equal(step.result, step.equation.function(**step.arguments), step.gives)


@every_run
def test_each_step_takes_what_the_statement_says_it_takes(run):
    """The layers are those of the statement, and the arrays of those layers are what went in."""
    arrays = trace(*run)
    for step in steps_of(*run):
        expected = {name: value for name, _, _, value in step.equation.arguments(arrays, step.l)}
        assert expected.keys() == step.arguments.keys()
        for name, value in step.arguments.items():
            np.testing.assert_array_equal(value, expected[name], f"{step.gives}: {name}")
        key, layer = step.equation.gives(step.l, step.L)
        if key in ("z", "a", "delta"):
            np.testing.assert_array_equal(step.result, getattr(arrays, key)[layer], step.gives)


@every_run
def test_every_equation_of_a_run_occurs_once_at_each_of_its_layers(run):
    steps, L = steps_of(*run), len(run[0].sizes) - 1
    expected = {(e.id, l) for e in spec if e.function.__module__ == "bp.equations" and e.seed_cell and e.id != "cost"
                for l in e.layers_in(L)}
    found = [(step.equation.id, step.l) for step in steps]
    assert len(found) == len(set(found)) and set(found) == expected


@every_run
def test_the_running_line_calls_the_function_of_the_step(run):
    for step in steps_of(*run):
        name, line = list(step.lines.items())[-1]
        source = bare_source({"feedforward": feedforward, "backprop": backprop}[name])
        called = {"output_delta": "delta_of_output"}  # which calls it, unless output and cost have one in one
        function = step.equation.function.__name__
        assert f"{called.get(function, function)}(" in source.splitlines()[line - 1]
        if name == "feedforward":
            assert "feedforward(" in bare_source(backprop).splitlines()[step.lines["backprop"] - 1]


@every_run
def test_a_step_takes_only_what_is_known_by_then(run):
    steps = steps_of(*run)
    known = {name for step in steps for name in step.takes if re.fullmatch(r"[wb]\d+|a0|y", name)}
    for step in steps:
        assert set(step.takes) <= known, step.gives
        known.add(step.gives)


@every_run
def test_the_formula_is_the_function(run):
    for step in steps_of(*run):
        by_key = {key: step.arguments[name] for name, key, _ in step.equation.takes(step.l, step.L)}
        tree = formula(step.equation.function, step.arguments.get("cost"))
        np.testing.assert_array_equal(evaluate(tree, by_key | {"N": run[1].shape[1]}), step.result)
        operands = [by_key[tree[place]] if part is None else part
                    for place, part in enumerate(step.parts, start=1)]
        if operands:
            together = np.add(*operands) if tree[0] == "+" else np.multiply(*operands)
            np.testing.assert_array_equal(together, step.result)


def test_a_formula_that_cannot_be_read_is_refused_by_name():
    def cubed(z):
        return z ** 3
    with pytest.raises(ValueError, match=r"in cubed, got 'z \*\* 3'"):
        formula(cubed)


def test_looking_on_leaves_no_trace():
    before = [array.copy() for array in (*net.weights, *net.biases, x, y)]
    profiler = sys.getprofile()
    steps_of(net, x, y)
    assert sys.getprofile() is profiler
    with pytest.raises(ValueError, match="^x: "):
        steps_of(net, np.ones((3, 1)), y)
    assert sys.getprofile() is profiler
    assert all((a == b).all() for a, b in zip(before, (*net.weights, *net.biases, x, y)))


def test_a_record_has_every_array_rounded_and_names_those_of_each_step():
    made = json.loads(json.dumps(record(net, x, y)))
    assert made["sizes"] == [2, 3, 1]
    assert set(made["arrays"]) == {"a0", "y", *(f"{key}{l}" for l in (1, 2) for key in
                                                ("w", "b", "z", "a", "delta", "E_b", "E_w"))}
    for step, plain in zip(steps_of(net, x, y), made["steps"], strict=True):
        assert plain["gives"] == step.gives and plain["takes"] == list(step.takes)
        np.testing.assert_allclose(made["arrays"][step.gives], step.result, rtol=5e-6, atol=1e-15)


@pytest.mark.parametrize("sizes", [[1, 1], [6, 6, 6, 6], [2, 6, 1], [6, 1, 6, 1]], ids=str)
def test_a_sample_is_the_same_every_time_and_far_from_saturated(sizes):
    first, again = record(*sample(sizes)), record(*sample(sizes))
    assert first == again
    for name, rows in first["arrays"].items():
        assert re.fullmatch(r"(w|b|E_w|E_b|z|a|delta)\d|y", name) and np.isfinite(rows).all()
        if name.startswith("a") and name != "a0":
            assert 0.02 < np.min(rows) and np.max(rows) < 0.98, name


def test_the_still_image_shows_every_number_of_the_run_and_says_so(monkeypatch):
    for language, output in (("en", "output 0.5903; target 1"), ("zh-TW", "輸出：0.5903；目標值：1")):
        monkeypatch.setenv("BP_LANG", language)
        html = Stepper(net, x, y)._repr_html_()
        svg = re.search(r"<svg.*?</svg>", html[html.index("bp-stepper-network"):], re.S)[0]
        shown = [unescape(text).removeprefix("∇ ") for text in re.findall(r"<text[^>]*>(.*?)</text>", svg)]
        for name, rows in record(net, x, y)["arrays"].items():
            assert [short(entry) for row in rows for entry in row if short(entry) not in shown] == [], name
        assert output in unescape(re.search('aria-label="(.*?)"', svg)[1])


def test_the_listed_source_is_that_of_the_functions_line_by_line():
    html = Stepper(net, x, y)._repr_html_()
    for function in (feedforward, backprop):
        listing = re.search(rf'data-function="{function.__name__}".*?</pre>', html, re.S)[0]
        lines = re.findall(r'<span class="bp-line bp-indent-\d">(.*?)\n</span>(?=<span class="bp-line|</code>)',
                           listing, re.S)
        lines = [unescape(re.sub("<[^>]*>", "", line)) for line in lines]
        shipped = inspect.getsource(function).splitlines()
        assert "\n".join(lines) == bare_source(function) and set(lines) <= set(shipped)


def test_a_stepper_refuses_more_than_one_sample():
    with pytest.raises(ValueError, match=r"^x: expected one sample, of shape \(3, 1\), got shape \(3, 7\)"):
        Stepper(*RUNS["seven samples"])


def test_the_data_of_the_page_cannot_end_its_script(monkeypatch):
    module = Stepper._repr_html_.__globals__
    words = module["_words"]() | {"wrong": "</script>"}
    monkeypatch.setitem(module, "_words", lambda: words)
    html = Stepper(net, x, y)._repr_html_()
    data = re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1]
    assert json.loads(data)["words"] == words
    assert json.loads(data)["trace"] == json.loads(json.dumps(record(net, x, y)))
