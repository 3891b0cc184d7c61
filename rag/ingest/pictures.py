"""Which pictures of a digital page look as if they hold text, such as a table or a box that was pasted as an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.types import Box

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from rag.ingest.page import PageRead

Region = tuple[float, float, float, float]

_LEAST_WIDTH, _LEAST_HEIGHT = 120.0, 36.0  # points: room for two short lines
_MOST_OF_PAGE = 0.8  # a larger picture is a background
_READ_BESIDE = 8  # characters of the text layer inside a picture that mean that it is a background too
_SCALE = 1.0
# Text is dark strokes on an even ground: mostly ground, some ink, little between; a photograph or scan of a body is not.
_LEAST_GROUND, _LEAST_INK, _MOST_INK = 0.62, 0.015, 0.3
_LINES = 2


def holds_text(page: PdfPage, read: PageRead, picture: Region) -> bool:
    """Tell whether a picture (on the upright page) plausibly holds lines of text that the text layer lacks."""
    x0, y0, x1, y1 = picture
    x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, read.frame.width), min(y1, read.frame.height)
    if x1 - x0 < _LEAST_WIDTH or y1 - y0 < _LEAST_HEIGHT:
        return False
    if (x1 - x0) * (y1 - y0) > _MOST_OF_PAGE * read.frame.width * read.frame.height:
        return False
    beside = sum(len(r.index) for r in read.runs if x0 < (r.x0 + r.x1) / 2 < x1 and y0 < r.base < y1)
    return beside < _READ_BESIDE and _looks_like_text(_image(page, read, (x0, y0, x1, y1)))


def _image(page: PdfPage, read: PageRead, region: Region) -> np.ndarray:
    """Render a region of the upright page in grey, upright."""
    box = read.frame.back(Box(read.number, *region))
    image = np.asarray(page.render(scale=_SCALE, rotation=(360 - page.get_rotation()) % 360, grayscale=True).to_numpy())
    image = image.reshape(image.shape[:2])
    left, bottom, _, top = page.get_cropbox()
    rows = slice(max(int((top - box.y1) * _SCALE), 0), int((top - box.y0) * _SCALE))
    cut = image[rows, max(int((box.x0 - left) * _SCALE), 0) : int((box.x1 - left) * _SCALE)]
    return np.rot90(cut, -read.frame.turn)


def _looks_like_text(image: np.ndarray) -> bool:
    """Tell lines of dark strokes on an even ground from a photograph or a diagram."""
    if not image.size:
        return False
    ground = float(np.bincount(image.ravel(), minlength=256).argmax())
    on_ground = np.abs(image.astype(float) - ground) < 24
    ink = np.abs(image.astype(float) - ground) > 90
    if on_ground.mean() < _LEAST_GROUND or not _LEAST_INK < ink.mean() < _MOST_INK:
        return False
    inked = ink.sum(axis=1) > 0.03 * image.shape[1]
    starts = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(int)])) == 1)
    return len(starts) >= _LINES
