"""Whether negations, prohibitions, cautions and directions are the source's own, and none of them was dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.verify.denied import NEGATIONS, affirmed
from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.markers import NEGATIVE, Marker, markers
from rag.answer.verify.reading import Reading, Token, pairs
from rag.answer.verify.record import Reason

_DIRECTION = frozenset({"up", "down"})
_DIRECTIONS = {"up": "升高", "down": "降低"}
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
_GLOOMY = re.compile(r"[不无未非没失缺障难停避禁忌除异衰损弱]")
_ALIKE = 0.7  # share of character pairs that makes two clauses nearly the same
_LISTED = PEOPLE | {"drug", "disease"}
_YET = frozenset({"未", "尚未", "没有", "还没"})
_PHRASE = 4  # characters
_NEAR, _SAID, _TOGETHER = 0.34, 0.5, 0.34


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the markers that only one side has over the same words."""
    mine, theirs = markers(claim), markers(source)
    said = claim.ids | claim.pairs
    asked = [m for m in theirs if m.token.marks & NEGATIVE and _spoken(m, said)]
    answered, kept = _match(mine, theirs), _match(asked, mine)
    reasons = [
        _reason(m, theirs)
        for i, m in enumerate(mine)
        if not _supported(m, i in answered, _lay(m, source), theirs) and not _not_yet(m, claim, source)
    ]
    for i, marker in enumerate(asked):
        stopped = "stop" in marker.token.marks and any("stop" in m.token.marks for m in mine)
        if i not in kept and not stopped and _uses(claim, source, marker):
            reasons.append(Reason("negation", "", marker.token.text))
    reasons = reasons or _counted(claim, source) or _slipped(claim, source)
    return reasons or [Reason("negation", r.source, r.claim) for r in _slipped(source, claim)]


def _lay(marker: Marker, source: Reading) -> bool:
    """Tell whether a plain 不 or 没 negates words that are not the source's, which has a negative word of its own.

    "起不到作用" says 失去作用: what is negated must then not be said by the source in the affirmative.
    """
    if len(marker.token.text) > 2 or marker.operand & (source.ids | source.pairs):
        return False
    return bool(_GLOOMY.search(source.text))


def _spoken(marker: Marker, said: frozenset[str]) -> bool:
    """Tell whether a claim speaks of what a marker is about: of half of it, of a name in it, or of one of those it lists."""
    return _share(marker.operand, said) >= _SAID or bool(_names(marker.operand) & said) or any(item <= said for item in marker.items)


def _not_yet(marker: Marker, claim: Reading, source: Reading) -> bool:
    """Tell whether the source says 稳定前 for the claim's 未稳定时."""
    return marker.token.text in _YET and _until(claim.text, marker.token.end, source)


def _until(text: str, start: int, source: Reading) -> bool:
    """Tell whether the two characters at a place are followed by 时, and in the source by 前."""
    return text[start + 2 : start + 3] == "时" and text[start : start + 2] + "前" in source.compact


def _match(mine: Sequence[Marker], theirs: Sequence[Marker]) -> set[int]:
    """Find which of `mine` have a counterpart; within one clause no two share one.

    The same word is taken first, and of several the one that is most about the same.
    """
    found: set[int] = set()
    used: set[tuple[int, int]] = set()
    ranked = sorted(
        ((_rank(m, o), _share(m.operand, o.operand), -i, -j) for i, m in enumerate(mine) for j, o in enumerate(theirs)), reverse=True
    )
    for _, _, i, j in ((r, s, -i, -j) for r, s, i, j in ranked):
        marker, place = mine[i], (mine[i].token.clause, j)
        if i in found or place in used and not marker.heads and not _covered(marker, theirs[j]) or not answers(marker, theirs[j]):
            continue
        found.add(i)
        if not marker.heads:
            used.add(place)
    return found


def _covered(marker: Marker, other: Marker) -> bool:
    """Tell whether another marker is also over what this one is about, as one over a list is: 没有甲和乙 for 无甲、无乙."""
    return other.listed and _share(marker.operand, other.scope) >= _SAID


def _rank(marker: Marker, other: Marker) -> int:
    """Rank how alike two markers are: the same word, the same class, neither."""
    return 2 if marker.token.text == other.token.text else 1 if marker.token.marks & other.token.marks else 0


