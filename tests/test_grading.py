"""Grading: reports for machines, a folder of submissions, and the three systems, each of them really run."""
import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from bp.cli import main
from bp.diagnosis import submissions
from bp.diagnosis.graders import ANSWER
from bp.diagnosis.sandbox import Limits
from bp.diagnosis.submissions import COLUMNS, Task, check_folder, read

RIGHT = ANSWER
SIGN = RIGHT.replace("(activations[-1] - y)", "(y - activations[-1])")
SUM = RIGHT.replace("delta.mean(", "delta.sum(").replace(" / x.shape[1]", "")
BIN = str(Path(sys.executable).parent)


@pytest.fixture
def folder(tmp_path):
    """Three submissions: a right file, a wrong one in a folder of its own with another file, one that isn't Python."""
    subs = tmp_path / "subs"
    (subs / "bob").mkdir(parents=True)
    (subs / "alice.py").write_text(RIGHT)
    (subs / "bob" / "answer.py").write_text("from tools import sigmoid\n" + SIGN)
    (subs / "bob" / "tools.py").write_text("def sigmoid(z): return z\n")
    (subs / "carol.py").write_text("def backprop(:\n")
    (subs / ".hidden.py").write_text(RIGHT)
    (subs / "notes.txt").write_text("backprop")
    return subs


def by_name(rows):
    return {row["submission"]: row for row in rows}


def one(tmp_path, source):
    path = tmp_path / "mine.py"
    path.write_text(source)
    return f"{path}:backprop"


