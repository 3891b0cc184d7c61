"""The same questions over the same files: ours, its words alone, its vectors alone, and what others offer."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median

from eval.bench.chunks import chunks_of, pages_of
from eval.bench.systems import FOUND, Found, Search, installed
from eval.bench.variants import Search as OurSearch
from eval.bench.variants import Variant, dense_alone, lexical_alone
from eval.datasets.questions import Question, guideline_qa, test_data
from eval.metrics.match import says_all
from eval.metrics.place import right_place
from rag import KnowledgeBase

Row = dict[str, float | None]


def compare(index: Path) -> dict[str, Row]:
    """Ask each system all questions and return its figures; seconds of building are of computing, reading included.

    Our index is built where it is not, and its building is only told then; it alone recognises the scan.
    """
    files, questions = test_data() / "guidelines", guideline_qa()
    started = _computed()
    report = KnowledgeBase.build(files, index)
    seconds = _computed() - started if report.parsed else None
    base = KnowledgeBase.open(index)
    ours = {
        "zhinan": Variant(base.snapshot, base.embedder),
        "zhinan, words alone": lexical_alone(base.snapshot),
        "zhinan, vectors alone": dense_alone(base.snapshot, base.embedder),
    }
    rows: dict[str, Row] = {}
    for name, variant in ours.items():
        with variant.searching() as search:
            rows[name] = _row(_in_their_words(search), questions, seconds)
    started = _computed()
    chunks = chunks_of(pages_of(sorted(p for p in files.iterdir() if p.suffix in {".pdf", ".json"})))
    reading = _computed() - started
    for name, system in installed().items():
        started = _computed()
        search = system(chunks, base.embedder)
        rows[name] = _row(search, questions, reading + _computed() - started)
    return rows


def _in_their_words(search: OurSearch) -> Search:
    return lambda text: [Found(hit.edition.source, hit.passage.pages, hit.passage.text) for hit in search(text, FOUND)]


def _row(search: Search, questions: Sequence[Question], seconds: float | None) -> Row:
    search("预热：高血压的诊断标准")
    clock: list[float] = []
    computing: list[float] = []
    results: list[tuple[Question, list[Found]]] = []
    for question in questions:
        started, used = time.perf_counter(), time.process_time()
        results.append((question, search(question.text)))
        clock.append((time.perf_counter() - started) * 1000)
        computing.append((time.process_time() - used) * 1000)
    return {
        "page@5": _share(results, _page),
        "page@5, colloquial": _share([(q, f) for q, f in results if q.style == "colloquial"], _page),
        "facts@5": _share(results, _facts),
        "query_ms": round(median(clock), 1),
        "query_computing_ms": round(median(computing), 1),
        "build_s": None if seconds is None else round(seconds, 1),
    }


def _share(results: Sequence[tuple[Question, list[Found]]], right: Callable[[Question, list[Found]], bool]) -> float:
    return round(mean(right(question, found) for question, found in results), 3)


def _page(question: Question, found: Sequence[Found]) -> bool:
    return any(right_place(question, f.source, f.pages) for f in found)


def _facts(question: Question, found: Sequence[Found]) -> bool:
    return says_all("\n".join(f.text for f in found), question.facts)


def _computed() -> float:
    """Return the seconds that this process and those it has waited for have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)
