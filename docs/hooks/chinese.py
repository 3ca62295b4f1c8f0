"""Spaces in Chinese prose.

A full-width mark brings its own room and takes no space, before it or after it;
nor is there one between two Chinese characters. A source needs some all the
same: `**問題。** 在…` for the sake of the asterisks, and wherever a line ends,
for HTML makes a space of the break. They are taken out of the rendered page,
where it makes no difference whether a formula, a link or emphasis stands there.
"""
import re

from mkdocs.plugins import event_priority

MARK = "[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
CHARACTER = "[\u4e00-\u9fff]"
INLINE = r"(?:</?(?:a|abbr|b|em|i|span|strong|sub|sup)\b[^>]*>)*"
AS_IT_IS = re.compile(r"<(pre|code|svg|style|script)\b.*?</\1>|<(span|div) class=\"arithmatex\">.*?</\2>", re.S)
SPACE = re.compile(rf"({MARK}{INLINE})\s+|\s+(?={INLINE}{MARK})|({CHARACTER}{INLINE})\s*\n\s*(?={INLINE}{CHARACTER})")


def close_up(html):
    """HTML without the spaces that Chinese does not write; code and formulas stay as they are.

    >>> close_up("<p><strong>問題。</strong> 在\\n<em>這裡</em> ，<code>a， b</code>\\n（也）\\n就是 x\\n的。</p>")
    '<p><strong>問題。</strong>在<em>這裡</em>，<code>a， b</code>（也）就是 x\\n的。</p>'
    """
    kept = []

    def keep(match):
        kept.append(match[0])
        return f"<kept{len(kept) - 1}>"

    closed = SPACE.sub(lambda space: space[1] or space[2] or "", AS_IT_IS.sub(keep, html))
    return re.sub(r"<kept(\d+)>", lambda place: kept[int(place[1])], closed)


@event_priority(10)
def on_page_content(body, page, config, files):
    """Comes before the outputs of a lesson are in their places, and before the page is described by its first words."""
    return close_up(body) if config.theme["language"] == "zh-TW" else None
