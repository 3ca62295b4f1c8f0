"""`check`: what is wrong with somebody's own backpropagation.

`diagnose` never calls the code itself: it asks `answer(problem, convention)`, so that the
code may run in another process, which gets no more than the problems.
"""
from dataclasses import replace
from functools import lru_cache
from itertools import product

import numpy as np

from bp import checks, equations
from bp.diagnosis import words
from bp.diagnosis.conventions import (CONTAINERS, LAYOUTS, RETURNS, Answer, Convention, Crash, UnknownArguments,
                                      describe, in_process)
from bp.diagnosis.diagnosis import CORRECT, KINDS, STOPS, WRONG, Diagnosis
from bp.diagnosis.identify import SCALING, match
from bp.diagnosis.marks import EXACT, SCALES, ROUGH, SINGLE, STRICT, expected, factor
from bp.diagnosis.problems import draw, named, problems
from bp.evidence.fixtures import small_networks
from bp.functions import ACTIVATIONS, COSTS, OUTPUTS

_PROBES = 2  # as many problems, one of unequal widths and one of equal ones, tell conventions apart


def check(fn, *, sizes=None, layout=None, returns=None, scale=None, activation="sigmoid", cost="quadratic",
          output=None, seed=0, gain=1.0):
    """Return the Diagnosis of a function that computes the gradient of a network.

    `fn` is a function of (x, y), (x, y, weights, biases), (X, Y, parameters) or (X, Y, W1, b1, …), or an
    object or a class with such a method. `sizes` are the widths of the only network that it
    takes. `layout`, `returns` and `scale` are recognised where they aren't given;
    given, they are required. Activation, cost and output are registered functions or their
    names. All is drawn from `seed`; weighted inputs are of the size of `gain`, so that a large one
    saturates the units. Raises ValueError or TypeError, naming the argument; that the arguments of
    `fn` itself aren't understood is a finding.

    >>> from bp import backprop
    >>> check(backprop).correct
    True
    """
    name = getattr(fn, "__name__", type(fn).__name__)
    try:
        call = describe(fn)
    except UnknownArguments as error:
        return Diagnosis(STOPS, {}, (words.arguments(name, error.signature, error.unknown),), name)
    found = diagnose(in_process(fn), call, sizes=sizes, layout=layout, returns=returns, scale=scale,
                     activation=activation, cost=cost, output=output, seed=seed, gain=gain)
    return replace(found, name=name)


def diagnose(answer, call, *, sizes=None, layout=None, returns=None, scale=None, activation="sigmoid",
             cost="quadratic", output=None, seed=0, gain=1.0):
    """Return the Diagnosis of whatever stands behind `answer(problem, convention)`.

    `answer` returns an Answer or a Crash; `call` is what `describe` says of the signature. The
    other arguments are those of `check`.

    >>> from bp import backprop
    >>> diagnose(in_process(backprop), describe(backprop), scale="sum").verdict
    'wrong'
    """
    sizes = sizes if sizes is None else tuple(checks.sizes(sizes))
    layouts = _choice("layout", layout, LAYOUTS)
    forms = _choice("returns", returns, RETURNS)
    scales = _choice("scale", scale, SCALES)
    functions = named(activation, cost, output)
    if scale is None and functions[1] != "quadratic":
        scales = [one for one in scales if "half" not in one]
    if call.L is not None and sizes is not None and len(sizes) != call.L + 1:
        raise ValueError(f"sizes: expected {call.L + 1} widths for a function of {call.L} layers, got {list(sizes)}")
    drawn = _problems(sizes, call.L if sizes is None else None, functions, checks.whole("seed", seed, 0), checks.positive("gain", gain))
    return _Check(answer, call, drawn, layouts, forms, scales, functions, seed).diagnosis()


def _choice(argument, value, known):
    if value is None:
        return list(known)
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{argument}: expected one of {', '.join(map(repr, known))}, got {value!r}")
    return [value]


@lru_cache(maxsize=16)
def _problems(*arguments):
    return problems(*arguments)


