"""The evidence: every link of the proof as a check that can fail.

`verify()` runs them and returns a Report. A link is a function of an Equation
and a Scope that returns what it checked, or raises LinkError saying what it
found. What composes all equations has a row of its own: `backprop`, and `compile`,
the lines that `spec.compile` writes.
"""
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from platform import python_version
from textwrap import fill

import mpmath
import numpy
import sympy

from bp import spec
from bp.evidence.bridged import FIXTURES, TOLERANCE, bridge_equation, bridge_network
from bp.evidence.derived import DEPTHS, derive_again
from bp.evidence.executed import SYMBOLIC, execute_equation, execute_network
from bp.evidence.floats import DIGITS, check_floats
from bp.evidence.outcome import Checked, Difference, LinkError, Scope
from bp.evidence.printed import read_back
from bp.evidence.published import recompute
from bp.evidence.refuted import refute, refute_network
from bp.evidence.written import bridge_compiled, execute_compiled

LINKS = {"derived": derive_again, "printed": read_back, "bridged": bridge_equation,
         "executed": execute_equation, "refuted": refute}

# The row of what composes all equations, and what is checked of it alone.
ALGORITHM = "backprop"
WHOLE = {"bridged": bridge_network, "executed": execute_network, "refuted": refute_network,
         "floats": check_floats, "published": recompute}

# The row of what `spec.compile` writes from the statements.
COMPILED = "compile"
WRITTEN = {"bridged": bridge_compiled, "executed": execute_compiled}

SLOW = ("refuted",)  # left out of a quick run

_MEANINGS = {
    "derived": "each step equals the result, for any layer l, any widths n(l) and any f; diffs: "
               f"SymPy's derivatives of whole networks of {DEPTHS[0]} to {DEPTHS[-1]} layers agree",
    "printed": "the LaTeX on the page, read back, is the object that was derived",
    "bridged": f"the code gives what the statement gives, to {TOLERANCE:g} of the largest entry; "
               f"sizes×samples: {', '.join(map(str, FIXTURES))}",
    "executed": "the code, run on symbols with an opaque f, is equal as an expression, on "
                f"{len(SYMBOLIC)} networks of widths 1 to 3; activations and costs on symbols at points, every "
                "case met; backprop also modulo 2⁶¹−1",
    "refuted": "every mistake of the catalogue, planted in the code, is rejected",
    "published": "worked examples in print come out to their last digit, the wrong ones of a mistake",
    "floats": f"float64 against {DIGITS} digits, long doubles, and complex steps, one direction for "
              "each array",
}


@dataclass(frozen=True)
class Result:
    """What one link found for one equation: what it checked, or how it failed.

    `differences` holds, where a link failed on a network, what differed there
    and, if there is a smaller one, on the smallest network that shows it.
    """
    equation: str
    link: str
    passed: bool
    found: Checked
    differences: tuple[Difference, ...] = ()

    def __str__(self):
        smaller = (f"\n     smallest network: {difference}" for difference in self.differences[1:])
        return f"FAIL {self.equation}, {self.link}: {self.found.en}{''.join(smaller)}"


