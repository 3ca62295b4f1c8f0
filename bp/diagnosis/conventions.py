"""How people's functions are called, and how what they return is read.

A convention has four parts that are independent of each other: which argument is what
(`roles`), how the arrays lie (`layout`), how the parameters are held (`container`), and
how the gradients come back (`returns`). `describe` reads the first off a signature;
the others are tried, and none of them is a mistake.

Nothing here knows a right gradient, so a process that isn't trusted may run it.
"""
import contextlib
import inspect
import io
import linecache
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np


@dataclass(frozen=True)
class Layout:
    """Where samples and units lie: `rows` of samples; weights `turned`, so (in, out); how biases lie.

    `single`: the function takes one sample at a time, and ours is the mean of what it returns.
    """
    rows: bool = False
    turned: bool = False
    bias: str = "column"  # (n, 1); "row" (1, n); "flat" (n,)
    single: bool = False
    flat: bool = False  # a sample is (n,)


LAYOUTS = {
    "columns": Layout(),
    "rows": Layout(rows=True, turned=True, bias="row"),
    "rows-flat": Layout(rows=True, turned=True, bias="flat"),
    "linear": Layout(rows=True, bias="flat"),
    "linear-column": Layout(rows=True),
    "sample": Layout(single=True),
    "vector": Layout(bias="flat", single=True, flat=True),
    "vector-turned": Layout(turned=True, bias="flat", single=True, flat=True),
}

CONTAINERS = {"state": ("lists",), "lists": ("lists", "by layer"), "parameters": ("dictionary", "pairs", "flat"),
              "separate": ("separate",)}
RETURNS = ("nabla_b, nabla_w", "nabla_w, nabla_b", "dictionary", "pairs w, b", "pairs b, w",
           "w1, b1, …", "b1, w1, …", "w1, …, b1, …", "b1, …, w1, …")


@dataclass(frozen=True)
class Call:
    """What a signature says: the role of each argument in its order, and the number of layers if it is fixed.

    Roles are "x", "y", "weights", "biases", "parameters", "sizes", "w1", "b1", …. Without
    any of the parameters they are found where the function looks for them: in its
    globals, or in the attributes of its object.
    """
    roles: tuple[str, ...]
    L: int | None = None
    guessed: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (name, role) of what was read by its order

    @property
    def style(self):
        """"state", "lists", "parameters" or "separate": where the parameters go."""
        if self.L is not None:
            return "separate"
        if "parameters" in self.roles:
            return "parameters"
        return "lists" if "weights" in self.roles else "state"


@dataclass(frozen=True)
class Convention:
    """One way to call a function and to read what it returns; all four parts can be sent as text.

    `returns` may be empty: then what comes is read in the first of the forms that suit it.
    """
    call: Call
    layout: str
    container: str
    returns: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """What came back, as ours lie: nabla_b[l-1] (n_l, 1) and nabla_w[l-1] (n_l, n_{l-1}) if it is right.

    `changed` names the arguments that the function has changed, `forms` those of RETURNS in which
    it can be read.
    """
    nabla_b: list
    nabla_w: list
    changed: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def arrays(self):
        """All arrays, biases first."""
        return [*self.nabla_b, *self.nabla_w]


@dataclass(frozen=True)
class Crash:
    """What came in place of gradients.

    `kind` is "raised", "returned" (something that isn't gradients), "took" (arguments that it doesn't
    take), "arguments" (a signature that isn't understood), or a limit that ended it: "time", "memory", "output",
    "exit". `error` says what, in its own words; line, source and shapes (of the arrays there, by name) are those of
    the learner's innermost line. Of a signature, `error` is that, `source` the names that aren't known.
    """
    kind: str
    error: str
    line: int | None = None
    source: str = ""
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    depth: int = 0  # the line of the function itself that was reached, to tell who got furthest


class Unreadable(ValueError):
    """What was returned isn't gradients in this form."""


