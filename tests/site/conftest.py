"""The built site, parsed once for all tests, and a browser if there is one.

With BP_REQUIRE_BROWSER=1, as in CI, whatever would be skipped fails instead.
"""
import importlib.util
import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
CHINESE = "zh-TW"
EVERYTHING_REQUIRED = os.environ.get("BP_REQUIRE_BROWSER") == "1"
UNREAD = {"code", "pre", "script", "style", "annotation"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if EVERYTHING_REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although everything is required: {report.longrepr[2]}"
    return report


@dataclass
class Element:
    tag: str
    attributes: dict
    card: bool

    def has_class(self, name):
        return name in (self.attributes.get("class") or "").split()


@dataclass
class Page:
    """One HTML file: its elements, and its text outside code."""
    path: Path
    elements: list = field(default_factory=list)
    text: str = ""

    @property
    def name(self):
        return self.path.relative_to(SITE).as_posix()

    @property
    def language(self):
        return CHINESE if self.name.startswith(f"{CHINESE}/") else "en"

    @property
    def ids(self):
        return [e.attributes["id"] for e in self.elements if e.attributes.get("id")]

    def select(self, *tags, css_class=None):
        return [e for e in self.elements if e.tag in tags and (css_class is None or e.has_class(css_class))]

    def target(self, address):
        """The file that a relative address leads to, seen from this page."""
        path = unquote(urlsplit(address).path)
        base = SITE if path.startswith("/") else self.path.parent
        file = Path(os.path.normpath(base / path.lstrip("/"))) if path else self.path
        return file / "index.html" if file.is_dir() else file


class PageParser(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.page, self.open = Page(path), []

    def handle_starttag(self, tag, attributes):
        in_card = any(element.has_class("bp-card") for element in self.open)
        element = Element(tag, dict(attributes), in_card)
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.page.elements.append(Element(tag, dict(attributes), False))

    def handle_endtag(self, tag):
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        if not any(element.tag in UNREAD for element in self.open):
            self.page.text += data


@pytest.fixture(scope="session")
def site():
    """Every page of the built site, by its path in site/."""
    if not (SITE / "index.html").exists() or not (SITE / CHINESE / "index.html").exists():
        pytest.fail("site/ is not built: run `make site` first", pytrace=False)
    pages = {}
    for path in sorted(SITE.rglob("*.html")):
        parser = PageParser(path)
        parser.feed(path.read_text(encoding="utf-8"))
        pages[parser.page.name] = parser.page
    return pages


@pytest.fixture(scope="session")
def content(site):
    """The pages that somebody wrote, without the page for wrong addresses."""
    return {name: page for name, page in site.items() if not name.endswith("404.html")}


@pytest.fixture(scope="session")
def counterpart():
    """The name of the same page in the other language."""
    def other(name):
        return name.removeprefix(f"{CHINESE}/") if name.startswith(f"{CHINESE}/") else f"{CHINESE}/{name}"
    return other


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served for the browser; by the very server of `make serve`."""
    location = importlib.util.spec_from_file_location("serve", ROOT / "docs" / "hooks" / "serve.py")
    serve = importlib.util.module_from_spec(location)
    location.loader.exec_module(serve)
    with serve.open_server(str(SITE), 8765) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium(site):
    """Opens Debian's Chromium, for which every host but this machine does not exist."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright
    expect.set_options(timeout=30_000)  # the machine may be busy

    @contextmanager
    def opened():
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=[
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
            yield browser
            browser.close()
    return opened


@pytest.fixture(scope="module")
def browser(chromium):
    with chromium() as opened:
        yield opened
