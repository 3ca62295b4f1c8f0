"""The figures show the arrays they are given: sizes, places and words are read back out of the SVG."""
import re
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bp import Network, example, sigmoid
from bp.figures import (Block, activation_curves, blame_diagram, blocks, chart, computation_graph,
                        delta_by_layer, images, network_diagram, shapes)
from bp.figures.svg import SMALL, number, room, spread, svg
from bp.trace import trace

PHONE, LEGIBLE = 339, 11  # pixels: the room for a figure on a narrow phone, the least text
NUMBER = re.compile(r"−?\d+(?:\.\d+)?(?:e[−+]?\d+)?")
HAN = re.compile("[\u4e00-\u9fff]")


def trace_of(sizes, samples=1, seed=1):
    net, draw = Network(sizes, seed=seed), np.random.default_rng(seed).standard_normal
    return trace(net, draw((sizes[0], samples)), draw((sizes[-1], samples)))


def relu(z):
    return np.maximum(z, 0)


relu.prime = lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0)

RUN = trace(example.net, example.x, example.y)
DEEP, WIDE = trace_of([4] * 6, samples=3), trace_of([3, 5, 2], samples=4)
FIGURES = {
    "blocks": lambda: blocks(("w¹", RUN.w[1]), "·", ("x", RUN.a[0])),
    "shapes": lambda: shapes(Block("W¹", WIDE.w[1], "n₁", "n₀", lit=np.s_[1, :]), "·",
                             Block("a⁰", WIDE.a[0], "n₀", "N"), "+",
                             Block("b¹", WIDE.b[1], "n₁", "1", repeated=4)),
    "curves": lambda: activation_curves(sigmoid, RUN.z[1]),
    "curves with a kink": lambda: activation_curves(relu, [0.5]),
    "network": lambda: network_diagram(example.net),
    "blame": lambda: blame_diagram(RUN),
    "deep blame": lambda: blame_diagram(trace_of([2, 3, 3, 2])),
    "graph of the output layer": lambda: computation_graph(RUN, 2),
    "graph of a hidden layer": lambda: computation_graph(RUN, 1),
    "images": lambda: images(np.linspace(0, 1, 48).reshape(16, 3) % 0.5, ["1", "2", "3"]),
    "layers": lambda: delta_by_layer({"4": DEEP}, factor=0.25),
    "chart": lambda: chart({"a": ([1, 2], [3, 4]), "b": ([1, 2], [3, 5])}, "x", "y", alt="1"),
}
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.delenv("BP_LANG", raising=False)


def read(figure):
    """A figure taken apart: its root, alternative text, size, and elements by tag."""
    root = ElementTree.fromstring(figure.markup)
    for element in root.iter():
        element.tag = element.tag.split("}")[1]
    *_, width, height = map(float, root.get("viewBox").split())
    return SimpleNamespace(root=root, alt=root.get("aria-label"), width=width, height=height,
                           all=lambda tag: list(root.iter(tag)), texts=[t.text for t in root.iter("text")])


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


def points(element):
    return np.array([pair.split(",") for pair in element.get("points").split()], dtype=float)


def labelled(figure, label):
    """Where the one text with this label stands."""
    (text,) = (t for t in figure.all("text") if t.text == label)
    return np.array(numbers(text, "x", "y"))


@every_figure
def test_a_figure_is_an_image_with_an_alternative_text(draw):
    figure = read(draw())
    assert figure.root.get("role") == "img" and NUMBER.search(figure.alt)


@every_figure
def test_a_figure_is_drawn_in_the_colour_of_the_text(draw):
    markup = draw().markup
    colours = re.findall(r'(?:fill|stroke)[=:]"?([^";]+)', markup)
    assert {c for c in colours if c not in ("none", "currentColor")} <= {
        "var(--md-default-bg-color,var(--jp-layout-color0,Canvas))"}
    assert "#" not in markup


@every_figure
def test_the_text_of_a_figure_stays_legible_on_a_phone(draw):
    figure = read(draw())
    least = re.search(r"min-width:(\d+)px", figure.root.get("style"))
    shown = max(min(figure.width, PHONE), int(least[1]) if least else 0)
    sizes = [float(t.get("font-size")) for t in figure.all("text")]
    assert min(sizes) >= SMALL
    assert min(sizes) * shown / figure.width >= LEGIBLE - 0.05


