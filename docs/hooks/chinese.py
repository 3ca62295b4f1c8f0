"""Spaces in Chinese prose.

Markdown makes a space of a line break, which Chinese does not write: between
two Chinese characters the break is taken out before the page is rendered. Nor
does a full-width mark, which brings its own room, take a space after it, even
where a source needs one for the sake of the asterisks: `**問題。** 在…`.
"""
import re

CHARACTER = "[\u3001-\u303f\u4e00-\u9fff\uff01-\uffef]"
BREAK = re.compile(rf"(?<={CHARACTER})\n *(?={CHARACTER})")
SPACE_AFTER_MARK = re.compile(r"(?<=[，。；：、！？）」』])(\*{0,2})[ ]+(?=[^\s|{])")


def on_page_markdown(markdown, page, config, files):
    if config.theme["language"] != "zh-TW":
        return None
    return SPACE_AFTER_MARK.sub(r"\1", BREAK.sub("", markdown))
