"""What a reader changes outlives a reload, goes home as a file, and travels in a link that does nothing by itself."""
import base64
import contextlib
import io
import re
import runpy
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[2] / "site"
LESSON, NUMBER = "lessons/03-feedforward/", 2
CODE = "print('mine, δ', 6 * 7)"
FOLDERS = ("", "zh-TW/")
HEAVY = re.compile(r"/live/(editor|run|worker|pyodide|.*\.(zip|bin))")


@pytest.fixture
def context(browser):
    with browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True) as context:
        yield context


@pytest.fixture
def opened(context, address):
    """opened(path) opens a page of the site in one browser, whose storage all of them share."""
    def go(path=LESSON):
        tab = context.new_page()
        tab.problems, tab.asked = [], []
        tab.on("console", lambda message: message.type == "error" and tab.problems.append(message.text))
        tab.on("pageerror", lambda problem: tab.problems.append(str(problem)))
        tab.on("request", lambda request: tab.asked.append(urlsplit(request.url).path))
        tab.goto(address + path)
        tab.locator("[data-do=edit]").first.wait_for()
        return tab
    return go


def cell(tab, number=NUMBER):
    return tab.locator(f"#cell-{number}")


def code(tab, number=NUMBER):
    """What stands in a cell, in its editor or else in its listing."""
    editor = cell(tab, number).locator("> .cm-editor .cm-content")
    return (editor.inner_text() if editor.count() else cell(tab, number).locator("> .highlight code").inner_text()).rstrip("\n")


def press(tab, does, number=NUMBER):
    wanted = cell(tab, number).locator(f"> .bp-bar [data-do={does}]")
    wanted.scroll_into_view_if_needed()  # so that the click waits until what comes into sight on the way has its height
    wanted.click()


def edit(tab, source=CODE, within="#cell-2 > "):
    tab.locator(f"{within}.bp-bar [data-do=edit]").click()
    tab.locator(f"{within}.cm-editor .cm-content").click()
    tab.keyboard.press("Control+a")
    tab.keyboard.insert_text(source)


def status(tab, number=NUMBER):
    return cell(tab, number).locator("> .bp-bar [role=status]").inner_text()


def link(source, number=NUMBER):
    data = source if isinstance(source, bytes) else source.encode()
    return f"{LESSON}#edit=cell-{number}.{base64.urlsafe_b64encode(data).decode().rstrip('=')}"


def test_a_long_line_is_shown_from_its_start_again_when_the_editor_is_left(opened):
    tab = opened()
    edit(tab, "x" * 400)
    scrolled = "() => document.querySelector('#cell-2 > .cm-editor .cm-scroller').scrollLeft"
    tab.wait_for_function(f"{scrolled} > 100")
    tab.locator("h1").click()
    tab.wait_for_function(f"{scrolled} === 0")


def box(tab):
    return tab.locator(".bp-offer")


def test_a_change_outlives_a_reload_and_holds_in_the_other_language_until_it_is_reset(opened):
    tab = opened()
    built = code(tab)
    edit(tab)
    tab.asked.clear()
    tab.reload()
    assert code(tab) == CODE and status(tab) == "Your change from before; not run yet."
    assert code(tab, NUMBER + 1) == code(opened("zh-TW/" + LESSON), NUMBER + 1)
    assert code(opened("zh-TW/" + LESSON)) == CODE
    assert box(tab).count() == 0 and not [*filter(HEAVY.search, tab.asked)]
    press(tab, "reset")
    tab.reload()
    assert code(tab) == built and not tab.locator(".bp-own").is_visible()
    assert tab.evaluate("localStorage.length") == 0 and tab.problems == []


def test_other_pages_and_other_versions_of_the_book_do_not_take_a_change(opened, context):
    edit(opened())
    assert code(opened("lessons/04-output-delta/")) != CODE
    context.route(f"**/{LESSON}", lambda route: route.fulfill(
        body=re.sub(r'(name="bp-version" content=")[^"]+', r"\g<1>99.0.0", route.fetch().text()), content_type="text/html; charset=utf-8"))
    newer = opened()
    assert code(newer) != CODE and box(newer).count() == 0
    context.unroute_all()
    assert code(opened()) == CODE


