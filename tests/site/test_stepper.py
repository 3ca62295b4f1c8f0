"""The stepper in a browser: it walks, plays, takes another network, says what it does, and shows bp's numbers."""
import itertools
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bp.example import net, x, y
from bp.figures.stepper import short
from bp.figures.svg import number
from bp.steps import record, sample

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[2] / "site"
LESSON = "lessons/07-algorithm/"
FOLDERS = {"en": "", "zh-TW": "zh-TW/"}
STEPS = 10
# Every text of the picture with its place, and the groups that are not shown yet left out.
DRAWN = """() => [...document.querySelectorAll('.bp-stepper-network text')]
    .filter(text => !text.closest('.bp-later'))
    .map(text => [text.textContent, Number(text.getAttribute('x')), Number(text.getAttribute('y'))])
    .sort((one, other) => one[1] - other[1] || one[2] - other[2])"""


def test_there_is_a_run_for_every_shape_that_may_be_typed():
    files = {path.stem: path for path in (SITE / "assets" / "traces").iterdir()}
    shapes = [sizes for n in (2, 3, 4) for sizes in itertools.product(range(1, 7), repeat=n)]
    assert set(files) == {"-".join(map(str, sizes)) for sizes in shapes} and len(files) == 1548
    for sizes in shapes[::97]:
        written = json.loads(files["-".join(map(str, sizes))].read_text(encoding="utf-8"))
        assert written == json.loads(json.dumps(record(*sample(sizes)))), sizes
    assert max(path.stat().st_size for path in files.values()) < 6000
    assert not (SITE / "zh-TW" / "assets" / "traces").exists()


@pytest.fixture
def opened(browser, address):
    """opened(language, …) goes to the lesson; what goes wrong in the background fails the test in the end."""
    errors, contexts = [], []

    def go(language="en", width=1440, scheme="light", clock=False, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                      reduced_motion="reduce", **settings)
        contexts.append(context)
        tab = context.new_page()
        if clock:
            tab.clock.install()
        tab.on("console", lambda message: message.type == "error" and errors.append(message.text))
        tab.on("pageerror", lambda problem: errors.append(str(problem)))
        tab.goto(address + FOLDERS[language] + LESSON)
        return tab
    yield go
    for context in contexts:
        context.close()
    assert errors == []


def step(tab):
    """How far it has come, as the bar says, such as "3/10"."""
    return re.search(r"\d+/\d+", tab.locator(".bp-stepper-status").inner_text())[0]


def press(tab, *names):
    for name in names:
        tab.locator(f".bp-stepper [data-do={name}]").click(force=True)  # also at the ends


def values(tab, name):
    """The numbers that stand on the picture for an array, in the order of its entries."""
    return [text.removeprefix("∇ ") for text in
            tab.locator(f".bp-stepper g[data-name={name}]:not(.bp-later)").all_text_contents()]


def entries(rows, written=number):
    return [written(entry) for row in rows for entry in row]


def type_shape(tab, typed):
    tab.locator(".bp-stepper-shape input").fill(typed)
    tab.locator(".bp-stepper-shape button").click()


def load(tab, typed):
    """Type a shape and wait until that network is drawn."""
    type_shape(tab, typed)
    expect(tab.locator(".bp-stepper-network .bp-unit")).to_have_count(sum(map(int, re.findall(r"\d+", typed))))


def complaint(tab):
    return tab.locator(".bp-stepper [role=alert]").inner_text()


def test_it_walks_forward_and_back_and_shows_what_is_known_by_then(opened):
    tab, run = opened(), record(net, x, y)
    known = {name for name in run["arrays"] if re.fullmatch(r"[wb]\d|a0|y", name)}
    for place in range(STEPS + 1):
        assert step(tab) == f"{place}/{STEPS}"
        for name, rows in run["arrays"].items():
            assert values(tab, name) == (entries(rows, short) if name in known else []), (place, name)
        if place < STEPS:
            known.add(run["steps"][place]["gives"])
            press(tab, "forward")
    press(tab, "forward")
    assert step(tab) == f"{STEPS}/{STEPS}"
    press(tab, "back")
    assert step(tab) == f"{STEPS - 1}/{STEPS}" and values(tab, "E_w1") == []
    press(tab, "start", "back")
    assert step(tab) == f"0/{STEPS}" and values(tab, "z1") == []