def _counted(claim: Reading, source: Reading) -> list[Reason]:
    """Compare clauses that are nearly the same word for word: one may not have a negative word more, nor the other direction.

    Another negation nearby (妊娠期避免用甲, 不用乙) else stands in for the one that was dropped.
    """
    theirs = [_written(source, i) for i in range(len(source.clauses))]
    for i in range(len(claim.clauses)):
        mine = _written(claim, i)
        alike = [j for j, other in enumerate(theirs) if mine and len(mine & other) >= _ALIKE * max(len(mine), len(other))]
        if not alike:
            continue
        ways = _directions(claim, i)
        if len(ways) == 1 and all(_directions(source, j) == _DIRECTION - ways for j in alike):
            return [Reason("negation", _DIRECTIONS[min(ways)], _DIRECTIONS[min(_DIRECTION - ways)])]
        here = _negatives(claim, i)
        there = [_negatives(source, j) for j in alike]
        if all(len(found) != len(here) for found in there):
            more, less = (here, there[0]) if len(here) > len(there[0]) else (there[0], here)
            word = next((t.text for t in more if t.text not in {o.text for o in less}), more[0].text)
            return [Reason("negation", word, "") if more is here else Reason("negation", "", word)]
    return []


def _written(reading: Reading, clause: int) -> frozenset[str]:
    """List the character pairs of a clause as written."""
    return pairs(re.sub(r"\W", "", reading.text[reading.starts[clause] : reading.end_of(clause)].lower()))


def _directions(reading: Reading, clause: int) -> frozenset[str]:
    """List the directions that a clause names: up, down."""
    return frozenset(m for t in reading.clauses[clause] for m in t.marks & _DIRECTION)


def _negatives(reading: Reading, clause: int) -> list[Token]:
    """List the negative words of a clause; a row's header that its cell says again is none."""
    found = [t for t in reading.clauses[clause] if t.marks & NEGATIVE]
    return [t for t in found if not reading.text.startswith(":", t.end)] or found


def _slipped(claim: Reading, source: Reading) -> list[Reason]:
    """Find a negation put between two characters that follow each other in the other text, which lacks it."""
    text = claim.compact
    places = [m.start() for m in re.finditer(r"\w", claim.text)]
    for i, char in enumerate(text[:-1]):
        if char not in NEGATIONS or not i:
            continue
        before, after = text[i - 1], text[i + 1]
        if before + after not in source.pairs or before + after in claim.pairs or char in _YET and _until(text, i + 1, source):
            continue
        if before == "有" and "没有" + after in source.compact:
            continue  # 所有无禁忌证的 has the 无 of 没有
        place = source.compact.find(before + after) + 1
        if _reworded(places[i], claim, source):
            continue  # 不建议长期用甲 for 建议避免长期用甲
        if affirmed(source.compact[place : place + _PHRASE], text):
            continue  # 不推荐甲, 而是推荐乙
        if before + char not in source.pairs or char + after not in source.pairs:
            return [Reason("negation", before + char + after, before + after)]
    return []


def _reworded(place: int, claim: Reading, source: Reading) -> bool:
    """Tell whether the claim's negation at a place is over what one of the source's own is over."""
    mine = next((m for m in markers(claim) if m.token.start <= place < m.token.end and m.token.marks & NEGATIVE), None)
    if mine is None or not mine.operand:
        return False
    theirs = (m for m in markers(source) if m.token.marks & NEGATIVE)
    return any(_compatible(mine.token.marks, o.token.marks) and _share(mine.operand, o.scope) >= _SAID for o in theirs)


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return which share of `part` is in `whole`; nothing has no share."""
    return len(part & whole) / len(part) if part else 0.0


def _names(operand: frozenset[str]) -> frozenset[str]:
    """List the drugs, diseases and people of an operand: of a list that a marker is about, a claim may take any one."""
    return frozenset(u for u in operand if u.partition(":")[0] in _LISTED)


def _compatible(marks: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether two markers may stand for each other."""
    return any(_ALLOWED.get(m, {m}) & others for m in marks)


