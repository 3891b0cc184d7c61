"""Retrieval with one part changed or missing; what is changed is put in place only while a variant searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np

from rag.embed import Embedder
from rag.index import dense
from rag.index.lexical import LexicalIndex, TermCounts
from rag.index.snapshot import Snapshot
from rag.index.windows import searchable, windows
from rag.retrieve import query, retriever
from rag.retrieve.fuse import standardise
from rag.types import Hit, Passage

Search = Callable[[str, int], list[Hit]]
Cut = Callable[[Passage], Sequence[tuple[int, str]]]  # of a passage, (sentence number, text to embed)

_ANY = 1e-6  # of a lexical score: no passage is left out for sharing no term


@dataclass(frozen=True)
class Variant:
    """A snapshot and embedder to search with, and what stands in the place of named parts of the program meanwhile."""

    snapshot: Snapshot
    embedder: Embedder
    changes: Mapping[str, Any] = field(default_factory=dict)

    @contextmanager
    def searching(self) -> Iterator[Search]:
        """Put the changes in place and give the search of a text for so many hits."""
        with ExitStack() as stack:
            for target, instead in self.changes.items():
                stack.enter_context(mock.patch(target, instead))
            yield lambda text, k: retriever.search(self.snapshot, self.embedder, query.understand(text), k)


class Silent(Embedder):
    """Embed nothing, at no cost."""

    id = "silent"
    dimension = 1

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return zeros, float32 of shape (texts, 1)."""
        return np.zeros((len(texts), 1), np.float32)


def lexical_alone(snapshot: Snapshot) -> Variant:
    """Search by words only."""

    def none_near(*_: object) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    return Variant(snapshot, Silent(), {"rag.index.dense.nearest": none_near})


def dense_alone(snapshot: Snapshot, embedder: Embedder) -> Variant:
    """Search by nearness only, also passages that share no word with the question."""
    scores = retriever.lexical_scores

    def of_any(snapshot: Snapshot, understood: query.Query) -> np.ndarray:
        return scores(snapshot, understood) + _ANY

    def near(_: np.ndarray, nearness: np.ndarray) -> np.ndarray:
        return standardise(nearness)

    changes = {"lexical_scores": of_any, "fuse": near, "COMPARED": len(snapshot)}
    return Variant(snapshot, embedder, {f"rag.retrieve.retriever.{name}": instead for name, instead in changes.items()})


def embedded(snapshot: Snapshot, embedder: Embedder, cut: Cut = windows) -> Snapshot:
    """Return the snapshot with its passages embedded otherwise."""
    cuts = [(number, *window) for number in range(len(snapshot)) for window in cut(snapshot.passage(number))]
    numbers, sentences, texts = zip(*cuts, strict=True)
    other = copy(snapshot)
    other.window_passages, other.window_sentences = np.array(numbers, np.int32), np.array(sentences, np.int32)
    other.dense = dense.build([embedder.encode(texts)])
    return other


def whole(passage: Passage) -> list[tuple[int, str]]:
    """Embed a passage as one text, its nearest heading before it."""
    return [(0, "：".join([*passage.section[-1:], passage.text]))]


def indexed(snapshot: Snapshot, terms: Callable[[str], list[str]]) -> Snapshot:
    """Return the snapshot with its passages cut into other terms."""
    texts = (searchable(snapshot.passage(n), snapshot.edition_of(n).title) for n in range(len(snapshot)))
    other = copy(snapshot)
    other.lexical = LexicalIndex.build(TermCounts.of(map(terms, texts)))
    return other
