"""Whether what the claim says of one case is what the source says of another: 甲者手术, 乙者观察 is not 甲者观察."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_WHO = re.compile(r"(?P<what>.{2,}?)(?:患者|病人|患儿|儿童|小儿|孩子|婴儿|幼儿|老年人|老人|妇女|孕妇|人群|者|(?<![小同及暂临])时)(?=$|[^,;。])")
_IF = re.compile(r"(?:对于?|若|如果?|当|一旦)")
_ASIDE = re.compile(r"\([^()]*\)")
_CLAUSE = re.compile("[,;。:]")
_CLEAR = 2  # character pairs that only one case has


@dataclass(slots=True)
class _Case:
    """A condition and what is said under it, as character pairs."""

    condition: frozenset[str]
    said: frozenset[str] = frozenset()


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the cases of the claim that have another case's consequence."""
    theirs = _cases(source.text)
    if len(theirs) < 2 or "|" in source.text:
        return []
    conditions, consequences = ([_own(sides, i) for i in range(len(theirs))] for sides in ([c.condition for c in theirs], [c.said for c in theirs]))
    reasons: list[Reason] = []
    for mine in _cases(claim.text):
        case, other = _only(mine.condition, conditions), _only(mine.said - mine.condition, consequences)
        if case is not None and other is not None and case != other:
            reasons.append(Reason("content", claim.text, source.text))
    return reasons


def _cases(text: str) -> list[_Case]:
    """Cut a text into cases: each begins with a clause that says for whom or when."""
    found: list[_Case] = []
    for clause in _CLAUSE.split(_ASIDE.sub("", text)):
        who = _WHO.match(clause)
        if who or _IF.match(clause):
            condition, rest = (who["what"], clause[who.end() :]) if who else (clause, "")
            found.append(_Case(_pairs(condition), _pairs(rest)))
        elif found:
            found[-1].said |= _pairs(clause)
    return found


def _pairs(text: str) -> frozenset[str]:
    """List the pairs of characters that follow each other."""
    return frozenset(a + b for a, b in pairwise(re.sub(r"\s", "", text)))


def _own(sides: list[frozenset[str]], place: int) -> frozenset[str]:
    """List what one side has and no other."""
    return sides[place].difference(*(s for i, s in enumerate(sides) if i != place))


def _only(mine: frozenset[str], sides: list[frozenset[str]]) -> int | None:
    """Return the one side that has clearly something of mine, where no other has anything of it."""
    scores = [len(mine & side) for side in sides]
    best = max(range(len(scores)), key=scores.__getitem__)
    return best if scores[best] >= _CLEAR and sum(scores) == scores[best] else None
