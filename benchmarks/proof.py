"""What a proof costs, against the number of parameters of the network.

Usage: proof.py KIND SIZES, which prints seconds; `measure` asks for all of them, each in
a process of its own, and gives up where the time limit is reached. The derivation knows
no sizes, so what is asked of it at each point is the same. To expand the cost and
differentiate it is what one would do without it: SymPy writes E out over the symbols of
all weights, with an activation of which nothing is known, differentiates it by each
of them, and expands what should be zero.
"""
import subprocess
import sys
from pathlib import Path
from statistics import median

from timing import seconds_of

LIMIT = 60  # seconds a point
SIZES = ((2, 3, 1), (3, 4, 4, 2), (4, 6, 6, 4), (4, 8, 8, 4), (4, 10, 10, 4), (16, 16, 10), (64, 30, 10),
         (784, 30, 10), (784, 100, 100, 10))


def derive(fixture):
    from bp import spec
    return lambda: [(equation.derive(), equation.derive_cases()) for equation in spec]


def bridge(fixture):
    from bp import sigmoid
    from bp.evidence.bridged import compare_network
    from bp.evidence.reference import Reference
    return lambda: compare_network(Reference(fixture, sigmoid))


def exact(fixture):
    from bp.evidence.executed import check_a_direction_for_each_array
    return lambda: check_a_direction_for_each_array(fixture)


def expand(fixture):
    from bp.evidence.executed import differentiate_whole_cost
    return lambda: differentiate_whole_cost(fixture)


KINDS = {"derive": derive, "bridge": bridge, "exact": exact, "expand": expand}


def measure(progress=iter):
    """Yield, for each kind and network, its seconds, or None where the limit was reached."""
    from bp.evidence.fixtures import Fixture
    given_up = set()
    for kind, sizes in progress([(kind, sizes) for kind in KINDS for sizes in SIZES]):
        if kind in given_up:
            continue
        try:
            done = subprocess.run([sys.executable, __file__, kind, ",".join(map(str, sizes))], check=True,
                                  capture_output=True, text=True, timeout=LIMIT)
            seconds = float(done.stdout)
        except subprocess.TimeoutExpired:
            seconds = None
            given_up.add(kind)
        yield {"kind": kind, "sizes": list(sizes), "parameters": Fixture(sizes, 1).parameters,
               "seconds": seconds}


def main(kind, sizes):
    from bp.evidence.fixtures import Fixture
    warm, cold = (KINDS[kind](Fixture(of, 1)) for of in ((1, 1), tuple(map(int, sizes.split(",")))))
    warm()  # imports, and what SymPy remembers of any network
    first = seconds_of(cold)
    print(median([first, *(seconds_of(cold) for _ in range(2 if first < 1 else 0))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
