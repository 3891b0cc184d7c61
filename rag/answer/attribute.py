"""Whose words a drafted sentence are: find the evidence that supports it, whatever marks it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.evidence import Evidence
from rag.answer.verify import Reason, verify
from rag.text.segment import terms

_MARK = re.compile(r"[\[【［(（]\s*(?:资料)?\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]】］)）]")
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d+[.、)）](?!\d))\s*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Attributed:
    """A drafted sentence with its support, or with why the nearest evidence does not support it."""

    text: str
    support: Evidence | None
    nearest: Evidence | None = None
    reasons: tuple[Reason, ...] = ()


def statements(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the sentences of a reply as its pieces arrive, without bullets and without the model's own marks."""
    rest = ""
    for piece in pieces:
        rest += piece
        *done, rest = rest.split("\n")
        yield from _clean(done)
    yield from _clean([rest])


def _clean(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        text = _MARK.sub("", _BULLET.sub("", line)).strip()
        if len(_CHINESE.findall(text)) >= 4 and "资料不足" not in text:
            yield text


def attribute(text: str, evidence: Sequence[Evidence]) -> Attributed:
    """Find the first of the nearest evidence sentences that supports a drafted one."""
    nearest = _nearest(text, evidence)
    first: tuple[Evidence, tuple[Reason, ...]] | None = None
    for candidate in nearest:
        verdict = verify(text, candidate.sentence.text)
        if verdict.supported:
            return Attributed(text, candidate)
        first = first or (candidate, verdict.reasons)
    return Attributed(text, None, *(first or (None, ())))


def _nearest(text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Order the evidence by the share of the drafted sentence's terms that it contains."""
    wanted = set(terms(text))
    shares = [(len(wanted & set(terms(e.sentence.text))), -i) for i, e in enumerate(evidence)]
    best = sorted(shares, reverse=True)[:_CANDIDATES]
    return [evidence[-i] for share, i in best if share]
