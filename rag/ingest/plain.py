"""Plain text: hard-wrapped lines joined into paragraphs, headings told by their numbering."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.base import Reading
from rag.ingest.flattened import spaced_table, whole_table
from rag.ingest.said import said_by_text
from rag.ingest.structure import Outline, bare_heading, heading_rank, numbering, rank_of_bare_headings, text_width
from rag.ingest.text_matter import find_text_matter, issuers, journal, title_of
from rag.ingest.whole_lines import LOST_CELLS, Part, has_whole_lines, whole_parts
from rag.text.readable import readable_heading
from rag.types import Block, Fragment, LeftOut, Table

_MARKED_HEADING = re.compile(r"^#{1,6} +\S", re.M)
_PAGE_NUMBER = re.compile(r"^[\s—–\-一]*(\d{1,3})[\s—–\-一]*$")
_PAGE_LINES = 8  # lines at least from one page number to the next
_LINES_A_PAGE = 80  # at most
_GOES_ON = tuple("，。、；：）~,;:)")  # no line of a whole paragraph begins so
_IN_PIECES = 0.03  # share of such lines from which a text was saved with line breaks inside its sentences
_ENDS = re.compile(r"[。！？；：!?;:][”’）)]*$")
_ENDS_NAME = re.compile(r"(?:指南|共识|规范|标准|方案|规程|要点)\s*(?:[（(][^（）()]{2,12}[)）])?$")  # as a document's name does
_OPENS_ITEM = re.compile(r"^\s*(?:[①-⑳]|[•·●■]|[（(]?\d{1,2}[）)])")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # as Windows writes it
_STRAY = 0.1  # share of NUL characters up to which a file is still text
_FULL = 0.82  # of the usual line; a shorter line ends its paragraph
_CELL_MARK = "\u2028"  # stands between a table's caption and the pieces of its cells
_CELL, _LISTED = 0.6, 4.0  # of the usual line; the rank of numbers that may stand in a cell
_MOST_ROWS = 60  # of a table
_CAPTION = re.compile(r"(?:续|附)?表\s*\d+(?:[-–.]\d+)*(?![\d所中、和及至）)])")
_WRAPPED = 0.85  # of the usual line; what looks like a heading and is that long is the beginning of a sentence or longer heading


def read_text(path: Path) -> Reading:
    """Read a text file, also one that holds markdown. Raises ReadError when it is no text, or empty."""
    text = decoded(path)
    if len(_MARKED_HEADING.findall(text)) > 1:
        from rag.ingest.markdown import reading_of_markdown

        return reading_of_markdown(text, path)
    parts, left_out = paragraphs_of(text)
    title = title_of(parts) or path.stem
    matter = find_text_matter(parts, title)
    left_out += [LeftOut(0, why, parts[at]) for at, why in matter.items()]
    said = said_by_text(title, text)
    said = replace(said, issuer=issuers(parts, matter) or said.issuer, journal=journal(parts, matter))
    lost = [note.text.partition(" ")[0] for note in left_out if note.why == LOST_CELLS]
    return Reading(said, blocks_of([p for at, p in enumerate(parts) if at not in matter]), (text,), tuple(left_out), _warnings(lost))


def _warnings(tables: Sequence[str]) -> tuple[str, ...]:
    """Say which tables lost their rows and columns on the way to text."""
    if not tables:
        return ()
    return (f"{'、'.join(tables)}的行列在这份文本里已经丢失，不能单独成句的单元没有收入。请改用原文的 PDF、网页或 Word 文件。",)


def decoded(path: Path) -> str:
    """Return a file's text in UTF-8, GB 18030 or marked UTF-16. Raises ReadError when it is none of them, or has no text."""
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in _UTF16_MARKS else ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            break
    else:
        raise ReadError(f"{path.name} 不是 UTF-8 或 GB18030 编码的文本。请另存为 UTF-8 后重试。")
    words = text.replace("\0", "")
    if not words.strip() or len(text) - len(words) > _STRAY * len(text):
        raise ReadError(f"{path.name} 里没有文字。请检查文件。")
    return words


