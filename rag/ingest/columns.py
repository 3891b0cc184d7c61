"""In which order the lines of a page are read: where its columns part, and what stands across them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

from rag.ingest.layout import Run

# Raster in points, fine enough for a gutter of one em.
_DX, _DY = 2.0, 3.0
_MIN_COLUMN_EMS = 8.0


class Placed(Protocol):
    """Anything that has a place on the page."""

    x0: float
    y0: float
    x1: float
    y1: float


T = TypeVar("T", bound=Placed)


def find_gutters(runs: Sequence[Run], left: float, right: float) -> list[tuple[float, float]]:
    """Find the white gaps (x0, x1) that part text columns between two page edges, left to right."""
    inside = [r for r in runs if r.x0 >= left - 1 and r.x1 <= right + 1]
    gutter = _find_gutter(inside, left, right)
    if gutter is None:
        return []
    return [*find_gutters(inside, left, gutter[0]), gutter, *find_gutters(inside, gutter[1], right)]


def _find_gutter(runs: Sequence[Run], left: float, right: float) -> tuple[float, float] | None:
    """Find the gap that the most text lines leave free and that has columns on both sides, or None."""
    if len(runs) < 12:
        return None
    size = float(np.median([r.size for r in runs]))
    if right - left < 2 * _MIN_COLUMN_EMS * size:
        return None
    ink = _paint(runs, left, right)
    both = np.logical_or.accumulate(ink, axis=1) & np.logical_or.accumulate(ink[:, ::-1], axis=1)[:, ::-1]
    free = (both & ~ink).sum(axis=0)
    margin = int(_MIN_COLUMN_EMS * size / _DX)
    free[:margin] = 0
    free[-margin:] = 0
    needed = max(0.15 * int(both.any(axis=1).sum()), 6 * size / _DY)
    best, best_score = None, 0.0
    while (votes := int(free.max())) >= needed:
        start, stop = _widen(free, int(free.argmax()))
        gutter = left + start * _DX, left + stop * _DX
        if gutter[1] - gutter[0] >= 0.8 * size:
            score = votes * _balance(runs, gutter, size)
            if score > best_score:
                best, best_score = gutter, score
        free[max(0, start - 1) : stop + 1] = 0
    return best


def _widen(free: np.ndarray, peak: int) -> tuple[int, int]:
    """Give the bounds of the interval around a peak that nearly as many lines leave free."""
    good = free >= 0.85 * free[peak]
    start, stop = peak, peak + 1
    while start > 0 and good[start - 1]:
        start -= 1
    while stop < len(good) and good[stop]:
        stop += 1
    return start, stop


def _paint(runs: Sequence[Run], left: float, right: float) -> np.ndarray:
    """Draw the runs into a coarse raster."""
    low = min(r.bottom for r in runs)
    height = int((max(r.top for r in runs) - low) / _DY) + 2
    ink = np.zeros((height, int((right - left) / _DX) + 2), dtype=bool)
    for r in runs:
        y0, y1 = int((r.bottom - low) / _DY), int((r.top - low) / _DY)
        # Half an em of slack closes the gaps inside lines but not the gutter.
        ink[y0 : y1 + 1, max(0, int((r.x0 - left) / _DX)) : int((r.x1 - left) / _DX) + 1] = True
    return ink


def _balance(runs: Sequence[Run], gutter: tuple[float, float], size: float) -> float:
    """Compare the line widths left and right of a gap, 0 where either side is no text column.

    Lines of a text column are long and begin flush; those of a list's or table's column do not.
    """
    medians = []
    for side in ([r for r in runs if r.x1 <= gutter[0] + size], [r for r in runs if r.x0 >= gutter[1] - size]):
        lines = _joined_widths(side)
        if len(lines) < 4 or _flush(np.array([x for x, _ in lines]), size) < 0.6:
            return 0.0
        medians.append(float(np.median([w for _, w in lines])))
    if min(medians) < _MIN_COLUMN_EMS * size:
        return 0.0
    return min(medians) / max(medians)


def _flush(starts: np.ndarray, size: float) -> float:
    """Give the share of lines that begin at one of the two commonest left edges (hanging or indented lines have two)."""
    share, rest = 0.0, starts
    for _ in range(2):
        if not len(rest):
            break
        near = np.abs(rest[:, None] - rest[None, :]) < 0.4 * size
        home = near[near.sum(axis=1).argmax()]
        share += float(home.sum()) / len(starts)
        rest = rest[~home]
    return share


def _joined_widths(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Give the left edge and width of each row of runs."""
    rows: dict[int, list[Run]] = {}
    for r in runs:
        rows.setdefault(round(r.base / 3), []).append(r)
    return [(min(r.x0 for r in row), max(r.x1 for r in row) - min(r.x0 for r in row)) for row in rows.values()]


def reading_order(items: Sequence[T], gutters: Sequence[tuple[float, float]]) -> list[tuple[int | None, list[T]]]:
    """Order what stands on a page into flows, top to bottom.

    Each flow has the number of its column, None for what stands across columns, and its items.
    """
    if not gutters:
        ordered = sorted(items, key=lambda i: (-i.y1, i.x0))
        return [(0, ordered)] if ordered else []
    columns: list[list[T]] = [[] for _ in range(len(gutters) + 1)]
    flows: list[tuple[int | None, list[T]]] = []
    for item in sorted(items, key=lambda i: (-(i.y0 + i.y1), i.x0)):
        column = column_of(item, gutters)
        if column is not None:
            columns[column].append(item)
            continue
        flows.extend((n, c) for n, c in enumerate(columns) if c)
        columns = [[] for _ in columns]
        if flows and flows[-1][0] is None:
            flows[-1][1].append(item)
        else:
            flows.append((None, [item]))
    return flows + [(n, c) for n, c in enumerate(columns) if c]


def column_of(item: Placed, gutters: Sequence[tuple[float, float]]) -> int | None:
    """Give the number of the column that an item stands in, or None where it crosses a gutter."""
    for g0, g1 in gutters:
        if item.x0 < (g0 + g1) / 2 - 1 and item.x1 > g1 + 2:
            return None
        if item.x0 < g0 - 2 and item.x1 > (g0 + g1) / 2 + 1:
            return None
    middle = (item.x0 + item.x1) / 2
    return sum(middle > (g0 + g1) / 2 for g0, g1 in gutters)
