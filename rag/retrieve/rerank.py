"""An optional second look at the best passages, by a cross-encoder that the user has on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.errors import EmbedderError, UsageError
from rag.types import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

POOL = 30  # passages that are looked at again


class Reranker(Protocol):
    """Whatever scores how well texts answer a question."""

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """Return a score for each text, higher for better, shape (texts,)."""


class CrossEncoderReranker:
    """Score with a sentence-transformers CrossEncoder (bge-reranker-base …) from the local disk."""

    def __init__(self, model: str) -> None:
        self.model = model

    @cached_property
    def _encoder(self) -> CrossEncoder:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise EmbedderError("未安装 sentence-transformers。请运行：pip install 'zhinan[transformers]'") from error
        try:
            return CrossEncoder(self.model, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            raise EmbedderError(f"本机没有重排模型 {self.model}（不会联网下载）。请给出模型目录，或清空 ZHINAN_RERANKER。") from error

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """Return the encoder's scores, float of shape (texts,). Raises EmbedderError when the model is not on this machine."""
        found = self._encoder.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(found, np.float64).reshape(len(texts), -1)[:, -1]


def load_reranker(name: str) -> Reranker | None:
    """Make the reranker called `sentence-transformers:<name or path>`; none for an empty name. Raises UsageError otherwise."""
    kind, _, model = name.partition(":")
    if not name:
        return None
    if kind == "sentence-transformers" and model:
        return CrossEncoderReranker(model)
    raise UsageError(f"不认识的重排模型“{name}”。写法：sentence-transformers:<名称或目录>。")


def reranked(reranker: Reranker, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Order hits anew by the reranker's scores, which take the place of the old ones; equal scores keep their order."""
    texts = ["\n".join([hit.edition.title, *hit.passage.section, hit.passage.text]) for hit in hits]
    scores = reranker.scores(question, texts) if hits else np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    return [replace(hits[at], rank=rank, score=float(scores[at])) for rank, at in enumerate(order, start=1)]
