"""Whether the evidence found answers the question: a calibrated probability from a few features.

The weights are learned by `python -m eval learn`: each question against its own evidence, against that evidence with the
answering passages taken away, and against that of other guidelines; and questions without an answer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import numpy as np

from rag.answer import cues
from rag.answer.coverage import NO_GROUP, Coverage
from rag.answer.evidence import Evidence
from rag.answer.fit import FEATURES as FITS
from rag.answer.fit import KINDS
from rag.answer.unknown import unknown_characters, unknown_latin, unknown_terms
from rag.retrieve.query import Group, Query
from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze

FEATURES = (
    "best", "next", "sentence", "union", "passage", "words", "similarity", "similarity_of_best", "aspect", "topic",
    "disease_missing", "drug_missing", "other_missing", "disease_apart", "drug_apart", "other_apart", "all_apart",
    "latin_missing", "unknown_run", "unknown_sum", "unknown_terms", "cue_missing", "population_missing", "length", "groups",
)
_LOOKED_AT = 3  # passages
_TOP = 6  # sentences that may be the answer, if they score near the best
_NEAR_BEST = 0.3
_HAN = re.compile(r"[\u3400-\u9fff]")
_HINTS = frozenset({"aspect", "population", "unit"})


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
    """Describe how evidence fits a question; each value lies between 0 and 1."""
    ranked = sorted(evidence, key=lambda e: -e.score)
    best = ranked[0]
    top = [e for e in ranked[:_TOP] if e.score >= _NEAR_BEST * best.score]
    near = [e for e in evidence if e.hit.rank <= _LOOKED_AT]
    shares = {rank: np.maximum.reduce([e.shares for e in near if e.hit.rank == rank]) for rank in {e.hit.rank for e in near}}
    text = _bare("".join({e.hit.rank: _full_text(e) for e in near}.values()))
    heading = _bare("".join(best.section) + best.hit.edition.title)
    run, unknown = unknown_characters(query, text)
    plain = np.array([not g.names for g in query.groups])
    return {
        "best": best.score,
        "next": sum(e.score for e in ranked[1:4]) / 3,
        "sentence": max(coverage.total(e.shares) for e in near),
        "union": _value(best, "union"),
        "passage": max(coverage.total(s) for s in shares.values()),
        "words": coverage.total(np.maximum.reduce(list(shares.values())), plain),
        "similarity": max(max(e.hit.explain.get("dense", 0.0), 0.0) for e in near),
        "similarity_of_best": float(np.mean([_value(e, "similarity") for e in top])),
        "aspect": _value(best, "aspect"),
        "topic": _topic(query, heading),
        **_missing_names(query, text, [_bare(_own_text(e)) for e in top]),
        "latin_missing": float(unknown_latin(query, text)),
        "unknown_run": min(run, 5) / 5,
        "unknown_sum": min(unknown, 8) / 8,
        "unknown_terms": min(unknown_terms(query, text), 2) / 2,
        "cue_missing": _cues_missing(cues.asked(query.text), near),
        "population_missing": float(bool(query.populations) and not _people(query, text)),
        "length": min(len(query.text), 40) / 40,
        "groups": min(len(query.groups), 15) / 15,
    }


def _readable(query: Query) -> bool:
    """Tell whether a question has a Chinese character or names something that the lexicon knows."""
    return _HAN.search(query.text) is not None or any(g.names for g in query.groups)


def _missing_names(query: Query, text: str, own: Sequence[str]) -> dict[str, float]:
    """Tell which share of the named things is nowhere in the text, and in the likely answer that has the most of them."""
    of = {name: kind for kind, names in KINDS.items() for name in names}
    groups = {kind: [g for g in query.groups if g.names and g.kind not in _HINTS and of.get(g.kind, "other") == kind]
              for kind in ("disease", "drug", "other")}
    apart = {kind: [_missing(some, t) for t in own] for kind, some in groups.items()}
    together = [drug + (disease + other) / 2 for disease, drug, other in zip(*apart.values(), strict=True)]
    return {
        **{f"{kind}_missing": _missing(some, text) for kind, some in groups.items()},
        **{f"{kind}_apart": min(shares) for kind, shares in apart.items()},
        "all_apart": min(together) / 2,
    }


def _missing(groups: Sequence[Group], text: str) -> float:
    """Return the share of the groups of which no name stands in a text."""
    return sum(not _named(g, text) for g in groups) / len(groups) if groups else 0.0


def _named(group: Group, text: str) -> bool:
    return any(_names(text, _bare(n)) for n in group.names)


def _topic(query: Query, heading: str) -> float:
    """Tell whether a heading or title names a disease that the question names."""
    return max((float(_named(g, heading)) for g in query.groups if g.kind == "disease" and g.names), default=NO_GROUP)


def _cues_missing(asked: tuple[str, ...], near: Sequence[Evidence]) -> float:
    if not asked:
        return 0.0
    best = max(near, key=lambda e: e.score)
    return 1 - len(set(cues.held(best.sentence.text, asked))) / len(asked)


def _value(item: Evidence, name: str) -> float:
    return 0.0 if item.values is None else float(item.values[FITS.index(name)])


def _full_text(item: Evidence) -> str:
    return "\n".join([*_headings(item), item.hit.passage.text])


def _own_text(item: Evidence) -> str:
    return "\n".join([*_headings(item), item.sentence.text])


def _headings(item: Evidence) -> Iterator[str]:
    yield item.hit.edition.title
    yield from item.section


def _bare(text: str) -> str:
    return squeeze(text).lower()


def _names(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _people(query: Query, text: str) -> bool:
    return all(any(squeeze(n) in text for n in lexicon().names(p)) for p in query.populations)


@cache
def _model() -> dict:
    data = resources.files("rag.answer").joinpath("data/sufficiency.json").read_text(encoding="utf-8")
    return json.loads(data)