class _Check:
    """One check: its convention, the answers in it, and what they show."""

    def __init__(self, answer, call, drawn, layouts, forms, scales, functions, seed):
        self.answer, self.call, self.scales, self.functions, self.seed = answer, call, scales, functions, seed
        self.drawn = drawn
        self.of_any_sizes = len({problem.sizes for problem in drawn}) > 1
        some, self.convention = self._recognise(drawn[:_PROBES], layouts, forms)
        if not some:
            _, self.convention = self._recognise(drawn, layouts, forms)
        self.single = LAYOUTS[self.convention.layout].single
        self.answers = [(problem, answer(problem, self.convention)) for problem in drawn]
        self.given = _given(self.answers)
        self.crashes = [(problem, found) for problem, found in self.answers if isinstance(found, Crash)]
        self.precision = _precision(self.given)

    def _recognise(self, probes, layouts, forms):
        """(whether there are any, the convention in which they are best) of the answers to some problems."""
        best = None
        batches, singles = ([layout for layout in layouts if LAYOUTS[layout].single is single] for single in (False, True))
        for some in (batches, singles):
            if best is not None and self._for_batches(best[2]):
                break
            for layout, container in product(some, CONTAINERS[self.call.style]):
                for convention, answers in self._readings(probes, layout, container, forms):
                    merit = self._merit(answers, LAYOUTS[layout].single)
                    if best is None or merit > best[0]:
                        best = merit, convention, answers
                    if (merit[0] or merit[2] and self._for_batches(answers)) and self._holds(convention):
                        return True, convention
        return bool(_given(best[2])), best[1]

    def _holds(self, convention):
        """Whether a convention in which the probes are right, or known, is so everywhere: saturated ones may say nothing."""
        answers = [(problem, self.answer(problem, convention)) for problem in self.drawn]
        right, _, known, *_ = self._merit(answers, LAYOUTS[convention.layout].single)
        return right or known

    def _readings(self, probes, layout, container, forms):
        """Yield (convention, answers) of every form in which what comes can be read; of one, if nothing does."""
        ask = lambda convention: [(problem, self.answer(problem, convention)) for problem in probes]
        convention = Convention(self.call, layout, container, forms[0] if len(forms) == 1 else "")
        answers = ask(convention)
        found = [form for form in forms if any(form in given.forms for _, given in _given(answers))]
        for form in found:
            convention = Convention(self.call, layout, container, form)
            yield convention, ask(convention)
        if not found:
            yield convention, answers

    def _merit(self, answers, single):
        """How good answers are: all right; those given right; known mistakes; then how much of them fits."""
        given, right = _given(answers), self._scale(_given(answers), _precision(_given(answers))) is not None
        if not given or right:
            depth = max((found.depth for _, found in answers if isinstance(found, Crash)), default=0)
            return right and len(given) == len(answers), right, 0, 0, 0, 0, depth
        fitting = [(problem, found) for problem, found in given if _fits(problem, found)]
        ratios = sum(ratio is not None for one in fitting for ratio in _ratios(*one))
        shapes = sum(got.shape == want.shape for problem, found in fitting
                     for got, want in zip(found.arrays, expected(problem).arrays))
        known = match(answers, single, self.scales, _precision(given), alone=True)
        return False, False, known is not None, ratios, shapes, len(given), 0

    def _for_batches(self, answers):
        """Whether code that is wrong on batches was written for them, so that it may not be asked for one sample.

        Code for one sample, given several as columns, adds up weight gradients, and returns a
        bias gradient for each of them.
        """
        fitting = [(problem, found) for problem, found in _given(answers) if _fits(problem, found) and problem.N > 1]
        if any(all(got.shape == b.shape for got, b in zip(found.nabla_b, problem.biases)) for problem, found in fitting):
            return True
        of_last = [(problem, _ratios(problem, found, ROUGH)[-1]) for problem, found in fitting]
        if len(of_last) == _PROBES and None not in (of_last[0][1], of_last[1][1]):
            (one, r), (other, s) = of_last
            grows = one.N / other.N
            return not any(abs(r / s / times - 1) < 1e-3 for times in (grows, grows * other.sizes[-1] / one.sizes[-1]))
        known = match(answers, False, self.scales, alone=True) if fitting else None
        return known is not None and ("bias-unsummed",) not in known.ids

    def _scale(self, given, precision):
        """The scale in which every answer is right, or None."""
        return next((scale for scale in self.scales if given and all(
            _fits(p, a) and expected(p).all_right(a, factor(scale, p), precision) for p, a in given)), None)

    def diagnosis(self):
        """Everything in its order."""
        scale = self._scale(self.given, self.precision)
        limited = bool(scale) and self._is_of_two_layers()
        found = [*self._conventions()]
        if self.crashes:
            names = ([str(p.of_each_sample[0] if self.single else p) for p, _ in some] for some in (self.crashes, self.given))
            found.append(words.crash(self.crashes[0][1], *names, limited=limited))
        if not self.given:
            verdict = STOPS
        else:
            verdict = CORRECT if scale and (limited or not self.crashes) else WRONG
        if verdict == WRONG and self.call.style == "state" and (unseen := self._unseen()):
            return Diagnosis(STOPS, {}, (unseen,))
        if verdict == CORRECT:
            found += self._of_right(scale)
        else:
            scale, more = self._of_wrong()
            found += more
        if verdict != CORRECT and self.call.guessed:
            found.append(words.guessed(self.call.guessed))
        changed = sorted({name for _, a in self.given for name in a.changed})
        if changed:
            found.append(words.changed(changed))
        found.sort(key=lambda finding: KINDS.index(finding.kind))
        convention = {"arguments": ", ".join(self.call.roles), "layout": self.convention.layout,
                      "container": self.convention.container, "returns": self.convention.returns, "scale": scale}
        return Diagnosis(verdict, convention, tuple(found))

    def _is_of_two_layers(self):
        """Whether code was written for two layers: it runs on all of those, and stops at the shapes of others if widths differ.

        What returns and leaves gradients out, or has no layer where it looks for one, was written for any number.
        """
        return (all(p.L == 2 for p, _ in self.given)
                and all(p.L != 2 and (_may_be_of_shapes(found) or len({*p.sizes}) == 1) for p, found in self.crashes))

    def _unseen(self):
        """What is said of code that finds no parameters where they are put, and goes on with its own; None of other code."""
        problem, answer = self.given[0]
        others = replace(problem, weights=tuple(-w for w in problem.weights), biases=tuple(b + 1 for b in problem.biases))
        again, moved = self.answer(problem, self.convention), self.answer(others, self.convention)
        if not isinstance(again, Answer) or not _equal(answer, again):
            return words.unseen("draws")
        return words.unseen("keeps") if isinstance(moved, Answer) and _equal(answer, moved) else None

    def _conventions(self):
        if self.given and self.convention.layout != "columns":
            yield words.layout(self.convention.layout)
        if self.given and self.convention.returns not in ("", RETURNS[0]):
            yield words.returned(self.convention.returns)

    def _of_right(self, scale):
        if scale != "mean":
            yield words.scale(scale, tuple((id,) for id, of in SCALING.items() if of in scale))
        if self.convention.layout == "sample" and not self._is_right_of_columns():
            yield words.one_at_a_time()
        if self.precision is SINGLE:
            yield words.single_precision()

    def _is_right_of_columns(self):
        """Whether code that was right of one column is so of several."""
        convention = replace(self.convention, layout="columns")
        answers = [(problem, self.answer(problem, convention)) for problem in self.drawn if problem.N > 1]
        return len(_given(answers)) == len(answers) and self._scale(_given(answers), self.precision) is not None

    def _of_wrong(self):
        """(scale, findings) of code that isn't right."""
        misfit = next(((p, a) for p, a in self.given if not _fits(p, a)), None)
        if misfit:
            problem, answer = misfit
            return None, [words.count(len(answer.nabla_w), problem)]
        if self.given and all(_stepped(*one) for one in self.given):
            return None, [words.stepped()]
        known = None if any(_by_other_causes(a) for _, a in self.answers) else (
            match(self.answers, self.single, self.scales, self.precision)
            or match(self.answers, self.single, self.scales, SINGLE, alone=True))
        scale = known.scale if known else self._scale_of_last_layers()
        equation = self._equation(scale, known)
        found = [*self._shapes(), *self._ratio(), *equation, *self._other_functions()]
        if known:
            found.append(words.catalogue(known.ids, known.rate, possible=not self.given))
        elif smallest := self._smallest(scale):
            problem, answer, *entry = smallest
            found += [] if equation else [self._first_equation(problem, answer, scale)]
            found.append(words.unknown(problem, *entry))
        if scale != "mean" and self.given:
            found.append(words.scale(scale))
        return scale, found

    def _scale_of_last_layers(self):
        """The scale in which the last layers are right; without one, the first."""
        last = lambda p, a, scale: expected(p).right(a, factor(scale, p), self.precision)[p.L-1::p.L]
        return next((scale for scale in self.scales if self.given and all(any(last(p, a, scale)) for p, a in self.given)),
                    self.scales[0])

    def _shapes(self):
        for problem, answer in self.given:
            for name, got, want in zip(_names(problem), answer.arrays, expected(problem).arrays):
                if got.shape != want.shape:
                    return [words.shape(name, got.shape, want.shape, problem)]
        return []

    def _ratio(self):
        """The constant ratio of all bias gradients and that of all weight gradients, if both have one."""
        ratios = [(p, _ratios(p, a, self.precision)) for p, a in self.given]

        def formula(kind):
            return next((name for name, value in _FORMULAS.items() if all(
                r is not None and abs(r / value(p) - 1) < 10 * self.precision.relative
                for p, row in ratios for r in row[kind * p.L:(kind + 1) * p.L])), None)
        of_biases, of_weights = formula(0), formula(1)
        if None in (of_biases, of_weights) or of_biases == of_weights == "1" or not ratios:
            return []
        return [words.ratio(of_biases, of_weights)]

    def _equation(self, scale, known):
        """The first wrong equation from the output backwards, on the first problem that shows one."""
        ids = set(known.ids) if known else set()
        if ids == {("forward-without-bias",)}:
            return [words.forward()]
        wrong = [(p, a) for p, a in self.given if not expected(p).all_right(a, factor(scale, p), self.precision)]
        if not wrong or ids and ids <= {("layers-reversed",), ("shared-buffers",)}:
            return []  # then the equations may be right, and only their order is wrong
        problem, answer = next(((p, a) for p, a in wrong if p.N == 1), wrong[0])
        if problem.N > 1:  # is it so with one sample of the same network?
            alone = problem.of_each_sample[0]
            of_one = self.answer(alone, self.convention)
            if isinstance(of_one, Answer) and _fits(alone, of_one):
                if expected(alone).all_right(of_one, factor(scale, alone), self.precision):
                    return [self._first_equation(problem, answer, scale, only_batches=True)]
                problem, answer = alone, of_one
        return [self._first_equation(problem, answer, scale)]

    def _first_equation(self, problem, answer, scale, only_batches=False):
        """The first wrong equation on one problem."""
        id, layer = _first_wrong(problem, expected(problem).right(answer, factor(scale, problem), self.precision))
        if only_batches and id == "output-delta":
            return words.over_samples(problem)
        wrong = {"bias-gradient": [answer.nabla_b], "weight-gradient": [answer.nabla_w]}.get(id, [answer.nabla_b, answer.nabla_w])
        unfilled = not any(arrays[layer-1].any() for arrays in wrong)
        rest = id.endswith("delta") and problem.N == 1 and not unfilled and _follows(problem, answer, layer, self.precision)
        return words.equation(id, layer, problem, rest, only_batches, unfilled)

    def _other_functions(self):
        """Other functions of which the answers are the right gradient."""
        for f, of_sample, output in product(ACTIVATIONS, COSTS, ACTIVATIONS | OUTPUTS):
            try:
                others = named(f, of_sample, output)
            except ValueError:
                continue
            given = [(replace(p, activation=f, cost=of_sample, output=output), a) for p, a in self.given]
            if others != self.functions and self._scale(given, ROUGH):
                return [words.other_functions(*others)]
        return []

    def _smallest(self, scale):
        """(problem, answer, name, entry, got, want) of the smallest network on which an entry is wrong, or None."""
        for fixture in small_networks((1, 2, 3)):
            if self.of_any_sizes and any(len(fixture.sizes) == len(p.sizes) for p, _ in self.given):
                problem = draw(fixture.sizes, fixture.samples, self.seed, self.functions)
                answer = self.answer(problem, self.convention)
                if entry := self._wrong_entry(problem, answer, scale):
                    return problem, answer, *entry
        for problem, answer in sorted(self.given, key=lambda pair: pair[0].N):
            if entry := self._wrong_entry(problem, answer, scale):
                return problem, answer, *entry
        return None

    def _wrong_entry(self, problem, answer, scale):
        if not isinstance(answer, Answer) or not _fits(problem, answer):
            return None
        times, right = factor(scale, problem), expected(problem)
        for place, is_right in enumerate(right.right(answer, times, self.precision)):
            got, want = answer.arrays[place], times * right.arrays[place]
            if not is_right and got.shape == want.shape:
                entry = np.unravel_index(np.argmax(np.nan_to_num(abs(got - want), nan=np.inf)), want.shape)
                return _names(problem)[place], [int(i) for i in entry], float(got[entry]), float(want[entry])
        return None


