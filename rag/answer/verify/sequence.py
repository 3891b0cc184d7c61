"""Whether the claim does first what the source does first: 先甲后乙 is not 先乙后甲."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading, pairs
from rag.answer.verify.record import Reason

_ORDER = re.compile(r"先(?P<first>[^,;。、先]{1,20}?),?(?:然后再?|之后再?|后再?|再|继而)(?P<then>[^,;。、先]{1,20})")
_SAME = 0.6


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the sequences whose two steps are exchanged."""
    return [
        Reason("content", mine[0], theirs[0])
        for mine in _ORDER.finditer(claim.text)
        for theirs in _ORDER.finditer(source.text)
        if _same(mine["first"], theirs["then"]) and _same(mine["then"], theirs["first"]) and not _same(mine["first"], theirs["first"])
    ]


def _same(step: str, other: str) -> bool:
    """Tell whether two steps share most of their character pairs."""
    a, b = pairs(step), pairs(other)
    return len(a & b) >= _SAME * min(len(a), len(b))
