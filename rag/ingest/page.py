"""One page on the way from characters to blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.ingest.frame import Frame
from rag.ingest.glyphs import Glyphs
from rag.ingest.layout import Line, Run
from rag.ingest.rules import Drawing
from rag.ingest.tables import PageTable
from rag.types import LeftOut

Gutter = tuple[float, float]


@dataclass(slots=True)
class PageRead:
    """What is known of a page, laid upright: first its runs and rules, then its tables, gutters and lines.

    Boxes of `left_out` are the upright page's, those of `unseen` the page's as it is stored. `doubtful` tells of an
    image that was recognised with little confidence.
    """

    number: int
    frame: Frame
    glyphs: Glyphs | None = None
    drawing: Drawing = field(default_factory=Drawing)
    runs: list[Run] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[PageTable] = field(default_factory=list)
    gutters: list[Gutter] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unseen: list[LeftOut] = field(default_factory=list)
    skipped: str = ""
    doubtful: bool = False
