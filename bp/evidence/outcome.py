"""What a link says when it passes, and when it fails."""
from dataclasses import dataclass

from bp.glossary import choose


@dataclass(frozen=True)
class Checked:
    """What was checked: in brief for the table, in a sentence for each language."""
    brief: str
    en: str
    zh: str

    def text(self, language):
        """Return the sentence in "en" or "zh-TW"."""
        return choose(self.en, self.zh, language)


@dataclass(frozen=True)
class Scope:
    """How much is checked: everything, or what takes a few seconds; and from which seed."""
    quick: bool = False
    seed: int = 0


FULL = Scope()


class LinkError(Exception):
    """A check found a difference; the message says where, and gives both values."""
