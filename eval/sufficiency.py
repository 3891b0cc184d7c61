"""Learn and report the probability that evidence answers a question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from eval.datasets.questions import ROOT, Question
from eval.metrics.match import says, says_all
from eval.metrics.separation import auroc
from rag import KnowledgeBase
from rag.answer.answerer import PASSAGES_READ
from rag.answer.coverage import Coverage
from rag.answer.evidence import gather
from rag.answer.sufficiency import FEATURES, features
from rag.retrieve.query import understand
from rag.retrieve.retriever import search
from rag.types import Hit

MODEL = ROOT / "rag" / "answer" / "data" / "sufficiency.json"
_POOL = 80


class Example(NamedTuple):
    """A question against some evidence: does it answer?"""

    question: str
    kind: str
    values: np.ndarray
    answers: bool


def examples(base: KnowledgeBase, questions: Sequence[Question]) -> Iterator[Example]:
    """Yield each question with its evidence, with the answering passages taken away, and with other guidelines' only."""
    for question in questions:
        hits = _search(base, question.text)
        kept = [h for h in hits if not any(says(h.passage.text, w) for g in question.facts for w in g)]
        others = [h for h in hits if h.edition.source not in question.documents]
        own = hits[:PASSAGES_READ]
        found = says_all("\n".join(h.passage.text for h in own[:5]), question.facts)
        for kind, pool, answers in (("own", own, found), ("hidden", kept, False), ("others", others, False)):
            if pool:
                yield Example(question.id, kind, _values(base, question.text, pool[:PASSAGES_READ]), answers)


def _search(base: KnowledgeBase, text: str) -> list[Hit]:
    return search(base.snapshot, base.embedder, understand(text), _POOL)


def _values(base: KnowledgeBase, text: str, hits: Sequence[Hit]) -> np.ndarray:
    query = understand(text)
    coverage = Coverage(base.snapshot, query)
    vector = base.embedder.encode([query.expanded], query=True)[0]
    ranked = [Hit(rank, h.score, h.passage, h.edition, h.sentence, h.explain) for rank, h in enumerate(hits, start=1)]
    values = features(query, coverage, gather(base.snapshot, query, coverage, vector, ranked))
    return np.array([values[name] for name in FEATURES])


def fit(rows: np.ndarray, labels: np.ndarray, *, ridge: float = 1.0, steps: int = 60) -> tuple[np.ndarray, float]:
    """Fit a logistic regression by Newton's method with a ridge penalty; classes weigh alike. Return weights and bias."""
    x = np.column_stack([rows, np.ones(len(rows))])
    balance = np.where(labels, 0.5 / max(labels.mean(), 1e-9), 0.5 / max(1 - labels.mean(), 1e-9))
    w = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-6
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (balance * (p - labels)) + penalty * w
        hessian = (x * (balance * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        w -= np.linalg.solve(hessian, gradient)
    return w[:-1], float(w[-1])


def cross_validated(found: Sequence[Example], folds: int = 5) -> np.ndarray:
    """Score each example by a model that saw none of its question, shape (examples,)."""
    names = sorted({e.question for e in found})
    fold_of = {name: i % folds for i, name in enumerate(names)}
    rows, labels = np.array([e.values for e in found]), np.array([e.answers for e in found])
    folds_of = np.array([fold_of[e.question] for e in found])
    scores = np.zeros(len(found))
    for fold in range(folds):
        weights, bias = fit(rows[folds_of != fold], labels[folds_of != fold])
        test = folds_of == fold
        scores[test] = 1 / (1 + np.exp(-(rows[test] @ weights + bias)))
    return scores


def reliability(scores: np.ndarray, labels: np.ndarray, bins: int = 5) -> list[dict[str, float]]:
    """Compare stated and observed probability in bins of equal width."""
    edges = np.linspace(0, 1, bins + 1)
    rows = []
    for low, high in zip(edges, edges[1:], strict=False):
        inside = (scores >= low) & (scores < high if high < 1 else scores <= high)
        if inside.any():
            rows.append({"from": round(low, 2), "to": round(high, 2), "n": int(inside.sum()),
                         "stated": round(float(scores[inside].mean()), 3), "observed": round(float(labels[inside].mean()), 3)})
    return rows


def learn(base: KnowledgeBase, questions: Sequence[Question], out: Path = MODEL) -> dict:
    """Learn the model, write it, and return what cross-validation says of it."""
    found = list(examples(base, questions))
    labels = np.array([e.answers for e in found])
    scores = cross_validated(found)
    weights, bias = fit(np.array([e.values for e in found]), labels)
    model = {"bias": round(bias, 4), "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)}}
    out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    own = [s for s, e in zip(scores, found, strict=True) if e.answers]
    by_kind = {
        kind: round(auroc(own, [s for s, e in zip(scores, found, strict=True) if e.kind == kind and not e.answers]), 3)
        for kind in ("own", "hidden", "others")
    }
    return {"questions": len(questions), "examples": len(found), "auroc_cross_validated": by_kind,
            "reliability": reliability(scores, labels)}
