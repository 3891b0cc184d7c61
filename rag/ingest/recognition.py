"""When a page's image is recognised instead of, or beside, its text layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import PdfiumError

from rag.ingest import base
from rag.ingest.glyphs import codes_of
from rag.ingest.layout import Run
from rag.ingest.opening import open_pdf
from rag.ingest.pictures import holds_text
from rag.ingest.plausible import why_suspect
from rag.ingest.rules import Drawing
from rag.ingest.scan import Scan, add_scan, scan_to_json
from rag.ingest.visibility import COVERED, UNPAINTED
from rag.types import Box, LeftOut

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from rag.ingest.glyphs import Glyphs
    from rag.ingest.page import PageRead

GARBLED, SCANNED, PICTURE, LABELS = "字体无法解码的文字", "没有文字层的扫描页", "图片里的文字", "图中标注"
# Narrow in every face: where the ink of one is almost an em wide, the glyph is really a Chinese character whose font
# has no map to Unicode.
_NARROW = codes_of("!\"#$'()*,-./:;?[]\\^_`{|}~0123456789IJabcdefghijklnopqrstuvxyz")
_WIDE_INK = 0.72
_MIN_VISIBLE, _MIN_GARBLED, _MOSTLY = 12, 10, 0.6
_MOST_OF_PAGE = 0.5
_PICTURE_CONFIDENCE, _PICTURE_CHARACTERS = 0.8, 12
_LONG_LINE = 7  # Chinese characters: labels of a chart are shorter, lines of a text box longer
DOUBTFUL = 0.85  # mean confidence of a page under which the reader is told

Region = tuple[float, float, float, float]


@dataclass(slots=True)
class Scans:
    """Where recognised pages come from: `known` ones first, else the recogniser of this process.

    `wanted` collects, where it is a list, what is not known yet (page number, region, turn) instead of recognising it.
    A page that is known as None could not be recognised.
    """

    allowed: bool = True
    known: dict[int, Scan | None] = field(default_factory=dict)
    wanted: list[tuple[int, Region | None, int]] | None = None


class NeedsRecognition(Exception):
    """Page images must be recognised before a file can be read: `wanted` lists page number, region or None, turn."""

    def __init__(self, wanted: list[tuple[int, Region | None, int]], pages: int) -> None:
        super().__init__(f"{len(wanted)} pages need recognition")
        self.wanted, self.pages = wanted, pages


def recognise_pages(
    path: Path, wanted: Sequence[tuple[int, Region | None, int]], password: str | None
) -> dict[int, dict[str, Any] | None]:
    """Recognise pages of a PDF (number, region, turn), telling the progress; a page that cannot be is None.

    Raises ReadError where the file cannot be opened.
    """
    from rag.ingest.ocr import recognise

    document = open_pdf(path, password)
    found: dict[int, dict[str, Any] | None] = {}
    try:
        for number, region, turn in wanted:
            found[number] = None
            with suppress(PdfiumError):
                found[number] = scan_to_json(recognise(document[number - 1], region, None if region is None else turn))
            base.page_done(number, len(document))
    finally:
        document.close()
    return found


def read_image(page: PdfPage, read: PageRead, scans: Scans) -> None:
    """Recognise a page without text or with a text layer that lies, its part in an undecodable font, or its pictures."""
    garbled = _take_garbled(read)
    reason = _why_recognise(read)
    if reason is not None:
        scan = _scan(page, read, reason, None, scans)
        _drop_text(read, reason)
        if scan:
            read.frame = replace(read.frame, turn=scan.turn, skew=scan.skew)
            read.drawing = Drawing(list(scan.across), list(scan.down))
            _take(read, scan)
        return
    pictures = [p for p in read.drawing.pictures if holds_text(page, read, p)]
    places = [*((r.x0, r.bottom, r.x1, r.top) for r in garbled), *pictures]
    if not places:
        return
    scan = _scan(page, read, GARBLED if garbled else PICTURE, _around(read, places), scans)
    if scan:
        _take_parts(read, scan, [(r.x0, r.bottom, r.x1, r.top) for r in garbled], pictures)


def _why_recognise(read: PageRead) -> str | None:
    """Say why a page's text layer is not used, or None where it is."""
    visible = sum(len(r.index) for r in read.runs)
    if visible < _MIN_VISIBLE:
        layered = any(note.why in (UNPAINTED, COVERED) for note in read.unseen)
        filled = any(_area(p) > _MOST_OF_PAGE * read.frame.width * read.frame.height for p in read.drawing.pictures)
        return SCANNED if read.drawing.pictures and (layered or filled or visible == 0) else None
    glyphs = read.glyphs
    return why_suspect("".join(glyphs.chars[i] for r in read.runs for i in r.index)) if glyphs else None


