"""The book of each language, printed anew from the built site by the script of `make pdf`."""
import importlib.util
import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from bp import spec

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-TW")
EXERCISE = re.compile(r"(Exercise|練習)\s+\d+")  # in the outline below its section, not in the contents


@pytest.fixture(scope="module")
def script():
    location = importlib.util.spec_from_file_location("book", ROOT / "docs" / "pdf" / "book.py")
    sys.modules["book"] = module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)
    yield module
    del sys.modules["book"]


def plain(text):
    """Text as it can be compared: PDFs write some Han characters as their compatibility forms, and break lines."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@dataclass
class Book:
    reader: PdfReader
    chapters: list
    parts: list
    pages: list
    numbers: dict

    @property
    def first_chapter(self):
        return self.numbers[self.chapters[0].name]


@pytest.fixture(scope="module")
def books(script, site, chromium, tmp_path_factory):
    """Both books, printed side by side."""
    folder = tmp_path_factory.mktemp("books")

    def printed(language):
        path = folder / f"{language}.pdf"
        chapters = script.print_book(ROOT / "site", language, path)
        reader = PdfReader(path)
        pages = [plain(page.extract_text()) for page in reader.pages]
        return Book(reader, chapters, script.navigation(language)[1], pages, script.page_numbers(path))
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(LANGUAGES, threads.map(printed, LANGUAGES)))


@pytest.fixture(params=LANGUAGES)
def book(request, books):
    return books[request.param]


def outline(entries):
    """The bookmarks in the order of the book."""
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield entry.title


def test_the_outline_names_every_part_page_and_section_once_and_in_order(book):
    chapters, expected = iter(book.chapters), []
    for part, urls in book.parts:
        expected += [part] if part else []
        for _ in urls:
            chapter = next(chapters)
            expected += [chapter.title, *(title for _, title in chapter.sections)]
    found = [plain(title) for title in outline(book.reader.outline) if not EXERCISE.fullmatch(title)]
    assert found[1:] == [plain(title) for title in expected]


def test_the_page_numbers_in_the_contents_are_true(book):
    contents = "".join(book.pages[1:book.first_chapter - 1])
    assert book.first_chapter > 2
    for chapter in book.chapters:
        for identifier, title in [(chapter.name, chapter.title), *chapter.sections]:
            number = book.numbers[identifier]
            assert plain(title) in book.pages[number - 1], (title, number)
            assert f"{plain(title)}{number}" in contents, (title, number)


def test_every_page_but_the_cover_says_its_chapter_and_its_number(book):
    heads = {book.numbers[chapter.name]: chapter.title for chapter in book.chapters}
    head, wrong = "", []
    for number, text in enumerate(book.pages[1:], 2):
        head = heads.get(number, head)
        if not text.startswith(f"{plain(head)}{number}"):
            wrong.append((number, text[:40]))
    assert wrong == []


def test_no_page_is_empty(book):
    assert [number for number, text in enumerate(book.pages, 1) if len(text) < 20] == []


def test_the_card_of_every_equation_is_in_the_book_and_has_its_own_address(book):
    language = book.reader.root_object["/Lang"]
    missing = [equation.id for equation in spec if plain(equation.title(language)) not in "".join(book.pages)]
    assert missing == []
    strayed = [equation.id for equation in spec if equation.anchor in book.numbers
               and plain(equation.title(language)) not in book.pages[book.numbers[equation.anchor] - 1]]
    assert strayed == []
    assert {"eq-hidden-delta", "eq-output-delta"} <= set(book.numbers)


def test_every_link_leads_into_the_book_or_to_the_web(book):
    links = [note.get_object() for page in book.reader.pages for note in page.get("/Annots", ())]
    within = {link["/Dest"].lstrip("/") for link in links if "/Dest" in link}
    beyond = {link["/A"]["/URI"] for link in links if "/A" in link}
    assert within and within <= set(book.numbers)
    assert [address for address in beyond if not address.startswith(("https://", "http://"))] == []


def test_the_file_says_its_title_and_language_and_is_tagged(books):
    for language, book in books.items():
        assert book.reader.root_object["/Lang"] == language
        assert book.reader.root_object["/MarkInfo"]["/Marked"]
        assert book.reader.metadata.title.startswith("bp")


def test_folds_are_open(book):
    assert [c.url for c in book.chapters if re.search(r"<details(?![^>]*\bopen\b)", c.html)] == []
    assert any("<details" in chapter.html for chapter in book.chapters)


def test_ids_stay_unique_when_pages_are_put_together(book):
    ids = [found for chapter in book.chapters for found in re.findall(r'\sid="([^"]+)"', chapter.html)]
    assert len(ids) > 100
    assert len(ids) == len(set(ids))


def test_what_a_drawing_refers_to_within_its_page_is_renamed_with_it(script):
    drawing = script.BeautifulSoup(
        '<svg aria-labelledby="t u"><title id="t">T</title><marker id="m"></marker>'
        '<path marker-end="url(#m)"/><use href="#m"/></svg>', "html.parser")
    script.rename_ids(drawing, lambda identifier: f"page--{identifier}")
    assert str(drawing) == (
        '<svg aria-labelledby="page--t page--u"><title id="page--t">T</title><marker id="page--m"></marker>'
        '<path marker-end="url(#page--m)"></path><use href="#page--m"></use></svg>')


def test_without_chromium_one_line_says_what_is_missing(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    nowhere = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "chromium")))

    class Playwright:
        __enter__ = lambda self: nowhere
        __exit__ = lambda self, *problem: False
    monkeypatch.setattr(script, "sync_playwright", Playwright)
    with pytest.raises(FileNotFoundError, match="^Missing: Chromium .*$"), script.chromium():
        pass