def test_where_the_books_own_code_is_another_a_change_is_shown_and_not_put_in(opened):
    tab = opened()
    built = code(tab)
    edit(tab)
    tab.evaluate("""() => { const [key] = Object.keys(localStorage);
        localStorage.setItem(key, localStorage.getItem(key).replace('"built":"', '"built":"# older\\\\n')) }""")
    tab.reload()
    assert code(tab) == built and "You changed this cell before." in box(tab).inner_text() and CODE in box(tab).inner_text()
    tab.reload()
    box(tab).get_by_role("button", name="Put it into the cell").click()
    assert code(tab) == CODE and box(tab).count() == 0
    tab.reload()
    assert code(tab) == CODE and box(tab).count() == 0


def test_whatever_stands_in_the_storage_the_page_works(opened):
    tab = opened()
    edit(tab)
    key, = tab.evaluate("Object.keys(localStorage)")
    for kept in ("{", "3", "null", '{"cell-2": null}', '{"cell-2": {"built": 1, "source": ["x"]}}', '{"cell-2": {"source": "<b>x</b>"}}'):
        tab.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, kept])
        tab.reload()
        tab.locator("[data-do=edit]").first.wait_for()
        assert code(tab) != CODE and tab.problems == [], kept
        assert box(tab).locator("b").count() == 0


def test_a_browser_that_keeps_nothing_says_so(opened):
    tab = opened()
    tab.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') } }")
    edit(tab)
    assert status(tab).startswith("This browser keeps nothing")


def exported(tab, name):
    with tab.expect_download() as started:
        tab.locator(".bp-own").get_by_role("button", name=name).click()
    return started.value.suggested_filename, Path(started.value.path()).read_text(encoding="utf-8")


def printed(run):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run()
    return out.getvalue()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_readers_version_is_a_notebook_and_a_script_that_python_runs(opened, tmp_path, folder):
    tab = opened(folder + LESSON)
    edit(tab)
    name, text = exported(tab, ".ipynb")
    assert name == "03-feedforward.ipynb"
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    built = nbformat.read(SITE / folder / LESSON / name, as_version=4)
    assert [one.source for one in notebook.cells if one.cell_type == "markdown"] == [
        one.source for one in built.cells if one.cell_type == "markdown"]
    cells = [one for one in notebook.cells if one.cell_type == "code"]
    assert cells[NUMBER - 1].source == CODE
    assert cells[0].outputs and not any(one.outputs for one in cells[NUMBER - 1:])
    name, text = exported(tab, ".py")
    (tmp_path / name).write_text(text, encoding="utf-8")
    for one in cells:
        assert one.source in text
    whole = printed(lambda: exec("\n".join(one.source for one in cells), {"__name__": "__main__"}))
    assert "mine, δ 42\n" in whole
    assert printed(lambda: runpy.run_path(str(tmp_path / name), run_name="__main__")) == whole


def test_a_change_in_a_card_outlives_a_reload_and_is_in_the_readers_version(opened):
    tab = opened("lessons/06-hidden-delta/")
    edit(tab, "def hidden_delta(weight, delta, z, activation):\n    return weight.T @ delta", "#eq-hidden-delta ")
    tab.reload()
    assert "* activation.prime" not in tab.locator("#eq-hidden-delta .bp-card-code code").inner_text()
    notebook = nbformat.reads(exported(tab, ".ipynb")[1], as_version=4)
    nbformat.validate(notebook)
    assert "return weight.T @ delta\n" in notebook.cells[-1].source
    tab.get_by_role("button", name="undo all").click()
    assert "* activation.prime" in tab.locator("#eq-hidden-delta .bp-card-code code").inner_text()
    assert tab.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_link_carries_the_code_of_a_cell_to_somebody_who_decides(opened, context, browser, folder):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = opened(folder + LESSON)
    edit(tab)
    press(tab, "share")
    expect(cell(tab).locator("> .bp-bar [role=status]")).to_have_text(re.compile("Link copied|已複製連結"))
    address = tab.evaluate("navigator.clipboard.readText()")
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(address)
        built = code(other)
        assert built != CODE and box(other).locator("pre").inner_text() == CODE
        assert other.evaluate("document.activeElement.matches('.bp-offer')")
        assert box(other).locator("button").all_inner_texts() == {
            "": ["Put it into the cell", "Dismiss"], "zh-TW/": ["放進儲存格", "不採用"]}[folder]
        assert re.search({"": "below. It is", "zh-TW/": "的程式。這不是"}[folder], box(other).inner_text())
        box(other).locator("button").last.click()
        assert box(other).count() == 0 and code(other) == built and "#" not in other.url
        other.goto("about:blank")
        other.goto(address)
        box(other).locator("button").first.press("Enter")
        assert code(other) == CODE and "#" not in other.url
        assert other.evaluate("document.activeElement.dataset.do") == "run"
        assert not cell(other).locator("> .bp-bar [data-do=stop]").is_visible()


