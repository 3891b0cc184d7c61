"""Whether the evidence found answers the question: a calibrated probability from a few features.

The weights are learned by `python -m eval learn` on the starter questions: each against its own evidence, against that
evidence with the answering passages taken away, and against that of other guidelines; and on questions without an answer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np

from rag.answer import cues
from rag.answer.coverage import NO_GROUP, Coverage
from rag.answer.evidence import Evidence
from rag.retrieve.query import Query
from rag.text.normalise import squeeze

THRESHOLD = 0.33  # on the starter questions, one in twelve answerable ones lies below it
FEATURES = (
    "best_evidence", "next_evidence", "best_sentence", "words", "similarity", "topic",
    "disease_missing", "drug_missing", "latin_missing", "population_missing", "cue_missing",
)
_LOOKED_AT = 3  # passages
_LATIN = re.compile(r"[a-z][a-z0-9+-]+")


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
    together = np.maximum.reduce([coverage.shares(text) for text in passages.values()])
    scores = sorted((e.score for e in evidence), reverse=True)
    plain = np.array([not g.names for g in query.groups])
    text = squeeze("".join(passages.values())).lower()
    heading = squeeze("".join(evidence[0].hit.passage.section) + evidence[0].hit.edition.title).lower()
    asked = cues.asked(query.text)
    return {
        "best_evidence": scores[0],
        "next_evidence": sum(scores[1:4]) / 3,
        "best_sentence": max(coverage.total(e.shares) for e in near),
        "words": coverage.total(together, plain),
        "similarity": max(max(e.hit.explain.get("dense", 0.0), 0.0) for e in near),
        "disease_missing": _missing(query, ("disease", "symptom"), text),
        "drug_missing": _missing(query, ("drug", "class"), text),
        "latin_missing": float(any(word not in text for word in _LATIN.findall(query.text.lower()))),
        "topic": _topic(query, heading),
        "cue_missing": _cues_missing(asked, near),
        "population_missing": float(bool(query.populations) and not _people(query, text)),
    }


def _missing(query: Query, kinds: tuple[str, ...], text: str) -> float:
    """Tell which share of the named things of some kinds stands nowhere in a text, whatever the name."""
    groups = [g for g in query.groups if g.kind in kinds and g.names]
    absent = [g for g in groups if not any(_names(text, squeeze(n).lower()) for n in g.names)]
    return len(absent) / len(groups) if groups else 0.0


def _topic(query: Query, heading: str) -> float:
    """Tell whether a heading or title names a disease that the question names."""
    named = (any(_names(heading, squeeze(n).lower()) for n in g.names) for g in query.groups if g.kind == "disease" and g.names)
    return max(map(float, named), default=NO_GROUP)


def _cues_missing(asked: tuple[str, ...], near: Sequence[Evidence]) -> float:
    if not asked:
        return 0.0
    best = max(near, key=lambda e: e.score)
    return 1 - len(set(cues.held(best.sentence.text, asked))) / len(asked)


def _full_text(item: Evidence) -> str:
    passage = item.hit.passage
    return "\n".join([item.hit.edition.title, *passage.section, passage.text])


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