def paragraphs_of(text: str) -> tuple[list[Part], list[LeftOut]]:
    """Join the lines of a text into paragraphs, and the cells below a caption into tables; return them and what was left out.

    A line goes on in the next unless it ends a sentence, is clearly shorter than the others, or the next one opens a
    heading or an item. In a text with a line for each paragraph none does.
    """
    raw = [line for line in map(str.strip, text.splitlines()) if line]
    numbers = _page_numbers(raw)
    lines = [line for at, line in enumerate(raw) if at not in numbers]
    dropped = [LeftOut(0, "页码", raw[at]) for at in sorted(numbers)]
    in_pieces = sum(line.startswith(_GOES_ON) for line in lines) > _IN_PIECES * len(lines)
    if not in_pieces and has_whole_lines(lines):
        # Bare numbers may be cells of a table.
        parts, more = whole_parts([line for at, line in enumerate(raw) if at not in numbers or line.isdigit()])
        return parts, [note for note in dropped if not note.text.isdigit()] + more
    usual = sorted(map(text_width, lines))[int(len(lines) * 0.8)] if lines else 0.0
    parts, begun = [], 0
    for at, line in enumerate(lines):
        found = spaced_table(readable_heading(line), lines[at + 1 : at + 1 + _MOST_ROWS]) if at >= begun and _CAPTION.match(line) else None
        if found:
            parts += [*_joined(lines[begun:at], in_pieces, usual), found[0]]
            begun = at + 1 + found[1]
    return [*parts, *_joined(lines[begun:], in_pieces, usual)], dropped


def _joined(lines: Sequence[str], in_pieces: bool, usual: float) -> list[Part]:
    """Join wrapped lines; what stood in a flattened table cannot be told apart any more and becomes one row."""
    paragraphs: list[str] = []
    open_ = in_table = False
    for line in lines:
        in_table = in_table and _is_cell(line, usual) and not _CAPTION.match(line)
        if in_table:
            paragraphs[-1] += _CELL_MARK + line
            continue
        in_table = not in_pieces and bool(_CAPTION.match(line)) and _is_cell(line, 2 * usual)
        starts = heading_rank(line) is not None or numbering(line) is not None or bool(_OPENS_ITEM.match(line))
        if paragraphs and (line.startswith(_GOES_ON) or (open_ and not starts)):
            gap = " " if re.search(r"[A-Za-z,]$", paragraphs[-1]) and re.match(r"[A-Za-z]", line) else ""
            paragraphs[-1] += gap + line
        else:
            paragraphs.append(line)
        full = in_pieces or text_width(line) >= _FULL * usual
        wrapped = not in_pieces and text_width(line) >= _WRAPPED * usual
        named = len(paragraphs) == 1 and _ENDS_NAME.search(line)
        open_ = full and not (named or _ENDS.search(line)) and (wrapped or heading_rank(paragraphs[-1]) is None)
    return [_as_part(paragraph) for paragraph in paragraphs]


def _as_part(paragraph: str) -> Part:
    caption, *cells = paragraph.split(_CELL_MARK)
    return whole_table(readable_heading(caption), cells) if cells else paragraph


def _is_cell(line: str, usual: float) -> bool:
    """Tell a short line without a sentence's end, which below a table's caption is a cell or part of one."""
    rank = heading_rank(line)
    return text_width(line) < _CELL * usual and not _ENDS.search(line) and (rank is None or rank >= _LISTED)


def _page_numbers(lines: Sequence[str]) -> set[int]:
    """Tell which lines are page numbers: those between dashes, and bare ones that count up a page at a time.

    A bare number that does not is part of a sentence that was saved in pieces, such as a dose.
    """
    marked = {at: match for at, line in enumerate(lines) if (match := _PAGE_NUMBER.match(line))}
    found = {at for at in marked if not lines[at].isdigit()}
    ends: dict[int, list[int]] = {}  # page number → the longest chain of lines that counts up to it
    for at, match in marked.items():
        number = int(match[1])
        before = ends.get(number - 1, [])
        chain = [*before, at] if before and at - before[-1] >= _PAGE_LINES else [at]
        if len(chain) >= len(ends.get(number, [])):
            ends[number] = chain
    longest = max(ends.values(), key=len, default=[])
    return found | set(longest) if len(longest) >= max(3, len(lines) // _LINES_A_PAGE) else found


def blocks_of(parts: Sequence[Part]) -> tuple[Block, ...]:
    """Make blocks of paragraphs and tables, numbered from 1 in place of pages."""
    outline = Outline()
    blocks = []
    rank_bare = rank_of_bare_headings([part for part in parts if isinstance(part, str)])
    for number, part in enumerate(parts, start=1):
        if isinstance(part, Table):
            rows = tuple(replace(row, paragraph=number) for row in part.rows)
            blocks.append(Block("table", table=replace(part, rows=rows)))
            continue
        rank = heading_rank(part)
        if rank is None and bare_heading(part):
            rank = rank_bare
        fragments = (Fragment(part, paragraph=number),)
        if rank is None:
            blocks.append(Block("paragraph", fragments))
        else:
            blocks.append(Block("heading", fragments, outline.enter(rank, readable_heading(part))))
    return tuple(blocks)
