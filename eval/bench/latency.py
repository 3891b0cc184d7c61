"""How long a warm search takes, by stage, among 10,000 and among 200,000 passages of medical text, in one thread."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

from eval.bench.made import costs, make
from eval.datasets.medical_text import clauses, passages, read
from eval.datasets.questions import starter
from rag.embed import Embedder, load_embedder
from rag.index import dense
from rag.index.snapshot import Snapshot
from rag.retrieve import query, retriever

QUERIES = 200
FOUND = 10
# The text gives some 20,000 passages of 300 characters; it gives 200,000 where a passage is a clause or two.
SIZES: dict[int, tuple[Callable[..., Iterator[Any]], int]] = {10_000: (passages, 240), 200_000: (clauses, 24)}


class Watch:
    """What the stages of each search took: milliseconds by the clock and of computing, calls of one stage summed."""

    def __init__(self) -> None:
        self.searches: list[defaultdict[str, np.ndarray]] = []

    def over(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its calls counted towards a stage of the current search."""

        def timed(*args: Any, **more: Any) -> Any:
            started = np.array([time.perf_counter(), time.process_time()])
            result = function(*args, **more)
            self.searches[-1][name] += (np.array([time.perf_counter(), time.process_time()]) - started) * 1000
            return result

        return timed

    def begin(self) -> None:
        """Begin a search."""
        self.searches.append(defaultdict(lambda: np.zeros(2)))

    def percentiles(self) -> dict[str, dict[str, float]]:
        """Give the median and the 95th percentile of each stage."""
        stages = {name for search in self.searches for name in search}
        return {name: _percentiles(np.array([search[name] for search in self.searches])) for name in sorted(stages)}


def _percentiles(taken: np.ndarray) -> dict[str, float]:
    (p50, computing_p50), (p95, computing_p95) = np.percentile(taken, [50, 95], axis=0).round(2).tolist()
    return {"p50_ms": p50, "p95_ms": p95, "computing_p50_ms": computing_p50, "computing_p95_ms": computing_p95}


def measure(folder: Path) -> dict[str, Any]:
    """Make both snapshots below a folder, or open those made before, and time searches in each."""
    embedder = load_embedder("use-medical")
    questions = [q.text for q in starter()]
    step = len(questions) // QUERIES
    asked, other = questions[::step][:QUERIES], questions[1::step][:QUERIES]
    result = {}
    for size, (cut, characters) in SIZES.items():
        index = folder / str(size)
        made = list(islice(cut(read(), characters), size))
        snapshot = make(index, made, embedder)
        told = {
            "passages": len(snapshot), "cut": f"{cut.__name__} of at least {characters} characters",
            "mean_characters": round(sum(len(p.text) for p in made) / len(made)), **costs(index),
        }
        with threadpool_limits(limits=1):
            faiss.omp_set_num_threads(1)
            search_times(snapshot, embedder, other)  # what is mapped from disk is in memory then
            stages = search_times(snapshot, embedder, asked)
            result[str(size)] = {"search": stages.pop("search"), "its_stages": stages, **told}
    return result


def search_times(snapshot: Snapshot, embedder: Embedder, questions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Search each question once; return the times of whole searches and, beside them, of their stages."""
    watch = Watch()
    stages = {
        "understand": (query, "understand"), "lexical": (retriever, "lexical_scores"), "embed": (embedder, "encode"),
        "dense": (dense, "nearest"), "passages": (snapshot, "passage"),
    }

    def whole(question: str) -> None:
        retriever.search(snapshot, embedder, query.understand(question), FOUND)

    with ExitStack() as stack:
        for name, (owner, function) in stages.items():
            stack.enter_context(mock.patch.object(owner, function, watch.over(name, getattr(owner, function))))
        search = watch.over("search", whole)
        for question in questions:
            watch.begin()
            search(question)
    return watch.percentiles()
