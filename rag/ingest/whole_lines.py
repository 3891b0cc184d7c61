"""A text with a line for each paragraph: its captions, the cells below them, and what only the page around it said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.flattened import table_of_lines
from rag.ingest.structure import bare_heading, heading_rank, numbering, run_in_label, text_width
from rag.text.readable import readable_heading
from rag.types import LeftOut, Table

Part = str | Table
REMNANT, LOST_CELLS, TITLE_ONLY = "页面残留", "行列已丢失的表格单元", "图表题"

_WIDEST = 60  # characters; nobody wraps lines at more
_CAPTION = re.compile(r"(?P<number>(?:续|附)?[表图]\s*\d+(?:[-–.]\d+)*)(?:[\s.．:：]+(?P<title>\S.*)|(?P<close>[^\d\s所中、和及至）),，].*))?")
_MOST_CAPTION = 60  # its width
_ENDS = re.compile(r"[。；，！？!?;][”’）)]*$")
_SENTENCE = re.compile(r"[。！？!?][”’）)]*$")
_NOTE = re.compile(r"注\s*\d?\s*[:：]|[a-e*†‡]\s*[:：]")
_REMNANT = re.compile(r"点击(?:查看|下载|放大)\S{0,6}|[\W_]{1,4}")
_LEAST_CELLS = 4
_ITEM = 4.0  # the rank of numbers that may stand in a cell
_GOES_ON = tuple("，。、；：）~,;:)")


def has_whole_lines(lines: Sequence[str]) -> bool:
    """Tell a text whose lines are paragraphs from one that was wrapped."""
    widths = sorted(map(text_width, lines))
    return bool(widths) and widths[int(len(widths) * 0.97)] > _WIDEST


def whole_parts(lines: Sequence[str]) -> tuple[list[Part], list[LeftOut]]:
    """Make paragraphs and tables of the lines; return them and what was left out."""
    parts: list[Part] = []
    left_out: list[LeftOut] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        caption, after = _caption(lines, at)
        if caption and "表" in caption[:2] and len(cells := _cells(lines, after)) >= _LEAST_CELLS:
            table, lost = table_of_lines(readable_heading(caption), cells)
            parts.extend([table] if table else [])
            left_out.extend([LeftOut(0, LOST_CELLS, " | ".join((caption, *lost)))] if lost else [])
            at = after + len(cells)
        elif caption:
            left_out.append(LeftOut(0, TITLE_ONLY, caption))
            at = after
        else:
            if _REMNANT.fullmatch(line):
                left_out.append(LeftOut(0, REMNANT, line))
            elif parts and isinstance(parts[-1], str) and line.startswith(_GOES_ON):
                parts[-1] += line
            else:
                parts.append(line)
            at += 1
    return parts, left_out


def _caption(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Read the caption that stands at a line, its title perhaps on the next, perhaps twice; return it and where it ends."""
    found = _one_caption(lines, at)
    if not found:
        return "", at
    again = _one_caption(lines, found[1])
    return found if not again or again[0] != found[0] else again


def _one_caption(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    match = _CAPTION.fullmatch(lines[at]) if at < len(lines) else None
    if not match or _ENDS.search(lines[at]) or text_width(lines[at]) > _MOST_CAPTION:
        return None
    title = match["title"] or match["close"]
    if title:
        return f"{match['number']} {title}", at + 1
    after = lines[at + 1] if at + 1 < len(lines) else ""
    if not after or _CAPTION.fullmatch(after) or _ENDS.search(after) or numbering(after) or text_width(after) > _MOST_CAPTION:
        return match["number"], at + 1
    return f"{match['number']} {after}", at + 2


def _cells(lines: Sequence[str], start: int) -> list[str]:
    """Take the lines below a caption up to where the text goes on."""
    stop = start
    while stop < len(lines) and not _ends_table(lines[stop]):
        stop += 1
    while stop > start and stop < len(lines) and bare_heading(lines[stop - 1]):
        stop -= 1
    return list(lines[start:stop])


def _ends_table(line: str) -> bool:
    """Tell whether a line below a caption is no cell: a sentence, a note, a heading, another caption."""
    rank = heading_rank(line)
    if rank is not None and (rank < _ITEM or line.rstrip()[-1] in "：:"):
        return True
    if _NOTE.match(line) or _SENTENCE.search(line) or (match := _CAPTION.fullmatch(line)) and not match["close"]:
        return True
    return run_in_label(line) is not None or line.startswith(("点击", "附：", "附:"))
