"""Learn the probability that a sentence states what a question asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.datasets.questions import ROOT, Question
from eval.learning import cross_validated, fit_ranking
from eval.metrics.match import says
from eval.metrics.ranking import reciprocal_rank
from rag import KnowledgeBase
from rag.answer.answerer import PASSAGES_READ
from rag.answer.coverage import Coverage
from rag.answer.fit import FEATURES, fits
from rag.retrieve.query import understand
from rag.retrieve.retriever import search
from rag.types import Hit, Sentence

MODEL = ROOT / "rag" / "answer" / "data" / "evidence.json"
_ELSEWHERE = 0.4  # worth of a sentence that says it on another page than the gold one


def learn(base: KnowledgeBase, questions: Sequence[Question], out: Path = MODEL) -> dict:
    """Learn from questions whose facts stand in some sentence found; write the weights, return what cross-validation says."""
    rows, gains, lists, groups = [], [], [], []
    for at, question in enumerate(questions):
        query = understand(question.text)
        hits = search(base.snapshot, base.embedder, query, PASSAGES_READ)
        vector = base.embedder.encode([query.expanded], query=True)[0]
        found = fits(base.snapshot, query, Coverage(base.snapshot, query), vector, hits)
        worth = [_gain(question, f.hit, f.hit.passage.sentences[f.number]) for f in found]
        if any(worth):
            rows.extend(f.values for f in found)
            gains.extend(worth)
            lists.extend([at] * len(found))
            groups.extend([min(question.documents)] * len(found))
    x, y, number = np.array(rows), np.array(gains), np.array(lists)
    weights, bias = fit_ranking(x, y, number)
    model = {"bias": round(bias, 4), "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)}}
    out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    scores = cross_validated(x, groups, lambda some: fit_ranking(x[some], y[some], number[some]))
    return {"questions": len(questions), "lists": len(set(lists)), "sentences": len(y),
            "reciprocal_rank_cross_validated": round(_mean_reciprocal_rank(scores, y, number), 3)}


def _gain(question: Question, hit: Hit, sentence: Sentence) -> float:
    """Return the share of a question's facts that a sentence of a right document says."""
    if hit.edition.source not in question.documents:
        return 0.0
    share = sum(any(says(sentence.text, w) for w in group) for group in question.facts) / len(question.facts)
    elsewhere = question.pages and not question.pages & set(sentence.pages or hit.passage.pages)
    return share * (_ELSEWHERE if elsewhere else 1.0)


def _mean_reciprocal_rank(scores: np.ndarray, gains: np.ndarray, lists: np.ndarray) -> float:
    ranks = []
    for number in np.unique(lists):
        rows = np.flatnonzero(lists == number)
        ranked = [str(r) for r in rows[np.argsort(-scores[rows], kind="stable")]]
        ranks.append(reciprocal_rank(ranked, {str(r) for r in rows[gains[rows] > 0]}, len(rows)))
    return float(np.mean(ranks))