def test_the_status_says_right_wrong_and_no_file(tmp_path, capsys):
    assert main(["check", one(tmp_path, RIGHT)]) == 0
    assert capsys.readouterr().out == "backprop: Correct.\n"
    assert main(["check", one(tmp_path, SIGN), "--lang", "zh-TW"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("backprop：不正確。\n") and "sign" in out and "zh-TW/lessons/" in out
    assert main(["check", str(tmp_path / "theirs.py:backprop")]) == 2
    assert capsys.readouterr() == ("", f"bp check: no such file: {tmp_path}/theirs.py\n")
    assert main(["check", one(tmp_path, RIGHT), "--activation", "sigmiod"]) == 2
    assert "activation: expected one of 'sigmoid'" in capsys.readouterr().err


def test_options_say_what_is_meant(tmp_path):
    assert main(["check", one(tmp_path, SUM)]) == 0
    assert main(["check", one(tmp_path, SUM), "--scale", "mean"]) == 1


def test_json_has_all_of_it(tmp_path, capsys):
    main(["check", one(tmp_path, "print('hello')\n" + SIGN), "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["verdict"], found["correct"], found["matches"]) == ("backprop", "wrong", False, [["sign"]])
    assert found["printed"] == "hello\n" and found["file"].endswith("mine.py") and found["findings"][0]["zh"]


@pytest.mark.parametrize("source, kind", [(RIGHT, None), (SIGN, "Failure"), ("raise ValueError('\\0\\x0b<&>')", "Error")],
                         ids=["right", "wrong", "stops"])
def test_junit_is_read_by_a_reader_of_junit(tmp_path, capsys, source, kind):
    from junitparser import JUnitXml
    main(["check", one(tmp_path, source), "--format", "junit"])
    path = tmp_path / "junit.xml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    found = JUnitXml.fromfile(str(path))
    (suite,) = found
    (case,) = suite
    assert (case.name, suite.tests, suite.failures, suite.errors) == ("backprop", 1, kind == "Failure", kind == "Error")
    assert [type(result).__name__ for result in case.result] == [kind] * bool(kind)
    assert not kind or case.result[0].message
    before = (suite.tests, suite.failures, suite.errors)
    suite.update_statistics()
    assert before == (suite.tests, suite.failures, suite.errors)


GRADESCOPE = {
    "type": "object", "additionalProperties": False, "required": ["tests"],
    "properties": {
        "score": {"type": "number"}, "execution_time": {"type": "number"}, "output": {"type": "string"},
        "visibility": {"$ref": "#/$defs/visibility"}, "stdout_visibility": {"$ref": "#/$defs/visibility"},
        "tests": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["score", "max_score"],
            "properties": {
                "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]},
                "name": {"type": "string"}, "output": {"type": "string"}, "visibility": {"$ref": "#/$defs/visibility"},
                "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]}}}}},
    "$defs": {"visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]}}}


@pytest.mark.parametrize("source, score", [(RIGHT, 5), (SIGN, 0), (None, 0)], ids=["right", "wrong", "no file"])
def test_gradescope_gets_what_its_documentation_asks_for(tmp_path, capsys, source, score):
    import jsonschema
    target = one(tmp_path, source) if source else str(tmp_path / "none.py")
    assert main(["check", target, "--format", "gradescope", "--points", "5"]) == (0 if score else 1)
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, GRADESCOPE)
    (test,) = found["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (score, 5, "passed" if score else "failed")
    assert test["output"]


def test_every_submission_gets_its_row(folder, tmp_path, capsys):
    table = tmp_path / "table.csv"
    assert main(["check", str(folder), "--csv", str(table), "--jobs", "2"]) == 1
    assert capsys.readouterr().out == f"3 submissions: 1 correct, 1 wrong, 1 stops\n     1  sign\nThe table is {table}.\n"
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["submission"], row["file"], row["verdict"], row["mistakes"]) for row in rows] == [
        ("alice.py", "alice.py", "correct", ""), ("bob", "bob/answer.py", "wrong", "sign"), ("carol.py", "carol.py", "stops", "")]
    assert "SyntaxError" in rows[2]["finding"] and float(rows[0]["seconds"]) > 0


@pytest.fixture
def run(monkeypatch):
    """The names of the submissions that are really run, most recent call last."""
    calls, real = [], submissions._checked
    monkeypatch.setattr(submissions, "_checked", lambda left, tasks, jobs: calls.append(left) or real(left, tasks, jobs))
    return calls


def test_what_is_finished_is_not_run_again_unless_something_changed(folder, tmp_path, run, monkeypatch):
    table = tmp_path / "table.csv"
    first = check_folder(folder, "backprop", table, jobs=2)
    again = check_folder(folder, "backprop", table, jobs=2)
    assert again == list(read(table).values()) and [dict(row, seconds="") for row in first] == [dict(row, seconds="") for row in again]
    (folder / "bob" / "tools.py").write_text("changed = True\n")
    (folder / "dave.py").write_text(RIGHT)
    (folder / "alice.py").unlink()
    rows = by_name(check_folder(folder, "backprop", table, jobs=1))
    assert list(rows) == ["bob", "carol.py", "dave.py"] and rows["bob"]["verdict"] == "stops"
    monkeypatch.setattr(submissions, "of_bp", lambda: "another version")
    (folder / "bob" / "answer.py").unlink()
    check_folder(folder, "backprop", table, jobs=1, scale="mean")
    assert run == [["alice.py", "bob", "carol.py"], [], ["bob", "dave.py"], ["bob", "carol.py", "dave.py"]]


def test_a_change_deep_within_a_submission_is_seen(folder, tmp_path, run):
    table, deep = tmp_path / "table.csv", folder / "bob" / "deep"
    check_folder(folder, "backprop", table, jobs=1)
    deep.mkdir()
    (deep / "tools.py").write_text("changed = True\n")
    check_folder(folder, "backprop", table, jobs=1)
    assert run[1] == ["bob"]


def test_a_half_written_line_is_left_out_and_run_again(folder, tmp_path, run):
    table = tmp_path / "table.csv"
    whole = check_folder(folder, "backprop", table, jobs=1)
    data = table.read_bytes()
    table.write_bytes(data[:-30])
    assert list(read(table)) == ["alice.py", "bob"]
    again = check_folder(folder, "backprop", table, jobs=1)
    assert run[1] == ["carol.py"] and [row["verdict"] for row in again] == [row["verdict"] for row in whole]


@pytest.mark.parametrize("how, status", [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)], ids=["interrupted", "killed"])
def test_a_stop_in_the_middle_loses_nothing(tmp_path, how, status):
    subs, table = tmp_path / "subs", tmp_path / "table.csv"
    subs.mkdir()
    for number in range(5):
        (subs / f"s{number}.py").write_text(RIGHT + ("import time; time.sleep(1)\n" if number else ""))
    command = [sys.executable, "-m", "bp.cli", "check", str(subs), "--csv", str(table), "--jobs", "1"]
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # which what a shell runs in the background does not
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    deadline = time.monotonic() + 60
    while not (table.exists() and len(read(table)) >= 1):
        assert time.monotonic() < deadline and running.poll() is None
        time.sleep(0.02)
    running.send_signal(how)
    out, err = running.communicate(timeout=20)
    assert running.returncode == status and (how == signal.SIGKILL or "goes on from there" in err), err
    text, before = table.read_bytes(), read(table)
    assert text.endswith(b"\n") and 1 <= len(before) < 5 and before["s0.py"]["verdict"] == "correct"
    for number in range(1, 5):
        (subs / f"s{number}.py").write_text(RIGHT)
    rows = by_name(check_folder(subs, "backprop", table, jobs=2, language="en"))
    assert [row["verdict"] for row in rows.values()] == ["correct"] * 5
    assert rows["s0.py"] == before["s0.py"]  # with the seconds that it took then


def test_a_process_that_dies_takes_one_row_with_it(folder):
    worker = submissions._Worker()
    try:
        (folder / "slow.py").write_text(RIGHT + "import time; time.sleep(30)\n")
        slow, fast = (Task(str(folder / name), "backprop", Limits(call=20), "en", {}) for name in ("slow.py", "alice.py"))
        rows = []
        thread = threading.Thread(target=lambda: rows.append(worker.run(slow)))
        thread.start()
        time.sleep(0.5)
        worker.process.kill()
        thread.join(20)
        assert rows and rows[0]["verdict"] == "error" and "died" in rows[0]["finding"]
        assert worker.run(fast)["verdict"] == "correct"
    finally:
        worker.stop()


def test_an_error_of_bp_itself_is_a_row_that_is_tried_again(folder, tmp_path, run):
    table = tmp_path / "table.csv"
    rows = by_name(check_folder(folder, "backprop", table, jobs=1, seed=1.5))
    assert rows["alice.py"]["verdict"] == "error" and "seed" in rows["alice.py"]["finding"]
    check_folder(folder, "backprop", table, jobs=1, seed=1.5)
    assert "alice.py" in run[1]


def test_cells_are_one_line_and_never_formulas(tmp_path):
    subs, table = tmp_path / "subs", tmp_path / "table.csv"
    subs.mkdir()
    (subs / "=1+1.py").write_text("raise ValueError('=1\\n\\n+2 \\x00 數字')\n")
    check_folder(subs, "backprop", table, jobs=1)
    lines = table.read_text(encoding="utf-8-sig").split("\n")
    assert len(lines) == 3 and lines[1].startswith("'=1+1.py,'=1+1.py,stops,") and "ValueError: =1 +2 數字" in lines[1]


def test_a_file_that_is_no_such_table_is_not_touched(folder, tmp_path, capsys):
    table = tmp_path / "grades.csv"
    table.write_text("student,grade\nalice,5\n")
    assert main(["check", str(folder), "--csv", str(table)]) == 2
    assert table.read_text() == "student,grade\nalice,5\n" and "not a table of submissions" in capsys.readouterr().err


def test_a_folder_is_a_table_or_with_a_name_one_submission(folder, tmp_path, capsys):
    assert main(["check", str(folder), "--format", "junit"]) == 2
    assert f"say {folder}:backprop" in capsys.readouterr().err
    assert main(["check", f"{folder / 'bob'}:backprop", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["file"].endswith("bob/answer.py")


def test_bad_options_stop_a_folder_before_it_begins(folder, tmp_path, capsys):
    assert main(["check", str(folder), "--csv", str(tmp_path / "t.csv"), "--layout", "sideways"]) == 2
    assert "layout: expected one of" in capsys.readouterr().err and not (tmp_path / "t.csv").exists()


def test_a_table_is_a_file_and_a_link_to_one_stays(folder, tmp_path, run):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="^table: expected a file"):
        check_folder(folder, "backprop", tmp_path / "pipe", jobs=1)
    (tmp_path / "link").symlink_to(tmp_path / "table.csv")
    check_folder(folder, "backprop", tmp_path / "link", jobs=1)
    assert (tmp_path / "link").is_symlink() and len(read(tmp_path / "table.csv")) == 3


def test_a_grader_does_not_take_the_place_of_a_file_that_was_not_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("backprop.py").write_text("mine")
    assert main(["grader", "otter"]) == 2 and "backprop.py is there already" in capsys.readouterr().err
    assert Path("backprop.py").read_text() == "mine"
    assert main(["grader", "otter", "-o", "backprop.py"]) == 0 and "otter" in Path("backprop.py").read_text()


@pytest.mark.parametrize("command", [["grader", "otter", "--function"], ["check", "mine.py", "--function"]])
@pytest.mark.parametrize("name", ["", "1 bad", "Network."])
def test_what_cannot_be_a_name_is_refused(command, name, capsys):
    assert main([*command, name]) == 2
    assert f"function: expected a name such as backprop or Network.backprop, got {name!r}" in capsys.readouterr().err


@pytest.mark.parametrize("limit", [["--seconds", "1e12"], ["--seconds", "nan"], ["--memory", "1"], ["--memory", "999999999999"]])
def test_limits_have_limits(limit, capsys):
    with pytest.raises(SystemExit):
        main(["check", "mine.py", *limit])
    assert f"argument {limit[0]}: invalid" in capsys.readouterr().err


def test_gradescope_runs_the_autograder(tmp_path):
    for part in ("source", "submission"):
        (tmp_path / part).mkdir()
    assert main(["grader", "gradescope", "-o", str(tmp_path / "autograder.zip"), "--points", "10", "--scale", "mean"]) == 0
    subprocess.run([sys.executable, "-m", "zipfile", "-e", tmp_path / "autograder.zip", tmp_path / "source"], check=True)
    modes = {info.filename: info.external_attr >> 16 for info in zipfile.ZipFile(tmp_path / "autograder.zip").infolist()}
    assert modes["run_autograder"] & modes["setup.sh"] & 0o111 and "bp/diagnosis/isolated/__main__.py" in modes
    alone = {"AUTOGRADER": str(tmp_path), "PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(tmp_path)}
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    subprocess.run(["bash", tmp_path / "source" / "setup.sh"], env={**alone, **pip}, check=True, capture_output=True)
    alone["PATH"] = "/usr/bin:/bin"
    scores = {}
    for name, source in {"right": RIGHT, "wrong": SIGN, "sum": SUM, "none": None}.items():
        answer = tmp_path / "submission" / "my answer.py"
        answer.unlink(missing_ok=True)
        if source:
            answer.write_text(source)
        subprocess.run(["bash", tmp_path / "source" / "run_autograder"], env=alone, check=True, cwd=tmp_path)
        (test,) = json.loads((tmp_path / "results" / "results.json").read_text())["tests"]
        scores[name] = test["score"]
    assert scores == {"right": 10, "wrong": 0, "sum": 0, "none": 0}


def test_nbgrader_grades_with_the_cell(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")  # it calls alembic by its name
    monkeypatch.chdir(tmp_path)
    Path("source/ps1").mkdir(parents=True)
    assert main(["grader", "nbgrader", "-o", "source/ps1/backprop.ipynb", "--points", "3"]) == 0
    nbgrader("generate_assignment", "ps1", "--create")
    released = Path("release/ps1/backprop.ipynb").read_text()
    assert "YOUR CODE HERE" in released and "nabla_b.insert" not in released
    source = Path("source/ps1/backprop.ipynb").read_text()
    for student, text in {"alice": source, "bob": source.replace("(activations[-1] - y)", "(y - activations[-1])")}.items():
        Path(f"submitted/{student}/ps1").mkdir(parents=True)
        Path(f"submitted/{student}/ps1/backprop.ipynb").write_text(text)
    nbgrader("autograde", "ps1", "--create")
    from nbgrader.api import Gradebook
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        grades = {student: gradebook.find_submission("ps1", student).score for student in ("alice", "bob")}
    assert grades == {"alice": 3, "bob": 0}
    assert "the mistake sign" in Path("autograded/bob/ps1/backprop.ipynb").read_text()


def nbgrader(*arguments):
    done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_otter_grades_with_the_test(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tests").mkdir()
    for name in ("backprop", "other"):
        assert main(["grader", "otter", "--function", name, "-o", f"tests/{name}.py", "--points", "2"]) == 0
    cells = [{"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
             for name, source in {"right": RIGHT, "wrong": SIGN.replace("backprop", "other")}.items()]
    Path("mine.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    done = subprocess.run([sys.executable, "-m", "otter", "check", "mine.ipynb", "-t", "tests"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    right, wrong = done.stdout.split("other results:")
    assert "backprop results:" in right and "All test cases passed" in right, done.stdout
    assert "Test case failed" in wrong and "the mistake sign" in wrong, done.stdout
