"""Whether negations, prohibitions, cautions and directions are the source's own, and none of them was dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Reason

_NEGATIVE = frozenset({"never", "mustnot", "against", "noneed", "caution", "not", "stop"})
# which classes may stand for each other; 禁用 and 不推荐 are too far apart
_ALLOWED = {
    "never": {"never", "mustnot"},
    "mustnot": {"never", "mustnot", "against", "not", "stop"},
    "against": {"against", "mustnot", "not"},
    "noneed": {"noneed"},
    "caution": {"caution"},
    "not": {"not", "mustnot", "against"},
    "stop": {"stop", "mustnot"},
    "up": {"up"},
    "down": {"down"},
}
_OPERANDS = 3


@dataclass(frozen=True, slots=True)
class Marker:
    """A polarity word, what it is about, and what its clause says."""

    token: Token
    operand: frozenset[str]
    clause: frozenset[str]


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the markers that only one side has over the same words."""
    mine, theirs = markers(claim), markers(source)
    reasons = [_reason(m, theirs) for m in mine if not _supported(m, theirs, source)]
    said = claim.ids | claim.pairs
    for marker in theirs:
        if marker.token.marks & _NEGATIVE and _share(marker.operand, said) >= 0.6 and not _kept(marker, mine):
            reasons.append(Reason("negation", "", marker.token.text))
    return reasons


def markers(reading: Reading) -> list[Marker]:
    """List a text's polarity words with their operands: the words after them, else the words before."""
    out: list[Marker] = []
    for clause, tokens in enumerate(reading.clauses):
        whole = _units(tokens)
        for i, token in enumerate(tokens):
            if token.marks:
                operand = _operand(tokens, i) or (_units(reading.clauses[clause - 1]) if clause else frozenset())
                out.append(Marker(token, operand, whole))
    return out


def _operand(tokens: list[Token], place: int) -> frozenset[str]:
    """Take the next words up to the next marker; a marker at the end of its clause is about what precedes it."""
    ahead: list[Token] = []
    for token in tokens[place + 1 :]:
        if token.marks & _NEGATIVE and ahead:
            break
        if token.units and len(ahead) < _OPERANDS:
            ahead.append(token)
    if ahead:
        return _units(ahead)
    behind = [t for t in tokens[:place] if t.units and not t.marks]
    return _units(behind[-4:])


def _units(tokens: Iterable[Token]) -> frozenset[str]:
    """Join the units of words."""
    return frozenset(u for t in tokens for u in t.units)


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return which share of `part` is in `whole`; nothing has no share."""
    return len(part & whole) / len(part) if part else 0.0


def _compatible(marks: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether two markers may stand for each other."""
    return any(_ALLOWED.get(m, {m}) & others for m in marks)


def _near(marker: Marker, other: Marker) -> bool:
    """Tell whether two markers are about the same words."""
    if not marker.operand and not other.operand:
        return True
    return max(_share(marker.operand, other.operand | other.clause), _share(other.operand, marker.operand | marker.clause)) >= 0.34


def _supported(marker: Marker, theirs: list[Marker], source: Reading) -> bool:
    """Tell whether the source has the claim's marker over the same words."""
    if any(_compatible(marker.token.marks, m.token.marks) and _near(marker, m) for m in theirs):
        return True
    if marker.token.marks & _NEGATIVE:
        return False
    if not marker.token.marks & {"up", "down"}:
        return True  # unless and only are looked at with the conditions
    opposite = {"down"} if "up" in marker.token.marks else {"up"}
    return not any(m.token.marks & opposite and _near(marker, m) for m in theirs)


def _kept(marker: Marker, mine: list[Marker]) -> bool:
    """Tell whether the claim keeps the source's marker."""
    return any(_compatible(m.token.marks, marker.token.marks) and _near(m, marker) for m in mine)


def _reason(marker: Marker, theirs: list[Marker]) -> Reason:
    """Set the claim's marker beside the source's marker over the same words."""
    found = next((m.token.text for m in theirs if _near(marker, m)), "")
    return Reason("negation", marker.token.text, found)
