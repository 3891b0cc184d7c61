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


@dataclass(frozen=True, slots=True)
class Face:
    """What the characters of one text object share; `turn` is the writing direction in quarter turns, -1 if oblique."""

    baseline: float
    size: float
    bold: bool
    turn: int
    hidden: bool


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


_P, _I, _U = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_unicode = _prototype(pdfium_c.FPDFText_GetUnicode, _U, _P, _I)
_char_box = _prototype(pdfium_c.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
_text_object = _prototype(pdfium_c.FPDFText_GetTextObject, _P, _P, _I)


def read_glyphs(page: PdfPage) -> Glyphs:
    """Read the characters of a page in content order; white space is kept only as a mark on the next character."""
    textpage = page.get_textpage()
    raw = textpage.raw
    handle = ctypes.cast(raw, _P).value
    count = max(textpage.count_chars(), 0)
    every, handles = range(count), [handle] * count
    codes = list(map(_unicode, handles, every))
    owners = list(map(_text_object, handles, every))
    buffer = (ctypes.c_double * (4 * count))()
    base = ctypes.addressof(buffer)
    for i in every:
        at = base + 32 * i
        _char_box(handle, i, at, at + 8, at + 16, at + 24)
    boxes = np.frombuffer(buffer, dtype=np.float64).reshape(count, 4)[:, [0, 2, 1, 3]]
    keep, face, spaced, chars, faces = [], [], [], [], []
    known: dict[int, int] = {}
    space = False
    for i, (code, owner) in enumerate(zip(codes, owners, strict=True)):
        char = _char(code)
        if 0xDC00 <= code <= 0xDFFF and chars and 0xD800 <= codes[i - 1] <= 0xDBFF:
            chars[-1] = chr(0x10000 + ((codes[i - 1] - 0xD800) << 10) + code - 0xDC00)
            continue
        if char.isspace() or not owner:
            # pdfium reports a line-end hyphen as U+FFFE without owner; any other ownerless character is a guess.
            space = space or char.isspace()
            continue
        if owner not in known:
            known[owner] = len(faces)
            faces.append(_face(raw, owner, i))
        keep.append(i)
        chars.append("-" if code in (0xFFFE, 0x02) else char)
        face.append(known[owner])
        spaced.append(space)
        space = False
    textpage.close()
    return Glyphs(tuple(chars), boxes[keep], np.array(face, dtype=np.int64), tuple(faces), np.array(spaced, dtype=bool))


def _char(code: int) -> str:
    """Turn a code into a character, U+FFFD where it is none."""
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _face(raw: Any, owner: int, index: int) -> Face:
    """Describe the text object that owns the character at `index`."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * (c * c + d * d) ** 0.5
    obj = ctypes.cast(owner, pdfium_c.FPDF_PAGEOBJECT)
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(obj)
    return Face(
        baseline=y.value if abs(a) >= abs(b) else x.value,
        size=float(size) or 1.0,
        bold=_heavy(ctypes.cast(pdfium_c.FPDFTextObj_GetFont(obj), _P).value or 0) or mode == 2,
        turn=_turn(a, b),
        hidden=mode in _INVISIBLE_MODES or _white(obj),
    )


def _turn(a: float, b: float) -> int:
    """Tell the quarter turns of a writing direction (1 reads upwards), or -1 for an oblique one."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b > 0 else 3
    return -1


def _white(obj: Any) -> bool:
    """Tell whether a text object is painted white or fully transparent."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(obj, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= 253


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