_FORMULAS = {"1": lambda p: 1, "−1": lambda p: -1, "2": lambda p: 2, "½": lambda p: 0.5, "N": lambda p: p.N,
             "1/N": lambda p: 1 / p.N, "−N": lambda p: -p.N, "−2": lambda p: -2, "1/n_L": lambda p: 1 / p.sizes[-1],
             "n_L": lambda p: p.sizes[-1], "N/n_L": lambda p: p.N / p.sizes[-1], "2N": lambda p: 2 * p.N,
             "2/n_L": lambda p: 2 / p.sizes[-1], "−1/N": lambda p: -1 / p.N}


def _given(answers):
    return [(problem, found) for problem, found in answers if isinstance(found, Answer)]


def _fits(problem, answer):
    return len(answer.nabla_b) == len(answer.nabla_w) == problem.L


def _ratios(problem, answer, precision=SINGLE):
    return [expected(problem).ratio(i, got, precision) for i, got in enumerate(answer.arrays)]


def _stepped(problem, answer):
    """Whether an answer is the parameters after a step along the gradient, in the place of the gradient."""
    before = (*problem.biases, *problem.weights)
    if any(new.shape != old.shape for new, old in zip(answer.arrays, before)):
        return False
    flat = lambda arrays: np.concatenate([np.ravel(array) for array in arrays])
    step, gradient = flat(before) - flat(answer.arrays), flat(expected(problem).arrays)
    rate = step @ gradient / (gradient @ gradient)
    return abs(rate) > ROUGH.relative and np.allclose(step, rate * gradient, rtol=0, atol=1e-9 * abs(flat(before)).max())


