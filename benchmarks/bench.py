"""Everything side by side: `make bench` runs this, prints its tables and writes recorded.json.

For each number of threads there is one process, in which all contenders take turns
(timing.py says how), held to as many processors; each library is told before it is
imported. Before any is timed, all must agree on the gradient. Who needs a library that isn't
there is skipped by name. The page "Benchmarks" shows what was recorded.

Usage: bench.py [--quick] [--output FILE]; a quick run shows that everything runs, and no more.
"""
import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tracemalloc
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

HERE = Path(__file__).parent
RECORD = HERE / "recorded.json"
THREADS = (1, 2)
LIBRARIES = {"numpy": "NumPy", "scipy": "SciPy", "sympy": "SymPy", "torch": "PyTorch", "jax": "JAX", "jaxlib": "jaxlib",
             "autograd": "autograd", "sklearn": "scikit-learn"}
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
AGREE = {"float64": 1e-9, "float32": 2e-2}  # of the norm of an array: a wrong factor is far beyond
PEAK_SIZE = 1536  # of the square matrices whose product is the peak; larger ones are no faster


def missing(libraries=LIBRARIES):
    """Those libraries that can't be imported here."""
    return [name for name in libraries if importlib.util.find_spec(name) is None]


def entrants(contenders, case, absent):
    """Those of the contenders who suit the case and have what they need; the first is the reference."""
    return [one for one in contenders if one.library not in absent and one.suits(case)]


def agreed(made, reference, tolerance):
    """Return {name: error} of all who return arrays; raise ValueError where one is wrong.

    The error is the largest of any array, of the norm of the reference's.
    """
    import numpy as np
    errors = {}
    for name, (call, read) in made.items():
        if read is None:
            continue
        found = read(call())
        for number, (got, want) in enumerate(zip(found, reference[name], strict=True)):
            if got.shape != want.shape:
                raise ValueError(f"{name}: array {number} has shape {got.shape}, expected {want.shape}")
            # Of the largest entry first: the squares of small gradients are no floats any more.
            largest = abs(want).max()
            error = float(np.linalg.norm(((got - want) / largest).astype(float))
                          / np.linalg.norm((want / largest).astype(float)))
            if not error <= tolerance:
                raise ValueError(f"{name}: array {number} differs by {error:.1e} of its norm, "
                                 f"expected at most {tolerance:g}")
            errors[name] = max(errors.get(name, 0.0), error)
    return errors


def measure_gradients(cases, threads, absent, budget):
    """Yield a row for each contender at each case."""
    import numpy as np
    from bp import backprop
    from cases import MOST_EXACT
    from contenders import GRADIENTS
    from timing import in_rounds, reading
    for case in cases:
        made = {one.name: one.make(case) for one in entrants(GRADIENTS, case, absent)}
        exact = np.longdouble if case.operations < MOST_EXACT else np.float64
        right = backprop(*case.arrays(exact))
        errors = agreed(made, dict.fromkeys(made, [*right[0], *right[1]]), AGREE[case.dtype])
        calls = {name: call for name, (call, _) in made.items()}
        if case.operations >= MOST_EXACT / 10:
            square = np.random.default_rng(0).random((PEAK_SIZE, PEAK_SIZE)).astype(case.dtype)
            product = np.empty_like(square)
            calls["peak"] = lambda: np.matmul(square, square, out=product)
        seconds = in_rounds(calls, budget)
        for name, of_one in seconds.items():
            yield {"sizes": list(case.sizes), "batch": case.batch, "dtype": case.dtype, "threads": threads,
                   "contender": name, **reading(of_one, seconds["bp.backprop"]), "error": errors.get(name),
                   **share_of_peak(of_one, seconds.get("peak"), case.operations),
                   **over_products(of_one, seconds["products"])}


def share_of_peak(of_one, of_peak, operations):
    """The rate of the products that the gradient needs, as a share of the rate of a large product."""
    from timing import reading
    if not of_peak:
        return {}
    return {"peak": operations / (2 * PEAK_SIZE**3) / reading(of_one, of_peak)["ratio"]}


def over_products(of_one, of_products):
    """How many times as long as the bare matrix products, round by round."""
    from timing import reading
    found = reading(of_one, of_products)
    return {"products": [found[key] for key in ("ratio", "low", "high")]}


def measure_training(training, threads, absent, budget):
    """Yield a row for each contender; seconds are those of one step."""
    from contenders import TRAININGS, of_softmax
    from timing import in_rounds, reading
    made = {one.name: one.make(training) for one in entrants(TRAININGS, training, absent)}
    call, read = made["Network.train"]
    parameters = read(call())
    call, read = of_softmax(training)
    reference = {**dict.fromkeys(made, parameters), "scikit-learn": read(call())}
    errors = agreed(made, reference, 1e-6)  # after hundreds of steps, in which rounding grows
    seconds = in_rounds({name: call for name, (call, _) in made.items()}, budget)
    for name, of_one in seconds.items():
        found = reading(of_one, seconds["Network.train"])
        found["seconds"] /= training.epochs * training.steps
        yield {"sizes": list(training.sizes), "batch": training.batch, "steps": training.steps, "threads": threads,
               "contender": name, **found, "error": errors[name]}


