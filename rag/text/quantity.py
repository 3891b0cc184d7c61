"""Which quantities a Chinese medical text states: numbers with unit, range, comparator and what they measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from rag.text import frequency, units
from rag.text.bounds import RANGE, bound_after, bound_before
from rag.text.number import ARABIC, HAN, POWER, TEN, neighbours, number, word_fraction

_KINDS = {
    "mass": "dose", "activity": "dose", "serving": "dose", "equivalent": "dose", "time": "duration",
    "calendar": "duration", "age": "age", "ratio": "percent", "pressure": "pressure", "temperature": "temperature",
    "count": "count", "person": "count", "times": "count", "score": "score", "multiple": "multiple", "": "number",
    "length": "length", "area": "length", "angle": "angle", "energy": "energy", "volume": "volume",
}  # fmt: skip
# NFKC folds ⁹ to 9 and so loses powers of ten: full width is folded here one character to one, to keep the spans
# (the full-width comma stays: it never groups thousands)
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c != 0xFF0C} | {
    ord(a): b for a, b in zip("µ㏑　\xa0\u2009\u202f－﹣−‐‑–—―～〜∼˜﹤﹥≦≧⩽⩾％℅", "μl    -------" + "-" + "~~~~<>≤≥≤≥%%", strict=True)
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as written: `low` and `high` are in `unit`; an open side is None; `factor` leads to the base unit.

    A pair (140/90 mmHg) keeps its second part in `second`. `vague` marks a bound of which the language leaves open
    whether its end belongs to it (以上, 以下, 内).
    """

    span: tuple[int, int]
    low: Fraction | None
    high: Fraction | None
    unit: str = ""
    dimension: str = ""
    factor: Fraction = Fraction(1)
    comparator: str = "="
    kind: str = "number"
    measured: str = ""
    second: tuple[Fraction, Fraction] | None = None
    vague: bool = False
    approximate: bool = False

    @property
    def base(self) -> tuple[Fraction | None, Fraction | None]:
        """Return low and high in the dimension's base unit."""
        return (
            None if self.low is None else self.low * self.factor,
            None if self.high is None else self.high * self.factor,
        )


@cache
def _arabic() -> re.Pattern[str]:
    """Compile the form of an Arabic number, range or pair with its unit."""
    num, unit = rf"(?:{TEN}|{ARABIC}{POWER}?(?:\s*[万亿])?)", units.pattern()
    return re.compile(
        rf"(?P<a>{num})(?:\s*(?P<u>{unit}))?"
        rf"(?:{RANGE}(?P<b>-?{num})(?:\s*(?P<v>{unit}))?)?"
        rf"(?:\s*/\s*(?P<c>{num})(?:{RANGE}(?P<d>{num}))?(?:\s*(?P<w>{unit}))?)?(?P<half>半)?"
    )


