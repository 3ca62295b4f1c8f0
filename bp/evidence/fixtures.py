"""The networks that checks run on, and the search for the smallest one that shows a failure."""
from dataclasses import dataclass, replace
from itertools import product

from bp import checks, functions
from bp.evidence.outcome import Difference, LinkError


@dataclass(frozen=True)
class Fixture:
    """The sizes of a network and the number of its samples; all is drawn from `seed`.

    >>> str(Fixture((2, 3, 1), 5)), Fixture((2, 3, 1), 5).parameters
    ('[2,3,1]×5', 13)
    """
    sizes: tuple[int, ...]
    samples: int
    seed: int = 0

    def __str__(self):
        return f"[{','.join(map(str, self.sizes))}]×{self.samples}"

    @property
    def parameters(self):
        """The number of weights and biases."""
        return sum(n * (m + 1) for m, n in zip(self.sizes, self.sizes[1:]))


def settings():
    """(activation, cost, output) for every output and cost that suit each other.

    From the second on, hidden layers don't do as the last one does, so that
    code that takes the one for the other is seen.

    >>> len(settings())
    8
    """
    found = []
    outputs = functions.ACTIVATIONS | functions.OUTPUTS
    for cost, output in product(functions.COSTS.values(), outputs.values()):
        try:
            checks.output(output, cost)
        except ValueError:
            continue
        others = [f for f in functions.ACTIVATIONS.values() if f not in (output, functions.sigmoid)]
        hidden = others[len(found) % len(others)] if found else output
        found.append((hidden, cost, output))
    return found


def small_networks(depths, widths=(1, 2, 3)):
    """Every network of these depths and widths, with one sample and with two; smallest first."""
    networks = (Fixture(sizes, samples) for depth in depths
                for sizes in product(widths, repeat=depth + 1) for samples in (1, 2))
    return tuple(sorted(networks, key=lambda fixture: (fixture.parameters, fixture.samples)))


def on_each(fixtures, check):
    """Return what `check` finds on each fixture.

    Where it raises, its LinkError is raised again with a second difference: that
    of the smallest network, of up to three layers of three units, that shows one.
    """
    found = []
    for fixture in fixtures:
        failure = _failure(check, fixture, found)
        if failure is not None:
            failure.differences += _smallest(check, fixture)
            raise failure
    return found


def _smallest(check, fixture):
    for small in small_networks((1, 2, 3)):
        if small.parameters < fixture.parameters:
            failure = _failure(check, replace(small, seed=fixture.seed), [])
            if failure is not None:
                return failure.differences
    return ()


def _failure(check, fixture, found):
    try:
        found.append(check(fixture))
    except LinkError as failure:
        return failure
    except Exception as error:  # the code under test may raise anything
        failure = LinkError(Difference(str(fixture), "", f"{type(error).__name__}: {error}"))
        failure.__cause__ = error
        return failure
    return None
