"""Link 5: every mistake of the catalogue is planted, and the links must reject it.

The table says what each check makes of each mistake on each fixture: it sees
it, the code stops by itself, or it is blind. The expected table is data
(`refuted.json`); a fixture that starts to see, or ceases to, fails the link.
"""
import json
from functools import cache
from pathlib import Path

import numpy as np

from bp import functions, spec
from bp.evidence.bridged import compare_network
from bp.evidence.executed import check_a_direction_for_each_array
from bp.evidence.fixtures import Fixture
from bp.evidence.floats import FloatPoint, complex_steps
from bp.evidence.mistakes import MISTAKES, SHIPPED, plant
from bp.evidence.outcome import FULL, Checked, LinkError
from bp.evidence.reference import Reference

SEES, STOPS, BLIND = "sees", "stops", "blind"

FIXTURES = (Fixture((2, 3, 1), 1), Fixture((2, 2, 2), 1), Fixture((3, 4, 2), 5),
            Fixture((4, 4, 4), 4), Fixture((3, 5, 4, 2), 5))

EXPECTED = Path(__file__).with_name("refuted.json")


def usual_check(fixture, algorithm):
    """The gradient check as it is usually written; returns how many entries it accepted.

    An entry passes within 1e-5 plus a thousandth of a central difference.
    """
    point, step, accepted = FloatPoint(fixture), 1e-6, 0
    for array, gradient in zip(point.parameters, point.gradients(algorithm.backprop)):
        for index in np.ndindex(array.shape):
            here, costs = array[index], []
            for moved in (here + step, here - step):
                array[index] = moved
                costs.append(point.cost(algorithm.feedforward))
            array[index] = here
            want = (costs[0] - costs[1]) / (2 * step)
            if not np.isclose(gradient[index], want, rtol=1e-3, atol=1e-5):
                raise LinkError(f"{fixture}, entry {list(index)}: {gradient[index]} for {want}")
            accepted += 1
    return accepted


CHECKS = {
    "bridged": lambda fixture, algorithm: compare_network(_reference(fixture), algorithm),
    "executed": lambda fixture, algorithm: check_a_direction_for_each_array(
        fixture, algorithm.feedforward, algorithm.backprop),
    "complex step": complex_steps,
    "usual check": usual_check,
}


def outcome(check, fixture, algorithm):
    """What one check makes of an algorithm: it sees a mistake, the code stops, or it is blind."""
    try:
        CHECKS[check](fixture, algorithm)
    except LinkError as found:
        stopped_by = found.__cause__
    except Exception as error:
        stopped_by = error
    else:
        return BLIND
    if isinstance(stopped_by, NameError):  # then the mistake was planted wrongly
        raise stopped_by
    return STOPS if stopped_by else SEES


@cache
def table():
    """{mistake: {fixture: {check: outcome}}}, measured now."""
    return {id: {str(fixture): {check: outcome(check, fixture, plant(mistake))
                                for check in CHECKS} for fixture in FIXTURES}
            for id, mistake in MISTAKES.items()}


def refute(equation, scope=FULL):
    """Every mistake in this equation's function is rejected, and the table is as expected."""
    return _refute([m for m in MISTAKES.values() if m.function is equation.function])


def refute_network(scope=FULL):
    """Every mistake in `backprop` is rejected, and right code is never called wrong."""
    for fixture in FIXTURES:
        for check in CHECKS:
            CHECKS[check](fixture, SHIPPED)
    functions_of_equations = {equation.function for equation in spec}
    return _refute([m for m in MISTAKES.values() if m.function not in functions_of_equations])


def _refute(mistakes):
    measured, expected = table(), json.loads(EXPECTED.read_text(encoding="utf-8"))
    blind = 0
    for mistake in mistakes:
        rows = measured[mistake.id]
        outcomes = [found for row in rows.values() for found in row.values()]
        if all(found == BLIND for found in outcomes):
            raise LinkError(f"{mistake.id} survives every check on every fixture")
        if rows != expected.get(mistake.id):
            raise LinkError(f"{mistake.id}: the table measured is {rows}, "
                            f"{EXPECTED.name} says {expected.get(mistake.id)}")
        blind += outcomes.count(BLIND)
    if not mistakes:
        return Checked("–", "no mistake of the catalogue lies here", "錯誤清單裡沒有針對這個公式的")
    names = ", ".join(mistake.id for mistake in mistakes)
    return Checked(f"{len(mistakes)} rejected",
                   f"{len(mistakes)} planted and rejected ({names}), each by at least one check; each was tried with "
                   f"{len(CHECKS)} checks on {len(FIXTURES)} networks, and {blind} of these "
                   f"{len(mistakes) * len(FIXTURES) * len(CHECKS)} trials could not see it",
                   f"埋入 {len(mistakes)} 個錯誤（{names}），每個都至少有一種檢查抓到；"
                   f"每個都用 {len(CHECKS)} 種檢查在 {len(FIXTURES)} 個網路上試過，"
                   f"這 {len(mistakes) * len(FIXTURES) * len(CHECKS)} 次裡有 {blind} 次看不出來",
                   f"抓到 {len(mistakes)} 個")


@cache
def _reference(fixture):
    return Reference(fixture, functions.sigmoid)


if __name__ == "__main__":
    EXPECTED.write_text(json.dumps(table(), indent=1) + "\n", encoding="utf-8")
