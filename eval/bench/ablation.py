"""What each part of retrieval brings: the figures of the whole, and of the whole without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from eval.bench.variants import Variant, dense_alone, embedded, indexed, lexical_alone, whole
from eval.datasets.questions import Question
from eval.metrics.match import says_all
from eval.metrics.place import right_place
from eval.metrics.ranking import reciprocal_rank
from rag import KnowledgeBase
from rag.embed import load_embedder
from rag.index.windows import windows
from rag.retrieve.fuse import DENSE_WEIGHT, fuse, standardise
from rag.text.lexicon import Match
from rag.text.segment import words
from rag.text.typo import mend
from rag.types import Hit, Passage

SHOWN, DEPTH = 5, 10
MEASURES = ("page@5", "facts@5", "mrr@10")
_RANK_OFFSET = 60  # of reciprocal rank fusion (Cormack et al. 2009)


def variants(base: KnowledgeBase) -> dict[str, Callable[[], Variant]]:
    """List the whole and what is measured against it; each is made when it is asked for."""
    snapshot, embedder = base.snapshot, base.embedder

    def with_changes(**changes: object) -> Callable[[], Variant]:
        named = {f"rag.retrieve.{name.replace('__', '.')}": instead for name, instead in changes.items()}
        return lambda: Variant(snapshot, embedder, named)

    def published() -> Variant:
        other = load_embedder("use-multilingual")
        return Variant(embedded(snapshot, other), other)

    def no_bigrams() -> Variant:
        return Variant(indexed(snapshot, words), embedder, {"rag.retrieve.query.bigrams": lambda _: []})

    return {
        "whole": with_changes(),
        "no lexicon": with_changes(query__mend=_nothing, query__implied=_nothing),
        "no widening of names": with_changes(query__mend=_aspects_and_people),
        "no mending of typos": with_changes(query__mend=_as_known),
        "no units or people implied by numbers": with_changes(query__implied=_nothing),
        "no bigrams": no_bigrams,
        "no bonus for the aspect": with_changes(retriever__ASPECT_BONUS=0.0),
        "words alone": lambda: lexical_alone(snapshot),
        "vectors alone": lambda: dense_alone(snapshot, embedder),
        "published embedder": published,
        "whole passages embedded": lambda: Variant(embedded(snapshot, embedder, whole), embedder),
        "no heading before what is embedded": lambda: Variant(embedded(snapshot, embedder, _without_heading), embedder),
        "ranks summed (RRF)": with_changes(retriever__fuse=_by_ranks),
        "dense weight 0.8": with_changes(retriever__fuse=partial(fuse, dense_weight=0.8)),
        "dense weight 1.6": with_changes(retriever__fuse=partial(fuse, dense_weight=1.6)),
    }


def scores(variant: Variant, questions: Sequence[Question]) -> np.ndarray:
    """Search every question that has an answer; return what MEASURES say of each, of shape (questions, measures).

    The reciprocal rank is that of the first passage in a right place.
    """
    answerable = [q for q in questions if q.facts]
    with variant.searching() as search:
        found = [(q, search(q.text, DEPTH)) for q in answerable]
    rows = []
    for question, hits in found:
        right = [right_place(question, h.edition.source, h.passage.pages) for h in hits]
        rank = reciprocal_rank([str(place) for place in right], {"True"}, DEPTH)
        rows.append((any(right[:SHOWN]), _says(question, hits[:SHOWN]), rank))
    return np.array(rows, float)


def summary(scored: Mapping[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """Average each variant's scores; what the reciprocal rank differs from the first's has the standard error of that beside it."""
    whole_scores = next(iter(scored.values()))
    result = {}
    for name, of_questions in scored.items():
        change = (of_questions - whole_scores)[:, MEASURES.index("mrr@10")]
        means = dict(zip(MEASURES, of_questions.mean(axis=0).round(4).tolist(), strict=True))
        error = change.std(ddof=1) / np.sqrt(len(change)) if len(change) > 1 else 0.0
        result[name] = means | {"mrr_change": round(float(change.mean()), 4), "its_error": round(float(error), 4)}
    return result


def pooled(sets: Iterable[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Put the scores of several sets of questions together."""
    every = list(sets)
    return {name: np.concatenate([scored[name] for scored in every]) for name in every[0]}


def _says(question: Question, hits: Sequence[Hit]) -> bool:
    return says_all("\n".join(h.passage.text for h in hits), question.facts)


def _nothing(*_: object) -> list[Match]:
    return []


def _as_known(_: str, known: list[Match]) -> list[Match]:
    return known


def _aspects_and_people(text: str, known: list[Match]) -> list[Match]:
    return [m for m in mend(text, known) if m.kind in {"aspect", "population"}]


def _without_heading(passage: Passage) -> list[tuple[int, str]]:
    lead = len(passage.section[-1]) + 1 if passage.section else 0
    return [(sentence, text[lead:]) for sentence, text in windows(passage)]


def _by_ranks(lexical: np.ndarray, near: np.ndarray) -> np.ndarray:
    ranks = np.argsort(np.argsort(-np.stack([lexical, near]), axis=1, kind="stable"), axis=1)
    return standardise((1 / (_RANK_OFFSET + 1 + ranks)).sum(axis=0)) * np.hypot(1.0, DENSE_WEIGHT)  # as wide as the weighted sum