_HAN_UNIT = (
    "个半月|个半小时|个小时|小时|个钟头|钟头|分钟|秒钟?|个星期|星期|个礼拜|礼拜|周岁|周|个月龄|月龄|个月|个季度|季度|天|日龄|日|"
    "年|岁|次|倍|片|粒|颗|支|瓶|袋|杯|滴|喷|个疗程|疗程|个周期|周期|个|种|项|类|名|例|条|人|位|餐|顿|剂|针|毫克|克|毫升|升|"
    "公斤|千克|斤|厘米|米|公里|里|度|分|步|联|份|药|单位|mg|g|ml|d|h"
)
_HAN_NUMBER = re.compile(
    rf"(?<![{HAN}第每同任另某单统万唯])(?P<a>[零一二两三四五六七八九十半][{HAN}]*)"
    rf"(?:(?:{RANGE})(?P<b>[一二两三四五六七八九十][{HAN}]*))?\s*(?P<u>{_HAN_UNIT})(?P<half>半)?(?![A-Za-z线日咳])"
)
_ORDINAL = re.compile(
    rf"第\s*(?P<a>\d+|[{HAN}]+)(?:\s*(?:天|日|周)?{RANGE}(?:第\s*)?(?P<b>\d+|[{HAN}]+))?\s*"
    r"(?P<u>天|日|周|个月|月|年|小时|次|剂|针|疗程|个疗程|阶段|步|d|h|w)(?![A-Za-z])"
)
_ORDINAL_LIST = re.compile(r"第\s*(?P<list>\d+(?:[、和与及]\s*\d+)+)\s*(?P<u>剂|针|次)")  # 第1、3个月 may be a list of lengths
_WORDS = re.compile(
    rf"(?P<f>百分之\s*[{HAN}\d.]+(?:点[零一二三四五六七八九]+)?|千分之\s*[{HAN}\d.]+|[一二三四五六七八九十]+分之\s*[{HAN}]+)"
    rf"|(?P<from>(?<![\d/.])\d{{1,2}}/[1-9]\d?){RANGE}(?P<to>\d{{1,2}}/[1-9]\d?)(?![\d/])"
    r"|(?P<t>[一二两三四五六七八九])成(?![人年分功立为熟瘾])(?P<h>半)?|(?P<half>一半|半数|减半|对半)"
    r"|(?P<r>(?<![\d:.])1\s*[:∶]\s*(?P<rn>\d[\d,]*)(?![\d:]))|(?P<y>(?<!\d)(?:19|20)\d{2}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?)"
    r"|(?P<m>\d{1,2}月\d{1,2}日)"
)
_DIGIT = re.compile(r"\d")
_MINUS = re.compile(r"(?<![\dA-Za-z%)\]°℃~年月日天周岁次-])-$")
_INDEFINITE = frozenset("个种项类名例条人位")
_MEASURED = re.compile(r"([A-Za-z0-9\u3400-\u9fff/-]{1,14})\s*$")
_FILLERS = re.compile(
    r"(?:为|是|应当?|须|需|可|控制在|控制到|维持在|保持在|达到?|降至|降到|减至|增至|增加至|约|的|在|至|仍|每次|每日|每天|:|\s)+$"
)


def quantities(text: str) -> list[Quantity]:
    """List the quantities of a text in order; spans count characters of the given text."""
    folded = text.translate(_FOLD)
    found: list[Quantity] = []
    taken = bytearray(len(folded))
    for scan in (_frequencies, _worded, _ordinals, _numbers, _han_numbers):
        for quantity in scan(folded):
            start, end = quantity.span
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(quantity)
    found.sort(key=lambda q: q.span)
    end = 0
    out: list[Quantity] = []
    for quantity in found:
        out.append(_finish(quantity, folded, end))
        end = out[-1].span[1]
    for i in range(len(out) - 2, -1, -1):
        out[i] = _listed(out[i], out[i + 1], folded)
    return out


def _listed(quantity: Quantity, after: Quantity, text: str) -> Quantity:
    """Give a number of a list the unit at the list's end: 1、3、6个月 are months."""
    if quantity.unit or not after.unit or quantity.comparator != "=" or quantity.kind != "number":
        return quantity
    between = text[quantity.span[1] : after.span[0]].strip()
    if between not in ("、", "和", "或", "或者", "及", "与") or after.kind == "frequency":
        return quantity
    return replace(quantity, unit=after.unit, dimension=after.dimension, factor=after.factor, kind=after.kind)


def _finish(quantity: Quantity, text: str, previous: int) -> Quantity:
    """Add the comparator before or after the number, which opens a side, and the noun before it."""
    start, end = quantity.span
    if quantity.kind == "date":
        return quantity
    before, start = bound_before(text, start, quantity.kind)
    after, end = bound_after(text, end, quantity.kind)
    bound = before if before.sign else after
    low, high, comparator, vague = quantity.low, quantity.high, quantity.comparator, quantity.vague
    if comparator == "range":
        # 24~48 小时内 stays a range; 不超过 3~5 天 has the range as its bound, so the sign is kept beside it
        comparator += "" if bound.vague else bound.sign
    elif bound.sign:
        low, high = (low, None) if bound.sign in ">≥" else (None, high)
        comparator, vague = bound.sign, bound.vague
    return Quantity(
        (start, end), low, high, quantity.unit, quantity.dimension, quantity.factor, comparator, quantity.kind,
        _measured(text[previous:start]), quantity.second, vague, before.approximate or after.approximate,
    )  # fmt: skip


