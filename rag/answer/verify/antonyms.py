"""Whether the claim says the opposite of the source's word: 亢进 for 减弱, 少数患者预后良好 for 多数患者预后良好."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_NEXT = 3  # characters after a word that tell what it is said of
_FINDINGS = (("升高", "增高", "增加", "增多", "上升"), ("降低", "下降", "减少", "减低"), ("正常",))
_HOW = "(?P<how>" + "|".join(word for words in _FINDINGS for word in words) + ")"
_FINDING = re.compile(rf"(?P<what>[\u3400-\u9fffa-z]{{3}}){_HOW}")
_NOT = frozenset("不无非未没")


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's words that the source lacks while it has their opposite, or has in other places only."""
    reasons: list[Reason] = []
    for match in _pattern().finditer(claim.compact):
        word = match[0]
        own, others = _sides()[word]
        against = [o for o in others if _places(o, source.compact)]
        if not against or claim.compact[match.start() - 1 : match.start()] in _NOT:
            continue
        if not any(_places(w, source.compact) for w in own):
            if not any(_places(o, claim.compact) for o in others):
                reasons.append(Reason("content", word, against[0]))
        elif _elsewhere(match, claim, source, own, against):
            reasons.append(Reason("content", word, against[0]))
    return reasons or _found(claim.compact, source.compact)


def _found(claim: str, source: str) -> list[Reason]:
    """Find a thing that the claim has raised, lowered or normal, and the source otherwise only."""
    for match in _FINDING.finditer(claim):
        own = next(words for words in _FINDINGS if match["how"] in words)
        others = [m["how"] for m in re.finditer(re.escape(match["what"]) + _HOW, source)]
        if others and not any(o in own for o in others):
            return [Reason("content", match[0], match["what"] + others[0])]
    return []


def _elsewhere(match: re.Match[str], claim: Reading, source: Reading, own: tuple[str, ...], against: list[str]) -> bool:
    """Tell whether the words after the claim's word follow only its opposite in the source, or its surroundings are the opposite's."""
    after = claim.compact[match.end() : match.end() + _NEXT]
    if len(after) == _NEXT and not any(w + after in source.compact for w in own) and any(o + after in source.compact for o in against):
        return True
    here = _around(claim, match[0])
    mine, theirs = ([_around(source, w) for w in words if w in source.text] for words in (own, against))
    if not here or not mine or not theirs:
        return False
    return max(len(here & t) for t in theirs) > max(len(here & m) for m in mine)


def _around(reading: Reading, word: str) -> frozenset[str]:
    """List what is said in the clause of a word and in the clause before it, where it stands once."""
    if reading.text.count(word) != 1:
        return frozenset()
    clause = reading.clause_at(reading.text.index(word))
    before = reading.units[clause - 1] if clause and reading.sentence[clause - 1] == reading.sentence[clause] else frozenset()
    return reading.units[clause] | before


def _places(word: str, text: str) -> list[int]:
    """List where a word stands and is not negated."""
    return [m.start() for m in re.finditer(re.escape(word), text) if text[m.start() - 1 : m.start()] not in _NOT or not m.start()]


@cache
def _sides() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Map each word to those of its side and those of the other."""
    lines = tomllib.loads(files("rag.text.lexicon").joinpath("verify_words.toml").read_text("utf-8"))["antonyms"].strip().splitlines()
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for line in lines:
        sides = [tuple(side.split()) for side in line.split("|")]
        for own in sides:
            others = tuple(word for side in sides if side is not own for word in side)
            for word in own:
                known = found.get(word, ((), ()))
                found[word] = (*dict.fromkeys(known[0] + own),), (*dict.fromkeys(known[1] + others),)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """Compile all words, longest first."""
    return re.compile("|".join(map(re.escape, sorted(_sides(), key=len, reverse=True))))
