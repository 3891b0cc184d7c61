"""Which lines of a page stand in a table, and what its cells are."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Table


@dataclass(slots=True)
class PageTable:
    """A table at its place on a page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    table: Table
