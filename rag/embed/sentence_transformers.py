"""Embedders that sentence-transformers loads: BGE, GTE, M3E … by name or from a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.base import Embedder, unit
from rag.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Query instructions as their authors publish them (BAAI's model cards); bge-m3 needs none.
_INSTRUCTIONS = {"bge-small-zh": "为这个句子生成表示以用于检索相关文章：", "bge-base-zh": "为这个句子生成表示以用于检索相关文章：",
                 "bge-large-zh": "为这个句子生成表示以用于检索相关文章："}


class SentenceTransformerEmbedder(Embedder):
    """Embed texts with a SentenceTransformer; files come from the local disk unless `download` is set."""

    def __init__(self, model: str, *, download: bool = False) -> None:
        self.model = model
        self.download = download
        self.instruction = next((v for k, v in _INSTRUCTIONS.items() if k in model.lower()), "")

    @cached_property
    def id(self) -> str:  # type: ignore[override]
        """Name the model; a folder is named by the hash of its weights, since its name says nothing."""
        folder = Path(self.model)
        if not folder.is_dir():
            return f"sentence-transformers:{self.model}"
        digest = hashlib.sha256()
        for file in sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".bin", ".json", ".txt"}):
            digest.update(file.name.encode() + file.read_bytes())
        return f"sentence-transformers:{folder.name}@{digest.hexdigest()[:12]}"

    @cached_property
    def dimension(self) -> int:  # type: ignore[override]
        """Ask the model for the length of its vectors."""
        return int(self._model.encode(["维度"]).shape[1])

    @cached_property
    def _model(self) -> SentenceTransformer:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbedderError("未安装 sentence-transformers。请运行：pip install 'zhinan[transformers]'") from error
        try:
            return SentenceTransformer(self.model, local_files_only=not self.download, device="cpu")
        except (OSError, ValueError) as error:
            raise EmbedderError(
                f"本机没有模型 {self.model}（未经允许不会联网下载）。请给出模型目录，或设 ZHINAN_DOWNLOAD=true 允许下载。"
            ) from error

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Embed texts as float32 rows of unit length; queries get the model's instruction."""
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        given = [self.instruction + t for t in texts] if query else list(texts)
        return unit(np.asarray(self._model.encode(given, show_progress_bar=False, batch_size=32), np.float32))
