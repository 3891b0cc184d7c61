"""Whether two quantities say the same: exact unit conversion, bounds, periods, and conversion per analyte."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from rag.text import units
from rag.text.quantity import Quantity

# mmol/L = mg/dl × 10 ÷ molar mass (g/mol). Molar masses: glucose 180.156, cholesterol 386.65, triglycerides 885.7
# (triolein, the convention of ATP III), uric acid 168.11, creatinine 113.12, bilirubin 584.66, urea nitrogen 28.01,
# calcium 40.08 (NIST Chemistry WebBook; AMA Manual of Style, 11th ed., table 17.5-1).
_MOLAR = (
    (re.compile(r"胆固醇|LDL|HDL|TC(?![A-Za-z])", re.I), Fraction(38665, 100)),
    (re.compile(r"甘油三酯|三酰甘油|TG(?![A-Za-z])", re.I), Fraction(8857, 10)),
    (re.compile(r"尿酸|SUA|UA(?![A-Za-z])"), Fraction(16811, 100)),
    (re.compile(r"肌酐|Scr|Cr(?![A-Za-z])"), Fraction(11312, 100)),
    (re.compile(r"胆红素"), Fraction(58466, 100)),
    (re.compile(r"尿素氮|BUN"), Fraction(2801, 100)),
    (re.compile(r"血钙"), Fraction(4008, 100)),
    (re.compile(r"血糖|葡萄糖|FPG|OGTT|糖负荷", re.I), Fraction(180156, 1000)),
)
_PERIODS = (
    (re.compile(r"每[日天]|[一1][日天](?!后|内|以)|日(?=剂量|用量|总量|摄入)|/[日天]|/d(?![A-Za-z])|全天|天天"), "d"),
    (re.compile(r"每个?(?:周|星期|礼拜)|一(?:周|星期)(?=[^,，;；。]{0,3}[\d一二两三四五六七八九十])|/周"), "周"),
    (re.compile(r"每个?月|/月"), "月"),
    (re.compile(r"每年|/年|年(?=[\u4e00-\u9fff]{1,5}率)"), "年"),
    (re.compile(r"每次|[一1]次(?!性)|单次|/次"), "次"),
    (re.compile(r"每(?:公斤|千克|kg)"), "kg"),
    (re.compile(r"每(?:平方米|m²|m\^2|㎡)"), "m²"),
)
SHARES = frozenset({"次", "kg", "m²"})  # a dose's share, no time
_TOLERANCE = Fraction(12, 1000)
_UPPER = re.compile(r"最大|最高|至多|最多|上限|极量|限[为量]")
_LOWER = re.compile(r"最小|最低|至少|最少|下限")
_EDGE = re.compile(r"界[值限]|阈值|切点|临界值|分界")
_PRESSURE = re.compile(r"血压|收缩压|舒张压|SBP|DBP|高压|低压")


def differs(claim: Quantity, source: Quantity, claim_context: str = "", source_context: str = "") -> str:
    """Name the first thing that differs, "number", "unit" or "comparator", or return an empty string.

    The contexts are the texts around the quantities: they name the analyte, or a period that one side writes as /d.
    """
    if (claim.kind == "ordinal") != (source.kind == "ordinal"):
        claim, source = _days(claim), _days(source)
    unit = _unit(claim, source, claim_context, source_context)
    if unit is None:
        return "unit" if _bare(claim) == _bare(source) else "number"
    if not _equal(claim, source, unit):
        return "unit" if _bare(claim) == _bare(source) and claim.unit != source.unit else _side(claim, source, unit)
    if not _comparator(claim, source, claim_context, source_context):
        return "comparator"
    return "" if _same_period(claim, source, claim_context, source_context) else "number"


def convertible(claim: Quantity, source: Quantity) -> bool:
    """Tell whether both measure in one dimension."""
    return claim.dimension == source.dimension


def _days(quantity: Quantity) -> Quantity:
    """Read 第7~10天 as 7~10天; a single 第7天 is no length of time."""
    if quantity.kind != "ordinal" or quantity.low == quantity.high:
        return quantity
    plain = units.unit(quantity.unit.removeprefix("第"))
    return replace(quantity, unit=plain.symbol, dimension=plain.dimension, factor=plain.factor, kind="duration")


def _unit(claim: Quantity, source: Quantity, claim_context: str, source_context: str) -> Fraction | None:
    """Return what the claim's base numbers are multiplied by to be in the source's base, or None."""
    a, b = claim.dimension, source.dimension
    if a == b:
        return Fraction(1)
    if {a, b} == {"age", "calendar"} and "月" in claim.unit + source.unit:
        return Fraction(1)
    if {a, b} == {"", "pressure"}:
        return Fraction(1) if _PRESSURE.search(claim_context) and _PRESSURE.search(source_context) else None
    if {a, b} == {"angle", "temperature"}:
        return Fraction(1) if 30 <= (claim.low or claim.high or 0) <= 45 else None
    if {a, b} == {"mass/volume", "substance/volume"}:
        return _analyte(a, claim_context, source_context)
    return _per(a, b, claim_context, source_context)


def _analyte(dimension: str, claim_context: str, source_context: str) -> Fraction | None:
    """Convert between mg/dl and mmol/L by the analyte that the text names."""
    for context in (claim_context, source_context):
        for name, mass in _MOLAR:
            if name.search(context):
                return 1 / mass if dimension == "mass/volume" else mass
    return None


def _per(a: str, b: str, claim_context: str, source_context: str) -> Fraction | None:
    """Let 每日…5 mg be 5 mg/d, and 每次 5 mg be 5 mg/次."""
    for longer, shorter, context, sign in ((a, b, source_context, 1), (b, a, claim_context, -1)):
        for suffix, period, length in (("/time", "d", 86400), ("/times", "次", 1), ("/mass", "kg", 10**6), ("/area", "m²", 10**4)):
            if longer == shorter + suffix and period in periods(context):
                return Fraction(length) if sign > 0 else Fraction(1, length)
    return None


def periods(context: str) -> set[str]:
    """List the periods a text names: d, 周, 月, 年, 次."""
    return {name for pattern, name in _PERIODS if pattern.search(context)}


def _same_period(claim: Quantity, source: Quantity, claim_context: str, source_context: str) -> bool:
    """Refuse a claim per week for a source per day; 每次 and 每日 do not exclude each other in one clause."""
    if claim.dimension in ("times/time", "times/calendar", "age", "ratio", "pressure") or claim.kind in ("date", "ordinal"):
        return True
    mine, theirs = (periods(c) - SHARES for c in (claim_context, source_context))
    return not mine or not theirs or bool(mine & theirs)


def _bare(quantity: Quantity) -> tuple[object, ...]:
    """Return the numbers without unit and bound."""
    return _raw(quantity)


def _equal(claim: Quantity, source: Quantity, factor: Fraction) -> bool:
    """Compare both ends in the base unit; an analyte's conversion is rounded in print, so to 1.2 %."""
    if claim.unit == source.unit and factor == 1:
        return _raw(claim) == _raw(source)
    rough = _rough(claim, source)
    for a, b in zip(_full(claim), _full(source), strict=True):
        if a * factor == b:
            continue
        if not rough or abs(a * factor - b) > _TOLERANCE * abs(b):
            return False
    return len(claim.second or ()) == len(source.second or ())


