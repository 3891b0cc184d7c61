"""Learn the probability that a sentence states what a question asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.datasets.questions import ROOT, Question
from eval.learning import cross_validated, fit
from eval.metrics.match import says
from eval.metrics.separation import auroc
from rag import KnowledgeBase
from rag.answer.coverage import Coverage
from rag.answer.evidence import FEATURES, described
from rag.retrieve.query import understand
from rag.retrieve.retriever import search
from rag.types import Hit, Sentence

MODEL = ROOT / "rag" / "answer" / "data" / "evidence.json"
PASSAGES = 16


def learn(base: KnowledgeBase, questions: Sequence[Question], out: Path = MODEL) -> dict:
    """Learn from questions whose facts stand in some sentence found; write the weights, return what cross-validation says."""
    rows, labels, groups = [], [], []
    for question in questions:
        query = understand(question.text)
        hits = search(base.snapshot, base.embedder, query, PASSAGES)
        vector = base.embedder.encode([query.expanded], query=True)[0]
        found = described(base.snapshot, query, Coverage(base.snapshot, query), vector, hits)
        states = [_states(question, hit, hit.passage.sentences[number]) for hit, number, _, _ in found]
        if any(states):
            rows.extend(values for _, _, values, _ in found)
            labels.extend(states)
            groups.extend([min(question.documents)] * len(found))
    x, y = np.array(rows), np.array(labels)
    weights, bias = fit(x, y)
    model = {"bias": round(bias, 4), "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)}}
    out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    scores = cross_validated(x, y, groups)
    return {"questions": len(questions), "sentences": len(y), "auroc_cross_validated": round(auroc(scores[y], scores[~y]), 3)}


def _states(question: Question, hit: Hit, sentence: Sentence) -> bool:
    return hit.edition.source in question.documents and any(says(sentence.text, w) for group in question.facts for w in group)
