"""How times are compared.

One after the other, in rounds, so that whatever slows the machine slows all of them:
in each round every contender is called once without a clock, to warm its memory, and
then for about `BLOCK` seconds with one. The round's ratio is its time divided by that
of the reference in the *same* round. What is reported is the median of these ratios,
with the quartiles as its spread; never a quotient of times from different moments.
"""
from statistics import median, quantiles
from time import perf_counter

BLOCK, BUDGET, ROUNDS = 0.02, 6.0, (7, 31)  # seconds a contender and a round, seconds a case, rounds
SLOW_ROUNDS = 3  # for those who would take more than their share of the budget


def seconds_of(call, calls=1):
    """Seconds that a call takes, the mean over so many of them."""
    start = perf_counter()
    for _ in range(calls):
        call()
    return (perf_counter() - start) / calls


def in_rounds(contenders, budget=BUDGET):
    """Time {name: call} in rounds; return {name: seconds in each round}, the reference first.

    A round in which somebody slow is left out has None for it.
    """
    once = {name: min(seconds_of(call) for _ in range(2)) for name, call in contenders.items()}
    calls = {name: max(1, round(BLOCK / seconds)) for name, seconds in once.items()}
    cost = {name: max(BLOCK, seconds) + seconds for name, seconds in once.items()}
    share = budget / ROUNDS[0] / len(once)
    slow = {name for name in once if cost[name] > max(share, 10 * BLOCK)} - {next(iter(once))}
    of_round = sum(seconds for name, seconds in cost.items() if name not in slow)
    rounds = int(min(max(budget / of_round, ROUNDS[0]), ROUNDS[1]))
    names, seconds = list(contenders), {name: [] for name in contenders}
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:  # nobody always comes after the same one
            if name in slow and turn >= SLOW_ROUNDS:
                seconds[name].append(None)
                continue
            if name not in slow:
                contenders[name]()
            seconds[name].append(seconds_of(contenders[name], calls[name]))
    return seconds


def reading(of_one, of_reference):
    """What is recorded of a contender: median seconds; median, quartiles and number of its ratios.

    >>> reading([2.0, None, 6.0], [1.0, 1.0, 2.0])
    {'seconds': 4.0, 'ratio': 2.5, 'low': 2.25, 'high': 2.75, 'rounds': 2}
    """
    pairs = [(one, reference) for one, reference in zip(of_one, of_reference) if None not in (one, reference)]
    ratios = [one / reference for one, reference in pairs]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return {"seconds": median(one for one, _ in pairs), "ratio": middle, "low": low, "high": high,
            "rounds": len(ratios)}
