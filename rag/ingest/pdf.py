"""How a PDF file becomes a reading: its blocks in order with boxes, and what was left out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from rag.errors import ReadError
from rag.ingest.base import Reading
from rag.ingest.columns import column_of, find_gutters, reading_order
from rag.ingest.frame import Frame, main_turn, upright_drawing, upright_glyphs
from rag.ingest.furniture import WATERMARK, find_furniture, find_watermarks
from rag.ingest.glyphs import Glyphs, read_glyphs
from rag.ingest.layout import Line, Run, build_line, find_runs, join_runs, outline_line
from rag.ingest.matter import find_matter
from rag.ingest.metadata import find_title, read_metadata
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
from rag.ingest.rules import Drawing, read_drawing
from rag.ingest.structure import Outline
from rag.ingest.tables import PageTable, find_tables, join_tables
from rag.text.normalise import squeeze
from rag.text.readable import readable_heading
from rag.types import Block, Box, LeftOut

log = logging.getLogger(__name__)

Gutter = tuple[float, float]


@dataclass(slots=True)
class PageRead:
    """One page on the way to blocks."""

    number: int
    frame: Frame
    glyphs: Glyphs | None = None
    drawing: Drawing = field(default_factory=Drawing)
    runs: list[Run] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[PageTable] = field(default_factory=list)
    gutters: list[Gutter] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_pdf(path: Path, *, password: str | None = None, ocr: bool = True) -> Reading:
    """Read a PDF into blocks in reading order; raise ReadError where it cannot be opened."""
    document = open_pdf(path, password)
    try:
        pages = [_read_page(document[i], i + 1) for i in range(len(document))]
    finally:
        document.close()
    _leave_out_furniture(pages)
    for page in pages:
        _take_tables(page)
    _settle_gutters(pages)
    for page in pages:
        _make_lines(page)
    return _assemble(pages)


def open_pdf(path: Path, password: str | None = None) -> pypdfium2.PdfDocument:
    """Open a PDF, with an empty user password if need be; raise ReadError with what to do where that fails."""
    try:
        document = pypdfium2.PdfDocument(path, password=password)
        pages = len(document)
    except FileNotFoundError as error:
        raise ReadError(f"找不到文件：{path}") from error
    except pypdfium2.PdfiumError as error:
        raise ReadError(_open_failure(path, password)) from error
    if pages == 0:
        raise ReadError(f"PDF 没有任何页面：{path.name}。请检查文件是否完整。")
    return document


def _open_failure(path: Path, password: str | None) -> str:
    """Say in Chinese why pdfium did not open a file and what to do about it."""
    if path.stat().st_size == 0:
        return f"文件是空的（0 字节）：{path.name}。请重新下载或复制该文件。"
    if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
        if password:
            return f"PDF 的密码不对：{path.name}。请用 --password 给出正确的密码。"
        return f"PDF 有密码保护：{path.name}。请用 --password 给出密码。"
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF" not in head:
        return f"文件名是 .pdf，内容却不是 PDF：{path.name}。请检查文件来源。"
    return f"PDF 已损坏，无法打开：{path.name}。请重新下载，或用阅读器另存一份再试。"


def _read_page(page: pypdfium2.PdfPage, number: int) -> PageRead:
    """Read one page's characters and runs, laid upright."""
    glyphs = read_glyphs(page)
    read = PageRead(number, Frame(*page.get_cropbox(), turn=main_turn(glyphs)))
    if len(glyphs.chars):
        glyphs = upright_glyphs(glyphs, read.frame)
        read.glyphs = glyphs
        upright = np.array([f.turn == 0 and not f.hidden for f in glyphs.faces])[glyphs.face]
        read.runs = find_runs(glyphs, np.flatnonzero(upright))
        read.drawing = upright_drawing(read_drawing(page), read.frame)
        _note_hidden(read, glyphs)
    page.close()
    return read


def _note_hidden(read: PageRead, glyphs: Glyphs) -> None:
    """Keep what is on the page but cannot be seen, or stands oblique, as left out."""
    for why, test in (("不可见文字", lambda f: f.hidden), ("水印或旋转文字", lambda f: f.turn != 0 and not f.hidden)):
        chosen = np.array([test(f) for f in glyphs.faces])[glyphs.face]
        text = "".join(glyphs.chars[i] for i in np.flatnonzero(chosen))
        if text:
            read.left_out.append(LeftOut(read.number, why, text))


