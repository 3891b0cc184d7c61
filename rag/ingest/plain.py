"""Plain text: hard-wrapped lines joined into paragraphs, headings told by their numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.base import Reading
from rag.ingest.said import said_by_text
from rag.ingest.structure import Outline, heading_rank, numbering
from rag.text.readable import readable_heading
from rag.types import Block, Fragment, LeftOut

_PAGE_NUMBER = re.compile(r"^[\s—–\-一]*\d{1,3}[\s—–\-一]*$")
_ENDS = re.compile(r"[。！？；：!?;:][”’）)]*$")
_OPENS_ITEM = re.compile(r"^\s*(?:[①-⑳]|[•·●■]|[（(]?\d{1,2}[）)])")
_FULL = 0.82  # of the usual line; a shorter line ends its paragraph


def read_text(path: Path) -> Reading:
    """Read a text file. Raises ReadError when it is no text, or empty."""
    text = decoded(path)
    lines, dropped = paragraphs_of(text)
    title = next((line for line in lines if len(line) <= 60), path.stem)
    return Reading(said_by_text(title, text), blocks_of(lines), (text,), tuple(LeftOut(0, "页码", d) for d in dropped))


def read_markdown(path: Path) -> Reading:
    """Read a markdown file by way of its HTML. Raises ReadError when it is no text, or empty."""
    from markdown_it import MarkdownIt

    from rag.ingest.html import reading_of

    return reading_of(MarkdownIt("commonmark", {"html": False}).enable("table").render(decoded(path)), path)


def decoded(path: Path) -> str:
    """Return a file's text in UTF-8 or GB 18030. Raises ReadError when it is neither, or has no text."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            break
    else:
        raise ReadError(f"{path.name} 不是 UTF-8 或 GB18030 编码的文本。请另存为 UTF-8 后重试。")
    if not text.strip() or "\0" in text:
        raise ReadError(f"{path.name} 里没有文字。请检查文件。")
    return text


def paragraphs_of(text: str) -> tuple[list[str], list[str]]:
    """Join the lines of a text into paragraphs; return them and the page numbers left out.

    A line goes on in the next unless it ends a sentence, is clearly shorter than the others, or the next one opens a
    heading or an item.
    """
    lines, dropped = [], []
    for line in (raw.strip() for raw in text.splitlines()):
        if line and _PAGE_NUMBER.match(line):
            dropped.append(line)
        elif line:
            lines.append(line)
    usual = sorted(map(len, lines))[int(len(lines) * 0.8)] if lines else 0
    paragraphs: list[str] = []
    open_ = False
    for line in lines:
        starts = heading_rank(line) is not None or numbering(line) is not None or bool(_OPENS_ITEM.match(line))
        if open_ and not starts:
            gap = " " if re.search(r"[A-Za-z,]$", paragraphs[-1]) and re.match(r"[A-Za-z]", line) else ""
            paragraphs[-1] += gap + line
        else:
            paragraphs.append(line)
        open_ = not _ENDS.search(line) and len(line) >= _FULL * usual and heading_rank(paragraphs[-1]) is None
    return paragraphs, dropped


def blocks_of(paragraphs: Sequence[str]) -> tuple[Block, ...]:
    """Make blocks of paragraphs, numbered from 1 in place of pages."""
    outline = Outline()
    blocks = []
    for number, text in enumerate(paragraphs, start=1):
        rank = heading_rank(text)
        fragments = (Fragment(text, paragraph=number),)
        if rank is None:
            blocks.append(Block("paragraph", fragments))
        else:
            blocks.append(Block("heading", fragments, outline.enter(rank, readable_heading(text))))
    return tuple(blocks)
