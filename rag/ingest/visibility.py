"""Which characters of a text layer a reader of the page cannot see: unpainted, pale, tiny, covered, or off the page.

Such text is how instructions to a language model are smuggled into a file, and how a scan carries a noisy text layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.ingest.rules import Drawing

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from rag.ingest.glyphs import Glyphs

SEEN, UNPAINTED, PALE, TINY, COVERED, OFF_PAGE = (
    "",
    "不可见文字",
    "与底色相同的文字",
    "极小文字",
    "被遮住的文字",
    "页面之外的文字",
)
_TINY = 2.0  # points
_LEAST_CONTRAST = 20  # of 255, inside a character's box
_SAMPLES = 5  # pixels of a character's box each way that are looked at first
_MOST_OF_PAGE = 0.6
_SCALE, _LEAST_SCALE, _MOST_PIXELS = 0.7, 0.4, 2000


def find_unseen(page: PdfPage, glyphs: Glyphs, drawing: Drawing) -> np.ndarray:
    """Return for each character why it cannot be seen, or SEEN (n strings)."""
    why = np.full(len(glyphs.chars), SEEN, dtype=object)
    if not len(why):
        return why
    b = glyphs.boxes
    left, bottom, right, top = page.get_cropbox()
    x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
    why[(glyphs.faces.size < _TINY)[glyphs.face] & (b[:, 3] - b[:, 1] < _TINY)] = TINY
    _mark_painted_over(page, glyphs, drawing, why)
    why[glyphs.faces.hidden[glyphs.face]] = UNPAINTED
    why[(x < left) | (x > right) | (y < bottom) | (y > top)] = OFF_PAGE
    return why


def _mark_painted_over(page: PdfPage, glyphs: Glyphs, drawing: Drawing, why: np.ndarray) -> None:
    """Mark pale and covered characters that leave no ink on the page's image."""
    pale = glyphs.faces.pale[glyphs.face]
    under, buried = _covered(page, glyphs, drawing)
    why[buried] = COVERED
    doubtful = np.flatnonzero((pale | under) & ~buried)
    if not len(doubtful):
        return
    left, bottom, right, top = page.get_cropbox()
    scale = min(_SCALE, _MOST_PIXELS / max(right - left, top - bottom, 1.0))
    if scale < _LEAST_SCALE:  # too large a page to look at: judge by colour alone
        why[pale] = PALE
        return
    image = np.asarray(page.render(scale=scale, rotation=(360 - page.get_rotation()) % 360, grayscale=True).to_numpy())
    x0, y0, x1, y1 = ((glyphs.boxes[doubtful] - (left, bottom, left, bottom)) * scale).T
    height, width = image.shape
    shown = _shows_ink(image, _pixels(height - y1, height - y0, height), _pixels(x0, x1, width))
    for i in doubtful[~shown].tolist():
        why[i] = PALE if pale[i] else COVERED


def _pixels(low: np.ndarray, high: np.ndarray, size: int) -> np.ndarray:
    """Give the first pixel of some spans, with one of air, and the one behind their last (2 x spans), within an image's size."""
    return np.clip([np.trunc(low) - 1, np.trunc(high) + 2], 0, size).astype(int)


def _shows_ink(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Tell in which areas of an image, given by their bounds, there is some contrast; mostly a few pixels show it."""
    filled = (rows[0] < rows[1]) & (columns[0] < columns[1])
    down, across = (np.linspace(low, high - 1, _SAMPLES).astype(int) for low, high in (rows[:, filled], columns[:, filled]))
    shown = filled.copy()
    shown[filled] = np.ptp(image[down[:, None], across], axis=(0, 1)) >= _LEAST_CONTRAST
    for i in np.flatnonzero(filled & ~shown):
        shown[i] = np.ptp(image[slice(*rows[:, i]), slice(*columns[:, i])]) >= _LEAST_CONTRAST
    return shown


def _covered(page: PdfPage, glyphs: Glyphs, drawing: Drawing) -> tuple[np.ndarray, np.ndarray]:
    """Tell which characters something is painted over, and which lie under an opaque picture of the whole page.

    Smaller pictures may be stencils that let the text show: whether it does is looked up on the image.
    """
    left, bottom, right, top = page.get_cropbox()
    under = np.zeros(len(glyphs.chars), dtype=bool)
    buried = under.copy()
    b = glyphs.boxes
    x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
    inside = [(c, (x > c.x0) & (x < c.x1) & (y > c.y0) & (y < c.y1)) for c in drawing.covers]
    inside = [(c, where) for c, where in inside if where.any()]
    if not inside:
        return under, buried
    painted = np.array([drawing.texts.get(owner, -1) for owner in glyphs.faces.owner.tolist()])[glyphs.face]
    for cover, where in inside:
        below = where & (painted >= 0) & (painted < cover.order)
        under |= below
        if cover.opaque_picture and (cover.x1 - cover.x0) * (cover.y1 - cover.y0) > _MOST_OF_PAGE * (right - left) * (top - bottom):
            buried |= below
    return under, buried
