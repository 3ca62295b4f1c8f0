"""Citing: CITATION.cff, BibTeX and plain text, and the places that are cited and must stay."""
import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

import bp
from bp import citation, spec
from bp.citation import AUTHOR, LANGUAGES, RELEASED, Citation, cite_book, cite_equation, cite_page

ROOT = Path(__file__).parents[1]
PUBLISHED = Path(__file__).with_name("published-ids.txt")
ADDRESS = "https://book.example/bp"
both_languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(params=[ADDRESS, ADDRESS + "/"])
def address(request, monkeypatch):
    monkeypatch.setenv("BP_SITE_URL", request.param)


@pytest.fixture
def no_address(monkeypatch):
    monkeypatch.setenv("BP_SITE_URL", "")


def citation_file():
    # Dates stay text: the schema asks for a string.
    return yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)


def validator():
    schema = json.loads((ROOT / "tests" / "cff" / "schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())


def test_the_citation_file_follows_its_schema():
    assert [f"{error.json_path}: {error.message}" for error in validator().iter_errors(citation_file())] == []


@pytest.mark.parametrize("change", [
    {"title": ""}, {"authors": []}, {"authors": [{"nom": "somebody"}]}, {"license": "CC-BY-4"}, {"date-released": "soon"},
    {"verson": "0.1.0"}], ids=str)
def test_the_schema_refuses_a_citation_file_that_is_wrong(change):
    assert not validator().is_valid(citation_file() | change)


def test_version_date_author_and_title_are_the_same_everywhere():
    file = citation_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert file["version"] == project["version"] == bp.__version__
    assert file["date-released"] == RELEASED
    assert file["authors"] == [{"name": AUTHOR}]
    assert file["title"] in cite_book().bibtex()
    assert " AND ".join(file["license"]) == project["license"]


def fields(bibtex):
    """The fields of an entry, by a reader that wants braces balanced and a comma after each field."""
    head, *lines, end = bibtex.splitlines()
    assert re.fullmatch(r"@misc\{[a-z0-9:-]+,", head) and end == "}"
    found = dict(re.fullmatch(r"  (\w+) = \{(.*)\},", line).groups() for line in lines)
    for value in found.values():
        bare = re.sub(r"\\.", "", value)
        assert bare.count("{") == bare.count("}")
    return found


@both_languages
def test_an_equation_is_cited_with_author_year_title_version_and_permanent_address(address, language):
    equation = spec["hidden-delta"]
    folder = {"en": "", "zh-TW": "zh-TW/"}[language]
    url = f"{ADDRESS}/{bp.__version__}/{folder}lessons/06-hidden-delta/#eq-hidden-delta"
    entry = fields(cite_equation(equation, language).bibtex())
    assert entry["url"] == url and "howpublished" not in entry
    assert entry["author"] == f"{{{AUTHOR}}}" and entry["year"] == RELEASED[:4]
    assert bp.__version__ in entry["note"] and "BP2" in entry["title"]
    text = cite_equation(equation, language).plain()
    for part in (AUTHOR, RELEASED[:4], bp.__version__, "BP2"):
        assert part in text
    assert text.endswith(url)
    assert equation.title(language).lower() in entry["title"].lower() and equation.title(language).lower() in text.lower()


@both_languages
@pytest.mark.parametrize("form", ["bibtex", "plain"])
def test_without_an_address_the_path_is_given_and_none_is_made_up(no_address, language, form):
    text = getattr(cite_equation(spec["hidden-delta"], language), form)()
    assert "http" not in text and "lessons/06-hidden-delta/" in text
    assert {"en": "[address of the copy that was read]/", "zh-TW": "〔所讀網站的網址〕/"}[language] in text
    book = getattr(cite_book(language), form)()
    assert {"en": "[address of the copy that was read]/", "zh-TW": "〔所讀網站的網址〕/"}[language] in book


def test_the_three_kinds_of_citation_read_as_they_should(address):
    where = f"{ADDRESS}/{bp.__version__}/"
    year, version = RELEASED[:4], bp.__version__
    assert cite_book().plain() == (
        f"The bp developers ({year}). bp: Backpropagation that proves itself, version {version}. {where}")
    assert cite_page("Notation", "lessons/notation/").plain() == (
        f"The bp developers ({year}). Notation. In bp: Backpropagation that proves itself, version {version}. "
        f"{where}lessons/notation/")
    assert cite_equation(spec["hidden-delta"], "zh-TW").plain() == (
        f"The bp developers（{year}）。〈隱藏層的敏感度（BP2）〉，收於《bp：會自己證明的反向傳播》，{version} 版。"
        f"{where}zh-TW/lessons/06-hidden-delta/#eq-hidden-delta")


def test_what_latex_would_take_for_commands_is_escaped_in_a_title_but_not_in_an_address(address):
    entry = fields(Citation("bp:x", r"50% of {a_b} & \c #1 $2 ~ ^", "x_y/#a").bibtex())
    title = entry["title"].removeprefix("{").split(", in ")[0]
    assert title == (r"50\% of \{a\_b\} \& \textbackslash{}c \#1 \$2 \textasciitilde{} \textasciicircum{}")
    assert entry["url"].endswith("x_y/#a")


def test_every_equation_and_the_book_have_keys_of_their_own():
    keys = [cite_book().key, *(cite_equation(equation).key for equation in spec)]
    assert len(set(keys)) == len(keys) == len(spec) + 1


def test_the_address_in_the_projects_metadata_counts_where_the_environment_says_nothing(monkeypatch):
    monkeypatch.delenv("BP_SITE_URL", raising=False)

    class Metadata:
        get_all = lambda self, name: ["Source, https://code.example/", f"Documentation, {ADDRESS}/"]

    monkeypatch.setattr(citation.metadata, "metadata", lambda name: Metadata())
    assert citation.public_address() == ADDRESS
    monkeypatch.setenv("BP_SITE_URL", "")
    assert citation.public_address() == ""
    monkeypatch.delenv("BP_SITE_URL")
    Metadata.get_all = lambda self, name: None
    assert citation.public_address() == ""
    monkeypatch.setenv("BP_SITE_URL", "https://elsewhere.example/")
    assert citation.public_address() == "https://elsewhere.example"


def test_html_offers_a_text_that_the_address_of_a_copy_completes_only_where_none_is_known(no_address, monkeypatch):
    html = cite_equation(spec["hidden-delta"]).html()
    assert html.count("data-completed=") == html.count("{address}") == 2 == html.count("<pre")
    monkeypatch.setenv("BP_SITE_URL", ADDRESS)
    html = cite_equation(spec["hidden-delta"]).html()
    assert "data-completed" not in html and html.count(ADDRESS) == 2


def published():
    lines = [line for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split(" ") for line in lines)


def test_every_published_equation_is_still_there():
    gone = [id for id in published() if id not in spec]
    assert gone == [], (
        f"{gone} were published and are not in the spec any more, so that whoever cited them is led nowhere. "
        "Give the equation its id back. An equation that was wrong is mended under its id; one that is superseded stays.")


def test_every_published_equation_is_still_on_its_page():
    moved = {id: (page, spec[id].page) for id, page in published().items() if id in spec and spec[id].page != page}
    assert moved == {}, (
        f"published page and present page of {moved} differ: links to #eq-<id> on the old page would lead nowhere. "
        "Let the equation have its home on the page where it was published; other pages may show its card too.")


def test_every_equation_is_on_the_list_of_the_published():
    lines = [f"{equation.id} {equation.page}" for equation in spec if equation.id not in published()]
    assert lines == [], (f"new equations: choose their ids with care, for they are never changed, then add to "
                         f"{PUBLISHED.relative_to(ROOT)}:\n" + "\n".join(lines))


@pytest.mark.parametrize("identifier", list(published()) + [equation.id for equation in spec])
def test_ids_are_plain_words_that_need_no_escape_in_an_address_or_a_key(identifier):
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", identifier)