def test_code_that_is_too_long_or_not_all_to_be_seen_fits_into_no_link(opened):
    tab = opened()
    edit(tab, "x" * 4097)
    press(tab, "share")
    assert status(tab) == "No link: 4097 bytes are too many, a link carries at most 4096."
    edit(tab, "a = 1  # \u202egnp")
    press(tab, "share")
    assert status(tab) == "No link: The code has invisible characters."


HOSTILE = "import js\n</pre><img src=x onerror='window.hurt=1'><script>window.hurt = 2</script>{{7*7}}"


def test_a_hostile_link_does_nothing_by_itself(opened):
    tab = opened(link(HOSTILE))
    tab.wait_for_timeout(300)
    assert box(tab).locator("pre").inner_text() == HOSTILE
    assert box(tab).locator("img, script").count() == 0 and tab.evaluate("window.hurt") is None
    assert "js" not in code(tab) and tab.evaluate("localStorage.length") == 0
    assert [*filter(HEAVY.search, tab.asked)] == [] and tab.problems == []
    tab.get_by_role("button", name="Put it into the cell").click()
    tab.wait_for_timeout(300)
    assert code(tab) == HOSTILE and tab.evaluate("window.hurt") is None
    assert [*filter(HEAVY.search, tab.asked)] == [] and status(tab) == ""


@pytest.mark.parametrize(("fragment", "reason"), [
    (link("x" * 4097), "4097 bytes"), (link("x" * 10**5), "bytes are too many"), (link("1", 99), "no such cell"),
    (f"{LESSON}#edit=__proto__.MQ", "no such cell"), (link(b"\xff\xfe"), "damaged"), (f"{LESSON}#edit=cell-2.%3Cb%3E", "damaged"),
    (f"{LESSON}#edit=", "damaged"), (link("a = 1  # \u202egnp"), "invisible"), (link("a\0b"), "invisible")])
def test_a_link_that_is_damaged_or_too_long_is_left_out_with_the_reason(opened, fragment, reason):
    tab = opened(fragment)
    assert reason in box(tab).inner_text() and box(tab).locator("pre").count() == 0
    assert tab.locator(".bp-edited").count() == 0 and tab.problems == []
    box(tab).get_by_role("button", name="Dismiss").click()
    assert box(tab).count() == 0 and "#" not in tab.url


def test_a_link_followed_on_the_page_itself_and_for_a_changed_cell_says_what_it_would_replace(opened, address):
    tab = opened()
    edit(tab)
    tab.evaluate("hash => { location.hash = hash }", link("1 + 1").split("#")[1])
    expect(box(tab)).to_contain_text("It would replace what you have changed here.")
    tab.evaluate("hash => { location.hash = hash }", link("2 + 2").split("#")[1])
    expect(box(tab).locator("pre")).to_have_text("2 + 2")
    assert code(tab) == CODE


def test_the_code_of_a_drawing_is_unfolded_for_what_a_link_brought_and_for_a_change_from_before(opened):
    tab = opened()
    id, = tab.locator(".bp-cell:has(> .bp-drawing)").evaluate_all("cells => cells.map(cell => cell.id)")
    fold = tab.locator(f"#{id} > .bp-drawing")
    assert not fold.evaluate("fold => fold.open")
    tab.goto("about:blank")
    tab = opened(link("print('mine')", id.removeprefix("cell-")))
    tab.get_by_role("button", name="Put it into the cell").click()
    expect(tab.locator(f"#{id} > .bp-drawing[open] code")).to_have_text("print('mine')")
    expect(tab.locator(f"#{id} .bp-drawing [data-do=run]")).to_be_focused()
    again = opened()
    expect(again.locator(f"#{id} > .bp-drawing[open] code")).to_have_text("print('mine')")
    assert again.problems == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_on_a_phone_in_both_colours_the_box_and_the_readers_version_fit_and_have_no_barrier(browser, address, folder):
    with browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.goto(address + folder + link("x = '" + "long " * 60 + "'\n" * 3, 3))
        edit(tab)
        assert tab.locator(".bp-own").is_visible() and box(tab).is_visible()
        for scheme in ("default", "slate"):
            assert tab.locator("body").get_attribute("data-md-color-scheme") == scheme
            assert tab.evaluate("document.documentElement.scrollWidth") == 390
            found = Axe().run(tab, context=".md-content", options={"resultTypes": ["violations"]}).response["violations"]
            assert [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]] == []
            tab.locator(".bp-scheme").click()
