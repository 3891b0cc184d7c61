"""Whether a source supports a claim: all checks together."""

from __future__ import annotations

from rag.answer.verify import (
    antonyms,
    cases,
    cells,
    choices,
    conditions,
    connectives,
    content,
    denied,
    entities,
    grading,
    inherited,
    mixture,
    opposites,
    polarity,
    quantities,
    repeats,
    sequence,
    subjects,
    substitutes,
)
from rag.answer.verify.reading import Reading, read
from rag.answer.verify.record import Reason, Verdict

_CHECKS = (
    quantities.check, cells.check, grading.check, polarity.check, entities.check, opposites.check, choices.check, conditions.check,
    content.check, repeats.check, sequence.check, substitutes.check, connectives.check, subjects.check, antonyms.check, denied.check, mixture.check,
    cases.check, inherited.check,
)
_FULL_STOP = "。!?\n"


def verify(claim: str, source: str) -> Verdict:
    """Judge a claim by its source alone; what is in doubt is not supported."""
    mine, theirs = read(claim), read(source)
    if not mine.text.strip():
        return Verdict(False, (Reason("content", claim, ""),))
    if _quoted(mine.text.strip("。.;, "), theirs.text):
        return Verdict(True)
    reasons = inspect(mine, theirs)
    return Verdict(not reasons, reasons)


def _quoted(claim: str, source: str) -> bool:
    """Tell whether the claim is the source itself or whole sentences of it, word for word."""
    at = source.find(claim)
    end = at + len(claim)
    starts = at == 0 or at > 0 and source[at - 1] in _FULL_STOP
    return starts and (not source[end:].strip("。.;, ") or source[end] in _FULL_STOP)


def inspect(claim: Reading, source: Reading) -> tuple[Reason, ...]:
    """List the reasons of all checks, without the short cut for identical texts."""
    return tuple(dict.fromkeys(reason for check in _CHECKS for reason in check(claim, source)))
