"""What the cells of a table region are: from its grid of rules, or from the white space between its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rag.ingest.layout import Line, Run, char_width, is_latin
from rag.ingest.rules import Rule
from rag.types import Box

_TOLERANCE = 3.0
_GOES_ON = "。；;：:，,、~～–—-－/×"  # a cell's line that ends so ends no item, or ends it by its own mark
LineMaker = Callable[[Sequence[Run]], list[Line]]


@dataclass(slots=True)
class RawRow:
    """A row before header and caption are known: filled cells, and which of them are printed in this very row.

    `confidence` is the recogniser's, None for a text layer. A `separate` row has nothing to do with the rows above it: its empty cells stay empty.
    """

    cells: list[str]
    quote: str
    boxes: list[Box]
    whole: bool = False
    bold: bool = False
    depth: int = 1
    separate: bool = False
    confidence: float | None = None
    notes: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Region:
    """Merged grid cells: rows r0 to r1 and columns c0 to c1, inclusive."""

    r0: int
    c0: int
    r1: int
    c1: int
    lines: list[Line] = field(default_factory=list)


def grid_rows(
    across: Sequence[Rule], down: Sequence[Rule], runs: Sequence[Run], page: int, make: LineMaker
) -> list[RawRow]:
    """Read the rows of a fully ruled table."""
    xs = _clusters([r.x0 for r in down])
    ys = _clusters([r.y0 for r in across])[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1:
        return []
    home = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def find(cell: tuple[int, int]) -> tuple[int, int]:
        while home[cell] != cell:
            cell = home[cell]
        return cell

    for r in range(rows):
        for c in range(columns):
            x_mid, y_mid = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if c + 1 < columns and not _crossed(down, xs[c + 1], y_mid, vertical=True):
                home[find((r, c + 1))] = find((r, c))
            if r + 1 < rows and not _crossed(across, ys[r + 1], x_mid, vertical=False):
                home[find((r + 1, c))] = find((r, c))
    regions = _regions({cell: find(cell) for cell in home})
    held: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        r = _slot([-y for y in ys], -(run.base + 0.35 * run.size))
        c = _slot(xs, (run.x0 + run.x1) / 2)
        if r is not None and c is not None:
            held.setdefault(find((r, c)), []).append(run)
    for root, members in held.items():
        regions[root].lines = make(members)
    by_cell = {cell: regions[find(cell)] for cell in home}
    return [
        _grid_row(r, columns, by_cell, page) for r in range(rows) if any(by_cell[r, c].lines for c in range(columns))
    ]


def _grid_row(r: int, columns: int, by_cell: dict[tuple[int, int], _Region], page: int) -> RawRow:
    """Make one row of a grid, merged cells filled in."""
    cells = [cell_text(by_cell[r, c].lines) for c in range(columns)]
    own = [by_cell[r, c] for c in range(columns) if (by_cell[r, c].r0, by_cell[r, c].c0) == (r, c)]
    whole = columns > 1 and by_cell[r, 0].c1 == columns - 1
    row = _row(cells, [region.lines for region in own], page, whole=whole)
    row.depth = by_cell[r, 0].r1 - r + 1
    return row


def _row(cells: list[str], own: Sequence[Sequence[Line]], page: int, *, whole: bool = False) -> RawRow:
    """Make a row from its filled cells and the lines that are printed in it."""
    lines = [line for part in own for line in part]
    boxes = [Box(page, round(li.x0, 1), round(li.y0, 1), round(li.x1, 1), round(li.y1, 1)) for li in lines]
    quote = " ".join(join_lines(part) for part in own if part)
    row = RawRow(cells, quote, boxes, whole, bool(lines) and all(li.bold for li in lines))
    row.confidence = min((li.confidence for li in lines if li.confidence is not None), default=None)
    row.notes = lines if whole else []
    return row


def join_lines(lines: Sequence[Line]) -> str:
    """Join the lines of a cell verbatim."""
    text = ""
    for line in lines:
        glue = " " if text and is_latin(text[-1]) and is_latin(line.text[:1]) else ""
        text += glue + line.text
    return text


def cell_text(lines: Sequence[Line]) -> str:
    """Join the lines of a cell for reading: a line that ends short of the cell's edge ends an item of a list."""
    if not lines:
        return ""
    right = max(li.x1 for li in lines)
    text = lines[0].text
    for before, line in zip(lines, lines[1:], strict=False):
        room = max(2.2, _first_word(line.text) + 0.5) * before.size
        ended = before.x1 < right - room and len(lines) > 2 and before.text[-1:] not in "，、（(+"
        listed = ended or bool(re.match(r"[①-⑳]|[（(]?\d{1,2}[)）.、](?!\d)|[•·]", line.text))
        if listed and text[-1:] not in _GOES_ON:
            text += "；" + line.text
        else:
            text = join_lines([_text_line(text), line])
    return text


def _first_word(text: str) -> float:
    """Give the width in ems of what cannot be parted at the beginning of a line, such as <35 ml/min."""
    match = re.match(r"[<>≥≤＜＞=±]?[\w.,/%~～\-–()（ ]*", text, re.ASCII)
    return sum(char_width(c) for c in match.group()) if match else 0.0


