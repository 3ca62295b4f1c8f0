"""Cells run in the reader's browser: every cell of every lesson, and whatever may be done to one.

Python loads from the site itself; every other host does not exist for this browser.
"""
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[2] / "site"
MINUTES = 60_000
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:,\d{3})*(?:\.\d*)?(?:e[-+−]?\d+)?")
DIGITS = 1e-9  # times the largest number of an output
DUST = 1e-12  # what is left of differences that are 0 on paper
# Where more may differ, and by how much: the versions of what runs; a chart of rounding errors, whose axis ends where the largest lies; the
# derivative of ReLU at its kink, for a z that is 0 on paper; and the percentages that networks reach in thousands of steps, each of which
# passes on what was rounded before.
DIFFERENT = {("13-other-activations-and-costs", "cell-1"): 1, ("not-verified", "cell-2"): None, ("10-checking-gradients", "cell-5"): None,
             ("12-batches-and-training", "cell-12"): 15, ("12-batches-and-training", "cell-15"): 15}
OUTPUTS = """() => Object.fromEntries([...document.querySelectorAll('.bp-cell')].map(cell => {
    const output = cell.querySelector(':scope > .bp-output')?.cloneNode(true) ?? document.createElement('div'), texts = [];
    output.querySelectorAll('.katex-html, .katex-mathml semantics > :not(annotation)').forEach(twice => twice.remove());
    output.normalize();
    const walk = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) texts.push(walk.currentNode.data);
    return [cell.id, texts.join(' ')];
}))"""
STATUSES = """() => Object.fromEntries([...document.querySelectorAll('.bp-cell')].map(
    cell => [cell.id, cell.querySelector('.bp-bar [role=status]').textContent]))"""
IN_CHINESE = {"03-feedforward", "06-hidden-delta", "07-algorithm", "crosswalk", "evidence"}
OPEN_FOLDS = "document.querySelectorAll('.md-content details').forEach(fold => { fold.open = true })"
IDLE = "() => !document.querySelector('.bp-busy')"


@pytest.fixture(scope="module")
def live(site):
    """The folder with all that runs in the page."""
    folder = SITE / "assets" / "live"
    if not folder.is_dir():
        pytest.fail("site/assets/live is missing; `make site` says why", pytrace=False)
    return folder


def pieces(text):
    """The signs of an output but for its spaces, with which NumPy pads numbers; and its numbers.

    >>> pieces("delta f\\u200a′  is [−0.50 ]")
    ('deltaf′is[#]', [-0.5])
    """
    numbers = [float(found.replace("−", "-").replace(",", "")) for found in NUMBER.findall(text)]
    return re.sub(r"[\s\u200a\u200b]+", "", NUMBER.sub("#", text)), numbers


def difference(built, shown, tolerance=DUST):
    """What tells an output from that of the build, or None."""
    if tolerance is None:
        return None if shown else "nothing"
    (words, numbers), (its_words, its_numbers) = pieces(built), pieces(shown)
    if words != its_words:
        place = next((i for i, (one, other) in enumerate(zip(words, its_words)) if one != other), min(len(words), len(its_words)))
        return f"{words[max(0, place - 40):place + 60]!r} became {its_words[max(0, place - 40):place + 60]!r}"
    scale = max(map(abs, numbers), default=0)
    off = [(one, other) for one, other in zip(numbers, its_numbers) if abs(one - other) > max(DIGITS * scale, tolerance)]
    return f"{off[:5]} of {len(numbers)} numbers" if off else None


