"""Tables without any rule: a caption, and below it rows whose pieces stand in columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.ingest.cells import LineMaker, open_rows, visual_rows
from rag.ingest.columns import column_of
from rag.ingest.layout import Line, Run
from rag.ingest.tables import CAPTION, PageTable

_LEAST_ROWS = 3
_PIECES_APART = 1.2  # ems: the narrowest white space between two cells of a row
_MOST_LEADING = 2.6  # ems from row to row
_MOST_CAPTION = 40
_FULL = 0.75  # of the region's width: a piece that wide is a line of text


def is_caption(text: str) -> bool:
    """Tell a table's caption from a sentence that begins with a table's number."""
    text = text.strip()
    return bool(CAPTION.match(text)) and len(text) <= _MOST_CAPTION and text[-1] not in "。；，"


def find_borderless(
    captions: Sequence[Line], runs: Sequence[Run], gutters: Sequence[tuple[float, float]], page: int, make: LineMaker
) -> tuple[list[PageTable], list[Run]]:
    """Find the tables without rules below captions; return them and the runs that stand outside all of them."""
    tables: list[PageTable] = []
    rest = list(runs)
    for caption in captions:
        inside = _body(caption, rest, gutters)
        if len(visual_rows(inside)) < _LEAST_ROWS:
            continue
        left, right = min(r.x0 for r in inside), max(r.x1 for r in inside)
        rows = open_rows(inside, left, right, page, make)
        filled = sum(sum(bool(c) for c in row.cells) >= 2 for row in rows)
        if len(rows) < 2 or len(rows[0].cells) < 2 or filled < 0.8 * len(rows):
            continue
        low = min(r.bottom for r in inside)
        tables.append(PageTable(page, min(left, caption.x0), low, max(right, caption.x1), caption.y1, [caption], rows, 1))
        gone = {id(r) for r in inside} | {id(r) for r in rest if caption.y0 < r.base < caption.y1 and caption.x0 - 2 < r.x0 < caption.x1}
        rest = [r for r in rest if id(r) not in gone]
    return tables, rest


def _body(caption: Line, runs: Sequence[Run], gutters: Sequence[tuple[float, float]]) -> list[Run]:
    """Take the rows below a caption, in its column, as long as their pieces stand apart."""
    column = column_of(caption, gutters)
    own = [r for r in runs if r.top < caption.y0 + 2 and (column is None or column_of(_place(r), gutters) == column)]
    if not own:
        return []
    width = max(r.x1 for r in own) - min(r.x0 for r in own)
    body: list[Run] = []
    edge, size = caption.y0, float(np.median([r.size for r in own]))
    for row in visual_rows(own):
        apart = all(b.x0 - a.x1 > _PIECES_APART * size for a, b in zip(row, row[1:], strict=False))
        wide = max(r.x1 - r.x0 for r in row) > _FULL * width
        if edge - row[0].base > _MOST_LEADING * size or wide or not apart or (len(row) < 2 and not body):
            break
        if len(row) < 2 and not _under_a_cell(row[0], body):
            break
        body.extend(row)
        edge = row[0].base
    return body


def _under_a_cell(run: Run, body: Sequence[Run]) -> bool:
    """Tell whether a single piece goes on with a cell above rather than beginning a line of text."""
    first = min(r.x0 for r in body)
    return run.x0 > first + 2 * run.size and any(abs(r.x0 - run.x0) < run.size for r in body)


def _place(run: Run) -> Line:
    return Line("", run.x0, run.bottom, run.x1, run.top, run.size)
