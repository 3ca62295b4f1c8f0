"""What holds of every file of the built site, read without a browser."""
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from mkdocs.utils import yaml_load

from bp import spec

SITE = Path(__file__).parents[2] / "site"
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
           "object": "data", "use": "href"}
LINKED_FILES = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch",
                "manifest"}
CSS_ADDRESS = re.compile(r"""(?:url\(|@import\s)\s*["']?([^"')\s;]+)""")


def is_external(address):
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def fetched(page):
    """The addresses that a browser fetches on its own when it shows the page."""
    for element in page.elements:
        attribute = FETCHED.get(element.tag)
        if attribute and element.attributes.get(attribute):
            yield element.attributes[attribute]
        if element.tag == "link" and LINKED_FILES & set(element.attributes["rel"].split()):
            yield element.attributes["href"]
        yield from CSS_ADDRESS.findall(element.attributes.get("style") or "")


def test_no_page_fetches_anything_from_another_host(site):
    assert [(page.name, a) for page in site.values() for a in fetched(page) if is_external(a)] == []


def test_no_style_sheet_fetches_anything_from_another_host():
    found = [(path.name, address) for path in SITE.rglob("*.css")
             for address in CSS_ADDRESS.findall(path.read_text(encoding="utf-8")) if is_external(address)]
    assert found == []


def test_every_file_that_a_style_sheet_names_is_there():
    missing = [(path.name, address) for path in SITE.rglob("*.css")
               for address in CSS_ADDRESS.findall(path.read_text(encoding="utf-8"))
               if not address.startswith(("data:", "#")) and not (path.parent / urlsplit(address).path).exists()]
    assert missing == []


def test_the_policy_comes_first_on_every_page_and_allows_the_site_alone(site):
    allowed = {"'none'", "'self'", "'wasm-unsafe-eval'", "data:", "blob:", "'unsafe-inline'"}
    for page in site.values():
        first, *others = page.select("meta", "script", "link", "style")
        assert first.attributes["http-equiv"] == "Content-Security-Policy", page.name
        assert not any("http-equiv" in element.attributes for element in others), page.name
        directives = [directive.split() for directive in first.attributes["content"].split("; ")]
        policy = {name: sources for name, *sources in directives}
        assert len(policy) == len(directives) and policy["default-src"] == ["'self'"], page.name
        assert {"script-src", "style-src", "connect-src", "worker-src", "img-src", "font-src"} <= {*policy}, page.name
        closed = {name for name, sources in policy.items() if sources == ["'none'"]}
        assert closed == {f"{what}-src" for what in ("frame", "manifest", "media", "object")} | {"base-uri", "form-action"}
        hashes = [source for source in policy["script-src"] if source.startswith("'sha256-")]
        assert {source for sources in policy.values() for source in sources} - {*hashes} <= allowed, page.name
        assert len(hashes) == sum("src" not in e.attributes and "type" not in e.attributes for e in page.select("script"))
        assert {name for name, sources in policy.items() if "'unsafe-inline'" in sources} == {"style-src"}, page.name
        assert {name for name, sources in policy.items() if "data:" in sources} == {"img-src"}, page.name
        assert {name for name, sources in policy.items() if "blob:" in sources} == {"worker-src"}, page.name
        assert page.path.read_bytes().index(b'<meta charset="utf-8">') < 1000, f"{page.name}: browsers look no further"


