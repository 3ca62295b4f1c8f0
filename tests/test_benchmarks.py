"""The benchmarks: all contenders compute the same, take turns, are skipped by name; the page shows what was recorded."""
import copy
import doctest
import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from bp import Network, backprop
from bp.figures import benchmarks as page

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "benchmarks"))
bench, cases, contenders, proof, timing = map(importlib.import_module, ("bench", "cases", "contenders", "proof", "timing"))

SMALL_CASES = [cases.Case((2, 3, 1), 1), cases.Case((4, 5, 3), 7), cases.Case((4, 4, 4), 4, "float32")]
every_case = pytest.mark.parametrize("case", SMALL_CASES, ids=str)


@pytest.fixture(scope="module")
def record():
    return page.read(ROOT / "benchmarks" / "recorded.json")


@pytest.mark.parametrize("module", [timing, cases])
def test_what_the_docstrings_show_holds(module):
    assert doctest.testmod(module) == (0, doctest.testmod(module).attempted) != (0, 0)


# Contenders.

@every_case
def test_the_notebooks_loop_gives_the_gradient_of_bp(case, assert_close):
    x, y, weights, biases = case.arrays()
    nabla_b, nabla_w = backprop(x, y, weights, biases)
    for got, want in zip(contenders.notebook_batch(x, y, weights, biases), [*nabla_b, *nabla_w], strict=True):
        assert_close(got, want, 1e-14 if case.dtype == "float64" else 1e-6)


def test_the_notebooks_loop_is_what_the_notebooks_cells_say():
    """One sample of [2, 3, 1], written out."""
    net = Network([2, 3, 1], seed=1)
    x, y = np.array([[1.5], [-0.5]]), np.array([[1.0]])
    (b1, b2), (w1, w2) = net.biases, net.weights
    a1 = 1 / (1 + np.exp(-(w1 @ x + b1)))
    a2 = 1 / (1 + np.exp(-(w2 @ a1 + b2)))
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = w2.T * delta2 * a1 * (1 - a1)
    nabla_b, nabla_w = contenders.notebook_backprop(x, y, net.weights, net.biases)
    for got, want in zip((*nabla_b, *nabla_w), (delta1, delta2, delta1 * x.T, delta2 * a1.T)):
        np.testing.assert_allclose(got, want, rtol=1e-13)


@every_case
def test_all_who_are_there_give_the_same_gradient(case):
    made = {one.name: one.make(case) for one in bench.entrants(contenders.GRADIENTS, case, bench.missing())}
    right = backprop(*case.arrays(np.longdouble))
    errors = bench.agreed(made, dict.fromkeys(made, [*right[0], *right[1]]), 1e-12 if case.dtype == "float64" else 1e-5)
    assert {"bp.backprop", "notebook", "in place"} <= errors.keys() and "products" not in errors


def test_all_who_are_there_end_training_with_the_same_parameters():
    training = cases.Training(epochs=2, most_steps=5)
    made = {one.name: one.make(training) for one in bench.entrants(contenders.TRAININGS, training, bench.missing())}
    call, read = made["Network.train"]
    of_softmax, read_softmax = contenders.of_softmax(training)
    reference = {**dict.fromkeys(made, read(call())), "scikit-learn": read_softmax(of_softmax())}
    assert {"Network.train", "notebook", "scikit-learn"} <= bench.agreed(made, reference, 1e-10).keys()
    moved = np.abs(training.network().weights[0] - reference["Network.train"][2]).max()
    assert moved > 1e-3, "nothing was trained"


def test_who_gives_another_gradient_is_named_before_anything_is_timed():
    right = [np.array([[1.0, 2.0]]), np.array([[3.0]])]
    made = {"right": (lambda: right, list), "wrong": (lambda: [right[0], 1.001 * right[1]], list)}
    with pytest.raises(ValueError, match="^wrong: array 1 differs by 1.0e-03 of its norm, expected at most 1e-09$"):
        bench.agreed(made, dict.fromkeys(made, right), 1e-9)
    made["wrong"] = (lambda: [right[0].T, right[1]], list)
    with pytest.raises(ValueError, match=r"^wrong: array 0 has shape \(2, 1\), expected \(1, 2\)$"):
        bench.agreed(made, dict.fromkeys(made, right), 1e-9)


def test_a_library_that_is_missing_is_skipped_by_name_and_nobody_else():
    assert bench.missing({"numpy": "NumPy", "no_such_library": "None"}) == ["no_such_library"]
    case = cases.Case((2, 3, 1), 1)
    names = lambda absent: [one.name for one in bench.entrants(contenders.GRADIENTS, case, absent)]
    everybody = [one.name for one in contenders.GRADIENTS]
    assert names([]) == everybody
    assert names(["jax"]) == [name for name in everybody if not name.startswith("JAX")]
    assert names(list(bench.LIBRARIES)) == ["bp.backprop", "spec.compile", "notebook", "in place", "products"]
    needed = {one.library for one in (*contenders.GRADIENTS, *contenders.TRAININGS)} - {""}
    assert needed <= bench.LIBRARIES.keys()


# Timing.

