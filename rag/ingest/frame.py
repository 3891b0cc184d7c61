"""How a page whose text runs sideways is laid upright for reading, and its boxes laid back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rag.ingest.glyphs import Faces, Glyphs
from rag.ingest.rules import Drawing, Rule
from rag.types import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's visible edges in PDF points and the quarter turns that its text is turned by (1 reads upwards).

    `skew` is the angle in radians, against the clock, by which a scanned page's lines rise after that.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0
    skew: float = 0.0

    @property
    def width(self) -> float:
        """Give the width of the upright page."""
        return self.right - self.left if self.turn % 2 == 0 else self.top - self.bottom

    @property
    def height(self) -> float:
        """Give the height of the upright page."""
        return self.top - self.bottom if self.turn % 2 == 0 else self.right - self.left

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """Lay a point of the page upright; the upright page's lower left corner is (0, 0)."""
        x, y = x - self.left, y - self.bottom
        if self.turn == 1:
            return y, self.height - x
        if self.turn == 2:
            return self.width - x, self.height - y
        if self.turn == 3:
            return self.width - y, x
        return x, y

    def back(self, box: Box) -> Box:
        """Lay an upright box back on the page."""
        if self.turn == 0 and self.left == 0 and self.bottom == 0 and not self.skew:
            return box
        corners = [self._back(*self._skewed(x, y)) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return Box(box.page, *(round(v, 1) for v in (min(xs), min(ys), max(xs), max(ys))))

    def _skewed(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point of the level page back around the page's middle."""
        dx, dy = x - self.width / 2, y - self.height / 2
        cos, sin = np.cos(self.skew), np.sin(self.skew)
        return self.width / 2 + float(dx * cos - dy * sin), self.height / 2 + float(dx * sin + dy * cos)

    def _back(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 1:
            x, y = self.height - y, x
        elif self.turn == 2:
            x, y = self.width - x, self.height - y
        elif self.turn == 3:
            x, y = y, self.width - x
        return x + self.left, y + self.bottom


def main_turn(glyphs: Glyphs) -> int:
    """Return the quarter turns of most characters."""
    turns = np.maximum(glyphs.faces.turn, 0)[glyphs.face]
    return int(np.bincount(turns, minlength=4).argmax()) if len(turns) else 0


def upright_glyphs(glyphs: Glyphs, frame: Frame) -> Glyphs:
    """Lay a page's characters upright."""
    if frame.turn == 0 and frame.left == 0 and frame.bottom == 0:
        return glyphs
    b = glyphs.boxes
    x0, y0 = frame.upright(b[:, 0], b[:, 1])  # type: ignore[arg-type]
    x1, y1 = frame.upright(b[:, 2], b[:, 3])  # type: ignore[arg-type]
    boxes = np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)
    return replace(glyphs, boxes=boxes, faces=_upright_faces(glyphs.faces, frame))


def _upright_faces(faces: Faces, frame: Frame) -> Faces:
    sideways, oblique = faces.turn % 2 == 1, faces.turn < 0
    x, y = frame.upright(np.where(sideways, faces.baseline, 0.0), np.where(sideways, 0.0, faces.baseline))  # type: ignore[arg-type]
    turn = (faces.turn - frame.turn) % 4
    laid = np.where(turn % 2 == 0, y, x)
    return replace(faces, baseline=np.where(oblique, faces.baseline, laid), turn=np.where(oblique, faces.turn, turn))


def upright_drawing(drawing: Drawing, frame: Frame) -> Drawing:
    """Lay a page's rules and pictures upright."""

    def lay(rule: tuple[float, float, float, float]) -> Rule:
        (ax, ay), (bx, by) = frame.upright(rule[0], rule[1]), frame.upright(rule[2], rule[3])
        return Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    if frame.turn == 0 and frame.left == 0 and frame.bottom == 0:
        return drawing
    across, down = [lay(r) for r in drawing.across], [lay(r) for r in drawing.down]
    if frame.turn % 2:
        across, down = down, across
    return Drawing(across, down, [tuple(lay(p)) for p in drawing.pictures], shapes=[tuple(lay(s)) for s in drawing.shapes])