def run_pages(chromium, address, names):
    """Run all cells of each page, one page after the other; note what they showed."""
    notes = SimpleNamespace(differences=[], statuses={}, errors=[], requests=[], seconds={})
    with chromium() as browser, browser.new_context() as context:
        for name in names:
            tab = context.new_page()
            tab.on("console", lambda message: message.type == "error" and notes.errors.append((name, message.text)))
            tab.on("pageerror", lambda problem: notes.errors.append((name, str(problem))))
            tab.on("request", lambda request: notes.requests.append((name, request.url)))
            tab.goto(address + name.removesuffix("index.html"), wait_until="load")
            built = tab.evaluate(OUTPUTS)
            tab.evaluate(OPEN_FOLDS)
            tab.locator(".bp-cell").last.locator("> .bp-bar [data-do=above]").dispatch_event("click")  # wherever it has moved to
            tab.wait_for_function(IDLE, timeout=3 * MINUTES)
            shown = tab.evaluate(OUTPUTS)
            for id in built:
                different = difference(built[id], shown[id], DIFFERENT.get((name.split("/")[-2], id), DUST))
                notes.differences += [(name, id, different)] if different else []
            notes.statuses[name] = tab.evaluate(STATUSES)
            tab.close()
    return notes


@pytest.fixture(scope="module")
def ran(chromium, address, content, live):
    """What all cells of all lessons showed, and in Chinese those of some; two browsers share the pages."""
    names = sorted(name for name in content if 'class="bp-bar"' in (SITE / name).read_text(encoding="utf-8")
                   and (not name.startswith("zh-TW/") or name.split("/")[-2] in IN_CHINESE))
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda part: run_pages(chromium, address, part), (names[::2], names[1::2]))
    return SimpleNamespace(names=names, differences=one.differences + other.differences, statuses=one.statuses | other.statuses,
                           errors=one.errors + other.errors, requests=one.requests + other.requests)


def test_every_lesson_has_cells_that_run(ran, content):
    lessons = [name for name in content if name.startswith("lessons/")]
    assert set(ran.statuses) == {*lessons, *(f"zh-TW/lessons/{name}/index.html" for name in IN_CHINESE)}


def test_every_cell_ran_to_its_end(ran):
    done = re.compile(r"Done in [\d.]+ s|完成，[\d.]+ 秒")
    failed = {(name, id): status for name, cells in ran.statuses.items() for id, status in cells.items()
              if not done.fullmatch(status)}
    assert failed == {}


def test_every_cell_shows_the_text_that_the_build_showed(ran):
    """Signs are compared one by one, but for spaces: NumPy pads numbers with them, and a hair space keeps a prime off its f. Numbers are
    compared to a billionth of the largest in the same output, since WebAssembly's exp and sums do not round as the build's do: where
    one has 0, the other may have 5.551e-17.
    """
    assert ran.differences == []


def test_running_asks_no_other_host_and_reports_no_error(ran):
    assert {urlsplit(request).hostname for _, request in ran.requests} - {None} == {"127.0.0.1"}
    assert ran.errors == []


