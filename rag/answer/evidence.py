"""Sentences and rows of the hits, each scored for how well it answers the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.text.segment import terms
from rag.types import Hit, Sentence

_ASKS_QUANTITY = re.compile(r"多少|几|剂量|用量|目标|范围|标准|多大|多久|多长|多高|多低|频率|间隔|疗程|上限|最大|正常值|何时|什么时候")
_HAS_QUANTITY = re.compile(r"\d|[一二三四五六七八九十两半]\s*[次天周月年片粒支]")

# Sum of parts, each between 0 and 1; learned by `python -m eval` on the training half, see eval/results.
_OVERLAP, _SIMILARITY, _PASSAGE, _QUANTITY = 1.0, 0.8, 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a hit with its score, higher for better."""

    hit: Hit
    number: int
    score: float

    @property
    def sentence(self) -> Sentence:
        """Return the sentence itself."""
        return self.hit.passage.sentences[self.number]


def gather(snapshot: Snapshot, query: Query, vector: np.ndarray, hits: Sequence[Hit]) -> list[Evidence]:
    """Score every sentence of the hits, in the hits' order and then in reading order."""
    weigher = Coverage(snapshot, query)
    asks_quantity = bool(_ASKS_QUANTITY.search(query.text))
    best = hits[0].score if hits else 0.0
    spread = max(best - hits[-1].score, 1e-6) if hits else 1.0
    found = []
    for hit in hits:
        heading = weigher.of(" ".join([hit.edition.title, *hit.passage.section]))
        similarity = _similarities(snapshot, hit, vector)
        for number, sentence in enumerate(hit.passage.sentences):
            overlap = weigher.of(sentence.text)
            score = (
                _OVERLAP * (overlap + 0.3 * heading)
                + _SIMILARITY * similarity[number]
                + _PASSAGE * (1 - (best - hit.score) / spread)
                + _QUANTITY * (asks_quantity and bool(_HAS_QUANTITY.search(sentence.text)))
            )
            found.append(Evidence(hit, number, float(score)))
    return found


class Coverage:
    """How much of a question's weighted terms a text contains: each group counts by its best alternative."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        idf = snapshot.lexical.idf
        self._groups = [[{t: w * idf(t) for t, w in a.items()} for a in g.alternatives] for g in query.groups]
        self._worth = [max(sum(a.values()) for a in alternatives) for alternatives in self._groups]

    def of(self, text: str) -> float:
        """Return the share covered, 0 to 1."""
        present = set(terms(text))
        total = sum(self._worth)
        return sum(w * _best(g, present) for w, g in zip(self._worth, self._groups, strict=True)) / total if total else 0.0


def _best(alternatives: Sequence[dict[str, float]], present: set[str]) -> float:
    """Return the share of the best-covered alternative."""
    return max(sum(v for t, v in a.items() if t in present) / sum(a.values()) for a in alternatives)


def _similarities(snapshot: Snapshot, hit: Hit, vector: np.ndarray) -> np.ndarray:
    """Return the similarity of each sentence of a hit to the question, shape (sentences,)."""
    number = snapshot.find(hit.passage.id)
    result = np.zeros(len(hit.passage.sentences), np.float32)
    if number is None:
        return result
    first, last = (int(i) for i in np.searchsorted(snapshot.window_passages, [number, number + 1]))
    for window in range(first, last):
        result[snapshot.window_sentences[window]] = snapshot.dense.reconstruct(window) @ vector
    return result
