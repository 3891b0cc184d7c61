"""Whether every quantity of the claim is in the source, with unit, bound, and what it belongs to."""

from __future__ import annotations

import re

from rag.answer.verify.binding import around, foreign, misnamed, other_owner, role_differs, role_kept
from rag.answer.verify.entities import kind_of
from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Kind, Reason
from rag.answer.verify.rivals import nearest_other
from rag.text.equivalence import SHARES, convertible, differs, periods
from rag.text.quantity import Quantity

_OWNERS = PEOPLE | {"drug", "measure"}
_LEAD = 10  # characters before a dose in which 每次 or 每日 is looked for
_PORTION = re.compile(r"(?:(?P<once>每次|单次|一次)|每[日天]|一[日天]|日剂量|全天)[^,;。\d]{0,4}$")
_OR = re.compile(r"\s*或者?\s*")
_POINTING = ("这", "上述", "以上", "前述")
_TIMES = frozenset({"time", "calendar", "times/time", "times/calendar"})


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's quantities that the source does not have, or has for something else."""
    reasons: list[Reason] = []
    for quantity in claim.quantities:
        if _refers(quantity, claim):
            continue
        same = [s for s in source.quantities if not difference(quantity, s, claim, source)]
        if not same and not _paired(quantity, claim, source):
            reasons += _missing(quantity, claim, source)
        elif same:
            reasons += _elsewhere(quantity, same, claim, source)
    return reasons or _periods(claim, source)


def _refers(quantity: Quantity, claim: Reading) -> bool:
    """Tell whether a small count only points back to what was just listed: 这两项, 上述三种."""
    return quantity.low == quantity.high and claim.text[: quantity.span[0]].endswith(_POINTING) and 2 <= (quantity.low or 0) <= 5


def _periods(claim: Reading, source: Reading) -> list[Reason]:
    """Say when the claim names a period that the source does not: 每日 for 每周."""
    new = periods(claim.text) - _said_periods(source)
    return [Reason("frequency_duration", period, "") for period in sorted(new - SHARES)]


def _said_periods(source: Reading) -> set[str]:
    """List the source's periods, also those that a rate or a unit says."""
    symbols = "".join(f"/{q.unit}" for q in source.quantities if "/" in q.unit)
    rates = {"d", "周"} if any(q.dimension == "times/time" for q in source.quantities) else set()
    return periods(source.text) | {p for p in ("d", "周", "年") if f"/{p}" in symbols} | rates | ({"年", "月"} if "/月" in symbols else set())


def _elsewhere(quantity: Quantity, same: list[Quantity], claim: Reading, source: Reading) -> list[Reason]:
    """Say when the source has the quantity for somebody or something else."""
    if (owner := foreign(quantity, claim, source, same, _OWNERS)) is not None:
        return [Reason(kind_of(owner.category), owner.text, "")]
    if (name := misnamed(quantity, claim, source, same)) is not None:
        return [Reason(kind_of(name.category), name.text, "")]
    if quantity.kind in ("dose", "percent") and (drug := other_owner(quantity, claim, source, same, "drug")) is not None:
        return [Reason("drug", drug.text, "")]
    if quantity.kind == "pressure" and (measure := other_owner(quantity, claim, source, same, "measure")) is not None:
        return [Reason("number", f"{measure.text}{_text(claim, quantity)}", "")]
    if quantity.kind == "dose" and _other_portion(quantity, claim, source, same):
        return [Reason("frequency_duration", _text(claim, quantity), _text(source, same[0]))]
    first = same[0].dimension.split("/")[0]
    rivals = [s for s in source.quantities if s not in same and s.dimension.split("/")[0] == first and _of_weight(s) == _of_weight(same[0])]
    if quantity.kind in ("dose", "duration") and role_differs(quantity, claim, source, same, rivals):
        return [Reason(_kind(quantity, "number", claim), _text(claim, quantity), "")]
    if role_kept(quantity, claim, source, same, rivals):
        return []
    rivals = [r for r in rivals if not _alternative(r, same, claim, source)]
    if not rivals or all(_listed(source, s) for s in same):
        return []
    near = [around(source, s.span) for s in same], [around(source, s.span) for s in rivals]
    place = nearest_other(around(claim, quantity.span), *near, _topics(source, same, rivals))
    if place is None:
        return []
    return [Reason(_kind(quantity, "number", claim), _text(claim, quantity), _text(source, rivals[place]))]


