"""指南针 Zhinan: a knowledge base over Chinese clinical guidelines whose every sentence is cited and verified."""

from rag.errors import ZhinanError
from rag.types import Answer, Citation, Edition, Hit, Passage, Statement

__all__ = ["Answer", "Citation", "Edition", "Hit", "KnowledgeBase", "Passage", "Statement", "ZhinanError"]


def __getattr__(name: str) -> object:
    """Import the facade at first use, so that `zhinan --help` need not load numpy."""
    if name == "KnowledgeBase":
        from rag.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
