"""What a link says when it passes, and when it fails."""
import re
from dataclasses import dataclass

from bp import errors
from bp.glossary import choose


@dataclass(frozen=True)
class Checked:
    """What was checked: in brief for the table, and in a sentence, in both languages.

    `brief_zh` may be left out where `brief` has no words.
    """
    brief: str
    en: str
    zh: str
    brief_zh: str = ""

    @property
    def applies(self):
        """Whether there was anything to check: the brief form is a dash where there was not."""
        return self.brief != "–"

    def text(self, language):
        """Return the sentence in "en" or "zh-TW"."""
        return choose(self.en, self.zh, language)

    def in_brief(self, language):
        """Return the brief form in "en" or "zh-TW"."""
        return choose(self.brief, self.brief_zh or self.brief, language)


@dataclass(frozen=True)
class Scope:
    """How much is checked: everything, or what takes a few seconds; and from which seed."""
    quick: bool = False
    seed: int = 0


FULL = Scope()
_CHINESE = {  # what a reference comes from
    "the derived statement": "推導出的公式算出", "SymPy's derivative": "SymPy 微分得到", "a complex step": "複數步微分得到",
    "long doubles give": "long double 算出", "50 digits give": "50 位數算出", "its parameter has": "它的參數則是",
    "the slope of the cost, modulo 2⁶¹−1, is": "成本的斜率（模 2⁶¹−1）是",
}


@dataclass(frozen=True)
class Difference:
    """What the code gives in some network, and what it should give.

    `parameter` says which array, `entry` where in it, and `source` what the
    reference is. Where the code raised, `analytic` is its error and nothing else is known,
    perhaps not even the array.

    >>> print(Difference("[2,3,1]×1", "nabla_b[0]", "1", "2", "a complex step", "0, 0"))
    nabla_b[0] of [2,3,1]×1, entry [0, 0]: the code gives 1, a complex step 2
    """
    network: str
    parameter: str
    analytic: str
    reference: str = ""
    source: str = ""
    entry: str = ""

    def __str__(self):
        return self.text("en")

    def text(self, language=None):
        """Return the sentence in "en" or "zh-TW"; `choose` settles the language.

        >>> print(Difference("[2,3,1]×1", "hidden_delta at l = 2", "1", "2", "the derived statement").text("zh-TW"))
        網路 [2,3,1]×1 的 hidden_delta（l = 2）：程式算出 1，推導出的公式算出 2
        """
        on = choose(self.network, f"網路 {self.network}", language)
        entry = choose(f", entry [{self.entry}]", f"，元素 [{self.entry}]", language) * bool(self.entry)
        parameter = re.sub(r" at (l = \d+)", r"（\1）", self.parameter)
        place = choose(f"{self.parameter} of {on}", f"{on} 的 {parameter}", language) + entry if self.parameter else on
        if not self.source:
            return f"{place}{choose(': ', '：', language)}{choose(*errors.in_words(self.analytic), language)}"
        source, in_chinese = self.source, _CHINESE.get(self.source, self.source)
        got, want = (re.sub("^ shape (.*)", r"形狀 \1 的陣列", f" {value}") for value in (self.analytic, self.reference))
        none, none_zh = (". Does it lack its `return`?", "。是不是忘了 `return`？") if self.analytic == "None" else ("", "")
        return choose(f"{place}: the code gives {self.analytic}, {source} {self.reference}{none}",
                      f"{place}：程式算出{got}，{in_chinese}{want}{none_zh}", language)


class LinkError(Exception):
    """A check found a difference: raised with a Difference, or with a message where there is no network."""

    def __init__(self, found):
        super().__init__(str(found))
        self.differences = (found,) if isinstance(found, Difference) else ()

