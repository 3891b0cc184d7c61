"""BM25 over words and bigrams, as arrays that are mapped from disk.

Scores are computed when the index is built (the eager scoring of bm25s, Lù 2024, arXiv:2407.03618), so that a query is a
weighted sum of postings. Terms are known by a 64-bit hash: a sorted array replaces a vocabulary that would have to be
parsed at every start. bm25s itself is not used at run time: it takes 0.5 s to import and cannot weight query terms;
a test holds these scores against it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from rag.mapped import mapped

K1 = 1.5
B = 0.75
_ARRAYS = ("hashes", "starts", "owners", "scores")


def term_hash(term: str) -> int:
    """Hash a term to 64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The terms of consecutive passages: parallel arrays of passage (from 0), term hash and count."""

    passages: int
    owners: np.ndarray
    hashes: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, tokenised: Iterable[Sequence[str]]) -> TermCounts:
        """Count the terms of each passage."""
        owners: list[int] = []
        hashes: list[int] = []
        counts: list[int] = []
        known: dict[str, int] = {}
        number = 0
        for number, tokens in enumerate(tokenised, start=1):
            for term, count in Counter(tokens).items():
                if (hashed := known.get(term)) is None:
                    hashed = known[term] = term_hash(term)
                owners.append(number - 1)
                hashes.append(hashed)
                counts.append(count)
        return cls(number, np.array(owners, np.int32), np.array(hashes, np.uint64), np.array(counts, np.int32))

    @classmethod
    def joined(cls, parts: Sequence[TermCounts]) -> TermCounts:
        """Concatenate the counts of several editions, renumbering the passages."""
        shifts = np.cumsum([0, *(p.passages for p in parts)])
        if not parts:
            return cls.of([])
        return cls(
            int(shifts[-1]),
            np.concatenate([p.owners + shift for p, shift in zip(parts, shifts, strict=False)]).astype(np.int32),
            np.concatenate([p.hashes for p in parts]),
            np.concatenate([p.counts for p in parts]),
        )


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Postings by term: `starts[t]:starts[t + 1]` are the passages and BM25 scores of the term `hashes[t]`."""

    passages: int
    hashes: np.ndarray
    starts: np.ndarray
    owners: np.ndarray
    scores: np.ndarray

    @classmethod
    def build(cls, counts: TermCounts) -> LexicalIndex:
        """Compute BM25 scores (Robertson and Zaragoza 2009, with Lucene's never-negative idf)."""
        n = counts.passages
        lengths = np.bincount(counts.owners, weights=counts.counts, minlength=n)
        order = np.lexsort((counts.owners, counts.hashes))
        owners, hashes, tf = counts.owners[order], counts.hashes[order], counts.counts[order].astype(np.float64)
        unique, first, frequency = np.unique(hashes, return_index=True, return_counts=True)
        idf = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0)) if n else lengths
        scores = np.repeat(idf, frequency) * tf / (tf + norm[owners])
        return cls(n, unique, np.append(first, len(hashes)).astype(np.int64), owners, scores.astype(np.float32))

    def score(self, weights: Mapping[str, float]) -> np.ndarray:
        """Score every passage for weighted query terms, float32 of shape (passages,)."""
        total = np.zeros(self.passages, np.float32)
        for term, weight in weights.items():
            part = self._posting(term)
            total[self.owners[part]] += weight * self.scores[part]
        return total

    def idf(self, term: str) -> float:
        """Return the inverse document frequency of a term; an unknown term has the highest."""
        return self.rarity(len(self.holding([term])))

    def rarity(self, frequency: int) -> float:
        """Return the inverse document frequency of what so many passages hold."""
        return float(np.log1p((self.passages - frequency + 0.5) / (frequency + 0.5)))

    def holding(self, terms: Sequence[str]) -> np.ndarray:
        """Return the passages that hold every one of the terms, ascending; none for no term."""
        held = [self.owners[self._posting(term)] for term in terms]
        return reduce(np.intersect1d, held) if held else np.empty(0, np.int32)

    def _posting(self, term: str) -> slice:
        hashed = np.uint64(term_hash(term))
        at = int(self.hashes.searchsorted(hashed))
        known = at < len(self.hashes) and self.hashes[at] == hashed
        return slice(int(self.starts[at]), int(self.starts[at + 1])) if known else slice(0, 0)

    def save(self, folder: Path) -> None:
        """Write the arrays as .npy files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path, passages: int) -> LexicalIndex:
        """Map the arrays into memory."""
        return cls(passages, *(mapped(folder / f"{name}.npy") for name in _ARRAYS))
