"""Which straight rules and pictures a page has: the frame of its tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium_c

from rag.ingest import pdfium

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_THICK = 2.6
_COVERS = 5.0  # points: a filled area at least this wide and high can hide text
_MAX_DEPTH = 4
# A page with more objects than this in paths is a drawing; its rules are no table's.
_MAX_PATHS = 6000


class Rule(NamedTuple):
    """A straight stroke: horizontal from x0 to x1 at y0 = y1, or vertical from y0 to y1 at x0 = x1."""

    x0: float
    y0: float
    x1: float
    y1: float


class Cover(NamedTuple):
    """A picture or filled shape that may hide text: its box, its place among the page's objects, and if it is opaque."""

    x0: float
    y0: float
    x1: float
    y1: float
    order: int
    opaque_picture: bool


@dataclass(slots=True)
class Drawing:
    """A page's horizontal and vertical rules, the boxes of its pictures, what is painted over other things, and all paths' boxes.

    `texts` gives the place of each text object, by its address, in the order of painting that covers count in.
    """

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    shapes: list[tuple[float, float, float, float]] = field(default_factory=list)
    texts: dict[int, int] = field(default_factory=dict)


Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_drawing(page: PdfPage) -> Drawing:
    """Collect the straight rules and pictures of a page, those inside form objects too, and the order of its texts."""
    drawing = Drawing()
    walk = _objects(pdfium.address_of(page.raw), pdfium_c.FPDFPage_CountObjects(page.raw), _IDENTITY, 0)
    paths = 0
    for order, (kind, obj, matrix) in enumerate(walk):
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            drawing.texts[obj] = order
        elif paths > _MAX_PATHS:
            continue
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(obj, matrix)
            drawing.pictures.append(box)
            drawing.covers.append(Cover(*box, order, not pdfium.transparent(obj)))
        else:
            paths += 1
            _add_path(drawing, obj, matrix, order)
    if paths > _MAX_PATHS:
        return Drawing(pictures=drawing.pictures, covers=drawing.covers, texts=drawing.texts)
    return drawing


_LEAVES = (pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)


def _objects(owner: int, count: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, int, Matrix]]:
    """Walk the texts, paths and images of a page or form object, by address, in the order of painting."""
    get = pdfium.form_object if depth else pdfium.page_object
    for obj in map(get, repeat(owner), range(count)):
        kind = pdfium.kind(obj)
        if kind in _LEAVES:
            yield kind, obj, matrix
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            yield from _objects(obj, pdfium.form_count(obj), _times(_matrix(obj), matrix), depth + 1)


def _add_path(drawing: Drawing, obj: int, matrix: Matrix, order: int) -> None:
    """Add the straight parts of a path, or the area that it fills."""
    x0, y0, x1, y1 = _bounds(obj, matrix)
    drawing.shapes.append((x0, y0, x1, y1))
    width, height = x1 - x0, y1 - y0
    if height <= _THICK and width > 4 * max(height, 1):
        drawing.across.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif width <= _THICK and height > 4 * max(width, 1):
        drawing.down.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    if min(width, height) <= _THICK:
        return
    modes = np.zeros(2, np.int32)
    pdfium.draw_mode(obj, *_places(modes))
    fill, stroke = modes.tolist()
    if fill and width > _COVERS and height > _COVERS:
        drawing.covers.append(Cover(x0, y0, x1, y1, order, False))
    if stroke and pdfium.segment_count(obj) <= 400:
        _add_segments(drawing, obj, matrix)


def _add_segments(drawing: Drawing, obj: int, matrix: Matrix) -> None:
    """Add each straight horizontal or vertical segment of a stroked path."""
    full = _times(_matrix(obj), matrix)
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    place = np.zeros(2, np.float32)
    for segment in map(pdfium.segment, repeat(obj), range(pdfium.segment_count(obj))):
        pdfium.segment_point(segment, *_places(place))
        point = _apply(full, *place.tolist())
        kind = pdfium.segment_kind(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO and last:
            _add_segment(drawing, last, point)
        if pdfium.segment_closes(segment) and start:
            _add_segment(drawing, point, start)
        last = point


def _add_segment(drawing: Drawing, a: tuple[float, float], b: tuple[float, float]) -> None:
    x0, x1 = sorted((a[0], b[0]))
    y0, y1 = sorted((a[1], b[1]))
    if y1 - y0 <= 1.0 and x1 - x0 > 4:
        drawing.across.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= 1.0 and y1 - y0 > 4:
        drawing.down.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))


def _bounds(obj: int, matrix: Matrix) -> tuple[float, float, float, float]:
    """Give an object's box on the page."""
    edges = np.zeros(4, np.float32)
    pdfium.bounds(obj, *_places(edges))
    left, bottom, right, top = edges.tolist()
    if matrix == _IDENTITY:
        return left, bottom, right, top
    corners = [_apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(obj: int) -> Matrix:
    """Give an object's own matrix."""
    own = np.zeros(6, np.float32)
    pdfium.matrix(obj, own.ctypes.data)
    a, b, c, d, e, f = own.tolist()
    return a, b, c, d, e, f


def _places(values: np.ndarray) -> range:
    """Give the addresses of values, for pdfium to write to."""
    start = values.ctypes.data
    return range(start, start + values.nbytes, values.itemsize)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Multiply two matrices: first m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
