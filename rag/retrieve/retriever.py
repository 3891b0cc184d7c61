"""From a question to ranked passages: dense and lexical candidates, fused, within the editions that may answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from rag.embed import Embedder
from rag.index import dense
from rag.index.snapshot import Snapshot
from rag.retrieve.fuse import fuse
from rag.retrieve.grade import least_strength, strength
from rag.retrieve.mention import named_editions
from rag.retrieve.query import Query
from rag.retrieve.rerank import POOL, Reranker, reranked
from rag.retrieve.scope import Scope, allowed
from rag.text.aspects import mask_of_terms
from rag.types import Hit

LEXICAL_CANDIDATES = 100
DENSE_WINDOWS = 400
COMPARED = 800  # passages, those that share most with the query, whose vectors are compared
SAYS_AS_MUCH = 0.6  # of the best passage's score, from which an edition of the year named is the one meant
ASPECT_BONUS = 1.0  # standard deviations, for a passage under a heading that names the aspect asked for


def search(
    snapshot: Snapshot, embedder: Embedder, query: Query, k: int, scope: Scope | None = None, reranker: Reranker | None = None
) -> list[Hit]:
    """Find the k best passages for a query, best first; a passage that shares no term with the query is not a hit."""
    if reranker is not None:
        return reranked(reranker, query.text, search(snapshot, embedder, query, max(k, POOL), scope))[:k]
    if query.empty or not len(snapshot):
        return []
    lexical = lexical_scores(snapshot, query)
    scope = _scoped(scope or Scope(), query, snapshot, lexical)
    may = allowed(snapshot.editions, scope)[snapshot.passage_editions]
    lexical[~may] = 0
    similarity, sentence = _dense_scores(snapshot, embedder.encode([query.expanded], query=True)[0], _promising(snapshot, lexical))
    candidates = _candidates(lexical, np.where(may, similarity, -1.0))
    if not len(candidates):
        return []
    # a candidate that no near window belongs to is at most as near as the farthest of them
    near = similarity[candidates]
    floor = near[near > -1].min(initial=0.0)
    fused = fuse(lexical[candidates], np.where(near > -1, near, floor))
    fused += ASPECT_BONUS * ((snapshot.passage_aspects[candidates] & mask_of_terms(query.aspects)) > 0)
    order = np.argsort(-fused, kind="stable")
    found = ((at, snapshot.passage(int(candidates[at]))) for at in order)
    if scope.min_grade:
        least = least_strength(scope.min_grade)
        found = ((at, p) for at, p in found if p.grade and (strength(p.grade) or 0) >= least)
    return [
        Hit(
            rank,
            float(fused[at]),
            passage,
            snapshot.edition_of(int(candidates[at])),
            int(sentence[candidates[at]]),
            {"lexical": float(lexical[candidates[at]]), "dense": float(near[at])},
        )
        for rank, (at, passage) in enumerate(islice(found, k), start=1)
    ]


def _scoped(scope: Scope, query: Query, snapshot: Snapshot, lexical: np.ndarray) -> Scope:
    """Narrow an undated scope to the edition that the question itself names.

    Where it names a year or number only, that is the edition of that year that says most of what is asked.
    """
    if scope.as_of is not None or scope.guidelines:
        return scope
    named = named_editions(query, snapshot.editions)
    ids = named.ids
    if named.one_of:
        isin = np.array([e.guideline_id in named.one_of for e in snapshot.editions], bool)[snapshot.passage_editions]
        best = int(np.argmax(np.where(isin, lexical, -1.0)))
        ids = frozenset({snapshot.edition_of(best).guideline_id}) if lexical[best] >= SAYS_AS_MUCH * lexical.max() else ids
    return replace(scope, include_superseded=True, include_withdrawn=True, guidelines=ids) if ids else scope


def lexical_scores(snapshot: Snapshot, query: Query) -> np.ndarray:
    """Score each passage by the sum over groups of its best alternative, float32 of shape (passages,).

    Another way of saying something counts for no more than what was written: a rare abbreviation would otherwise weigh more
    than the common name that it stands for.
    """
    index = snapshot.lexical
    single: dict[str, float] = {}
    total = np.zeros(len(snapshot), np.float32)
    for group in query.groups:
        if len(group.alternatives) == 1:
            for term, weight in group.alternatives[0].items():
                single[term] = max(weight, single.get(term, 0.0))
        else:
            worth = [sum(weight * index.idf(term) for term, weight in a.items()) for a in group.alternatives]
            scales = (min(1.0, worth[0] / max(w, 1e-9)) for w in worth)
            total += np.maximum.reduce([scale * index.score(a) for scale, a in zip(scales, group.alternatives, strict=True)])
    return total + index.score(single)


def _promising(snapshot: Snapshot, lexical: np.ndarray) -> np.ndarray | None:
    """List the windows of the passages that share most with a query; None where there are too few to choose among.

    No passage is a hit by its vector alone, so comparing the others would only cost time.
    """
    if len(snapshot) <= COMPARED:
        return None
    best = np.sort(np.argpartition(-lexical, COMPARED)[:COMPARED])
    first, last = (np.searchsorted(snapshot.window_passages, best + step) for step in (0, 1))
    counts = last - first
    return np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())


def _dense_scores(snapshot: Snapshot, vector: np.ndarray, among: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Give each passage the similarity of its nearest window (-1: none near) and that window's sentence."""
    windows, scores = dense.nearest(snapshot.dense, vector, DENSE_WINDOWS, among)
    passages = snapshot.window_passages[windows]
    similarity = np.full(len(snapshot), -1.0, np.float32)
    sentence = np.zeros(len(snapshot), np.int32)
    similarity[passages[::-1]] = scores[::-1]  # of the same passage the last one stays, the best
    sentence[passages[::-1]] = snapshot.window_sentences[windows[::-1]]
    return similarity, sentence


def _candidates(lexical: np.ndarray, similarity: np.ndarray) -> np.ndarray:
    """List the passages worth ranking: the best of each kind, among those that share a term with the query."""
    count = min(LEXICAL_CANDIDATES, len(lexical))
    best = np.argpartition(-lexical, count - 1)[:count]
    near = np.argpartition(-similarity, count - 1)[:count]
    union = np.union1d(best, near[similarity[near] > -1])
    return union[lexical[union] > 0]
