"""The evidence: every link of the proof as a check that can fail.

`verify()` runs them and returns a Report. A link is a function that takes an
Equation and returns what it checked, or raises LinkError saying what it found.
"""
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from platform import python_version
from textwrap import fill

import numpy
import sympy

from bp import spec
from bp.evidence.bridged import FIXTURES, TOLERANCE, bridge_equation, bridge_network
from bp.evidence.derived import DEPTHS, derive_again
from bp.evidence.outcome import Checked, LinkError
from bp.evidence.printed import read_back

LINKS = {"derived": derive_again, "printed": read_back, "bridged": bridge_equation}

_MEANINGS = {
    "derived": "each step equals the result, for any layer l, any widths n(l) and any f; diffs: "
               f"SymPy's derivatives of whole networks of {DEPTHS[0]} to {DEPTHS[-1]} layers agree",
    "printed": "the LaTeX on the page, read back, is the object that was derived",
    "bridged": f"the code gives what the statement gives, to {TOLERANCE:g} of the largest entry; "
               f"sizes×samples: {', '.join(map(str, FIXTURES))}",
}

# A row of the report that is no single equation: all of them composed.
ALGORITHM = "backprop"


@dataclass(frozen=True)
class Result:
    """What one link found for one equation: what it checked, or how it failed."""
    equation: str
    link: str
    passed: bool
    found: Checked


@dataclass(frozen=True)
class Report:
    """The results of a run, with what is needed to repeat it."""
    results: tuple[Result, ...]

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
                "sympy": sympy.__version__, "python": python_version()}

    def to_json(self):
        """Return the report as a JSON string."""
        return json.dumps({"passed": self.passed, "versions": self.versions,
                           "results": [asdict(result) for result in self.results]},
                          ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text):
        """Return the report that `to_json` wrote."""
        return cls(tuple(Result(**{**row, "found": Checked(**row["found"])})
                         for row in json.loads(text)["results"]))

    def __str__(self):
        """The table equation × link, what each link means, and every failure whole."""
        cell = {(r.equation, r.link): r.found.brief for r in self.results}
        rows = [["equation", *LINKS], *([id, *(cell.get((id, link), "–") for link in LINKS)]
                                        for id in dict.fromkeys(r.equation for r in self.results))]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines += ["", *(fill(f"{name:8} {meaning}", 79, subsequent_indent=9 * " ")
                       for name, meaning in _MEANINGS.items()), ""]
        lines += [f"FAIL {r.equation}, {r.link}: {r.found.en}" for r in self.failures]
        passed = len(self.results) - len(self.failures)
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return "\n".join([*lines, f"{passed} of {len(self.results)} checks passed ({versions})"])


def verify(equations: Iterable[str] | None = None, progress: Callable = iter) -> Report:
    """Run every link for the named equations, or for all and the whole algorithm.

    `progress` wraps the list of checks, as `tqdm.tqdm` does. An id that is not
    in the spec raises `bp.spec.UnknownEquation` before anything runs, an empty
    list ValueError.

    >>> verify(equations=["sigmoid"]).passed
    True
    """
    if isinstance(equations, str) or equations is not None and not equations:
        raise ValueError(f"equations: expected a list of one or more ids, got {equations!r}")
    chosen = list(spec) if equations is None else [spec[id] for id in equations]
    checks = [(e.id, name, link, e) for e in chosen for name, link in LINKS.items()]
    if equations is None:
        checks.append((ALGORITHM, "bridged", bridge_network, None))
    return Report(tuple(_run(*check) for check in progress(checks)))


def _run(id, name, link, equation):
    try:
        found = link(equation) if equation else link()
    except LinkError as failure:
        text = str(failure)
    except Exception as error:  # what a mistake breaks is a failed check, never a lost report
        text = f"raised {type(error).__name__}: {error}"
    else:
        return Result(id, name, True, found)
    return Result(id, name, False, Checked("FAIL", text, text))


@cache
def evidence_of(id):
    """The results for one equation: those in the file $BP_REPORT, or computed now, once.

    The build of the site runs `verify` once and shows that run on every card.
    """
    path = os.environ.get("BP_REPORT")
    report = Report.from_json(Path(path).read_text("utf-8")) if path else verify(equations=[id])
    return tuple(result for result in report.results if result.equation == id)
