"""What runs in the page is packed from what was written down, or not at all, and one line says why."""
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def runtime():
    place = importlib.util.spec_from_file_location("runtime", ROOT / "docs" / "live" / "runtime.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def test_the_vendored_numpy_is_the_one_that_pyodides_lock_names(runtime):
    files = runtime.numpy_files()
    assert "numpy/__init__.py" in files and "numpy-2.0.2.dist-info/LICENSE.txt" in files
    assert (ROOT / "vendor" / "numpy-LICENSE.txt").read_bytes() == files["numpy-2.0.2.dist-info/LICENSE.txt"]


@pytest.mark.parametrize(("written", "said"), [(b"another", "is not the wheel of this Pyodide"), (None, "is missing")])
def test_another_wheel_is_not_used(runtime, monkeypatch, tmp_path, written, said):
    (tmp_path / "vendor").mkdir()
    if written:
        (tmp_path / "vendor" / runtime.WHEEL).write_bytes(written)
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    with pytest.raises(runtime.Missing, match=said):
        runtime.numpy_files()


def test_an_installed_package_with_other_files_is_not_used(runtime, monkeypatch):
    pattern, digest = runtime.PACKAGES["mpmath"]
    assert "mpmath/__init__.py" in runtime.package_files()
    monkeypatch.setitem(runtime.PACKAGES, "mpmath", (pattern, digest[:-1] + "x"))
    with pytest.raises(runtime.Missing, match=r"mpmath [\d.]+ has the digest"):
        runtime.package_files()


def test_the_book_in_the_page_has_the_whole_package_and_the_data_that_lessons_name(runtime):
    files = runtime.book_files()
    assert {"bp/card.css", "bp/digits.npz", "bp/evidence/refuted.json", "benchmarks/recorded.json", "session.py"} <= set(files)
    assert not any(name.endswith(".pyc") for name in files)


def test_what_is_missing_is_said_in_one_line_and_stops_nothing(tmp_path):
    """In a copy of the script there is neither vendor/ nor node_modules/."""
    script = tmp_path / "docs" / "live" / "runtime.py"
    script.parent.mkdir(parents=True)
    script.write_bytes((ROOT / "docs" / "live" / "runtime.py").read_bytes())
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == ""
    assert re.fullmatch(r"The site is built without running Python in the page: the npm package pyodide is not installed\n", done.stderr)
    assert not (tmp_path / ".cache" / "live" / "runtime").exists()
