"""The crosswalk: every row of every convention holds, and a row that is wrong is seen."""
import inspect
import re
from dataclasses import replace

import numpy as np
import pytest

from bp import Network, crosswalk
from bp.crosswalk import CONVENTIONS, compare

# With four samples, the second has only square arrays: there no shape betrays a missing transpose.
NETWORKS = [[2, 3, 1], [4, 4, 4, 4], [3, 5, 4, 2], [3, 2]]
ROWS = [(name, row) for name, convention in CONVENTIONS.items() for row in convention.rows]
PRODUCTS = re.compile(r"[\w.\[\]+-]+\.T\b")


def differences(convention, sizes, samples=4):
    normal = np.random.default_rng(1).standard_normal
    x, y = normal((sizes[0], samples)), normal((sizes[-1], samples))
    return [difference for *_, difference in compare(convention, Network(sizes, seed=1), x, y)]


def alone(name, row, **changes):
    return replace(CONVENTIONS[name], rows=(replace(row, **changes),))


def is_seen(convention, sizes):
    """Whether a wrong convention stops or differs by far more than rounding."""
    try:
        return max(differences(convention, sizes)) > 1e-3
    except (ValueError, IndexError, KeyError):
        return True


@pytest.mark.parametrize("sizes", NETWORKS, ids=str)
@pytest.mark.parametrize("samples", [1, 3, 4])
@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_row_holds_to_rounding(name, sizes, samples):
    found = differences(CONVENTIONS[name], sizes, samples)
    assert len(found) == len(CONVENTIONS[name].rows)
    assert max(found) < 1e-13, dict(zip((row.theirs for row in CONVENTIONS[name].rows), found))


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_ends_in_both_gradients(name):
    text = " ".join(row.ours for row in CONVENTIONS[name].rows)
    assert {"nabla_b", "nabla_w", "delta"} <= set(re.findall(r"\w+", text))


@pytest.mark.parametrize("name, row", [(n, r) for n, r in ROWS if ".T" in r.ours], ids=lambda v: getattr(v, "theirs", v))
def test_a_row_without_its_transpose_is_seen_even_where_all_shapes_fit(name, row):
    for sizes in ([4, 4, 4, 4], [3, 5, 4, 2]):
        assert is_seen(alone(name, row, ours=row.ours.replace(".T", "")), sizes)


@pytest.mark.parametrize("name, row", [(n, r) for n, r in ROWS if re.search(r"\[[lL]", r.ours)],
                         ids=lambda v: getattr(v, "theirs", v))
def test_a_row_shifted_by_a_layer_is_seen(name, row):
    shifted = re.sub(r"\[([lL][^\]]*)\]", r"[\1-1]", row.ours)
    assert is_seen(alone(name, row, ours=shifted), [4, 4, 4, 4])


@pytest.mark.parametrize("name, row", [(n, r) for n, r in ROWS if re.search(r"\bN\b|n\[L\]", r.ours)],
                         ids=lambda v: getattr(v, "theirs", v))
def test_a_row_with_a_sum_for_a_mean_is_seen(name, row):
    counted = re.sub(r"N \* |\(N \* n\[L\]\)| / N$", lambda m: "1" if "n" in m[0] else "", row.ours)
    counted = counted.replace("2 / n[L] * ", "")
    assert counted != row.ours
    assert is_seen(alone(name, row, ours=counted), [4, 4, 4, 4])


TRANSPOSES = [(convention, line.strip(), product) for convention in CONVENTIONS.values()
              for line in inspect.getsource(convention.backprop).splitlines() for product in PRODUCTS.findall(line)]


@pytest.mark.parametrize("convention, line, product", TRANSPOSES,
                         ids=lambda v: getattr(getattr(v, "backprop", None), "__name__", v))
def test_a_transpose_dropped_from_a_conventions_code_is_seen(plant, convention, line, product):
    plant(convention.backprop, line, line.replace(product, product.removesuffix(".T")))
    assert is_seen(convention, [4, 4, 4, 4]) and is_seen(convention, [3, 5, 4, 2])


def test_the_transposes_of_all_conventions_were_tried():
    tried = {convention.backprop for convention, *_ in TRANSPOSES}
    assert tried == {convention.backprop for convention in CONVENTIONS.values()}


@pytest.mark.parametrize("name, right, wrong", [
    ("ng", "dZ[l] = dA[l] * sigmoid_prime(Z[l])", "dZ[l] = dA[l]"),
    ("ng", "1 / m * dZ[l] @", "dZ[l] @"),
    ("rows", "(A[L] - Y) / N", "(A[L] - Y)"),
    ("torch", "2 * (out[L] - y) / y.size", "2 * (out[L] - y) / len(y)"),
    ("theta", "from_above[1:]", "from_above[:-1]"),
    ("nielsen", "1: x}", "1: 2 * x}"),
    ("network.py", "weights[-l+1].T", "weights[-l].T")])
def test_another_mistake_in_a_conventions_code_is_seen(plant, name, right, wrong):
    plant(CONVENTIONS[name].backprop, right, wrong)
    assert is_seen(CONVENTIONS[name], [4, 4, 4, 4])


def test_a_difference_of_shape_is_infinite():
    assert crosswalk._difference(np.ones((2, 1)), np.ones((1, 2))) == np.inf
    assert crosswalk._difference(np.ones(2), np.ones(2) / 2) == 1
