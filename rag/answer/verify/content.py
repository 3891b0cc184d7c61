"""Whether the claim's words are covered by the source, in its words or known synonyms."""

from __future__ import annotations

from rag.answer.verify.lexicon import STRICT
from rag.answer.verify.reading import Reading, Token, pairs
from rag.answer.verify.record import Reason

# A claim that keeps the source's wording is held to it: a strange word in it stands in another one's place.
# A rewording is given some words of its own.
_CLOSE, _BUDGET = 0.72, 0.3


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the words that are new in the claim, when there are more of them than a rewording needs."""
    total = sum(t.weight for t in claim.tokens) + 2 * len(claim.quantities)
    strange = [(t, w) for t in claim.tokens if (w := _strange(t, source))]
    if not strange:
        return []
    missing = sum(w for _, w in strange)
    close = _closeness(claim, source) >= _CLOSE
    if missing > _BUDGET * total or (close and any(w >= 2 for _, w in strange)):
        return [Reason("content", t.text, "") for t, _ in strange]
    return []


def _strange(token: Token, source: Reading) -> int:
    """Count the characters of a word that the source does not have."""
    if not token.weight or token.category in STRICT or token.category == "latin":
        return 0
    if token.ids & source.ids:
        return 0
    known = pairs(token.text) & source.pairs
    if len(token.text) == 1:
        return 0 if known else 1
    covered = {i + k for i in range(len(token.text) - 1) if token.text[i : i + 2] in known for k in (0, 1)}
    return len(token.text) - len(covered)


def _closeness(claim: Reading, source: Reading) -> float:
    """Return the share of the claim's character pairs that the source has too."""
    mine = frozenset(p for p in claim.pairs if len(p) == 2)
    return len(mine & source.pairs) / len(mine) if mine else 0.0