def _scan(page: PdfPage, read: PageRead, reason: str, region: Region | None, scans: Scans) -> Scan | None:
    """Get a page's scan, or note that it was skipped."""
    if not scans.allowed:
        read.skipped = f"{reason}，且已关闭文字识别。去掉 --no-ocr 即可识别。"
        return None
    if read.number in scans.known:
        scan = scans.known[read.number]
        if scan is None:
            read.skipped = f"{reason}，文字识别没有成功。"
        return scan
    if not find_spec("rapidocr"):
        read.skipped = f"{reason}，需要文字识别：pip install 'zhinan[ocr]'。"
        return None
    if scans.wanted is not None:
        scans.wanted.append((read.number, region, read.frame.turn))
        return None
    from rag.ingest.ocr import recognise

    return recognise(page, region, None if region is None else read.frame.turn)


def _take(read: PageRead, scan: Scan) -> None:
    """Add a scan's lines to a page's runs."""
    if not scan.lines:
        return
    read.glyphs, runs = add_scan(read.glyphs, scan.lines)
    read.runs.extend(runs)
    read.doubtful = read.doubtful or scan.confidence < DOUBTFUL


def _around(read: PageRead, places: Sequence[Region]) -> Region:
    """Bound places of the upright page, as a region of the page as it is stored, with some air."""
    x0, y0, x1, y1 = (
        f(p[i] for p in places) + air for i, (f, air) in enumerate([(min, -6.0), (min, -6.0), (max, 6.0), (max, 6.0)])
    )
    frame = read.frame
    box = frame.back(Box(1, max(x0, 0.0), max(y0, 0.0), min(x1, frame.width), min(y1, frame.height)))
    return box.x0, box.y0, box.x1, box.y1


def _take_parts(read: PageRead, scan: Scan, garbled: Sequence[Region], pictures: Sequence[Region]) -> None:
    """Take a scan's lines that stand on undecodable text, and those of pictures that are running text or a table."""
    _take(read, replace(scan, lines=tuple(li for li in scan.lines if any(_overlap(li[1:5], place) for place in garbled))))
    for picture in pictures:
        own = [line for line in scan.lines if _overlap(line[1:5], picture) and line.confidence >= _PICTURE_CONFIDENCE]
        across = [r for r in scan.across if _overlap(r, picture)]
        chinese = [sum("\u3400" <= c <= "\u9fff" for c in line.text) for line in own]
        running = sum(n for n in chinese if n >= _LONG_LINE) >= 0.5 * sum(chinese)
        ruled = sum(r.x1 - r.x0 > 0.7 * (picture[2] - picture[0]) for r in across) >= 3
        if sum(chinese) < _PICTURE_CHARACTERS or not (running or ruled):
            boxes = tuple(Box(read.number, *line[1:5]) for line in own)
            read.left_out.append(LeftOut(read.number, LABELS, " ".join(line.text for line in own), boxes))
            continue
        _take(read, replace(scan, lines=tuple(own)))
        if ruled:
            read.drawing.across.extend(across)
            read.drawing.down.extend(r for r in scan.down if _overlap(r, picture))


def _area(box: Region) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(a: Region, b: Region) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _drop_text(read: PageRead, reason: str) -> None:
    """Move a page's text layer out of what is read."""
    if read.glyphs and read.runs:
        read.left_out.append(_note(read, read.runs, reason, ""))
    read.runs, read.glyphs = [], None


def _take_garbled(read: PageRead) -> list[Run]:
    """Move runs in fonts without a map to Unicode out of a page's runs."""
    glyphs = read.glyphs
    fonts = _garbled_fonts(glyphs) if glyphs else frozenset()
    if glyphs is None or not fonts:
        return []
    inside = np.isin(glyphs.faces.font, list(fonts))[glyphs.face]
    garbled = [r for r in read.runs if inside[r.index].sum() >= 0.5 * len(r.index)]
    gone = {id(r) for r in garbled}
    read.runs = [r for r in read.runs if id(r) not in gone]
    read.left_out.append(_note(read, garbled, GARBLED, " "))
    return garbled


def _garbled_fonts(glyphs: Glyphs) -> frozenset[int]:
    """Name the fonts whose narrow characters are mostly as wide as Chinese ones."""
    narrow = np.isin(codes_of(glyphs.chars), _NARROW)
    size, font = glyphs.faces.size[glyphs.face], glyphs.faces.font[glyphs.face]
    wide = narrow & (glyphs.boxes[:, 2] - glyphs.boxes[:, 0] > _WIDE_INK * size)
    if not wide.any():
        return frozenset()
    seen, wrong = Counter(font[narrow].tolist()), Counter(font[wide].tolist())
    fonts = frozenset(name for name, n in wrong.items() if n >= _MOSTLY * seen[name])
    return fonts if sum(wrong[name] for name in fonts) >= _MIN_GARBLED else frozenset()


def _note(read: PageRead, runs: Sequence[Run], why: str, glue: str) -> LeftOut:
    """Write down runs that are left out."""
    chars = read.glyphs.chars if read.glyphs else ""
    boxes = tuple(Box(read.number, r.x0, r.bottom, r.x1, r.top) for r in runs)
    return LeftOut(read.number, why, glue.join("".join(chars[i] for i in r.index) for r in runs), boxes)
