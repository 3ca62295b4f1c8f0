"""The two languages say the same in the same places, and every lesson has exercises whose answers are checked.

That headings match is seen when the site is built (docs/hooks/lessons.py); here is the rest of the structure.
"""
import ast
import importlib.util
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jupytext
import pytest

from bp.evidence.refuted import CHECKS
from bp.figures.evidence import check_name

DOCS = Path(__file__).parents[1] / "docs"
LESSONS = sorted(DOCS.glob("lessons/*.py"))
PAGES = sorted(path.relative_to(DOCS / "en") for path in DOCS.glob("en/**/*.md"))
TAUGHT = [path for path in LESSONS if path.name[:2].isdigit()]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?:^\|.*\|$\n?)+", re.MULTILINE)
FOLD = re.compile(r'<details markdown="1"><summary>(.*?)</summary>\n\n(.*?)\n\n</details>', re.DOTALL)
HINT, ANSWER = ("Hint", "提示"), ("Answer", "解答")
FOLDS = {"hint": HINT, "answer": ANSWER, "notebook": ("Coming from the source notebook", "看過原始筆記本的話")}
EXERCISE = re.compile(r"^### (?:Exercise|練習) (\d+)$", re.MULTILINE)


def parts(text):
    """What must be the same in both languages, each under the name that a failure gives it."""
    outside = FENCE.sub("", text)
    return {
        "heading levels": [len(marks) for marks in re.findall(r"^(#+) ", outside, re.MULTILINE)],
        "cards": re.findall(r"\{card:([\w-]+)\}", text),
        "equations quoted": sorted(re.findall(r"\{eq:([\w-]+)\}", text)),
        "link targets": sorted(re.findall(r"\]\((?!https?:)([^)\s]+)\)", outside)),
        "figures": re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", outside),
        "tables, rows and columns": [(table.count("\n|") + 1, table.split("\n")[0].count("|") - 1)
                                     for table in TABLE.findall(outside)],
        "items of lists": len(re.findall(r"^ *(?:-|\d+\.) ", outside, re.MULTILINE)),
        "displayed formulas": outside.count("$$") // 2,
        "formulas in the text": sorted(set(re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", re.sub(r"\\text\{.*?\}", "", outside)))),
        "code in the text": sorted(set(re.findall(r"`([^`\n]+)`", outside))),
        "code blocks": [re.sub(r" +# .*", "", block) for block in FENCE.findall(text)],
        "folds": [next((kind for kind, names in FOLDS.items() if name in names), name)
                  for name in re.findall(r"<summary>(.*?)</summary>", outside)],
        "exercises": EXERCISE.findall(outside),
    }


def differences(english, chinese, where):
    one, other = parts(english), parts(chinese)
    return [f"{where}: {name}: English {one[name]}, Chinese {other[name]}" for name in one if one[name] != other[name]]


@dataclass
class Cell:
    """A cell of a lesson: "en", "zh", "code" or "solution", and its text."""
    kind: str
    text: str


def cells_of(text):
    found = []
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        tags = cell.metadata.get("tags", [])
        prose = cell.cell_type == "markdown"
        found.append(Cell(tags[0] if prose else "solution" if "solution" in tags else "code", cell.source))
    return found


def lesson_differences(text, name):
    """Where the two languages of a lesson part, cell by cell; a cell is named by its first words."""
    found = []
    for is_prose, group in groupby(cells_of(text), key=lambda cell: cell.kind in ("en", "zh")):
        cells = list(group)
        if not is_prose:
            continue
        kinds = [cell.kind for cell in cells]
        if kinds != ["en", "zh"] * (len(cells) // 2):
            found.append(f"{name}, at {cells[0].text[:50]!r}: expected an English cell, then its Chinese, got {kinds}")
            continue
        for english, chinese in zip(cells[::2], cells[1::2]):
            found += differences(english.text, chinese.text, f"{name}, at {english.text[:50]!r}")
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_the_same_structure_in_both_languages(path):
    assert lesson_differences(path.read_text(encoding="utf-8"), path.name) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_has_the_same_structure_in_both_languages(page):
    english, chinese = ((DOCS / folder / page).read_text(encoding="utf-8") for folder in ("en", "zh-TW"))
    assert differences(english, chinese, str(page)) == []


def test_every_page_is_there_in_both_languages():
    assert PAGES == sorted(path.relative_to(DOCS / "zh-TW") for path in DOCS.glob("zh-TW/**/*.md"))


SAMPLE = '''\
# %% [markdown] tags=["en"]
# ## A [link](a.md)
#
# $x_1$ {eq:cost}
#
# | a | b |
# |---|---|
# | 1 | 2 |
#
# - one
#
# <details markdown="1"><summary>Hint</summary>
#
# Look.
#
# </details>

# %% [markdown] tags=["zh"]
# ## 一個[連結](a.md)
#
# $x_1$ {eq:cost}
#
# | 甲 | 乙 |
# |---|---|
# | 1 | 2 |
#
# - 一
#
# <details markdown="1"><summary>提示</summary>
#
# 看。
#
# </details>

# %%
1 + 1
'''


def test_a_sample_without_differences_passes():
    assert lesson_differences(SAMPLE, "sample") == []


@pytest.mark.parametrize("right, wrong, said", [
    ("## 一個", "### 一個", "heading levels"), ("連結](a.md)", "連結](b.md)", "link targets"),
    ("# $x_1$ {eq:cost}\n#\n# | 甲", "# $x_1$\n#\n# | 甲", "equations quoted"),
    ("# $x_1$ {eq:cost}\n#\n# | 甲", "# $x_2$ {eq:cost}\n#\n# | 甲", "formulas in the text"),
    ("# | 甲 | 乙 |\n# |---|---|\n# | 1 | 2 |", "# | 甲 |\n# |---|\n# | 1 |", "tables"), ("# - 一\n", "# 一\n", "items"),
    ("提示", "解答", "folds"), ("# 看。", "# $$x$$", "displayed formulas"), ("# 看。", "# ```\n# 1\n# ```", "code blocks"),
    ("# 看。", "# {card:cost}", "cards"), ("# 看。", "# ![看](a.svg)", "figures"), ("# 看。", "# ### 練習 1", "exercises"),
    ('tags=["zh"]', 'tags=["en"]', "then its Chinese")])
def test_a_planted_difference_is_found_and_named(right, wrong, said):
    assert SAMPLE.count(right) == 1
    found = "\n".join(lesson_differences(SAMPLE.replace(right, wrong), "sample"))
    assert said in found and "sample, at '## A [link]" in found


# What Chinese writes otherwise.

def close_up(html):
    location = importlib.util.spec_from_file_location("chinese", DOCS / "hooks" / "chinese.py")
    hook = importlib.util.module_from_spec(location)
    location.loader.exec_module(hook)
    return hook.close_up(html)


FORMULA = r'<span class="arithmatex">\(x， y\)</span>'


@pytest.mark.parametrize("written, shown", [
    ("前，\n後", "前，後"), ("前\n後", "前後"), ("前， x", "前，x"), ("x\n（後）", "x（後）"), ("「前」 「後」", "「前」「後」"),
    ("<strong>前。</strong> 後", "<strong>前。</strong>後"), ("<em>前</em>\n<a href='b'>後</a>", "<em>前</em><a href='b'>後</a>"),
    ("前，\n<code>x</code>", "前，<code>x</code>"), ("<code>x</code>\n，後", "<code>x</code>，後"),
    (f"前：\n{FORMULA} ，後", f"前：{FORMULA}，後"), ("前，\n<a href='b'>x</a>", "前，<a href='b'>x</a>")])
def test_no_space_stands_by_a_full_width_mark_or_between_chinese_characters(written, shown):
    assert close_up(written) == shown


@pytest.mark.parametrize("html", [
    "前\nx 後", f"前\n{FORMULA}\n後", "前 後", "one, two\nthree (four)", "<pre><code># 前， x\n# 後</code></pre>",
    "<p>前</p>\n<p>後</p>", "<td>前</td> <td>後</td>"])
def test_every_other_space_stays(html):
    assert close_up(html) == html


@pytest.mark.parametrize("check", CHECKS)
def test_the_lesson_on_mistakes_names_its_checks_as_its_tables_do(check, monkeypatch):
    text = (DOCS / "lessons" / "11-mistakes.py").read_text(encoding="utf-8")
    for language in ("en", "zh-TW"):
        monkeypatch.setenv("BP_LANG", language)
        assert f"- **{check_name(check)}**" in text


# Exercises.

def exercises(text):
    """The exercises of a lesson: for each its number, its prose by language, and the code that checks its answer."""
    found = []
    for cell in cells_of(text):
        numbers = EXERCISE.findall(cell.text) if cell.kind in ("en", "zh") else []
        if cell.kind == "en" and numbers:
            found.append({"number": [int(n) for n in numbers], "solution": []})
        if numbers:
            found[-1][cell.kind] = cell.text[EXERCISE.search(cell.text).end():]
        if cell.kind == "solution":
            found[-1]["solution"].append(cell.text)
    return found


def flaws(text):
    """What is missing from the exercises of a lesson."""
    found, all_of_them = [], exercises(text)
    if len(all_of_them) < 2:
        found.append(f"expected two exercises or more, got {len(all_of_them)}")
    for place, exercise in enumerate(all_of_them, 1):
        where = f"exercise {place}"
        if exercise["number"] != [place]:
            found.append(f"{where}: expected a cell of its own, with number {place}, got {exercise['number']}")
        for kind, hint, answer in (("en", HINT[0], ANSWER[0]), ("zh", HINT[1], ANSWER[1])):
            folds = FOLD.findall(exercise.get(kind, ""))
            if [name for name, _ in folds] != [hint, answer] or not all(content.strip() for _, content in folds):
                found.append(f"{where} ({kind}): expected the folds {hint} and {answer}, got {[name for name, _ in folds]}")
        checks = [node for code in exercise["solution"] for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assert)]
        if not checks:
            found.append(f"{where}: no cell with the tag solution asserts its answer")
    return found


@pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem)
def test_a_lesson_has_exercises_with_hint_answer_and_a_checked_answer(path):
    assert flaws(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("right, wrong, said", [
    (r"### Exercise 2", "Exercise 2", "expected two exercises"), ("### Exercise 2", "### Exercise 3", "number 2"),
    ("<summary>Hint</summary>", "<summary>Help</summary>", "folds Hint and Answer"),
    ("<summary>解答</summary>", "<summary>提示</summary>", "folds 提示 and 解答"),
    ("assert ", "assert_not = ", "asserts its answer"), ('tags=["solution"]', "", "asserts its answer")])
def test_a_missing_part_of_an_exercise_is_found(right, wrong, said):
    text = TAUGHT[0].read_text(encoding="utf-8")
    assert right in text and said in "\n".join(flaws(text.replace(right, wrong)))


def test_nothing_but_the_check_of_an_exercise_is_folded_away():
    for path in LESSONS:
        seen = False
        for cell in cells_of(path.read_text(encoding="utf-8")):
            seen |= bool(EXERCISE.search(cell.text))
            assert cell.kind != "code" or not seen, f"{path.name}: {cell.text[:50]!r} gives an answer away"
            assert cell.kind != "solution" or seen, f"{path.name}: {cell.text[:50]!r} belongs to no exercise"