@pytest.fixture(scope="module")
def page(browser, address, live):
    """Lesson 1 with a session that has begun: tests that follow share it, each with cells of its own choice."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        tab = context.new_page()
        tab.goto(address + "lessons/01-network/")
        yield tab


def cell(tab, number):
    return tab.locator(f"#cell-{number}")


def button(tab, number, does):
    return cell(tab, number).locator(f"> .bp-bar [data-do={does}]")


def click(what):
    """Click where it has come to rest: cards that come into sight on the way to it take their real height then."""
    what.scroll_into_view_if_needed()
    what.click()


def press(tab, number, does):
    click(button(tab, number, does))


def edit(tab, number, source):
    """Type a source into a cell as a reader does."""
    press(tab, number, "edit")
    rewrite(tab, cell(tab, number).locator("> .cm-editor .cm-content"), source)


def rewrite(tab, editor, source):
    click(editor)
    tab.keyboard.press("Control+a")
    tab.keyboard.insert_text(source)


def check(tab, card, source):
    """Type a function into a card and have it checked."""
    click(card.locator(".bp-bar [data-do=edit]"))
    rewrite(tab, card.locator(".cm-content"), source)
    tab.keyboard.press("Control+Enter")
    tab.wait_for_function(IDLE, timeout=MINUTES)


def run(tab, number, source=None):
    """Run a cell to its end; return what it shows."""
    if source is not None:
        edit(tab, number, source)
    press(tab, number, "run")
    tab.wait_for_function(IDLE, timeout=MINUTES)
    return shown(tab, number)


def comes_true(tab, condition, seconds=30):
    """Whether something that the browser tells in its own time holds soon."""
    for _ in range(10 * seconds):
        if condition():
            return True
        tab.wait_for_timeout(100)
    return condition()


def shown(tab, number):
    output = cell(tab, number).locator("> .bp-output")
    return output.text_content().strip() if output.count() else ""


def status(tab, number):
    return cell(tab, number).locator("> .bp-bar [role=status]").inner_text()


def test_an_edited_cell_shows_its_own_result_and_reset_brings_the_built_one_back(page):
    built = shown(page, 9)
    assert run(page, 9, "import numpy as np\nnp.ones(3) * 7") == "array([7., 7., 7.])"
    press(page, 9, "reset")
    assert shown(page, 9) == built
    assert not cell(page, 9).locator(".cm-editor").count()
    assert "sum(array.size" in cell(page, 9).locator(".bp-code").inner_text()


def test_cells_share_one_session_in_the_order_in_which_they_run(page):
    run(page, 2, "shared = [1]")
    run(page, 3, "shared.append(2)")
    assert run(page, 4, "shared") == "[1, 2]"


def test_what_a_cell_shows_comes_into_sight_for_whoever_is_still_at_it(page):
    run(page, 6, "print('\\n' * 30)")
    for goes, seen in ("", 150), ("document.activeElement.blur()", 0):
        cell(page, 6).locator("> .cm-editor .cm-content").focus()
        cell(page, 6).locator("> .bp-bar").evaluate("bar => scrollBy(0, bar.getBoundingClientRect().bottom - innerHeight)")
        page.keyboard.press("Control+Enter")
        page.evaluate(goes)
        page.wait_for_function(IDLE)
        inside = cell(page, 6).locator("> .bp-output").evaluate("shown => innerHeight - shown.getBoundingClientRect().top")
        assert inside > seen if seen else inside <= 0, goes


def test_an_error_is_shown_from_the_readers_own_line_on(page):
    told = run(page, 5, "import numpy as np\ndef f():\n    return np.ones(2) @ np.ones(3)\n\nf()")
    assert told.splitlines()[:2] == ["Traceback (most recent call last):", '  File "<cell 5>", line 5, in <module>']
    assert "return np.ones(2) @ np.ones(3)" in told and told.splitlines()[-1].startswith("ValueError: matmul")
    assert status(page, 5) == "Error: see below"
    assert 'File "<cell 5>", line 1' in run(page, 5, "1 +* 2") and "SyntaxError" in shown(page, 5)


def test_a_name_of_a_cell_that_has_not_run_is_pointed_out(page):
    run(page, 10, "nowhere")
    assert "Run all above" in status(page, 10)


def test_a_function_that_was_renamed_no_longer_answers_to_its_old_name(page):
    assert run(page, 6, "def mine():\n    return 'first'\nmine()") == "'first'"
    assert run(page, 7, "mine()") == "'first'"
    assert "NameError: name 'mine'" in run(page, 6, "def other():\n    return 'second'\nmine()")


def test_what_a_cell_prints_is_shown_as_it_comes_and_is_bounded(page):
    told = run(page, 6, "import sys\nfor i in range(10**6):\n    print('line', i)\nprint('never seen', file=sys.stderr)")
    assert told.startswith("line 0\nline 1\n") and 200_000 < len(told) < 201_000
    assert "left out" in told and "never seen" not in told


def test_html_that_a_cell_shows_can_run_nothing(page):
    hostile = """class Hostile:
    def _repr_html_(self):
        return ('<img src=x onerror="window.hurt = 1"><script>window.hurt = 2</script><p onclick="window.hurt = 3" id="shown">kept</p>'
                '<iframe srcdoc="<script>parent.hurt = 4</script>"></iframe><a href="javascript:window.hurt=5" id="link">x</a>'
                '<style>body { display: none }</style><svg><script>window.hurt = 6</script></svg><form action="https://example.org"></form>')