def _precision(given):
    """SINGLE if all last layers are right to that precision, but for constant factors, and not to a better one."""
    fitting = [(problem, answer) for problem, answer in given if _fits(problem, answer)]

    def of_last(precision):
        return any(all(_is_multiple(*one, kind * one[0].L - 1, precision) for one in fitting) for kind in (1, 2))
    return SINGLE if fitting and not of_last(STRICT) and of_last(SINGLE) else EXACT


def _is_multiple(problem, answer, place, precision):
    """Whether an array is the right one times a constant, or both are lost in rounding."""
    right, got = expected(problem), answer.arrays[place]
    return (right.ratio(place, got, precision) is not None
            or right.near(place, got, 0 * right.arrays[place], precision)
            and right.near(place, 0 * got, right.arrays[place], precision))


def _names(problem):
    return [f"{name}[{l}]" for name in ("nabla_b", "nabla_w") for l in range(problem.L)]


def _first_wrong(problem, right):
    """(equation, layer): the first that is wrong from the output backwards; `right` is True where arrays are."""
    for l in range(problem.L, 0, -1):
        of_b, of_w = right[l-1], right[problem.L + l - 1]
        if not of_b and not of_w:
            return ("output-delta" if l == problem.L else "hidden-delta"), l
        if not of_b or not of_w:
            return ("weight-gradient" if of_b else "bias-gradient"), l
    raise ValueError("right: expected an array that isn't, got none")


