"""Which lines make one paragraph, across columns and pages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.ingest.layout import Line, is_latin
from rag.ingest.structure import heading_rank, is_recommendation_lead, numbering
from rag.ingest.tables import PageTable
from rag.text.sentences import split_sentences
from rag.types import Box, Fragment

_TERMINAL = "。！？!?；;：:.．"
# After these a text goes on, however short the line.
_OPEN_ENDED = "，、（(～~＋+"
_STOP = re.compile(r"[。！？!?．.；].")
_ITEM = re.compile(r"[\[［]\d+[\]］]|[a-z][)）.]|\d{1,2}[)）]|[•·■●◆○▪►✓]|[①-⑳]|[——]{1,2}(?=[\u3400-\u9fff])")
# Lines below this share of the text's size are notes, captions and the like.
SMALL = 0.93
_IN_BOX = 4.0  # the rank from which numbers in a box count its points
_CONTENTS = re.compile(r"目\s*[录次]")
_APART = re.compile(r"(?:Figure|Fig\.|Table|Tab\.)\s*\d|[【\[]?(?:主要)?参\s*考\s*文\s*献\s*[】\]]?$")
_FIGURE_CAPTION = re.compile(r"图\s*\d+(?:[.．\-–]\d+)?[\s\u3000]+[\u3400-\u9fffA-Za-z]")
_NOTE = re.compile(r"(?:注|备注|说明|Note)[:：\s]|[a-e*†‡]\s*[:：]")


@dataclass(slots=True)
class Flow:
    """Lines and tables of one column (or across columns) of a page, in order, between two text edges."""

    page: int
    items: list[Line | PageTable]
    left: float
    rights: tuple[float, ...]
    leading: float

    @property
    def right(self) -> float:
        """Give the outermost right edge."""
        return self.rights[-1]


@dataclass(slots=True)
class Paragraph:
    """Lines that are read as one, each with its page."""

    lines: list[tuple[int, Line]] = field(default_factory=list)
    flow: Flow | None = None

    def add(self, flow: Flow, line: Line) -> None:
        """Append a line of a flow."""
        self.lines.append((flow.page, line))
        self.flow = flow

    @property
    def text(self) -> str:
        """Join the lines."""
        return "".join(text for _, text in self.parts)

    @property
    def parts(self) -> list[tuple[int, str]]:
        """Give each line's page and text, with what joins it to the next line."""
        pairs = zip(self.lines, [*self.lines[1:], None], strict=True)
        return [(page, line.text + _joint(line, page, after)) for (page, line), after in pairs]

    @property
    def first(self) -> Line:
        """Give the first line."""
        return self.lines[0][1]

    @property
    def pages(self) -> set[int]:
        """Give the pages that the lines stand on."""
        return {page for page, _ in self.lines}


def body_size(pages: Iterable[Iterable[Line]]) -> float:
    """Return the commonest character size, by characters."""
    counts: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            # Latin text is mostly the reference list, which is set smaller and may be longer than the guideline.
            counts[round(line.size * 2) / 2] += sum("\u3400" <= c <= "\u9fff" for c in line.text)
    return counts.most_common(1)[0][0] if counts else 10.0