def _text_line(text: str) -> Line:
    return Line(text, 0, 0, 0, 0, 1)


def _clusters(values: Sequence[float]) -> list[float]:
    """Merge nearly equal values, ascending."""
    merged: list[list[float]] = []
    for value in sorted(values):
        if merged and value - merged[-1][-1] <= _TOLERANCE:
            merged[-1].append(value)
        else:
            merged.append([value])
    return [sum(m) / len(m) for m in merged]


def _crossed(rules: Sequence[Rule], at: float, other: float, *, vertical: bool) -> bool:
    """Tell whether a rule at this boundary passes the middle of the cells beside it."""
    if vertical:
        return any(abs(r.x0 - at) <= _TOLERANCE and r.y0 - 1 <= other <= r.y1 + 1 for r in rules)
    return any(abs(r.y0 - at) <= _TOLERANCE and r.x0 - 1 <= other <= r.x1 + 1 for r in rules)


def _regions(roots: dict[tuple[int, int], tuple[int, int]]) -> dict[tuple[int, int], _Region]:
    """Bound each set of merged cells."""
    regions: dict[tuple[int, int], _Region] = {}
    for (r, c), root in roots.items():
        g = regions.setdefault(root, _Region(r, c, r, c))
        g.r0, g.c0, g.r1, g.c1 = min(g.r0, r), min(g.c0, c), max(g.r1, r), max(g.c1, c)
    return regions


def _slot(edges: Sequence[float], value: float) -> int | None:
    """Give the interval between ascending edges that holds a value."""
    at = int(np.searchsorted(edges, value)) - 1
    return at if 0 <= at < len(edges) - 1 else None


def open_rows(
    runs: Sequence[Run], left: float, right: float, page: int, make: LineMaker, breaks: Sequence[float] = ()
) -> list[RawRow]:
    """Read the rows of a table without vertical rules; `breaks` are the heights of rules between rows."""
    visual = visual_rows(runs)
    if not visual:
        return []
    edges = _column_edges(visual, left, right)
    slots = [_place(row, edges) for row in visual]
    flow = _Wrapping(slots, edges, breaks)
    if flow.parallel:
        head = sum(base > breaks[0] for base in flow.base) if breaks else 1
        header = _open_row(slots[:head], len(edges) - 1, page, make, following=None)
        return [header, *(row for c in range(len(edges) - 1) for row in _column_items(flow, c, head, page, make))]
    groups: list[list[_Slots]] = []
    for at, row in enumerate(slots):
        if at and flow.goes_on(at, groups[-1]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [
        _open_row(group, len(edges) - 1, page, make, following=groups[n + 1] if n + 1 < len(groups) else None)
        for n, group in enumerate(groups)
    ]


def _column_items(flow: _Wrapping, column: int, first: int, page: int, make: LineMaker) -> list[RawRow]:
    """Read one column of a table whose columns are lists of their own, an item a row, from visual row `first`."""
    items: list[list[Run]] = []
    for at, row in enumerate(flow.slots[first:], start=first):
        if not row[column]:
            continue
        if items and flow.continues(at, column):
            items[-1].extend(row[column])
        else:
            items.append(list(row[column]))
    rows = []
    for runs in items:
        own: list[list[Line]] = [[] for _ in range(len(flow.edges) - 1)]
        own[column] = make(runs)
        rows.append(_row([cell_text(part) for part in own], own, page))
        rows[-1].separate = True
    return rows


def visual_rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs that stand on one height, top to bottom."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: -r.base):
        if rows and abs(rows[-1][0].base - run.base) <= 0.35 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.x0) for row in rows]


def _column_edges(visual: Sequence[Sequence[Run]], left: float, right: float) -> list[float]:
    """Find where the columns part: white gaps that run through all rows with more than one piece."""
    several = [row for row in visual if len(row) > 1] or list(visual)
    size = float(np.median([r.size for row in visual for r in row]))
    cover = np.zeros(int(right - left) + 3, dtype=int)
    for row in several:
        for run in row:
            cover[max(0, int(run.x0 - left)) : max(0, int(run.x1 - left)) + 1] += 1
    # A rare crossing (a cell that spans columns) does not close a gap.
    free = cover <= 0.06 * len(several)
    edges, start = [left - 2], None
    for x, empty in enumerate([*free.tolist(), False]):
        if empty and start is None:
            start = x
        elif not empty and start is not None:
            if start > 0 and x - start >= 0.55 * size and x < len(free):
                edges.append(left + (start + x) / 2)
            start = None
    return _supported([*edges, right + 2], several)


def _supported(edges: list[float], rows: Sequence[Sequence[Run]]) -> list[float]:
    """Drop an edge with fewer than two pieces of text right of it: one long line does not make a column."""
    for at in range(len(edges) - 2, 0, -1):
        if sum(any(edges[at] <= r.x0 < edges[at + 1] for r in row) for row in rows) < 2:
            del edges[at]
    return edges


