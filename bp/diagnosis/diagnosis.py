"""What a check found: a verdict, the convention in use, and findings, each with its place in the book."""
import json
from dataclasses import asdict, dataclass
from html import escape

from bp import __version__
from bp.citation import public_address
from bp.glossary import choose, plain

CORRECT, WRONG, STOPS = "correct", "wrong", "stops"
VERDICTS = {CORRECT: ("Correct.", "正確。"), WRONG: ("Not correct.", "不正確。"),
            STOPS: ("There is no gradient to judge.", "沒有可以判斷的梯度。")}

# What a finding is about; a report lists them in this order.
KINDS = ("catalogue", "crash", "possible", "equation", "shape", "ratio", "unknown", "convention", "remark")

_PAGES = {"crosswalk": ("Crosswalk", "對照其他寫法"), "check": ("How to call it", "怎麼用")}


@dataclass(frozen=True)
class Finding:
    """One sentence in both languages, `$…$` being LaTeX, and the place in the book that it is about.

    `kind` is one of KINDS, `place` a path within the book, `equation` the id of the equation if
    it is about one, and `mistakes` the catalogued mistakes that it names: each a tuple of
    ids, of several if they only together explain what came back.
    """
    kind: str
    en: str
    zh: str
    place: str
    equation: str = ""
    mistakes: tuple[tuple[str, ...], ...] = ()

    def text(self, language=None):
        """Return the sentence in "en" or "zh-TW"; `choose` settles the language."""
        return choose(self.en, self.zh, language)

    @property
    def page(self):
        """The name of the page to read on: a lesson's number, or another page's title."""
        name = self.place.split("/")[1]
        lesson = int(name[:2]) if name[:2].isdigit() else None
        return _PAGES[name] if lesson is None else (f"Lesson {lesson}", f"第 {lesson} 課")

    def address(self, language=None):
        """Return where to read on: an address, or a path if the book has no public one."""
        book = public_address()
        folder = choose("", "zh-TW/", language)
        return f"{book}/{__version__}/{folder}{self.place}" if book else f"{folder}{self.place}"


@dataclass(frozen=True)
class Diagnosis:
    """The verdict on somebody's backpropagation, and everything that was found, most important first.

    `verdict` is "correct", "wrong" or "stops" (there is no gradient to judge). `convention` says
    in a few words how the function was called and read: {part: value}. `name` is the function's.
    """
    verdict: str
    convention: dict
    findings: tuple[Finding, ...]
    name: str = ""

    @property
    def correct(self):
        """Whether nothing is wrong; another convention isn't."""
        return self.verdict == CORRECT

    @property
    def matches(self):
        """The catalogued mistakes that explain all that came back; more than one cannot be told apart."""
        return tuple(match for finding in self.findings for match in finding.mistakes)

    def text(self, language=None):
        """Return the report as lines, in "en" or "zh-TW"."""
        head = (self.name + choose(": ", "：", language)) * bool(self.name) + choose(*VERDICTS[self.verdict], language)
        lines = [f"- {plain(f.text(language))}\n  {choose('See', '參見', language)} {f.address(language)}"
                 for f in self.findings]
        return "\n".join([head, *lines])

    def to_json(self):
        """Return all of it as JSON; sentences in both languages."""
        return json.dumps({"verdict": self.verdict, "correct": self.correct, "convention": self.convention,
                           "matches": self.matches, "findings": [asdict(f) for f in self.findings]},
                          ensure_ascii=False, indent=2)

    def __str__(self):
        return self.text()

    __repr__ = __str__

    def _repr_html_(self):
        from bp.card import in_words
        items = "".join(f'<li>{in_words(f.text())}{choose(" ", "")}<a href="{escape(_link(f))}">{choose(*f.page)}</a></li>'
                        for f in self.findings)
        name = f"<code>{escape(self.name)}</code>{choose(': ', '：')}" if self.name else ""
        return (f'<div class="bp-diagnosis"><p>{name}<strong>{choose(*VERDICTS[self.verdict])}</strong></p>'
                f"<ul>{items}</ul></div>")


def _link(finding):
    # Without a public address it is shown on a page of the book, beside the lessons.
    return finding.address() if public_address() else "../" + finding.place.removeprefix("lessons/")