@dataclass(frozen=True)
class Report:
    """The results of a run, with what is needed to repeat it."""
    results: tuple[Result, ...]
    scope: Scope = Scope()

    @property
    def passed(self):
        """True if every check passed."""
        return all(result.passed for result in self.results)

    @property
    def failures(self):
        """The results that did not pass."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def versions(self):
        """What the run ran on."""
        import bp
        return {"bp": bp.__version__, "numpy": numpy.__version__,
                "sympy": sympy.__version__, "mpmath": mpmath.__version__,
                "python": python_version()}

    def to_json(self):
        """Return the report as a JSON string."""
        return json.dumps({"passed": self.passed, "versions": self.versions,
                           "scope": asdict(self.scope),
                           "results": [asdict(result) for result in self.results]},
                          ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text):
        """Return the report that `to_json` wrote."""
        read = json.loads(text)
        return cls(tuple(Result(**{**row, "found": Checked(**row["found"]),
                                   "differences": tuple(Difference(**d) for d in row["differences"])})
                         for row in read["results"]), Scope(**read["scope"]))

    def __str__(self):
        """The table equation × link, what each link means, and every failure whole."""
        links = [link for link in _MEANINGS if any(r.link == link for r in self.results)]
        cell = {(r.equation, r.link): r.found.brief for r in self.results}
        rows = [["equation", *links], *([id, *(cell.get((id, link), "–") for link in links)]
                                        for id in dict.fromkeys(r.equation for r in self.results))]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines += ["", *(fill(f"{link:10}{_MEANINGS[link]}", 79, subsequent_indent=10 * " ")
                        for link in links), ""]
        lines += map(str, self.failures)
        passed = len(self.results) - len(self.failures)
        run = {**self.versions, "seed": self.scope.seed}
        settings = ", ".join(f"{name} {value}" for name, value in run.items())
        quick = ", quick: fewer networks, and no mistakes planted" if self.scope.quick else ""
        return "\n".join([*lines, f"{passed} of {len(self.results)} checks passed "
                                  f"({settings}{quick})"])


def verify(equations: Iterable[str | spec.Equation] | None = None, links: Iterable[str] | None = None,
           quick: bool = False, seed: int = 0, progress: Callable = iter) -> Report:
    """Run the links for the named equations, or for all and the whole algorithm.

    An Equation may stand for its id, also one that is not in the spec. `quick`
    leaves out what takes long, `seed` draws other parameters, `progress` wraps
    the list of checks as `tqdm.tqdm` does. An id that is not in the spec raises
    `bp.spec.UnknownEquation` before anything runs; an empty list or an unknown
    link ValueError.

    >>> verify(equations=["sigmoid"], quick=True).passed
    True
    """
    if isinstance(equations, str) or equations is not None and not equations:
        raise ValueError(f"equations: expected a list of one or more ids, got {equations!r}")
    known = [*LINKS, *(link for link in WHOLE if link not in LINKS)]
    chosen = known if links is None else list(links)
    if isinstance(links, str) or not chosen or not set(chosen) <= set(known):
        raise ValueError(f"links: expected a list of {', '.join(known)}, got {links!r}")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed: expected a whole number from 0, got {seed!r}")
    scope = Scope(quick, seed)
    runs = lambda table: [(name, link) for name, link in table.items()
                          if name in chosen and not (quick and name in SLOW)]
    selected = list(spec) if equations is None else [
        e if isinstance(e, spec.Equation) else spec[e] for e in equations]
    checks = [(e.id, name, link, (e, scope)) for e in selected for name, link in runs(LINKS)]
    if equations is None:
        checks += [(row, name, link, (scope,)) for row, links in ((ALGORITHM, WHOLE), (COMPILED, WRITTEN))
                   for name, link in runs(links)]
    return Report(tuple(_run(*check) for check in progress(checks)), scope)


def _run(id, name, link, arguments):
    try:
        return Result(id, name, True, link(*arguments))
    except LinkError as failure:
        text, differences = str(failure), failure.differences
    except Exception as error:  # what a mistake breaks is a failed check, never a lost report
        text, differences = f"raised {type(error).__name__}: {error}", ()
    return Result(id, name, False, Checked("FAIL", text, text), differences)


@cache
def recorded():
    """The report in the file $BP_REPORT, or else the report of a run made now, once.

    The build of the site runs `verify` once and shows that run on every page.
    """
    path = os.environ.get("BP_REPORT")
    return Report.from_json(Path(path).read_text("utf-8")) if path else verify()


@cache
def evidence_of(id):
    """The results for one equation: those recorded for the site, or computed now, once."""
    report = recorded() if os.environ.get("BP_REPORT") else verify(equations=[id])
    return tuple(result for result in report.results if result.equation == id)
