"""Headings that are set in pieces: 附录A / （资料性附录） / its title, 第一章 / its title, 2.1 / the term it defines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.paragraphs import Paragraph
from rag.ingest.structure import numbering
from rag.ingest.tables import PageTable
from rag.text.normalise import squeeze

_APPENDIX = re.compile(r"附[录件](?:[A-Z]|\d{1,2}|[一二三四五六七八九十])?(?:[(](?:资料性|规范性)(?:附录)?[)])?|[(](?:资料性|规范性)(?:附录)?[)]")
_CHAPTER = re.compile(r"第[一二三四五六七八九十\d]{1,3}[章篇]|(?:[A-Z]|\d{1,2})(?:\.\d{1,2}){1,4}")
_ENDS = "。；;，,：:、！？"
_MOST_CHARACTERS = 60
_MOST_LINES_APART = 4.0


def join_titles(items: Sequence[Paragraph | PageTable]) -> list[Paragraph | PageTable]:
    """Join the pieces of headings that stand on lines of their own."""
    joined: list[Paragraph | PageTable] = []
    for item in items:
        last = joined[-1] if joined else None
        if isinstance(last, Paragraph) and isinstance(item, Paragraph) and _goes_on(last, item):
            last.lines.extend(item.lines)
        else:
            joined.append(item)
    return joined


def _goes_on(last: Paragraph, item: Paragraph) -> bool:
    """Tell whether a paragraph is the rest of a heading whose number stands alone above it."""
    if not _below(last, item):
        return False
    number, text = squeeze(last.text), squeeze(item.text)
    if not (_APPENDIX.fullmatch(number) or _CHAPTER.fullmatch(number)):
        return False
    if _APPENDIX.fullmatch(text):
        return True
    return len(text) <= _MOST_CHARACTERS and text[-1:] not in _ENDS and numbering(text) is None and not _APPENDIX.match(text)


def _below(last: Paragraph, item: Paragraph) -> bool:
    page, line = last.lines[-1]
    gap = line.y0 - item.first.y1
    return item.lines[0][0] == page and len(item.lines) <= 2 and 0 <= gap + 0.5 * line.size < _MOST_LINES_APART * line.size
