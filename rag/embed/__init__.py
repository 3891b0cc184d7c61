"""Embedders: how passages and questions become vectors."""

from rag.embed.base import Embedder
from rag.embed.factory import load_embedder

__all__ = ["Embedder", "load_embedder"]