def _raw(quantity: Quantity) -> tuple[object, ...]:
    """Return the numbers as written, an open side filled with the closed one."""
    low, high = quantity.low, quantity.high
    return low if low is not None else high, high if high is not None else low, quantity.second


def _rough(claim: Quantity, source: Quantity) -> bool:
    """Tell whether the conversion between the two units is rounded where it is printed."""
    if {claim.dimension, source.dimension} == {"mass/volume", "substance/volume"}:
        return True
    return claim.unit != source.unit and claim.dimension in ("pressure", "energy") and claim.dimension == source.dimension


def _full(quantity: Quantity) -> tuple[Fraction, ...]:
    """Return low, high and the second pair in base units, an open side filled with the closed one."""
    low, high = quantity.base
    ends = (low if low is not None else high, high if high is not None else low)
    second = tuple(x * quantity.factor for x in quantity.second or (Fraction(0), Fraction(0)))
    return (ends[0] or Fraction(0), ends[1] or Fraction(0), *second)


def _side(claim: Quantity, source: Quantity, factor: Fraction) -> str:
    """Call a range of which only one end is claimed a wrong comparator, anything else a wrong number."""
    if (claim.low is not None and claim.low == claim.high) == (source.low is not None and source.low == source.high):
        return "number"
    a, b = _full(claim), _full(source)
    one_end = claim.low != claim.high and source.low == source.high or claim.low == claim.high and source.low != source.high
    return "comparator" if one_end and (a[0] * factor in b[:2] or b[0] in (a[0] * factor, a[1] * factor)) else "number"


def _comparator(claim: Quantity, source: Quantity, claim_context: str, source_context: str) -> bool:
    """Compare bounds; 以上 may mean ≥ or >, and a largest dose is a bound that needs no sign."""
    a, b = (q.comparator if q.comparator != "pair" else "=" for q in (claim, source))
    if a == b:
        return True
    if a == "=" and b[0] in "<≤>≥" and _EDGE.search(claim_context):
        return True
    if a[0] in "<≤" and b[0] in "<≤" or a[0] in ">≥" and b[0] in ">≥":
        return claim.vague or source.vague
    if a == "≥" and b == "=" and claim.approximate or b == "≥" and a == "=" and source.approximate:
        return True  # 达到 140 may be 140 or more
    if {a, b} == {"≤", "≥"} and claim.approximate and source.approximate and claim.vague != source.vague:
        return True  # 可达 83% is 达 83%
    if b == "=" and a[0] in "≤≥":
        return bool((_UPPER if a == "≤" else _LOWER).search(source_context))
    if a == "=" and b[0] in "≤≥":
        return bool((_UPPER if b == "≤" else _LOWER).search(claim_context))
    return False
