"""What the search box finds a page by, beside its text.

Its title in the other language, other words for what it tells, and for each
equation that has its home there the number, BP1 to BP4, and the Greek letter that
it defines. Those are tags, which the style sheet leaves out of the results. How a
card is cited is nothing to be found.
"""
import re
import unicodedata
from pathlib import Path

import bp
import jieba
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

BETWEEN_WORDS = "\u200b"
BOOSTED = {"lessons/check.ipynb": 4}  # whoever looks for "check my code" means it, not the lesson on checking gradients
OTHER_WORDS = {
    "lessons/01-network.ipynb": {"zh-TW": ["偏差", "偏置"]},
    "lessons/02-activation-and-cost.ipynb": {"en": ["loss", "derivative of the sigmoid"],
                                             "zh-TW": ["激勵函數", "激活函數", "損失函數", "sigmoid 的導數"]},
    "lessons/04-output-delta.ipynb": {"zh-TW": ["連鎖律", "鏈式法則"]},
    "lessons/06-hidden-delta.ipynb": {"en": ["transpose"], "zh-TW": ["轉置"]},
}
OTHER_LANGUAGE = {"en": ("zh-TW", "zh"), "zh-TW": ("en", "en")}


def title_in_the_other_language(source, docs, language):
    """The first heading of a page's source in the other language, without number and anchor."""
    folder, tag = OTHER_LANGUAGE[language]
    if source.endswith(".ipynb"):
        path, heading = (docs / source).with_suffix(".py"), rf'tags=\["{tag}"\]\n# # (.+)'
    else:
        path, heading = docs / folder / source, r"(?m)^# (.+)"
    found = path.exists() and re.search(heading, path.read_text(encoding="utf-8"))
    if not found:
        raise PluginError(f"{source}: {path.name} has no title in {folder}")
    return re.sub(r"^\d+ · |\s*\{#.*", "", found[1])


def names(equation):
    """The number that an equation has in the literature, and the letter that it is solved for, if that is Greek."""
    if not equation.alias:
        return ()
    left = str(getattr(equation.statement.lhs, "base", ""))
    try:
        letter = unicodedata.lookup(f"GREEK SMALL LETTER {left}")
    except KeyError:
        letter = ""
    return filter(None, (equation.alias, letter))


@event_priority(-20)
def on_page_content(body, page, config, files):
    """Comes when the outputs of a lesson, among them its cards, are in their places."""
    source, docs = page.file.src_uri, Path(config.config_file_path).parent / "docs"
    language = config.theme["language"]
    called = [*OTHER_WORDS.get(source, {}).get(language, ()), title_in_the_other_language(source, docs, language)]
    defined = [name for equation in bp.spec if f"{equation.page}.ipynb" == source for name in names(equation)]
    page.meta["tags"] = [*defined, *(BETWEEN_WORDS.join(jieba.cut(words)) for words in called)]
    page.meta["search"] = {"boost": BOOSTED.get(source, 1)}
    return body.replace('<details class="bp-card-cite"', '<details class="bp-card-cite" data-search-exclude="true"')
