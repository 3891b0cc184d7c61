"""Other ways to retrieve, written as their users write them, over the same chunks and with the same embedder."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import bm25s
import jieba
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document

import rag.retrieve.langchain  # noqa: F401 - registers our embedder as LangChain's
from rag.embed import Embedder

FOUND = 5
Chunks = Sequence[Document]


class Found(NamedTuple):
    """A passage in the words of any system: its file's name, its pages from 1, its text."""

    source: str
    pages: tuple[int, ...]
    text: str


Search = Callable[[str], list[Found]]


def found(chunk: Document) -> Found:
    """Tell where a chunk comes from."""
    page = chunk.metadata.get("page")
    return Found(Path(chunk.metadata["source"]).name, () if page is None else (page + 1,), chunk.page_content)


def langchain_faiss(chunks: Chunks, embedder: Embedder) -> Search:
    """Search LangChain's FAISS store."""
    store = FAISS.from_documents(list(chunks), embedder)
    return lambda text: [found(chunk) for chunk in store.similarity_search(text, k=FOUND)]


def bm25s_as_installed(chunks: Chunks, _: Embedder) -> Search:
    """Search bm25s with its own tokenizer, to which a Chinese clause is one token."""
    return _bm25s(chunks, lambda texts: bm25s.tokenize(texts, show_progress=False))


def bm25s_over_jieba(chunks: Chunks, _: Embedder) -> Search:
    """Search bm25s over jieba's words."""
    jieba.setLogLevel("ERROR")
    return _bm25s(chunks, lambda texts: [jieba.lcut(text) for text in texts])


def _bm25s(chunks: Chunks, tokenise: Callable[[list[str]], Any]) -> Search:
    engine = bm25s.BM25()
    engine.index(tokenise([chunk.page_content for chunk in chunks]), show_progress=False)

    def search(text: str) -> list[Found]:
        numbers, scores = engine.retrieve(tokenise([text]), k=FOUND, show_progress=False)
        return [found(chunks[n]) for n, score in zip(numbers[0], scores[0], strict=True) if score > 0]

    return search


def txtai_hybrid(chunks: Chunks, embedder: Embedder) -> Search:
    """Search txtai's index of vectors and words, at its own weights."""
    from txtai import Embeddings

    store = Embeddings(method="external", transform=lambda texts: embedder.encode(list(texts)), hybrid=True)
    store.index([chunk.page_content for chunk in chunks])
    return lambda text: [found(chunks[n]) for n, _ in store.search(text, FOUND)]


def installed() -> dict[str, Callable[[Chunks, Embedder], Search]]:
    """List the systems; txtai is no dependency of this project and is among them where it is installed."""
    systems = {
        "bm25s, as installed": bm25s_as_installed, "bm25s over jieba words": bm25s_over_jieba, "LangChain FAISS": langchain_faiss,
    }
    return systems | ({"txtai hybrid": txtai_hybrid} if importlib.util.find_spec("txtai") else {})
