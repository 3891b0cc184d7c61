"""Files read and cut the way LangChain's own tutorial does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from langchain_community.document_loaders import PyPDFLoader
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

SIZE, OVERLAP = 500, 50


def pages_of(paths: Iterable[Path]) -> list[Document]:
    """Load PDFs page by page, scans without their text, and notices (JSON) by their content."""
    pages: list[Document] = []
    for path in paths:
        if path.suffix == ".json":
            content = json.loads(path.read_text(encoding="utf-8"))["content"]
            pages.append(Document(page_content=content, metadata={"source": str(path)}))
        else:
            pages += PyPDFLoader(str(path)).load()
    return pages


def chunks_of(pages: Iterable[Document]) -> list[Document]:
    """Cut pages into chunks of at most SIZE characters; empty ones are left out."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    return [chunk for chunk in splitter.split_documents(pages) if chunk.page_content.strip()]
