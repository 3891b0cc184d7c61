"""How a sentence of a hit fits a question: the features from which its probability to answer is learned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rag.answer import cues
from rag.answer.coverage import Coverage
from rag.index.snapshot import Snapshot
from rag.retrieve.query import HINTS, Group, Query
from rag.text.aspects import mask_of_terms
from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze
from rag.types import Hit

# What the groups of a question name: a disease, a drug, anything else that the lexicon knows, or a word that it does not.
KINDS = {"disease": ("disease", "symptom", "organism"), "drug": ("drug", "class"), "word": ("word",)}
_KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}
_NOTHING_ASKED = -1.0  # of a kind of group that the question does not have
_NEITHER = 0.5

FEATURES = (
    "sentence", "heading", "union", *(f"{kind}_{where}" for kind in (*KINDS, "other") for where in ("sentence", "union")),
    "similarity", "passage", "same_edition", "aspect", "population", "polarity", "numbers", "figures", "cues", *cues.NAMES,
)

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MAY = re.compile(
    r"能不能|能.{0,8}[吗不么]|可以.{0,8}吗|可不可以|禁忌|不能|行不|中不|要得不|要不要|是不是|敢不敢|该不该|用不用|还.{0,6}[不吗]|得不"
)
_FORBIDS = re.compile(r"禁|不宜|避免|不能|不可|不要|不得|慎|不推荐|不建议|停用|不应|无需|不必|勿")


def kind_of(group: Group) -> str:
    """Return the kind of what a group names: one of KINDS, or `other`."""
    return _KIND_OF.get(group.kind, "other")


class Fit(NamedTuple):
    """One sentence of a hit: its number there, its features by FEATURES, and the share of each group that it covers."""

    hit: Hit
    number: int
    values: np.ndarray
    shares: np.ndarray


class Asked:
    """What a question asks for, read once for all sentences."""

    def __init__(self, query: Query) -> None:
        kinds = [None if g.kind in HINTS else kind_of(g) for g in query.groups]
        self.among = [np.array([float(k == kind) for k in kinds]) for kind in (*KINDS, "other")]
        self.cues = cues.asked(query.text)
        self.aspects = mask_of_terms(query.aspects)
        self.people = [{squeeze(n) for n in lexicon().names(p)} for p in query.populations]
        self.numbers = set(_NUMBER.findall(query.text))
        self.may = bool(_MAY.search(query.text))


def fits(snapshot: Snapshot, query: Query, coverage: Coverage, vector: np.ndarray, hits: Sequence[Hit]) -> list[Fit]:
    """Describe every sentence of the hits, in the hits' order and then in reading order."""
    if not hits:
        return []
    asked = Asked(query)
    best = hits[0].score
    spread = max(best - hits[-1].score, 1e-6)
    return [
        fit for hit in hits
        for fit in _of_hit(snapshot, asked, coverage, vector, hit,
                           (1 - (best - hit.score) / spread, float(hit.edition.guideline_id == hits[0].edition.guideline_id)))
    ]


def _of_hit(snapshot: Snapshot, asked: Asked, coverage: Coverage, vector: np.ndarray, hit: Hit, rank: tuple[float, float]) -> Iterator[Fit]:
    headings = {s.under: coverage.shares(" ".join([hit.edition.title, *hit.passage.section, *s.under])) for s in hit.passage.sentences}
    number = snapshot.find(hit.passage.id)
    aspect = _NEITHER
    if asked.aspects and number is not None:
        aspect = float((int(snapshot.passage_aspects[number]) & asked.aspects) > 0)
    similarity = _similarities(snapshot, hit, vector, number)
    for at, sentence in enumerate(hit.passage.sentences):
        heading, shares = headings[sentence.under], coverage.shares(sentence.text)
        union = np.maximum(shares, heading)
        covered = [_share(coverage, some, among) for among in asked.among for some in (shares, union)]
        values = (
            coverage.total(shares), coverage.total(heading), coverage.total(union), *covered,
            float(similarity[at]), *rank, aspect, *_said(sentence.text, asked),
        )
        yield Fit(hit, at, np.array(values), shares)


def _said(text: str, asked: Asked) -> Iterator[float]:
    """Yield the features of a sentence's own words: population, polarity, numbers, figures and cues."""
    bare = squeeze(text)
    held = set(cues.held(text, asked.cues))
    yield float(any(any(n in bare for n in names) for names in asked.people)) if asked.people else _NEITHER
    yield float(asked.may and bool(_FORBIDS.search(bare)))
    yield float(bool(asked.numbers & set(_NUMBER.findall(bare)))) if asked.numbers else _NEITHER
    yield float(bool(_NUMBER.search(bare)))
    yield len(held) / len(asked.cues) if asked.cues else _NEITHER
    for name in cues.NAMES:
        yield (1.0 if name in held else -1.0) if name in asked.cues else 0.0


def _share(coverage: Coverage, shares: np.ndarray, among: np.ndarray) -> float:
    return coverage.total(shares, among) if (coverage.worth * among).any() else _NOTHING_ASKED


def _similarities(snapshot: Snapshot, hit: Hit, vector: np.ndarray, number: int | None) -> np.ndarray:
    """Return the similarity of each sentence of a hit to the question, shape (sentences,)."""
    result = np.zeros(len(hit.passage.sentences), np.float32)
    if number is None:
        return result
    first, last = (int(i) for i in np.searchsorted(snapshot.window_passages, [number, number + 1]))
    for window in range(first, last):
        result[snapshot.window_sentences[window]] = snapshot.dense.reconstruct(window) @ vector
    return result
