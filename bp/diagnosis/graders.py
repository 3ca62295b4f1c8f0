"""What other systems need to grade with bp: Gradescope's autograder, a notebook for nbgrader, a test for otter-grader.

All three run the same check, with the code in a process of its own.
"""
import io
import json
import re
import zipfile
from importlib import metadata
from pathlib import Path
from shlex import quote

import bp
from bp.diagnosis.files import check_name, check_options

SETUP = '''\
#!/usr/bin/env bash
# Gradescope runs this once, while it builds the autograder.
set -euo pipefail
AUTOGRADER="${AUTOGRADER:-/autograder}"

fitting() {
    for python in python3 python3.12 python3.13 python3.14; do
        "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo "$python" && return
    done
    return 1
}

if ! python=$(fitting); then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y software-properties-common
    add-apt-repository -y ppa:deadsnakes/ppa  # an Ubuntu whose own Python is older
    apt-get install -y python3.12 python3.12-venv
    python=$(fitting)
fi
"$python" -m venv "$AUTOGRADER/venv"
"$AUTOGRADER/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$AUTOGRADER/source/requirements.txt"
'''

RUN = '''\
#!/usr/bin/env bash
# Gradescope runs this for every submission. Status 1 only says that the code is wrong.
set -uo pipefail
AUTOGRADER="${{AUTOGRADER:-/autograder}}"
export PYTHONPATH="$AUTOGRADER/source" PYTHONDONTWRITEBYTECODE=1
mkdir -p "$AUTOGRADER/results"
"$AUTOGRADER/venv/bin/python" -m bp.cli check "$AUTOGRADER/submission:"{function} {options} > "$AUTOGRADER/results/new.json"
status=$?
[ $status -le 1 ] && mv "$AUTOGRADER/results/new.json" "$AUTOGRADER/results/results.json"
'''

OTTER = '''\
"""A test for otter-grader; it goes into the folder tests, and bp and otter-grader are installed where it runs."""
from otter.test_files import test_case

OK_FORMAT = False

name = {name!r}
points = {points!r}


@test_case()
def test_gradient(env):
    from bp.diagnosis.files import require
    require({function!r}, env["In"]{options})
'''

CELL = '''\
from bp.diagnosis.files import require
require({function!r}, In{options})
'''

ANSWER = '''\
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(x, y, weights, biases):
    """Return (nabla_b, nabla_w), the gradient of the mean quadratic cost; samples are columns."""
    ### BEGIN SOLUTION
    activations = [x]
    for w, b in zip(weights, biases):
        activations.append(sigmoid(w @ activations[-1] + b))
    nabla_b, nabla_w = [], []
    delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
    for l in range(len(weights), 0, -1):
        nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
        nabla_w.insert(0, delta @ activations[l-1].T / x.shape[1])
        delta = (weights[l-1].T @ delta) * activations[l-1] * (1 - activations[l-1])
    return nabla_b, nabla_w
    ### END SOLUTION
'''


def write(system, output, function="backprop", points=1, language="en", options=None):
    """Write the files for "gradescope", "nbgrader" or "otter"; return the path.

    `options` are those of `bp.diagnosis.check`. Without an `output` it is
    autograder.zip, or is named for the function. Raises ValueError, naming the option, and FileExistsError rather than replace
    a file that `output` didn't name.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     print(write("otter", f"{folder}/q1.py", points=2).read_text().splitlines()[5:7])
    ["name = 'backprop'", 'points = 2']
    """
    options = options or {}
    check_options(**options)
    check_name(function)
    points = int(points) if points == int(points) else points
    short = function.rpartition(".")[2]
    path = Path(output or {"gradescope": "autograder.zip", "nbgrader": f"{short}.ipynb", "otter": f"{short}.py"}[system])
    if output is None and path.exists():
        raise FileExistsError(f"output: {path} is there already; name a file to write or replace")
    if system == "gradescope":
        made = _gradescope(function, points, language, options)
    elif system == "nbgrader":
        made = json.dumps(_notebook(function, points, language, options), indent=1).encode()
    else:
        made = OTTER.format(name=short, function=function, points=points, options=_as_arguments(language, options)).encode()
    path.write_bytes(made)
    return path


def requirements():
    """Return what bp needs to run, each in the version that is installed here.

    >>> any(line.startswith("numpy==") for line in requirements())
    True
    """
    names = [re.match(r"[\w.-]+", line)[0] for line in metadata.requires("bp") if ";" not in line]
    return [f"{name}=={metadata.version(name)}" for name in names]


def _gradescope(function, points, language, options):
    """The autograder's archive, as bytes."""
    words = ["--format", "gradescope", "--lang", language, "--points", str(points)]
    for key, value in options.items():
        value = ",".join(map(str, value)) if key == "sizes" else str(value)
        words += ["--output-activation" if key == "output" else f"--{key}", value]
    run = RUN.format(function=quote(function), options=" ".join(map(quote, words)))
    package = Path(bp.__file__).parent
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("setup.sh", SETUP), ("run_autograder", run),
                           ("requirements.txt", "\n".join(requirements()) + "\n")):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = (0o100755 if name != "requirements.txt" else 0o100644) << 16
            archive.writestr(info, text)
        for file in sorted(package.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, Path("bp", file.relative_to(package)))
    return made.getvalue()


def _notebook(function, points, language, options):
    """A notebook for the folder `source` of an nbgrader course: the answer's cell and the locked cell of its test."""
    def cell(id, source, **what):
        grader = {"schema_version": 3, "grade_id": id, "locked": False, "task": False, "grade": False, "solution": False,
                  **what}
        return {"cell_type": "code", "id": id, "metadata": {"nbgrader": grader}, "source": source,
                "execution_count": None, "outputs": []}
    test = CELL.format(function=function, options=_as_arguments(language, options))
    short = function.rpartition(".")[2]
    return {"nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "cells": [cell(short, ANSWER, solution=True),
                      cell(f"test-{short}", test, grade=True, locked=True, points=points)]}


def _as_arguments(language, options):
    return "".join(f", {key}={value!r}" for key, value in {"language": language, **options}.items())
