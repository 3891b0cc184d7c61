"""What a new file seems to be: already there, another edition of a known guideline, a near-duplicate, or new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rag.files import file_hash
from rag.supersession import Shingles, edition_rank, same_work, shared, shingles
from rag.types import Document, Edition

_NEAR = 0.75  # share of the shorter text in the other


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edition as read from a file's first page, with what it resembles.

    `older` are the current editions that it would replace, `newer` is one of the same work that is newer than it.
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
    same = newer = near = None
    older = []
    best = _NEAR
    for other, text in known:

        @cache
        def theirs(text: Document | None = text) -> Shingles:
            return shingles(text) if text else own  # nothing known of the text: the title decides

        if other.sha256 == digest:
            same = other
        elif same_work(edition, other, lambda: own, theirs) and edition_rank(other) != edition_rank(edition):
            if edition_rank(other) > edition_rank(edition):
                newer = max(filter(None, (newer, other)), key=edition_rank)
            elif other.status == "current":
                older.append(other)
        elif text is not None and (likeness := shared(own, theirs())) > best:
            near, best = other, likeness
    supersedes = tuple(e.guideline_id for e in older)
    return Proposal(replace(edition, supersedes=supersedes), same, tuple(older), newer, near)
