"""How a PDF file becomes a reading: its pages' characters, tables and lines, with boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2

from rag.ingest import base
from rag.ingest.assemble import assemble
from rag.ingest.base import Reading
from rag.ingest.borderless import find_borderless, is_caption
from rag.ingest.columns import find_gutters
from rag.ingest.figures import find_figures, is_figure_caption, labels_in, mark_boxed, outside
from rag.ingest.frame import Frame, main_turn, upright_drawing, upright_glyphs
from rag.ingest.furniture import WATERMARK, find_furniture, find_watermarks
from rag.ingest.glyphs import Glyphs, read_glyphs
from rag.ingest.layout import Line, Run, build_line, find_runs, join_runs, line_box, outline_line
from rag.ingest.opening import open_pdf
from rag.ingest.page import PageRead
from rag.ingest.recognition import LABELS, NeedsRecognition, Scans, read_image
from rag.ingest.rules import read_drawing
from rag.ingest.tables import PageTable, find_tables
from rag.ingest.visibility import SEEN, find_unseen
from rag.text.normalise import squeeze
from rag.types import Box, LeftOut

TURNED = "水印或旋转文字"


def read_pdf(path: Path, *, password: str | None = None, ocr: bool = True, scans: Scans | None = None) -> Reading:
    """Read a PDF into blocks in reading order.

    Raises ReadError where it cannot be opened, NeedsRecognition where `scans` collects wanted pages and there are some.
    """
    scans = scans or Scans(allowed=ocr)
    pages = _read_pages(path, password, scans)
    if scans.wanted:
        raise NeedsRecognition(scans.wanted, len(pages))
    _leave_out_furniture(pages)
    for before, page in zip([None, *pages], pages, strict=False):
        _take_figures(page)
        _take_tables(page, before)
    _settle_gutters(pages)
    for page in pages:
        _make_lines(page)
    return replace(assemble(pages), warnings=_warnings(pages))


def _read_pages(path: Path, password: str | None, scans: Scans) -> list[PageRead]:
    """Read every page's characters, tell the progress."""
    document = open_pdf(path, password)
    pages = []
    try:
        for i in range(len(document)):
            try:
                pages.append(_read_page(document[i], i + 1, scans))
            except pypdfium2.PdfiumError:
                pages.append(PageRead(i + 1, Frame(0, 0, 1, 1), skipped="页面已损坏，无法打开。"))
            base.page_done(i + 1, len(document))
    finally:
        document.close()
    return pages


def _warnings(pages: Sequence[PageRead]) -> tuple[str, ...]:
    """Name the pages that could not be read, by reason, and those that were recognised with doubt."""
    reasons: dict[str, list[int]] = {}
    for page in pages:
        if page.skipped:
            reasons.setdefault(page.skipped, []).append(page.number)
    warnings = [f"跳过第 {_numbers(numbers)} 页：{reason}" for reason, numbers in reasons.items()]
    doubtful = [page.number for page in pages if page.doubtful]
    if doubtful:
        warnings.append(f"第 {_numbers(doubtful)} 页的文字识别把握不大，请核对原件。")
    return tuple(warnings)


def _numbers(pages: Sequence[int]) -> str:
    """Write page numbers, runs of three or more as a range."""
    parts: list[list[int]] = []
    for number in pages:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return "、".join(f"{p[0]}–{p[-1]}" if len(p) > 2 else "、".join(map(str, p)) for p in parts)


def _read_page(page: pypdfium2.PdfPage, number: int, scans: Scans) -> PageRead:
    """Read one page's characters and runs, laid upright; recognise its image where they cannot be trusted."""
    glyphs = read_glyphs(page)
    drawing = read_drawing(page)
    why = find_unseen(page, glyphs, drawing)
    read = PageRead(number, Frame(*page.get_cropbox(), turn=main_turn(glyphs)))
    turned = (glyphs.faces.turn != read.frame.turn)[glyphs.face]
    why[turned & (why == SEEN)] = TURNED
    _note_unseen(read, glyphs, why)
    read.glyphs = upright_glyphs(glyphs, read.frame)
    read.runs = find_runs(read.glyphs, np.flatnonzero(why == SEEN))
    read.drawing = upright_drawing(drawing, read.frame)
    read_image(page, read, scans)
    page.close()
    return read


def _note_unseen(read: PageRead, glyphs: Glyphs, why: np.ndarray) -> None:
    """Keep what is in the text layer but cannot be seen, or stands oblique, as left out; boxes are the stored page's."""
    for reason in dict.fromkeys(why.tolist()):
        if reason:
            chosen = np.flatnonzero(why == reason)
            cuts = np.flatnonzero(np.diff(glyphs.face[chosen])) + 1
            boxes = tuple(_bound(read.number, glyphs.boxes[part]) for part in np.split(chosen, cuts))
            read.unseen.append(LeftOut(read.number, reason, "".join(glyphs.chars[i] for i in chosen), boxes))


def _bound(number: int, boxes: np.ndarray) -> Box:
    """Bound the boxes of characters."""
    return Box(number, *(round(float(v), 1) for v in (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))))