def _measured(before: str) -> str:
    """Name what stands right before the number, without copulas and verbs of reaching."""
    match = _MEASURED.search(_FILLERS.sub("", before[-24:]))
    return match[1].lstrip("和与及或且") if match else ""


def _make(
    span: tuple[int, int], low: Fraction, high: Fraction, unit: units.Unit, second: tuple[Fraction, Fraction] | None = None
) -> Quantity:
    """Build a quantity without its comparator."""
    comparator = "pair" if second else "=" if low == high else "range"
    kind = _KINDS.get(unit.dimension, _KINDS.get(unit.dimension.split("/")[0], "level"))
    if "/" in unit.dimension and unit.dimension.split("/")[0] in ("volume", "substance"):
        kind = "level"
    return Quantity(span, low, high, unit.symbol, unit.dimension, unit.factor, comparator, kind, second=second)


def _frequencies(text: str) -> Iterator[Quantity]:
    """Find how often: 每日2次, 2次/d, q12h, bid, 每8小时1次, 隔日1次."""
    for span, low, high, dimension, sign in frequency.frequencies(text):
        comparator = sign if low == high else "range" + sign  # 最多 2~3 次 keeps both ends, as 不超过 3~5 天 does
        ends = (low, high) if low != high or not sign else (low, None) if sign in ">≥" else (None, high)
        unit = "次/d" if dimension == "time" else "次/月"
        yield Quantity(span, *ends, unit, "times/" + dimension, Fraction(1), comparator or "=", "frequency", vague=bool(sign))


def _worded(text: str) -> Iterator[Quantity]:
    """Find fractions in words, tenths (三成), 1:1000 and dates."""
    ratio, percent = units.Unit("", "ratio", Fraction(1)), units.unit("%")
    for match in _WORDS.finditer(text):
        if match["f"]:
            value = word_fraction(match["f"].replace(" ", ""))
            if value is not None:
                yield _make(match.span(), value * 100, value * 100, percent)
        elif match["from"]:
            low, high = Fraction(match["from"]), Fraction(match["to"])
            if high < 1:  # 120/80~130/85 are no fractions
                yield _make(match.span(), low, high, ratio)
        elif match["t"]:
            tenths = number(match["t"]) or Fraction(0)
            value = tenths * 10 + (5 if match["h"] else 0)
            yield _make(match.span(), value, value, percent)
        elif match["half"]:
            yield _make(match.span(), Fraction(1, 2), Fraction(1, 2), ratio)
        elif match["r"]:
            value = Fraction(int(match["rn"].replace(",", "")))
            yield _make(match.span(), value, value, units.Unit("1:", "dilution", Fraction(1)))
        else:
            digits = int("".join(f"{int(n):02d}" for n in re.findall(r"\d+", match[0])))
            unit = units.Unit("日期", "date", Fraction(1))
            yield replace(_make(match.span(), Fraction(digits), Fraction(digits), unit), kind="date")


def _ordinals(text: str) -> Iterator[Quantity]:
    """Find 第4周, 第1~3天, 第1、2剂."""
    for match in _ORDINAL_LIST.finditer(text):
        unit = _nth(match["u"])
        for item in re.finditer(r"\d+", match["list"]):
            value = Fraction(int(item[0]))
            start, end = (match.start("list") + x for x in item.span())
            yield replace(_make((start, end), value, value, unit), kind="ordinal")
    for match in _ORDINAL.finditer(text):
        low = number(match["a"])
        high = number(match["b"]) if match["b"] else low
        if match["a"] in "一1" and match["u"] == "次":
            continue  # 第一次 says 首次
        if low is not None and high is not None:
            yield replace(_make(match.span(), low, high, _nth(match["u"])), kind="ordinal")


def _nth(name: str) -> units.Unit:
    """Build the unit of an ordinal: 第剂, 第周."""
    base = units.atoms().get(name, units.Unit(name, name, Fraction(1)))
    return units.Unit("第" + base.symbol, "ordinal " + base.symbol, Fraction(1))


