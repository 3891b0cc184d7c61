"""Recognising a page's image: lines with boxes and confidence. Needs the extra `zhinan[ocr]`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.ingest.layout import Line

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# Pixels per point: twice is enough for 9-point type, and more costs time without a gain in characters.
SCALE = 2.0
MAX_PIXELS = 2_600  # along the longer side, whatever the page's size
THREADS = 2
LEAST_CONFIDENCE = 0.5
TURNED_BELOW = 0.8  # mean confidence under which the page may lie on its side or upside down

def recognise(page: PdfPage) -> list[Line]:
    """Recognise a page's image; lines from top to bottom with boxes in PDF points, origin bottom left.

    A page lying on its side or upside down is turned first. Raises ImportError without the extra.
    """
    engine = _engine()
    left, bottom, right, top = page.get_cropbox()
    scale = min(SCALE, MAX_PIXELS / max(right - left, top - bottom, 1.0))
    image = np.asarray(page.render(scale=scale).to_pil().convert("RGB"))
    best = _read(engine, image)
    turns = 0
    if best and _mean(best) < TURNED_BELOW or _stands(best):
        for quarter in (1, 2, 3):
            turned = _read(engine, np.ascontiguousarray(np.rot90(image, quarter)))
            if turned and _mean(turned) > _mean(best) + 0.05:
                best, turns = turned, quarter
    lines = [_line(box, text, score, scale, image.shape, turns, (left, bottom)) for box, text, score in best]
    return sorted(lines, key=lambda line: (-line.y1, line.x0))


Found = tuple[np.ndarray, str, float]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 4,
        }
    )


def _read(engine: Any, image: np.ndarray) -> list[Found]:
    result = engine(image)
    if result.boxes is None or result.txts is None:
        return []
    found = zip(result.boxes, result.txts, result.scores, strict=True)
    return [(np.asarray(box, float), text, float(score)) for box, text, score in found if score >= LEAST_CONFIDENCE and text.strip()]


def _mean(found: list[Found]) -> float:
    return sum(score * len(text) for _, text, score in found) / max(sum(len(text) for _, text, _ in found), 1)


def _stands(found: list[Found]) -> bool:
    """Tell whether most lines are taller than wide, as on a page that lies on its side."""
    tall = sum(np.ptp(box[:, 1]) > 1.5 * np.ptp(box[:, 0]) and len(text) > 2 for box, text, _ in found)
    return tall > 0.5 * max(len(found), 1)


def _line(
    box: np.ndarray, text: str, score: float, scale: float, shape: tuple[int, ...], turns: int, origin: tuple[float, float]
) -> Line:
    """Bring a recognised line back into the page's coordinates."""
    height, width = shape[:2]
    x, y = box[:, 0], box[:, 1]
    if turns == 1:  # the image was turned a quarter against the clock: its columns are the page's rows
        x, y = width - y, x
    elif turns == 2:
        x, y = width - x, height - y
    elif turns == 3:
        x, y = y, height - x
    x0, x1 = x.min() / scale + origin[0], x.max() / scale + origin[0]
    y0, y1 = (height - y.max()) / scale + origin[1], (height - y.min()) / scale + origin[1]
    size = float(min(y1 - y0, x1 - x0)) * 0.78  # a recognised box stands around the type with some air
    return Line(text, float(x0), float(y0), float(x1), float(y1), size, confidence=score)
