"""Check a function in a file: find the file, run it in its sandbox, and keep what was found."""
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bp.diagnosis import words
from bp.diagnosis.conventions import Call, Crash
from bp.diagnosis.diagnosis import STOPS, Diagnosis, Finding
from bp.diagnosis.sandbox import Limits, NotFound, Sandbox, Unloadable, cells_from, cells_of

SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Checked:
    """One file's Diagnosis, how long it took, and the beginning of what it printed."""
    file: str
    diagnosis: Diagnosis
    seconds: float = 0.0
    printed: str = ""

    @property
    def name(self):
        """What was checked."""
        return self.diagnosis.name


def check_file(path, name, *, cells=None, readable=None, limits=Limits(), sizes=None, **options):
    """Return what is Checked of the function or method `name` in a .py file or a notebook.

    The code runs in a process of its own, within `limits`, and may read files below
    `readable`. `sizes` and `options` are those of `bp.diagnosis.check`. A file without the function,
    or one that can't be read, gets a Diagnosis that says so.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.py")
    ...     _ = path.write_text("def forward(x): return x")
    ...     print(check_file(path, "backprop").diagnosis.findings[0].en)
    There is no backprop in this file. It has forward.
    """
    from bp.diagnosis.check import diagnose
    start = time.perf_counter()
    try:
        with Sandbox(path, name, cells=cells, readable=readable, limits=limits) as sandbox:
            call = sandbox.load()
            if sizes is not None and call.L not in (None, len(sizes) - 1):
                raise NotFound(f"{name} takes {call.L} layers; {len(sizes) - 1} were asked for.",
                               f"{name} 是 {call.L} 層的；題目要的是 {len(sizes) - 1} 層。")
            diagnosis = replace(diagnose(sandbox.answer, call, sizes=sizes, **options), name=name)
            if sandbox.stops and not diagnosis.correct:
                stop = Finding("remark", *_stop(sandbox.stops[0]), words.HOW)
                diagnosis = replace(diagnosis, findings=(*diagnosis.findings, stop))
    except Unloadable as error:
        diagnosis = _stopped(_why(error, name), name)
    except (NotFound, OSError) as error:
        return not_found(path, name, error)
    return Checked(str(path), diagnosis, time.perf_counter() - start, sandbox.printed)


def require(name, cells, *, language=None, limits=Limits(), **options):
    """Raise AssertionError with the diagnosis if the function `name`, defined in a notebook's cells, is wrong.

    `cells` are their sources, as IPython has them in `In`; the last is the one that calls this. The others are run
    once more, in a process of their own.
    """
    checked = check_file(Path.cwd() / "notebook", name, cells=cells_from(cells[:-1]), limits=limits, **options)
    if not checked.diagnosis.correct:
        raise AssertionError(checked.diagnosis.text(language))


def check_options(**options):
    """Raise ValueError or TypeError, naming the argument, if `options` aren't those of `bp.diagnosis.check`."""
    from bp.diagnosis.check import diagnose
    diagnose(lambda problem, convention: Crash("raised", ""), Call(("x", "y")), **options)


def check_name(function):
    """Raise ValueError if this can't be the name of a function or a method.

    >>> check_name("Network.")
    Traceback (most recent call last):
    ValueError: function: expected a name such as backprop or Network.backprop, got 'Network.'
    """
    if not all(part.isidentifier() for part in function.split(".")):
        raise ValueError(f"function: expected a name such as backprop or Network.backprop, got {function!r}")


def not_found(path, name, error):
    """Return what is Checked where there is no file to check, or none that can be read."""
    return Checked(str(path), _stopped(getattr(error, "both", (str(error),) * 2), name))


def find(folder, name):
    """Return the file in a folder, or below it, that seems to define `name`; raise NotFound.

    The text is looked at, nothing is run. Of several the one with the shortest
    path is taken, then the first by name.
    """
    first = name.partition(".")[0]
    files = sorted((path for path in Path(folder).rglob("*") if path.suffix in SUFFIXES and path.is_file()
                    and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)),
                   key=lambda path: (len(path.relative_to(folder).parts), str(path)))
    if len(files) == 1:
        return files[0]
    word = re.compile(rf"^\s*(?:(?:async\s+)?def|class)\s+{re.escape(first)}\b|^{re.escape(first)}\s*=", re.MULTILINE)
    for path in files:
        try:
            if any(word.search(source) for _, source in cells_of(path)):
                return path
        except (OSError, ValueError):
            continue
    raise NotFound(f"There is no .py or .ipynb file that defines {first}; {len(files)} were looked at.",
                   f"找不到定義 {first} 的 .py 或 .ipynb 檔；看過了 {len(files)} 個檔案。")


def _stopped(why, name):
    return Diagnosis(STOPS, {}, (Finding("crash", *why, words.HOW),), name)


def _why(error, name):
    """What is said of a file that gives no function, in both languages."""
    crash = error.crash
    en, zh = (f"{name}: {crash.error}.",) * 2
    if crash.kind == "missing":
        en, zh = f"There is no {name} in this file.", f"這個檔案裡沒有 {name}。"
        if error.functions:
            names = ", ".join(error.functions)
            en, zh = f"{en} It has {names}.", f"{zh}有的是 {names}。"
    elif crash.kind == "took":
        en, zh = f"The arguments of {name} were not understood: {crash.error}.", f"看不懂 {name} 的引數：{crash.error}。"
    elif crash.kind == "arguments":
        said = words.arguments(name, crash.error, crash.source)
        en, zh = said.en, said.zh
    elif crash.kind == "time":
        en = f"The file's own statements don't end ({crash.error})."
        zh = f"檔案本身的敘述跑不完（{crash.error}）。"
    elif crash.kind in ("exit", "output"):
        en = f"The process ended while the file was loading ({crash.error})."
        zh = f"載入檔案時行程就結束了（{crash.error}）。"
    if error.stops:
        en, zh = (f"{text}{space}{stop}" for text, space, stop in zip((en, zh), (" ", ""), _stop(error.stops[0])))
    return en, zh


def _stop(stop):
    """Where the statements of a file stopped."""
    cell = stop.file.removeprefix("cell ") if stop.file.startswith("cell ") else ""
    en = f"{f'Its cell {cell}' if cell else 'The file'} stops at line {stop.line or 1}: {stop.error}."
    zh = f"{f'儲存格 {cell} ' if cell else '檔案'}停在第 {stop.line or 1} 行：{stop.error}。"
    return en, zh
