"""Whether negations, prohibitions, cautions and directions are the source's own, and none of them was dropped."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.verify.binding import units_of
from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Reason

_NEGATIVE = frozenset({"never", "mustnot", "against", "noneed", "caution", "not", "stop"})
_DIRECTION = frozenset({"up", "down"})
# which classes may stand for each other; 禁用 and 不推荐 are too far apart
_ALLOWED = {
    "never": {"never", "mustnot"},
    "mustnot": {"never", "mustnot", "against", "not"},
    "against": {"against", "mustnot", "not"},
    "noneed": {"noneed"},
    "caution": {"caution"},
    "not": {"not", "mustnot", "against"},
    "stop": {"stop"},
    "up": {"up"},
    "down": {"down"},
}
_OPERANDS = 3
_NEAR, _SAID = 0.34, 0.6


@dataclass(frozen=True, slots=True)
class Marker:
    """A polarity word, what it is about, its clause's words, and those with the clause before."""

    token: Token
    operand: frozenset[str]
    clause: frozenset[str]
    wide: frozenset[str]


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the markers that only one side has over the same words."""
    mine, theirs = markers(claim), markers(source)
    reasons = [_reason(m, theirs) for m in mine if not _supported(m, theirs)]
    said = claim.ids | claim.pairs
    for marker in theirs:
        if not marker.token.marks & _NEGATIVE or _share(marker.operand, said) < _SAID:
            continue
        if _uses(claim, source, marker) and not any(_answers(m, marker) for m in mine):
            reasons.append(Reason("negation", "", marker.token.text))
    return reasons


def markers(reading: Reading) -> list[Marker]:
    """List a text's polarity words with their operands: the words after them, else the words before."""
    out: list[Marker] = []
    for clause, tokens in enumerate(reading.clauses):
        before = reading.units[clause - 1] if clause else frozenset()
        for i, token in enumerate(tokens):
            if token.marks:
                operand = _operand(tokens, i) or before
                out.append(Marker(token, operand, reading.units[clause], reading.units[clause] | before))
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
        return units_of(ahead)
    behind = [t for t in tokens[:place] if t.units and not t.marks]
    return units_of(behind[-4:])


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return which share of `part` is in `whole`; nothing has no share."""
    return len(part & whole) / len(part) if part else 0.0


def _compatible(marks: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether two markers may stand for each other."""
    return any(_ALLOWED.get(m, {m}) & others for m in marks)


def _near(marker: Marker, other: Marker) -> bool:
    """Tell whether two markers are about the same words, and not about different amounts of one thing."""
    if _amounts_differ(marker.clause, other.clause):
        return False
    if not marker.operand and not other.operand:
        return True
    return max(_share(marker.operand, other.wide), _share(other.operand, marker.wide)) >= _NEAR


def _amounts_differ(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Tell whether both clauses state one amount each, of one dimension, and these differ."""
    a, b = ([u for u in units if u.startswith("=")] for units in (mine, theirs))
    return len(a) == len(b) == 1 and a != b and a[0].rsplit(")", 1)[-1] == b[0].rsplit(")", 1)[-1] and "ratio" in a[0]


def _supported(marker: Marker, theirs: list[Marker]) -> bool:
    """Tell whether the source has the claim's marker over the same words."""
    if any(_answers(marker, m) for m in theirs):
        return True
    if marker.token.marks & _NEGATIVE:
        return False
    if not marker.token.marks & _DIRECTION:
        return True  # unless and only are looked at with the conditions
    opposite = {"down"} if "up" in marker.token.marks else {"up"}
    return not any(m.token.marks & opposite and _near(marker, m) for m in theirs)


def _answers(marker: Marker, other: Marker) -> bool:
    """Tell whether one side's marker stands for the other's; a direction must be over the same next word."""
    if not _compatible(marker.token.marks, other.token.marks) or not _near(marker, other):
        return False
    if marker.token.marks & _DIRECTION and marker.operand and other.operand:
        return bool(marker.operand & (other.operand | other.clause))
    return True


def _uses(claim: Reading, source: Reading, marker: Marker) -> bool:
    """Tell whether a claim's clause that has the marker's words draws on the marker's clause rather than another one."""
    place = source.clause_at(marker.token.start)
    for units in claim.units:
        if not units & marker.operand:
            continue
        scores = [len(units & other) for other in source.units]
        if scores[place] >= max(scores):
            return True
    return False


def _reason(marker: Marker, theirs: list[Marker]) -> Reason:
    """Set the claim's marker beside the source's marker over the same words."""
    found = next((m.token.text for m in theirs if _near(marker, m)), "")
    return Reason("negation", marker.token.text, found)
