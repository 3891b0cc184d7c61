"""Whether a claim names one thing twice in an enumeration that the source does not: something else was replaced by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_CLAUSE = re.compile(r"[,;:。.!?，；：！？\n|]")
_ITEM = re.compile(r"[、或和及与]")
_LEAST = 2  # characters of an item


def check(claim: Reading, source: Reading) -> Iterator[Reason]:
    """Yield a reason for each item that an enumeration of the claim repeats and none of the source does."""
    known = set(_repeated(source.text))
    for item in _repeated(claim.text):
        if item not in known:
            yield Reason("content", item, "")


def _repeated(text: str) -> Iterator[str]:
    for clause in _CLAUSE.split(text):
        items = [item.strip() for item in _ITEM.split(clause)]
        yield from (item for item in dict.fromkeys(items) if len(item) >= _LEAST and items.count(item) > 1)