class UnknownArguments(TypeError):
    """A signature that doesn't say which argument is which: as Python writes it, and the names that aren't known."""

    def __init__(self, signature, unknown):
        super().__init__("fn: expected one of (x, y), (x, y, weights, biases), (x, y, parameters) or "
                         f"(x, y, W1, b1, …), got {signature}")
        self.signature, self.unknown = signature, unknown


_NAMES = {
    "x": {"x", "xs", "input", "inputs", "data", "features", "a0", "xtrain", "xbatch", "batchx"},
    "y": {"y", "ys", "t", "target", "targets", "label", "labels", "expected", "yd", "d", "ytrue", "ytrain", "ybatch", "batchy"},
    "weights": {"weights", "weight", "w", "ws", "wts", "thetas"},
    "biases": {"biases", "bias", "b", "bs"},
    "parameters": {"params", "parameters", "param", "p", "theta", "network", "net", "model", "layers"},
    "sizes": {"sizes", "size", "layersizes", "layerdims", "dims", "architecture"},
}
_DERIVATIVE = re.compile(r"^((d[lejc]_?d|grads?|nabla|delta|d)_?)+(?=[wb])", re.IGNORECASE)
_NUMBERED = re.compile(r"(w|weights?|theta|b|bias)_?(\d+)", re.IGNORECASE)
_BY_POSITION = {2: ("x", "y"), 3: ("x", "y", "parameters"), 4: ("x", "y", "weights", "biases")}
_MOST_PARTS = 1000  # of an iterator, which may have no end
_METHODS = ("backprop", "backpropagation", "back_propagation", "backward", "gradients", "gradient")


