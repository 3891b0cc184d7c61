"""指南针 Zhinan: a knowledge base over Chinese clinical guidelines whose every sentence is cited and verified."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.errors import ZhinanError as ZhinanError
    from rag.knowledge_base import KnowledgeBase as KnowledgeBase
    from rag.types import Answer, Citation, Edition, Hit, Passage, Statement

_HOMES = {"KnowledgeBase": "rag.knowledge_base", "ZhinanError": "rag.errors"}
__all__ = ["Answer", "Citation", "Edition", "Hit", "KnowledgeBase", "Passage", "Statement", "ZhinanError"]


def __getattr__(name: str) -> object:
    """Import a public name at first use, so that `zhinan --help` stays quick."""
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "rag.types")), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
