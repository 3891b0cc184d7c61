"""What a new file seems to be: already there, another edition of a known guideline, a near-duplicate, or new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rag.files import file_hash
from rag.supersession import ranks, same_work, shared, shingles
from rag.types import Document, Edition

_NEAR = 0.75  # share of the shorter text in the other


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edition as read from a file's first page, with what it resembles.

    `older` are the current editions of the same work that it would replace, `newer` the next newer one, which replaces it.
    """

    edition: Edition
    same_file: Edition | None = None
    older: tuple[Edition, ...] = ()
    newer: Edition | None = None
    near: Edition | None = None


def propose(file: Path, document: Document, known: Iterable[tuple[Edition, Document | None]]) -> Proposal:
    """Compare a file with the known editions: by hash, by title, issuer and DOI, and by text."""
    digest = file_hash(file)
    said = document.metadata
    edition = Edition(f"g-{digest[:8]}", said.title or file.stem, said.issuer, said.year, said.edition, file.name, digest, doi=said.doi)
    own = shingles(document)
    same = near = None
    work = [edition]
    best = _NEAR
    for other, text in known:
        theirs = cache(lambda text=text: shingles(text) if text else None)
        if other.sha256 == digest:
            same = other
        elif other.status != "withdrawn" and same_work(edition, other, lambda: own, theirs):
            work.append(other)
        elif (likeness := shared(own, theirs() if text else own[:0])) > best:
            near, best = other, likeness
    older, newer = _around(work)
    return Proposal(replace(edition, supersedes=tuple(e.guideline_id for e in older)), same, older, newer, near)


def _around(work: list[Edition]) -> tuple[tuple[Edition, ...], Edition | None]:
    """Return the current editions that the first one replaces, and the next newer than it."""
    own, *others = ranks(work)
    if own is None:
        return (), None
    ranked = [(rank, e) for rank, e in zip(others, work[1:], strict=True) if rank is not None]
    newer = min((pair for pair in ranked if pair[0] > own), key=lambda pair: pair[0], default=None)
    return tuple(e for rank, e in ranked if rank < own and e.status == "current"), newer[1] if newer else None
