"""Do questions whose answer changed get the newest edition's facts, and the older ones only when asked as of then?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.datasets.questions import Question, guideline_qa
from eval.metrics.match import says_all
from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.retrieve.scope import Scope


def measure(folder: Path, work: Path) -> dict[str, Any]:
    """Ask each edition question over the notices of a folder, now and as of the year before its newest edition."""
    corpus, index = work / "corpus", work / "index"
    corpus.mkdir(parents=True)
    for notice in folder.glob("*.json"):
        (corpus / notice.name).write_bytes(notice.read_bytes())
    KnowledgeBase.build(corpus, index, ocr=False)
    base = KnowledgeBase.open(index)
    years = {e.source: e.year for e in base.editions}
    asked = [q for q in guideline_qa() if q.superseded_facts and q.documents & years.keys()]
    now = {q.id: _said(base, q) for q in asked}
    then = {q.id: _said(base, q, max(years[d] for d in q.documents & years.keys()) - 1) for q in asked}
    newest = [q.id for q in asked if says_all(now[q.id], q.facts)]
    older_shown = [q.id for q in asked if says_all(now[q.id], q.superseded_facts) and not says_all(now[q.id], q.facts)]
    older_then = [q.id for q in asked if says_all(then[q.id], q.superseded_facts)]
    return {
        "questions": len(asked), "newest_facts": len(newest), "newest_share": round(len(newest) / max(len(asked), 1), 3),
        "superseded_shown_unasked": older_shown, "older_facts_as_of": len(older_then),
        "missed_now": sorted({q.id for q in asked} - set(newest)), "missed_then": sorted({q.id for q in asked} - set(older_then)),
    }


def _said(base: KnowledgeBase, question: Question, as_of: int | None = None) -> str:
    answer = base.ask(question.text, AskOptions(Scope(as_of=as_of)))
    return "\n".join(s.text for s in answer.statements)
