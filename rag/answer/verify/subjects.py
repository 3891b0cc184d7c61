"""Whether what rises, falls or is advised against is what the source says it of, and what is compared is on its side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.markers import Marker, markers
from rag.answer.verify.polarity import answers
from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_OWNERS = PEOPLE | {"drug", "disease"}
_OPPOSITE = {"up": "down", "down": "up"}
_COMPARES = re.compile(
    r"较(?!高|低|大|小|多|少|好|差|重|轻|快|慢|长|短|为|前)|比(?=[^,;。]{1,20}?更)|优于|好过|劣于|不如|不劣于|相比|高于|低于|多于|少于|大于|小于"
)


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the directions and advice that the source says of something else, and the comparison whose sides are swapped."""
    mine, theirs = markers(claim), markers(source)
    reasons: list[Reason] = []
    for marker in mine:
        alike = [m for m in theirs if answers(marker, m)]
        if alike and (_moves(marker, alike, theirs, claim, source) or _advised(marker, alike, claim, source)):
            reasons.append(Reason("negation", marker.token.text, alike[0].token.text))
    return reasons or _compared(claim, source)


def _moves(marker: Marker, alike: Sequence[Marker], theirs: Sequence[Marker], claim: Reading, source: Reading) -> bool:
    """Tell whether the source says the direction of others only, and the opposite one of what the claim says it of."""
    way = next((m for m in marker.token.marks if m in _OPPOSITE), "")
    owners = _owners(claim, marker.token.clause)
    if not way or not owners:
        return False
    others = [_owners(source, m.token.clause) for m in alike]
    against = [_owners(source, m.token.clause) for m in theirs if _OPPOSITE[way] in m.token.marks]
    return all(o and not o & owners for o in others) and any(owners <= o for o in against)


def _advised(marker: Marker, alike: Sequence[Marker], claim: Reading, source: Reading) -> bool:
    """Tell whether the source advises against others only: 肛拭子不推荐 is not 粪便不推荐."""
    if "against" not in marker.token.marks:
        return False
    subject = _before(claim, marker)
    theirs = [_before(source, m) for m in alike]
    return bool(subject) and all(t and not t & claim.ids.union(claim.pairs) for t in theirs) and subject <= source.ids | source.pairs


def _before(reading: Reading, marker: Marker) -> frozenset[str]:
    """List what stands before a marker in its clause."""
    return frozenset(u for t in reading.clauses[marker.token.clause] if t.end <= marker.token.start and not t.marks for u in t.units)


def _owners(reading: Reading, clause: int) -> frozenset[str]:
    """List the names of a clause that something can be said of."""
    return frozenset(i for t in reading.clauses[clause] if t.category in _OWNERS for i in t.ids)


def _compared(claim: Reading, source: Reading) -> list[Reason]:
    """Refuse a comparison whose sides are swapped."""
    mine = next(_sides(claim), None)
    alike = [s for s in _sides(source) if mine and s[0] == mine[0]]
    if mine is None or not alike:
        return []
    said = mine[1] | mine[2]
    theirs = max(alike, key=lambda s: len(said & (s[1] | s[2])))
    left, right = (m - o for m, o in ((mine[1], mine[2]), (mine[2], mine[1])))
    first, second = (m - o for m, o in ((theirs[1], theirs[2]), (theirs[2], theirs[1])))
    if left & second and right & first:
        return [Reason("drug" if any(u.startswith("drug:") for u in left & second) else "content", mine[0], theirs[0])]
    return []


def _sides(reading: Reading) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Yield the words of comparison with what their clauses say before and after them."""
    for match in _COMPARES.finditer(reading.text):
        if any(q.span[0] <= match.start() < q.span[1] for q in reading.quantities):
            continue
        tokens = reading.clauses[reading.clause_at(match.start())]
        yield (
            match[0],
            frozenset(u for t in tokens if t.end <= match.start() for u in t.units),
            frozenset(u for t in tokens if t.start >= match.end() for u in t.units),
        )
