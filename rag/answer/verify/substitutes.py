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
_KIN = re.compile(r"(?:的)?(?:家庭成员|家属|家人|家长|父母|母亲|配偶|性伴侣?|看护|照护者|照料者|陪护|密切接触者|密接者|接触者|同事)")
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
    return reasons or _kin(claim, source)


def _kin(claim: Reading, source: Reading) -> list[Reason]:
    """Find people of whom the source only names those around them: 6月龄以下儿童家庭成员."""
    if not _KIN.search(source.text):
        return []
    for token in claim.tokens:
        if token.category not in PEOPLE or _KIN.match(claim.text, token.end):
            continue
        for start in (token.start, max(0, token.start - _SIZE)):
            places = [m.end() for m in re.finditer(re.escape(claim.text[start : token.end]), source.text)]
            if places and all(_KIN.match(source.text, p) for p in places):
                return [Reason("population", token.text, source.text[places[0] - len(token.text) : places[0] + 4])]
    return []


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
