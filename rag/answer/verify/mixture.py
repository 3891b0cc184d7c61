"""Whether what the claim says of one thing is what the source said before, of another: 终末期者做截骨术."""

from __future__ import annotations

from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_LEAST = 4  # characters that show which sentence is meant
_SHORT = 2
_TOPICS = frozenset({"drug", "disease", "measure"})  # said once and meant in the sentences after


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the last words of clauses that stand only in a sentence before the one that holds all before them."""
    if source.sentence[-1] == 0:
        return []
    reasons: list[Reason] = []
    sentences = _sentences(source)
    for tokens in claim.clauses:
        said = [t for t in tokens if t.weight >= _SHORT]
        if len(said) < _SHORT or said[-1].category in _TOPICS | PEOPLE:
            continue
        places = [{n for n, units in enumerate(sentences) if (t.units & units if t.ids else t.units <= units)} for t in said]
        last, before = places[-1], [(t, p) for t, p in zip(said[:-1], places[:-1], strict=True) if t.category not in _TOPICS]
        only = {min(p) for _, p in before if len(p) == 1}
        shown = sum(t.weight for t, p in before if len(p) == 1)
        if len(last) == 1 and len(only) == 1 and shown >= _LEAST and min(only) > min(last):
            reasons.append(Reason("content", said[-1].text, ""))
    return reasons


def _sentences(source: Reading) -> list[frozenset[str]]:
    """Join what each sentence of the source says."""
    said: list[set[str]] = [set() for _ in range(source.sentence[-1] + 1)]
    for clause, units in enumerate(source.units):
        said[source.sentence[clause]] |= units
    return [frozenset(units) for units in said]
