"""Which lines belong to the page and not to the text: running heads and feet, page numbers, watermarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.ingest.layout import Line
from rag.ingest.rules import Rule
from rag.text.normalise import squeeze

# The share of the page height in which running heads and feet stand.
_ZONE = 0.115
_PAGE_NUMBER = re.compile(
    r"[-—–·•.\s]*(?:第)?\s*(?:\d{1,4}|[ivxIVX]{1,5}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4})\s*(?:页)?(?:[/／]\d{1,4}|共\d+页)?[-—–·•.\s]*"
)
_RUNNING = re.compile(r"(?:Vol|vol)\.?\s*\d+|No\.?\s*\d+|第\d+卷第?\d*期|\d{4}年\d{1,2}月第\d+卷|ISSN|CN\d\d")
HEAD_OR_FOOT, PAGE_NUMBER, WATERMARK = "页眉页脚", "页码", "水印"


def find_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float], framed: Sequence[Sequence[Rule]]
) -> list[dict[int, str]]:
    """Return, for each page, the index of each line that is furniture and why.

    A head or foot stands at the same height of several pages and says the same but for its numbers; what stands
    between a page's `framed` (vertical) rules is a table's.
    """
    keys: dict[tuple[str, int], set[int]] = defaultdict(set)
    places: list[list[tuple[int, str, int]]] = []
    for number, (lines, height, rules) in enumerate(zip(pages, heights, framed, strict=True)):
        places.append([place for place in _in_zone(lines, height) if not _in_frame(lines[place[0]], rules)])
        for _, key, at in places[-1]:
            for near in (at - 1, at, at + 1):
                keys[key, near].add(number)
    found: list[dict[int, str]] = []
    for lines, here in zip(pages, places, strict=True):
        marks = {}
        for index, key, at in here:
            text = squeeze(lines[index].text)
            if _PAGE_NUMBER.fullmatch(text):
                marks[index] = PAGE_NUMBER
            elif len(keys[key, at]) >= min(3, max(2, len(pages) // 2)) or _RUNNING.search(text):
                marks[index] = HEAD_OR_FOOT
        found.append(_outermost(lines, _with_rows(lines, here, marks)))
    return found


def _in_zone(lines: Sequence[Line], height: float) -> list[tuple[int, str, int]]:
    """List the lines near the page's upper and lower edge: index, text without numbers, height in steps of 4 points."""
    zone = height * _ZONE
    return [
        (i, re.sub(r"[\divxⅠ-Ⅻ]+", "#", squeeze(line.text)), round(line.y0 / 4))
        for i, line in enumerate(lines)
        if line.y0 > height - zone or line.y1 < zone
    ]


def _in_frame(line: Line, rules: Sequence[Rule]) -> bool:
    """Tell whether a line stands between two vertical rules, as a table's row does."""
    middle = (line.y0 + line.y1) / 2
    beside = [r for r in rules if r.y0 - 1 < middle < r.y1 + 1]
    return any(r.x0 <= line.x0 for r in beside) and any(r.x0 >= line.x1 for r in beside)


def _with_rows(lines: Sequence[Line], here: Sequence[tuple[int, str, int]], marks: dict[int, str]) -> dict[int, str]:
    """Add what stands in one row with a running head or foot: its other half."""
    heights = [lines[i].y0 for i, why in marks.items() if why == HEAD_OR_FOOT]
    beside = {i: HEAD_OR_FOOT for i, _, _ in here if any(abs(lines[i].y0 - y) < 0.3 * lines[i].size for y in heights)}
    return beside | marks


def _outermost(lines: Sequence[Line], marks: dict[int, str]) -> dict[int, str]:
    """Drop marks on lines that stand further in than a line of text: furniture has nothing outside it."""
    plain = [line for i, line in enumerate(lines) if i not in marks]
    if not plain:
        return marks
    top, bottom = max(p.y0 for p in plain), min(p.y1 for p in plain)
    return {i: why for i, why in marks.items() if lines[i].y1 > top or lines[i].y0 < bottom}


def find_watermarks(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the texts that stand at one place of most pages of a longer document."""
    least = max(4, 0.6 * len(pages))
    if len(pages) < least:
        return set()
    at = [[(round(line.x0 / 3), round(line.y0 / 3)) for line in lines] for lines in pages]
    places = Counter(place for here in at for place in set(here))
    said = Counter(
        key
        for lines, here in zip(pages, at, strict=True)
        for key in {(squeeze(line.text), place) for line, place in zip(lines, here, strict=True) if places[place] >= least}
    )
    return {text for (text, _), n in said.items() if n >= least and text}
