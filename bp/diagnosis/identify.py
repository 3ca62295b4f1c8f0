"""Which mistakes of the catalogue give what came back: each was planted in the shipped code and run."""
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np

from bp.diagnosis.conventions import Answer
from bp.diagnosis.marks import EXACT, expected, factor
from bp import equations, functions, network
from bp.evidence.mistakes import MISTAKES, plant

UPDATED = "updated-weights"  # its learning rate isn't known, so it is found out from what came
# These only scale the gradient, as another cost does: the words with which marks.SCALES says so.
SCALING = {"factor-two": "no half", "sum-not-mean": "sum", "divided-by-outputs": "over outputs"}



def _variant(id, function, right, wrong):
    return replace(MISTAKES[id], function=function, right=right, wrong=wrong)


_MEAN, _LAST, _LAST_ONLY = "delta.sum(axis=1, keepdims=True) / N", "last-sample-only", "delta[:, -1:]"
# The same mistakes made in other lines; a variant is named by its mistake, a slash and a number.
_PLANTED = {id: (mistake,) for id, mistake in MISTAKES.items()} | {
    "bias-unsummed/1": (_variant("bias-unsummed", equations.bias_gradient, _MEAN, "delta"),),
    f"{_LAST}/1": (MISTAKES[_LAST], _variant(_LAST, equations.bias_gradient, _MEAN, _LAST_ONLY)),
    f"{_LAST}/2": (_variant(_LAST, equations.weight_gradient, "delta / N, a.T", "delta[:, -1:] / N, a[:, -1:].T"),
                   _variant(_LAST, equations.bias_gradient, _MEAN, f"{_LAST_ONLY} / N")),
    "same-layer-activation/1": (_variant("same-layer-activation", network.backprop, "delta, activations[l-1]",
                                         "delta, activations[l - (l == L)]"),),
}


@lru_cache(maxsize=1024)
def planted(ids, rate=0.5):
    """The algorithm with these mistakes, or None where two of them change the same words."""
    try:
        return plant(*(change for id in ids for change in _PLANTED[id]), rate=rate)
    except ValueError:
        return None


@lru_cache(maxsize=2**14)
def outcome(problem, ids, single=False):
    """What these mistakes make of a problem: all arrays, biases first, or None where the code stops.

    `single`: the mean of what they make of each sample alone.
    """
    return _run(planted(ids), problem, single)


def _run(algorithm, problem, single):
    runs = []
    for one in problem.of_each_sample if single else [problem]:
        try:
            with np.errstate(all="ignore"):
                nabla_b, nabla_w = algorithm.backprop(*one.arguments)
        except Exception:
            return None
        runs.append([*nabla_b, *nabla_w])
    return [sum(arrays) / len(runs) for arrays in zip(*runs)]


@dataclass(frozen=True)
class Match:
    """Mistakes that give all that came, each a tuple of ids, in one scale; and the learning rate if weights were updated."""
    scale: str
    ids: tuple[tuple[str, ...], ...]
    rate: float | None = None


def match(answers, single, scales, precision=EXACT, alone=False):
    """Return the Match of these answers, or None.

    `answers` are pairs of a problem and its Answer or Crash. Single mistakes are tried first, then,
    unless they are to be `alone`, pairs, then single ones that also stop where the answers don't, or
    the other way round.
    """
    quadratic = all(problem.cost == "quadratic" for problem, _ in answers)
    each = [(id,) for id in _PLANTED if id != UPDATED and (quadratic or not _in_quadratic(id))]
    pairs = [] if alone else [pair for pair in _pairs() if quadratic or not any(map(_in_quadratic, pair))]
    for candidates, strict in (each, True), (pairs, True), (() if alone else each, False):
        for scale in scales:
            found = [ids for ids in candidates if _explains(ids, answers, single, scale, precision, strict)]
            rate = _rate(answers, single, scale, precision) if candidates is each and strict and not found else None
            if found or rate:
                named = dict.fromkeys(tuple(id.split("/")[0] for id in ids) for ids in found)
                return Match(scale, tuple(named) or ((UPDATED,),), rate)
    return None


def _in_quadratic(id):
    """Whether a mistake is one in the derivative of the quadratic cost, which code for another cost doesn't have."""
    return any(change.function is functions.quadratic_prime for change in _PLANTED[id])


@lru_cache
def _pairs():
    others = [id for id in MISTAKES if id not in SCALING and id != UPDATED]
    return [pair for pair in combinations(others, 2) if planted(pair)]


def _explains(ids, answers, single, scale, precision, strict):
    """Whether these mistakes give what came; strictly, or only where neither they nor the answers stopped."""
    told = False  # whether anything that came is not what right code gives
    for problem, answer in answers:
        made = outcome(problem, ids, single)
        if isinstance(answer, Answer) and made is not None:
            if not _same(problem, answer, made, factor(scale, problem), precision):
                return False
            told = told or not expected(problem).all_right(answer, factor(scale, problem), precision)
        elif isinstance(answer, Answer) or made is not None:
            if strict:
                return False
        else:
            told = told or strict
    return told


def _same(problem, answer, made, times, precision):
    return all(expected(problem).near(i, got, want, precision, times)
               for i, (got, want) in enumerate(zip(answer.arrays, made)))


def _rate(answers, single, scale, precision):
    """The learning rate with which weights were updated too early, or None if that isn't what happened."""
    found = None
    for problem, answer in answers:
        if not isinstance(answer, Answer):
            return None
        right, times = expected(problem), factor(scale, problem)
        if problem.L == 1 or right.all_right(answer, times, precision):
            continue
        # The layer below the last moves in proportion to the rate.
        place = problem.L - 2
        moved = _run(planted((UPDATED,), 1.0), problem, single)[place] - right.arrays[place]
        if answer.arrays[place].shape != moved.shape:
            return None
        along = (moved * moved).sum()
        rate = float(((answer.arrays[place] / times - right.arrays[place]) * moved).sum() / along) if along else 0
        if not np.isfinite(rate) or not rate:
            return None
        made = _run(plant(MISTAKES[UPDATED], rate=rate), problem, single)
        if not _same(problem, answer, made, times, precision):
            return None
        found = rate
    return found
