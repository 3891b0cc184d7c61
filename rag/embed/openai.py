"""Embedders behind an OpenAI-compatible endpoint (vLLM, Ollama, Xinference, a hospital's gateway …)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from rag.embed.base import Embedder, unit
from rag.errors import EmbedderError
from rag.privacy import outgoing

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OpenAIEmbedder(Embedder):
    """Embed texts through `{OPENAI_BASE_URL}/embeddings`; text is sent as strings, never as token ids."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.base_url = os.environ.get("ZHINAN_EMBED_BASE_URL") or os.environ.get("OPENAI_BASE_URL") or ""
        self.id = f"openai:{model}"

    @property
    def local(self) -> bool:  # type: ignore[override]
        """Tell whether the endpoint is on this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @cached_property
    def dimension(self) -> int:  # type: ignore[override]
        """Ask the endpoint for the length of its vectors."""
        return int(self.encode(["维度"]).shape[1])

    @cached_property
    def _client(self) -> OpenAIEmbeddings:
        from langchain_openai import OpenAIEmbeddings

        # check_embedding_ctx_length makes the client tokenise with tiktoken, which would download its tables
        return OpenAIEmbeddings(
            model=self.model,
            base_url=self.base_url or None,
            api_key=os.environ.get("ZHINAN_EMBED_API_KEY") or os.environ.get("OPENAI_API_KEY") or "none",
            check_embedding_ctx_length=False,
            chunk_size=64,
            timeout=60,
            max_retries=2,
        )

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Embed texts as float32 rows of unit length; questions are sent without what identifies a person.

        Raises EmbedderError when the endpoint cannot be reached or does not answer with vectors.
        """
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        import openai

        sent = [outgoing(t, self.local) for t in texts] if query else list(texts)
        try:
            vectors = np.asarray(self._client.embed_documents(sent), np.float32)
        except (openai.OpenAIError, ValueError, TypeError) as error:
            raise EmbedderError(
                f"向量服务 {self.base_url or 'api.openai.com'} 的模型 {self.model} 没有给出可用的结果{_reason(error)}。"
                "请检查 OPENAI_BASE_URL、OPENAI_API_KEY 与模型名。"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise EmbedderError(f"向量服务 {self.base_url} 返回的向量形状不对：{vectors.shape}，应为 {len(texts)} 行。")
        return unit(vectors)


def _reason(error: Exception) -> str:
    """Say in words what went wrong, as far as the client knows."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return "：等待超时"
    if isinstance(error, openai.APIConnectionError):
        return "：连接不上"
    return f"：对方返回 HTTP {error.status_code}" if isinstance(error, openai.APIStatusError) else ""
