"""Whether a claim names one thing twice in an enumeration that the source does not: something else was replaced by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.verify.entities import kind_of
from rag.answer.verify.lexicon import STRICT
from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Reason

_CLAUSE = re.compile(r"[,;:。.!?，；：！？\n|]")
_ITEM = re.compile(r"[、或和及与]")
_LEAST = 2  # characters of an item
_JOINED = re.compile(r"(?:期|性|型|功能)?(?:[、/~-]|和|或者?|及|与|以及|至|到|合并|伴有?)?")  # between two names of one enumeration


def check(claim: Reading, source: Reading) -> Iterator[Reason]:
    """Yield a reason for each item that an enumeration of the claim repeats and none of the source does."""
    known = set(_repeated(source.text))
    for item in _repeated(claim.text):
        if item not in known:
            yield Reason("content", item, "")
    meant = frozenset(i for t in _doubled(source) for i in t.ids)
    for token in _doubled(claim):
        if not token.ids & meant:
            yield Reason(kind_of(token.category), token.text, "")


def _repeated(text: str) -> Iterator[str]:
    """List the items written twice in one enumeration."""
    for clause in _CLAUSE.split(text):
        items = [item.strip() for item in _ITEM.split(clause)]
        yield from (item for item in dict.fromkeys(items) if len(item) >= _LEAST and items.count(item) > 1)


def _doubled(reading: Reading) -> Iterator[Token]:
    """List the names that stand again, in any wording, in one enumeration, or with itself: 妊娠或妊娠期, 轻、轻度, 合并高血压的高血压."""
    for tokens in reading.clauses:
        run: list[Token] = []
        for token in tokens:
            if token.category not in STRICT:
                continue
            if run and not _JOINED.fullmatch(reading.text, run[-1].end, token.start):
                run = []
            if any(_same(token, t) for t in run) and "+" not in reading.text[token.end : token.end + 1]:
                yield token
            run.append(token)
        diseases = [t for t in tokens if t.category == "disease"]
        for had in (t for t in diseases if reading.text[: t.start].endswith(("合并", "伴", "伴有"))):
            yield from (t for t in diseases if _same(t, had) and t.start > had.end and reading.text[t.start - 1] == "的")


def _same(a: Token, b: Token) -> bool:
    """Tell whether two names are of one thing."""
    return a.category == b.category and (a.ids <= b.ids or b.ids <= a.ids)