@every_figure
def test_nothing_is_cut_off_at_the_edge_of_a_figure(draw):
    figure = read(draw())
    for text in figure.all("text"):
        x, y, size = numbers(text, "x", "y", "font-size")
        wide = room(text.text, 0.85 * size)  # what most fonts need
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        if not text.get("transform"):
            assert left >= -0.5 and left + wide <= figure.width + 0.5, text.text
        assert size * 0.7 <= y <= figure.height - 2, text.text
    for tag, names in (("circle", ("cx", "cy")), ("line", ("x1", "y1")), ("line", ("x2", "y2"))):
        for element in figure.all(tag):
            x, y = numbers(element, *names)
            assert 0 <= x <= figure.width and 0 <= y <= figure.height, element.attrib


@every_figure
def test_both_languages_draw_the_same(draw, monkeypatch):
    english = read(draw())
    monkeypatch.setenv("BP_LANG", "zh-TW")
    chinese = read(draw())
    kinds = [[(e.tag, sorted(e.attrib)) for e in figure.root.iter()] for figure in (english, chinese)]
    assert kinds[0] == kinds[1]
    said = [sorted(NUMBER.findall(figure.alt)) for figure in (english, chinese)]
    assert said[0] == said[1]
    assert not HAN.search("".join([english.alt, *english.texts]))


@pytest.mark.parametrize("name", set(FIGURES) - {"blocks", "chart"})
def test_the_alternative_text_is_said_in_chinese_too(name, monkeypatch):
    monkeypatch.setenv("BP_LANG", "zh-TW")
    assert HAN.search(read(FIGURES[name]()).alt)


@pytest.mark.parametrize("name, turned", [("秒", False), ("δ", False), ("seconds", True)])
def test_a_single_letter_beside_an_axis_stands_upright(name, turned):
    figure = read(chart({"a": ([1, 2], [3, 4])}, "x", name, alt="."))
    label, = (text for text in figure.all("text") if text.text == name)
    assert bool(label.get("transform")) == turned


def test_what_stands_below_a_unit_keeps_away_from_the_next_one():
    figure = read(blame_diagram(RUN))
    tops = [y - radius for y, radius in (numbers(unit, "cy", "r") for unit in figure.all("circle"))]
    for text in figure.all("text"):
        (y,) = numbers(text, "y")
        below = [top - y for top in tops if top > y - SMALL]
        assert not text.text.startswith("f′") or min(below, default=99) >= SMALL, text.text


def test_a_wide_image_is_scrolled_rather_than_shrunk():
    narrow, wide = svg(400, 10, [], "").markup, svg(800, 10, [], "").markup
    assert "min-width" not in narrow and "tabindex" not in narrow
    assert f"min-width:{800 * LEGIBLE / SMALL:.0f}px" in wide and 'tabindex="0"' in wide


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=7))
def test_spread_labels_keep_their_order_their_gap_and_their_middle(places):
    moved = np.array(spread(places, 10))
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= 10 - 1e-6).all()
    assert moved.mean() == pytest.approx(np.mean(places), abs=1e-6)
    if len(places) == 1 or np.diff(np.sort(places)).min() >= 10:
        np.testing.assert_allclose(moved, places, atol=1e-6)
    assert max(spread(places, 10, most=0)) <= 1e-9


# Arrays.

def test_blocks_show_every_entry_in_its_cell():
    figure = read(blocks(("w¹", RUN.w[1]), "·", ("x", RUN.a[0])))
    cells = [numbers(r, "x", "y") for r in figure.all("rect")]
    entries = [number(entry) for array in (RUN.w[1], RUN.a[0]) for entry in array.ravel()]
    assert [t for t in figure.texts if t in entries] == entries and len(cells) == len(entries)
    assert figure.alt == "[w¹, 3 × 2: 0.2 0.6; 0.9 −0.4; −0.3 0.1] · [x, 2 × 1: 1.5; −0.5]"


def solid(figure):
    """The sides of the blocks themselves, without copies and without what is lit."""
    return [numbers(r, "width", "height") for r in figure.all("rect")
            if r.get("fill") == "none" and r.get("stroke-dasharray") == "none"]


