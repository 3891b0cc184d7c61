"""How a Word document becomes a reading: heading styles, paragraphs and tables in order."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from docx import Document as open_docx
from docx.document import Document as DocxDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from rag.errors import ReadError
from rag.ingest.base import REFERENCE_HEADING, Reading
from rag.ingest.docx_markup import settle
from rag.ingest.grid import Cell, table_of
from rag.ingest.matter import CONTENTS
from rag.ingest.said import said_by_text
from rag.ingest.structure import Outline, bare_heading, heading_rank, rank_of_bare_headings
from rag.ingest.text_matter import take_issuers, title_of
from rag.text.readable import readable_heading
from rag.types import Block, Fragment, LeftOut

_CAPTION = re.compile(r"^\s*(续?表|附表)\s*[\dA-Z一二三四五六七八九十]")
_STYLE_LEVEL = re.compile(r"(?:heading|标题)\s*(\d)", re.I)
_CONTENTS_STYLE = re.compile(r"(?:toc|目录)\s*(?:\d|heading|标题)", re.I)
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_TAKES_POWER = re.compile(r"(10|[a-zA-Zμ]|\))$")


def read_docx(path: Path) -> Reading:
    """Read a .docx file. Raises ReadError when it is broken, encrypted or empty."""
    document = _opened(path)
    outline = Outline()
    styled = any(_STYLE_LEVEL.search(p.style.name or "") for p in document.paragraphs if p.style is not None)
    rank_bare = None if styled else rank_of_bare_headings(p.text for p in document.paragraphs)
    blocks: list[Block] = []
    texts: list[str] = []
    left_out: list[LeftOut] = []
    caption, in_references = "", False
    for item in document.iter_inner_content():
        if isinstance(item, DocxTable):
            table = table_of(caption, _rows(item), paragraph=len(texts) + 1)
            caption = ""
            if table:
                texts.extend(row.quote for row in table.rows)
                blocks.append(Block("table", table=table))
            continue
        if unseen := "".join(run.text for run in item.runs if _is_unseen(run)).strip():
            left_out.append(LeftOut(0, "不可见文字", unseen))
        text = _text(item)
        if not text:
            continue
        if item.style is not None and _CONTENTS_STYLE.match(item.style.name or ""):
            left_out.append(LeftOut(0, CONTENTS, text))
            continue
        rank = _rank(item, text)
        if rank is None and bare_heading(text):
            rank = rank_bare
        if rank is not None:
            in_references = bool(REFERENCE_HEADING.match(text))
        if in_references:
            left_out.append(LeftOut(0, "参考文献", text))
            continue
        texts.append(text)
        if _CAPTION.match(text) and len(text) <= 60:
            caption = text
            continue
        fragments = (Fragment(text, paragraph=len(texts)),)
        level = outline.enter(rank, readable_heading(text)) if rank is not None else 0
        blocks.append(Block("heading" if level else "paragraph", fragments, level))
    whole = "\n".join(texts)
    if not whole.strip():
        raise ReadError(f"{path.name} 里没有文字。请检查文件。")
    # what Word keeps as the title is often that of the file it was copied from
    said = said_by_text(title_of(texts) or document.core_properties.title or texts[0][:60], whole)
    kept, taken, issuers = take_issuers(blocks)
    return Reading(replace(said, issuer=issuers or said.issuer), tuple(kept), (whole,), (*left_out, *taken))


def _opened(path: Path) -> DocxDocument:
    try:
        document = open_docx(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ReadError(f"{path.name} 不是完整的 Word 文档（可能已损坏或加密）。请在 Word 里打开后另存为 .docx 再试。") from error
    settle(document.element.body)
    return document


def _rank(paragraph: Paragraph, text: str) -> float | None:
    style = paragraph.style.name if paragraph.style is not None else ""
    if style in {"Title", "标题"}:
        return 0.0
    if found := _STYLE_LEVEL.search(style or ""):
        return float(found.group(1))
    bold = bool(paragraph.runs) and all(r.bold for r in paragraph.runs if r.text.strip())
    return heading_rank(text, bold=bold)


def _text(paragraph: Paragraph) -> str:
    """Return a paragraph's text; raised digits stay exponents or become reference marks in brackets."""
    text = ""
    if any(_is_unseen(run) for run in paragraph.runs) and not any(r.text.strip() for r in paragraph.runs if not _is_unseen(r)):
        return ""
    for run in (r for r in paragraph.runs if not _is_unseen(r)):
        if run.font.superscript and re.fullmatch(r"[\d,，、\-–~+ ]+", run.text.strip("[] ")):
            bare = run.text.strip("[] ")
            power = _TAKES_POWER.search(text) and len(bare) <= 3
            text += bare.translate(_RAISED) if power else f"[{bare}]"
        else:
            text += run.text
    return (text or paragraph.text).strip()


def _is_unseen(run: Run) -> bool:
    """Tell a run that the page does not show: hidden, white, or under two points."""
    colour = run.font.color.rgb if run.font.color is not None and run.font.color.type is not None else None
    tiny = run.font.size is not None and run.font.size.pt < 2
    return bool(run.font.hidden) or tiny or (colour is not None and str(colour) == "FFFFFF" and run.font.highlight_color is None)


def _rows(table: DocxTable) -> list[list[Cell]]:
    """List the cells row by row, each once with its spans; python-docx repeats a merged cell at each of its places."""
    grid = [row.cells for row in table.rows]
    seen: set[int] = set()
    rows: list[list[Cell]] = []
    for r, row in enumerate(table.rows):
        marked = bool(row._tr.xpath("./w:trPr/w:tblHeader"))
        cells: list[Cell] = []
        for c, cell in enumerate(grid[r]):
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                down = sum(c < len(line) and line[c]._tc is cell._tc for line in grid[r:])
                across = sum(other._tc is cell._tc for other in grid[r][c:])
                cells.append((_cell(cell), down, across, marked))
        rows.append(cells)
    return rows


def _cell(cell: DocxCell) -> str:
    """Return a cell's text; a table within it is told row by row."""
    parts = []
    for item in cell.iter_inner_content():
        if isinstance(item, Paragraph):
            parts.append(_text(item))
        else:
            rows = ("，".join(filter(None, (text for text, *_ in row))) for row in _rows(item))
            parts.append("；".join(filter(None, rows)))
    return "".join(parts)
