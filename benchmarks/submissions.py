"""A thousand submissions in one folder: how long `bp check FOLDER` takes, and what it says of each.

A third is right, the others have one mistake of the catalogue each, all in seven styles; one in fifty is no
backpropagation at all: it never ends, ends the process, floods, isn't Python, or isn't there.

Usage: submissions.py [--count N] [--jobs N] [--seed N] [--folder FOLDER]
"""
import argparse
import inspect
import os
import random
import tempfile
import textwrap
import time
from collections import Counter
from functools import cache
from pathlib import Path

import styles
from bp import equations, functions, network
from bp.diagnosis.submissions import check_folder, summary
from bp.evidence.mistakes import MISTAKES, plant
from confusion import differs

PARTS = (functions.sigmoid, functions.sigmoid_prime, functions.quadratic_prime, equations.weighted_input,
         equations.activate, equations.output_delta, equations.hidden_delta, equations.bias_gradient,
         equations.weight_gradient, network.delta_of_output, network.feedforward, network.backprop)
HEAD = '''
import numpy as np

rate = 0.5


class checks:
    differentiable = function = staticmethod(lambda *arguments: None)
    output = staticmethod(lambda output, cost: output)
    parameters = staticmethod(lambda weights, biases: ([weights[0].shape[1]], float))
    columns = staticmethod(lambda name, x, n, dtype: x)
    targets = staticmethod(lambda y, a: y)


def matched(cost, output):
    return None
'''
AFTER_FUNCTIONS = "\n\nsigmoid.prime = sigmoid_prime\n\n\nclass quadratic:\n    prime = staticmethod(quadratic_prime)\n"
BAD = {"never-ends": "def backprop(x, y, weights, biases):\n    while True: pass\n",
       "ends-the-process": "def backprop(x, y, weights, biases):\n    import os; os._exit(1)\n",
       "floods": "import os\ndef backprop(x, y, weights, biases):\n    while True: os.write(1, b'x' * 65536)\n",
       "no-python": "def backprop(x, y, weights, biases)\n    return\n",
       "not-there": "import numpy as np\n\ndef back_propagation(x, y): pass\n"}


def source(mistake, style):
    """A file with bp's own algorithm, one line changed if there is a mistake, in a style."""
    texts = []
    for part in PARTS:
        text = inspect.getsource(inspect.unwrap(part))
        text = textwrap.dedent(text[text.index("def "):])
        if mistake is not None and part is mistake.function:
            text = text.replace(mistake.right, mistake.wrong)
        texts.append(text + (AFTER_FUNCTIONS if part is functions.quadratic_prime else ""))
    dress = styles.STYLES[style].dress
    helpers = [inspect.getsource(one) for one in (styles.turned, styles.flat, dress)]
    return "\n\n".join([HEAD, *texts, *helpers, f"backprop = {dress.__name__}(backprop)\n"])


def write(folder, count, seed):
    """Fill the folder; return {name: what is wrong with it, "" if nothing}."""
    draw, truth = random.Random(seed), {}
    for number in range(count):
        style = draw.choice(list(styles.STYLES))
        if draw.random() < 0.02:
            wrong = draw.choice(list(BAD))
            text = BAD[wrong]
        else:
            wrong = "" if draw.random() < 1 / 3 else draw.choice(list(MISTAKES))
            text = source(MISTAKES[wrong] if wrong else None, style)
        name = f"{number:04d}-{style}.py"
        truth[name] = wrong
        (folder / name).write_text(f"# submission {number}\n{text}", encoding="utf-8")
    return truth


def main():
    """Write them, check them, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    from tqdm import tqdm
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary, "submissions")
        folder.mkdir(parents=True)
        truth = write(folder, options.count, options.seed)
        start = time.perf_counter()
        rows = check_folder(folder, "backprop", Path(temporary, "results.csv"), jobs=options.jobs, language="en",
                            progress=lambda rows, **of: tqdm(rows, disable=None, **of))
        seconds = time.perf_counter() - start
    outcomes = {row["submission"]: outcome(truth[row["submission"]], row) for row in rows}
    found = Counter(outcomes.values())
    print(f"{len(rows)} submissions on {options.jobs} processes: {seconds:.0f} s")
    print(", ".join(f"{count} {what}" for what, count in found.most_common()))
    for row in rows:
        if outcomes[row["submission"]].startswith("!"):
            print("!", row["submission"], truth[row["submission"]] or "right", "→", row["verdict"], row["mistakes"], row["finding"])
    print(summary(rows))


def outcome(wrong, row):
    """What became of a submission; an exclamation mark before what should not be."""
    named = wrong in row["mistakes"].replace("+", " ").split() if wrong else False
    if not wrong:
        return "right, called correct" if row["verdict"] == "correct" else "! right, called wrong"
    if wrong in BAD:
        return "bad, called so" if row["verdict"] == "stops" else "! bad, not called so"
    if row["verdict"] == "correct":
        if not without_effect(wrong, row["submission"]):
            return "a convention, the mistake named beside it" if named else "! wrong, called correct"
        return "without effect in that style"
    return "wrong, mistake named" if named else "! wrong, mistake not named"


@cache
def _differs(mistake, style):
    style = styles.STYLES[style]
    return differs(style, style.dress(plant(MISTAKES[mistake]).backprop), 0)


def without_effect(mistake, submission):
    """Whether the mistake changes nothing in the style that the submission's name says."""
    return not _differs(mistake, submission.removesuffix(".py").partition("-")[2])


if __name__ == "__main__":
    main()
