"""Sentences and rows of the hits, each with the probability that it states what the question asks.

A logistic model over how the sentence, its heading and its passage fit the question. Its weights are learned by
`python -m eval learn`, which asks of each question that the sentences which answer it stand above the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from rag.answer.coverage import Coverage
from rag.answer.fit import FEATURES, fits
from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.text.normalise import squeeze
from rag.text.readable import without_number
from rag.types import Hit, Sentence

_ANNOUNCING = ("：", ":")
_MOST_LABEL = 20  # characters of a label that leads a sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a hit: its probability as `score`, the share of each group of the question it covers, its features."""

    hit: Hit
    number: int
    score: float
    shares: np.ndarray
    values: np.ndarray | None = None

    @property
    def sentence(self) -> Sentence:
        """Return the sentence itself."""
        return self.hit.passage.sentences[self.number]

    @property
    def section(self) -> tuple[str, ...]:
        """Return the headings and labels that the sentence stands under, outermost first."""
        return self.hit.passage.section + self.sentence.under

    @property
    def stated(self) -> str:
        """Return the sentence, led by the item that it stands under where it does not name it: a dose with its drug.

        A sentence that announces a list is led by its heading in any case.
        """
        headed = self.sentence.under or (self.section and self.sentence.text.endswith(_ANNOUNCING))
        label = without_number(self.section[-1]) if headed else ""
        if not label or len(label) > _MOST_LABEL or squeeze(label) in squeeze(self.sentence.text):
            return self.sentence.text
        return f"{label}：{self.sentence.text}"


def gather(snapshot: Snapshot, query: Query, coverage: Coverage, vector: np.ndarray, hits: Sequence[Hit]) -> list[Evidence]:
    """Weigh every sentence of the hits, in the hits' order and then in reading order."""
    found = fits(snapshot, query, coverage, vector, hits)
    if not found:
        return []
    weights, bias = _model()
    scores = 1 / (1 + np.exp(-(np.array([f.values for f in found]) @ weights + bias)))
    return [Evidence(f.hit, f.number, float(s), f.shares, f.values) for f, s in zip(found, scores, strict=True)]


@cache
def _model() -> tuple[np.ndarray, float]:
    model = json.loads(resources.files("rag.answer").joinpath("data/evidence.json").read_text(encoding="utf-8"))
    return np.array([model["weights"][name] for name in FEATURES]), model["bias"]
