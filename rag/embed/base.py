"""The one interface of every embedder."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np


class Embedder(ABC):
    """Turn texts into unit vectors; has the methods of LangChain's `Embeddings` and registers as one.

    `id` names model and version and is recorded in the index; `dimension` is the vectors' length. `local` is None where
    texts stay in this process, else whether the endpoint that they are sent to is on this machine.
    """

    id: str
    dimension: int
    local: bool | None = None

    @abstractmethod
    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Embed texts as float32 rows of unit length, shape (len(texts), dimension)."""

    def prepare(self) -> None:  # noqa: B027 - most embedders are ready when they are made
        """Load what encoding many texts needs, so that the first call need not."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed texts the way LangChain asks for it."""
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """Embed one question the way LangChain asks for it."""
        return self.encode([text], query=True)[0].tolist()

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed texts in a thread, so that an event loop goes on."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """Embed one question in a thread, so that an event loop goes on."""
        return await asyncio.to_thread(self.embed_query, text)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale rows to length one; rows of zeros stay."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(norms == 0, 1, norms)).astype(np.float32, copy=False)
