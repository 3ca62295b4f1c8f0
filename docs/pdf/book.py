"""The whole book of one language as a PDF, printed by Chromium from the built site.

Usage: book.py SITE OUTPUT_FOLDER

The pages are put together in the order of the navigation into one document:
title, contents, then part by part. Links between pages become links within the
document, so every id but those of the equations, which are the same and single
in the whole book, is given its page's name. Folds are open. The site's own
style sheets set the type; book.css adds what a book has and a page has not.

It is printed twice: the first print tells on which page each heading fell, the
second carries these numbers in its contents. Nothing is fetched but from the
folder of the site, and no server runs.
"""
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from mkdocs.utils import yaml_load
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://book.invalid/"
STYLES = re.compile(r"assets/.*\.css$")
DROPPED = ".headerlink, .bp-above, .bp-bar, .bp-copy, script, style"
DRAWN = re.compile(r"url\(#([^)]+)\)")
REFERRING = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
CONTENTS = {"en": "Contents", "zh-TW": "目錄"}
IMPRINT = {
    "en": "Version {}. Text under CC BY 4.0, code under the MIT licence. Printed from the pages of the site: "
          "every formula and every number was computed and checked when they were built.",
    "zh-TW": "版本 {}。文字採用 CC BY 4.0 授權，程式採用 MIT 授權。本書由網站的頁面印成，"
             "每一個公式和數字都在建置時計算並驗證。",
}
# Formulas and code that would stick out of the page, as (element, width needed over width given).
TOO_WIDE = """() => [...document.querySelectorAll('.bp-formula, pre, table')].flatMap(e => {
    const room = (e.matches('table') ? e.parentElement : e).clientWidth;
    return e.scrollWidth > room + 1 ? [[e, e.scrollWidth / room]] : [] })"""
SHRINK = f"""() => {{ for (const [e, ratio] of ({TOO_WIDE})())
    e.style.fontSize = `${{parseFloat(getComputedStyle(e).fontSize) / ratio * 0.99}}px` }}"""
NAME_TOO_WIDE = f"() => ({TOO_WIDE})().map(([e]) => e.textContent.trim().slice(0, 60))"
FILL_IN = """numbers => { for (const e of document.querySelectorAll('.bp-number'))
    e.textContent = numbers[e.parentElement.getAttribute('href').slice(1)] }"""


@dataclass
class Chapter:
    """A page of the site: its address there, its title and sections, and its HTML for the book."""
    url: str
    title: str
    sections: list
    html: str

    @property
    def name(self):
        return page_name(self.url)


def page_name(url):
    """What stands for a page in the ids of the book.

    >>> page_name("lessons/06-hidden-delta/"), page_name("")
    ('06-hidden-delta', 'home')
    """
    return url.strip("/").rsplit("/", 1)[-1] or "home"


def navigation(language):
    """The parts of the book, each a title (None for a page without a part) and the addresses of its pages."""
    name = "mkdocs.yml" if language == "en" else f"mkdocs.{language}.yml"
    with open(ROOT / name, encoding="utf-8") as file:
        config = yaml_load(file)
    parts = []
    for entry in config["nav"]:
        (title, content), = entry.items()
        pages = content if isinstance(content, list) else [content]
        sources = [next(iter(p.values())) if isinstance(p, dict) else p for p in pages]
        parts.append((title if isinstance(content, list) else None, [address(s) for s in sources]))
    return config, parts


def address(source):
    """Where MkDocs puts a source file.

    >>> address("lessons/06-hidden-delta.ipynb"), address("index.md")
    ('lessons/06-hidden-delta/', '')
    """
    return re.sub(r"(^|/)index/$", r"\1", re.sub(r"\.\w+$", "/", source))