def _near(marker: Marker, other: Marker) -> bool:
    """Tell whether two markers are about the same words, and not about different amounts of one thing."""
    if _amounts_differ(marker.clause, other.clause):
        return False
    if marker.token.marks & other.token.marks & NEGATIVE and _names(marker.operand) & _names(other.operand):
        return True
    if not marker.operand and not other.operand:
        return True
    if not marker.operand & (other.operand | other.wide) and len(marker.clause & other.clause) >= _TOGETHER * len(marker.clause):
        return True
    if marker.token.marks & other.token.marks:
        if "noneed" in marker.token.marks & other.token.marks and marker.operand <= marker.clause and other.operand <= other.clause:
            return bool(marker.operand & other.clause or other.operand & marker.clause)
        return max(_share(marker.operand, other.wide), _share(other.operand, marker.wide)) >= _NEAR
    return max(_share(marker.operand, other.clause), _share(other.operand, marker.clause)) >= _NEAR


def _amounts_differ(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Tell whether both clauses state one amount each, of one dimension, and these differ."""
    a, b = ([u for u in units if u.startswith("=")] for units in (mine, theirs))
    if not len(a) == len(b) == 1 or a == b:
        return False
    mine, theirs = (x[0].rsplit(")", 1)[-1] for x in (a, b))
    return mine == theirs and ("ratio" in mine or mine.startswith("volume/"))


def _supported(marker: Marker, answered: bool, reworded: bool, theirs: Sequence[Marker]) -> bool:  # noqa: FBT001
    """Tell whether the source has the claim's marker over the same words."""
    if answered:
        return True
    if "stop" in marker.token.marks and any("stop" in m.token.marks and not _amounts_differ(marker.clause, m.clause) for m in theirs):
        return True
    if marker.token.marks & NEGATIVE:
        return reworded and "not" in marker.token.marks
    if not marker.token.marks & _DIRECTION:
        return True  # unless and only are looked at with the conditions
    opposite = {"down"} if "up" in marker.token.marks else {"up"}
    return not any(m.token.marks & opposite and _near(marker, m) for m in theirs)


def answers(marker: Marker, other: Marker) -> bool:
    """Tell whether one side's marker stands for the other's; a direction must be over the same next word."""
    if not _compatible(marker.token.marks, other.token.marks) or not _near(marker, other):
        return False
    if marker.token.marks & _DIRECTION and marker.operand and other.operand:
        return bool(marker.operand & (other.operand | other.clause))
    return True


def _uses(claim: Reading, source: Reading, marker: Marker) -> bool:
    """Tell whether a claim's clause that has the marker's words draws on the marker's clause rather than another one."""
    first = int("|" in source.text)  # what a row is about is said with every cell of it
    if _denied_only(claim, source, marker):
        return True
    for units in claim.units:
        if not units & marker.operand:
            continue
        scores = [_weight(units & other) for other in source.units]
        mine = _weight(units & marker.clause)
        if mine >= max(scores[first:], default=0) and not (marker.heads and _said_below(units, source, marker, mine)):
            return True
    return False


def _said_below(units: frozenset[str], source: Reading, marker: Marker, least: int) -> bool:
    """Tell whether another cell than the one under this header says as much of what a claim's clause says of the same thing."""
    end = source.text.find("|", marker.token.end)
    below = [u for start, u in zip(source.starts, source.units, strict=True) if 0 <= end < start]
    return any(u & units & marker.operand and _weight(u & units) >= least for u in below)


def _denied_only(claim: Reading, source: Reading, marker: Marker) -> bool:
    """Tell whether a claim says all of what the source says only under this negation, and no name of it: 两类药不联用."""
    if not marker.token.marks & {"not", "mustnot"} or not marker.operand or _names(marker.operand):
        return False
    others = [units for i, units in enumerate(source.units) if i != marker.token.clause]
    return not any(marker.operand & units for units in others) and any(marker.operand <= units for units in claim.units)


def _weight(units: frozenset[str]) -> int:
    """Count what two clauses have in common; a figure tells more than a name."""
    return len(units) + sum(u.startswith("=") for u in units)


def _reason(marker: Marker, theirs: Sequence[Marker]) -> Reason:
    """Set the claim's marker beside the source's marker over the same words."""
    found = next((m.token.text for m in theirs if _near(marker, m)), "")
    return Reason("negation", marker.token.text, found)
