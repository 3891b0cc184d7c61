"""The LangChain face of retrieval; imported only when asked for, since LangChain takes a second to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.embed import Embedder
from rag.types import Hit

if TYPE_CHECKING:
    from rag.knowledge_base import KnowledgeBase

Embeddings.register(Embedder)


class GuidelineRetriever(BaseRetriever):
    """Retrieve guideline passages as LangChain documents, with title, year, section and pages as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    knowledge_base: Any
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        base: KnowledgeBase = self.knowledge_base
        return [to_document(hit) for hit in base.search(query, k=k or self.k)]


def to_document(hit: Hit) -> Document:
    """Write a hit as a LangChain document."""
    passage, edition = hit.passage, hit.edition
    metadata = {
        "passage_id": passage.id, "guideline_id": passage.guideline_id, "title": edition.title, "issuer": edition.issuer,
        "year": edition.year, "status": edition.status, "section": list(passage.section), "pages": list(passage.pages),
        "source": edition.source, "score": hit.score, "grade": passage.grade, "evidence": passage.evidence,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
