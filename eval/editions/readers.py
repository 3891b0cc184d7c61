"""Do readers notice updates? Threads and processes ask while guidelines are replaced; each answer must be of one snapshot."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, NamedTuple

from eval.editions import generated
from rag import KnowledgeBase
from rag.embed import load_embedder
from rag.knowledge_base import DEFAULT_EMBEDDER

GUIDELINES = 6
PAGES = 2
_ASKED_OF_ONE = 5  # questions put to one opened snapshot before opening anew


class Asked(NamedTuple):
    """One question put to one snapshot, with what came back, or the error."""

    snapshot: str
    question: str
    said: tuple[str, ...]
    error: str = ""


def measure(updates: int, queries: int, work: Path, threads: int = 4, processes: int = 2) -> dict[str, Any]:
    """Update so many times under readers; hold each answer against what its snapshot says when asked in peace."""
    corpus, index = work / "corpus", work / "index"
    generated.write(corpus, GUIDELINES, PAGES)
    KnowledgeBase.build(corpus, index, ocr=False)
    expected = _peaceful(index)
    context = multiprocessing.get_context("spawn")
    done, results = context.Event(), context.Queue()
    others = [context.Process(target=_process, args=(str(index), done, results)) for _ in range(processes)]
    found: list[Asked] = []
    own = [threading.Thread(target=_read, args=(index, done.is_set, found.append)) for _ in range(threads)]
    for reader in [*own, *others]:
        reader.start()
    for n in range(1, updates + 1):
        generated.revise(corpus, n % GUIDELINES, PAGES, n)
        KnowledgeBase.build(corpus, index, ocr=False)
        expected |= _peaceful(index)
    deadline = time.monotonic() + 600
    while len(found) < queries and time.monotonic() < deadline:
        time.sleep(0.2)
    done.set()
    of_processes = [asked for _ in others for asked in results.get(timeout=120)]
    for reader in [*own, *others]:
        reader.join()
    return {
        "updates": updates, "threads": threads, "processes": processes, "queries_of_threads": len(found),
        "queries_of_processes": len(of_processes), "snapshots_seen": len({a.snapshot for a in [*found, *of_processes]}),
        "errors": [a.error for a in [*found, *of_processes] if a.error][:5],
        "inconsistent": sum(not a.error and expected.get((a.snapshot, a.question)) != a.said for a in [*found, *of_processes]),
        "snapshots_kept": sum(1 for p in (index / "snapshots").iterdir()),
    }


def _peaceful(index: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Ask the current snapshot everything, with nobody else at work in this process."""
    base = KnowledgeBase.open(index)
    return {(base.snapshot.id, q): _said(base, q) for q in map(generated.question, range(GUIDELINES))}


def _said(base: KnowledgeBase, question: str) -> tuple[str, ...]:
    return tuple(s.text for s in base.ask(question).statements) + tuple(h.passage.text for h in base.search(question, 3))


def _read(index: Path, stopped: Callable[[], bool], tell: Callable[[Asked], None]) -> None:
    """Open and ask until told to stop."""
    embedder = load_embedder(DEFAULT_EMBEDDER)
    number = 0
    while not stopped():
        try:
            base = KnowledgeBase.open(index, embedder=embedder)
            for _ in range(_ASKED_OF_ONE):
                number += 1
                question = generated.question(number % GUIDELINES)
                tell(Asked(base.snapshot.id, question, _said(base, question)))
        except Exception as error:  # any failure of a reader is a finding
            tell(Asked("", "", (), repr(error)))


def _process(index: str, done: Any, results: Queue[list[Asked]]) -> None:
    found: list[Asked] = []
    _read(Path(index), done.is_set, found.append)
    results.put(found)
