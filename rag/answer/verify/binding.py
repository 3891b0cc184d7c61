"""Whether a quantity or grade belongs to the same thing in claim and source: its surroundings are compared.

A claim that swaps two numbers has only numbers that the source has. So the source's quantity that stands in the most
similar surroundings must be the equal one: 男性 85, 女性 80 does not support 男性 80.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rag.answer.verify.reading import Reading
from rag.text.quantity import Quantity

_MARGIN = 0.3
_SPLIT = re.compile(r"[、和与及或]|以及")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands before a place up to the previous quantity, after it, in its clause, and earlier in its sentence."""

    before: frozenset[str]
    after: frozenset[str]
    clause: frozenset[str]
    sentence: frozenset[str]


def belongs(quantity: Quantity, same: list[Quantity], claim: Reading, source: Reading) -> Quantity | None:
    """Return the source's different quantity that stands where the claim's does, or None when the right one does."""
    rivals = [s for s in source.quantities if s.dimension == same[0].dimension and s not in same]
    if not rivals:
        return None
    mine = around(claim, quantity.span)
    known = {s.span: around(source, s.span) for s in [*same, *rivals]}
    frequency = Counter(u for a in known.values() for u in a.before | a.after | a.clause | a.sentence)
    best = max(similarity(mine, known[s.span], frequency) for s in same)
    rival = max(rivals, key=lambda s: similarity(mine, known[s.span], frequency))
    return rival if similarity(mine, known[rival.span], frequency) > best + _MARGIN else None


def similarity(mine: Around, other: Around, frequency: Counter[str]) -> float:
    """Weigh what two places have around them in common; what few places have weighs more."""

    def weigh(units: frozenset[str]) -> float:
        return sum(1 / frequency[u] for u in units)

    return (
        weigh(mine.before & other.before)
        + weigh(mine.after & other.after)
        + 0.4 * weigh((mine.before & other.clause) | (mine.after & other.clause))
        + 0.5 * weigh(mine.sentence & (other.sentence | other.before))
        + 0.3 * weigh(mine.before & other.sentence)
    )


def around(reading: Reading, span: tuple[int, int]) -> Around:
    """Collect the surroundings of a place."""
    clause = reading.clause_at(span[0])
    start = reading.starts[clause]
    end = reading.starts[clause + 1] if clause + 1 < len(reading.starts) else len(reading.text)
    spans = [q.span for q in reading.quantities if start <= q.span[0] < end and q.span != span]
    left = max((s[1] for s in spans if s[1] <= span[0]), default=start)
    right = min((s[0] for s in spans if s[0] >= span[1]), default=end)
    tokens = reading.clauses[clause]
    before = {u for t in tokens if left <= t.start < span[0] for u in t.units}
    after = {u for t in tokens if span[1] <= t.start < right for u in t.units}
    named = _respectively(reading, span, start, end)
    if named is not None:
        before = named
    whole = {u for t in tokens for u in t.units}
    earlier = {
        u
        for i in range(clause)
        if reading.sentence[i] == reading.sentence[clause]
        for t in reading.clauses[i]
        for u in t.units
    }
    labels = {
        _label(q)
        for q in reading.quantities
        if q.span != span and q.span[0] < span[0] and reading.sentence[reading.clause_at(q.span[0])] == reading.sentence[clause]
    }
    return Around(frozenset(before), frozenset(after), frozenset(whole), frozenset(earlier | labels))


def _label(quantity: Quantity) -> str:
    """Name a quantity that stands before another one and says whom or when it is for."""
    return f"q{quantity.base}{quantity.dimension}"


def _respectively(reading: Reading, span: tuple[int, int], start: int, end: int) -> set[str] | None:
    """Pair 甲、乙和丙 … 分别为 1、2 和 3: return what the item in the same place of the first list says."""
    at = reading.text.rfind("分别", start, span[0])
    if at < 0:
        return None
    after = [q.span for q in reading.quantities if at < q.span[0] < end]
    if len(after) < 2 or span not in after:
        return None
    place = after.index(span)
    labels = [q for q in reading.quantities if start <= q.span[0] and q.span[1] <= at]
    if len(labels) >= len(after):
        return {_label(labels[place - len(after)])}
    parts = _SPLIT.split(reading.text[start:at])
    if len(parts) < len(after):
        return None
    begin = start + reading.text[start:at].rfind(parts[place - len(after)])
    stop = begin + len(parts[place - len(after)])
    return {u for t in reading.clauses[reading.clause_at(span[0])] if begin <= t.start < stop for u in t.units}
