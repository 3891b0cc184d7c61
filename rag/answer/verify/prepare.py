"""How a text is written before it is read: one width, exponents kept, a table header's unit put beside its cells."""

from __future__ import annotations

import re
from functools import cache

from rag.text import units
from rag.text.normalise import normalise

_SUPERSCRIPT = re.compile(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_MARKS = re.compile(r"[①-⑳⓪❶-❿㈠-㈩]|\[\d+(?:[-,~]\d+)*\]")
_SPACE = re.compile(r"(?<=[\u2e80-\uffff]) | (?=[\u2e80-\uffff])|(?<=[;:!?|()]) | (?=[,;:!?|()%])")
_DASHES = str.maketrans("－﹣−‐‑–—―～〜∼˜≦≧⩽⩾䓬⁄", "--------~~~~≤≥≤≥卓/")
_UNIT = r"个?(?:小时|钟头|天|日|周|星期|月|年)"
_ALIKE = tuple((re.compile(pattern), plain) for pattern, plain in (
    (r"(以[上下])\(含[^()]{1,8}\)", r"及\1"),  # 60岁以上(含60岁)
    (rf"头[一1](?={_UNIT})", "第1"),
    (rf"头(?=(?:\d+|[二两三四五六七八九十]+){_UNIT})", "最初"),
    (r"([做行用打吃服是有能])不\1", r"是否\1"),
    (r"(?<![第每同任另])一(?=[剂针粒片](?!次))", "1"),
    (r"每个?季度", "每3个月"),
    (r"(应当?|应该|宜)不(?=超|低于|少于|大于|小于|高于|多于)", r"不\1"),  # 应不超过 is 不应超过
    (r"非(?!常|甾)([\u3400-\u9fff]{1,6})不可(?=的|者|时|[,;。]|$)|不得不", r"必须\1"),
))  # fmt: skip
_BARE = re.compile(r"\d+(?:\.\d+)?(?![\d.]|\s*[-~]\s*\d|\s*次)")


def prepare(text: str) -> str:
    """Return the form that all checks read."""
    text = _SUPERSCRIPT.sub(lambda m: "^" + m[0].translate(_PLAIN), _MARKS.sub(" ", text))
    text = normalise(text.replace("，", ", ").translate(_DASHES)).translate(_DASHES)
    text = _SPACE.sub("", text)
    for pattern, plain in _ALIKE:
        text = pattern.sub(plain, text)
    return _header_units(text) if "|" in text else text


@cache
def _headed() -> re.Pattern[str]:
    """Compile the form of a cell whose header carries the unit: 每日剂量(mg):2.5-10."""
    return re.compile(rf"(?P<head>[^|:]+?)[(/,]\s*(?P<unit>{units.pattern()})\s*\)?\s*:(?P<cell>[^|]*)")


def _header_units(row: str) -> str:
    """Put the header's unit behind the numbers of its cell that have none."""

    def spread(match: re.Match[str]) -> str:
        cell, unit = match["cell"], match["unit"]
        if re.search(r"\d\s*(?:[A-Za-zμ%]|毫|微|克|次)", cell):
            return f"{match['head']}:{cell}"
        return f"{match['head']}:{_BARE.sub(lambda n: n[0] + unit, cell)}"

    return _headed().sub(spread, row)
