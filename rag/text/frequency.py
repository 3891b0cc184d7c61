"""How often something is done: 每日2次, 2次/d, bid, q12h, 每8小时1次, 隔日1次, 每3个月."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from rag.text.bounds import RANGE
from rag.text.number import ARABIC, HAN, neighbours, number

Frequency = tuple[tuple[int, int], Fraction, Fraction, str, str]

_NUM = rf"(?:{ARABIC}|[一二两三四五六七八九十半][{HAN}]*)"
_TIME = (
    r"(?:个?小时|个?钟头|分钟|min(?![A-Za-z])|小时|h(?![A-Za-z])|天|日|d(?![A-Za-z])|个?星期|个?礼拜"
    r"|周|w(?![A-Za-z])|wk|个?月|季度?|年|晚上?|早上?|晨|一夜|夜|次月)"
)
_BETWEEN = r"(?:(?:(?![每超低高不至最少多大小])[\u3400-\u9fff]){0,5}?)"
_BOUND = r"(?P<cmp>大于或?等于|小于或?等于|至少|最少|不少于|不低于|≥|>|最多|至多|不超过|不多于|≤|<|超过|高于|多于|大于|低于|少于|小于|不足)?"
_EVERY = re.compile(
    rf"(?:每隔?\s*(?P<n>{_NUM})?\s*|(?<![第\d.隔])[一1]\s*|(?<![\w隔])(?=日)|(?=24\s*(?:小时|h)内?)24\s*|一天(?=一夜))(?P<u>{_TIME})(?:内|里)?"
    rf"(?P<mid>{_BETWEEN})\s*{_BOUND}\s*(?:用|服|吃|做|给药|重复|进行|完成|检[查测]|复查|筛查|随访|监测)?\s*(?P<m>{_NUM})(?:{RANGE}(?P<m2>{_NUM}))?\s*[次回]"
)
_PER = re.compile(
    rf"(?:{_BOUND}\s*)(?P<m>{_NUM})(?:{RANGE}(?P<m2>{_NUM}))?\s*[次回]\s*(?:/|每)\s*(?P<n>{_NUM})?\s*(?P<u>{_TIME}|分)"
)
_SIGNS = (
    dict.fromkeys(("至少", "最少", "不少于", "不低于", "≥"), "≥") | dict.fromkeys(("最多", "至多", "不超过", "不多于", "≤"), "≤")
    | dict.fromkeys(("大于等于", "大于或等于"), "≥") | dict.fromkeys(("小于等于", "小于或等于"), "≤")
    | dict.fromkeys((">", "超过", "高于", "多于", "大于"), ">") | dict.fromkeys(("<", "低于", "少于", "小于", "不足"), "<")
)  # fmt: skip
_INTERVAL_LEAD = rf"每隔?|(?<![间相])隔(?=\s*{_NUM}[^,，。;]{{0,6}}[天日周月](?:就|要|复|查|一次|1次|做|给|注|打))"
_INTERVAL = re.compile(
    rf"(?:{_INTERVAL_LEAD})\s*(?P<n>{_NUM})(?:\s*(?P<u1>{_TIME})?{RANGE}(?P<n2>{_NUM}))?\s*(?P<u>{_TIME})(?![龄])"
    r"(?:(?:进行|复查|检查|监测|检测|筛查|随访|评估|测定?|查|做|行|用药?|服用?|给药|给予|注射|输注|接种|更换|重复)?\s*[1一]\s*次)?"
)
_ALTERNATE = re.compile(r"隔(?P<u>[日天周月])(?:\s*[1一]\s*次)?")
_LATIN = re.compile(
    r"(?<![A-Za-z])(?:(?P<word>q\.?d\.?|b\.?i\.?d\.?|t\.?i\.?d\.?|q\.?i\.?d\.?|q\.?o\.?d\.?|q\.?n\.?|q\.?w\.?|biw|tiw)"
    r"|q\.?(?P<n>\d+)(?:\s*[-~]\s*(?P<n2>\d+))?\s*(?P<u>h|d|w|min))(?![A-Za-z])",
    re.IGNORECASE,
)
_BOTH_ENDS = re.compile(r"(?:每[日天])?早、?晚(?:饭后|餐后|餐前)?各(?:服|用)?(?:[1一]次)?")
_DAYS = {
    "h": Fraction(1, 24), "小时": Fraction(1, 24), "钟头": Fraction(1, 24), "min": Fraction(1, 1440),
    "分钟": Fraction(1, 1440), "分": Fraction(1, 1440), "天": Fraction(1), "日": Fraction(1), "d": Fraction(1), "周": Fraction(7),
    "星期": Fraction(7), "礼拜": Fraction(7), "w": Fraction(7), "wk": Fraction(7), "晚": Fraction(1), "晚上": Fraction(1),
    "早": Fraction(1), "早上": Fraction(1), "晨": Fraction(1), "夜": Fraction(1), "一夜": Fraction(1),
}  # fmt: skip
_MONTHS = {"月": 1, "季": 3, "季度": 3, "年": 12}
_WORDS = {"qd": (1, 1), "bid": (2, 1), "tid": (3, 1), "qid": (4, 1), "qod": (1, 2), "qn": (1, 1), "qw": (1, 7),
          "biw": (2, 7), "tiw": (3, 7)}  # fmt: skip


def frequencies(text: str) -> Iterator[Frequency]:
    """Yield (span, low, high, "time" or "calendar", sign): times a day, or times a month where months are named."""
    if "晚" in text:
        for match in _BOTH_ENDS.finditer(text):
            yield match.span(), Fraction(2), Fraction(2), "time", ""
    for match in _EVERY.finditer(text):
        yield from _rate(match, match["n"] or ("24" if match[0].startswith("24") else None), match["m"], match["m2"], match["cmp"])
    for match in _PER.finditer(text):
        yield from _rate(match, match["n"], match["m"], match["m2"], match["cmp"])
    for match in _LATIN.finditer(text):
        if match["word"]:
            times, days = _WORDS[match["word"].lower().replace(".", "")]
            yield match.span(), Fraction(times, days), Fraction(times, days), "time", ""
        else:
            yield from _interval(match, match["n"], match["n2"], match["u"].lower())
    for match in _ALTERNATE.finditer(text):
        yield from _interval(match, "2", None, match["u"])
    for match in _INTERVAL.finditer(text):
        yield from _interval(match, match["n"], match["n2"], match["u"])


def _period(name: str) -> tuple[str, Fraction] | None:
    """Return the dimension and the length of a period, in days or in months."""
    name = name.removeprefix("个")
    if name in _DAYS:
        return "time", _DAYS[name]
    return ("calendar", Fraction(_MONTHS[name])) if name in _MONTHS else None


def _rate(match: re.Match[str], every: str | None, low: str, high: str | None, bound: str | None) -> Iterator[Frequency]:
    """Yield times per period."""
    period, count = _period(match["u"]), number(every or "1")
    pair = neighbours(low)
    first = pair[0] if pair else number(low)
    last = number(high) if high else pair[1] if pair else first
    if period is None or not count or first is None or last is None:
        return
    length = period[1] * count
    sign = _SIGNS.get(bound or "", "")
    yield match.span(), first / length, last / length, period[0], sign


def _interval(match: re.Match[str], low: str, high: str | None, unit: str) -> Iterator[Frequency]:
    """Yield once per interval; a longer interval is a lower rate."""
    period, first = _period(unit), number(low)
    pair = neighbours(low)
    last = pair[1] if pair else number(high) if high else first
    first = pair[0] if pair else first
    if period is None or not first or not last:
        return
    yield match.span(), 1 / (period[1] * last), 1 / (period[1] * first), period[0], ""
