"""From a question to an answer whose every sentence is cited: retrieve, enough?, draft, attribute, verify."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rag.answer import audit, precautions, sufficiency
from rag.answer.another_drug import without_others
from rag.answer.asked_cell import with_asked_cell
from rag.answer.conflict import conflicts, opposing
from rag.answer.contraindicated import without_contraindicated
from rag.answer.coverage import Coverage
from rag.answer.edition_notice import edition_notices
from rag.answer.evidence import Evidence, gather
from rag.answer.extract import MAX_STATEMENTS, MAX_STATEMENTS_LONG, select
from rag.answer.forbidden import only_forbidding
from rag.answer.unnamed_notice import unnamed_notices
from rag.embed import Embedder
from rag.errors import UsageError
from rag.index.snapshot import Snapshot
from rag.retrieve.query import understand
from rag.retrieve.rerank import Reranker
from rag.retrieve.retriever import search
from rag.retrieve.scope import Scope
from rag.text.normalise import normalise
from rag.types import Answer, Citation, Notice, Statement

if TYPE_CHECKING:
    from rag.answer.chat_model import ChatModel

PASSAGES_READ = 16
READINGS = 3
EVIDENCE_FOR_MODEL = 12  # sentences
OPPOSED_AMONG = 24  # sentences of other guidelines, the best first
MOST_OPPOSING = 2
MAX_QUESTION = 2_000  # characters


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a question is answered.

    `on_notice` is called with each precaution before anything is drafted, and when the model failed; `on_statement` with
    each statement as soon as it is verified.
    """

    scope: Scope = Scope()
    long: bool = False
    model: ChatModel | None = None
    on_statement: Callable[[Statement], None] | None = None
    on_notice: Callable[[Notice], None] | None = None


def checked(question: str) -> str:
    """Return the question normalised; raise UsageError when it is empty, without a word, or too long."""
    text = normalise(question.encode("utf-8", "replace").decode())  # half a character, as JSON can hold it, is none
    if not text:
        raise UsageError("问题是空的。请写出要问的内容，例如：zhinan ask \"高血压患者血压控制目标是多少？\"")
    if len(text) > MAX_QUESTION:
        raise UsageError(f"问题太长（{len(text)} 字，最多 {MAX_QUESTION} 字）。请把要问的归纳成一两句话。")
    if not any(c.isalnum() for c in text):
        raise UsageError(f"问题“{text[:20]}”里没有文字。请用文字写出要问的内容。")
    return text


def answer(
    snapshot: Snapshot, embedder: Embedder, question: str, options: AskOptions | None = None, reranker: Reranker | None = None
) -> Answer:
    """Answer from the snapshot, or abstain with the nearest passages as reading."""
    options = options or AskOptions()
    started = time.perf_counter()
    care = precautions.take(checked(question), embedder.local, options.model.local if options.model else None)
    for notice in care.warnings if options.on_notice else ():
        options.on_notice(notice)
    query = understand(care.question)
    hits = search(snapshot, embedder, query, PASSAGES_READ, options.scope, reranker)
    retrieved = time.perf_counter()
    vector = embedder.encode([query.expanded], query=True)[0]
    coverage = Coverage(snapshot, query)
    evidence = without_others(query, gather(snapshot, query, coverage, vector, hits))
    certainty = sufficiency.confidence(snapshot, query, coverage, evidence)
    for narrowed in (with_asked_cell, without_contraindicated, only_forbidding):
        evidence = narrowed(query, evidence)
    chosen = select(evidence, coverage, MAX_STATEMENTS_LONG if options.long else MAX_STATEMENTS)
    drafted = time.perf_counter()
    body = _Body()
    if care.medical and sufficiency.enough(certainty):
        body = _written(query.text, select(evidence, coverage, EVIDENCE_FOR_MODEL), chosen, options) if options.model else _extracted(chosen, options)
        _add_opposing(body, evidence, options)
    result = Answer(
        question=normalise(question),
        status="answered" if body.statements else "abstained",
        mode=body.mode,
        confidence=certainty,
        statements=tuple(body.statements),
        warnings=(*care.warnings, *edition_notices(query, snapshot.editions, body.statements, options.scope), *conflicts(body.statements),
                  *unnamed_notices(query, body.statements), *body.warnings),
        timings_ms=_timings(started, retrieved, drafted),
        reading=() if body.statements or not care.medical else tuple(hits[:READINGS]),
        usage=body.usage,
    )
    audit.record(result, options.model.name if options.model else "")
    return result


