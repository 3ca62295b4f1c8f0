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


class LinkError(Exception):
    """A check found a difference; the message says where, and gives both values."""
