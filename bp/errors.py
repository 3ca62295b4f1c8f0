"""What Python, NumPy and bp itself say when code gives no array, in plain words of both languages."""
import re

# (what they say, in English, in Chinese); the first that fits the whole of it is taken. What is said may be anybody's,
# so no pattern takes long on any text.
_SAID = [(re.compile(said), en, zh) for said, en, zh in (
    (r"ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, [^=]*\(size (\d+) is different from (\d+)\)",
     r"`@` needs as many columns on its left as rows on its right, and has \2 and \1 (ValueError)",
     r"`@` 左邊的直行數要等於右邊的橫列數，這裡是 \2 和 \1（ValueError）"),
    (r"ValueError: shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)",
     r"a matrix product needs as many columns on its left as rows on its right; \1 has \3 columns, and \2 has \4 rows (ValueError)",
     r"矩陣相乘時，左邊的直行數要等於右邊的橫列數；這裡左邊 \1 有 \3 個直行，右邊 \2 有 \4 個橫列（ValueError）"),
    (r"ValueError: operands could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\)) ?",
     r"shapes \1 and \2 don't go together entry by entry (ValueError)",
     r"形狀 \1 和 \2 沒辦法逐元素計算（ValueError）"),
    (r"NameError: name '(\w+)' is not defined\. Did you mean: '(\w+)'\?",
     r"nothing is called `\1`; is it `\2` that you mean (NameError)?", r"找不到 `\1`；你要的是 `\2` 嗎（NameError）？"),
    (r"NameError: name '(\w+)' is not defined(?:\. Did you.*)?",
     r"nothing is called `\1`; define it, or import it, in the same cell or file as the function (NameError)",
     r"找不到 `\1`；請在函式所在的儲存格或檔案裡定義它，或用 import 匯入（NameError）"),
    (r"(\w+): ('NoneType' object .*)", r"a value there is None: does a function lack its `return`, or is a layer not filled yet (\1: \2)?",
     r"那裡有個值是 None：是不是有函式忘了 `return`，或哪一層還沒填（\1: \2）？"),
    (r"KeyError: (.*)", r"the dictionary has no key \1 (KeyError)", r"字典裡沒有 \1 這個鍵（KeyError）"),
    (r"expected an array for layer (\d+), got None", r"expected an array for layer \1, got None. Was it ever filled in?",
     r"第 \1 層應該有一個陣列，得到的卻是 None。是不是沒有填進去？"),
    (r"expected (\d+ arrays), one for each layer, got (a (?:list|tuple) of \d+)",
     r"expected \1, one for each layer, got \2. Does a `return` stand inside the loop?",
     r"應該有 \1（每一層一個），得到的是 \2。是不是把 `return` 寫在迴圈裡面了？"),
    (r"expected (.*), got None", r"expected \1, got None. Does it lack its `return`?", r"應該是 \1，得到的是 None。是不是忘了 `return`？"),
    (r"expected (.*) among the keys, got (.*)", r"expected \1 among the keys, got \2", r"鍵裡應該有 \1，得到的是 \2"),
    (r"expected (.*), got (.*)", r"expected \1, got \2", r"應該是 \1，得到的是 \2"))]
_PARTS = [(re.compile(en), zh) for en, zh in (
    ("an array of real numbers", "實數陣列"), (r"(\d+) arrays(?:, one for each layer)?", r"\1 個陣列"),
    (r"(\d+) entries", r"\1 個元素"), (r"an array of shape (\(.*?\))", r"形狀是 \1 的陣列"),
    (r"a (list|tuple|dict) of (\d+)", r"有 \2 個元素的 \1"))]


def in_words(error):
    """Return an error, as Python writes it, as the end of a sentence in (English, Chinese); what isn't known stays as it is.

    >>> in_words("KeyError: 'bias1'")[0]
    "the dictionary has no key 'bias1' (KeyError)."
    """
    en, zh = _in_words(error)
    return en if en.endswith("?") else f"{en}.", zh if zh.endswith("？") else f"{zh}。"


def _in_words(error):
    for said, en, zh in _SAID:
        if found := said.fullmatch(error):
            chinese = found.expand(zh)
            for part, in_chinese in _PARTS:
                chinese = part.sub(in_chinese, chinese)
            return found.expand(en), re.sub("(?<=是) (?=[有形實])", "", chinese)
    return error, error


def is_of_shapes(error):
    """Whether the arrays at hand help to understand an error."""
    return error.startswith(("ValueError", "IndexError", "KeyError"))
