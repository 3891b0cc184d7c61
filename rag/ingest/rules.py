"""Which straight rules and pictures a page has: the frame of its tables and figures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2.raw as pdfium_c

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
    """A page's horizontal and vertical rules, the boxes of its pictures, what is painted over other things, and all paths' boxes."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    shapes: list[tuple[float, float, float, float]] = field(default_factory=list)


Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_drawing(page: PdfPage) -> Drawing:
    """Collect the straight rules and pictures of a page, those inside form objects too."""
    drawing = Drawing()
    raw = page.raw
    paths = 0
    for order, (kind, obj, matrix) in enumerate(_objects(raw, pdfium_c.FPDFPage_CountObjects(raw), _IDENTITY, 0)):
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(obj, matrix)
            drawing.pictures.append(box)
            drawing.covers.append(Cover(*box, order, not pdfium_c.FPDFPageObj_HasTransparency(obj)))
            continue
        paths += 1
        if paths > _MAX_PATHS:
            return Drawing(pictures=drawing.pictures, covers=drawing.covers)
        _add_path(drawing, obj, matrix, order)
    return drawing


def text_orders(page: PdfPage) -> dict[int, int]:
    """Return the place of each text object, by its address, in the order of painting that covers count in."""
    raw = page.raw
    walk = enumerate(_objects(raw, pdfium_c.FPDFPage_CountObjects(raw), _IDENTITY, 0))
    return {
        ctypes.cast(obj, ctypes.c_void_p).value or 0: order
        for order, (kind, obj, _) in walk
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT
    }


_LEAVES = (pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)


def _objects(owner: Any, count: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, Any, Matrix]]:
    """Walk the texts, paths and images of a page or form object in the order of painting."""
    get = pdfium_c.FPDFFormObj_GetObject if depth else pdfium_c.FPDFPage_GetObject
    kind_of = pdfium_c.FPDFPageObj_GetType
    for i in range(count):
        obj = get(owner, i)
        kind = kind_of(obj)
        if kind in _LEAVES:
            yield kind, obj, matrix
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            own = pdfium_c.FS_MATRIX()
            pdfium_c.FPDFPageObj_GetMatrix(obj, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            yield from _objects(obj, pdfium_c.FPDFFormObj_CountObjects(obj), inner, depth + 1)


def _add_path(drawing: Drawing, obj: Any, matrix: Matrix, order: int) -> None:
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
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(obj, fill, stroke)
    if fill.value and width > _COVERS and height > _COVERS:
        drawing.covers.append(Cover(x0, y0, x1, y1, order, False))
    if stroke.value and pdfium_c.FPDFPath_CountSegments(obj) <= 400:
        _add_segments(drawing, obj, matrix)


def _add_segments(drawing: Drawing, obj: Any, matrix: Matrix) -> None:
    """Add each straight horizontal or vertical segment of a stroked path."""
    own = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(obj, own)
    full = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for i in range(pdfium_c.FPDFPath_CountSegments(obj)):
        segment = pdfium_c.FPDFPath_GetPathSegment(obj, i)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(full, x.value, y.value)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO and last:
            _add_segment(drawing, last, point)
        if pdfium_c.FPDFPathSegment_GetClose(segment) and start:
            _add_segment(drawing, point, start)
        last = point


def _add_segment(drawing: Drawing, a: tuple[float, float], b: tuple[float, float]) -> None:
    x0, x1 = sorted((a[0], b[0]))
    y0, y1 = sorted((a[1], b[1]))
    if y1 - y0 <= 1.0 and x1 - x0 > 4:
        drawing.across.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= 1.0 and y1 - y0 > 4:
        drawing.down.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))


def _bounds(obj: Any, matrix: Matrix) -> tuple[float, float, float, float]:
    """Give an object's box on the page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium_c.FPDFPageObj_GetBounds(obj, left, bottom, right, top)
    if matrix == _IDENTITY:
        return left.value, bottom.value, right.value, top.value
    corners = [_apply(matrix, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return min(xs), min(ys), max(xs), max(ys)


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