def measure_memory(cases):
    """Yield, for each case, the peak of one call beside the arrays that must exist.

    These are x, y, all parameters, weighted inputs, activations and gradients, and
    the deltas of two neighbouring layers; the peak is what NumPy has at most during
    the call, with what it was given.
    """
    from bp import backprop
    for case in cases:
        given = case.arrays()
        x, y, weights, biases = given
        of_parameters = sum(array.nbytes for array in (*weights, *biases))
        of_columns = [n * case.batch * x.itemsize for n in case.sizes]
        deltas = max(map(sum, zip(of_columns[1:], of_columns[2:])), default=of_columns[-1])
        needed = of_columns[0] + y.nbytes + 2 * of_parameters + 2 * sum(of_columns[1:]) + deltas
        backprop(*given)
        tracemalloc.start()
        backprop(*given)
        peak = tracemalloc.get_traced_memory()[1] + x.nbytes + y.nbytes + of_parameters
        tracemalloc.stop()
        yield {"sizes": list(case.sizes), "batch": case.batch, "dtype": case.dtype, "needed": needed,
               "peak": peak, "ratio": peak / needed}


def measure_sigmoid(budget):
    """Yield how long the sigmoid takes beside 1 / (1 + exp(-z)), on arrays of several sizes."""
    import numpy as np
    from bp import sigmoid
    from timing import in_rounds, reading

    def plain(z):
        return 1 / (1 + np.exp(-z))
    for entries in (3, 300, 30_000, 300_000):
        z = np.random.default_rng(0).standard_normal(entries)
        seconds = in_rounds({"plain": partial(plain, z), "shipped": partial(sigmoid, z)}, budget / 4)
        yield {"entries": entries, **reading(seconds["shipped"], seconds["plain"])}


def child(threads, output, quick):
    """All that is timed with so many threads, in this process; written to a file as JSON."""
    from tqdm import tqdm
    import cases
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    absent = missing()
    if "torch" not in absent:
        import torch
        torch.set_num_threads(threads)
    budget = 0.7 if quick else 6.0
    shown = partial(tqdm, desc=f"{threads} thread{'s' * (threads > 1)}", unit="case")
    found = {"gradients": list(measure_gradients(shown(cases.GRADIENTS), threads, absent, budget)),
             "training": list(measure_training(cases.TRAINING, threads, absent, budget))}
    if threads == 1:
        found["sigmoid"] = list(measure_sigmoid(budget))
        found["memory"] = list(measure_memory(cases.GRADIENTS))
    Path(output).write_text(json.dumps(found), encoding="utf-8")


def run_child(threads, quick):
    """What a process with so many threads measured."""
    limits = {f"{name}_NUM_THREADS": str(threads) for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")}
    with NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([sys.executable, __file__, "--threads", str(threads), "--output", file.name,
                        *["--quick"] * quick], check=True,
                       env={**os.environ, **limits, "CUDA_VISIBLE_DEVICES": ""})
        return json.loads(Path(file.name).read_text(encoding="utf-8"))


def machine():
    """The processor and the versions."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    about = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = [flag for flag in about.get("flags", "").split() if flag.startswith(("avx", "fma"))]
    import numpy as np
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    versions = {title: importlib.metadata.version(DISTRIBUTIONS.get(name, name))
                for name, title in LIBRARIES.items() if name not in missing()}
    return {"processor": about.get("model name", platform.processor()), "processors": os.cpu_count(),
            "flags": flags, "system": platform.system(), "python": platform.python_version(),
            "blas": f"{blas['name']} {blas['version']}", "versions": versions}


def load():
    """How many processes wanted a processor, on average over the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds a case: to try it out")
    parser.add_argument("--output", type=Path, help="where to write the record; by default where the page "
                        "reads it, or with --quick nowhere")
    parser.add_argument("--threads", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.threads:
        return child(options.threads, options.output, options.quick)

    import proof
    from tqdm import tqdm
    from bp.figures import benchmarks
    for name in missing():
        print(f"{LIBRARIES[name]} is not installed: skipped", file=sys.stderr)
    record = {"date": date.today().isoformat(), "machine": machine(), "load": [load()],
              "missing": [LIBRARIES[name] for name in missing()],
              "peak_size": PEAK_SIZE, "proof_limit": proof.LIMIT}
    for threads in THREADS:
        for part, rows in run_child(threads, options.quick).items():
            record.setdefault(part, []).extend(rows)
    record["proof"] = list(proof.measure(partial(tqdm, desc="proof", unit="point")))
    record["load"].append(load())
    output = options.output or (None if options.quick else RECORD)
    if output:
        output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(*benchmarks.tables(record), sep="\n\n")


if __name__ == "__main__":
    main()