def _of_weight(quantity: Quantity) -> tuple[bool, bool]:
    """Tell whether a quantity is a body weight, and whether it is given for each kilogram of it."""
    return quantity.unit == "kg", "/mass" in quantity.dimension


def _other_portion(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity]) -> bool:
    """Tell whether the claim gives for a day what the source gives each time, several times a day, or the reverse."""
    mine = _portion(quantity, claim)
    theirs = {_portion(s, source) for s in same}
    once = any(q.dimension == "times/time" and q.low == q.high == 1 for q in source.quantities)
    return bool(mine) and not once and theirs == {"次" if mine == "d" else "d"}


def _portion(quantity: Quantity, reading: Reading) -> str:
    """Say whether a dose is called that of one time or of a day, by what stands right before it."""
    match = _PORTION.search(reading.text, max(0, quantity.span[0] - _LEAD), quantity.span[0])
    return "" if match is None else "次" if match["once"] else "d"


def _alternative(rival: Quantity, same: list[Quantity], claim: Reading, source: Reading) -> bool:
    """Tell whether a rival is the other one of two that both texts leave open: q6h或q8h."""
    beside = any(_OR.fullmatch(source.text, min(s.span[1], rival.span[1]), max(s.span[0], rival.span[0])) for s in same)
    return beside and any(not difference(q, rival, claim, source) for q in claim.quantities)


def _listed(source: Reading, quantity: Quantity) -> bool:
    """Tell whether a quantity is an item of the first list of 甲、乙 … 分别为 1、2: its fact follows the second list."""
    end = source.end_of(source.clause_at(quantity.span[0]))
    return "分别" in source.text[quantity.span[1] : end]


def _topics(source: Reading, same: list[Quantity], rivals: list[Quantity]) -> frozenset[int]:
    """List the rivals that stand before all equal quantities, in the sentence of one of them, but not in its clause."""
    first = min(q.span[0] for q in same)
    clauses = {source.clause_at(q.span[0]) for q in same}
    sentences = {source.sentence[c] for c in clauses}
    return frozenset(
        i
        for i, q in enumerate(rivals)
        if q.span[0] < first and (c := source.clause_at(q.span[0])) not in clauses and source.sentence[c] in sentences
    )


def difference(quantity: Quantity, other: Quantity, claim: Reading, source: Reading) -> str:
    """Name what differs between two quantities: number, unit or comparator; empty when they are the same."""
    found = differs(quantity, other, _context(claim, quantity), _context(source, other))
    return "" if found == "comparator" and _turned(quantity, other, claim, source) else found


def _turned(quantity: Quantity, other: Quantity, claim: Reading, source: Reading) -> bool:
    """Tell whether 前 or 后 stands before one length of time and after the other: 术前2周, 手术2周前."""
    sides = [(r.text[q.span[0] - 1 : q.span[0]], r.text[q.span[1] - 1 : q.span[1]]) for r, q in ((claim, quantity), (source, other))]
    if quantity.kind != "duration" or other.kind != "duration":
        return False
    (before, after), (other_before, other_after) = sides
    first = any(r.text[: q.span[0]].endswith("最初") for r, q in ((claim, quantity), (source, other)))
    within = (first or before == other_before == "前") and {quantity.comparator, other.comparator} == {"=", "≤"}  # 睡前3小时内
    return within or any(a == b and a and a in "前后" for a, b in ((before, other_after), (other_before, after)))


