"""The command line: exit statuses, what goes to which stream, and how it is interrupted."""
import io
import json
import subprocess
import sys

import pytest

import bp
from bp import citation, equations, evidence, spec
from bp.cli import main

ONE = ["verify", "--equation", "activation"]


def test_a_run_that_passes_exits_0_and_prints_the_table_alone(capsys):
    assert main(ONE) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split()[0] == "activation" and "5 of 5 checks passed" in out
    assert err == ""


def test_without_ids_everything_is_verified(capsys):
    assert main(["verify"]) == 0
    total = len(evidence.LINKS) * len(spec) + len(evidence.WHOLE) + len(evidence.WRITTEN)
    assert f"{total} of {total} checks passed" in capsys.readouterr().out


def test_an_option_given_twice_verifies_both_equations_in_that_order(capsys):
    assert main(["verify", "--equation", "sigmoid", "--equation", "activation"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["sigmoid", "activation"]


def test_a_failed_check_exits_1_and_is_printed_whole(capsys, plant):
    plant(equations.activate, "activation(z)\n", "z * 1\n")
    assert main(ONE) == 1
    out, err = capsys.readouterr()
    assert "FAIL activation, bridged: activate at l = 1 of [2,3,1]×1, entry [" in out
    assert "3 of 5 checks passed" in out and err == ""


def test_json_is_all_that_is_printed(capsys):
    assert main([*ONE, "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["passed"] is True and err == ""
    assert [row["link"] for row in report["results"]] == [*evidence.LINKS]


def test_a_failed_check_exits_1_with_json_too(capsys, plant):
    plant(equations.activate, "activation(z)\n", "z * 1\n")
    assert main([*ONE, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False


def test_an_unknown_equation_exits_2_and_lists_those_that_exist(capsys):
    assert main(["verify", "--equation", "hidden-detla"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith("bp verify: equation: expected one of ") and err.endswith("got 'hidden-detla'\n")
    assert all(equation.id in err for equation in spec)


@pytest.mark.parametrize("arguments", [
    [], ["verfy"], ["verify", "--jsno"], ["verify", "--equation"], ["cite", "--format", "word"], ["cite", "--lang", "de"]],
    ids=" ".join)
def test_a_command_line_that_cannot_be_read_exits_2_with_its_usage(capsys, arguments):
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    assert capsys.readouterr().err.startswith("usage: bp ")


@pytest.fixture
def no_address(monkeypatch):
    monkeypatch.setenv("BP_SITE_URL", "")


@pytest.mark.parametrize("language", citation.LANGUAGES)
@pytest.mark.parametrize("form", citation.FORMATS)
def test_cite_prints_the_citation_of_an_equation_alone(capsys, no_address, form, language):
    assert main(["cite", "hidden-delta", "--format", form, "--lang", language]) == 0
    expected = getattr(citation.cite_equation(spec["hidden-delta"], language), form)()
    assert capsys.readouterr() == (expected + "\n", "")


def test_cite_alone_prints_the_book_in_english_as_bibtex(capsys, no_address):
    assert main(["cite"]) == 0
    assert capsys.readouterr() == (citation.cite_book("en").bibtex() + "\n", "")


@pytest.mark.parametrize("wrong", ["hidden-detla", ""])
def test_cite_of_an_unknown_equation_exits_2_and_lists_those_that_exist(capsys, wrong):
    assert main(["cite", wrong]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith("bp cite: equation: expected one of ") and err.endswith(f"got {wrong!r}\n")
    assert all(equation.id in err for equation in spec)


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as exit:
        main(["--version"])
    assert exit.value.code == 0 and capsys.readouterr().out == f"bp {bp.__version__}\n"


def test_a_terminal_is_shown_progress_that_is_wiped_in_the_end(monkeypatch, capsys):
    class Terminal(io.StringIO):
        isatty = lambda self: True

    monkeypatch.setattr(sys, "stderr", Terminal())
    assert main(ONE) == 0
    shown = sys.stderr.getvalue()
    assert "verify" in shown and "0/5" in shown
    assert shown.endswith("\r") and shown.split("\r")[-2].strip() == ""
    assert "\r" not in capsys.readouterr().out


def interrupt(*_):
    raise KeyboardInterrupt


def ends_in_one_line(capsys):
    try:
        status = main(ONE)
    except KeyboardInterrupt:
        pytest.fail("the interruption was not caught")  # else it would end the test run itself
    return status == 130 and capsys.readouterr() == (
        "", "bp verify: interrupted; no report was written\n")


def test_an_interrupted_check_ends_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(evidence, "LINKS", {**evidence.LINKS, "printed": interrupt})
    assert ends_in_one_line(capsys)


def test_an_interruption_while_modules_are_loading_ends_in_one_line(monkeypatch, capsys):
    class Interrupting:
        find_spec = staticmethod(interrupt)

    monkeypatch.delitem(sys.modules, "tqdm", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting, *sys.meta_path])
    assert ends_in_one_line(capsys)


def test_the_module_runs_as_a_program_without_drawing_progress_into_a_pipe():
    done = subprocess.run([sys.executable, "-m", "bp.cli", *ONE], capture_output=True, text=True,
                          encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 of 5 checks passed" in done.stdout and "\r" not in done.stdout