def test_the_sides_of_blocks_are_proportional_to_their_shapes():
    figure = read(FIGURES["shapes"]())
    sides = np.array(solid(figure))
    unit = sides[0, 0] / 3
    np.testing.assert_allclose(sides / unit, [(3, 5), (4, 3), (1, 5)])
    assert "n₁ = 5, n₀ = 3, N = 4" in figure.texts


def test_the_column_of_biases_is_shown_once_for_every_sample():
    figure = read(FIGURES["shapes"]())
    bias = [r for r in figure.all("rect") if r.get("fill") == "none"][2:]
    assert [r.get("stroke-dasharray") == "none" for r in bias] == [True, False, False, False]
    lefts = [numbers(r, "x")[0] for r in bias]
    np.testing.assert_allclose(np.diff(lefts), numbers(bias[0], "width")[0])
    assert "column repeated 4 times" in figure.alt


def test_lit_entries_are_those_of_the_index():
    figure = read(shapes(Block("W", np.ones((3, 2)), "m", "n", lit=np.s_[1, :])))
    (left, top), = ((numbers(r, "x", "y")) for r in figure.all("rect") if r.get("fill") == "none")
    lit = [np.array(numbers(r, "x", "y")) - (left, top) for r in figure.all("rect") if r.get("fill") != "none"]
    unit = numbers(figure.all("rect")[0], "width")[0]
    np.testing.assert_allclose(np.array(lit) / unit, [(0, 1), (1, 1)])


def test_a_letter_that_would_stand_for_two_numbers_is_refused():
    with pytest.raises(ValueError, match=r"a: expected n₀ = 3, got shape \(2, 4\)"):
        shapes(Block("W", np.ones((5, 3)), "n₁", "n₀"), "·", Block("a", np.ones((2, 4)), "n₀", "N"))
    with pytest.raises(ValueError, match=r"b: expected 1 = 1, got shape \(5, 2\)"):
        shapes(Block("b", np.ones((5, 2)), "n₁", "1"))


# Curves of an activation.

def marks(figure):
    """The circles that mark z, in the panel of f and in that of f′."""
    upper, lower = (group for group in figure.all("g"))
    return [np.array([numbers(c, "cx", "cy") for c in group.iter("circle") if c.get("r") == "4.5"])
            for group in (upper, lower)]


def z_axis(figure, low, high):
    ticks = {t.text: numbers(t, "x")[0] for t in figure.all("text")}  # those of z are written last
    left, right = ticks[number(low)], ticks[number(high)]
    return lambda z: left + (np.ravel(z) - low) / (high - low) * (right - left)


def test_the_weighted_inputs_are_marked_at_their_z_on_both_curves():
    figure = read(activation_curves(sigmoid, RUN.z[1]))
    upper, lower = marks(figure)
    expected = z_axis(figure, -6, 6)(RUN.z[1])
    np.testing.assert_allclose(upper[:, 0], expected, atol=0.06)
    np.testing.assert_allclose(lower[:, 0], expected, atol=0.06)


@pytest.mark.parametrize("function, panel", [(sigmoid, 0), (sigmoid.prime, 1)], ids=["f", "f′"])
def test_the_marks_lie_at_the_values_of_the_function(function, panel):
    z = np.array([-5.0, 0.0, 3.0])
    heights = marks(read(activation_curves(sigmoid, z)))[panel][:, 1]
    values = function(z)
    slope = (heights[1] - heights[0]) / (values[1] - values[0])
    np.testing.assert_allclose(heights, heights[0] + slope * (values - values[0]), atol=0.1)
    assert slope < 0  # up is less in an image


def test_the_names_of_close_weighted_inputs_stand_apart_in_the_order_of_z():
    figure = read(activation_curves(sigmoid, RUN.z[1]))
    places = [labelled(figure, name)[0] for name in ("z₃", "z₁", "z₂")]
    assert np.diff(places).min() >= room("z₁")


def test_the_z_axis_reaches_as_far_as_the_marks():
    z = np.array([-17.0, 2.0])
    figure = read(activation_curves(sigmoid, z))
    np.testing.assert_allclose(marks(figure)[0][:, 0], z_axis(figure, -20, 20)(z), atol=0.06)