@dataclass
class _Body:
    """The part of an answer that drafting makes."""

    statements: list[Statement] = field(default_factory=list)
    mode: Literal["extractive", "llm"] = "extractive"
    warnings: list[Notice] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)

    def add(self, text: str, support: Sequence[Evidence], options: AskOptions) -> None:
        """Append a verified statement with its citations; a place already cited keeps its number."""
        known = {(c.passage_id, c.quote): c for s in self.statements for c in s.citations}
        for item in support:
            citation = cite(item, len(known) + 1)
            known.setdefault((citation.passage_id, citation.quote), citation)
        places = [(e.hit.passage.id, e.sentence.quote) for e in support]
        statement = Statement(text, tuple(known[place] for place in dict.fromkeys(places)))
        self.statements.append(statement)
        if options.on_statement:
            options.on_statement(statement)


def _extracted(chosen: Sequence[Evidence], options: AskOptions) -> _Body:
    body = _Body()
    for item in chosen:
        body.add(item.stated, (item,), options)
    return body


def _written(question: str, evidence: Sequence[Evidence], chosen: Sequence[Evidence], options: AskOptions) -> _Body:
    """Let the model draft; whatever goes wrong with it ends in the extractive answer with a warning."""
    from rag.answer.generate import generate

    assert options.model is not None
    body = _Body(mode="llm")
    draft = generate(options.model, question, evidence, lambda text, support: body.add(text, support, options))
    usage, warnings = dict(draft.usage), []
    if draft.dropped or draft.replaced:
        warnings.append(Notice(
            "unverified_dropped", f"大模型写的 {draft.drafted} 句里有 {draft.dropped + draft.replaced} 句与指南不符，"
            + "，".join(f"{count} 句{done}" for count, done in ((draft.replaced, "已换成指南原句"), (draft.dropped, "已去掉")) if count) + "。"))
    if body.statements and draft.failure:  # what was shown before the break-off was verified and stays
        warnings.append(Notice("llm_failed", f"{draft.failure}只有中断前已核对的内容。"))
    if not body.statements:
        warnings.append(Notice("llm_failed", f"{draft.failure or '大模型没有写出能核对的内容。'}改用指南原句回答。"))
        if options.on_notice:
            options.on_notice(warnings[-1])
        body = _extracted(chosen, options)
    body.usage, body.warnings = usage, warnings
    return body


def _add_opposing(body: _Body, evidence: Sequence[Evidence], options: AskOptions) -> None:
    """Add what other guidelines that were found say to the contrary, so that the warning of it has both citations."""
    cited = {c.edition.guideline_id for s in body.statements for c in s.citations}
    others = [e for e in sorted(evidence, key=lambda e: -e.score) if e.hit.edition.guideline_id not in cited][:OPPOSED_AMONG]
    for n in opposing(body.statements, [Statement(e.sentence.text, (cite(e, 0),)) for e in others])[:MOST_OPPOSING]:
        body.add(others[n].sentence.text, (others[n],), options)


def cite(item: Evidence, n: int) -> Citation:
    """Cite a sentence of a passage."""
    passage, sentence = item.hit.passage, item.sentence
    return Citation(
        n, passage.id, item.hit.edition, item.section, sentence.pages or passage.pages, sentence.quote,
        sentence.boxes, sentence.paragraph, passage.grade, passage.evidence, sentence.ocr,
    )


def _timings(started: float, retrieved: float, drafted: float) -> dict[str, float]:
    end = time.perf_counter()
    return {
        "retrieve": (retrieved - started) * 1000, "draft": (drafted - retrieved) * 1000,
        "verify": (end - drafted) * 1000, "total": (end - started) * 1000,
    }