def test_no_page_has_a_script_in_an_attribute(site):
    found = [(page.name, name, value) for page in site.values() for element in page.elements
             for name, value in element.attributes.items()
             if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")]
    assert found == []


def test_no_page_waits_for_a_script_before_it_is_drawn(site):
    waited_for = {e.attributes["src"] for page in site.values() for e in page.select("script") if "src" in e.attributes
                  and not {"defer", "async"} & {*e.attributes} and e.attributes.get("type") != "module"}
    assert waited_for == set()


def test_every_internal_link_resolves(site):
    broken = []
    for page in site.values():
        links = [e.attributes["href"] for e in page.select("a", "link") if e.attributes.get("href")]
        for address in [*links, *fetched(page)]:
            parts = urlsplit(address)
            if is_external(address) or parts.scheme:
                continue
            file = page.target(address)
            if not file.is_file():
                broken.append((page.name, address, "no such file"))
            elif parts.fragment and file.suffix == ".html":
                if parts.fragment not in site[file.relative_to(SITE).as_posix()].ids:
                    broken.append((page.name, address, "no such anchor"))
    assert broken == []


def test_every_page_exists_in_both_languages(content, counterpart):
    assert [name for name in content if counterpart(name) not in content] == []


def test_the_language_switch_leads_to_the_same_page(content, counterpart):
    for page in content.values():
        switch, = page.select("a", css_class="bp-language")
        assert page.target(switch.attributes["href"]) == SITE / counterpart(page.name), page.name


def test_pages_name_their_alternates_in_both_languages(content, counterpart):
    for page in content.values():
        alternates = {e.attributes["hreflang"]: e.attributes["href"] for e in page.select("link")
                      if "alternate" in e.attributes.get("rel", "").split() and "hreflang" in e.attributes}
        assert set(alternates) == {"en", "zh-TW"}, page.name
        if not any(map(is_external, alternates.values())):
            assert {page.target(a) for a in alternates.values()} == {page.path, SITE / counterpart(page.name)}


def test_pages_declare_their_language(site):
    for page in site.values():
        html, = page.select("html")
        expected = {"en"} if page.language == "en" else {"zh-Hant", "zh-TW"}
        assert html.attributes["lang"] in expected, page.name


def test_sections_have_the_same_anchors_in_both_languages(content, counterpart):
    def anchors(page):
        return [e.attributes.get("id") for e in page.select("h2", "h3", "h4") if not e.card]
    for name, page in content.items():
        assert anchors(page) == anchors(content[counterpart(name)]), name


def test_pages_have_the_same_parts_in_the_same_order_in_both_languages(content, counterpart):
    """Of what somebody wrote tests/test_languages.py has compared the sources; here is what was computed, too."""
    tags = {"h1", "h2", "h3", "h4", "table", "tr", "th", "td", "details", "pre", "section", "svg"}
    def kept(page):
        return [(e.tag, e.attributes.get("id", "")) for e in page.elements if e.tag in tags or e.has_class("bp-output")]
    for name, page in content.items():
        one, other = kept(page), kept(content[counterpart(name)])
        first = next((pair for pair in zip(one, other) if pair[0] != pair[1]), None)
        assert first is None and len(one) == len(other), f"{name}: {first}, {len(one)} parts and {len(other)}"


def test_only_a_page_with_a_stepper_loads_what_moves_one(content):
    def loads(page):
        return any("assets/stepper." in address for address in fetched(page))
    assert {name for name, page in content.items() if loads(page)} == {
        name for name, page in content.items() if any(e.has_class("bp-stepper") for e in page.elements)}


def test_the_wheel_that_the_first_page_offers_installs_all_of_bp(content, tmp_path):
    for name in ("index.html", "zh-TW/index.html"):
        link, = {e.attributes["href"] for e in content[name].select("a") if e.attributes["href"].endswith(".whl")}
        wheel = content[name].path.parent / link
        assert f"pip install {wheel.name}" in content[name].path.read_text(encoding="utf-8")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--no-index", "--target", tmp_path, wheel], check=True)
    code = "import bp; print(bp.__file__); from bp.data import digits; digits(); bp.spec['hidden-delta']._repr_html_()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


def test_every_lesson_can_be_downloaded_as_an_executed_notebook(content):
    lessons = [page for page in content.values() if "/lessons/" in f"/{page.name}"]
    assert lessons
    for page in lessons:
        download, = page.select("a", css_class="bp-download")
        notebook = nbformat.read(page.target(download.attributes["href"]), as_version=4)
        nbformat.validate(notebook)
        assert any(cell.get("outputs") for cell in notebook.cells), page.name
        errors = [o for cell in notebook.cells for o in cell.get("outputs", ()) if o.output_type == "error"]
        assert errors == [], page.name


def test_no_file_of_the_site_names_a_path_of_the_machine():
    places = {str(SITE.parent), str(Path.home()), tempfile.gettempdir() + "/", "site-packages"} - {"/"}
    found = [(path.name, place) for path in SITE.rglob("*") if path.suffix in (".html", ".ipynb", ".json", ".css")
             for place in places if place in path.read_text(encoding="utf-8")]
    assert found == []


def test_every_formula_was_rendered(site):
    raw = [(page.name, mark) for page in site.values() for mark in (r"\(", r"\[", "$$") if mark in page.text]
    assert raw == []
    assert [page.name for page in site.values() if page.select("span", css_class="katex-error")] == []
    assert any(page.select("span", css_class="katex") for page in site.values())


def test_no_formula_needs_a_font_of_its_own(site):
    """One letter is enough to make a page fetch a font; KaTeX's main ones do here."""
    other = ("amsrm", "mathbb", "mathcal", "mathfrak", "mathscr", "mathsf", "mathtt")
    found = [(page.name, css) for page in site.values() for css in other if page.select("span", css_class=css)]
    assert found == []


def test_every_displayed_formula_can_be_scrolled_and_has_a_name(content):
    labels = {"en": "Formula", "zh-TW": "公式"}
    for page in content.values():
        formulas = page.select("div", css_class="bp-formula")
        assert len(formulas) == len(page.select("span", css_class="katex-display")), page.name
        for formula in formulas:
            assert formula.attributes["tabindex"] == "0"
            assert formula.attributes["aria-label"] == labels[page.language], page.name


def test_every_equation_has_one_anchor_in_each_language_and_it_is_at_home(content):
    for language, folder in (("en", ""), ("zh-TW", "zh-TW/")):
        homes = Counter((page.name, i) for page in content.values() if page.language == language for i in page.ids)
        for equation in spec:
            anchors = {name: n for (name, i), n in homes.items() if i == f"eq-{equation.id}"}
            assert anchors == {f"{folder}{equation.page}/index.html": 1}, equation.id


def test_no_id_occurs_twice_on_a_page(site):
    twice = [(page.name, i) for page in site.values() for i, n in Counter(page.ids).items() if n > 1]
    assert twice == []


def test_cards_do_not_bring_their_style_sheet_along(content):
    for page in content.values():
        assert page.select("style") == [], page.name
        sheets = [e.attributes["href"] for e in page.select("link") if e.attributes.get("rel") == "stylesheet"]
        assert sum(sheet.endswith("assets/card.css") for sheet in sheets) == 1, page.name


def test_the_search_index_of_each_language_covers_its_pages(content):
    for language, folder in (("en", ""), ("zh-TW", "zh-TW/")):
        index = json.loads((SITE / folder / "search" / "search_index.json").read_text(encoding="utf-8"))
        indexed = {entry["location"].split("#")[0] for entry in index["docs"]}
        pages = {page.name.removeprefix(folder).removesuffix("index.html")
                 for page in content.values() if page.language == language}
        assert indexed == pages


def test_the_search_index_keeps_chinese_terms_whole():
    index = (SITE / "zh-TW" / "search" / "search_index.json").read_text(encoding="utf-8")
    words = set(re.split(r"[\s\u200b]+", " ".join(f"{e['title']} {e['text']}" for e in json.loads(index)["docs"])))
    assert {"反向傳播"} <= words


def test_how_to_cite_stands_at_the_foot_of_every_page_and_in_every_card_and_is_not_searched(content):
    for page in content.values():
        assert len(page.select("details", css_class="bp-cite")) == 1, page.name
        cards = page.select("section", css_class="bp-card")
        assert len(page.select("details", css_class="bp-card-cite")) == len(cards), page.name
    for index in SITE.rglob("search_index.json"):
        assert "@misc" not in index.read_text(encoding="utf-8")


def test_each_page_can_be_searched_by_its_title_in_the_other_language_and_by_other_words():
    tags = {}
    for folder in ("", "zh-TW/"):
        index = json.loads((SITE / folder / "search" / "search_index.json").read_text(encoding="utf-8"))
        for entry in index["docs"]:
            tags[folder + entry["location"].split("#")[0]] = [tag.replace("\u200b", "") for tag in entry["tags"]]
    assert tags["lessons/06-hidden-delta/"] == ["BP2", "δ", "transpose", "隱藏層的敏感度"]
    assert tags["zh-TW/lessons/06-hidden-delta/"] == ["BP2", "δ", "轉置", "The hidden delta"]
    assert tags["notebook/"] == ["原始筆記本，逐格對照"]


def pieces(html):
    """The texts between the block elements of a page, code and formulas as one letter each."""
    body = re.search(r"<article.*</article>", html, re.S)[0]
    body = re.sub(r"<(script|style)\b.*?</\1>", "", body, flags=re.S)
    body = re.sub(r"<(pre|code|math)\b.*?</\1>", "x", body, flags=re.S)
    body = re.sub(r"</?(?:a|abbr|b|em|i|span|strong|sub|sup)\b[^>]*>", "", body)
    return [unescape(piece).strip() for piece in re.split(r"<[^>]+>", body)]


def test_no_space_stands_by_a_full_width_mark(content):
    mark = "[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
    stray = re.compile(rf".{{0,9}}(?:{mark}\s+\S|\S\s+{mark}).{{0,9}}", re.S)
    found = [(page.name, stray.search(piece)[0]) for page in content.values() if page.language == "zh-TW"
             for piece in pieces(page.path.read_text(encoding="utf-8")) if stray.search(piece)]
    assert found == []


def test_the_prime_keeps_off_the_f_on_every_page(content):
    texts = {name: page.path.read_text(encoding="utf-8") for name, page in content.items()}
    assert [name for name, text in texts.items() if "f′" in text] == []
    assert "Why f\u200a′" in texts["lessons/04-output-delta/index.html"]


def test_every_page_describes_itself_to_search_engines(content):
    descriptions = Counter(e.attributes["content"] for page in content.values() for e in page.select("meta")
                           if e.attributes.get("name") == "description")
    assert len(descriptions) == sum(descriptions.values()) == len(content)
    assert [words for words in descriptions if len(words) < 12 or "<" in words or "\\" in words] == []


def test_the_navigation_has_the_same_parts_in_both_languages():
    def parts(name):
        with open(SITE.parent / name, encoding="utf-8") as file:
            navigation = yaml_load(file)["nav"]
        return [[page if isinstance(page, str) else next(iter(page.values())) for page in pages]
                if isinstance(pages, list) else pages for entry in navigation for pages in entry.values()]
    assert parts("mkdocs.yml") == parts("mkdocs.zh-TW.yml")
    assert sum(isinstance(part, list) for part in parts("mkdocs.yml")) >= 5
