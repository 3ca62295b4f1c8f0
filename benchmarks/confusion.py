"""Which diagnosis each mistake of the catalogue gets: every mistake, in every style, on many networks.

Writes confusion.json, which the page "Check your own" shows. Right code is run too, in drawn
styles, precisions, sizes and degrees of saturation: none of it may be called wrong.

Usage: confusion.py [--seeds N] [--right N] [--jobs N] [--output FILE]
"""
import argparse
import json
import os
import platform
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bp.diagnosis.check import check
from bp.diagnosis.conventions import Answer, call, describe
from bp.diagnosis.problems import problems
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant
from styles import STYLES, Own

RECORD = Path(__file__).with_name("confusion.json")
SEEDS, RIGHT = 200, 10_000
SIZES = (None, None, None, (2, 3, 1), (1, 1), (5, 1, 5), (10,) * 11, (50, 20, 10))


def differs(style, mistaken, seed):
    """Whether the mistake changes anything that comes back in this style."""
    right, convention = style.dress(SHIPPED.backprop), style.convention
    for problem in problems(L=convention.call.L, seed=seed):
        one, other = call(mistaken, problem, convention), call(right, problem, convention)
        if not isinstance(one, Answer) or any(a.shape != b.shape or abs(a - b).max() > 1e-9 * abs(b).max()
                                              for a, b in zip(one.arrays, other.arrays)):
            return True
    return False


def told(id, diagnosis):
    """The diagnosis in short: the matches, or the verdict where there are none."""
    if (id,) in diagnosis.matches:
        return "alone" if len(diagnosis.matches) == 1 else "tie"
    return diagnosis.verdict if diagnosis.correct else "other" if diagnosis.matches else "unknown"


@cache
def written():
    """{(id, style): function} of every mistake in every style in which it changes anything."""
    dressed = {(id, name): style.dress(plant(mistake).backprop)
               for id, mistake in MISTAKES.items() for name, style in STYLES.items()}
    return {(id, name): fn for (id, name), fn in dressed.items() if differs(STYLES[name], fn, 0)}


def of_seed(seed):
    """{(id, style, told, named): 1} of all mistakes on the networks of one seed."""
    found = Counter()
    for (id, name), fn in written().items():
        diagnosis = check(fn, seed=seed)
        named = " / ".join(" + ".join(ids) for ids in diagnosis.matches) or diagnosis.verdict
        found[id, name, told(id, diagnosis), named] += 1
    return found


def measure_mistakes(seeds, jobs):
    """{"mistakes": {id: {style: {"alone" | "tie" | …: times}}}, "named": {id: {diagnosis: times}}}."""
    mistakes, names = ({id: {} for id in MISTAKES} for _ in range(2))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for found in tqdm(pool.map(of_seed, range(seeds)), total=seeds, desc="mistakes", disable=None):
            for (id, style, how, named), times in found.items():
                counts = mistakes[id].setdefault(style, {})
                counts[how] = counts.get(how, 0) + times
                names[id][named] = names[id].get(named, 0) + times
    return {"mistakes": mistakes, "named": names}


def measure_seconds(checks=100):
    """The processor time of a check of which nothing is remembered: {"median": …, "largest": …}."""
    seconds = []
    for number in range(checks):
        id = list(MISTAKES)[number % len(MISTAKES)]
        fn = list(STYLES.values())[number % len(STYLES)].dress(plant(MISTAKES[id]).backprop)
        start = time.process_time()
        check(fn, seed=1_000_000 + number)
        seconds.append(time.process_time() - start)
    return {"median": statistics.median(seconds), "largest": max(seconds)}


def measure_right(runs):
    """{"runs": …, "wrong": [what was called wrong]} of right code, each run in a drawn style."""
    choose, wrong = np.random.default_rng(0), []
    for run in tqdm(range(runs), desc="right", disable=None):
        pick = lambda values: values[choose.integers(len(values))]
        name, gain, sizes = pick(list(STYLES)), pick((1.0, 1.0, 10.0, 30.0)), pick(SIZES)
        own = Own(*(bool(choose.integers(2)) for _ in range(3)), scale=pick((1.0, 2.0)) if name != "linear" else 1.0,
                  dtype=pick((np.float64, np.float64, np.float32)))
        fn = STYLES[name].dress(own)
        of = describe(fn)
        sizes = sizes if of.L is None or sizes is None or len(sizes) == of.L + 1 else None
        if not check(fn, sizes=sizes, seed=run, gain=gain).correct:
            wrong.append({**asdict(own), "dtype": own.dtype.__name__, "style": name, "gain": gain, "sizes": sizes, "seed": run})
    return {"runs": runs, "wrong": wrong}


def main(arguments=None):
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--right", type=int, default=RIGHT)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--output", type=Path, default=RECORD)
    options = parser.parse_args(arguments)
    record = {"date": date.today().isoformat(), "versions": {"Python": platform.python_version(), "NumPy": np.__version__},
              "seeds": options.seeds, "styles": list(STYLES), "seconds": measure_seconds(), **measure_mistakes(options.seeds, options.jobs),
              "right": measure_right(options.right)}
    counts = Counter()
    for styles in record["mistakes"].values():
        for found in styles.values():
            counts.update(found)
    print(dict(counts), record["seconds"], f"{len(record['right']['wrong'])} of {options.right} called wrong")
    options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