def describe(fn):
    """Return the Call that the signature of `fn` says; `fn` is a function, a method, an object or a class.

    >>> describe(lambda X, y, params: None)
    Call(roles=('x', 'y', 'parameters'), L=None)
    >>> describe(lambda x, y, W1, b1, W2, b2: None).L
    2
    """
    function = _function(fn)
    try:
        found = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        raise TypeError(f"fn: expected a function whose signature can be read, got {fn!r}") from None
    if isinstance(fn, type):
        found = found[1:]
    known = [(p, _role(p.name)) for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [(p, role) for p, role in known if p.default is p.empty or role]
    roles, guessed = tuple(role for _, role in needed), ()
    if not {"x", "y"} <= set(roles) or None in roles or len(set(roles)) < len(roles):
        asked = [p.name for p, _ in known if p.default is p.empty]
        roles = _BY_POSITION.get(len(asked), ())
        guessed = tuple((name, role) for name, role in zip(asked, roles) if _role(name) != role)
    numbered = [role for role in roles if role[-1].isdigit()]
    unpaired = {*numbered} ^ {{"w": "b", "b": "w"}[role[0]] + role[1:] for role in numbered}
    unpaired = unpaired or ("weights" in roles) != ("biases" in roles)
    if not roles or unpaired or any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in found):
        unknown = [p.name for p, role in known if p.default is p.empty and role is None]
        raise UnknownArguments(str(inspect.Signature(found)), ", ".join(unknown))
    return Call(roles, len(numbered) // 2 if numbered else None, guessed)


def _role(name):
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        return ("b" if numbered[1][0] in "bB" else "w") + numbered[2]
    bare = name.lower().replace("_", "")
    return next((role for role, names in _NAMES.items() if bare in names), None)


def _function(fn):
    """The function that is called: `fn` itself, or the method of an object or a class that is named like one."""
    if inspect.isroutine(fn):
        return fn
    for name in _METHODS:
        if callable(getattr(fn, name, None)):
            return getattr(fn, name)
    if isinstance(fn, type) or not callable(fn):
        raise TypeError(f"fn: expected a function, or an object with a method called {_METHODS[0]}, got {fn!r}")
    return fn


def in_process(fn):
    """Return the `answer(problem, convention)` that calls `fn` right here."""
    return lambda problem, convention: call(fn, problem, convention)


def call(fn, problem, convention):
    """Call `fn` on a Problem in a Convention; return an Answer, or the Crash that came in its place.

    The function gets copies. What it prints, and its warnings, are dropped.
    """
    layout = LAYOUTS[convention.layout]
    answers = [_once(fn, one, convention, layout) for one in (problem.of_each_sample if layout.single else [problem])]
    crash = next((answer for answer in answers if isinstance(answer, Crash)), None)
    if crash or len(answers) == 1:
        return crash or answers[0]
    try:
        of_layers = lambda kind: [sum(arrays) / len(answers) for arrays in zip(*(getattr(a, kind) for a in answers))]
        return Answer(of_layers("nabla_b"), of_layers("nabla_w"), answers[0].changed, answers[0].forms)
    except ValueError as error:
        return Crash("returned", str(error))


def _once(fn, problem, convention, layout):
    given = _arrays(problem, layout)
    before = {name: array.copy() for name, array in given.items()}
    try:
        with _quiet():
            raw = _listed(_run(fn, problem, convention, given))
            readings = _readings(raw, problem.L, convention.returns)
    except KeyboardInterrupt:
        raise
    except Unreadable as error:
        return Crash("returned", str(error), depth=sys.maxsize)  # nothing got further
    except BaseException as error:  # somebody's code may raise anything, SystemExit too
        return _crash(fn, error)
    changed = tuple(name for name, array in before.items() if not np.array_equal(array, given[name]))
    nabla_b, nabla_w = next(iter(readings.values()))
    return Answer([_bias(array, layout) for array in nabla_b],
                  [array.T if layout.turned else array for array in nabla_w], changed, tuple(readings))


def _arrays(problem, layout):
    """{role: array} of a problem, as the layout has them; all are copies."""
    of_samples = lambda array: (array.ravel() if layout.flat else array.T if layout.rows else array).copy()
    of_bias = {"column": lambda b: b, "row": lambda b: b.T, "flat": lambda b: b[:, 0]}[layout.bias]
    given = {"x": of_samples(problem.x), "y": of_samples(problem.y)}
    for l, (w, b) in enumerate(zip(problem.weights, problem.biases), start=1):
        given[f"w{l}"] = (w.T if layout.turned else w).copy()
        given[f"b{l}"] = of_bias(b).copy()
    return given


def _bias(array, layout):
    """A bias gradient as ours lie. A row may come back for a flat one, and the other way round: both can be added."""
    if layout.bias == "column":
        return array
    return array.reshape(-1, 1) if array.ndim == 1 else array.T


def _run(fn, problem, convention, given):
    sizes, layers = list(problem.sizes), range(1, problem.L + 1)
    weights, biases = ([given[f"{letter}{l}"] for l in layers] for letter in "wb")
    held = {"lists": (weights, biases), "by layer": (dict(zip(layers, weights)), dict(zip(layers, biases)))}
    parameters = {"dictionary": {f"{letter}{l}": given[f"{letter.lower()}{l}"] for l in layers for letter in "Wb"},
                  "pairs": list(zip(weights, biases)),
                  "flat": [array for pair in zip(weights, biases) for array in pair]}
    weights, biases = held.get(convention.container, held["lists"])
    values = {**given, "weights": weights, "biases": biases, "sizes": sizes,
              "parameters": parameters.get(convention.container)}
    function = _function(fn)
    if convention.call.style != "state":
        owner = _made(fn, sizes) if isinstance(fn, type) else None
        function = getattr(owner, function.__name__) if owner is not None else function
        return function(*(values[role] for role in convention.call.roles))
    owner = _made(fn, sizes) if isinstance(fn, type) else getattr(function, "__self__", None)
    function = getattr(owner, function.__name__) if owner is not None else function
    scope = getattr(inspect.unwrap(function), "__globals__", None) if owner is None else getattr(owner, "__dict__", None)
    if scope is None:
        raise TypeError(f"expected a Python function, or an object with attributes, in which to put weights and biases, got {fn!r}")
    with _replaced(scope, _state(scope, values, problem.L, set(_uses(function)))):
        return function(*(values[role] for role in convention.call.roles))


def _made(cls, sizes):
    """An object of a class, which takes the sizes in one argument, or each in its own, or none."""
    found = inspect.signature(cls).parameters.values()
    taken = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = sum(p.default is p.empty for p in taken)
    if not taken and any(p.kind is p.VAR_POSITIONAL for p in found):
        return cls(*sizes)
    if taken and _role(taken[0].name) != "sizes" and needed != 1 and needed <= len(sizes) <= len(taken):
        return cls(*sizes)
    return cls(sizes) if taken else cls()


def _state(scope, values, L, used):
    """What to put where a function looks for its parameters: {name: value}."""
    state = {"weights": values["weights"], "biases": values["biases"]}
    for name in {*scope, *used}:
        role = _role(name)
        if role in ("weights", "biases") and name in used:
            state[name] = values[role]
        elif role == "parameters" and name in used and isinstance(scope.get(name), dict):
            state[name] = {key: values[_role(key)] for key in map(str, scope[name]) if _role(key) in values}
        elif role and role in values and role[-1].isdigit():
            state[name] = values[role]
    more = {"sizes": values["sizes"], "num_layers": L + 1}
    return {**state, **{name: value for name, value in more.items() if name in scope or name in used}}


def _uses(function):
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_names if code else ()


@contextlib.contextmanager
def _replaced(scope, values):
    absent = object()
    before = {name: scope.get(name, absent) for name in values}
    scope.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is absent:
                scope.pop(name, None)
            else:
                scope[name] = value


class _Nowhere(io.TextIOBase):
    """Takes what is printed and drops it."""

    def write(self, text):
        return len(text)


@contextlib.contextmanager
def _quiet():
    with (contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()),
          warnings.catch_warnings(), np.errstate(all="ignore")):
        warnings.simplefilter("ignore")
        yield