def test_the_last_step_shows_the_gradients_of_backprop(opened):
    tab = opened()
    tab.locator(".bp-stepper").press("End")
    for key, gradients in zip(("E_b", "E_w"), net.backprop(x, y)):
        for l, gradient in enumerate(gradients, start=1):
            assert values(tab, f"{key}{l}") == entries(gradient, short), f"{key}{l}"


@pytest.mark.parametrize("language", FOLDERS)
def test_the_last_step_is_the_picture_that_stands_there_without_javascript(opened, language):
    still = opened(language, java_script_enabled=False)
    assert still.locator(".bp-stepper svg[role=img]").is_visible()
    assert not still.locator(".bp-stepper-controls, .bp-stepper-code").first.is_visible()
    alive = opened(language)
    alive.locator(".bp-stepper").press("End")
    # The still picture is read with Python's parser, because a tab without JavaScript evaluates nothing.
    written = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>',
                         still.locator(".bp-stepper-network").inner_html())
    written = sorted((text, float(x), float(y)) for x, y, text in written)
    drawn = sorted(map(tuple, alive.evaluate(DRAWN)))
    assert [text for text, *_ in drawn] == [text for text, *_ in written]
    assert [place for _, *place in drawn] == [pytest.approx(place, abs=0.11) for _, *place in written]


def test_each_step_lights_its_line_its_equation_and_its_arrays(opened):
    tab = opened()
    for plain in record(net, x, y)["steps"]:
        press(tab, "forward")
        for function, line in plain["lines"].items():
            lit = tab.locator(f"[data-function={function}] .bp-line").evaluate_all(
                "lines => lines.flatMap((line, i) => line.classList.contains('bp-running') ? [i + 1] : [])")
            assert lit == [line], plain["gives"]
        assert tab.locator(".bp-running").count() == len(plain["lines"])
        shown = tab.locator("[data-equation]:visible")
        assert shown.count() == 1 and shown.get_attribute("data-equation") == plain["equation"]
        assert shown.get_attribute("href").endswith(f"#eq-{plain['equation']}")
        for css, names in (("uses", set(plain["takes"])), ("makes", {plain["gives"]})):
            marked = tab.locator(f".bp-stepper-network .bp-{css}").evaluate_all(
                "marked => marked.map(e => e.dataset.name)")
            assert set(marked) == names, plain["gives"]


def test_the_numbers_of_each_step_are_put_into_its_equation(opened):
    tab, run = opened(), record(net, x, y)
    for plain in run["steps"]:
        press(tab, "forward")
        numbers = tab.locator(".bp-stepper-numbers .bp-matrix").evaluate_all(
            "all => all.map(matrix => [...matrix.querySelectorAll('mn')].map(mn => mn.textContent))")
        given = [entries(run["arrays"][name]) for name in plain["takes"]]
        parts = [entries(part) for part in plain["parts"] if part is not None]
        assert [one for one in given if one not in numbers] == [], plain["gives"]
        assert [one for one in parts if one not in numbers] == [], plain["gives"]
        assert numbers[-1] == entries(run["arrays"][plain["gives"]])


def test_a_letter_lights_up_in_source_statement_and_numbers(opened):
    tab = opened()
    press(tab, "forward")
    tab.locator("[data-function=feedforward] .bp-running .bp-term-w").hover()
    for part in ("code", "statements", "numbers"):
        assert tab.locator(f".bp-stepper-{part} .bp-lit").count(), part
    assert tab.locator(".bp-stepper .bp-lit:not(.bp-term-w)").count() == 0


