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
    codes = list(map(_unicode, [handle] * count, range(count)))
    owners = list(map(_text_object, [handle] * count, range(count)))
    buffer = (ctypes.c_double * (4 * count))()
    base = ctypes.addressof(buffer)
    for i, owner in enumerate(owners):
        if owner:
            at = base + 32 * i
            _char_box(handle, i, at, at + 8, at + 16, at + 24)
    boxes = np.frombuffer(buffer, dtype=np.float64).reshape(count, 4)[:, [0, 2, 1, 3]]
    reader = _FaceReader(handle)
    keep, face, spaced, chars = [], [], [], []
    space, last, number = False, 0, 0
    for i, (code, owner) in enumerate(zip(codes, owners, strict=True)):
        char = chr(code) if 0 < code < 0xD800 else _char(code)
        # A character without an object is one that pdfium made up: white space, or a line-end hyphen of its own.
        if not owner or char.isspace():
            space = space or char.isspace()
            continue
        if 0xDC00 <= code <= 0xDFFF and chars and 0xD800 <= codes[i - 1] <= 0xDBFF:
            chars[-1] = chr(0x10000 + ((codes[i - 1] - 0xD800) << 10) + code - 0xDC00)
            continue
        keep.append(i)
        chars.append("-" if code in (0xFFFE, 0x02) else char)
        if owner != last:
            last, number = owner, reader.number(owner, i)
        face.append(number)
        spaced.append(space)
        space = False
    textpage.close()
    faces = tuple(reader.faces)
    return Glyphs(tuple(chars), boxes[keep], np.array(face, dtype=np.int64), faces, np.array(spaced, dtype=bool))


class _FaceReader:
    """The faces of a page's text objects, each read once."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.faces: list[Face] = []
        self._known: dict[int, int] = {}
        self._bold: dict[int, bool] = {}
        self._m = (ctypes.c_float * 6)()
        self._xy = (ctypes.c_double * 2)()
        self._rgba = (ctypes.c_uint * 4)()

    def number(self, owner: int, index: int) -> int:
        """Give the number of the face of a text object, `index` being one of its characters."""
        known = self._known.get(owner)
        if known is None:
            known = self._known[owner] = len(self.faces)
            self.faces.append(self._read(owner, index))
        return known

    def _read(self, owner: int, index: int) -> Face:
        m, xy = self._m, self._xy
        at = ctypes.addressof(xy)
        _matrix(self.handle, index, ctypes.addressof(m))
        _origin(self.handle, index, at, at + 8)
        a, b, c, d = m[0], m[1], m[2], m[3]
        mode = _render_mode(owner)
        font = _font(owner) or 0
        bold = self._bold.get(font)
        if bold is None:
            bold = self._bold[font] = _heavy(font)
        return Face(
            xy[1] if abs(a) >= abs(b) else xy[0],
            _font_size(self.handle, index) * (c * c + d * d) ** 0.5 or 1.0,
            bold or mode == 2,
            _turn(a, b),
            mode in _INVISIBLE_MODES,
            self._pale(owner),
            owner,
            font,
        )

    def _pale(self, owner: int) -> bool:
        """Tell whether a text object is painted nearly white or nearly transparent."""
        rgba = self._rgba
        at = ctypes.addressof(rgba)
        if not _fill(owner, at, at + 4, at + 8, at + 12):
            return False
        return rgba[3] < _FAINT or min(rgba[0], rgba[1], rgba[2]) >= _LIGHT


def _char(code: int) -> str:
    """Turn a code into a character, U+FFFD where it is none."""
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
