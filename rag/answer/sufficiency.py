"""Whether the evidence found answers the question: a calibrated probability from how the question's terms are met there."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rag.answer import cues
from rag.answer.coverage import Coverage
from rag.answer.evidence import Evidence
from rag.answer.fit import FEATURES as FITS
from rag.answer.naming import bare
from rag.answer.nearness import vectors
from rag.answer.network import Described, learned
from rag.answer.term_fit import LIKELY, TermFits, sentence_fits
from rag.answer.terms import terms_of
from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze

FEATURES = ("best", "next", "union", "passage", "words", "similarity", "aspect", "cue_missing", "population_missing", "length", "lead", "peak")
_LOOKED_AT = 3  # passages
_HAN = re.compile(r"[\u3400-\u9fff]")


def confidence(snapshot: Snapshot, query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> float:
    """Return the probability that the evidence answers the question, 0 to 1."""
    if not evidence or not _readable(query):
        return 0.0
    return learned().probability(describe(snapshot, query, coverage, evidence))


def enough(certainty: float) -> bool:
    """Tell whether a probability is high enough to answer; the threshold is learned with the weights."""
    return certainty >= learned().threshold


def describe(snapshot: Snapshot, query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> Described:
    """Describe how evidence fits a question."""
    likely = sorted(evidence, key=lambda e: -e.score)[:LIKELY]
    terms = terms_of(query)
    return Described(
        np.array(list(_whole(query, coverage, evidence).values())),
        sentence_fits(likely),
        TermFits(snapshot, evidence, likely).describe(bare(query.text), terms),
        vectors([t.written for t in terms]) if terms else np.zeros((0, 1)),
    )


def _readable(query: Query) -> bool:
    """Tell whether a question has a Chinese character or names something that the lexicon knows."""
    return _HAN.search(query.text) is not None or any(g.names for g in query.groups)


def _whole(query: Query, coverage: Coverage, evidence: Sequence[Evidence]) -> dict[str, float]:
    """Describe all that was found by FEATURES; each value lies between 0 and 1, `peak` between -1 and 1."""
    ranked = sorted(evidence, key=lambda e: -e.score)
    best = ranked[0]
    near = [e for e in evidence if e.hit.rank <= _LOOKED_AT] or ranked
    shares = [np.maximum.reduce([e.shares for e in near if e.hit.rank == rank]) for rank in {e.hit.rank for e in near}]
    text = bare("".join({e.hit.rank: _full_text(e) for e in near}.values()))
    plain = np.array([not g.names for g in query.groups])
    values = {
        "best": best.score,
        "next": sum(e.score for e in ranked[1:4]) / 3,
        "union": _value(best, "union"),
        "passage": max(coverage.total(s) for s in shares),
        "words": coverage.total(np.maximum.reduce(shares), plain),
        "similarity": max(max(e.hit.explain.get("dense", 0.0), 0.0) for e in near),
        "aspect": _value(best, "aspect"),
        "cue_missing": _cues_missing(cues.asked(query.text), near),
        "population_missing": float(bool(query.populations) and not _people(query, text)),
        "length": min(len(query.text), 40) / 40,
        "lead": _lead(evidence),
        "peak": _peak(best, evidence),
    }
    return {name: values[name] for name in FEATURES}


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
