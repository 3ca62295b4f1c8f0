"""What a reader sees: every page, both languages, light and dark, on a desk, a tablet and a phone."""
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[2] / "site"
DESK, TABLET, PHONE = 1440, 768, 390
FIRST_VISIT = 250 * 1024
OPEN_FOLDS = "document.querySelectorAll('.md-content details').forEach(fold => { fold.open = true })"
CUT_OFF = """() => [...document.querySelectorAll('.md-content pre, .md-content pre code, .bp-formula')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.closest('.bp-card')?.id || 'cell'}: ${e.textContent.trim().slice(0, 60)}`
              + ` (${e.scrollWidth} > ${e.clientWidth})`)"""
# What lies far below waits to be drawn, and would have no width to measure.
DRAW_ALL = "* { content-visibility: visible !important }"
# KaTeX hides these thousands of spans from assistive technology, which reads the MathML beside them.
DROP_HIDDEN_FORMULAS = "document.querySelectorAll('.katex-html').forEach(e => e.remove())"
# axe takes a heading of MathML for an empty one.
NOT_MATHML_HEADINGS = {"resultTypes": ["violations"], "rules": {"empty-table-header": {"enabled": False}}}
ONLY_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def look_at_pages(chromium, address, names):
    """Load each page once and note what is wrong with it; the tests below read the notes."""
    notes = SimpleNamespace(pages=[], errors=[], requests=[], wide=[], cut=[], barriers=[])
    with chromium() as browser, browser.new_context(color_scheme="light", reduced_motion="reduce") as context:
        for name in names:
            tab = context.new_page()
            watch(tab, notes, name)
            tab.set_viewport_size({"width": DESK, "height": 900})
            tab.goto(address + name.removesuffix("index.html"), wait_until="load")
            tab.evaluate(OPEN_FOLDS)
            tab.add_style_tag(content=DRAW_ALL)
            notes.cut += [(name, cut) for cut in tab.evaluate(CUT_OFF)]
            for width in (DESK, TABLET, PHONE):
                tab.set_viewport_size({"width": width, "height": 900})
                needed = tab.evaluate("document.documentElement.scrollWidth")
                if needed > width:
                    notes.wide.append((name, width, needed))
            tab.evaluate(DROP_HIDDEN_FORMULAS)
            notes.barriers += barriers(tab, name, "default", NOT_MATHML_HEADINGS)
            tab.locator(".bp-scheme").click()
            notes.barriers += barriers(tab, name, "slate", ONLY_COLOURS)
            tab.set_viewport_size({"width": DESK, "height": 900})
            notes.barriers += barriers(tab, name, "slate", ONLY_COLOURS)
            tab.locator(".bp-scheme").click()
            notes.barriers += barriers(tab, name, "default", NOT_MATHML_HEADINGS)
            tab.evaluate("localStorage.clear()")
            notes.pages.append(name)
            tab.close()
    return notes


def watch(tab, notes, name):
    """Note what goes wrong in the background of a page, and whatever its policy forbids."""
    tab.add_init_script("addEventListener('securitypolicyviolation', breach => console.error(breach.violatedDirective))")
    tab.on("console", lambda message: message.type == "error" and notes.errors.append((name, message.text)))
    tab.on("pageerror", lambda problem: notes.errors.append((name, str(problem))))
    tab.on("request", lambda request: notes.requests.append((name, request.url)))


