"""A mistake in a source stops the build and says where it is. Each test builds a project of two pages."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = "# Home\n\nThe first [lesson](lessons/01-test.ipynb).\n"
LESSON = '''\
# %% [markdown] tags=["en"]
# # A lesson
#
# Some $i<j$ and a [section](#over-there).
#
# ## Over there

# %% [markdown] tags=["zh"]
# # 一課
#
# ## 那裡

# %%
print("first cell")

# %%
print(6 * 7)
'''


@pytest.fixture
def project(tmp_path):
    """The site's machinery with one plain page and one lesson."""
    for name in ("docs/hooks", "docs/theme"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copy(ROOT / "docs" / "search-terms.txt", tmp_path / "docs")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    shutil.copytree(ROOT / ".cache" / "wheel", tmp_path / ".cache" / "wheel")
    for report in ROOT.glob(".cache/report-*.json"):
        shutil.copy(report, tmp_path / ".cache")
    (tmp_path / "test.yml").write_text("INHERIT: mkdocs.yml\nnav: [index.md, lessons/01-test.ipynb]\n")
    write(tmp_path, "docs/en/index.md", HOME)
    write(tmp_path, "docs/zh-TW/index.md", "# 首頁\n")
    write(tmp_path, "docs/lessons/01-test.py", LESSON)
    return tmp_path


def write(project, name, text):
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(project):
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--config-file", "test.yml"],
                          cwd=project, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def assert_fails_naming(project, *names):
    code, said = build(project)
    assert code != 0
    assert [name for name in names if name not in said] == [], said


def test_a_sound_project_builds_and_its_prose_does_not_execute_again(project):
    assert build(project) == (0, "")
    page = (project / "site/lessons/01-test/index.html").read_text(encoding="utf-8")
    assert "42" in page and "一課" not in page
    assert 'id="cell-2"' in page and "bp-bar" not in page and "live.js" not in page, "there is nothing that would run a cell"
    remembered = {path: path.stat().st_mtime_ns for path in project.glob(".cache/execution/*")}
    write(project, "docs/lessons/01-test.py", LESSON.replace("A lesson", "A better lesson"))
    assert build(project) == (0, "")
    assert "A better lesson" in (project / "site/lessons/01-test/index.html").read_text(encoding="utf-8")
    assert remembered == {path: path.stat().st_mtime_ns for path in project.glob(".cache/execution/*")} != {}


def test_solutions_are_folded_with_their_outputs_and_are_plain_cells_in_the_notebook(project):
    cells = "".join(f'\n# %% tags=["solution"]\nprint("answer", {n})\n' for n in (1, 2))
    write(project, "docs/lessons/01-test.py", LESSON + cells)
    assert build(project) == (0, "")
    page = (project / "site/lessons/01-test/index.html").read_text(encoding="utf-8")
    fold, = re.findall(r'<details class="bp-solution">(.*?)</details>', page, re.DOTALL)
    assert fold.strip().startswith("<summary>The answer, checked in code</summary>")
    text = re.sub("<[^>]*>", "", fold)
    assert all(f'print("answer", {n})' in text and f"answer {n}" in text for n in (1, 2)), text
    assert "42" not in fold and page.count("bp-solution") == 1
    notebook = json.loads((project / "site/lessons/01-test/01-test.ipynb").read_text(encoding="utf-8"))
    assert ["".join(cell["source"]) for cell in notebook["cells"]][-1] == 'print("answer", 2)'


def test_of_a_drawing_only_the_code_is_folded(project):
    write(project, "docs/lessons/01-test.py", LESSON + '\n# %% tags=["drawing"]\nprint("seen", 6 * 7)\n')
    assert build(project) == (0, "")
    page = (project / "site/lessons/01-test/index.html").read_text(encoding="utf-8")
    fold, = re.findall(r'<details class="bp-drawing">(.*?)</details>', page, re.DOTALL)
    assert fold.strip().startswith("<summary>How this is drawn</summary>") and "seen 42" not in fold
    assert 'print("seen", 6 * 7)' in re.sub("<[^>]*>", "", fold) and "seen 42" in page.split(fold)[1]


def test_what_a_cell_prints_is_one_text_however_slowly(project):
    cell = "\n# %%\nimport time\nfor letter in 'pq':\n    print(letter, flush=True)\n    time.sleep(0.5)\n"
    write(project, "docs/lessons/01-test.py", LESSON + cell)
    assert build(project) == (0, "")
    page = (project / "site/lessons/01-test/index.html").read_text(encoding="utf-8")
    assert '<pre class="bp-text">p\nq' in page


def test_bad_latex_fails_naming_page_and_formula(project):
    write(project, "docs/en/index.md", HOME + r"\(\frac{1}\)")
    assert_fails_naming(project, "index.md", r"\\frac{1}")


def test_bad_latex_in_the_output_of_a_lesson_fails(project):
    cell = '\n# %%\nfrom IPython.display import HTML\nHTML(r\'<div class="arithmatex">\\[\\nonsense\\]</div>\')\n'
    write(project, "docs/lessons/01-test.py", LESSON + cell)
    assert_fails_naming(project, "lessons/01-test.ipynb", "nonsense")


def test_a_cell_that_raises_fails_naming_lesson_cell_and_error(project):
    write(project, "docs/lessons/01-test.py", LESSON.replace("6 * 7", "6 / 0"))
    assert_fails_naming(project, "01-test.py", "code cell 2", "print(6 / 0)", "ZeroDivisionError")


def test_headings_that_differ_between_the_languages_fail_naming_the_lesson(project):
    write(project, "docs/lessons/01-test.py", LESSON.replace("## 那裡", "那裡"))
    assert_fails_naming(project, "01-test.py", "Over there")


def test_prose_without_a_language_fails_naming_the_lesson(project):
    write(project, "docs/lessons/01-test.py", LESSON.replace('tags=["zh"]', ""))
    assert_fails_naming(project, "01-test.py", "prose cell 2")


@pytest.mark.parametrize("construct", ["See {eq:no-such-equation}.", "{card:no-such-equation}"])
def test_an_unknown_equation_fails_naming_page_and_id(project, construct):
    write(project, "docs/en/index.md", HOME + "\n" + construct + "\n")
    assert_fails_naming(project, "index.md", "no-such-equation")


@pytest.mark.parametrize("target", ["missing.md", "lessons/01-test.ipynb#missing", "/missing", "missing/"])
def test_a_broken_link_fails_the_strict_build(project, target):
    write(project, "docs/en/index.md", HOME + f"\n[broken]({target})\n")
    assert_fails_naming(project, "index.md", target)
