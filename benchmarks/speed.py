"""How long the proof and the site take, each beside `import sympy` in the same run.

Seconds differ between machines; the ratio to SymPy's own import much less so.
A complex step is measured beside the forward pass of the same network.
`python benchmarks/speed.py` measures the proof, with `--build` the site too.
"""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
REPEATS = 5

# What is timed, in a fresh interpreter, after what has been set up.
PROOF = {
    "import sympy": ("import numpy", "import sympy", None),
    "import bp, beyond NumPy": ("import numpy", "import bp", 0.15),
    "derive all equations": (
        "import sympy; from bp import spec",
        "[(e.derive(), e.derive_cases()) for e in spec]", 1),
    "links 1 to 3, all equations": (
        "import sympy; import bp",
        "assert bp.verify(links=['derived', 'printed', 'bridged']).passed", 5),
    "bp verify --quick": ("import sympy; import bp", "assert bp.verify(quick=True).passed", 3),
    "bp verify": ("import sympy; import bp", "assert bp.verify().passed", 30),
}


def seconds_inside(before, statement):
    """Median time of a statement, over fresh interpreters."""
    program = (f"{before}\nfrom time import perf_counter\nstart = perf_counter()\n{statement}\n"
               "print(perf_counter() - start)")
    runs = [subprocess.run([sys.executable, "-c", program], check=True, capture_output=True,
                           text=True, cwd=ROOT).stdout for _ in range(REPEATS)]
    return median(map(float, runs))


def seconds_of_make():
    start = perf_counter()
    subprocess.run(["make", "site"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def complex_steps():
    """For each fixture, the slowest complex step of one array, in forward passes."""
    from bp import feedforward
    from bp.evidence.floats import COMPLEX, FloatPoint

    for fixture in COMPLEX:
        point = FloatPoint(fixture)
        stepping = point.map(lambda array: array.astype(complex), point.activation)
        forward, steps = [], []
        for _ in range(15):
            forward.append(seconds_of(lambda: point.cost(feedforward)))
            for number, array in enumerate(stepping.parameters):
                array.imag = 1e-100
                steps.append((number, seconds_of(lambda: stepping.cost(feedforward))))
                array.imag = 0
        slowest = max(median(seconds for number, seconds in steps if number == place)
                      for place in range(len(stepping.parameters)))
        yield fixture, slowest / median(forward)


def seconds_of(call):
    start = perf_counter()
    call()
    return perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", action="store_true", help="also build the site, cold and warm")
    options = parser.parse_args()

    rows = [(name, seconds_inside(before, statement), goal)
            for name, (before, statement, goal) in PROOF.items()]
    if options.build:
        shutil.rmtree(ROOT / ".cache", ignore_errors=True)
        rows.append(("make site, nothing cached", seconds_of_make(), 120))
        rows.append(("make site, code unchanged", seconds_of_make(), 20))
    unit = rows[0][1]
    print(f"{'':30}{'seconds':>9}{'goal':>7}{'ratio to import sympy':>23}")
    for name, seconds, goal in rows:
        print(f"{name:30}{seconds:9.2f}{goal or '–':>7}{seconds / unit:23.2f}")

    print(f"\n{'one complex step':40}{'goal':>6}{'ratio to a forward pass':>25}")
    for fixture, ratio in complex_steps():
        print(f"{str(fixture)[:40]:40}{4:>6}{ratio:25.2f}")


if __name__ == "__main__":
    main()
