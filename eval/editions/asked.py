"""Do questions whose answer changed get the newest edition's facts, and the older ones only when asked as of then?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.datasets.questions import ROOT, Question, guideline_qa, starter
from eval.metrics.match import says_all
from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.manifest import history
from rag.retrieve.scope import Scope, allowed
from rag.text.edition_words import without_edition
from rag.types import Edition

_COUNTED = ("questions", "newest_facts", "asked_as_of", "older_facts_as_of", "named_the_older", "answered_from_it_alone")


def measure(folder: Path, work: Path) -> dict[str, Any]:
    """Ask the edition questions over the notices of a folder and over the starter corpus, now and as of then."""
    notices = work / "notices"
    notices.mkdir(parents=True)
    for notice in folder.glob("*.json"):
        (notices / notice.name).write_bytes(notice.read_bytes())
    figures = {
        "notices": _asked(notices, work / "index-notices", guideline_qa()),
        "starter": _asked(ROOT / "corpus", work / "index-starter", starter()),
    }
    counts = {name: sum(f[name] for f in figures.values()) for name in _COUNTED}
    return figures | {"all": counts | {"newest_share": round(counts["newest_facts"] / max(counts["questions"], 1), 3)}}


def _asked(corpus: Path, index: Path, questions: Sequence[Question]) -> dict[str, Any]:
    """Ask those of the questions that have superseded facts and whose document the corpus has."""
    KnowledgeBase.build(corpus, index, ocr=False)
    base = KnowledgeBase.open(index)
    gold = {q: e for q in questions for e in base.editions if q.superseded_facts and e.source in q.documents}
    older_of = {q.id: found for q, e in gold.items() if (found := _stated(base, q, e)) is not None}
    years = {i: year for i, (year, _) in older_of.items()}
    now = {q.id: _said(base, q) for q in gold}
    then = {q.id: _said(base, q, years[q.id]) for q in gold if q.id in years}
    newest = {q.id for q in gold if says_all(now[q.id], q.facts)}
    older = {q.id for q in gold if q.id in then and says_all(then[q.id], q.superseded_facts)}
    return {
        "questions": len(gold), "newest_facts": len(newest), "newest_share": round(len(newest) / max(len(gold), 1), 3),
        "older_fact_said_without_the_newest": sorted(q.id for q in gold if says_all(now[q.id], q.superseded_facts) and q.id not in newest),
        "superseded_shown_unasked": sorted(q.id for q in gold if any(s != "current" for s in _statuses(base, q))),
        "named_the_older": len(older_of), "answered_from_it_alone": sum(_alone(base, q, older_of[q.id][1]) for q in gold if q.id in older_of),
        "asked_as_of": len(then), "older_facts_as_of": len(older),
        "missed_now": sorted(now.keys() - newest), "missed_as_of": {i: years[i] for i in sorted(then.keys() - older)},
        "stated_by_no_older_edition_of_the_corpus": sorted(now.keys() - then.keys()),
    }


def _alone(base: KnowledgeBase, question: Question, edition: Edition) -> bool:
    """Tell whether the question is answered from an older edition alone when it names that by its year."""
    asked = base.ask(f"按{edition.year}年版指南，{without_edition(question.text).strip(' ，')}")
    return {c.edition.guideline_id for c in asked.citations} == {edition.guideline_id}


def _stated(base: KnowledgeBase, question: Question, gold: Edition) -> tuple[int, Edition] | None:
    """Return the last year in which an older edition was in force that states the superseded facts, with that edition, or None."""
    chain = {e.guideline_id for e in history(tuple(base.editions), gold.guideline_id)} - {gold.guideline_id}
    first = min((e.year for e in base.editions if e.guideline_id in chain), default=gold.year)
    for year in range(gold.year - 1, first - 1, -1):
        may = allowed(base.editions, Scope(as_of=year))
        for edition in (e for e, ok in zip(base.editions, may, strict=True) if ok and e.guideline_id in chain):
            text = "\n".join(p.text for p in base.snapshot.document(edition.guideline_id).passages)
            if says_all(text, question.superseded_facts):
                return year, edition
    return None


def _statuses(base: KnowledgeBase, question: Question) -> list[str]:
    return [c.edition.status for c in base.ask(question.text).citations]


def _said(base: KnowledgeBase, question: Question, as_of: int | None = None) -> str:
    answer = base.ask(question.text, AskOptions(Scope(as_of=as_of)))
    return "\n".join(s.text for s in answer.statements)
