"""From a question to an answer whose every sentence is cited: retrieve, enough?, draft, attribute, verify."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import sufficiency
from rag.answer.evidence import Evidence, gather
from rag.answer.extract import MAX_STATEMENTS, MAX_STATEMENTS_LONG, select
from rag.embed import Embedder
from rag.errors import UsageError
from rag.index.snapshot import Snapshot
from rag.retrieve.query import understand
from rag.retrieve.retriever import search
from rag.retrieve.scope import Scope
from rag.text.normalise import normalise
from rag.types import Answer, Citation, Hit, Notice, Statement

PASSAGES_READ = 8
MAX_QUESTION = 2_000  # characters


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a question is answered."""

    scope: Scope = Scope()
    long: bool = False


def checked(question: str) -> str:
    """Return the question normalised; raise UsageError when it is empty, without a word, or too long."""
    text = normalise(question)
    if not text:
        raise UsageError("问题是空的。请写出要问的内容，例如：zhinan ask \"高血压患者血压控制目标是多少？\"")
    if len(text) > MAX_QUESTION:
        raise UsageError(f"问题太长（{len(text)} 字，最多 {MAX_QUESTION} 字）。请把要问的归纳成一两句话。")
    if not any(c.isalnum() for c in text):
        raise UsageError(f"问题“{text[:20]}”里没有文字。请用文字写出要问的内容。")
    return text


def answer(snapshot: Snapshot, embedder: Embedder, question: str, options: AskOptions | None = None) -> Answer:
    """Answer from the snapshot, or abstain with the nearest passages as reading."""
    options = options or AskOptions()
    started = time.perf_counter()
    query = understand(checked(question))
    hits = search(snapshot, embedder, query, PASSAGES_READ, options.scope)
    retrieved = time.perf_counter()
    vector = embedder.encode([query.expanded], query=True)[0]
    evidence = gather(snapshot, query, vector, hits)
    certainty = sufficiency.confidence(snapshot, query, evidence)
    enough = certainty >= sufficiency.THRESHOLD
    limit = MAX_STATEMENTS_LONG if options.long else MAX_STATEMENTS
    statements = attribute(select(evidence, limit)) if enough else ()
    drafted = time.perf_counter()
    return Answer(
        question=normalise(question),
        status="answered" if statements else "abstained",
        mode="extractive",
        confidence=certainty,
        statements=statements,
        warnings=tuple(_edition_warnings(statements)),
        timings_ms=_timings(started, retrieved, drafted),
        reading=() if statements else _readings(hits),
    )


def attribute(chosen: Sequence[Evidence]) -> tuple[Statement, ...]:
    """Give each sentence its citation, numbered in order; sentences of one place share a number."""
    statements = []
    for n, item in enumerate(chosen, start=1):
        statements.append(Statement(item.sentence.text, (cite(item, n),)))
    return tuple(statements)


def cite(item: Evidence, n: int) -> Citation:
    """Cite a sentence of a passage."""
    passage, sentence = item.hit.passage, item.sentence
    return Citation(
        n, passage.id, item.hit.edition, passage.section, sentence.pages or passage.pages, sentence.quote,
        sentence.boxes, sentence.paragraph, passage.grade, passage.evidence, sentence.ocr,
    )


def _edition_warnings(statements: Sequence[Statement]) -> list[Notice]:
    editions = {c.edition.guideline_id: c.edition for s in statements for c in s.citations}
    return [
        Notice("superseded", f"《{e.title}》（{e.year or '年份不详'}）已被更新的版本取代，仅供查考。")
        for e in editions.values() if e.status == "superseded"
    ]


def _readings(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(hits[:3])


def _timings(started: float, retrieved: float, drafted: float) -> dict[str, float]:
    end = time.perf_counter()
    return {
        "retrieve": (retrieved - started) * 1000, "draft": (drafted - retrieved) * 1000,
        "verify": (end - drafted) * 1000, "total": (end - started) * 1000,
    }
