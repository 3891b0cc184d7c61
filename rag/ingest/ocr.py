"""Recognising a page's image: lines with boxes and confidence, and straight rules. Needs the extra `zhinan[ocr]`."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.ingest.rules import Rule
from rag.ingest.scan import Scan, ScanLine

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# Pixels per point: twice is enough for 9-point type, and more costs time without a gain in characters.
SCALE = 2.0
MAX_PIXELS = 2_000  # along the longer side, whatever the page's size
DETECTION_PIXELS = 1_152
LEAST_CONFIDENCE = 0.5
TURNED_BELOW = 0.8  # mean confidence under which the page may lie on its side or upside down
LEAST_SKEW = 0.002  # radians, under which a page counts as straight
_DARK = 150
_COLOURED, _STAMPED, _SURE = 60, 0.006, 0.9  # spread of the channels; share of such pixels; confidence
_MAPPED_FROM, _LAYER = -3, 8 << 20  # glibc's name for the threshold (malloc.h); bytes
_LEAST_ACROSS, _LEAST_DOWN = 40.0, 22.0  # points; longer than any stroke of a character

threads = min(2, os.cpu_count() or 1)
"""How many threads one engine may use; a worker process sets it to its share of the cores."""

Region = tuple[float, float, float, float]
"""x0, y0, x1, y1 on the page as it is stored, in points."""
Found = tuple[np.ndarray, str, float]


def recognise(page: PdfPage, region: Region | None = None, turn: int | None = None) -> Scan:
    """Recognise a page's image, or a region of it; where `turn` is not known, the page is turned as it reads best.

    Raises ImportError without the extra.
    """
    engine = _engine()
    left, bottom, right, top = page.get_cropbox()
    x0, y0, x1, y1 = region or (left, bottom, right, top)
    scale = min(SCALE, MAX_PIXELS / max(right - left, top - bottom, 1.0))
    stored = page.get_rotation() // 90
    flat = page.render(scale=scale, rotation=(360 - 90 * stored) % 360).to_pil().convert("RGB")
    image = np.asarray(flat.crop(tuple(round(v * scale) for v in (x0 - left, top - y1, x1 - left, top - y0))))
    turns, found = (turn, _read(engine, _turned(image, turn))) if turn is not None else _best_turn(engine, image, stored)
    image = _turned(image, turns)
    found = _with_stamped(engine, image, found)
    skew = _skew(found) if region is None else 0.0
    shift = _corner((x0 - left, y0 - bottom, x1 - left, y1 - bottom), (right - left, top - bottom), turns)
    return _scan(image, found, scale, turns, skew, shift)


def _best_turn(engine: Any, image: np.ndarray, first: int) -> tuple[int, list[Found]]:
    """Read an image as it is shown; where that reads badly, turn it until it reads best."""
    best, found = first, _read(engine, _turned(image, first))
    if found and (_mean(found) < TURNED_BELOW or _stands(found)):
        for turn in ((first + step) % 4 for step in (1, 2, 3)):
            other = _read(engine, _turned(image, turn))
            if other and _mean(other) > _mean(found) + 0.05:
                best, found = turn, other
    return best, found


def _with_stamped(engine: Any, image: np.ndarray, found: list[Found]) -> list[Found]:
    """Read what is printed under a coloured stamp: with its colour bleached, dark type stays.

    What only the image in colour shows, such as coloured type, is kept where it is sure and level.
    """
    if (np.ptp(image, axis=2) > _COLOURED).mean() < _STAMPED:
        return found
    bleached = _read(engine, np.repeat(image.max(axis=2, keepdims=True), 3, axis=2))
    boxes = [np.concatenate([box.min(axis=0), box.max(axis=0)]) for box, _, _ in bleached]
    apart = [
        item for item in found
        if item[2] > _SURE and _level(item[0]) and not any(_meet(np.concatenate([item[0].min(axis=0), item[0].max(axis=0)]), b) for b in boxes)
    ]  # fmt: skip
    return [*bleached, *apart]


def _level(box: np.ndarray) -> bool:
    dx, dy = np.abs(box[1] - box[0])
    return bool(dx > 2 * np.ptp(box[:, 1]) and dy < 0.05 * dx)


def _meet(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1])


def _turned(image: np.ndarray, turn: int) -> np.ndarray:
    """Turn an image clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(image, -turn)) if turn % 4 else image


@cache
def _engine() -> Any:
    import cv2
    from rapidocr import RapidOCR

    _allocator()
    cv2.setNumThreads(threads)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
            # Lines are found on a smaller image than they are read from: a third less time and memory, no line lost.
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_PIXELS,
        }
    )


def _read(engine: Any, image: np.ndarray) -> list[Found]:
    result = engine(image)
    _give_back()
    if result.boxes is None or result.txts is None:
        return []
    found = zip(result.boxes, result.txts, result.scores, strict=True)
    return [(np.asarray(box, float), text, float(score)) for box, text, score in found if score >= LEAST_CONFIDENCE and text.strip()]


