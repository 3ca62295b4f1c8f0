"""What `make bench` recorded, as tables and figures, and which goals it meets.

A record is the JSON that benchmarks/bench.py writes; nothing here is measured, and no
number of a page is typed. Ratios are those of the record, medians over rounds in
which all took turns, with their quartiles.
"""
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bp.figures.chart import chart
from bp.figures.svg import number
from bp.figures.tables import text_table
from bp.glossary import choose

LARGE, MIDDLE, SMALL, DIGITS = [784, 512, 512, 10], [784, 30, 10], [2, 3, 1], [64, 30, 10]
SHIPPED, TRAIN, COMPILED = "bp.backprop", "Network.train", "spec.compile"
NO_GRADIENT = ("products", "peak")
_CHINESE = {"notebook": "原始筆記本", "in place": "就地計算", "products": "只算矩陣乘積", "JAX, scan": "JAX（scan）",
            "JAX, from NumPy": "JAX，輸入 NumPy 陣列"}
_KINDS = {"derive": ("derive", "推導"), "bridge": ("bridge", "對照"), "exact": ("execute", "執行"),
          "expand": ("expand E", "展開 E")}


def read(path="benchmarks/recorded.json"):
    """Return the last recorded run, as a dictionary."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Words:
    """A table of plain text: its head, and {name of a row: cells}.

    >>> print(Words(["", "a"], {"row": ["1"], "second": ["22"]}))
            a
    row     1
    second  22
    """
    head: list
    rows: dict

    def _repr_html_(self):
        table = text_table(self.head, self.rows)
        for sign, kept in (("–", "\u2060–\u2060"), ("≤ ", "≤\u00a0"), ("≥ ", "≥\u00a0")):  # no line ends there
            table = table.replace(sign, kept)
        return f'<div class="bp-benchmarks">{table}</div>'

    def __str__(self):
        rows = [self.head, *([name, *cells] for name, cells in self.rows.items())]
        widths = [max(map(_width, column)) for column in zip(*rows)]
        lines = ("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths))
                 for row in rows)
        return "\n".join(line.rstrip() for line in lines)

    __repr__ = __str__


@dataclass(frozen=True)
class Goal:
    """What was aimed at. `read` gives, from a record, {where: value}; the worst of them counts."""
    en: str
    zh: str
    limit: float
    at_most: bool
    read: Callable

    def worst(self, record):
        """(where, value), or None where nothing was measured."""
        found = self.read(record)
        pick = max if self.at_most else min
        return pick(found.items(), key=lambda pair: pair[1]) if found else None

    def is_met(self, record):
        worst = self.worst(record)
        return worst is not None and (worst[1] <= self.limit if self.at_most else worst[1] >= self.limit)


def _select(record, part, **wanted):
    """The rows of a part that have these values; a tuple or list of tuples names several."""
    fits = lambda row, key, value: row[key] in value if isinstance(value, tuple) else row[key] == value
    return [row for row in record[part] if all(fits(row, *pair) for pair in wanted.items())]


def _gradient_ratios(contender, of, **wanted):
    """{case: time of `contender` over that of `of`}, on one thread."""
    def read(record):
        other = {_case(row): row["ratio"] for row in _select(record, "gradients", contender=of, threads=1)}
        return {_case(row): row["ratio"] / other[_case(row)] for row in
                _select(record, "gradients", contender=contender, threads=1, **wanted) if _case(row) in other}
    return read


def _training_ratios(contender):
    return lambda record: {_net(row["sizes"]): row["ratio"] for row in
                           _select(record, "training", contender=contender, threads=1)}


def _large(key, batch):
    return lambda record: {_case(row): row[key] if key == "peak" else row[key][0] for row in
                           _select(record, "gradients", contender=SHIPPED, threads=1, sizes=LARGE, batch=batch)}


def _flat(record):
    """The slowest derivation over the fastest, whatever the size."""
    seconds = [row["seconds"] for row in _select(record, "proof", kind="derive")]
    return {choose("all sizes", "所有大小"): max(seconds) / min(seconds)}


GOALS = (
    Goal("bp.backprop, time of the version in place, batch 128 and more",
         "bp.backprop：就地計算的幾倍時間，批次 128 以上", 1.25, True,
         _gradient_ratios(SHIPPED, "in place", batch=(128, 1024))),
    Goal("sigmoid, time of 1 / (1 + exp(−z))", "sigmoid：1 / (1 + exp(−z)) 的幾倍時間", 1.3, True,
         lambda record: {choose(f"{row['entries']:,} entries", f"{row['entries']:,} 個元素"): row["ratio"]
                         for row in record["sigmoid"]}),
    Goal("Network.train, times as fast as the notebook's loop", "Network.train：比原始筆記本的迴圈快幾倍", 15, False,
         _training_ratios("notebook")),
    Goal("Network.train, times as fast as PyTorch", "Network.train：比 PyTorch 快幾倍", 10, False,
         _training_ratios("PyTorch")),
    Goal("Network.train, times as fast as a jitted JAX step", "Network.train：比 JAX jit 的一步快幾倍", 2, False,
         _training_ratios("JAX")),
    Goal("spec.compile, times as fast as the notebook", "spec.compile：比原始筆記本快幾倍", 4, False,
         _gradient_ratios("notebook", COMPILED)),
    Goal("spec.compile, times as fast as PyTorch", "spec.compile：比 PyTorch 快幾倍", 25, False,
         _gradient_ratios("PyTorch", COMPILED)),
    Goal("spec.compile, times as fast as JAX", "spec.compile：比 JAX 快幾倍", 3, False,
         _gradient_ratios("JAX", COMPILED)),
    Goal("large net, share of the peak, batch 128", "大網路：峰值的幾成，批次 128", 0.82, False, _large("peak", 128)),
    Goal("large net, share of the peak, batch 1024", "大網路：峰值的幾成，批次 1024", 0.88, False, _large("peak", 1024)),
    Goal("large net, time of its bare matrix products", "大網路：只算矩陣乘積的幾倍時間", 1.12, True,
         _large("products", (128, 1024))),
    Goal("bp.backprop, times as fast as PyTorch, every case", "bp.backprop：比 PyTorch 快幾倍，每一種情形", 1, False,
         _gradient_ratios("PyTorch", SHIPPED)),
    Goal("peak memory, of the arrays that must exist", "記憶體峰值：必要陣列的幾倍", 1.6, True,
         lambda record: {_case(row): row["ratio"] for row in record["memory"] if row["sizes"] in (MIDDLE, LARGE)
                         and row["batch"] >= 128}),
    Goal("derivation, slowest over fastest, whatever the size", "推導：不管網路大小，最慢是最快的幾倍",
         1.5, True, _flat),
)


def goals(record):
    """Each goal: what was read, where it was worst, and whether that is met."""
    rows = {}
    for goal in GOALS:
        worst, sign = goal.worst(record), "≤" if goal.at_most else "≥"
        said = choose("not measured", "沒有測") if worst is None else (
            choose("met", "達成") if goal.is_met(record) else choose("missed", "未達成"))
        where, value = worst or ("–", None)
        rows[choose(goal.en, goal.zh)] = [f"{sign} {number(goal.limit)}", "–" if value is None else number(value),
                                          said, where]
    return Words([choose("goal", "目標"), choose("limit", "界限"), choose("read", "測得"),
                  choose("result", "結果"), choose("worst at", "最差的情形")], rows)


def gradients(record, threads=1):
    """Time of bp.backprop for each case, and how many times as long the others took."""
    cases, names = _table_of(record, "gradients", threads, SHIPPED, also_not="peak")
    head = [choose("network × batch", "網路 × 批次"), SHIPPED, *map(_name, names)]
    rows = {case: [_time(found[SHIPPED]["seconds"]), *(_ratio(found.get(name)) for name in names)]
            for case, found in cases.items()}
    return Words(head, rows)


def training(record, threads=1):
    """Time of a step of Network.train on the digits, and how many times as long the others took."""
    rows = {_name(row["contender"]): [_time(row["seconds"]), "1" if row["contender"] == TRAIN else _ratio(row)]
            for row in _select(record, "training", threads=threads)}
    return Words(["", choose("a step", "一步"), choose(f"× {TRAIN}", f"× {TRAIN}")], rows)


def losses(record):
    """Every case in which somebody else was faster than bp, beyond the spread of the ratios."""
    rows = {}
    for part, ours in (("gradients", SHIPPED), ("training", TRAIN)):
        for row in record[part]:
            if row["contender"] in (*NO_GRADIENT, ours) or not row["high"] < 1:
                continue
            case = _case(row) if part == "gradients" else choose("training, ", "訓練，") + _net(row["sizes"])
            threads = choose(f", {row['threads']} threads", f"，{row['threads']} 個執行緒") * (row["threads"] > 1)
            said = _name(row["contender"]) + choose(" ", "：") + _ratio(row)
            rows.setdefault(case + threads, []).append((row["ratio"], said))
    between = choose(", ", "、")
    return Words([choose("case", "情形"), choose("faster than bp, and its time as a share of ours", "比 bp 快的，以及所用時間是我們的幾倍")],
                 {case: [between.join(said for _, said in sorted(found))] for case, found in rows.items()})


def peaks(record, threads=1):
    """The large network: share of the peak rate, and times of the bare products."""
    cases = {case: found for case, found in _table_of(record, "gradients", threads, SHIPPED)[0].items()
             if found[SHIPPED]["sizes"] == LARGE}
    names = [name for name in next(iter(cases.values())) if name not in ("notebook", "peak")]
    rows = {case: [_rate(record, found["peak"]), *(f"{found[name]['peak']:.0%}" for name in names),
                   _spread(*found[SHIPPED]["products"])] for case, found in cases.items()}
    return Words([choose("network × batch", "網路 × 批次"), choose("peak", "峰值"), *map(_name, names),
                  choose(f"{SHIPPED} × products", f"{SHIPPED} × 只算矩陣乘積")], rows)


def _rate(record, row):
    return f"{2 * record["peak_size"]**3 / row['seconds'] / 1e9:.0f} GFLOP/s"


def accuracy(record):
    """Largest relative error of an array of the gradient, on fifty layers."""
    cases, names = _table_of(record, "gradients", 1, SHIPPED, also_not=NO_GRADIENT)
    names = [name for name in names if name in cases[f"{_net([64] * 51)} × 32"]]
    return Words([choose("network × batch", "網路 × 批次"), *map(_name, (SHIPPED, *names))],
                 {case: [number(found[name]["error"], 2) if name in found else "–" for name in (SHIPPED, *names)]
                  for case, found in cases.items() if len(found[SHIPPED]["sizes"]) > 50})


def memory(record):
    """Arrays that must exist, peak, and their ratio."""
    mib = lambda size: f"{size / 2**20:.1f} MiB"
    return Words([choose("network × batch", "網路 × 批次"), choose("must exist", "必要的陣列"), choose("peak", "峰值"), choose("ratio", "倍數")],
                 {_case(row): [mib(row["needed"]), mib(row["peak"]), number(row["ratio"], 3)]
                  for row in record["memory"] if row["needed"] > 2**20})


def machine(record):
    """Where and when it was measured, and with which versions."""
    about = record["machine"]
    load = choose(" before, ", "（之前）、").join(map(str, record["load"])) + choose(" after", "（之後）")
    rows = {choose("date", "日期"): [record["date"]],
            choose("processor", "處理器"): [f"{about['processor']} × {about['processors']}"],
            choose("instructions", "指令集"): [", ".join(about["flags"])], "BLAS": [about["blas"]], "Python": [about["python"]],
            **{name: [version] for name, version in about["versions"].items()},
            choose("load", "系統負載"): [load],
            choose("not installed", "沒有安裝"): [", ".join(record["missing"]) or choose("none: all took part", "無：全部都參加了")]}
    return Words(["", choose("of this run", "這次執行")], rows)


def by_batch(record):
    """Time a sample against the size of the batch, on [784, 30, 10]."""
    series = {}
    for row in _select(record, "gradients", sizes=MIDDLE, threads=1, dtype="float64"):
        if row["contender"] in (SHIPPED, "notebook", "PyTorch", "JAX"):
            xs, ys = series.setdefault(_name(row["contender"]), ([], []))
            xs.append(row["batch"]), ys.append(row["seconds"] / row["batch"] * 1e6)
    said = "; ".join(f"{name}: {', '.join(number(y, 3) for y in ys)}" for name, (_, ys) in series.items())
    batches = ", ".join(map(str, next(iter(series.values()))[0]))
    alt = choose(f"Microseconds a sample on a network [784, 30, 10], for batches of {batches}. {said}.",
                 f"網路 [784, 30, 10] 每個樣本的微秒數，批次大小 {batches}。{said}。")
    return chart(series, choose("samples in a batch", "批次的樣本數"), choose("µs a sample", "每個樣本的微秒數"), alt, log="xy")


def proof_cost(record):
    """Seconds that each part of a proof takes, against the number of parameters."""
    series, gone = {}, []
    for kind, name in _KINDS.items():
        rows = _select(record, "proof", kind=kind)
        done = [row for row in rows if row["seconds"] is not None]
        series[choose(*name)] = [row["parameters"] for row in done], [row["seconds"] for row in done]
        gone += [choose(f"{choose(*name)}: given up at {row['parameters']} parameters, after {record['proof_limit']} s",
                        f"{choose(*name)}：{row['parameters']} 個參數時，{record['proof_limit']} 秒還沒算完，放棄")
                 for row in rows if row["seconds"] is None]
    said = [f"{name}: {', '.join(f'{x:,}: {number(y, 2)} s' for x, y in zip(*both))}" for name, both in series.items()]
    stop = choose(". ", "。")
    alt = stop.join([choose("Seconds against the number of parameters", "參數個數與秒數"), *said, *gone]) + stop.strip()
    return chart(series, choose("parameters", "參數個數"), choose("seconds", "秒"), alt, log="xy")


def tables(record):
    """All that `make bench` prints."""
    titled = lambda title, table: f"{title}\n{table}"
    yield titled("Machine", machine(record))
    for threads in sorted({row["threads"] for row in record["gradients"]}):
        with_threads = f"{threads} thread{'s' * (threads > 1)}"
        yield titled(f"Gradients, {with_threads}: time, and times of it (quartiles)", gradients(record, threads))
        yield titled(f"Large network, {with_threads}: share of the peak", peaks(record, threads))
        yield titled(f"Training on digits, {with_threads}", training(record, threads))
    yield titled("Accuracy, fifty layers: largest relative error", accuracy(record))
    yield titled("Memory", memory(record))
    yield titled("Proof: seconds", _proof_table(record))
    yield titled("Where others are faster", losses(record))
    yield titled("Goals", goals(record))


def _proof_table(record):
    by_size = {}
    for row in record["proof"]:
        by_size.setdefault(f"{row['parameters']:,}", {})[row["kind"]] = row["seconds"]
    cell = lambda found, kind: "–" if kind not in found else (
        f"> {record['proof_limit']}" if found[kind] is None else number(found[kind], 2))
    return Words([choose("parameters", "參數個數"), *(choose(*name) for name in _KINDS.values())],
                 {size: [cell(found, kind) for kind in _KINDS] for size, found in by_size.items()})


def _table_of(record, part, threads, first, also_not=()):
    """{case: {contender: row}}, and the names of all contenders but the first and those unwanted."""
    cases = {}
    for row in _select(record, part, threads=threads):
        cases.setdefault(_case(row), {})[row["contender"]] = row
    names = dict.fromkeys(row["contender"] for row in _select(record, part, threads=threads))
    return cases, [name for name in names if name != first and name not in also_not]


def _net(sizes):
    """The sizes of a network, as text.

    >>> _net([784, 30, 10]), _net([64] * 51)
    ('[784, 30, 10]', '[64] * 51')
    """
    same = len(sizes) > 10 and len(set(sizes)) == 1
    return f"[{sizes[0]}] * {len(sizes)}" if same else str(list(sizes))


def _case(row):
    return f"{_net(row['sizes'])} × {row['batch']}" + ", float32" * (row["dtype"] == "float32")


def _name(contender):
    english = {"products": "bare products", "JAX, scan": "JAX (scan)"}
    return choose(english.get(contender, contender), _CHINESE.get(contender, contender))


def _time(seconds):
    """A time with its unit.

    >>> _time(0.0000171), _time(0.0123)
    ('17.1 µs', '12.3 ms')
    """
    return f"{number(seconds * 1e6, 3)} µs" if seconds < 1e-3 else f"{number(seconds * 1e3, 3)} ms"


def _ratio(row):
    return "–" if row is None else _spread(row["ratio"], row["low"], row["high"])


def _spread(ratio, low, high):
    plain = lambda value: f"{value:.3g}" if value < 100 else f"{value:.0f}"
    return f"{plain(ratio)} ({plain(low)}–{plain(high)})"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
