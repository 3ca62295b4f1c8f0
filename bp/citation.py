"""How to cite the book, a page of it, or one equation: BibTeX and plain text.

A citation names the version and the permanent place: the folder of that
version, below the book's public address. That address is set in one place, as
`Documentation` under [project.urls] in pyproject.toml; BP_SITE_URL takes its
place in a build for another host. While neither is set no address is made up:
the citation gives the path, to be read from the address of the copy at hand.
"""
import os
import re
from dataclasses import dataclass
from html import escape
from importlib import metadata

from bp import __version__
from bp.glossary import choose

AUTHOR = "The bp developers"
RELEASED = "2026-11-24"
FORMATS = ("bibtex", "plain")
LANGUAGES = ("en", "zh-TW")
_BOOK = ("bp: Backpropagation that proves itself", "bp：會自己證明的反向傳播")
_FOLDER = {"en": "", "zh-TW": "zh-TW/"}
_IN_BIBTEX = {"\\": r"\textbackslash{}", **{c: "\\" + c for c in "&%$#_{}"},
              "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Citation:
    """What is cited: a key for BibTeX, a title ("" for the whole book), a path and a language.

    The path counts from the folder of the version and holds the language's folder.
    """
    key: str
    title: str
    path: str
    language: str = "en"

    @property
    def url(self):
        """The permanent address, or "" if the book has no public address yet."""
        book = public_address()
        return f"{book}/{__version__}/{self.path}" if book else ""

    def bibtex(self, url=None):
        """Return the entry, with `url` in place of the permanent address if one is given.

        Its fields are those that both BibTeX and biblatex print.
        """
        address = self.url if url is None else url
        place = ("url", address) if address else ("howpublished", _escaped(self._path_alone))
        fields = (("author", f"{{{AUTHOR}}}"), ("title", f"{{{_escaped(self._whole_title)}}}"),
                  ("year", RELEASED[:4]), ("note", self._version), place)
        return "\n".join([f"@misc{{{self.key},",
                          *(f"  {name} = {{{value}}}," for name, value in fields), "}"])

    def plain(self, url=None):
        """Return the citation as a sentence, with `url` in place of the permanent address."""
        address = self.url if url is None else url
        place = address or self._path_alone
        if self.language == "zh-TW":
            part = f"〈{self.title}〉，收於" if self.title else ""
            return f"{AUTHOR}（{RELEASED[:4]}）。{part}《{_BOOK[1]}》，{self._version}。{place}"
        part = f"{self._capital}. In " if self.title else ""
        return f"{AUTHOR} ({RELEASED[:4]}). {part}{_BOOK[0]}, {self._version.lower()}. {place}"

    def html(self):
        """Return both texts as blocks of code, with a caption each.

        Without a public address they carry, for the page's script, the text
        that the address of the copy at hand would complete.
        """
        blocks = []
        for caption, write in (("BibTeX", self.bibtex),
                               (choose("Plain text", "純文字", self.language), self.plain)):
            completed = "" if self.url else f' data-completed="{escape(write("{address}"))}"'
            blocks.append(f'<p class="bp-citation">{caption}</p>'
                          f'<div class="highlight"><pre tabindex="0"><code{completed}>'
                          f"{escape(write())}</code></pre></div>")
        return "".join(blocks)

    @property
    def _whole_title(self):
        book = choose(*_BOOK, self.language)
        if not self.title:
            return book
        return choose(f"{self._capital}, in {book}", f"{self._capital}，收於 {book}", self.language)

    @property
    def _capital(self):
        return choose(self.title[:1].upper(), self.title[:1], self.language) + self.title[1:]

    @property
    def _version(self):
        return choose(f"Version {__version__}", f"{__version__} 版", self.language)

    @property
    def _path_alone(self):
        copy = choose("[address of the copy that was read]", "〔所讀網站的網址〕", self.language)
        return f"{copy}/{self.path}"


def public_address():
    """The address below which each version has its folder, without a slash at its end, or "".

    >>> public_address().endswith("/")
    False
    """
    if "BP_SITE_URL" in os.environ:
        return os.environ["BP_SITE_URL"].rstrip("/")
    try:
        lines = metadata.metadata("bp").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    addresses = dict(line.split(", ", 1) for line in lines)
    return addresses.get("Documentation", "").rstrip("/")


def cite_book(language="en"):
    """Return the citation of the whole book.

    >>> cite_book().key, cite_book("zh-TW").path
    ('bp', 'zh-TW/')
    """
    return Citation("bp", "", _FOLDER[language], language)


def cite_page(title, path, language="en"):
    """Return the citation of a page: its title, its path within its language.

    >>> cite_page("Notation", "lessons/notation/").key
    'bp:notation'
    """
    name = path.strip("/").split("/")[-1]
    return Citation(f"bp:{name}", title, _FOLDER[language] + path, language)


def cite_equation(equation, language="en"):
    """Return the citation of an equation of the spec.

    >>> from bp import spec
    >>> cite_equation(spec["hidden-delta"]).path
    'lessons/06-hidden-delta/#eq-hidden-delta'
    >>> cite_equation(spec["hidden-delta"]).title
    'hidden delta (BP2)'
    """
    title = equation.title(language)
    if equation.alias:
        title += choose(f" ({equation.alias})", f"（{equation.alias}）", language)
    path = f"{_FOLDER[language]}{equation.page}/#{equation.anchor}"
    return Citation(f"bp:{equation.id}", title, path, language)


def _escaped(text):
    """Text with the characters that LaTeX reads as commands made harmless."""
    return re.sub(r"[\\&%$#_{}~^]", lambda match: _IN_BIBTEX[match[0]], text)