def text_edges(lines: Sequence[Line]) -> tuple[float, tuple[float, ...]]:
    """Return the left edge of a column and the right edges that its lines keep to, ascending.

    There are several right edges where a part of the column is set narrower, such as beside a figure.
    """
    starts, ends = sorted(li.x0 for li in lines), sorted(li.x1 for li in lines)
    # Few lines: take the outermost. Many: allow for a hanging number or a line that sticks out.
    outer = ends[-1 - len(ends) // 12]
    left = starts[len(starts) // 12]
    # Headings that happen to end at one place, far from the edge, are not set to it.
    popular = [
        e
        for e in ends
        if left + 0.4 * (outer - left) < e < outer - 20
        and bisect_left(ends, e + 1.5) - bisect_right(ends, e - 1.5) >= max(4, len(ends) // 6)
    ]
    return left, (*dict.fromkeys(round(e) + 0.0 for e in popular), outer)


def build_paragraphs(flows: Sequence[Flow], body: float) -> list[Paragraph | PageTable]:
    """Join the lines of all flows into paragraphs.

    Tables and lines in boxes or set smaller than the text (notes, captions, footnotes) keep their place but never part a
    running paragraph: they wait until it has ended.
    """
    result: list[Paragraph | PageTable] = []
    waiting: list[Paragraph | PageTable] = []
    text: Paragraph | None = None
    small: Paragraph | None = None
    for flow in flows:
        for item in flow.items:
            if isinstance(item, PageTable):
                waiting.append(item)
                small = None
            elif item.size < SMALL * body or item.boxed:
                if small is None or _begins(small, item, flow):
                    small = Paragraph([], flow)
                    waiting.append(small)
                small.add(flow, item)
            elif text is None or _begins(text, item, flow):
                result.extend(waiting)
                waiting.clear()
                text = Paragraph([], flow)
                text.add(flow, item)
                result.append(text)
            else:
                text.add(flow, item)
    return result + waiting


def _begins(last: Paragraph, line: Line, flow: Flow) -> bool:
    """Tell whether a line begins a new paragraph rather than going on with the last one."""
    before = last.lines[-1][1]
    if abs(line.size - before.size) > 0.09 * before.size or line.boxed != before.boxed or _looks_apart(last, line):
        return True
    same_flow = last.flow is flow
    if _FIGURE_CAPTION.match(line.text) and (line.x0 > flow.left + 0.9 * line.size or not _is_full(before, flow)):
        return True
    if before.text.rstrip()[-1:] in _OPEN_ENDED and not _has_marker(line.text):
        return False
    ended = before.text.rstrip()[-1:] in _TERMINAL
    was_full = _is_full(before, last.flow or flow)
    if (
        same_flow
        and before.y0 - line.y0 > 1.5 * flow.leading
        and (ended or not was_full or line.x0 > flow.left + line.size)
    ):
        return True
    indent = line.x0 - flow.left
    if indent > 0.9 * line.size:
        return not (_hangs if same_flow else _hangs_over)(last, line, flow)
    if not was_full and (ended or not _is_latin_text(before)):
        return True
    return ended and _has_marker(line.text)


def _looks_apart(last: Paragraph, line: Line) -> bool:
    """Tell the heads of contents and references, an English caption, or a bold heading line, from the text around it."""
    before = last.lines[-1][1]
    if _CONTENTS.fullmatch(last.first.text.strip()) or _APART.match(line.text):
        return True
    if line.bold == before.bold:
        return False
    return all(li.bold for _, li in last.lines) or (line.bold and len(line.text) < 40)


def _is_full(line: Line, flow: Flow) -> bool:
    """Tell whether a line reaches a right edge that many lines of its column keep to."""
    slack = (5.0 if _is_latin_text(line) else 1.6) * line.size
    return line.x1 > flow.right - slack or any(edge - slack < line.x1 < edge + line.size for edge in flow.rights)


def _is_latin_text(line: Line) -> bool:
    return sum(map(is_latin, line.text)) > 0.6 * len(line.text.replace(" ", ""))


def _hangs(last: Paragraph, line: Line, flow: Flow) -> bool:
    """Tell whether an indented line goes on with a paragraph of hanging indentation."""
    first, before = last.first, last.lines[-1][1]
    if not _is_full(before, flow):
        return False
    if len(last.lines) > 1:
        return abs(before.x0 - line.x0) < 0.5 * line.size and not _has_marker(line.text)
    if abs(before.x0 - line.x0) < 0.5 * line.size and before.x0 > flow.left + 1.5 * line.size:
        return not _has_marker(line.text) and before.text.rstrip()[-1:] not in _TERMINAL
    return bool(_has_marker(first.text) or _NOTE.match(first.text)) and line.x0 > first.x0 + 0.5 * line.size


def _hangs_over(last: Paragraph, line: Line, flow: Flow) -> bool:
    """Tell whether an indented line at the head of a column goes on with the list item at the foot of the one before."""
    before = last.lines[-1][1]
    if last.flow is None or before.text.rstrip()[-1:] in _TERMINAL or not _is_full(before, last.flow):
        return False
    if _has_marker(line.text) or not _has_marker(last.first.text):
        return False
    indent, hung = line.x0 - flow.left, before.x0 - last.flow.left
    if len(last.lines) > 1:
        return abs(indent - hung) < 0.5 * line.size
    return hung + 0.5 * line.size < indent < hung + 3 * line.size


def _has_marker(text: str) -> bool:
    """Tell whether a line begins with a number, letter or bullet of a list, or as a recommendation."""
    return bool(_ITEM.match(text)) or numbering(text) is not None or text[:1] == "【" or is_recommendation_lead(text)


def paragraph_rank(paragraph: Paragraph, body: float) -> float | None:
    """Return a paragraph's rank as a heading, or None."""
    if len(paragraph.lines) > 3:
        return None
    lines = [line for _, line in paragraph.lines]
    larger = all(line.size > 1.12 * body for line in lines)
    bold = all(line.bold for line in lines)
    centred = paragraph.flow is not None and all(_is_centred(line, paragraph.flow) for line in lines)
    if lines[0].size < SMALL * body and not bold:
        return None
    rank = heading_rank(paragraph.text, bold=bold, larger=larger or (centred and (bold or len(paragraph.text) <= 12)))
    # What names a box stands over the box alone, not over the text that goes on below it.
    return None if lines[0].boxed and rank is not None and (rank >= _IN_BOX or numbering(paragraph.text) is None) else rank


def _is_centred(line: Line, flow: Flow) -> bool:
    """Tell whether a line stands in the middle of its column with white space on both sides."""
    before, after = line.x0 - flow.left, flow.right - line.x1
    return min(before, after) > 2.6 * line.size and abs(before - after) < 2 * line.size


def fragments_of(paragraph: Paragraph) -> tuple[Fragment, ...]:
    """Make fragments of a paragraph: one for each part of a sentence on each line, with its exact box."""
    fragments = []
    lines = paragraph.lines
    for at, (page, line) in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        joint = _joint(line, page, following)
        stops = (stop for _, stop in split_sentences(line.text) if stop < len(line.text))
        cuts = [0, *stops, len(line.text)] if _STOP.search(line.text) else [0, len(line.text)]
        for start, stop in zip(cuts, cuts[1:], strict=False):
            x0, x1 = line.span(start, stop)
            box = Box(page, round(x0, 1), round(line.y0, 1), round(x1, 1), round(line.y1, 1))
            text = line.text[start:stop] + (joint if stop == len(line.text) else "")
            fragments.append(Fragment(text, box, 0, line.confidence))
    return tuple(fragments)


def _joint(line: Line, page: int, following: tuple[int, Line] | None) -> str:
    """Say what stands between a line and the next: a space between Latin words, a line feed where the page turns."""
    if following is None:
        return ""
    if following[0] != page:
        return "\n"
    end, start = line.text[-1:], following[1].text[:1]
    latin = (is_latin(end) or end in ",.;:)]%") and is_latin(start)
    return " " if latin else ""