def barriers(tab, name, scheme, options):
    """What axe finds in one colour scheme."""
    assert tab.locator("body").get_attribute("data-md-color-scheme") == scheme
    found = Axe().run(tab, options=options).response["violations"]
    return [(name, scheme, rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"][:3]]


@pytest.fixture(scope="module")
def seen(chromium, address, content):
    """What was noted on all pages; each language is looked at in a thread of its own."""
    languages = [[n for n in content if n.startswith("zh-TW/")], [n for n in content if not n.startswith("zh-TW/")]]
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda names: look_at_pages(chromium, address, names), languages)
    return SimpleNamespace(**{kind: noted + getattr(second, kind) for kind, noted in vars(first).items()})


def test_every_page_was_seen(seen, content):
    assert set(seen.pages) == set(content) != set()


def test_no_page_scrolls_sideways_on_desk_tablet_or_phone(seen):
    assert seen.wide == []


def test_nothing_in_a_card_is_cut_off_on_a_desk(seen):
    assert seen.cut == []


def test_no_page_reports_an_error_on_the_console(seen):
    assert seen.errors == []


def test_no_page_requests_anything_from_another_host(seen):
    hosts = {urlsplit(address).hostname for _, address in seen.requests}
    assert hosts - {None} == {"127.0.0.1"}, [r for r in seen.requests if urlsplit(r[1]).hostname != "127.0.0.1"]


@cache
def sent(path):
    """How many bytes a host sends for a file of the site: text compressed, fonts and images as they are."""
    body = (SITE / path.lstrip("/")).read_bytes()
    return len(body) if path.endswith((".woff2", ".png")) else len(gzip.compress(body))


def test_a_first_visit_to_any_page_loads_at_most_250_kib(seen, content):
    weights = {}
    for name in content:
        paths = {urlsplit(address).path for page, address in seen.requests if page == name and "://127" in address}
        assert any(path.endswith(".css") for path in paths), name
        weights[name] = sum(sent(path + "index.html" if path.endswith("/") else path) for path in paths)
    print("\n".join(f"{weight / 1024:6.0f} KiB  {name}" for name, weight in sorted(weights.items())))
    assert {name: weight for name, weight in weights.items() if weight > FIRST_VISIT} == {}


def test_axe_finds_no_barrier(seen):
    assert seen.barriers == []


def test_what_the_evidence_of_a_card_says_fits_on_a_phone_though_a_sentence_is_long(browser, address):
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        tab = context.new_page()
        tab.goto(address + "zh-TW/lessons/06-hidden-delta/")
        tab.locator("#eq-hidden-delta .bp-card-evidence > summary").click()
        table = tab.locator("#eq-hidden-delta .bp-card-evidence table")
        table.locator("td:last-child").first.evaluate("found => found.append('左邊的直行數要等於右邊的橫列數而這裡並不是')")
        widths = table.evaluate("table => [table.getBoundingClientRect().right, table.closest('.bp-card').getBoundingClientRect().right]")
        assert widths[0] <= widths[1], widths


@pytest.mark.parametrize(("preference", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_colours_follow_the_readers_preference(browser, address, preference, scheme):
    with browser.new_context(color_scheme=preference) as context:
        tab = context.new_page()
        tab.goto(address)
        assert tab.locator("body").get_attribute("data-md-color-scheme") == scheme


@pytest.fixture
def tab(browser):
    with browser.new_context(viewport={"width": DESK, "height": 900}) as context:
        tab, breaches = context.new_page(), []
        tab.on("console", lambda message: "Content Security Policy" in message.text and breaches.append(message.text))
        yield tab
        assert breaches == []


def open_search(tab):
    """Enter the search box, and wait until there is an index to search."""
    tab.locator(".md-search__input").click()
    words = json.loads(tab.locator("#__config").text_content())["translations"]
    expect(tab.locator(".md-search-result__meta")).to_have_text(words["search.result.placeholder"])


HOME, DELTAS = "", ("lessons/06-hidden-delta/", "lessons/04-output-delta/")
FOUND_BY = {"backpropagation": HOME, "反向傳播": HOME, "敏感度": DELTAS, "hidden delta": DELTAS[0], "BP2": DELTAS[0], "δ": DELTAS,
            "sigmoid_prime": "lessons/02-activation-and-cost/"}


def results(tab):
    """The addresses of the pages that were found, best first, once they stay the same: every letter is searched for as it comes."""
    tab.locator(".md-search-result__item a").first.wait_for()
    links, before = tab.locator(".md-search-result__item > a"), None
    while (found := links.evaluate_all("links => links.map(link => link.href.split(/[?#]/)[0])")) != before:
        before = found
        tab.wait_for_timeout(200)
    return found


@pytest.mark.parametrize("folder", ["", "zh-TW/"])
@pytest.mark.parametrize("word", FOUND_BY)
def test_search_leads_to_the_right_page_in_the_language_of_the_reader(tab, address, folder, word):
    tab.goto(address + folder)
    open_search(tab)
    tab.keyboard.type(word)
    right = [FOUND_BY[word]] if isinstance(FOUND_BY[word], str) else FOUND_BY[word]
    assert {*results(tab)[:len(right)]} == {address + folder + page for page in right}


@pytest.mark.parametrize(("folder", "words", "page"), [
    ("", "check my code", "lessons/check/"), ("zh-TW/", "檢查我的程式", "lessons/check/"),
    ("", "derivative of sigmoid", "lessons/02-activation-and-cost/"), ("zh-TW/", "激活函數", "lessons/02-activation-and-cost/"),
    ("zh-TW/", "鏈式法則", DELTAS[1]), ("zh-TW/", "偏置", "lessons/01-network/"), ("", "why transpose", DELTAS[0]), ("", "vanishing gradient", DELTAS[0]), ("zh-TW/", "梯度消失", DELTAS[0])])
def test_what_a_student_would_ask_leads_to_its_page_first(tab, address, folder, words, page):
    tab.goto(address + folder)
    open_search(tab)
    tab.keyboard.type(words)
    assert results(tab)[0] == address + folder + page


@pytest.mark.parametrize(("word", "page"), [
    ("分類", "lessons/13-other-activations-and-costs/"), ("類別", "lessons/13-other-activations-and-costs/"),
    ("教師", "instructors/"), ("授課", "instructors/"), ("給授課教師", "instructors/")])
def test_chinese_words_that_jieba_would_cut_are_found(tab, address, word, page):
    tab.goto(address + "zh-TW/")
    open_search(tab)
    tab.keyboard.type(word)
    assert address + "zh-TW/" + page in results(tab)


@pytest.mark.parametrize(("folder", "word"), [("", "backpropagation"), ("zh-TW/", "反向傳播")])
def test_the_search_box_finds_pages_for_a_word_that_is_pasted(tab, address, folder, word):
    tab.goto(address + folder)
    open_search(tab)
    tab.keyboard.insert_text(word)
    assert results(tab)[0].startswith(address + folder)


def test_the_language_switch_leads_to_the_same_place_and_back(tab, address):
    lesson = "lessons/06-hidden-delta/#eq-hidden-delta"
    tab.goto(address + lesson)
    tab.locator(".bp-language").click()
    tab.wait_for_url(f"{address}zh-TW/{lesson}")
    tab.locator(".bp-language").click()
    tab.wait_for_url(address + lesson)


# Where the heading stands, once thirty frames have been drawn.
SETTLED = """id => new Promise(done => {
    let frames = 0;
    const next = () => ++frames < 30 ? requestAnimationFrame(next) : done(document.getElementById(id).getBoundingClientRect().top);
    requestAnimationFrame(next);
})"""


@pytest.mark.parametrize("place", ["with-numbers", "write-it-yourself"])
@pytest.mark.parametrize("way", ["address", "click"])
def test_a_link_to_a_place_far_down_leads_there(tab, address, way, place):
    """Cards and figures on the way have a guessed height until they are drawn."""
    lesson = address + "lessons/06-hidden-delta/"
    tab.goto(f"{lesson}#{place}" if way == "address" else lesson, wait_until="networkidle")
    if way == "click":
        tab.locator(f".md-sidebar--secondary a[href='#{place}']").click()
    assert 20 < tab.evaluate(SETTLED, place) < 110, "it is to stand just below the header"


def lit(tab):
    return tab.evaluate("[...document.querySelectorAll('.bp-lit')].map(e => !!e.closest('.katex'))")


@pytest.mark.parametrize("way", ["point", "focus"])
def test_a_term_lights_up_in_statement_and_code(tab, address, way):
    tab.goto(address + "lessons/06-hidden-delta/")
    term = tab.locator("#eq-hidden-delta pre .bp-term-delta").first
    term.hover() if way == "point" else term.focus()
    assert {True, False} == set(lit(tab))
    tab.locator("h1").hover()
    assert way == "focus" or lit(tab) == []


def test_a_term_lights_up_when_it_is_tapped(browser, address):
    with browser.new_context(viewport={"width": PHONE, "height": 800}, has_touch=True) as context:
        tab = context.new_page()
        tab.goto(address + "lessons/06-hidden-delta/")
        tab.locator("#eq-hidden-delta pre .bp-term-delta").first.tap()
        assert {True, False} == set(lit(tab))


NAMED = {"": "weight, from unit", "zh-TW/": "權重，從第"}


@pytest.mark.parametrize("language", NAMED)
def test_a_lit_term_is_named_with_its_meaning_and_its_shape(tab, address, language):
    tab.goto(f"{address}{language}lessons/06-hidden-delta/")
    card, named = tab.locator("#eq-hidden-delta"), tab.locator(".bp-named")
    card.locator("pre .bp-term-w").first.hover()
    assert NAMED[language] in named.inner_text() and named.locator(".katex").count() >= 2
    assert named.locator("code").inner_text() == "weight"
    card.locator(".bp-card-statement .katex-html .bp-term-delta").first.hover()
    assert named.locator("code").inner_text() == "delta"
    tab.keyboard.press("Escape")
    assert not named.is_visible() and not tab.locator(".bp-lit").count()


def test_a_term_reached_by_keyboard_is_named_and_its_own_row_needs_no_name(tab, address):
    tab.goto(address + "lessons/06-hidden-delta/")
    named = tab.locator(".bp-named")
    tab.locator("#eq-hidden-delta pre [tabindex='0'].bp-term-z").focus()
    assert "weighted input" in named.inner_text() and named.get_attribute("role") == "status"
    tab.locator("#eq-hidden-delta .bp-card-letters code.bp-term-w").hover()
    assert not named.is_visible()


def test_a_name_stays_within_a_phones_screen(browser, address):
    with browser.new_context(viewport={"width": PHONE, "height": 800}, has_touch=True) as context:
        tab = context.new_page()
        tab.goto(address + "lessons/06-hidden-delta/")
        tab.locator("#eq-hidden-delta .bp-card-statement .katex-html .bp-term-w").first.tap()
        assert tab.locator(".bp-lit").count() > 1, "the focus that came with the tap put the light out"
        box = tab.locator(".bp-named").bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= PHONE and box["y"] >= 0


def test_a_wrong_address_shows_the_sites_own_page(tab, address):
    answer = tab.goto(address + "no/such/page/")
    assert answer.status == 404
    assert tab.locator("h1").inner_text() == "404"
    links = tab.locator("main a").evaluate_all("links => links.map(link => link.href)")
    assert links == [address, address + "zh-TW/"]
    assert Axe().run(tab).response["violations"] == []


@pytest.fixture(scope="module")
def without_scripts(browser):
    with browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 800}) as context:
        yield context.new_page()


@pytest.mark.parametrize("folder", ["", "zh-TW/"])
def test_reading_needs_no_javascript(without_scripts, address, folder):
    tab = without_scripts
    tab.goto(f"{address}{folder}lessons/06-hidden-delta/")
    card = tab.locator("#eq-hidden-delta")
    assert tab.locator("h1").is_visible() and card.is_visible()
    assert "∑" in card.locator(".bp-card-statement .katex-html").first.inner_text()
    assert "weight.T @ delta" in card.locator(".bp-card-code pre").inner_text()
    fold = card.locator(".bp-card-derivation")
    assert not fold.locator(".bp-card-steps").is_visible()
    fold.locator("summary").click()
    assert fold.locator(".bp-card-steps").is_visible()


@pytest.mark.parametrize("folder", ["", "zh-TW/"])
def test_the_navigation_on_a_phone_needs_no_javascript(without_scripts, address, folder):
    tab = without_scripts
    tab.goto(f"{address}{folder}lessons/06-hidden-delta/")
    tab.locator(".md-header label[for=__drawer]").click()
    tab.locator(".md-nav--primary").get_by_role("link", name="7 ·").click()
    tab.wait_for_url(f"{address}{folder}lessons/07-algorithm/")


def test_the_thread_under_the_header_grows_with_reading_and_says_nothing(tab, address):
    tab.goto(address + "lessons/06-hidden-delta/")
    thread = """end => { scrollTo({ top: end ? document.documentElement.scrollHeight : 0, behavior: "instant" });
        return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
            new DOMMatrix(getComputedStyle(document.querySelector(".md-header"), "::after").transform).a)))) }"""
    assert tab.evaluate(thread, False) == 0
    assert tab.evaluate(thread, True) == 1
    assert tab.evaluate("getComputedStyle(document.querySelector('.md-header'), '::after').content") == '""'


def test_paper_is_white_whatever_the_screen_and_folds_are_open_on_it(browser, address):
    with browser.new_context(color_scheme="dark") as context:
        tab = context.new_page()
        tab.goto(address + "lessons/06-hidden-delta/")
        steps, passed = tab.locator("#eq-hidden-delta .bp-card-steps"), tab.locator(".bp-passed").first
        assert not steps.is_visible()
        dark = passed.evaluate("e => getComputedStyle(e).color")
        tab.emulate_media(media="print", color_scheme="dark")
        colours = "(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))"
        assert tab.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        assert passed.evaluate("e => getComputedStyle(e).color") != dark
        assert tab.evaluate("getComputedStyle(document.body).getPropertyValue('--bp-red')").strip() == "#96301d"
        assert steps.is_visible()
        assert not tab.locator(".md-header").is_visible() and not tab.locator(".md-sidebar").first.is_visible()


def test_the_foot_of_a_page_names_the_next_and_the_previous_on_a_phone(browser, address):
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(address + "lessons/06-hidden-delta/")
        titles = tab.locator(".md-footer__title .md-ellipsis")
        assert [title.inner_text()[:3] for title in titles.all() if title.is_visible()] == ["5 ·", "7 ·"]


def test_no_line_ends_between_a_formula_and_its_punctuation(browser, address):
    torn = """() => [...document.querySelectorAll('.bp-joined')].filter(joined => {
        const range = document.createRange(), bases = [...joined.querySelectorAll('.katex-base')];
        if (joined.lastChild.nodeType !== Node.TEXT_NODE || !bases.length || bases.length > 3) return false;
        range.selectNodeContents(joined.lastChild);
        return range.getBoundingClientRect().top > bases.at(-1).getBoundingClientRect().bottom;
    }).map(joined => joined.textContent)"""
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        tab = context.new_page()
        for name in ("04-output-delta", "06-hidden-delta", "09-general-proof"):
            tab.goto(f"{address}zh-TW/lessons/{name}/")
            assert tab.locator(".bp-joined").count() > 3
            assert tab.evaluate(torn) == [], name


def test_no_line_ends_within_a_short_formula_or_a_short_piece_of_code(browser, address):
    torn = """() => [...document.querySelectorAll('.md-content .bp-joined')].filter(joined => {
        const parts = joined.tagName === 'CODE' ? [joined] : [...joined.querySelectorAll('.katex-base')];
        if (parts.length > 3 || joined.checkVisibility() === false) return false;
        const middles = parts.flatMap(part => [...part.getClientRects()]).map(box => (box.top + box.bottom) / 2);
        return Math.max(...middles) - Math.min(...middles) > 12;
    }).map(joined => joined.textContent)"""
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        tab = context.new_page()
        for folder in ("", "zh-TW/"):
            for name in ("lessons/05-gradients", "lessons/12-batches-and-training", "lessons/notation", "notebook"):
                tab.goto(f"{address}{folder}{name}/")
                tab.evaluate(OPEN_FOLDS)
                tab.add_style_tag(content=DRAW_ALL)
                assert tab.locator(".md-content code.bp-joined").count()
                assert tab.evaluate(torn) == [], (folder, name)


def test_the_steps_of_a_derivation_share_one_equals_sign_on_a_phone(browser, address):
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(address + "lessons/09-general-proof/")
        signs = tab.evaluate("""() => [...document.querySelectorAll('.bp-steps')].map(steps => [...new Set(
            [...steps.querySelectorAll('li > .bp-formula .katex-html')].map(formula => [...formula.querySelectorAll('.mrel')]
                .find(sign => sign.textContent === '=').getBoundingClientRect().left))])""")
        assert len(signs) > 2
        assert [len(lefts) for lefts in signs] == [1] * len(signs)
