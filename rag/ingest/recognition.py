"""When a page's image is recognised instead of, or beside, its text layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ingest.layout import Line, Run
from rag.ingest.plausible import why_suspect
from rag.types import LeftOut

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from rag.ingest.page import PageRead

GARBLED = "字体无法解码的文字"
# Narrow in every face: where the ink of one is almost an em wide, the glyph is really a Chinese character whose font
# has no map to Unicode.
_NARROW = frozenset("!\"#$'()*,-./:;?[]\\^_`{|}~0123456789IJabcdefghijklnopqrstuvxyz")
_WIDE_INK = 0.72
_MIN_VISIBLE, _MIN_GARBLED = 12, 10


def read_image(page: PdfPage, read: PageRead, *, has_picture: bool, ocr: bool) -> None:
    """Recognise a page without text or with a text layer that lies, or its part in an undecodable font."""
    garbled = _take_garbled(read)
    reason = _why_recognise(read, has_picture=has_picture)
    if reason is None and sum(len(r.index) for r in garbled) < _MIN_GARBLED:
        return
    lines = _recognise(page, read, reason or GARBLED, ocr=ocr)
    if reason is not None:
        _drop_text(read, reason)
        read.recognised = lines
        return
    read.recognised = [li for li in lines if _covered(li, garbled)]


def _why_recognise(read: PageRead, *, has_picture: bool) -> str | None:
    """Say why a page's text layer is not used, or None where it is."""
    visible = sum(len(r.index) for r in read.runs)
    if visible < _MIN_VISIBLE:
        hidden = any(note.why == "不可见文字" for note in read.left_out)
        return "没有文字层的扫描页" if has_picture and (hidden or visible == 0) else None
    return _suspicion(read)


def _suspicion(read: PageRead) -> str | None:
    """Judge the visible text layer."""
    glyphs = read.glyphs
    return why_suspect("".join(glyphs.chars[i] for r in read.runs for i in r.index)) if glyphs else None


def _recognise(page: PdfPage, read: PageRead, reason: str, *, ocr: bool) -> list[Line]:
    """Recognise a page's image, or note that it was skipped."""
    if not ocr:
        read.skipped = f"{reason}，且已关闭文字识别。去掉 --no-ocr 即可识别。"
        return []
    try:
        from rag.ingest.ocr import recognise

        return recognise(page)
    except ImportError:
        read.skipped = f"{reason}，需要文字识别：pip install 'zhinan[ocr]'。"
        return []


def _drop_text(read: PageRead, reason: str) -> None:
    """Move a page's text layer out of what is read."""
    if read.glyphs and read.runs:
        text = "".join(read.glyphs.chars[i] for r in read.runs for i in r.index)
        read.left_out.append(LeftOut(read.number, reason, text))
    read.runs = []


def _take_garbled(read: PageRead) -> list[Run]:
    """Move runs in a font without a map to Unicode out of a page's runs."""
    glyphs = read.glyphs
    if glyphs is None:
        return []
    ink = glyphs.boxes[:, 2] - glyphs.boxes[:, 0]
    garbled = []
    for run in read.runs:
        narrow = [i for i in run.index if glyphs.chars[i] in _NARROW]
        wrong = sum(ink[i] > _WIDE_INK * run.size for i in narrow)
        if wrong and wrong >= 0.6 * len(narrow) and len(narrow) >= 0.2 * len(run.index):
            garbled.append(run)
    if sum(len(r.index) for r in garbled) < _MIN_GARBLED:
        return []
    gone = {id(r) for r in garbled}
    read.runs = [r for r in read.runs if id(r) not in gone]
    text = " ".join("".join(glyphs.chars[i] for i in r.index) for r in garbled)
    read.left_out.append(LeftOut(read.number, GARBLED, text))
    return garbled


def _covered(line: Line, garbled: list[Run]) -> bool:
    """Tell whether a recognised line stands where the undecodable text does."""
    return any(line.x0 < r.x1 and line.x1 > r.x0 and line.y0 < r.top and line.y1 > r.bottom for r in garbled)