def test_keys_walk_when_the_stepper_has_the_focus_and_only_then(opened):
    tab = opened()
    tab.keyboard.press("ArrowRight")
    assert step(tab) == f"0/{STEPS}"
    tab.locator(".bp-stepper").focus()
    for key, expected in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 10), ("Home", 0)):
        tab.keyboard.press(key)
        assert step(tab) == f"{expected}/{STEPS}", key
    tab.locator("[data-do=forward]").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Space")
    assert step(tab) == f"2/{STEPS}"
    tab.locator(".bp-stepper input[type=range]").press("ArrowRight")
    assert step(tab) == f"3/{STEPS}"
    tab.locator(".bp-stepper-shape input").press("ArrowRight")
    assert step(tab) == f"3/{STEPS}"


def test_it_plays_to_the_end_and_can_be_paused(opened):
    tab = opened(clock=True)
    tab.locator(".bp-stepper").press("Space")
    play = tab.locator("[data-do=play]")
    assert play.get_attribute("aria-label") == "Pause"
    tab.clock.run_for(4100)
    assert step(tab) == f"2/{STEPS}"
    play.click()
    tab.clock.run_for(10_000)
    assert step(tab) == f"2/{STEPS}" and play.get_attribute("aria-label") == "Play"
    play.click()
    tab.clock.run_for(60_000)
    assert step(tab) == f"{STEPS}/{STEPS}" and play.get_attribute("aria-label") == "Play"
    play.click()
    assert step(tab) == f"0/{STEPS}"


@pytest.mark.parametrize(("language", "said"), [
    ("en", ["Step 1/10 · weighted input, layer 1. Result: 0.1, 1.55, 0.",
            "Step 5/10 · output delta, layer 2. Result: −0.0991."]),
    ("zh-TW", ["步驟 1/10 · 加權輸入，第 1 層。結果：0.1, 1.55, 0。",
               "步驟 5/10 · 輸出層的敏感度，第 2 層。結果：−0.0991。"])])
def test_the_step_is_announced_in_words(opened, language, said):
    tab = opened(language)
    status = tab.locator(".bp-stepper [aria-live=polite]")
    press(tab, "forward")
    assert status.text_content() == said[0]
    press(tab, *["forward"] * 4)
    assert status.text_content() == said[1]


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize(("typed", "sizes"), [("3, 4, 2", [3, 4, 2]), ("［６，１］", [6, 1]), ("6 6 6 6", [6] * 4)])
def test_another_network_is_walked_through_with_numbers_of_bp(opened, language, typed, sizes):
    tab = opened(language)
    run = record(*sample(sizes))
    load(tab, typed)
    assert step(tab) == f"0/{len(run['steps'])}"
    assert complaint(tab) == ""
    tab.locator(".bp-stepper").press("End")
    for name, rows in run["arrays"].items():
        assert values(tab, name) == entries(rows, short), name
    load(tab, "2, 3, 1")
    assert step(tab) == f"0/{STEPS}" and values(tab, "w1") == entries(net.weights[0], short)


# Numbers that leave their ground, touch a unit's letter or stand in a box that is not theirs, and texts that are smaller than 11 pixels.
MISFITS = """() => [...document.querySelectorAll('.bp-stepper .bp-unit > text')].flatMap(letter => {
    const value = letter.previousElementSibling, [ground, digits] = [...value.children].map(part => part.getBBox());
    const ends = letter.getBBox().x + letter.getBBox().width;
    const fits = digits.x >= ground.x - 0.5 && digits.x + digits.width <= ground.x + ground.width && digits.x >= ends;
    return fits ? [] : [letter.textContent + ' ' + value.textContent];
}).concat([...document.querySelectorAll('.bp-stepper svg > .bp-value > text')].filter(text =>
    [...document.querySelectorAll('.bp-unit > rect')].some(unit => {
        const [label, box] = [text.getBBox(), unit.getBBox()];
        return label.x < box.x + box.width - 3 && label.x + label.width > box.x;
    })).map(text => text.textContent)
).concat([...document.querySelectorAll('.bp-stepper-network text')].filter(text =>
    text.getAttribute('font-size') * text.getScreenCTM().a < 10.99).map(text => text.textContent))"""


