"""Whether the evidence found answers the question: a calibrated probability from a few features.

The weights are learned by `python -m eval sufficiency` on the starter questions: each against its own evidence, against
that evidence with the answering passages taken away, and against that of other guidelines.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np

from rag.answer.coverage import Coverage
from rag.answer.evidence import HAS_QUANTITY, Evidence, asks_quantity
from rag.retrieve.query import Query
from rag.text.normalise import squeeze

THRESHOLD = 0.5
FEATURES = (
    "best_passage", "best_sentence", "together", "similarity", "similarity_mean", "concept_worst", "concept_mean",
    "rarest_missing", "quantity_missing", "aspect_missing", "population_missing", "unknown_share",
)
_LOOKED_AT = 3  # passages


def confidence(query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> float:
    """Return the probability that the evidence answers the question, 0 to 1."""
    if not evidence:
        return 0.0
    model = _model()
    values = features(query, coverage, evidence)
    logit = model["bias"] + sum(model["weights"][name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))


def features(query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> dict[str, float]:
    """Describe how evidence fits a question; each value lies between 0 and 1."""
    near = [e for e in evidence if e.hit.rank <= _LOOKED_AT]
    passages = {e.hit.rank: _full_text(e) for e in near}
    shares = {rank: coverage.shares(text) for rank, text in passages.items()}
    together = np.maximum.reduce(list(shares.values()))
    totals = [coverage.total(s) for s in shares.values()]
    similar = sorted((max(e.hit.explain.get("dense", 0.0), 0.0) for e in near), reverse=True)
    concepts = [_concept(query, passages, i) for i, g in enumerate(query.groups) if g.names]
    words = np.array([not g.names and g.kind == "word" for g in query.groups])
    missing = coverage.worth * (1 - together)
    text = squeeze("".join(passages.values()))
    return {
        "best_passage": max(totals),
        "best_sentence": max(coverage.total(e.shares) for e in near),
        "together": coverage.total(together),
        "similarity": similar[0],
        "similarity_mean": sum(similar) / len(similar),
        "concept_worst": min(concepts, default=0.5),
        "concept_mean": sum(concepts) / len(concepts) if concepts else 0.5,
        "rarest_missing": float(missing.max() / max(coverage.worth.max(), 1e-9)),
        "quantity_missing": float(asks_quantity(query.text) and not any(HAS_QUANTITY.search(e.sentence.text) for e in near)),
        "aspect_missing": float(bool(query.aspects) and not any(squeeze(a) in text for a in query.aspects)),
        "population_missing": float(bool(query.populations) and not _people(query, text)),
        "unknown_share": float(coverage.worth[words].sum() / max(coverage.worth.sum(), 1e-9)),
    }


def _full_text(item: Evidence) -> str:
    passage = item.hit.passage
    return "\n".join([item.hit.edition.title, *passage.section, passage.text])


def _concept(query: Query, passages: dict[int, str], group: int) -> float:
    """Return the share of the looked-at passages that name a concept, title and headings included."""
    names = [squeeze(n).lower() for n in query.groups[group].names]
    named = [any(_names(squeeze(text).lower(), name) for name in names) for text in passages.values()]
    return sum(named) / len(named)


def _names(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _people(query: Query, text: str) -> bool:
    from rag.text.lexicon import lexicon

    return all(any(squeeze(n) in text for n in lexicon().names(p)) for p in query.populations)


@cache
def _model() -> dict:
    data = resources.files("rag.answer").joinpath("data/sufficiency.json").read_text(encoding="utf-8")
    return json.loads(data)