def _readings(raw, L, returns):
    """{form: (nabla_b, nabla_w)} in the form that is asked for, or in every one that suits; raise Unreadable."""
    if returns:
        return {returns: read(raw, L, returns)}
    found = {}
    for form in RETURNS:
        with contextlib.suppress(Unreadable):
            found[form] = read(raw, L, form)
    if not found:
        read(raw, L, "dictionary" if isinstance(raw, dict) else RETURNS[0])
    return found


def _listed(raw):
    """Iterators, such as `zip` gives, as lists; also within a tuple or a list."""
    listed = lambda part: list(islice(part, _MOST_PARTS)) if isinstance(part, Iterator) else part
    raw = listed(raw)
    if isinstance(raw, (tuple, list)) and any(isinstance(part, Iterator) for part in raw):
        return [listed(part) for part in raw]
    return raw


def read(raw, L, returns):
    """Return (nabla_b, nabla_w), lists of L arrays, from what a function returned; raise Unreadable.

    Costs and other numbers beside the gradients are passed over.

    >>> nabla_b, nabla_w = read((0.5, {"dW1": [[2.0]], "db1": [[3.0]]}), 1, "dictionary")
    >>> nabla_b, nabla_w
    ([array([[3.]])], [array([[2.]])])
    """
    if isinstance(raw, tuple):
        kept = tuple(part for part in raw if not np.isscalar(part) and getattr(part, "shape", None) != ())
        raw = kept[0] if len(kept) == 1 and len(raw) > 1 else kept
    if isinstance(raw, dict) != (returns == "dictionary"):
        raise Unreadable(f"expected {returns}, got {_kind(raw)}")
    if returns == "dictionary":
        return _from_dictionary(raw, L)
    if not isinstance(raw, (tuple, list)):
        raise Unreadable(f"expected {returns}, got {_kind(raw)}")
    raw = list(raw)
    if returns.startswith("nabla"):
        first, second = _of_layers(_entries(raw, 2)[0]), _of_layers(raw[1])
    elif returns.startswith("pairs"):
        first, second = zip(*(_entries(pair, 2) for pair in raw))
    elif returns in ("w1, b1, …", "b1, w1, …"):
        first, second = raw[::2], raw[1::2]
    else:
        first, second = raw[:len(raw) // 2], raw[len(raw) // 2:]
    biases_first = returns.startswith(("nabla_b", "b1", "pairs b"))
    nabla_b, nabla_w = (first, second) if biases_first else (second, first)
    return _read_all(nabla_b, L), _read_all(nabla_w, L)


def _from_dictionary(raw, L):
    bare = {key: _DERIVATIVE.sub("", str(key)) for key in raw}
    derivatives = {key: name for key, name in bare.items() if name != str(key)}
    found = {_role(name): raw[key] for key, name in (derivatives or bare).items() if _role(name)}
    if "weights" in found and "biases" in found:
        return tuple(_read_all(_of_layers(found[kind]), L) for kind in ("biases", "weights"))
    missing = [f"d{letter}{l}" for l in range(1, L + 1) for letter in "Wb" if f"{letter.lower()}{l}" not in found]
    if missing:
        raise Unreadable(f"expected {', '.join(missing)} among the keys, got {', '.join(map(str, raw)) or 'none'}")
    return tuple([_array(found[f"{letter}{l}"]) for l in range(1, L + 1)] for letter in "bw")


def _of_layers(value):
    return [value[key] for key in sorted(value)] if isinstance(value, dict) else value


def _entries(value, count):
    if not isinstance(value, (tuple, list)) or len(value) != count:
        raise Unreadable(f"expected {count} entries, got {_kind(value)}")
    return value


def _read_all(values, L):
    if not isinstance(values, (tuple, list, np.ndarray)) or len(values) != L:
        raise Unreadable(f"expected {L} arrays, one for each layer, got {_kind(values)}")
    for l, value in enumerate(values, start=1):
        if value is None:
            raise Unreadable(f"expected an array for layer {l}, got None")
    return [_array(value) for value in values]


def _array(value):
    try:
        array = np.array(value)  # a copy: what is returned may be a view of what is changed later
    except Exception:
        array = None
    if array is None or array.dtype.kind not in "fiub" or array.ndim > 2 or array.size == 0:
        raise Unreadable(f"expected an array of real numbers, got {_kind(value)}")
    return np.atleast_1d(array)


def _kind(value):
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" + f" of {value.dtype}" * (value.dtype.kind not in "fiub")
    if isinstance(value, (tuple, list, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return "None" if value is None else f"{type(value).__name__}"


def _crash(fn, error):
    """The Crash of an error, at the innermost line of the file that `fn` is from."""
    file = getattr(getattr(inspect.unwrap(_function(fn)), "__code__", None), "co_filename", None)
    frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)
              if frame.f_code.co_filename == file]
    try:
        said = f"{type(error).__name__}: {error}"
        if type(error) is NameError:  # then Python may know what was meant
            *_, said = traceback.TracebackException.from_exception(error).format_exception_only()
    except Exception:  # its message can't be had
        said = type(error).__name__
    if not frames:
        return Crash("took" if isinstance(error, TypeError) else "raised", said.strip())
    frame, line = frames[-1]
    source = linecache.getline(file, line, frame.f_globals).strip()
    in_line = set(re.findall(r"\w+", source)) if source else set(frame.f_locals)
    shapes = tuple(shape for name, value in frame.f_locals.items() if name in in_line for shape in _shapes(name, value))
    return Crash("raised", said.strip(), line, source, shapes, frames[0][1])


def _shapes(name, value):
    """(name, shape) of an array, or of each one in a list or a dictionary."""
    if isinstance(value, np.ndarray):
        yield name, value.shape
    elif isinstance(value, (list, tuple, dict)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(one, np.ndarray):
                yield f"{name}[{key!r}]", one.shape
