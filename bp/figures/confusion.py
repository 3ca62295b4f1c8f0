"""What benchmarks/confusion.py recorded: which diagnosis each mistake of the catalogue got.

A record is its JSON; nothing here is measured.
"""
from collections import Counter

from bp.figures.benchmarks import Words
from bp.glossary import choose

NAMED = ("alone", "tie")


def totals(record):
    """{"alone" | "tie" | "other" | "unknown" | "correct": times} over all mistakes and styles."""
    return sum((Counter(found) for styles in record["mistakes"].values() for found in styles.values()), Counter())


def summary(record):
    """How much was measured, and how it came out."""
    found, right = totals(record), record["right"]
    runs, named = sum(found.values()), sum(found[kind] for kind in NAMED)
    seconds = record["seconds"]
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return Words(["", choose("measured", "測量結果")], {
        choose("recorded", "測量日期"): [record["date"]],
        choose("with", "使用"): [versions],
        choose("seeds", "隨機種子"): [str(record["seeds"])],
        choose("mistaken runs", "有錯的程式，執行次數"): [f"{runs:,}"],
        choose("of these named right", "其中正確指出的"): [f"{named:,} ({100 * named / runs:.5g} %)"],
        choose("of these in a tie of several", "其中跟別的錯誤並列的"): [f"{found['tie']:,}"],
        choose("right runs", "正確的程式，執行次數"): [f"{right['runs']:,}"],
        choose("of these called wrong", "其中被說成錯的"): [f"{len(right['wrong']):,}"],
        choose("processor time of a check, median", "檢查一次用的處理器時間，中位數"): [f"{1000 * seconds['median']:.0f} ms"],
        choose("of the longest check", "最久的一次"): [f"{1000 * seconds['largest']:.0f} ms"],
    })


def by_mistake(record):
    """For each mistake: in how many styles it changes anything, and how often it was named."""
    head = ["", choose("styles", "寫法"), choose("runs", "次數"), choose("named alone", "單獨指出"),
            choose("in a tie", "並列"), choose("not named", "沒指出")]
    rows = {}
    for id, styles in record["mistakes"].items():
        found = sum(map(Counter, styles.values()), Counter())
        runs = sum(found.values())
        rows[id] = [str(len(styles)), f"{runs:,}", f"{found['alone']:,}", f"{found['tie']:,}",
                    f"{runs - found['alone'] - found['tie']:,}"]
    return Words(head, rows)


def by_style(record):
    """For each style: how many mistakes change anything in it, and how often they were named."""
    head = ["", choose("mistakes", "錯誤"), choose("runs", "次數"), choose("named", "指出"), choose("not named", "沒指出")]
    rows = {}
    for style in record["styles"]:
        met = [styles[style] for styles in record["mistakes"].values() if style in styles]
        found = sum(map(Counter, met), Counter())
        runs, named = sum(found.values()), sum(found[kind] for kind in NAMED)
        rows[_STYLES[style]()] = [str(len(met)), f"{runs:,}", f"{named:,}", f"{runs - named:,}"]
    return Words(head, rows)


def confused(record):
    """Every diagnosis that was anything else than the mistake alone, and how often it was given."""
    rows = {}
    for id, found in record["named"].items():
        for said, times in sorted(found.items(), key=lambda pair: -pair[1]):
            if said != id:
                rows[f"{id}: {said.replace(' / ', choose(' or ', '，或 '))}"] = [f"{times:,}"]
    return Words([choose("planted: said", "埋入的錯誤：診斷結果"), choose("times", "次數")],
                 rows or {choose("none", "沒有"): ["0"]})


_STYLES = {
    "lists": lambda: choose("lists, columns", "list，樣本是直行"),
    "globals": lambda: choose("global parameters", "全域的參數"),
    "object": lambda: choose("a class, one sample at a time", "類別，一次一個樣本"),
    "dictionary": lambda: choose("dictionaries W1, b1, …", "字典 W1、b1、…"),
    "rows": lambda: choose("rows, W (in, out)", "樣本是橫列，W（輸入，輸出）"),
    "linear": lambda: choose("rows, W (out, in), mean of squares", "樣本是橫列，W（輸出，輸入），平方的平均"),
    "separate": lambda: choose("W1, b1, W2, b2 by name", "個別的 W1、b1、W2、b2"),
}
