"""What changed between two editions: sentences aligned by heading and content, and those whose meaning moved."""

from rag.changes.compare import Change, ChangeKind, compare

__all__ = ["Change", "ChangeKind", "compare"]
