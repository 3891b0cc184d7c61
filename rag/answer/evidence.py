"""Sentences and rows of the hits, each with the probability that it states what the question asks.

A logistic model over how the sentence, its heading and its passage fit the question. Its weights are learned by
`python -m eval learn`, which asks of each question that the sentences which answer it stand above the others.
"""

from __future__ import annotations

import json
import re
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

_ITEM = re.compile(r"[（(]?\d{1,2}[)）.．、]|[①-⑳]")
_FIGURE = re.compile(r"\d")
_SUBJECTLESS = re.compile(r"是指|指(?!南|标|征|导|出(?!生))|是(?!否)|系(?!统)|旨在|适[用合]于|[常可]?用于|包括|分为")
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
        """Return the sentence, led by the item or heading that it stands under where it means little without: a dose with its drug."""
        label = without_number(self.section[-1]) if self.section and self._leans_on_heading() else ""
        if not label or len(label) > _MOST_LABEL or squeeze(label) in squeeze(self.sentence.text):
            return self.sentence.text
        return f"{label}：{self.sentence.text}"

    def _leans_on_heading(self) -> bool:
        """Tell a sentence of an item, one that states figures under one, one that announces a list or has no subject."""
        text = self.sentence.text
        if self.hit.passage.kind == "table":
            return False
        figures = _ITEM.match(self.section[-1]) and _FIGURE.search(text)
        return bool(self.sentence.under or figures or text.endswith(("：", ":")) or _SUBJECTLESS.match(text))


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
