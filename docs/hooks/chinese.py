"""Spaces and line breaks in Chinese prose.

Markdown makes a space of a line break, which Chinese does not write: between
two Chinese characters the break is taken out before the page is rendered. So is
the space after bold words that end in full-width punctuation, which brings its
own.
"""
import re

CHARACTER = "[\u3001-\u303f\u4e00-\u9fff\uff01-\uffef]"
BREAK = re.compile(rf"(?<={CHARACTER})\n *(?={CHARACTER})|(?<=[。，：；！？]\*\*) (?=\S)")


def on_page_markdown(markdown, page, config, files):
    return BREAK.sub("", markdown) if config.theme["language"] == "zh-TW" else None
