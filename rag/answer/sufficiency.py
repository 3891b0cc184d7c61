"""Whether the evidence found answers the question: a probability from a few features."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answer.coverage import Coverage
from rag.answer.evidence import Evidence

THRESHOLD = 0.5
# Logistic weights: bias, coverage by the best passage, coverage by the best three, similarity of the best sentence.
_WEIGHTS = (-4.6, 3.0, 3.0, 3.2)


def confidence(coverage: Coverage, evidence: Sequence[Evidence]) -> float:
    """Return the probability that the evidence answers the question, 0 to 1."""
    if not evidence:
        return 0.0
    texts: dict[int, str] = {}
    for item in evidence:
        if item.hit.rank <= 3:
            passage = item.hit.passage
            texts[item.hit.rank] = "\n".join([item.hit.edition.title, *passage.section, passage.text])
    best = max(coverage.total(coverage.shares(text)) for text in texts.values())
    together = coverage.total(coverage.shares("\n".join(texts.values())))
    similarity = max(e.hit.explain.get("dense", 0.0) for e in evidence)
    bias, w_best, w_together, w_similarity = _WEIGHTS
    return 1 / (1 + math.exp(-(bias + w_best * best + w_together * together + w_similarity * max(similarity, 0.0))))