def _settle_gutters(pages: Sequence[PageRead]) -> None:
    """Give pages whose gutter differs from the document's the document's, where it fits them too."""
    found = [g for p in pages for g in p.gutters]
    if not found:
        return
    usual = max(found, key=lambda g: sum(_near(g, h) for h in found))
    for page in pages:
        if len(page.gutters) > 1 or (page.gutters and _near(page.gutters[0], usual)):
            continue
        crossing = sum(r.x0 < usual[0] - 2 and r.x1 > usual[1] + 2 for r in page.runs)
        right = sum(r.x0 >= usual[1] - 4 for r in page.runs)
        left = sum(r.x1 <= usual[0] + 4 for r in page.runs)
        if right > 3 * crossing and (page.gutters or min(left, right) >= 2):
            page.gutters = [usual]


def _near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) < 8


def _leave_out_furniture(pages: Sequence[PageRead]) -> None:
    """Move running heads, feet, page numbers and watermarks out of the runs."""
    rows = [join_runs(p.runs, 3.0) for p in pages]
    lines = [[outline_line(p.glyphs, row) for row in found] if p.glyphs else [] for p, found in zip(pages, rows, strict=True)]
    marks = find_furniture(lines, [p.frame.height for p in pages], [p.drawing.down for p in pages])
    stamps = find_watermarks(lines)
    for page, page_rows, page_lines, found in zip(pages, rows, lines, marks, strict=True):
        page.runs = []
        for index, (row, line) in enumerate(zip(page_rows, page_lines, strict=True)):
            why = found.get(index) or (WATERMARK if squeeze(line.text) in stamps else None)
            if why:
                page.left_out.append(LeftOut(page.number, why, _lines(page, [row])[0].text, (line_box(page.number, line),)))
            else:
                page.runs.extend(row)


def _lines(page: PageRead, rows: Sequence[Sequence[Run]]) -> list[Line]:
    """Build the lines of a page's rows of runs."""
    return [build_line(page.glyphs, row) for row in rows] if page.glyphs else []


def _take_figures(page: PageRead) -> None:
    """Move the labels of a page's drawn figures out of its runs, and their strokes out of its rules."""
    captions = [line for line in _lines_from(page, "图") if is_figure_caption(line.text)]
    if page.glyphs is None or not captions:
        return
    chars = page.glyphs.chars
    gutters = find_gutters(page.runs, 0.0, page.frame.width)
    for region in find_figures(page.drawing, captions, gutters, (page.frame.width, page.frame.height)):
        labels = labels_in(region, page.runs, ["".join(chars[i] for i in r.index) for r in page.runs])
        if labels:
            lines = _lines(page, join_runs(labels, 3.0))
            boxes = tuple(line_box(page.number, line) for line in lines)
            page.left_out.append(LeftOut(page.number, LABELS, " ".join(line.text for line in lines), boxes))
            gone = {id(r) for r in labels}
            page.runs = [r for r in page.runs if id(r) not in gone]
            page.drawing = outside(page.drawing, region)


def _take_tables(page: PageRead, before: PageRead | None) -> None:
    """Move a page's tables out of its runs, then find the columns of the rest; `before` is the page before."""

    def make(runs: Sequence[Run]) -> list[Line]:
        return sorted(_lines(page, join_runs(runs, 60.0)), key=lambda li: -li.y0)

    if page.glyphs:
        page.tables, page.runs = find_tables(page.drawing, page.runs, page.number, make, _last_table(before))
    page.gutters = find_gutters([*page.runs, *_stand_ins(page)], 0.0, page.frame.width)
    captions = [line for line in _lines_from(page, "表续附") if is_caption(line.text)]
    if captions:
        more, page.runs = find_borderless(captions, page.runs, page.gutters, page.number, make)
        page.tables = sorted([*page.tables, *more], key=lambda t: -t.y1)


def _last_table(page: PageRead | None) -> PageTable | None:
    """Give the table that a page ends with, or None."""
    last = page.tables[-1] if page and page.tables else None
    return last if page and last and not any(r.base < last.y0 for r in page.runs) else None


def _lines_from(page: PageRead, first: str) -> list[Line]:
    """List the lines that begin with one of the characters, such as captions do."""
    if page.glyphs is None or not any(page.glyphs.chars[r.index[0]] in first for r in page.runs):
        return []
    rows = join_runs(page.runs, 3.0, page.gutters)
    return _lines(page, [row for row in rows if page.glyphs.chars[row[0].index[0]] in first])


def _stand_ins(page: PageRead) -> list[Run]:
    """Make lines in place of the tables that stand in one column: they part the columns as text does."""
    size = float(np.median([r.size for r in page.runs])) if page.runs else 10.0
    narrow = [t for t in page.tables if t.x1 - t.x0 < 0.6 * page.frame.width]
    return [
        Run([], t.x0, t.x1, t.y0 + (0.3 + 1.5 * n) * size, size, False)
        for t in narrow
        for n in range(int((t.y1 - t.y0) / (1.5 * size)))
    ]


def _make_lines(page: PageRead) -> None:
    """Join a page's runs into lines."""
    page.lines = _lines(page, join_runs(page.runs, 3.0, page.gutters))
    mark_boxed(page.lines, page.drawing, (page.frame.width, page.frame.height))
    page.glyphs = None
