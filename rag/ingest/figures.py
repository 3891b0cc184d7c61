"""What belongs to drawn figures: the labels of flow charts and plots, which are no sentences, and boxes beside the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rag.ingest.columns import column_of
from rag.ingest.layout import Line, Run
from rag.ingest.rules import Drawing
from rag.ingest.tables import CAPTION

Region = tuple[float, float, float, float]

FIGURE = re.compile(r"图\s*[A-Z]?\d+(?:[.．\-–]\d+)?(?![\d）)]|[所中、和及至])")
_MOST_CAPTION = 60
_NEAR, _BESIDE = 24.0, 72.0  # points up and sideways between the strokes of one figure
_LEAST_SHAPES, _LEAST_LABELS = 8, 3
_MOST_OF_PAGE = 0.45
_LEAST_WIDTH, _LEAST_HEIGHT, _LEAST_LINES = 100.0, 30.0, 3


def is_figure_caption(text: str) -> bool:
    """Tell a figure's caption from a sentence that begins with a figure's number."""
    text = text.strip()
    return bool(FIGURE.match(text)) and len(text) <= _MOST_CAPTION and text[-1] not in "。；，"


def find_figures(
    drawing: Drawing, captions: Sequence[Line], gutters: Sequence[tuple[float, float]], page: tuple[float, float]
) -> list[Region]:
    """Find the regions of a page (width, height) where strokes stand above a figure's caption, close to each other."""
    shapes = [s for s in drawing.shapes if not _large(s, page)]
    regions = []
    for caption in captions:
        column = column_of(caption, gutters)
        above = [s for s in shapes if s[1] > caption.y0 - 2 and (column is None or column_of(_place(s), gutters) == column)]
        own = np.array(above).reshape(-1, 4)
        box = np.array([caption.x0, caption.y1, caption.x1, caption.y1])
        taken = np.zeros(len(own), dtype=bool)
        while True:
            near = ~taken & (own[:, 0] < box[2] + _BESIDE) & (own[:, 2] > box[0] - _BESIDE) & (own[:, 1] < box[3] + _NEAR)
            if not near.any():
                break
            taken |= near
            box = np.concatenate([np.minimum(box[:2], own[near, :2].min(axis=0)), np.maximum(box[2:], own[near, 2:].max(axis=0))])
        if taken.sum() >= _LEAST_SHAPES:
            regions.append((float(box[0]), float(box[1]), float(box[2]), float(box[3])))
    return regions


def labels_in(region: Region, runs: Sequence[Run], texts: Sequence[str]) -> list[Run]:
    """List the runs (with their texts) that label a figure; none where the region holds a table's caption or too little."""
    x0, y0, x1, y1 = region
    inside = [x0 - 2 < (r.x0 + r.x1) / 2 < x1 + 2 and y0 < r.base < y1 + 2 for r in runs]
    held = [r for r, own in zip(runs, inside, strict=True) if own]
    table = any(own and CAPTION.match(text) for text, own in zip(texts, inside, strict=True))
    return held if len(held) >= _LEAST_LABELS and not table else []


def outside(drawing: Drawing, region: Region) -> Drawing:
    """Give a drawing without the rules of a figure: those are no table's."""
    across = [r for r in drawing.across if not _holds(region, r)]
    down = [r for r in drawing.down if not _holds(region, r)]
    return Drawing(across, down, drawing.pictures, drawing.covers, drawing.shapes)


def mark_boxed(lines: Sequence[Line], drawing: Drawing, page: tuple[float, float]) -> None:
    """Mark the lines that stand in a drawn box with others, such as key points set beside the text."""
    for shape in drawing.shapes:
        if shape[2] - shape[0] < _LEAST_WIDTH or shape[3] - shape[1] < _LEAST_HEIGHT or _large(shape, page):
            continue
        inside = [li for li in lines if _holds(shape, (li.x0, (li.y0 + li.y1) / 2, li.x1, (li.y0 + li.y1) / 2))]
        if _LEAST_LINES <= len(inside) < 0.5 * len(lines):
            for line in inside:
                line.boxed = True


def _place(shape: Region) -> Line:
    return Line("", *shape, size=1.0)


def _large(shape: Region, page: tuple[float, float]) -> bool:
    return (shape[2] - shape[0]) * (shape[3] - shape[1]) > _MOST_OF_PAGE * page[0] * page[1]


def _holds(region: Region, place: Sequence[float]) -> bool:
    return region[0] - 2 <= place[0] and place[2] <= region[2] + 2 and region[1] - 2 <= place[1] and place[3] <= region[3] + 2
