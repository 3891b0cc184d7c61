"""Learn and report the probability that evidence answers a question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from eval.datasets.questions import ROOT, Question
from eval.learning import fit, folds_of
from eval.metrics.match import says, says_all
from eval.metrics.separation import auroc
from eval.network import learn as learn_network
from rag import KnowledgeBase
from rag.answer.another_drug import without_others
from rag.answer.answerer import PASSAGES_READ
from rag.answer.coverage import Coverage
from rag.answer.evidence import gather
from rag.answer.network import Described
from rag.answer.sufficiency import describe
from rag.retrieve.query import understand
from rag.retrieve.retriever import search
from rag.types import Hit

MODEL = ROOT / "rag" / "answer" / "data" / "sufficiency.npz"
_POOL = 80


class Example(NamedTuple):
    """A question against some evidence: does it answer?"""

    question: str
    group: str
    kind: str
    described: Described
    answers: bool


def examples(base: KnowledgeBase, questions: Sequence[Question]) -> Iterator[Example]:
    """Yield each question with its evidence, with the answering passages taken away, and with other guidelines' only."""
    for question in questions:
        hits = _search(base, question.text)
        if not question.facts:
            if hits:
                yield Example(question.id, question.id, question.style, _described(base, question.text, hits[:PASSAGES_READ]), False)
            continue
        kept = [h for h in hits if not any(says(h.passage.text, w) for g in question.facts for w in g)]
        others = [h for h in hits if h.edition.source not in question.documents]
        own = hits[:PASSAGES_READ]
        found = says_all("\n".join(h.passage.text for h in own[:5]), question.facts)
        for kind, pool, answers in (("own", own, found), ("hidden", kept, False), ("others", others, False)):
            if pool and (answers or kind != "own"):  # what was not found may be anywhere: no example of either kind
                yield Example(question.id, min(question.documents), kind, _described(base, question.text, pool[:PASSAGES_READ]), answers)


def _search(base: KnowledgeBase, text: str) -> list[Hit]:
    return search(base.snapshot, base.embedder, understand(text), _POOL)


def _described(base: KnowledgeBase, text: str, hits: Sequence[Hit]) -> Described:
    query = understand(text)
    coverage = Coverage(base.snapshot, query)
    vector = base.embedder.encode([query.expanded], query=True)[0]
    ranked = [Hit(rank, h.score, h.passage, h.edition, h.sentence, h.explain) for rank, h in enumerate(hits, start=1)]
    return describe(base.snapshot, query, coverage, without_others(query, gather(base.snapshot, query, coverage, vector, ranked)))


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


# How much an example of each kind counts: those made by taking evidence away are many and easier than real ones.
_WORTH = {"hidden": 0.05, "others": 0.05}
_REFUSED = 0.04  # of the usual answerable questions that the threshold may refuse


def learn(base: KnowledgeBase, questions: Sequence[Question], usual: Collection[str], out: Path = MODEL) -> dict:
    """Learn the model and its threshold, write them, and return what cross-validation says.

    `usual` are the ids of the questions that are written as users ask; the others are there to be hard to tell apart, and
    would set the threshold too low.
    """
    found = list(examples(base, questions))
    labels = np.array([e.answers for e in found])
    worth = np.array([_WORTH.get(e.kind, 1.0) for e in found])
    odds = _cross_validated(found, labels, worth)
    scale, bias = fit(odds[:, None], labels, worth, ridge=0.0)
    scores = 1 / (1 + np.exp(-(odds * scale[0] + bias)))
    own = scores[labels]
    network = learn_network([e.described for e in found], labels, worth)
    threshold = round(float(np.quantile(scores[labels & [e.question in usual for e in found]], _REFUSED)), 3)
    model = replace(network, calibration=np.array([scale[0], bias], np.float32), threshold=np.array(threshold, np.float32))
    np.savez(out, **{f.name: getattr(model, f.name) for f in fields(model)})
    asked = np.array([e.kind not in _WORTH for e in found])  # made examples outnumber what users ask
    others = {kind: scores[[e.kind == kind for e in found] & ~labels] for kind in dict.fromkeys(e.kind for e in found) if kind != "own"}
    return {
        "questions": len(questions), "examples": len(found), "threshold": threshold,
        "answerable_refused_cross_validated": round(float((own < threshold).mean()), 3),
        "auroc_cross_validated": {kind: round(auroc(own, some), 3) for kind, some in others.items()},
        "refused_cross_validated": {kind: round(float((some < threshold).mean()), 3) for kind, some in others.items()},
        "reliability_of_asked": reliability(scores[asked], labels[asked]),
    }


def _cross_validated(found: Sequence[Example], labels: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return the logarithm of the odds of each example by networks that did not see its guideline, shape (examples,)."""
    odds = np.zeros(len(found))
    folds = folds_of([e.group for e in found])
    for fold in np.unique(folds):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        network = learn_network([found[n].described for n in seen], labels[seen], worth[seen])
        odds[unseen] = [network.logit(found[n].described) for n in unseen]
    return odds