def test_contenders_take_turns_and_nobody_always_comes_after_the_same(monkeypatch):
    calls, clock = [], iter(range(10**6))
    monkeypatch.setattr(timing, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(timing, "ROUNDS", (4, 4))
    seconds = timing.in_rounds({name: lambda name=name: calls.append(name) for name in "abc"}, budget=200)
    assert {name: len(found) for name, found in seconds.items()} == dict.fromkeys("abc", 4)
    timed = calls[6:]  # two calls each, to see how long they take
    assert "".join(timed) == "aabbcc" + "bbccaa" + "ccaabb" + "aabbcc"


def test_a_ratio_is_that_of_one_round_not_of_two_medians():
    slowed = timing.reading([2.0, 20.0, 2.0, 20.0], [1.0, 10.0, 1.0, 10.0])
    assert (slowed["ratio"], slowed["low"], slowed["high"]) == (2, 2, 2)


def test_the_proof_is_measured_on_the_networks_that_are_named():
    from bp.evidence.fixtures import Fixture
    for kind in proof.KINDS.values():
        assert kind(Fixture((2, 3, 1), 1))() != 0


# What was recorded, and the page.

def test_the_record_has_every_case_for_everybody_who_was_there(record):
    absent = [name for name, title in bench.LIBRARIES.items() if title in record["missing"]]
    rows = {(tuple(r["sizes"]), r["batch"], r["dtype"], r["threads"], r["contender"]) for r in record["gradients"]}
    wanted = {(case.sizes, case.batch, case.dtype, threads, one.name) for case in cases.GRADIENTS
              for threads in bench.THREADS for one in bench.entrants(contenders.GRADIENTS, case, absent)}
    assert wanted - rows == set()
    trained = {(r["threads"], r["contender"]) for r in record["training"]}
    assert trained == {(threads, one.name) for threads in bench.THREADS
                       for one in bench.entrants(contenders.TRAININGS, cases.TRAINING, absent)}
    assert {tuple(r["sizes"]) for r in record["proof"] if r["kind"] == "derive"} == set(proof.SIZES)
    assert {r["kind"] for r in record["proof"]} == set(proof.KINDS)


def test_every_ratio_lies_within_its_spread_and_every_gradient_was_compared(record):
    for row in (*record["gradients"], *record["training"]):
        assert 0 < row["low"] <= row["ratio"] <= row["high"] and row["seconds"] > 0 and row["rounds"] >= 3
        assert (row["error"] is None) == (row["contender"] in page.NO_GRADIENT)
        assert row["error"] is None or row["error"] <= bench.AGREE[row.get("dtype", "float32")]


def test_there_is_a_reading_for_every_goal(record):
    if record["missing"]:
        pytest.fail(f"recorded without {record['missing']}: run make bench with all of them")
    unread = [goal.en for goal in page.GOALS if goal.worst(record) is None]
    assert unread == []
    assert len(page.goals(record).rows) == len(page.GOALS)


def test_a_goal_that_is_missed_is_said_to_be(record):
    changed = copy.deepcopy(record)
    for row in changed["memory"]:
        row["ratio"] = 1.7 if row["sizes"] == [784, 30, 10] and row["batch"] == 1024 else 1.2
    limit, read, result, where = page.goals(changed).rows["peak memory, of the arrays that must exist"]
    assert (limit, read, result, where) == ("≤ 1.6", "1.7", "missed", "[784, 30, 10] × 1024")
    changed["memory"] = [{**row, "ratio": 1.2} for row in changed["memory"]]
    assert page.goals(changed).rows["peak memory, of the arrays that must exist"][2] == "met"


def test_a_contender_that_was_missing_leaves_its_goals_unmeasured(record):
    changed = copy.deepcopy(record)
    for part in ("gradients", "training"):
        changed[part] = [row for row in changed[part] if row["contender"] != "PyTorch"]
    results = {name: cells[2] for name, cells in page.goals(changed).rows.items() if "PyTorch" in name}
    assert set(results.values()) == {"not measured"} and len(results) == 3
    assert "–" not in page.gradients(changed).head


def test_whoever_is_faster_is_listed_and_nobody_else(record):
    changed = copy.deepcopy(record)
    for row in (*changed["gradients"], *changed["training"]):
        if row["contender"] not in ("bp.backprop", "Network.train"):
            row.update(ratio=2.0, low=1.9, high=2.1)
    assert page.losses(changed).rows == {}
    row, = (r for r in changed["gradients"] if (r["sizes"], r["batch"], r["threads"], r["contender"]) ==
            ([784, 30, 10], 1024, 2, "JAX"))
    row.update(ratio=0.5, low=0.4, high=0.6)
    assert page.losses(changed).rows == {"[784, 30, 10] × 1024, 2 threads": ["JAX 0.5 (0.4–0.6)"]}
    row.update(high=1.01)
    assert page.losses(changed).rows == {}


def test_the_figures_say_in_words_what_they_show(record):
    alt = re.search('aria-label="(.*?)"', page.proof_cost(record).markup)[1]
    for row in record["proof"]:
        assert f"{row['parameters']:,}: " in alt or row["seconds"] is None
    assert "given up" in alt or all(row["seconds"] for row in record["proof"])
    alt = re.search('aria-label="(.*?)"', page.by_batch(record).markup)[1]
    assert all(name in alt for name in ("bp.backprop", "notebook", "PyTorch", "JAX"))


def test_all_tables_can_be_printed_in_both_languages(record, monkeypatch):
    english = "\n\n".join(page.tables(record))
    monkeypatch.setenv("BP_LANG", "zh-TW")
    chinese = "\n\n".join(page.tables(record))
    assert "missed" in english or "met" in english
    assert "達成" in chinese and "原始筆記本" in chinese
