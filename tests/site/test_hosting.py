"""The built site on a host: in any folder, for wrong addresses, and published under versions; how a copy cites itself."""
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import bp
from bp import spec
from bp.citation import cite_equation, cite_page

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
LESSON = "lessons/06-hidden-delta/"
NEXT_VERSION = "99.0.0"
PAGES = {"index.md": "# Home\n\n[A page](page.md#below)\n", "page.md": "# A page\n\n## Below {#below}\n",
         "new.md": "# A new page\n"}


def load(path):
    location = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)
    return module


@contextmanager
def served(folder):
    """The address of a folder, without a slash at its end."""
    with load(ROOT / "docs" / "hooks" / "serve.py").open_server(str(folder), 8865) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def tab(browser):
    """A page that notes what goes wrong while it is used, in tab.errors."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        tab = context.new_page()
        tab.errors = []
        tab.on("console", lambda message: message.type == "error" and tab.errors.append(message.text))
        tab.on("pageerror", lambda problem: tab.errors.append(str(problem)))
        tab.on("requestfailed", lambda request: tab.errors.append(request.url))
        yield tab


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory):
    """The built site, unchanged, in a folder of a host that shows its 404.html for wrong addresses."""
    host = tmp_path_factory.mktemp("host")
    (host / "some" / "sub").mkdir(parents=True)
    (host / "some" / "sub" / "path").symlink_to(SITE)
    (host / "404.html").symlink_to(SITE / "404.html")
    with served(host) as address:
        yield f"{address}/some/sub/path/"


def test_in_any_folder_of_a_host_pages_links_language_and_search_work(tab, folder):
    tab.goto(folder)
    tab.locator(f".md-content a[href*='{LESSON}']").first.click()
    tab.wait_for_url(f"{folder}{LESSON}**")
    assert tab.evaluate("getComputedStyle(document.querySelector('.bp-card')).borderStyle") == "solid"
    assert tab.evaluate("document.fonts.ready.then(fonts => [...fonts].some(f => f.status === 'loaded'))")
    tab.locator(".bp-language").click()
    tab.wait_for_url(f"{folder}zh-TW/{LESSON}**")
    tab.locator(".md-search__input").click()
    tab.keyboard.type("反向傳播")
    result = tab.locator(".md-search-result__item a").first
    result.wait_for()
    result.click()
    tab.wait_for_url(f"{folder}zh-TW/**")
    assert tab.locator("h1").is_visible() and tab.errors == []


@pytest.mark.parametrize("wrong", ["nowhere", "no/such/page/", "zh-TW/lessons/nowhere/"])
def test_in_any_folder_a_wrong_address_leads_to_both_first_pages(tab, folder, wrong):
    assert tab.goto(folder + wrong).status == 404
    for language, home in (("en", folder), ("zh-TW", f"{folder}zh-TW/")):
        expect(tab.locator(f"p[lang={language}] a")).to_have_attribute("href", home)
    tab.locator("p[lang=zh-TW] a").click()
    tab.wait_for_url(f"{folder}zh-TW/")
    assert tab.locator(".bp-card").first.is_visible()


def test_only_the_page_for_wrong_addresses_counts_from_the_root_of_the_host(content):
    found = [(page.name, address) for page in content.values() for element in page.elements
             for address in (element.attributes.get("href"), element.attributes.get("src"))
             if (address or "").startswith("/")]
    assert found == []


def texts(tab, selector):
    return tab.locator(f"{selector} pre code").evaluate_all("codes => codes.map(code => code.textContent)")


@pytest.mark.parametrize(("language", "language_folder"), [("en", ""), ("zh-TW", "zh-TW/")])
def test_every_lesson_says_how_to_cite_it_and_its_equation_with_the_address_of_the_copy(tab, folder, language, language_folder):
    tab.route("http://book.example/**", lambda route: route.continue_(
        url=route.request.url.replace("http://book.example/", folder)))
    for start in ("", LESSON):  # the card stands on the first page too, and cites its home from there
        tab.goto(f"http://book.example/{language_folder}{start}?q#why-w-is-transposed")
        home = f"http://book.example/{language_folder}{LESSON}"
        cited = cite_equation(spec["hidden-delta"], language)
        assert texts(tab, ".bp-card-cite")[:2] == [cited.bibtex(f"{home}#eq-hidden-delta"), cited.plain(f"{home}#eq-hidden-delta")]
    title = tab.locator("h1").evaluate("h1 => h1.firstChild.textContent.trim()")
    cited = cite_page(title, LESSON, language)
    assert texts(tab, ".bp-cite") == [cited.bibtex(home), cited.plain(home)]


def test_on_the_readers_own_machine_no_address_is_cited_and_the_copy_button_copies_the_text(browser, folder):
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        tab = context.new_page()
        tab.goto(folder + LESSON)
        tab.locator(".bp-cite summary").click()
        block = tab.locator(".bp-cite .highlight").first
        block.hover()
        block.locator("button").first.click()
        copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == cite_page("6 · The hidden delta", LESSON).bibtex() and "127.0.0.1" not in copied


@pytest.fixture(scope="module")
def book(chromium, tmp_path_factory):
    """A small book with two versions published at an address; the new version has a page more."""
    host = tmp_path_factory.mktemp("published")
    with served(host) as address:
        site = build_small_book(tmp_path_factory.mktemp("book"), f"{address}/bp")
        (host / "bp").mkdir()
        publish = load(ROOT / ".ci" / "publish.py").publish
        new = shutil.copytree(site, site.with_name("new"))
        for page in new.rglob("*.html"):
            page.write_text(page.read_text(encoding="utf-8").replace(bp.__version__, NEXT_VERSION), encoding="utf-8")
        for extra in (site / "new", site / "zh-TW" / "new"):
            shutil.rmtree(extra)
        publish(site, host / "bp", bp.__version__)
        publish(new, host / "bp", NEXT_VERSION)
        (host / "404.html").symlink_to(host / "bp" / "404.html")
        shutil.copytree(site, host / "copy")
        yield f"{address}/bp/"


def build_small_book(project, address):
    """Plain pages in both languages, made by the site's own machinery for an address."""
    for name in ("docs/hooks", "docs/theme"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "docs" / "search-terms.txt", project / "docs")
    (project / "docs" / "lessons").mkdir()
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    (project / ".cache").mkdir()
    for report in ROOT.glob(".cache/report-*.json"):
        shutil.copy(report, project / ".cache")
    for language in ("en", "zh-TW"):
        (project / "docs" / language).mkdir()
        for name, text in PAGES.items():
            (project / "docs" / language / name).write_text(text, encoding="utf-8")
    for config, target in (("mkdocs.yml", "site"), ("mkdocs.zh-TW.yml", "site/zh-TW")):
        shutil.copy(ROOT / config, project)
        (project / f"small-{config}").write_text(f"INHERIT: {config}\nnav: [{', '.join(PAGES)}]\n", encoding="utf-8")
        done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "-f", f"small-{config}", "-d", target], cwd=project,
                              capture_output=True, text=True,
                              env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "BP_SITE_URL": address})
        assert done.returncode == 0, done.stdout + done.stderr
    return project / "site"


