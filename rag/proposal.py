"""What a new file seems to be: already there, another edition of a known guideline, a near-duplicate, or new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rag.files import file_hash
from rag.supersession import edition_rank, work_key
from rag.text.normalise import squeeze
from rag.types import Document, Edition

_SHINGLE = 8
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edition as read from a file's first page, with what it resembles."""

    edition: Edition
    same_file: Edition | None = None
    older: tuple[Edition, ...] = ()
    near: Edition | None = None


def propose(file: Path, document: Document, known: Iterable[tuple[Edition, Document | None]]) -> Proposal:
    """Compare a file with the known editions: by hash, by title and DOI, and by text."""
    digest = file_hash(file)
    said = document.metadata
    edition = Edition(f"g-{digest[:8]}", said.title or file.stem, said.issuer, said.year, said.edition, file.name, digest, doi=said.doi)
    same, older, near, best = None, [], None, _NEAR
    shingles = _shingles(document)
    for other, text in known:
        if other.sha256 == digest:
            same = other
        elif _same_work(edition, other) and other.status == "current" and edition_rank(other) < edition_rank(edition):
            older.append(other)
        elif text is not None and (likeness := _jaccard(shingles, _shingles(text))) > best:
            near, best = other, likeness
    supersedes = tuple(e.guideline_id for e in older)
    return Proposal(replace(edition, supersedes=supersedes), same, tuple(older), near)


def _same_work(a: Edition, b: Edition) -> bool:
    if a.doi and a.doi == b.doi:
        return True
    return work_key(a.title) == work_key(b.title) and (not a.issuer or not b.issuer or bool(set(a.issuer) & set(b.issuer)))


def _shingles(document: Document) -> set[int]:
    text = squeeze("".join(p.text for p in document.passages))
    return {hash(text[i : i + _SHINGLE]) for i in range(0, len(text) - _SHINGLE, 2)}


def _jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0