def _follows(problem, answer, layer, precision):
    """Whether, with one sample, everything from the delta of a layer on follows from that delta rightly."""
    f, right = problem.functions[0], expected(problem)
    if any(got.shape != want.shape for got, want in zip(answer.arrays, right.arrays)):
        return False
    for l in range(layer, 0, -1):
        delta, a = answer.nabla_b[l-1], right.activations[l-1]
        if not right.near(problem.L + l - 1, answer.nabla_w[l-1], equations.weight_gradient(delta, a), precision):
            return False
        if l > 1:
            below = equations.hidden_delta(problem.weights[l-1], delta, right.zs[l-2], f)
            if not right.near(l - 2, answer.nabla_b[l-2], below, precision):
                return False
    return True


def _equal(one, other):
    """Whether two answers are the same to the last digit."""
    return len(one.arrays) == len(other.arrays) and all(map(np.array_equal, one.arrays, other.arrays))


def _may_be_of_shapes(crash):
    """Whether code raised what NumPy, PyTorch and JAX raise for shapes, or Python where it unpacks."""
    return crash.kind == "raised" and crash.error.startswith(("ValueError", "RuntimeError", "TypeError")) and "NoneType" not in crash.error


def _by_other_causes(answer):
    """Whether code stopped for what no mistake of the catalogue brings about: those stop at shapes alone."""
    return isinstance(answer, Crash) and not (answer.kind == "raised" and answer.error.startswith("ValueError"))