def read_chapter(folder, url, book, own_ids):
    """A page of the built site, made part of a book: headings a level down, ids and links the book's."""
    page = BeautifulSoup((folder / url / "index.html").read_text(encoding="utf-8"), "html.parser")
    article = page.select_one("article.md-content__inner")
    for element in article.select(DROPPED):
        element.decompose()
    name = page_name(url)
    rename_ids(article, lambda identifier: book_id(name, identifier, own_ids))
    for link in article.select("a[href]"):
        target = book_link(url, link["href"], book, own_ids)
        if target:
            link["href"] = target
        else:
            link.unwrap()
    for fold in article.select("details"):
        fold["open"] = ""
    for level in (3, 2, 1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
    title = article.find("h2")
    title["id"], title["class"] = name, "bp-chapter-title"
    sections = [(h["id"], h.get_text().strip()) for h in article.find_all("h3") if h.get("id")]
    return Chapter(url, title.get_text().strip(), sections, article.decode_contents())


def rename_ids(article, rename):
    """Give every id of a page its name in the book, and whatever refers to it within the page."""
    for element in article.find_all(True):
        for attribute, value in element.attrs.items():
            if attribute in REFERRING:
                words = value if isinstance(value, list) else value.split()
                element[attribute] = " ".join(map(rename, words))
            elif element.name == "use" and attribute == "href":
                element[attribute] = "#" + rename(value.removeprefix("#"))
            elif isinstance(value, str) and "url(#" in value:
                element[attribute] = DRAWN.sub(lambda match: f"url(#{rename(match[1])})", value)


def book_id(name, identifier, own_ids):
    """An id of a page as an id of the book."""
    return identifier if identifier in own_ids else f"{name}--{identifier}"


def book_link(url, href, book, own_ids):
    """Where a link of the page at `url` leads from the book: within it, to the web, or nowhere.

    >>> book_link("lessons/06-x/", "../05-y/#z", {"lessons/05-y/"}, set())
    '#05-y--z'
    >>> book_link("lessons/06-x/", "06-x.ipynb", {"lessons/05-y/"}, set()) is None
    True
    """
    target = urljoin(ORIGIN + url, href)
    if not target.startswith(ORIGIN):
        return target
    parts = urlsplit(target)
    page = unquote(parts.path).lstrip("/").removesuffix("index.html")
    if page not in book:
        return None
    return "#" + (book_id(page_name(page), parts.fragment, own_ids) if parts.fragment else page_name(page))


def equation_ids():
    """The ids that belong to the whole book: each equation's anchor stands on one page."""
    import bp
    return {equation.anchor for equation in bp.spec}


def compose(site, language):
    """The book as one HTML document, and its chapters."""
    folder = site if language == "en" else site / language
    config, parts = navigation(language)
    book, own_ids = {url for _, urls in parts for url in urls}, equation_ids()
    chapters = {url: read_chapter(folder, url, book, own_ids) for url in book}
    body, contents, heads = [], [], []
    for number, (part, urls) in enumerate(parts):
        if part:
            contents.append(entry("part", f"part-{number}", part))
        for position, url in enumerate(urls):
            chapter = chapters[url]
            opening = ""
            if part and not position:
                opening = f'<h1 class="bp-part-title" id="part-{number}">{escape(part)}</h1>'
            contents.append(entry("chapter" if part else "alone", chapter.name, chapter.title))
            contents += [entry("section", identifier, title) for identifier, title in chapter.sections]
            heads.append(running_head(chapter))
            body.append(f'<article class="bp-chapter" style="page: p-{chapter.name}">{opening}{chapter.html}</article>')
    home = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    sheets = [link["href"] for link in home.select("link[rel=stylesheet]") if STYLES.search(link["href"])]
    title, subtitle = config["site_name"], config["site_description"]
    links = "".join(f'<link rel="stylesheet" href="{escape(sheet)}">' for sheet in sheets)
    styles = Path(__file__).with_name("book.css").read_text(encoding="utf-8") + "".join(heads)
    return (
        f'<!doctype html><html lang="{home.html["lang"]}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'{links}<style>{styles}</style></head>'
        '<body dir="ltr" data-md-color-scheme="default"><main class="md-content bp-book"><div class="md-typeset">'
        f'<header class="bp-cover"><p class="bp-title">{escape(title)}</p><p class="bp-subtitle">{escape(subtitle)}</p>'
        f'<p class="bp-imprint">{IMPRINT[language].format(version("bp"))}</p></header>'
        f'<nav class="bp-contents"><h2 id="contents">{CONTENTS[language]}</h2><ul>{"".join(contents)}</ul></nav>'
        f'{"".join(body)}</div></main></body></html>'), [chapters[url] for _, urls in parts for url in urls]


def entry(level, identifier, title):
    """A line of the contents, its page number still open."""
    return (f'<li class="bp-{level}"><a href="#{identifier}"><span>{escape(title)}</span>'
            '<span class="bp-dots"></span><span class="bp-number">000</span></a></li>')


def running_head(chapter):
    """The chapter's title at the head of each of its pages."""
    words = chapter.title.replace("\\", "\\\\").replace('"', '\\"')
    return f'@page p-{chapter.name} {{ @top-left {{ content: "{words}" }} }}\n'


def serve_from(site, folder, document):
    """Answer the browser's requests from the site's folder, and with the book itself at the address of its page."""
    def answer(route):
        path = unquote(urlsplit(route.request.url).path).lstrip("/")
        if path == f"{folder}book.html":
            route.fulfill(body=document, content_type="text/html; charset=utf-8")
        elif (site / path).is_file():
            route.fulfill(path=site / path)
        else:
            route.abort()
    return answer


@contextmanager
def chromium():
    """Debian's Chromium, or the one that Playwright brings."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        program = program or playwright.chromium.executable_path
        if not Path(program).exists():
            raise FileNotFoundError("Missing: Chromium (on Debian, the package chromium).")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def print_book(site, language, path):
    """Write the book of one language to `path`, and return its chapters."""
    document, chapters = compose(site, language)
    folder = "" if language == "en" else f"{language}/"
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 627, "height": 900}, color_scheme="light")
        tab.route("**/*", serve_from(site, folder, document))
        tab.emulate_media(media="print")
        tab.goto(f"{ORIGIN}{folder}book.html")
        tab.evaluate("document.fonts.ready")
        tab.evaluate(SHRINK)
        wide = tab.evaluate(NAME_TOO_WIDE)
        if wide:
            raise ValueError(f"{path.name}: wider than the page: {wide}")
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            tab.pdf(path=path, prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
            tab.evaluate(FILL_IN, page_numbers(path))
    return chapters


def page_numbers(path):
    """On which page of the PDF each id stands that is linked to, counted from 1."""
    reader = PdfReader(path)
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, 1)}
    return {name.lstrip("/"): pages[destination.page.idnum]
            for name, destination in reader.named_destinations.items()}


def main(site, target):
    jobs = {language: Path(target) / f"bp-{language}.pdf" for language in CONTENTS}
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda job: print_book(Path(site), *job), jobs.items()))
    for path in jobs.values():
        print(f"{path}: {len(PdfReader(path).pages)} pages, {path.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (FileNotFoundError, ValueError) as problem:
        sys.exit(str(problem))
