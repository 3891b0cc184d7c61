"""What was recognised in a page's image, and how it becomes characters like those of a text layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rag.ingest.glyphs import Faces, Glyphs
from rag.ingest.layout import Run, char_width
from rag.ingest.rules import Rule

_ASCENT, _DESCENT = 0.86, 0.18
_AIR = 0.12  # of a recognised box's height, measured on typeset pages
# How far the estimate of a size may be off: by the width of a line of Chinese, what Latin in it adds, only by its height.
_BY_WIDTH, _BY_LATIN, _BY_HEIGHT = 0.16, 0.3, 0.3


class ScanLine(NamedTuple):
    """A recognised line on the upright page in points, origin bottom left; `confidence` is from 0 to 1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Scan:
    """A recognised page: its quarter turns, its skew in radians against the clock, its lines and straight rules."""

    turn: int
    skew: float
    lines: tuple[ScanLine, ...]
    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()

    @property
    def confidence(self) -> float:
        """Give the mean confidence of the characters, 1 where there are none."""
        total = sum(len(line.text) for line in self.lines)
        return sum(line.confidence * len(line.text) for line in self.lines) / total if total else 1.0


def scan_to_json(scan: Scan) -> dict[str, Any]:
    """Write a scan as plain lists."""
    return {"turn": scan.turn, "skew": scan.skew, "lines": scan.lines, "across": scan.across, "down": scan.down}


def scan_from_json(data: dict[str, Any]) -> Scan:
    """Read a scan back."""
    lines = tuple(ScanLine(*line) for line in data["lines"])
    return Scan(data["turn"], data["skew"], lines, *(tuple(Rule(*r) for r in data[name]) for name in ("across", "down")))


def add_scan(glyphs: Glyphs | None, lines: Sequence[ScanLine]) -> tuple[Glyphs, list[Run]]:
    """Append recognised lines to a page's glyphs; return them with a run for each line."""
    glyphs = glyphs or Glyphs("", np.zeros((0, 4)), np.zeros(0, np.int64), _faces([], [], []), np.zeros(0, bool))
    chars, boxes, owners, spaced, runs = glyphs.chars, [glyphs.boxes], [glyphs.face], [glyphs.spaced], []
    lines = [_tight(line) for line in lines]
    sizes = _sizes(lines)
    bases = _baselines(lines, sizes)
    for number, (line, size, base) in enumerate(zip(lines, sizes, bases, strict=True), start=len(glyphs.faces.size)):
        places = _places(line)
        kept = [i for i, char in enumerate(line.text) if not char.isspace()]
        runs.append(Run(list(range(len(chars), len(chars) + len(kept))), line.x0, line.x1, base, size, False))
        low, high = base - _DESCENT * size, base + _ASCENT * size
        boxes.append(np.array([[places[i], low, places[i + 1], high] for i in kept]))
        owners.append(np.full(len(kept), number, np.int64))
        spaced.append(np.array([i > 0 and line.text[i - 1].isspace() for i in kept]))
        chars += "".join(line.text[i] for i in kept)
    faces = glyphs.faces.joined(_faces(bases, sizes, [line.confidence for line in lines]))
    return Glyphs(chars, np.concatenate(boxes), np.concatenate(owners), faces, np.concatenate(spaced)), runs


def _faces(bases: Sequence[float], sizes: Sequence[float], confidences: Sequence[float]) -> Faces:
    """Make the faces of recognised lines: upright, painted, and of no text object."""
    no, nothing = np.zeros(len(bases), bool), np.zeros(len(bases), np.uint64)
    upright = np.zeros(len(bases), np.int64)
    return Faces(np.array(bases, float), np.array(sizes, float), no, upright, no, no, nothing, nothing, np.array(confidences, float))


def _tight(line: ScanLine) -> ScanLine:
    """Take off the air that a recognised box has left and right of the type: a gap beside it may part columns."""
    air = min(_AIR * (line.y1 - line.y0), 0.1 * (line.x1 - line.x0))
    return line._replace(x0=line.x0 + air, x1=line.x1 - air)


def _places(line: ScanLine) -> list[float]:
    """Give the left edge of each character, and the right edge of the last, by their usual widths."""
    edges = np.cumsum([0.0, *(0.5 if c.isspace() else char_width(c) for c in line.text)])
    return (line.x0 + edges * (line.x1 - line.x0) / (edges[-1] or 1.0)).tolist()


def _sizes(lines: Sequence[ScanLine]) -> list[float]:
    """Estimate the character sizes: by the width of Chinese text, else by height; nearly equal ones are made equal."""
    raw, tolerances = [], []
    for line in lines:
        height = 0.78 * (line.y1 - line.y0)  # a recognised box stands around the type with some air
        widths = [char_width(c) for c in line.text if not c.isspace()]
        ems, full = sum(widths), sum(w == 1.0 for w in widths)
        by_width = (line.x1 - line.x0) / ems if ems else height
        wide = full >= 4 and full > 0.6 * ems
        # A title may be letter-spaced: a short line's width only tells that it is no larger.
        raw.append(min(max(by_width, 0.75 * height), 1.25 * height) if wide else min(by_width, height))
        tolerances.append(_BY_WIDTH + _BY_LATIN * (1 - full / ems) if wide else _BY_HEIGHT)
    return _settled(raw, [len(line.text) for line in lines], tolerances)


def _settled(values: Sequence[float], weights: Sequence[int], tolerances: Sequence[float]) -> list[float]:
    """Give values within their relative tolerance of the commonest one that one, then the rest likewise."""
    settled = list(values)
    rest = set(range(len(values)))
    while rest:
        def support(i: int, among: frozenset[int] = frozenset(rest)) -> int:
            return sum(weights[j] for j in among if abs(values[j] - values[i]) < 0.08 * values[i])

        centre = max(sorted(rest), key=support)
        near = [i for i in rest if abs(values[i] - values[centre]) <= tolerances[i] * values[centre]]
        usual = float(np.median([values[i] for i in near]))
        for i in near:
            settled[i] = usual
        rest -= set(near)
    return settled


def _baselines(lines: Sequence[ScanLine], sizes: Sequence[float]) -> list[float]:
    """Give each line's baseline; pieces of one row, which are recognised apart, share theirs."""
    middles = [(line.y0 + line.y1) / 2 for line in lines]
    order = sorted(range(len(lines)), key=lambda i: -middles[i])
    bases = [0.0] * len(lines)
    at = 0
    while at < len(order):
        row = [order[at]]
        while at + len(row) < len(order) and middles[row[0]] - middles[order[at + len(row)]] < 0.4 * sizes[row[0]]:
            row.append(order[at + len(row)])
        middle = float(np.mean([middles[i] for i in row]))
        for i in row:
            bases[i] = middle - 0.34 * sizes[i]
        at += len(row)
    return bases
