"""How paragraphs and table rows become sentences, the smallest citable evidence, with their boxes.

What nobody can see on the page (zero-width characters, tags) goes into neither text nor quote: it could hold orders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.layout import char_width
from rag.text.normalise import visible
from rag.text.readable import readable, readable_heading, without_number
from rag.text.sentences import split_sentences
from rag.types import Block, Box, Fragment, Sentence, Table, TableRow

_COLUMN_UNIT = re.compile(
    r".+?\s*[（(/,，]\s*((?:[kmμun]?g|[mμ]?[lL]|kcal|kJ|[mμn]?mol|IU|U|mEq)(?:/(?:kg|d|L|ml|dl|次|日|天|h|min))*|mmHg|kPa|[cm]?m|"
    r"mm|kg/m2|kg/m²|岁|天|d|周|个?月|年|小时|h|min|分钟|次(?:/[dh日天周月年])?|%|℃|分)[)）]?"
)
_BARE_FIGURES = re.compile(r"[<>≥≤＜＞±约]?\s*\d+(?:[.,]\d+)*(?:\s*[~～\-–—至±]\s*[<>≥≤]?\d+(?:[.,]\d+)*)?")
_BULLET = re.compile(r"^[•●○■□▪◆◇➢➤✓·]\s*")


def row_sentence(table: Table, row: TableRow) -> Sentence:
    """Make the text of a table row: caption, then each filled cell under its header."""
    parts = [readable_heading(visible(table.caption))] if table.caption else []
    for name, cell in zip(table.header, row.cells, strict=False):
        value, name = readable(visible(cell)), readable(visible(name))
        if value:
            parts.append(f"{name}: {_with_unit(name, value)}" if name and name != value else value)
    ocr = row.confidence is not None
    return Sentence(" | ".join(parts), visible(row.quote), row.boxes, row.paragraph, ocr)


def _with_unit(name: str, value: str) -> str:
    """Put a column's unit behind a bare number, where a reader looks for it: 质量（g）: 32 g."""
    found = _COLUMN_UNIT.fullmatch(name)
    if not found or not _BARE_FIGURES.fullmatch(value):
        return value
    return f"{value}{'' if found[1] in '%℃' else ' '}{found[1]}"


def paragraph_sentences(fragments: Sequence[Fragment]) -> list[Sentence]:
    """Split a block's fragments into sentences, each with the boxes of its part of every fragment."""
    text = "".join(f.text for f in fragments)
    starts, at = [], 0
    for fragment in fragments:
        starts.append(at)
        at += len(fragment.text)
    sentences = []
    for start, stop in split_sentences(text):
        touched = [
            (f, max(start - s, 0), min(stop - s, len(f.text)))
            for f, s in zip(fragments, starts, strict=True)
            if s < stop and s + len(f.text) > start
        ]
        boxes = tuple(box for f, a, b in touched if (box := _part_box(f, a, b)) is not None)
        quote = visible(text[start:stop])
        clean = _BULLET.sub("", readable(quote))
        if clean:
            ocr = any(f.confidence is not None for f, _, _ in touched)
            sentences.append(Sentence(clean, quote, boxes, touched[0][0].paragraph, ocr))
    return sentences


def heading_sentence(block: Block) -> Sentence:
    """Make one sentence of a heading."""
    boxes = tuple(f.box for f in block.fragments if f.box)
    paragraph = block.fragments[0].paragraph if block.fragments else 0
    ocr = any(f.confidence is not None for f in block.fragments)
    quote = visible(block.text)
    return Sentence(readable_heading(quote), quote, boxes, paragraph, ocr)


def headed(heads: Sequence[Sentence], sentence: Sentence) -> list[Sentence]:
    """Put headings, without their numbers, in front of the sentence after them; where the page turns, they stand alone."""
    if not heads:
        return [sentence]
    if heads[-1].pages[-1:] != sentence.pages[:1]:
        return [*heads, sentence]
    every = [*heads, sentence]
    joined = Sentence(
        "：".join([*(without_number(s.text) for s in heads), sentence.text]),
        "\n".join(s.quote for s in every),
        tuple(box for s in every for box in s.boxes),
        heads[0].paragraph,
        any(s.ocr for s in every),
        sentence.under,
    )
    return [joined]


def _part_box(fragment: Fragment, start: int, stop: int) -> Box | None:
    """Give the box of a part of a fragment, judging by the usual widths of its characters."""
    box, text = fragment.box, fragment.text
    part = text[start:stop]
    if box is None or not part.strip():
        return None
    if part.strip() == text.strip():
        return box
    widths = [char_width(c) if not c.isspace() else 0.25 for c in text.rstrip()]
    scale = (box.x1 - box.x0) / (sum(widths) or 1.0)
    return Box(box.page, box.x0 + sum(widths[:start]) * scale, box.y0, box.x0 + sum(widths[:stop]) * scale, box.y1)
