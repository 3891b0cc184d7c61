"""Ask questions through scripted behaviours and judge every statement that is shown."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import numpy as np

from eval.hostile.judge import Witness, supported
from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.answer.chat_model import ChatModel
from rag.types import Citation

DEADLINE = 1.5  # seconds; short, so that slow behaviours meet it
_AT_ONCE = 4
SEED = 3
_ABOUT_THE_MODEL = {"llm_failed", "unverified_dropped"}


class Outcome(NamedTuple):
    """What came of one question under one behaviour."""

    behaviour: str
    question: str
    answered: bool
    by_model: bool
    statements: int
    unsupported: tuple[str, ...]
    warned: bool
    seconds: float


class Memoised:
    """An embedder that keeps its vectors: the same question is asked under every behaviour."""

    def __init__(self, embedder: object) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, ...], np.ndarray] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return the vectors of texts, shape (texts, dimension)."""
        key = (str(query), *texts)
        if key not in self._known:
            self._known[key] = self._embedder.encode(texts, query=query)
        return self._known[key]


def memoised(base: KnowledgeBase) -> KnowledgeBase:
    """Return the knowledge base with an embedder that keeps its vectors."""
    return KnowledgeBase(base.snapshot, Memoised(base.embedder))


def answerable(base: KnowledgeBase, questions: Sequence[str], count: int) -> list[str]:
    """Draw `count` questions that are answered without a model, the same ones every time."""
    drawn = random.Random(SEED).sample(list(questions), len(questions))
    return list(islice((q for q in drawn if base.ask(q).status == "answered"), count))


def ask_all(base: KnowledgeBase, url: str, behaviours: Sequence[str], questions: Sequence[str]) -> list[Outcome]:
    """Ask every question under every behaviour, several at once."""
    jobs = [(b, q) for q in questions for b in behaviours]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda job: ask_one(base, url, *job), jobs))


def ask_one(base: KnowledgeBase, url: str, behaviour: str, question: str, deadline: float = DEADLINE) -> Outcome:
    """Ask one question and judge what is shown, as it streams and at the end."""
    model = ChatModel(f"openai:{behaviour}", url, deadline=deadline, read_timeout=deadline)
    streamed = []
    started = time.monotonic()
    answer = base.ask(question, AskOptions(model=model, on_statement=streamed.append))
    seconds = time.monotonic() - started
    shown = {(s.text, s.citations) for s in (*streamed, *answer.statements)}
    wrong = tuple(sorted(text for text, cited in shown if not supported(text, [witness(base, c) for c in cited])))
    warned = any(w.code in _ABOUT_THE_MODEL for w in answer.warnings)
    return Outcome(behaviour, question, answer.status == "answered", answer.mode == "llm", len(shown), wrong, warned, seconds)


def witness(base: KnowledgeBase, citation: Citation) -> Witness:
    """Collect what a reader sees when looking a citation up."""
    passage = base.passage(citation.passage_id)
    sentences = passage.sentences if passage else ()
    row = next((s.text for s in sentences if s.quote == citation.quote), citation.quote)
    return Witness(citation.quote, row, " ".join((citation.edition.title, *citation.section)))