def test_the_alternative_text_of_the_curves_has_their_numbers():
    alt = read(activation_curves(sigmoid, RUN.z[1])).alt
    for z, name in zip(RUN.z[1].ravel(), "₁₂₃"):
        assert f"z{name} = {number(z)}: f = {number(sigmoid(z))}, f′ = {number(sigmoid.prime(z))}" in alt


def pieces(figure):
    return [[points(p) for p in group.iter("polyline")] for group in figure.all("g")]


def dots(figure, filled):
    group = figure.all("g")[1]
    return [numbers(c, "cx", "cy") for c in group.iter("circle")
            if c.get("r") == "3.2" and (c.get("fill") == "currentColor") == filled]


def test_a_curve_that_jumps_is_drawn_in_pieces_with_the_value_that_the_code_gives():
    figure = read(activation_curves(relu))
    upper, lower = pieces(figure)
    assert (len(upper), len(lower)) == (1, 2)
    zero = z_axis(figure, -6, 6)(0)[0]
    bottom, top = lower[0][-1], lower[1][0]
    np.testing.assert_allclose([bottom[0], top[0]], zero, atol=0.06)
    assert bottom[1] > top[1]
    np.testing.assert_allclose(dots(figure, filled=False), [bottom, top])
    np.testing.assert_allclose(dots(figure, filled=True), [bottom])
    assert "at z = 0 it jumps from 0 to 1, the code gives 0" in figure.alt


def test_the_corner_of_a_kinked_curve_is_a_point_of_its_line():
    def bent(z):
        return np.abs(np.asarray(z) - 0.123)
    bent.prime = lambda z: np.sign(np.asarray(z) - 0.123)
    figure = read(activation_curves(bent))
    (curve,), _ = pieces(figure)
    lowest = curve[curve[:, 1].argmax()]
    assert lowest[0] == pytest.approx(z_axis(figure, -6, 6)(0.123)[0], abs=0.06)
    assert "at z = 0.123 it jumps from −1 to 1, the code gives 0" in figure.alt


def test_a_curve_that_is_only_steep_is_not_drawn_in_pieces():
    def steep(z):
        return sigmoid(1000 * np.asarray(z))
    steep.prime = lambda z: 1000 * sigmoid.prime(1000 * np.asarray(z))
    assert [len(curve) for curve in pieces(read(activation_curves(steep)))] == [1, 1]


def test_a_level_derivative_is_drawn_beside_zero():
    def identity(z):
        return np.asarray(z)
    identity.prime = np.ones_like
    figure = read(activation_curves(identity, [2.0]))
    (curve,) = pieces(figure)[1]
    np.testing.assert_allclose(curve[:, 1] + 4.5, labelled(figure, "1")[1], atol=0.06)
    assert "f′ is 1 throughout" in figure.alt and "z₁ = 2: f = 2, f′ = 1" in figure.alt


def test_curves_refuse_what_cannot_be_drawn():
    with pytest.raises(TypeError, match="activation: expected a function with its derivative"):
        activation_curves(np.tanh)
    with pytest.raises(ValueError, match=r"z: expected finite numbers, got \[nan\]"):
        activation_curves(sigmoid, [np.nan])


# Networks.

def test_every_weight_stands_in_the_network_and_in_its_alternative_text():
    figure = read(network_diagram(example.net))
    for weight in np.concatenate([w.ravel() for w in example.net.weights]):
        assert number(weight) in figure.texts and number(weight) in figure.alt
    assert len(figure.all("line")) == 9


def carried(figure):
    """Each edge of the blame: its width, whether it is dashed, and where it leads."""
    return [(float(edge.get("stroke-width")), edge.get("stroke-dasharray") != "none",
             float(edge.get("x2")) - float(edge.get("x1")))
            for edge in figure.all("line") if edge.get("stroke-opacity") == "1"][:-2]


def test_the_blame_is_as_wide_as_it_is_large_dashed_when_negative_and_flows_back():
    blame = (RUN.w[2] * RUN.delta[2]).ravel()
    widths, dashed, across = map(np.array, zip(*carried(read(blame_diagram(RUN)))))
    np.testing.assert_allclose(widths / widths.max(), abs(blame) / abs(blame).max(), rtol=1e-3)
    np.testing.assert_array_equal(dashed, blame < 0)
    assert (across < 0).all()


