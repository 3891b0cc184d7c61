"""Where each character of a PDF page stands, how large it is, and in what face."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as pdfium_c

if TYPE_CHECKING:
    from collections.abc import Callable

    from pypdfium2 import PdfPage

# Chinese bold faces are separate fonts with weight 400; their names tell.
_HEAVY_NAME = re.compile(r"bold|black|heavy|simhei|hei(?!ght)|xiaobiao|xbs|fzdbs|FZHT|FZXH|黑", re.IGNORECASE)
_LIGHT_NAME = re.compile(r"xihei|light|thin", re.IGNORECASE)
_INVISIBLE_MODES = (3, 7)
_WHITE = [code for code in range(0x3001) if chr(code).isspace()]
_FAINT, _LIGHT = 40, 225  # of 255: alpha, and the darkest colour channel


@dataclass(frozen=True, slots=True)
class Face:
    """What the characters of one text object share; `turn` is the writing direction in quarter turns, -1 if oblique.

    `hidden` says that it is not painted, `pale` that its colour is hardly seen on white; `owner` and `font` are the
    addresses of the text object and its font. `confidence` is the recogniser's, None for a text layer.
    """

    baseline: float
    size: float
    bold: bool
    turn: int
    hidden: bool = False
    pale: bool = False
    owner: int = 0
    font: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A page's inked characters: unicode values, ink boxes (n x 4: x0, y0, x1, y1), faces, and spaces before them."""

    chars: tuple[str, ...]
    boxes: np.ndarray
    face: np.ndarray
    faces: tuple[Face, ...]
    spaced: np.ndarray


def _prototype(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Bind a pdfium function without argument checks: called once a character, those cost more than the call."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_P, _I, _U, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_double
_unicode = _prototype(pdfium_c.FPDFText_GetUnicode, _U, _P, _I)
_char_box = _prototype(pdfium_c.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
_text_object = _prototype(pdfium_c.FPDFText_GetTextObject, _P, _P, _I)
_matrix = _prototype(pdfium_c.FPDFText_GetMatrix, _I, _P, _I, _P)
_origin = _prototype(pdfium_c.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
_font_size = _prototype(pdfium_c.FPDFText_GetFontSize, _F, _P, _I)
_render_mode = _prototype(pdfium_c.FPDFTextObj_GetTextRenderMode, _I, _P)
_font = _prototype(pdfium_c.FPDFTextObj_GetFont, _P, _P)
_fill = _prototype(pdfium_c.FPDFPageObj_GetFillColor, _I, _P, _P, _P, _P, _P)


def read_glyphs(page: PdfPage) -> Glyphs:
    """Read the characters of a page in content order; white space is kept only as a mark on the next character."""
    textpage = page.get_textpage()
    handle = ctypes.cast(textpage.raw, _P).value or 0
    count = max(textpage.count_chars(), 0)
    every = [handle] * count
    codes = np.fromiter(map(_unicode, every, range(count)), np.int64, count)
    owners = np.fromiter((owner or 0 for owner in map(_text_object, every, range(count))), np.uint64, count)
    boxes = np.zeros((count, 4))
    # pdfium gives left, right, bottom, top.
    list(map(_char_box, every, range(count), *(_addresses(boxes, 8 * field) for field in (0, 2, 1, 3))))
    white = np.isin(codes, _WHITE)
    trailing = (codes >= 0xDC00) & (codes <= 0xDFFF)
    # A character without an object is one that pdfium made up: white space, or a line-end hyphen of its own.
    keep = np.flatnonzero((owners != 0) & ~white & ~trailing)
    spaces = np.cumsum(white)[keep]
    named, first, face = np.unique(owners[keep], return_index=True, return_inverse=True)
    faces = _read_faces(handle, named, keep[first])
    textpage.close()
    chars = tuple(_char(codes, i) for i in keep.tolist()) if trailing.any() else tuple(map(_character, codes[keep].tolist()))
    return Glyphs(chars, boxes[keep], face.astype(np.int64), faces, np.diff(spaces, prepend=0) > 0)


def _read_faces(handle: int, owners: np.ndarray, indexes: np.ndarray) -> tuple[Face, ...]:
    """Read what the characters of each text object share, from one character (by index) of each."""
    count = len(owners)
    objects, chars, every = owners.tolist(), indexes.tolist(), [handle] * count
    matrix, origin, colour = np.zeros((count, 6), np.float32), np.zeros((count, 2)), np.zeros((count, 4), np.uint32)
    list(map(_matrix, every, chars, _addresses(matrix, 0)))
    list(map(_origin, every, chars, _addresses(origin, 0), _addresses(origin, 8)))
    known = np.fromiter(map(_fill, objects, *(_addresses(colour, 4 * n) for n in range(4))), bool, count)
    size = np.fromiter(map(_font_size, every, chars), float, count) * np.hypot(matrix[:, 2], matrix[:, 3])
    modes = map(_render_mode, objects)
    fonts = [font or 0 for font in map(_font, objects)]
    heavy = {font: _heavy(font) for font in set(fonts)}
    pale = known & ((colour[:, 3] < _FAINT) | (colour[:, :3].min(axis=1) >= _LIGHT))
    level = np.abs(matrix[:, 0]) >= np.abs(matrix[:, 1])
    rows = zip(
        np.where(level, origin[:, 1], origin[:, 0]).tolist(), np.where(size > 0, size, 1.0).tolist(), fonts, modes,
        map(_turn, matrix[:, 0].tolist(), matrix[:, 1].tolist()), pale.tolist(), objects, strict=True,
    )  # fmt: skip
    return tuple(
        Face(base, em, heavy[font] or mode == 2, turn, mode in _INVISIBLE_MODES, faint, owner, font)
        for base, em, font, mode, turn, faint, owner in rows
    )


def _addresses(rows: np.ndarray, offset: int) -> range:
    """Give the address of a field in each row of a table, for pdfium to write to."""
    start = rows.ctypes.data + offset
    step = rows.shape[1] * rows.itemsize
    return range(start, start + step * len(rows), step)


def _char(codes: np.ndarray, i: int) -> str:
    """Give the character at an index, of two codes where it takes two."""
    code = int(codes[i])
    if 0xD800 <= code <= 0xDBFF and i + 1 < len(codes) and 0xDC00 <= codes[i + 1] <= 0xDFFF:
        return chr(0x10000 + ((code - 0xD800) << 10) + int(codes[i + 1]) - 0xDC00)
    return _character(code)


def _character(code: int) -> str:
    """Turn a code into a character: a hyphen for pdfium's own, U+FFFD where it is none."""
    if code in (0xFFFE, 0x02):
        return "-"
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _turn(a: float, b: float) -> int:
    """Tell the quarter turns of a writing direction (1 reads upwards), or -1 for an oblique one."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b > 0 else 3
    return -1


def _heavy(font: int) -> bool:
    """Tell whether a font is a bold one, by weight or by name."""
    if not font:
        return False
    pointer = ctypes.cast(font, pdfium_c.FPDF_FONT)
    needed = pdfium_c.FPDFFont_GetBaseFontName(pointer, None, 0)
    buffer = ctypes.create_string_buffer(max(needed, 1))
    pdfium_c.FPDFFont_GetBaseFontName(pointer, buffer, needed)
    return _heavy_name(buffer.value.decode("utf-8", "replace"), pdfium_c.FPDFFont_GetWeight(pointer))


@cache
def _heavy_name(name: str, weight: int) -> bool:
    return weight >= 600 or bool(_HEAVY_NAME.search(name) and not _LIGHT_NAME.search(name))
