"""Sentences and rows of the hits, each scored for how well it answers the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.coverage import Coverage
from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.types import Hit, Sentence

_ASKS_QUANTITY = re.compile(
    r"多少|几|剂量|用量|目标|范围|标准|多大|多久|多长|多高|多低|频率|间隔|疗程|上限|最大|正常值|何时|什么时候|多粗|多细|最迟|最多|至少"
)
HAS_QUANTITY = re.compile(r"\d|[一二三四五六七八九十两半]\s*[次天周月年片粒支]")

# Sum of parts, each between 0 and 1.
_OVERLAP, _HEADING, _SIMILARITY, _PASSAGE, _QUANTITY = 1.0, 0.3, 0.8, 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a hit: its score, higher for better, and the share of each group of the question it covers."""

    hit: Hit
    number: int
    score: float
    shares: np.ndarray

    @property
    def sentence(self) -> Sentence:
        """Return the sentence itself."""
        return self.hit.passage.sentences[self.number]


def asks_quantity(question: str) -> bool:
    """Tell whether a question asks for a number."""
    return bool(_ASKS_QUANTITY.search(question))


def gather(snapshot: Snapshot, query: Query, coverage: Coverage, vector: np.ndarray, hits: Sequence[Hit]) -> list[Evidence]:
    """Score every sentence of the hits, in the hits' order and then in reading order."""
    wants = asks_quantity(query.text)
    best = hits[0].score if hits else 0.0
    spread = max(best - hits[-1].score, 1e-6) if hits else 1.0
    found = []
    for hit in hits:
        heading = coverage.total(coverage.shares(" ".join([hit.edition.title, *hit.passage.section])))
        similarity = _similarities(snapshot, hit, vector)
        for number, sentence in enumerate(hit.passage.sentences):
            shares = coverage.shares(sentence.text)
            score = (
                _OVERLAP * coverage.total(shares)
                + _HEADING * heading
                + _SIMILARITY * similarity[number]
                + _PASSAGE * (1 - (best - hit.score) / spread)
                + _QUANTITY * (wants and bool(HAS_QUANTITY.search(sentence.text)))
            )
            found.append(Evidence(hit, number, float(score), shares))
    return found


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