Hostile()"""
    assert "kept" in run(page, 7, hostile)
    page.locator("#shown").click()
    assert page.evaluate("window.hurt") is None
    assert cell(page, 7).locator(".bp-output :is(script, iframe, style, [onclick], [onerror], [action], [href^=javascript])").count() == 0


def test_a_runaway_loop_can_be_stopped_and_the_page_goes_on(page):
    edit(page, 8, "while True: pass")
    press(page, 8, "run")
    page.wait_for_function("() => document.querySelector('#cell-8 > .bp-bar [role=status]').textContent.startsWith('Running')",
                           timeout=MINUTES)
    press(page, 8, "stop")
    page.wait_for_function(IDLE, timeout=MINUTES)
    assert status(page, 8).startswith("Stopped")
    assert cell(page, 8).locator("> .bp-output.bp-stale").count() == 1  # it isn't of this code
    assert comes_true(page, lambda: not any(worker.url.startswith("blob:") for worker in page.workers)), "Python still runs"
    assert run(page, 8, "40 + 2") == "42"


def test_running_out_of_memory_ends_python_with_a_message_and_the_page_goes_on(page):
    run(page, 8, "kept = []\nwhile True:\n    kept.append(bytearray(10**8))")
    assert status(page, 8).startswith("Out of memory")
    assert "MemoryError" in shown(page, 8)
    assert run(page, 8, "40 + 3") == "43"
    assert "Unable to allocate" in run(page, 8, "import numpy as np\nnp.ones(2 * 10**8)")
    assert run(page, 8, "np.arange(2)") == "array([0, 1])"


def test_everything_works_with_the_keyboard_alone(page):
    button(page, 3, "edit").focus()
    page.keyboard.press("Enter")
    cell(page, 3).locator(".cm-focused").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("6 * 7")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(IDLE, timeout=MINUTES)
    assert shown(page, 3) == "42"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "run"
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("document.activeElement.closest('.bp-cell').id") == "cell-4"
    page.wait_for_function(IDLE, timeout=MINUTES)


def test_a_page_that_has_run_has_no_barrier_in_either_colour(page):
    if button(page, 7, "reset").is_visible():
        press(page, 7, "reset")  # what a reader's own HTML shows is the reader's
    run(page, 1)
    run(page, 2, "1 / 0")
    page.emulate_media(reduced_motion="reduce")  # so that no colour is on its way to another
    for scheme in ("default", "slate"):
        if page.locator("body").get_attribute("data-md-color-scheme") != scheme:
            page.locator(".bp-scheme").click()
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]] == []


@pytest.mark.parametrize("folder", ["", "zh-TW/"])
def test_nothing_heavy_is_loaded_before_the_first_run(browser, address, live, folder):
    with browser.new_context() as context:
        tab, asked = context.new_page(), []
        tab.on("request", lambda request: asked.append(urlsplit(request.url).path))
        tab.goto(f"{address}{folder}lessons/06-hidden-delta/", wait_until="networkidle")
        assert tab.locator(".bp-bar button").count() > 20
        of_live = [path for path in asked if "/live/" in path]
        assert {path.rsplit("/", 1)[1] for path in of_live} == {
            "live.js", "cells.js", "edits.js", "link.js", "version.js", "words.js", "live.css"}
        assert sum((SITE / path.lstrip("/")).stat().st_size for path in of_live) < 30 * 1024


@pytest.fixture
def tab(browser):
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        yield context.new_page()


def links(card):
    """What each link said of the code in a card: {"Bridged": (passed?, what it found)}."""
    rows = card.locator(".bp-output tr").evaluate_all(
        "rows => rows.map(row => [row.cells[0].innerText, row.cells[1].className, row.cells[2].innerText])")
    return {link: (css == "bp-passed", found) for link, css, found in rows}


def test_a_mistake_in_a_cards_function_turns_its_links_red_and_cells_run_it_until_reset(tab, address, live):
    tab.goto(address + "lessons/06-hidden-delta/")
    card = tab.locator("#eq-hidden-delta")
    check(tab, card, "def hidden_delta(weight, delta, z, activation):\n    return weight.T @ delta")
    said = links(card)
    assert {link: passed for link, (passed, _) in said.items()} == {
        "Derived": True, "Printed": True, "Bridged": False, "Executed": False}
    assert "the code gives" in said["Bridged"][1] and "the derived statement" in said["Bridged"][1]
    ask = ("import numpy as np\nfrom bp import hidden_delta, sigmoid\n"
           "hidden_delta(np.array([[2.0]]), np.array([[1.0]]), np.zeros((1, 1)), sigmoid)")
    assert run(tab, 9, ask) == "array([[2.]])"
    click(card.locator(".bp-bar [data-do=reset]"))
    assert card.locator(".bp-output").count() == 0
    assert run(tab, 9) == "array([[0.5]])"


def test_right_code_in_a_card_passes_every_check_and_wrong_python_is_told(tab, address, live):
    tab.goto(address + "lessons/05-gradients/")
    card = tab.locator("#eq-bias-gradient")
    click(card.locator(".bp-bar [data-do=run]"))
    tab.wait_for_function(IDLE, timeout=MINUTES)
    assert [passed for passed, _ in links(card).values()] == [True] * 4
    check(tab, card, "def other(delta):\n    return delta")
    assert "has to be called bias_gradient" in card.locator(".bp-error").text_content()
    assert "Run all above" not in card.locator(".bp-bar [role=status]").text_content()
    check(tab, card, "def bias_gradient(d):\n    return d")
    assert "have to be (delta), got (d)" in card.locator(".bp-error").text_content()
    check(tab, card, "def bias_gradient(delta):\n    delta.sum()")
    failed, *_ = links(card).values()
    assert not failed[0] and "the code gives None" in failed[1] and "Does it lack its return?" in failed[1]


def test_the_readers_own_run_can_be_stepped_through(tab, address, live):
    tab.goto(address + "lessons/05-gradients/")  # which has no stepper of its own
    assert not tab.locator("[data-do=step]:visible").count()
    run(tab, 3, "from bp import Network\nimport numpy as np\nnet = Network([1, 2, 1], seed=1)\nnet.weights[0][0, 0] = 0.4375\n"
                "x, y = np.array([0.5]), np.array([1.0])")
    press(tab, 3, "step")
    tab.wait_for_function(IDLE, timeout=MINUTES)
    stepper = cell(tab, 3).locator(".bp-stepper")
    assert "0.438" in stepper.locator(".bp-stepper-network").inner_text()
    stepper.locator("[data-do=forward]").click()
    assert "0.4375" in stepper.locator(".bp-stepper-numbers").inner_text()
    run(tab, 4, "1 + 1")
    assert not button(tab, 4, "step").is_visible()


def test_every_start_has_sympy_at_hand_and_draws_numbers_of_its_own(tab, address, live):
    """All start from one snapshot: what it has imported is there, what it has not can be imported, and chance starts anew."""
    drawn = []
    for _ in range(2):
        tab.goto(address + "lessons/01-network/")
        assert run(tab, 2, "import os, sys\n'sympy' in sys.modules, 'numpy' in sys.modules, os.getcwd()") == "(True, False, '/book')"
        assert run(tab, 3, "from sympy.physics.units import convert_to, hour, second\nprint(convert_to(hour, second))") == "3600*second"
        drawn.append(run(tab, 4, "import random\nrandom.random()"))
    assert len(set(drawn)) == 2
