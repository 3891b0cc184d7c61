"""Whether a name stands before words that the source has only after another name of its kind: 急性持续期 for 慢性持续期."""

from __future__ import annotations

import re

from rag.answer.verify.entities import kind_of
from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Reason

_CATEGORIES = PEOPLE | {"disease", "organ"}
_SIZE = 2  # characters of what follows
_HAN = re.compile(r"[\u3400-\u9fff、/(]")
_ASIDE = re.compile(r"\([^()]*\)")
_LISTED = re.compile(r"(?:\([^()]*\))?[、/和或及与]")


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the names whose next words follow only other names in the source."""
    reasons: list[Reason] = []
    theirs = {c: [t for t in source.tokens if t.category == c] for c in _CATEGORIES}
    for i, token in enumerate(claim.tokens):
        alike = theirs.get(token.category, ())
        if len(alike) < 2 or not token.ids & source.ids or not _bound(claim, i):
            continue
        if any(t.ids & token.ids and not _HAN.match(_next(source, t)) for t in alike):
            continue  # 男性血红蛋白<120, 女性<110 leaves out what is meant
        words = _next(claim, token)
        owners = [t for t in alike if _next(source, t) == words]
        if owners and not any(t.ids & token.ids for o in owners for t in _listed(source, o, alike)):
            reasons.append(Reason(kind_of(token.category), token.text + words, owners[0].text + words))
    return reasons


def _bound(reading: Reading, place: int) -> bool:
    """Tell whether a word with a meaning of its own follows without a gap."""
    if place + 1 == len(reading.tokens):
        return False
    token, after = reading.tokens[place], reading.tokens[place + 1]
    return after.start == token.end and after.weight >= _SIZE


def _next(reading: Reading, token: Token) -> str:
    """Return the characters after a name, what stands in brackets left out."""
    aside = _ASIDE.match(reading.text, token.end)
    start = aside.end() if aside else token.end
    return reading.text[start : start + _SIZE]


def _listed(reading: Reading, last: Token, alike: list[Token]) -> list[Token]:
    """List a name and those enumerated before it, which share what follows: 轻度、中度脱水."""
    found = [last]
    for token in reversed([t for t in alike if t.end <= last.start]):
        if not _LISTED.fullmatch(reading.text, token.end, found[-1].start):
            break
        found.append(token)
    return found
