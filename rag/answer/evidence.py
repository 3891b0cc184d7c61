"""Sentences and rows of the hits, each with the probability that it states what the question asks.

A logistic model over how the sentence, its heading and its passage fit the question. Its weights are learned by
`python -m eval learn` on the starter questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from rag.answer import cues
from rag.answer.coverage import Coverage
from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.types import Hit, Sentence

FEATURES = ("union", "heading", "similarity", "passage", "same_edition", *cues.NAMES)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a hit: its probability as `score`, and the share of each group of the question it covers."""

    hit: Hit
    number: int
    score: float
    shares: np.ndarray

    @property
    def sentence(self) -> Sentence:
        """Return the sentence itself."""
        return self.hit.passage.sentences[self.number]


def gather(snapshot: Snapshot, query: Query, coverage: Coverage, vector: np.ndarray, hits: Sequence[Hit]) -> list[Evidence]:
    """Weigh every sentence of the hits, in the hits' order and then in reading order."""
    model = _model()
    weights = np.array([model["weights"][name] for name in FEATURES])
    return [
        Evidence(hit, number, 1 / (1 + math.exp(-float(values @ weights + model["bias"]))), shares)
        for hit, number, values, shares in described(snapshot, query, coverage, vector, hits)
    ]


def described(
    snapshot: Snapshot, query: Query, coverage: Coverage, vector: np.ndarray, hits: Sequence[Hit]
) -> list[tuple[Hit, int, np.ndarray, np.ndarray]]:
    """List (hit, sentence number, features, shares of the groups) of every sentence; features lie between 0 and 1."""
    if not hits:
        return []
    asked = cues.asked(query.text)
    best = hits[0].score
    spread = max(best - hits[-1].score, 1e-6)
    found = []
    for hit in hits:
        heading = coverage.shares(" ".join([hit.edition.title, *hit.passage.section]))
        similarity = _similarities(snapshot, hit, vector)
        of_passage = (
            1 - (best - hit.score) / spread,
            float(hit.edition.guideline_id == hits[0].edition.guideline_id),
        )
        for number, sentence in enumerate(hit.passage.sentences):
            shares = coverage.shares(sentence.text)
            held = set(cues.held(sentence.text, asked))
            values = (
                coverage.total(np.maximum(shares, heading)), coverage.total(heading), float(similarity[number]),
                *of_passage, *(float(name in held) for name in cues.NAMES),
            )
            found.append((hit, number, np.array(values), shares))
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


@cache
def _model() -> dict:
    return json.loads(resources.files("rag.answer").joinpath("data/evidence.json").read_text(encoding="utf-8"))