@cache
def _allocator() -> Any:
    """Return the C library where it lets memory go as it is told (glibc), else None.

    Blocks of the size of a layer's output are mapped one by one from here on, and so are given back when they are freed;
    by itself glibc would keep them, in pieces, beside the next image's.
    """
    library = ctypes.CDLL(None) if os.name == "posix" else None
    if not hasattr(library, "malloc_trim"):
        return None
    library.mallopt(_MAPPED_FROM, _LAYER)
    return library


def _give_back() -> None:
    """Give freed memory back to the system."""
    if _allocator() is not None:
        _allocator().malloc_trim(0)


def _mean(found: list[Found]) -> float:
    return sum(score * len(text) for _, text, score in found) / max(sum(len(text) for _, text, _ in found), 1)


def _stands(found: list[Found]) -> bool:
    """Tell whether most lines are taller than wide, as on a page that lies on its side."""
    tall = sum(np.ptp(box[:, 1]) > 1.5 * np.ptp(box[:, 0]) and len(text) > 2 for box, text, _ in found)
    return tall > 0.5 * max(len(found), 1)


def _skew(found: list[Found]) -> float:
    """Give the angle of the lines in radians against the clock, 0 where they are level."""
    edges = [(box[1] - box[0] + box[2] - box[3]) / 2 for box, text, _ in found if len(text) >= 8]
    angles = [float(np.arctan2(-dy, dx)) for dx, dy in edges if dx > 0]
    angle = float(np.median(angles)) if len(angles) >= 3 else 0.0
    return angle if abs(angle) >= LEAST_SKEW else 0.0


def _corner(region: Region, page: tuple[float, float], turn: int) -> tuple[float, float]:
    """Give the lower left corner of a region on the upright page."""
    x0, y0, x1, y1 = region
    width, height = page
    return [(x0, y0), (y0, width - x1), (width - x1, height - y1), (height - y1, x0)][turn % 4]


def _scan(
    image: np.ndarray, found: list[Found], scale: float, turn: int, skew: float, shift: tuple[float, float]
) -> Scan:
    """Bring lines and rules into the upright page's coordinates, the skew taken out around its middle."""
    height, width = image.shape[:2]
    middle = np.array([width / 2, height / 2])
    level = np.array([[np.cos(skew), -np.sin(skew)], [np.sin(skew), np.cos(skew)]])
    lines = []
    for box, text, score in found:
        cx, cy = level @ (box.mean(axis=0) - middle) + middle
        wide = (np.linalg.norm(box[1] - box[0]) + np.linalg.norm(box[2] - box[3])) / 2
        tall = (np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2
        x0, y0 = (cx - wide / 2) / scale + shift[0], (height - cy - tall / 2) / scale + shift[1]
        lines.append(ScanLine(text, *(round(float(v), 2) for v in (x0, y0, x0 + wide / scale, y0 + tall / scale)), round(score, 3)))
    across, down = _rules(image, skew, scale)
    return Scan(
        turn, skew, tuple(sorted(lines, key=lambda li: (-li.y1, li.x0))),
        tuple(_rule(r, height, scale, shift) for r in across), tuple(_rule(r, height, scale, shift) for r in down),
    )  # fmt: skip


def _rules(image: np.ndarray, skew: float, scale: float) -> tuple[list[list[int]], list[list[int]]]:
    """Find straight dark strokes in an image, longer than those of characters: x, y, width, height in pixels."""
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if skew:
        turn = cv2.getRotationMatrix2D((grey.shape[1] / 2, grey.shape[0] / 2), -np.degrees(skew), 1.0)
        grey = cv2.warpAffine(grey, turn, grey.shape[::-1], borderValue=255)
    ink = (grey < _DARK).astype(np.uint8)
    found = []
    for size in ((int(_LEAST_ACROSS * scale), 1), (1, int(_LEAST_DOWN * scale))):
        strokes = cv2.morphologyEx(cv2.dilate(ink, np.ones((3, 3), np.uint8)), cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))
        _, _, boxes, _ = cv2.connectedComponentsWithStats(strokes)
        thin = 1 if size[1] == 1 else 0
        found.append([b[:4].tolist() for b in boxes[1:] if b[2 + thin] <= 5 * scale])
    return found[0], found[1]


def _rule(box: list[int], height: int, scale: float, shift: tuple[float, float]) -> Rule:
    """Make a rule of a stroke's box: its middle line."""
    x, y, wide, tall = box
    x0, x1, y0, y1 = x / scale, (x + wide) / scale, (height - y - tall) / scale, (height - y) / scale
    if wide >= tall:
        y0 = y1 = (y0 + y1) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return Rule(*(round(v, 2) for v in (x0 + shift[0], y0 + shift[1], x1 + shift[0], y1 + shift[1])))
