"""The one facade: open, build, search, ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.embed import Embedder, load_embedder
from rag.errors import UsageError
from rag.index.snapshot import Snapshot, open_current
from rag.types import Answer, Edition, Hit, Passage

if TYPE_CHECKING:
    from rag.answer.answerer import AskOptions
    from rag.answer.conversation import Conversation
    from rag.changes import Change
    from rag.index.builder import BuildReport, Progress
    from rag.retrieve.langchain import GuidelineRetriever
    from rag.retrieve.rerank import Reranker
    from rag.retrieve.scope import Scope

DEFAULT_EMBEDDER = "use-medical"


class KnowledgeBase:
    """A snapshot of an index opened for reading; threads may share it, and it never changes under them."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self.reranker = reranker

    @classmethod
    def open(
        cls, index: str | Path, *, embedder: str | Embedder = DEFAULT_EMBEDDER, reranker: str | Reranker | None = None
    ) -> KnowledgeBase:
        """Open the published snapshot of an index folder, or of a file that `zhinan pack` wrote.

        `reranker` is `sentence-transformers:<name or path>` of a cross-encoder on this machine, and none by default.

        Raises IndexUnusableError when it is missing, damaged or made with another schema, tokenizer or embedder.
        """
        from rag.index.manifest import expected_manifest
        from rag.retrieve.rerank import load_reranker

        folder = Path(index)
        if folder.is_file():
            from rag.pack import opened

            folder, packed_with = opened(folder)
            embedder = packed_with if embedder == DEFAULT_EMBEDDER else embedder
        chosen = load_embedder(embedder) if isinstance(embedder, str) else embedder
        second = load_reranker(reranker) if isinstance(reranker, str) else reranker
        return cls(open_current(folder, expected_manifest(chosen.id)), chosen, second)

    @classmethod
    def build(
        cls,
        corpus: str | Path,
        index: str | Path,
        *,
        embedder: str | Embedder = DEFAULT_EMBEDDER,
        ocr: bool = True,
        workers: int = 2,
        password: str | None = None,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Bring the index in step with the corpus folder; what stayed the same is taken from the cache.

        Returns what was read and which files failed, with the reason. Raises CorpusError when nothing can be read.
        """
        from rag import corpus as corpora
        from rag.index.builder import BuildOptions
        from rag.index.builder import build as build_index
        from rag.ingest import SUFFIXES

        chosen = load_embedder(embedder) if isinstance(embedder, str) else embedder
        options = BuildOptions(chosen, ocr=ocr, workers=workers, password=password)
        return build_index(corpora.load(Path(corpus), SUFFIXES), Path(index), options, progress)

    update = build

    @staticmethod
    def rollback(index: str | Path) -> str:
        """Publish an index's previous snapshot again and return its name. Raises IndexUnusableError when there is none."""
        from rag.index.pointer import step_back
        from rag.lock import writer_lock

        with writer_lock(Path(index)):
            return step_back(Path(index))

    def search(self, text: str, k: int = 10, *, scope: Scope | None = None) -> list[Hit]:
        """Find the k best passages for a text, best first."""
        from rag.answer.answerer import checked
        from rag.retrieve.query import understand
        from rag.retrieve.retriever import search

        if k < 1:
            raise UsageError(f"k 应为正整数，现在是 {k}。")
        return search(self.snapshot, self.embedder, understand(checked(text)), k, scope, self.reranker)

    def ask(self, question: str, options: AskOptions | None = None) -> Answer:
        """Answer a question with cited sentences, or abstain. Raises UsageError for an unusable question."""
        from rag.answer.answerer import answer

        return answer(self.snapshot, self.embedder, question, options, self.reranker)

    def chat(self, options: AskOptions | None = None) -> Conversation:
        """Return a conversation: its `ask` understands follow-up questions (那老年人呢？) from the turns before."""
        from rag.answer.conversation import Conversation

        return Conversation(self.ask, options)

    def passage(self, passage_id: str) -> Passage | None:
        """Return the passage with this id, or None."""
        number = self.snapshot.find(passage_id)
        return None if number is None else self.snapshot.passage(number)

    def neighbours(self, passage_id: str, reach: int = 1) -> tuple[list[Passage], list[Passage]]:
        """Return the passages before and after one, within its edition."""
        number = self.snapshot.find(passage_id)
        if number is None:
            return [], []
        around = [n for n in range(max(number - reach, 0), min(number + reach + 1, len(self.snapshot)))
                  if self.snapshot.passage_editions[n] == self.snapshot.passage_editions[number]]
        passages = {n: self.snapshot.passage(n) for n in around if n != number}
        return [p for n, p in passages.items() if n < number], [p for n, p in passages.items() if n > number]

    def diff(self, old: str, new: str) -> list[Change]:
        """List what the edition `new` says differently from `old`, both ids. Raises UsageError for an unknown id."""
        from rag.changes import compare

        return compare(self.snapshot.document(old), self.snapshot.document(new))

    @property
    def editions(self) -> Sequence[Edition]:
        """List the editions in the index."""
        return self.snapshot.editions

    def edition(self, guideline_id: str) -> Edition | None:
        """Return the edition with this id, or None."""
        return next((replace(e) for e in self.editions if e.guideline_id == guideline_id), None)

    def as_retriever(self, k: int = 8) -> GuidelineRetriever:
        """Return a LangChain retriever over this knowledge base."""
        from rag.retrieve.langchain import GuidelineRetriever

        return GuidelineRetriever(knowledge_base=self, k=k)