def open_menu(tab):
    menu = tab.locator(".bp-versions")
    menu.wait_for()
    menu.locator("summary").click()
    return menu


@pytest.mark.parametrize("language_folder", ["", "zh-TW/"])
def test_the_menu_of_versions_keeps_the_page_and_the_anchor(tab, book, language_folder):
    tab.goto(f"{book}latest/{language_folder}page/#below")
    menu = open_menu(tab)
    newest = NEXT_VERSION + {"": " (newest)", "zh-TW/": "（最新）"}[language_folder]
    assert menu.locator("a").all_inner_texts() == [newest, bp.__version__]
    assert menu.locator("[aria-current]").all_inner_texts() == [newest]
    assert Axe().run(tab, context=".md-header", options={"resultTypes": ["violations"]}).response["violations"] == []
    menu.locator("a").last.click()
    tab.wait_for_url(f"{book}{bp.__version__}/{language_folder}page/#below")
    open_menu(tab).locator("a").first.click()
    tab.wait_for_url(f"{book}latest/{language_folder}page/#below")
    assert tab.errors == []


@pytest.mark.parametrize("language_folder", ["", "zh-TW/"])
def test_from_a_page_that_a_version_lacks_the_menu_leads_to_its_first_page(tab, book, language_folder):
    tab.goto(f"{book}{NEXT_VERSION}/{language_folder}new/index.html#nowhere")
    open_menu(tab).locator("a").last.click()
    tab.wait_for_url(f"{book}{bp.__version__}/{language_folder}")
    assert tab.errors == []


def test_the_menu_of_versions_works_by_keyboard(tab, book):
    tab.goto(f"{book}latest/page/")
    summary = tab.locator(".bp-versions summary")
    summary.focus()
    tab.keyboard.press("Enter")
    first = tab.locator(".bp-versions a").first
    assert first.is_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    assert not first.is_visible()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{book}{bp.__version__}/page/")


def test_a_copy_on_another_host_shows_no_menu_and_asks_for_none(tab, book):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(book.replace("/bp/", "/copy/") + "page/", wait_until="networkidle")
    assert not tab.locator(".bp-versions").is_visible()
    assert any("versions.js" in url for url in asked) and not any("versions.json" in url for url in asked)
    assert tab.errors == []


def test_the_address_of_the_book_leads_to_the_newest_version(tab, book):
    tab.goto(book)
    tab.wait_for_url(f"{book}latest/")
    assert NEXT_VERSION in tab.locator(".bp-cite").inner_html()


def test_search_engines_are_led_to_the_newest_version_of_each_page_and_language(tab, book):
    for language_folder in ("", "zh-TW/"):
        tab.goto(f"{book}{bp.__version__}/{language_folder}page/")
        assert tab.locator("link[rel=canonical]").get_attribute("href") == f"{book}latest/{language_folder}page/"
        alternates = tab.locator("link[hreflang]").evaluate_all("links => links.map(link => link.href)")
        assert alternates == [f"{book}latest/page/", f"{book}latest/zh-TW/page/"]


def test_a_published_page_cites_its_version_for_good(tab, book):
    tab.goto(f"{book}{bp.__version__}/page/")
    assert all(f"{book}{bp.__version__}/page/" in text for text in texts(tab, ".bp-cite"))
    tab.goto(f"{book}latest/page/")
    assert all(f"{book}{NEXT_VERSION}/page/" in text for text in texts(tab, ".bp-cite"))


def test_where_versions_are_published_a_wrong_address_leads_to_the_newest(tab, book):
    assert tab.goto(f"{book}{bp.__version__}/no/such/page/").status == 404
    hrefs = tab.locator("main a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs == [f"{book}latest/", f"{book}latest/zh-TW/"]