def _numbers(text: str) -> Iterator[Quantity]:
    """Find Arabic numbers, ranges and pairs; digits inside names (CYP2C19, B12, PM2.5) are no quantities."""
    position = 0
    while (digit := _DIGIT.search(text, position)) and (match := _arabic().match(text, digit.start())):
        position = match.end()
        quantity = _number(match)
        if quantity is None or _in_name(text, match.start("a"), quantity):
            continue
        if quantity.dimension == "mixture" and _same_dimension(match):  # 14天/2周 says one thing twice
            position = match.start("c")
            quantity = _make((match.start(), match.end("u")), quantity.low, quantity.high, units.unit(match["u"]))
        yield _signed(quantity, text)


def _signed(quantity: Quantity, text: str) -> Quantity:
    """Take in a minus sign, which unlike a dash of a range follows no word."""
    start, end = quantity.span
    if not _MINUS.search(text, max(0, start - 3), start) or quantity.low is None or quantity.high is None:
        return quantity
    low = -quantity.low
    return replace(quantity, span=(start - 1, end), low=low, high=quantity.high if quantity.high != -low else low)


def _same_dimension(match: re.Match[str]) -> bool:
    """Tell whether both sides of the slash have units of one dimension."""
    return units.unit(match["u"]).dimension == units.unit(match["w"]).dimension if match["u"] and match["w"] else False


def _number(match: re.Match[str]) -> Quantity | None:
    """Turn a match into a quantity: a value, a range, a pair of values or of ranges, or a simple fraction."""
    a, b, c, d = (number(match[k]) if match[k] else None for k in "abcd")
    if a is None:
        return None
    if c is not None and not match["u"] and not match["w"] and a < c and b is None and a < 10 and c < 100:
        return _make(match.span(), a / c, a / c, units.Unit("", "ratio", Fraction(1)))
    first = units.unit(match["u"]) if match["u"] else units.NONE
    last = units.unit(match["w"] or match["v"] or match["u"]) if (match["w"] or match["v"] or match["u"]) else units.NONE
    half = Fraction(1, 2) if match["half"] and last.dimension in ("time", "calendar", "serving", "age") else Fraction(0)
    if c is not None:
        unit = last if first in (units.NONE, last) else units.Unit(f"{first.symbol}:{last.symbol}", "mixture", Fraction(1))
        return _make(match.span(), a, b or a, unit, (c, d or c))
    low = a * first.factor / last.factor if b is not None and first.dimension == last.dimension else a
    return _make(match.span(), low + half, (b if b is not None else a) + half, last)


def _in_name(text: str, start: int, quantity: Quantity) -> bool:
    """Tell whether Latin letters run into the number and no unit of measure shows that it is one."""
    head = text[max(0, start - 2) : start]
    letters = bool(re.search(r"[A-Za-z]-?$|[*#_]$", head))
    if re.match(r"[A-Za-z]", text[quantity.span[1] : quantity.span[1] + 1]) and not quantity.unit:
        return True
    return letters and (not quantity.unit or quantity.kind in ("count", "dose") and quantity.dimension == "serving")


def _han_numbers(text: str) -> Iterator[Quantity]:
    """Find Chinese numerals before a unit; 一种 and 一个 are articles unless a bound follows."""
    for match in _HAN_NUMBER.finditer(text):
        name = match["u"].replace("个半", "个") if match["u"] != "个半小时" else "小时"
        if match["a"] == "一" and match["b"] is None and not _counts(text, match, name):
            continue
        pair = neighbours(match["a"])
        low = pair[0] if pair else number(match["a"])
        high = number(match["b"]) if match["b"] else pair[1] if pair else low
        if low is None or high is None or match["u"] == "里":
            continue
        half = Fraction(1, 2) if match["half"] or "半" in match["u"] else Fraction(0)
        yield _make(match.span(), low + half, high + half, units.unit(name))


def _counts(text: str, match: re.Match[str], unit: str) -> bool:
    """Tell whether 一 is a number here: with a bound, or before a unit that no article takes."""
    rest = text[match.end() : match.end() + 3]
    if match["half"] or "半" in match["u"] or re.match(r"以|及以|或以|之?后|之?内|左右", rest):
        return True
    return unit not in _INDEFINITE and unit not in ("天", "日", "周", "次", "年", "分", "餐", "人", "剂", "份", "里", "度")