def test_every_blame_and_every_delta_of_a_deeper_network_is_written():
    run = trace_of([2, 3, 3, 2])
    figure = read(blame_diagram(run))
    for l in (2, 3):
        for entry in (run.w[l] * run.delta[l].T.reshape(-1, 1)).ravel():
            assert number(entry) in figure.texts
    for l in (1, 2, 3):
        for entry in run.delta[l].ravel():
            assert number(entry) in figure.texts and f"= {number(entry)}" in figure.alt


def solid_and_dashed(figure):
    arrows = [p.get("stroke-dasharray") == "none" for p in figure.all("polyline")]
    return arrows.count(True), arrows.count(False)


@pytest.mark.parametrize("l", [1, 2])
def test_every_edge_of_the_graph_has_its_value_and_the_derivative_by_it(l):
    figure = read(computation_graph(RUN, l))
    nabla_b, nabla_w = example.net.backprop(example.x, example.y)
    forward = [RUN.a[l-1].T, RUN.w[l], RUN.b[l].T, RUN.z[l], RUN.a[l]]
    back = [nabla_w[l-1], nabla_b[l-1].T, RUN.delta[l], RUN.w[l].T @ RUN.delta[l]]
    for array in forward + back[:3] + [back[3].T]:
        for row in array:
            assert ", ".join(map(number, row)) in figure.texts
    assert solid_and_dashed(figure) == (6, 6)  # five edges and the legend


def test_the_derivative_by_an_output_in_the_graph_is_that_of_the_cost():
    moved = 1e-6
    slope = (example.net.cost(RUN.a[2] + moved, RUN.y) - example.net.cost(RUN.a[2] - moved, RUN.y)) / (2 * moved)
    figure = read(computation_graph(RUN, 2))
    assert number(slope.item()) in figure.texts and f"∂E/∂a² = {number(slope.item())}" in figure.alt


def test_what_leaves_the_graph_of_a_layer_enters_that_of_the_layer_below():
    above, below = read(computation_graph(RUN, 2)), read(computation_graph(RUN, 1))
    back = RUN.w[2].T @ RUN.delta[2]
    assert f"∂E/∂a¹ = ({', '.join(map(number, back.ravel()))})" in above.alt
    assert f"∂E/∂a¹ = ({'; '.join(map(number, back.ravel()))})" in below.alt
    assert "E" in above.texts and "E" not in below.texts and "z²" in below.texts


def test_graphs_refuse_several_samples_and_layers_that_are_not_there():
    for draw in (blame_diagram, lambda run: computation_graph(run, 1)):
        with pytest.raises(ValueError, match="run: expected the trace of one sample, got 4"):
            draw(WIDE)
    with pytest.raises(ValueError, match="l: expected a layer from 1 to 2, got 0"):
        computation_graph(RUN, 0)


# Charts.

def curves(figure):
    return [points(group.find("polyline")) for group in figure.all("g")]


def test_points_of_a_chart_stand_where_its_axes_say():
    figure = read(chart({"a": ([0, 10, 20], [1, 4, 2])}, "x", "y", alt="."))
    (curve,) = curves(figure)
    left, right = labelled(figure, "0")[0], labelled(figure, "20")[0]
    np.testing.assert_allclose(curve[:, 0], [left, (left + right) / 2, right], atol=0.1)
    four, two = (labelled(figure, tick)[1] for tick in ("4", "2"))
    np.testing.assert_allclose(curve[1:, 1] + 4.5, [four, two], atol=0.1)


def test_a_name_stands_where_its_line_ends():
    figure = read(chart({"up": ([0, 1], [0, 9]), "down": ([0, 1], [9, 1])}, "x", "y", alt="."))
    for name, curve in zip(("up", "down"), curves(figure)):
        (x, y), (end, level) = labelled(figure, name), curve[-1]
        assert x > end and abs(y - 4.5 - level) < 0.5 + 4


