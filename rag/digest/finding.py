"""What a check found wrong, and where."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Finding(NamedTuple):
    """One thing to put right; `line` is 1-based."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        """Write it as editors and CI logs link it."""
        return f"{self.path}:{self.line}: {self.message}"
