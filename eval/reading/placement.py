"""Whether numbered tables stand in a section whose text refers to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.structure import Outline
from rag.text.normalise import squeeze
from rag.text.readable import readable, readable_heading
from rag.types import Block

_CAPTION = re.compile(r"(?:续|附)?表\s*([A-Z]?\d+(?:[.\-–]\d+)*)(?![\d）)])")


def judge_placement(blocks: Sequence[Block]) -> list[tuple[str, bool]]:
    """Return each numbered table that some paragraph refers to, and whether one of its own section does."""
    outline = Outline()
    tables: list[tuple[str, tuple[str, ...]]] = []
    texts: list[tuple[str, tuple[str, ...]]] = []
    for block in blocks:
        if block.kind == "heading":
            outline.enter(float(block.level), readable_heading(block.text))
        elif block.table and (match := _CAPTION.match(readable(block.table.caption))):
            tables.append((match[1], outline.path))
        elif block.kind == "paragraph" and not _CAPTION.match(readable(block.text)):
            texts.append((squeeze(readable(block.text)), outline.path))
    judged = []
    for number, path in tables:
        named = re.compile(rf"(?<!同)表{re.escape(number)}(?![\d.])")
        referring = {section for text, section in texts if named.search(text)}
        if referring:
            judged.append((number, path in referring))
    return judged
