"""Whether a clause without a subject is said of the last one before it: 甲效果不大, 乙无效, 且加重炎症 is not 甲加重炎症."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_FOLLOWS = re.compile("且|并|而且|还|也|亦|但")
_NO_NAME = frozenset({"generic", "polarity", "word"})
_LEAST = 2  # characters of a subject


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's subject where the source has another one nearer to what is said."""
    subject, rest = _subject(claim, 0)
    if len(subject) <= _LEAST or not rest:
        return []
    for clause in range(2, len(source.clauses)):
        if not rest <= source.units[clause] or not _FOLLOWS.match(source.text, source.starts[clause]):
            continue
        before = [_subject(source, i)[0] for i in range(clause) if source.sentence[i] == source.sentence[clause]]
        named = [s for s in before if len(s) >= _LEAST]
        if len(named) > 1 and named[-1] not in claim.text and any(s.startswith(subject) for s in named[:-1]):
            return [Reason("content", subject, named[-1])]
    return []


def _subject(reading: Reading, clause: int) -> tuple[str, frozenset[str]]:
    """Return the name that a clause begins with, and what is said of it."""
    tokens = reading.clauses[clause]
    stop = next((t.start for t in tokens if t.category in _NO_NAME), reading.end_of(clause))
    rest = frozenset(u for t in tokens if t.start >= stop for u in t.units)
    return (reading.text[reading.starts[clause] : stop], rest) if tokens else ("", rest)
