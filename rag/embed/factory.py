"""Which embedder a name stands for."""

from __future__ import annotations

from functools import cache

from rag.embed.base import Embedder
from rag.errors import NetworkForbiddenError, UsageError


def load_embedder(name: str, *, offline: bool = False, download: bool = False) -> Embedder:
    """Make the embedder called `name`; its weights are loaded at first use.

    `use-medical` (bundled, the default), `use-multilingual` (the same as published, before it was taught medicine),
    `sentence-transformers:<name or path>`, `openai:<model>`.
    Raises UsageError for another name, NetworkForbiddenError for a remote one while offline.
    """
    kind, _, model = name.partition(":")
    if name in {"use-medical", "use-multilingual"}:
        return _bundled(name)
    if kind == "sentence-transformers" and model:
        from rag.embed.sentence_transformers import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(model, download=download and not offline)
    if kind == "openai" and model:
        from rag.embed.openai import OpenAIEmbedder

        embedder = OpenAIEmbedder(model)
        if offline and not embedder.local:
            raise NetworkForbiddenError(f"已设 --offline，不能使用远程向量模型 {name}。请去掉 --offline 或改用 use-medical。")
        return embedder
    raise UsageError(
        f"不认识的向量模型“{name}”。可用：use-medical、use-multilingual、sentence-transformers:<名称或目录>、openai:<模型名>。"
    )


@cache
def _bundled(name: str) -> Embedder:
    """Make a bundled embedder once: whoever asks for it shares its weights."""
    if name == "use-medical":
        from rag.embed.medical import UseMedical

        return UseMedical()
    from rag.embed.bundled import UseMultilingual

    return UseMultilingual()