@pytest.mark.parametrize("typed", ["2, 3, 1", "3, 4, 2", "6, 6, 6, 6", "5, 6, 5"])
def test_numbers_keep_to_their_place_and_are_legible_on_a_phone(opened, typed):
    tab = opened(width=390)
    load(tab, typed)
    tab.locator(".bp-stepper").press("End")
    assert tab.evaluate(MISFITS) == []


@pytest.mark.parametrize("typed", ["2, 3, 1", "3, 4, 2", "6, 6, 6, 6"])
def test_a_phone_shows_the_units_and_weights_of_every_step_whole(opened, typed):
    tab = opened(width=390)
    load(tab, typed)
    for _ in range(5 * typed.count(",")):
        press(tab, "forward")
        assert tab.evaluate("""() => {
            const frame = document.querySelector('.bp-stepper-network').getBoundingClientRect();
            return [...document.querySelectorAll('.bp-stepper-network :is(.bp-uses, .bp-makes)')].filter(value => {
                const { left, right } = (value.closest('.bp-unit') ?? value).getBoundingClientRect();
                return left < frame.left - 1 || right > frame.right + 1;
            }).map(value => value.dataset.name);
        }""") == [], step(tab)


def test_no_numbers_are_fetched_before_a_network_is_typed(opened):
    tab, fetched = opened(), []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.reload()
    press(tab, "forward", "forward")
    assert [url for url in fetched if "traces" in url] == []
    load(tab, "1, 1")
    assert [url.rsplit("/", 1)[1] for url in fetched if "traces" in url] == ["1-1.json"]


@pytest.mark.parametrize("typed", ["3, 7, 2", "0, 1", "3", "1, 1, 1, 1, 1", "three, two", "2.5, 1", "-1, 2", ""])
def test_what_is_no_network_is_refused_with_what_was_expected_and_what_came(opened, typed):
    tab = opened()
    press(tab, "forward")
    type_shape(tab, typed)
    got = f"“{typed}”" if typed else "nothing"
    assert complaint(tab) == f"Expected 2 to 4 whole numbers, each from 1 to 6, such as 3, 4, 2; got {got}."
    assert step(tab) == f"1/{STEPS}"
    assert tab.locator(".bp-stepper-shape input").get_attribute("aria-invalid") == "true"


def test_the_refusal_is_in_the_language_of_the_page(opened):
    tab = opened("zh-TW")
    type_shape(tab, "7, 1")
    assert complaint(tab) == "這裡要填 2 到 4 個整數，每個都在 1 到 6 之間，例如 3, 4, 2；收到的是「7, 1」。"


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways_while_it_walks(opened, language, width):
    tab = opened(language, width)
    for scheme in ("default", "slate"):
        assert tab.locator("body").get_attribute("data-md-color-scheme") == scheme
        for typed, times in (("2, 3, 1", 8), ("4, 6, 6, 3", 9)):
            load(tab, typed)
            press(tab, *["forward"] * times)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(tab, context=".bp-stepper").response["violations"]
            assert [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"][:3]] == []
        tab.locator(".bp-scheme").click()


def test_on_a_phone_the_controls_stay_within_reach(browser, address):
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True) as context:
        tab = context.new_page()
        tab.goto(address + LESSON)
        tab.locator(".bp-stepper-network").evaluate("network => network.scrollIntoView()")
        forward = tab.locator("[data-do=forward]")
        box = forward.bounding_box()
        assert box["y"] + box["height"] <= 800 and box["y"] > 600 and min(box["width"], box["height"]) >= 44
        forward.tap()
        bar = tab.locator(".bp-stepper-controls").inner_text()
        assert "Step 1/10 · weighted input, layer 1" in bar and tab.locator(".bp-stepper-formula math").is_visible()
        assert step(tab) == f"1/{STEPS}"
