"""The functions of pdfium that are called once a character or once an object, bound without argument checks.

Called that often, the checks cost more than the calls. Pointers are given and returned as addresses, 0 for none.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium_c

if TYPE_CHECKING:
    from collections.abc import Callable

_P, _A, _I, _U, _D = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_uint, ctypes.c_double


def _bound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.CFUNCTYPE(result, *arguments)(address_of(function))


def address_of(pointer: Any) -> int:
    """Return the address that a ctypes pointer holds."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


# Of a character: text page, index, places to write to.
unicode = _bound(pdfium_c.FPDFText_GetUnicode, _U, _P, _I)
char_box = _bound(pdfium_c.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
char_matrix = _bound(pdfium_c.FPDFText_GetMatrix, _I, _P, _I, _P)
char_origin = _bound(pdfium_c.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
font_size = _bound(pdfium_c.FPDFText_GetFontSize, _D, _P, _I)
text_object = _bound(pdfium_c.FPDFText_GetTextObject, _A, _P, _I)

# Of an object, and of the segments of a path.
page_object = _bound(pdfium_c.FPDFPage_GetObject, _A, _P, _I)
form_object = _bound(pdfium_c.FPDFFormObj_GetObject, _A, _P, _I)
form_count = _bound(pdfium_c.FPDFFormObj_CountObjects, _I, _P)
kind = _bound(pdfium_c.FPDFPageObj_GetType, _I, _P)
bounds = _bound(pdfium_c.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
matrix = _bound(pdfium_c.FPDFPageObj_GetMatrix, _I, _P, _P)
fill_colour = _bound(pdfium_c.FPDFPageObj_GetFillColor, _I, _P, _P, _P, _P, _P)
transparent = _bound(pdfium_c.FPDFPageObj_HasTransparency, _I, _P)
render_mode = _bound(pdfium_c.FPDFTextObj_GetTextRenderMode, _I, _P)
font = _bound(pdfium_c.FPDFTextObj_GetFont, _A, _P)
draw_mode = _bound(pdfium_c.FPDFPath_GetDrawMode, _I, _P, _P, _P)
segment_count = _bound(pdfium_c.FPDFPath_CountSegments, _I, _P)
segment = _bound(pdfium_c.FPDFPath_GetPathSegment, _A, _P, _I)
segment_kind = _bound(pdfium_c.FPDFPathSegment_GetType, _I, _P)
segment_point = _bound(pdfium_c.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
segment_closes = _bound(pdfium_c.FPDFPathSegment_GetClose, _I, _P)