def _place(row: Sequence[Run], edges: Sequence[float]) -> list[list[Run]]:
    """Put the runs of a visual row into columns, by their left end where they cross an edge."""
    slots: list[list[Run]] = [[] for _ in range(len(edges) - 1)]
    for run in row:
        middle = (run.x0 + run.x1) / 2
        at = _slot(edges, middle if run.x1 - run.x0 < 3 * run.size else min(run.x0 + run.size, middle))
        slots[at if at is not None else 0].append(run)
    return slots


_Slots = list[list[Run]]


class _Wrapping:
    """Which visual rows of an open table go on with the cells above, judged by leading and by full lines."""

    def __init__(self, slots: Sequence[_Slots], edges: Sequence[float], breaks: Sequence[float]) -> None:
        self.slots, self.edges, self.breaks = slots, edges, breaks
        self.base = [min(r.base for slot in row for r in slot) for row in slots]
        columns = range(len(edges) - 1)
        self.left = [min((r.x0 for row in slots for r in row[c]), default=0.0) for c in columns]
        self.right = [max((r.x1 for row in slots for r in row[c]), default=0.0) for c in columns]
        self.size = float(np.median([r.size for row in slots for slot in row for r in slot]))
        steps = [a - b for a, b in zip(self.base, self.base[1:], strict=False)]
        tight, loose = (min(steps), max(steps)) if steps else (0.0, 0.0)
        # Two clearly different leadings: the narrow one is a cell's, the wide one parts rows.
        self.step = (tight + loose) / 2 if loose > 1.25 * tight and sum(s > 1.2 * tight for s in steps) >= 2 else None
        # Lines of one cell are never set this far apart, unless all of the table is.
        usual = float(np.median(steps)) if steps else 0.0
        self.slack = (0.8 if usual > 1.9 * self.size else 1.7) * self.size
        self.parallel = self._is_parallel()

    def parted(self, at: int) -> bool:
        """Tell whether a rule stands between a visual row and the one above."""
        return any(self.base[at] < y < self.base[at - 1] for y in self.breaks)

    def continues(self, at: int, column: int) -> bool:
        """Tell whether a cell's line goes on with the line above it in its column."""
        above, here = self.slots[at - 1][column], self.slots[at][column]
        if not above or not here:
            return False
        if len(self.edges) == 2 and min(r.x0 for r in here) < min(r.x0 for r in above) - 0.6 * self.size:
            return False  # a list under headings in one column: further out stands the next heading
        room = self.right[column] - self.left[column]
        # Lines wrap at the column's edge: a column that never comes near it has no wrapped lines.
        wraps = self.edges[column + 1] - self.right[column] < 2.4 * self.size
        full = wraps and max(r.x1 for r in above) > self.right[column] - self.slack
        if full and (room >= 7 * self.size or sum(1 for slot in self.slots[at] if slot) == 1):
            return True
        return min(r.x0 for r in here) > min(r.x0 for r in above) + 0.6 * self.size and room >= 7 * self.size and full

    def _is_parallel(self) -> bool:
        """Tell a table whose columns wrap independently of each other: they are lists side by side."""
        mixed = both = 0
        for at in range(1, len(self.slots)):
            filled = [c for c, slot in enumerate(self.slots[at]) if slot and self.slots[at - 1][c]]
            if len(filled) < 2 or len(filled) < len(self.edges) - 1 or self.parted(at):
                continue
            both += 1
            mixed += len({self.continues(at, c) for c in filled}) == 2
        return len(self.edges) == 3 and both >= 4 and mixed >= 0.4 * both

    def goes_on(self, at: int, group: Sequence[_Slots]) -> bool:
        """Tell whether a visual row belongs to the row above it."""
        row = self.slots[at]
        filled = [c for c, slot in enumerate(row) if slot]
        opened = [c for c in range(len(row)) if any(line[c] for line in group)]
        if self.parted(at) or any(c not in opened for c in filled):
            return False
        if self.step is not None:
            return self.base[at - 1] - self.base[at] < self.step
        wrapped = [self.continues(at, c) for c in filled]
        if 0 not in filled:
            return any(wrapped)
        return all(wrapped) and (len(filled) < len(opened) or len(opened) == 1 or len(filled) == len(row))


def _open_row(
    group: Sequence[_Slots], columns: int, page: int, make: LineMaker, following: Sequence[_Slots] | None
) -> RawRow:
    """Make one row from the visual rows that belong to it."""
    own = [make([run for line in group for run in line[c]]) for c in range(columns)]
    cells = [cell_text(lines) for lines in own]
    alone = bool(own[0]) and not any(own[1:])
    return _row(cells, own, page, whole=alone and _names_group(own[0], following, columns))


def _names_group(lines: Sequence[Line], following: Sequence[_Slots] | None, columns: int) -> bool:
    """Tell the name of a group of rows from a row with one cell: bold, or with indented rows below."""
    if following is None or not following[0][0]:
        return columns > 1
    below = following[0][0][0]
    return (lines[0].bold and not below.bold) or below.x0 > lines[0].x0 + 0.6 * below.size
