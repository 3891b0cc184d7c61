"""Whether a source supports a claim: all checks together."""

from __future__ import annotations

from rag.answer.verify import conditions, content, entities, grading, opposites, polarity, quantities
from rag.answer.verify.reading import Reading, read
from rag.answer.verify.record import Reason, Verdict

_CHECKS = (quantities.check, grading.check, polarity.check, entities.check, opposites.check, conditions.check, content.check)


def verify(claim: str, source: str) -> Verdict:
    """Judge a claim by its source alone; what is in doubt is not supported."""
    mine, theirs = read(claim), read(source)
    if not mine.text.strip():
        return Verdict(False, (Reason("content", claim, ""),))
    if mine.text.rstrip("。.;,") == theirs.text.rstrip("。.;,"):
        return Verdict(True)
    reasons = inspect(mine, theirs)
    return Verdict(not reasons, reasons)


def inspect(claim: Reading, source: Reading) -> tuple[Reason, ...]:
    """List the reasons of all checks, without the short cut for identical texts."""
    return tuple(dict.fromkeys(reason for check in _CHECKS for reason in check(claim, source)))