def _context(reading: Reading, quantity: Quantity) -> str:
    """Return the text of the quantity's clause up to it, and a little after: it may hold the period or the analyte."""
    clause = reading.clause_at(quantity.span[0])
    first = reading.starts[max(0, clause - 1)]
    return reading.text[first : quantity.span[1] + 6]


def _paired(quantity: Quantity, claim: Reading, source: Reading) -> bool:
    """Tell whether one side writes a blood pressure as a pair and the other as 收缩压 and 舒张压."""
    if quantity.dimension not in ("pressure", ""):
        return False
    if quantity.second is None:
        head = _context(claim, quantity)
        part = max(("收缩压", "舒张压", "SBP", "DBP"), key=head.rfind)
        if head.rfind(part) < 0:
            return False
        lower = part in ("舒张压", "DBP")
        return any(_part(s, lower) == _ends(quantity) and _sign(s) == _sign(quantity) for s in source.quantities if s.second)
    singles = [s for s in source.quantities if s.second is None and s.dimension in ("pressure", "")]
    for i, first in enumerate(singles):
        if _part(quantity, lower=False) == _ends(first) and "收缩压" in _context(source, first):
            rest = singles[i + 1 :]
            return any(_part(quantity, lower=True) == _ends(s) and _sign(s) == _sign(quantity) for s in rest)
    return False


def _part(quantity: Quantity, lower: bool) -> tuple[object, object]:  # noqa: FBT001 - picks one of two numbers
    """Return the systolic or the diastolic numbers of a pair, with the open side kept."""
    low, high = quantity.low, quantity.high
    if not lower or quantity.second is None:
        return low, high
    return (None if low is None else quantity.second[0]), (None if high is None else quantity.second[1])


def _ends(quantity: Quantity) -> tuple[object, object]:
    """Return the numbers of a single value."""
    return quantity.low, quantity.high


def _sign(quantity: Quantity) -> str:
    """Return the comparator, with a pair's own name folded into equality."""
    return "=" if quantity.comparator in ("pair", "range") else quantity.comparator


def _missing(quantity: Quantity, claim: Reading, source: Reading) -> list[Reason]:
    """Say which of number, unit and comparator is wrong, by the source's quantity that is most like it.

    One of the same dimension is more alike than one of the same number, and one of the same form (range, bound) more
    still. A wrong unit of time (3周 for 3个月) is both a wrong unit and a wrong duration.
    """
    order = {"comparator": 0, "unit": 1, "number": 2}
    found = [(order[d], s) for s in source.quantities if (d := difference(quantity, s, claim, source)) in order]
    near = min(found, key=lambda f: (not convertible(quantity, f[1]), _form(quantity) != _form(f[1]), f[0]), default=None)
    if near is None:
        return [Reason(_kind(quantity, "number", claim), _text(claim, quantity), "")]
    kind: Kind = "comparator" if near[0] == 0 else "unit" if near[0] == 1 else "number"
    witness = _text(source, near[1]) if near[0] < 2 or convertible(quantity, near[1]) else ""
    kinds = dict.fromkeys((kind, _kind(quantity, kind, claim)) if kind == "unit" else (_kind(quantity, kind, claim),))
    return [Reason(k, _text(claim, quantity), witness) for k in kinds]


def _form(quantity: Quantity) -> tuple[bool, bool, bool]:
    """Tell whether a quantity is a pair, is open at a side, and is one number."""
    return quantity.second is not None, quantity.low is None or quantity.high is None, quantity.low == quantity.high


def _kind(quantity: Quantity, kind: Kind, claim: Reading) -> Kind:
    """Name a wrong time or rate, and a wrong age, by what it is."""
    if kind == "comparator":
        return "comparator"
    if quantity.dimension in _TIMES or quantity.dimension == "times" and periods(_context(claim, quantity)) - SHARES:
        return "frequency_duration"
    if kind == "number" and quantity.dimension == "age":
        return "population"
    return kind


def _text(reading: Reading, quantity: Quantity) -> str:
    """Return the quantity as written."""
    return reading.text[slice(*quantity.span)].strip()
