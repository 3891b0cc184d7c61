"""How read pages become a document's blocks: reading order, paragraphs, headings, and the witness text of each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.ingest.base import Reading
from rag.ingest.columns import column_of, reading_order
from rag.ingest.furniture import HEAD_OR_FOOT
from rag.ingest.layout import Line, line_box
from rag.ingest.matter import find_matter
from rag.ingest.metadata import find_title, read_metadata
from rag.ingest.page import PageRead
from rag.ingest.paragraphs import (
    SMALL,
    Flow,
    Paragraph,
    body_size,
    build_paragraphs,
    fragments_of,
    paragraph_rank,
    text_edges,
)
from rag.ingest.placement import place_tables
from rag.ingest.structure import Outline
from rag.ingest.tables import PageTable, join_tables
from rag.ingest.titles import join_titles
from rag.text.readable import readable_heading
from rag.types import Block, Box, LeftOut

Edges = tuple[float, tuple[float, ...]]


def _join_tables(pages: Sequence[PageRead]) -> None:
    """Complete all tables, those that run over pages too."""
    first, last = set(), set()
    for page in pages:
        for table in page.tables:
            others: list[Line | PageTable] = [*page.lines, *(t for t in page.tables if t is not table)]
            if not any(o.y0 > table.y1 - 1 for o in others):
                first.add(id(table))
            if not any(o.y1 < table.y0 + 1 for o in others):
                last.add(id(table))
    join_tables([t for p in pages for t in p.tables], first_on_page=first, last_on_page=last)


def _flows(pages: Sequence[PageRead]) -> list[Flow]:
    """Order every page's lines and tables into flows with the edges of their column."""
    edges = _usual_edges(pages)
    flows = []
    for page in pages:
        for column, group in reading_order([*page.lines, *page.tables], page.gutters):
            key = (len(page.gutters), column)
            own = [li for li in page.lines if column_of(li, page.gutters) == column]
            flows.append(_flow(page.number, group, own, edges.get(key)))
    return flows


def _usual_edges(pages: Sequence[PageRead]) -> dict[tuple[int, int | None], Edges]:
    """Measure the text edges of each column over the whole document, by number of gutters and column."""
    found: dict[tuple[int, int | None], list[Line]] = {}
    for page in pages:
        for line in page.lines:
            found.setdefault((len(page.gutters), column_of(line, page.gutters)), []).append(line)
    return {key: text_edges(lines) for key, lines in found.items()}


def _flow(number: int, group: list[Line | PageTable], own: Sequence[Line], usual: Edges | None) -> Flow:
    """Measure a flow: its left and right text edge and its usual line distance."""
    lines = [li for li in group if isinstance(li, Line)]
    if not lines:
        return Flow(number, group, 0.0, (0.0,), 12.0)
    left, rights = text_edges(own) if len(own) >= 8 or usual is None else usual
    size = float(np.median([li.size for li in lines]))
    if usual and usual[1][-1] > rights[-1] + size and not _kept(rights[-1], own, size):
        rights = (*rights[:-1], usual[1][-1])
    steps = [a.y0 - b.y0 for a, b in zip(lines, lines[1:], strict=False) if 0.8 * size < a.y0 - b.y0 < 3 * size]
    return Flow(number, group, left, rights, float(np.median(steps)) if steps else 1.6 * size)


def _kept(edge: float, lines: Sequence[Line], size: float) -> bool:
    """Tell whether several lines end at an edge; on a page of short lines the longest one is no edge."""
    return sum(abs(li.x1 - edge) < size for li in lines) >= max(3, len(lines) // 6)


def assemble(pages: Sequence[PageRead]) -> Reading:
    """Make blocks, witness texts and metadata of the finished pages."""
    _join_tables(pages)
    body = body_size(p.lines for p in pages)
    items = join_titles(build_paragraphs(_flows(pages), body))
    first = next((p.lines for p in pages if p.lines), [])
    running = "\n".join(note.text for p in pages[:2] for note in p.left_out if note.why == HEAD_OR_FOOT)
    opening, closing = ("\n".join(li.text for p in part for li in p.lines) for part in (pages[:2], pages[-1:]))
    metadata = read_metadata(first, opening, running=running, closing=closing)
    marks = find_matter(items, "".join(li.text for li in find_title(first)))
    blocks: list[Block] = []
    left_out = [replace(note, boxes=_lay_all(note.boxes, p)) for p in pages for note in p.left_out]
    left_out += [note for p in pages for note in p.unseen]
    outline = Outline()
    for index, item in enumerate(items):
        if index in marks and isinstance(item, Paragraph):
            boxes = tuple(pages[n - 1].frame.back(line_box(n, line)) for n, line in item.lines)
            left_out.append(LeftOut(min(item.pages), marks[index], item.text, boxes))
        elif isinstance(item, PageTable):
            blocks.append(Block("table", table=item.table))
            if item.notes:
                blocks.append(Block("paragraph", fragments_of(Paragraph([(item.page, line) for line in item.notes]))))
        else:
            blocks.append(_block(item, body, outline))
    witness = _witness(pages, items, body)
    return Reading(
        metadata,
        tuple(_lay_back(block, pages) for block in place_tables(blocks)),
        witness,
        tuple(sorted(left_out, key=lambda n: n.page)),
    )


def _lay_all(boxes: Sequence[Box], page: PageRead) -> tuple[Box, ...]:
    return tuple(page.frame.back(box) for box in boxes)


def _lay_back(block: Block, pages: Sequence[PageRead]) -> Block:
    """Give a block's boxes in the page's own coordinates."""

    def lay(box: Box | None) -> Box | None:
        return pages[box.page - 1].frame.back(box) if box else None

    if block.table:
        rows = tuple(
            replace(r, boxes=tuple(pages[b.page - 1].frame.back(b) for b in r.boxes)) for r in block.table.rows
        )
        return replace(block, table=replace(block.table, rows=rows))
    return replace(block, fragments=tuple(replace(f, box=lay(f.box)) for f in block.fragments))


def _block(paragraph: Paragraph, body: float, outline: Outline) -> Block:
    """Make a heading or paragraph block."""
    rank = paragraph_rank(paragraph, body)
    fragments = fragments_of(paragraph)
    if rank is None:
        return Block("paragraph", fragments)
    return Block("heading", fragments, outline.enter(rank, readable_heading(paragraph.text)))


def _witness(pages: Sequence[PageRead], items: Sequence[Paragraph | PageTable], body: float) -> tuple[str, ...]:
    """Write down each page's text in reading order, such that text that runs over a page turn stays contiguous.

    What a page continues comes first and what goes on overleaf last; furniture, notes and tables stand between.
    """
    begun: dict[int, list[str]] = {p.number: [] for p in pages}
    aside = {p.number: [note.text for note in (*p.left_out, *p.unseen)] for p in pages}
    running: dict[int, list[str]] = {p.number: [] for p in pages}
    for item in items:
        if isinstance(item, PageTable):
            aside[item.page].extend(line.text for line in item.caption)
            aside[item.page].extend(row.quote for row in item.raw)
            continue
        parts: dict[int, list[str]] = {}
        for number, text in item.parts:
            parts.setdefault(number, []).append(text)
        for number, texts in parts.items():
            home = running if item.first.size >= SMALL * body else aside
            if number > min(parts):
                home = begun
            home[number].append("".join(texts).rstrip("\n"))
    return tuple("\n".join([*begun[p.number], *aside[p.number], *running[p.number]]) for p in pages)
