"""Where each character of a PDF page stands, how large it is, and in what face."""

from __future__ import annotations

import ctypes
import re
from collections import deque
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2.raw as pdfium_c

from rag.ingest import pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

# Chinese bold faces are separate fonts with weight 400; their names tell.
_HEAVY_NAME = re.compile(r"bold|black|heavy|simhei|hei(?!ght)|xiaobiao|xbs|fzdbs|FZHT|FZXH|黑", re.IGNORECASE)
_LIGHT_NAME = re.compile(r"xihei|light|thin", re.IGNORECASE)
_INVISIBLE_MODES = (3, 7)
_WHITE = [code for code in range(0x3001) if chr(code).isspace()]
_FAINT, _LIGHT = 40, 225  # of 255: alpha, and the darkest colour channel


@dataclass(frozen=True, slots=True)
class Faces:
    """What the characters of one text object share, for each of them; `turn` is the writing direction in quarter turns, -1 if oblique.

    `hidden` says that it is not painted, `pale` that its colour is hardly seen on white; `owner` and `font` are the
    addresses of the text object and its font. `confidence` is the recogniser's, not a number for a text layer.
    """

    baseline: np.ndarray
    size: np.ndarray
    bold: np.ndarray
    turn: np.ndarray
    hidden: np.ndarray
    pale: np.ndarray
    owner: np.ndarray
    font: np.ndarray
    confidence: np.ndarray

    def joined(self, more: Faces) -> Faces:
        """Append other faces."""
        return Faces(*(np.concatenate([getattr(self, name), getattr(more, name)]) for name in self.__slots__))


@dataclass(frozen=True)
class Glyphs:
    """A page's inked characters, their ink boxes (n x 4: x0, y0, x1, y1), the number of their face, and spaces before them."""

    chars: str
    boxes: np.ndarray
    face: np.ndarray
    faces: Faces
    spaced: np.ndarray

    # Lines are made character by character, for which lists are quicker than arrays.
    @cached_property
    def lefts(self) -> list[float]:
        """List the left edges."""
        return self.boxes[:, 0].tolist()

    @cached_property
    def rights(self) -> list[float]:
        """List the right edges."""
        return self.boxes[:, 2].tolist()

    @cached_property
    def spaces(self) -> list[bool]:
        """List whether a space stands before each character."""
        return self.spaced.tolist()

    @cached_property
    def recognised(self) -> bool:
        """Tell whether any of them comes from the recogniser."""
        return not np.isnan(self.faces.confidence).all()


def codes_of(chars: str) -> np.ndarray:
    """Return the code points of characters, uint32."""
    return np.frombuffer(chars.encode("utf-32-le"), np.uint32)


def read_glyphs(page: PdfPage) -> Glyphs:
    """Read the characters of a page in content order; white space is kept only as a mark on the next character."""
    textpage = page.get_textpage()
    handle = pdfium.address_of(textpage.raw)
    count = max(textpage.count_chars(), 0)
    codes = np.fromiter(map(pdfium.unicode, repeat(handle), range(count)), np.int64, count)
    owners = np.fromiter(map(pdfium.text_object, repeat(handle), range(count)), np.uint64, count)
    white = np.isin(codes, _WHITE)
    trailing = (codes >= 0xDC00) & (codes <= 0xDFFF)
    # A character without an object is one that pdfium made up: white space, or a line-end hyphen of its own.
    keep = np.flatnonzero((owners != 0) & ~white & ~trailing)
    boxes = np.zeros((len(keep), 4))
    # pdfium gives left, right, bottom, top.
    _call(map(pdfium.char_box, repeat(handle), keep.tolist(), *(_addresses(boxes, 8 * field) for field in (0, 2, 1, 3))))
    spaces = np.cumsum(white)[keep]
    named, first, face = np.unique(owners[keep], return_index=True, return_inverse=True)
    faces = _read_faces(handle, named, keep[first])
    textpage.close()
    return Glyphs(_characters(codes, keep), boxes, face, faces, np.diff(spaces, prepend=0) > 0)


def _read_faces(handle: int, owners: np.ndarray, indexes: np.ndarray) -> Faces:
    """Read what the characters of each text object share, from one character (by index) of each."""
    count = len(owners)
    objects, chars = owners.tolist(), indexes.tolist()
    matrix, origin, colour = np.zeros((count, 6), np.float32), np.zeros((count, 2)), np.zeros((count, 4), np.uint32)
    _call(map(pdfium.char_matrix, repeat(handle), chars, _addresses(matrix, 0)))
    _call(map(pdfium.char_origin, repeat(handle), chars, _addresses(origin, 0), _addresses(origin, 8)))
    known = np.fromiter(map(pdfium.fill_colour, objects, *(_addresses(colour, 4 * n) for n in range(4))), bool, count)
    size = np.fromiter(map(pdfium.font_size, repeat(handle), chars), float, count) * np.hypot(matrix[:, 2], matrix[:, 3])
    mode = np.fromiter(map(pdfium.render_mode, objects), int, count)
    font = np.fromiter(map(pdfium.font, objects), np.uint64, count)
    fonts, of_font = np.unique(font, return_inverse=True)
    heavy = np.fromiter(map(_heavy, fonts.tolist()), bool, len(fonts))[of_font]
    level = np.abs(matrix[:, 0]) >= np.abs(matrix[:, 1])
    return Faces(
        baseline=np.where(level, origin[:, 1], origin[:, 0]),
        size=np.where(size > 0, size, 1.0),
        bold=heavy | (mode == 2),
        turn=_turns(matrix[:, 0], matrix[:, 1]),
        hidden=np.isin(mode, _INVISIBLE_MODES),
        pale=known & ((colour[:, 3] < _FAINT) | (colour[:, :3].min(axis=1) >= _LIGHT)),
        owner=owners,
        font=font,
        confidence=np.full(count, np.nan),
    )


def _addresses(rows: np.ndarray, offset: int) -> range:
    """Give the address of a field in each row of a table, for pdfium to write to."""
    start = rows.ctypes.data + offset
    step = rows.shape[1] * rows.itemsize
    return range(start, start + step * len(rows), step)


def _call(calls: Iterator[int]) -> None:
    """Make calls whose results lie in memory."""
    deque(calls, maxlen=0)


def _characters(codes: np.ndarray, chosen: np.ndarray) -> str:
    """Turn codes, some of two halves, into characters: a hyphen for pdfium's own, U+FFFD for what is none."""
    own, after = codes[chosen], np.append(codes, 0)[chosen + 1]
    halved = (own >= 0xD800) & (own <= 0xDBFF) & (after >= 0xDC00) & (after <= 0xDFFF)
    own = np.where(halved, 0x10000 + ((own - 0xD800) << 10) + after - 0xDC00, own)
    own[(own == 0xFFFE) | (own == 0x02)] = ord("-")
    own[(own <= 0) | (own >= 0x110000) | ((own >= 0xD800) & (own <= 0xDFFF))] = 0xFFFD
    return own.astype("<u4").tobytes().decode("utf-32-le")


def _turns(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Tell the quarter turns of writing directions (1 reads upwards), or -1 for an oblique one."""
    level, upright = np.abs(b) <= 0.05 * np.abs(a), np.abs(a) <= 0.05 * np.abs(b)
    return np.select([level, upright], [np.where(a >= 0, 0, 2), np.where(b > 0, 1, 3)], -1)


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