def test_lines_of_a_chart_differ_without_colour():
    figure = read(chart({str(n): ([0, 1], [0, n]) for n in range(1, 5)}, "x", "y", alt="."))
    assert len({group.find("polyline").get("stroke-dasharray") for group in figure.all("g")}) == 4
    marks = [[(e.tag, len((e.get("points") or "").split())) for e in group
              if e.tag in ("circle", "polygon")] for group in figure.all("g")]
    assert len({m[0] for m in marks}) == 3 and marks[1][0] == marks[3][0]  # a square, and one on its corner


def test_a_long_line_has_few_marks_one_of_them_at_its_end():
    figure = read(chart({"a": (range(300), range(300))}, "x", "y", alt="."))
    (group,) = figure.all("g")
    placed = [numbers(c, "cx", "cy") for c in group.iter("circle")]
    assert 5 <= len(placed) <= 10
    np.testing.assert_allclose(placed[-1], curves(figure)[0][-1], atol=0.1)


@pytest.mark.parametrize("log", ["y", "xy"])
def test_equal_factors_are_equal_steps_on_a_logarithmic_axis(log):
    figure = read(chart({"a": ([1, 10, 100], [1e-3, 1e-1, 1e1])}, "x", "y", alt=".", log=log))
    (curve,) = curves(figure)
    assert np.diff(curve[:, 1])[0] == pytest.approx(np.diff(curve[:, 1])[1], abs=0.2)
    assert (abs(np.diff(curve[:, 0], 2)) < 0.2).all() == (log == "xy")


def test_charts_refuse_numbers_that_their_axes_cannot_show():
    for log, ys, message in (("y", [1, 0], "series: expected positive numbers for y, got 'a'"),
                             ("", [1, np.nan], "series: expected finite numbers for y, got 'a'"),
                             ("z", [1, 2], "log: expected 'x', 'y' or 'xy', got 'z'")):
        with pytest.raises(ValueError, match=message):
            chart({"a": ([1, 2], ys)}, "x", "y", alt=".", log=log)


def test_the_size_of_delta_is_its_root_mean_square_layer_by_layer():
    alt = read(delta_by_layer({"deep": DEEP})).alt
    sizes = [np.sqrt(np.mean(DEEP.delta[l] ** 2)) for l in range(5, 0, -1)]
    assert f"deep: {', '.join(map(number, sizes))}." in alt


def test_under_orthogonal_weights_delta_stays_below_the_line_of_the_quarters():
    net = Network([6] * 5, seed=2)
    net.weights = [np.linalg.qr(w)[0] for w in net.weights]
    draw = np.random.default_rng(0).standard_normal
    figure = read(delta_by_layer({"orthogonal": trace(net, draw((6, 9)), draw((6, 9)))}, factor=0.25))
    delta, quarters = curves(figure)
    np.testing.assert_allclose(delta[0], quarters[0], atol=0.1)
    assert (delta[1:, 1] > quarters[1:, 1]).all()  # lower down in the image
    np.testing.assert_allclose(np.diff(quarters[:, 1], 2), 0, atol=0.2)


def test_a_picture_has_its_ink_where_the_pixels_have_it_and_every_column_one():
    x = np.zeros((4, 11))
    x[1], x[2, 3] = 1, 0.5
    figure = read(images(x, [str(n) for n in range(11)]))
    pictures = figure.root.findall("{*}g")
    assert [[(path.get("d"), path.get("fill-opacity")) for path in picture] for picture in pictures[2:4]] == [
        [("M1 0h1v1h-1z", "1")], [("M0 1h1v1h-1z", "0.5"), ("M1 0h1v1h-1z", "1")]]
    assert [picture.get("transform").split(" scale")[0] for picture in pictures[-2:]] == [
        "translate(365 0)", "translate(5 52)"]
    assert len(pictures) == 11 and figure.texts == [str(n) for n in range(11)]
    assert figure.alt == f"Images of 2 × 2 pixels: {', '.join(figure.texts)}."


@pytest.mark.parametrize("x", [np.zeros((3, 2)), np.zeros((4, 3)), np.zeros(4)], ids=np.shape)
def test_pictures_that_are_no_squares_or_have_no_names_are_refused(x):
    with pytest.raises(ValueError, match="x: expected a square of pixels in each of 2 columns, got shape"):
        images(x, ["a", "b"])
