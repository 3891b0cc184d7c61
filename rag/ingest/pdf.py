"""How a PDF file becomes a reading: its pages' characters, tables and lines, with boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from rag.errors import ReadError
from rag.ingest import base
from rag.ingest.assemble import assemble
from rag.ingest.base import Reading
from rag.ingest.columns import find_gutters
from rag.ingest.frame import Frame, main_turn, upright_drawing, upright_glyphs
from rag.ingest.furniture import WATERMARK, find_furniture, find_watermarks
from rag.ingest.glyphs import Glyphs, read_glyphs
from rag.ingest.layout import Line, Run, build_line, find_runs, join_runs, outline_line
from rag.ingest.page import PageRead
from rag.ingest.recognition import read_image
from rag.ingest.rules import read_drawing
from rag.ingest.tables import find_tables
from rag.text.normalise import squeeze
from rag.types import LeftOut


def read_pdf(path: Path, *, password: str | None = None, ocr: bool = True) -> Reading:
    """Read a PDF into blocks in reading order; raise ReadError where it cannot be opened."""
    document = open_pdf(path, password)
    try:
        pages = []
        for i in range(len(document)):
            pages.append(_read_page(document[i], i + 1, ocr=ocr))
            base.page_done(i + 1, len(document))
    finally:
        document.close()
    _leave_out_furniture(pages)
    for page in pages:
        _take_tables(page)
    _settle_gutters(pages)
    for page in pages:
        _make_lines(page)
    reading = assemble(pages)
    return replace(reading, warnings=_skipped(pages))


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


def _skipped(pages: Sequence[PageRead]) -> tuple[str, ...]:
    """Name the pages that could not be read, by reason."""
    reasons: dict[str, list[int]] = {}
    for page in pages:
        if page.skipped:
            reasons.setdefault(page.skipped, []).append(page.number)
    return tuple(f"跳过第 {'、'.join(map(str, numbers))} 页：{reason}" for reason, numbers in reasons.items())


def _read_page(page: pypdfium2.PdfPage, number: int, *, ocr: bool) -> PageRead:
    """Read one page's characters and runs, laid upright; recognise its image where they cannot be trusted."""
    glyphs = read_glyphs(page)
    read = PageRead(number, Frame(*page.get_cropbox(), turn=main_turn(glyphs)))
    drawing = read_drawing(page)
    if len(glyphs.chars):
        glyphs = upright_glyphs(glyphs, read.frame)
        read.glyphs = glyphs
        upright = np.array([f.turn == 0 and not f.hidden for f in glyphs.faces])[glyphs.face]
        read.runs = find_runs(glyphs, np.flatnonzero(upright))
        read.drawing = upright_drawing(drawing, read.frame)
        _note_hidden(read, glyphs)
    read_image(page, read, has_picture=bool(drawing.pictures), ocr=ocr)
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
        [*([outline_line(p.glyphs, row) for row in page_rows] if p.glyphs else []), *p.recognised]
        for p, page_rows in zip(pages, rows, strict=True)
    ]
    marks = find_furniture(lines, [p.frame.height for p in pages])
    stamps = find_watermarks(lines)
    for page, page_rows, page_lines, found in zip(pages, rows, lines, marks, strict=True):
        page.runs, page.recognised = [], []
        for index, line in enumerate(page_lines):
            row = page_rows[index] if index < len(page_rows) else None
            why = found.get(index) or (WATERMARK if squeeze(line.text) in stamps else None)
            if why:
                text = _lines(page, [row])[0].text if row else line.text
                page.left_out.append(LeftOut(page.number, why, text))
            elif row:
                page.runs.extend(row)
            else:
                page.recognised.append(line)


def _lines(page: PageRead, rows: Sequence[Sequence[Run]]) -> list[Line]:
    """Build the lines of a page's rows of runs."""
    return [build_line(page.glyphs, row) for row in rows] if page.glyphs else []


def _take_tables(page: PageRead) -> None:
    """Move a page's tables out of its runs, then find the columns of the rest."""
    glyphs = page.glyphs

    def make(runs: Sequence[Run]) -> list[Line]:
        return sorted(_lines(page, join_runs(runs, 60.0)), key=lambda li: -li.y0)

    if glyphs:
        page.tables, page.runs = find_tables(page.drawing, page.runs, page.number, make)
    stand_ins = [Run([], li.x0, li.x1, li.y0 + 0.18 * li.size, li.size, False) for li in page.recognised]
    page.gutters = find_gutters([*page.runs, *stand_ins], 0.0, page.frame.width)


def _make_lines(page: PageRead) -> None:
    """Join a page's runs into lines."""
    page.lines = [*_lines(page, join_runs(page.runs, 3.0, page.gutters)), *page.recognised]
    page.glyphs = None