def _settle_gutters(pages: Sequence[PageRead]) -> None:
    """Give pages whose gutter differs from the document's the document's, where it fits them too."""
    found = [g for p in pages for g in p.gutters]
    if len(found) < 2:
        return
    usual = max(found, key=lambda g: sum(abs(g[0] - h[0]) + abs(g[1] - h[1]) < 8 for h in found))
    for page in pages:
        if len(page.gutters) != 1 or abs(page.gutters[0][0] - usual[0]) + abs(page.gutters[0][1] - usual[1]) < 8:
            continue
        crossing = sum(r.x0 < usual[0] - 2 and r.x1 > usual[1] + 2 for r in page.runs)
        sided = sum(r.x0 >= usual[1] - 4 for r in page.runs)
        if sided > 3 * crossing:
            page.gutters = [usual]


def _leave_out_furniture(pages: Sequence[PageRead]) -> None:
    """Move running heads, feet, page numbers and watermarks out of the runs."""
    rows = [join_runs(p.runs, 3.0) for p in pages]
    lines = [
        [outline_line(p.glyphs, row) for row in page_rows] if p.glyphs else []
        for p, page_rows in zip(pages, rows, strict=True)
    ]
    marks = find_furniture(lines, [p.frame.height for p in pages])
    stamps = find_watermarks(lines)
    for page, page_rows, page_lines, found in zip(pages, rows, lines, marks, strict=True):
        page.runs = []
        for index, (row, line) in enumerate(zip(page_rows, page_lines, strict=True)):
            why = found.get(index) or (WATERMARK if squeeze(line.text) in stamps else None)
            if why:
                page.left_out.extend(LeftOut(page.number, why, li.text) for li in _lines(page, [row]))
            else:
                page.runs.extend(row)


def _lines(page: PageRead, rows: Sequence[Sequence[Run]]) -> list[Line]:
    """Build the lines of a page's rows of runs."""
    return [build_line(page.glyphs, row) for row in rows] if page.glyphs else []


def _take_tables(page: PageRead) -> None:
    """Move a page's tables out of its runs, then find the columns of the rest."""
    glyphs = page.glyphs
    if glyphs is None:
        return

    def make(runs: Sequence[Run]) -> list[Line]:
        built = [build_line(glyphs, row) for row in join_runs(runs, 60.0)]
        return sorted(built, key=lambda li: -li.y0)

    page.tables, page.runs = find_tables(page.drawing, page.runs, page.number, make)
    page.gutters = find_gutters(page.runs, 0.0, page.frame.width)


def _make_lines(page: PageRead) -> None:
    """Join a page's runs into lines."""
    page.lines = _lines(page, join_runs(page.runs, 3.0, page.gutters))
    page.glyphs = None


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


def _usual_edges(pages: Sequence[PageRead]) -> dict[tuple[int, int | None], Gutter]:
    """Measure the text edges of each column over the whole document, by number of gutters and column."""
    found: dict[tuple[int, int | None], list[Line]] = {}
    for page in pages:
        for line in page.lines:
            found.setdefault((len(page.gutters), column_of(line, page.gutters)), []).append(line)
    return {key: text_edges(lines) for key, lines in found.items()}


def _flow(number: int, group: list[Line | PageTable], own: Sequence[Line], usual: Gutter | None) -> Flow:
    """Measure a flow: its left and right text edge and its usual line distance."""
    lines = [li for li in group if isinstance(li, Line)]
    if not lines:
        return Flow(number, group, 0.0, 0.0, 12.0)
    left, right = text_edges(own) if len(own) >= 8 or usual is None else usual
    size = float(np.median([li.size for li in lines]))
    steps = [a.y0 - b.y0 for a, b in zip(lines, lines[1:], strict=False) if 0.8 * size < a.y0 - b.y0 < 3 * size]
    return Flow(number, group, left, right, float(np.median(steps)) if steps else 1.6 * size)


def _assemble(pages: Sequence[PageRead]) -> Reading:
    """Make blocks, witness texts and metadata of the finished pages."""
    _join_tables(pages)
    body = body_size(p.lines for p in pages)
    items = build_paragraphs(_flows(pages), body)
    first = next((p.lines for p in pages if p.lines), [])
    metadata = read_metadata(first, "\n".join(li.text for p in pages[:2] for li in p.lines))
    marks = find_matter(items, "".join(li.text for li in find_title(first)))
    blocks: list[Block] = []
    left_out = [note for p in pages for note in p.left_out]
    outline = Outline()
    for index, item in enumerate(items):
        if index in marks and isinstance(item, Paragraph):
            left_out.append(LeftOut(min(item.pages), marks[index], item.text))
        elif isinstance(item, PageTable):
            blocks.append(Block("table", table=item.table))
        else:
            blocks.append(_block(item, body, outline))
    witness = _witness(pages, items, body)
    return Reading(
        metadata,
        tuple(_lay_back(block, pages) for block in blocks),
        witness,
        tuple(sorted(left_out, key=lambda n: n.page)),
    )


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
    aside: dict[int, list[str]] = {p.number: [note.text for note in p.left_out] for p in pages}
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
