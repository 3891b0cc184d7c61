"""What is asked of the reading of a file, and what it may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A page (1-based) to draw with the boxes of what was understood, and the PNG file to write."""

    page: int
    out: Path


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to read, and how."""

    path: Path
    guideline_id: str = ""
    password: str | None = None
    ocr: bool = True
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds without finishing a page, seconds in all, bytes of memory of its worker."""

    seconds_a_page: float = 60.0
    seconds: float = 3600.0
    memory: int = 4 << 30
