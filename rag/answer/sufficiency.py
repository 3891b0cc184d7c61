"""Whether the evidence found answers the question: a calibrated probability from a few features.

The weights are learned by `python -m eval learn`: each question against its own evidence, against that evidence with the
answering passages taken away, and against that of other guidelines; and questions without an answer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np

from rag.answer import absent, cues
from rag.answer.absent import bare
from rag.answer.coverage import Coverage
from rag.answer.evidence import Evidence
from rag.answer.fit import FEATURES as FITS
from rag.answer.nearness import farthest_word
from rag.answer.unknown import unknown_characters, unknown_latin, unknown_terms
from rag.retrieve.query import Query
from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze

FEATURES = (
    "best", "next", "union", "passage", "words", "similarity", "aspect", *absent.FEATURES,
    "latin_missing", "unknown_run", "unknown_sum", "unknown_terms", "cue_missing", "population_missing", "length",
    "farthest_word", "lead", "peak",
)
_LOOKED_AT = 3  # passages
_JOINED_IN, _POOL = 6, 40  # passages, and sentences of them, in which a name and a figure may stand together
_TOP = 6  # sentences that may be the answer, if they score near the best
_NEAR_BEST = 0.3
_HAN = re.compile(r"[\u3400-\u9fff]")


def confidence(query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> float:
    """Return the probability that the evidence answers the question, 0 to 1."""
    if not evidence or not _readable(query):
        return 0.0
    model = _model()
    values = features(query, coverage, evidence)
    logit = model["bias"] + sum(model["weights"][name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))


def enough(certainty: float) -> bool:
    """Tell whether a probability is high enough to answer; the threshold is learned with the weights."""
    return certainty >= _model()["threshold"]


def features(query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> dict[str, float]:
    """Describe how evidence fits a question; each value lies between 0 and 1, `peak` between -1 and 1."""
    ranked = sorted(evidence, key=lambda e: -e.score)
    best = ranked[0]
    top = [e for e in ranked[:_TOP] if e.score >= _NEAR_BEST * best.score]
    near = [e for e in evidence if e.hit.rank <= _LOOKED_AT] or ranked
    shares = {rank: np.maximum.reduce([e.shares for e in near if e.hit.rank == rank]) for rank in {e.hit.rank for e in near}}
    text = bare("".join({e.hit.rank: _full_text(e) for e in near}.values()))
    run, unknown = unknown_characters(query, text)
    plain = np.array([not g.names for g in query.groups])
    return {
        "best": best.score,
        "next": sum(e.score for e in ranked[1:4]) / 3,
        "union": _value(best, "union"),
        "passage": max(coverage.total(s) for s in shares.values()),
        "words": coverage.total(np.maximum.reduce(list(shares.values())), plain),
        "similarity": max(max(e.hit.explain.get("dense", 0.0), 0.0) for e in near),
        "aspect": _value(best, "aspect"),
        **absent.absent(query, text, top, [e for e in ranked if e.hit.rank <= _JOINED_IN][:_POOL] or top),
        "latin_missing": float(unknown_latin(query, text)),
        "unknown_run": min(run, 5) / 5,
        "unknown_sum": min(unknown, 8) / 8,
        "unknown_terms": min(unknown_terms(query, text), 2) / 2,
        "cue_missing": _cues_missing(cues.asked(query.text), near),
        "population_missing": float(bool(query.populations) and not _people(query, text)),
        "length": min(len(query.text), 40) / 40,
        "farthest_word": farthest_word(query, ranked[:_LOOKED_AT]),
        "lead": _lead(evidence),
        "peak": _peak(best, evidence),
    }


def _readable(query: Query) -> bool:
    """Tell whether a question has a Chinese character or names something that the lexicon knows."""
    return _HAN.search(query.text) is not None or any(g.names for g in query.groups)


def _lead(evidence: Sequence[Evidence]) -> float:
    """Tell by how many deviations the first passage stands above the average of those found, 4 as 1."""
    scores = [e.hit.score for e in evidence]
    return min(max(scores) - sum(scores) / len(scores), 4.0) / 4


def _peak(best: Evidence, evidence: Sequence[Evidence]) -> float:
    """Tell by how many deviations the likeliest sentence is nearer than its guideline's others, 4 as 1."""
    near = np.array([_value(e, "similarity") for e in evidence if e.hit.edition.guideline_id == best.hit.edition.guideline_id])
    return float(np.clip((_value(best, "similarity") - near.mean()) / (near.std() + 1e-6) / 4, -1, 1))


def _cues_missing(asked: tuple[str, ...], near: Sequence[Evidence]) -> float:
    if not asked:
        return 0.0
    best = max(near, key=lambda e: e.score)
    return 1 - len(set(cues.held(best.sentence.text, asked))) / len(asked)


def _value(item: Evidence, name: str) -> float:
    return 0.0 if item.values is None else float(item.values[FITS.index(name)])


def _full_text(item: Evidence) -> str:
    return "\n".join([item.hit.edition.title, *item.section, item.hit.passage.text])


def _people(query: Query, text: str) -> bool:
    return all(any(squeeze(n) in text for n in lexicon().names(p)) for p in query.populations)


@cache
def _model() -> dict:
    data = resources.files("rag.answer").joinpath("data/sufficiency.json").read_text(encoding="utf-8")
    return json.loads(data)
