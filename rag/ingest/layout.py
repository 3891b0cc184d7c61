"""How a page's characters become runs, and runs become lines with their text and place."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from rag.ingest.glyphs import Glyphs, codes_of
from rag.types import Box

# In ems of the character size: the widest white space inside one run, and the narrowest that parts two Latin words.
RUN_GAP = 0.65
WORD_GAP = 0.22
_SCRIPT_SIZE = 0.82
# Full-width marks are half white, which is no gap in the text.
_WHITE_AFTER, _WHITE_BEFORE = codes_of("，。、；：！？）」』】〕》”’"), codes_of("（「『【〔《“‘")
_HALF_WHITE = 0.4
_SAME_BASE = 0.22  # ems by which baselines of one line differ at most
_AT_ONCE = 256  # runs that are compared with all others in one step
_RAISED = dict(zip("0123456789+-=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))


@dataclass(slots=True)
class Run:
    """Consecutive characters on one baseline with no wide gap between them (indices into the page's glyphs)."""

    index: list[int]
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    raised: list[int] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Give the upper edge of the character body."""
        return self.base + 0.86 * self.size

    @property
    def bottom(self) -> float:
        """Give the lower edge of the character body."""
        return self.base - 0.18 * self.size


@dataclass(slots=True)
class Line:
    """A line of text on a page: box in PDF points (origin bottom left), x edges of each character of `text`.

    `confidence` is the recogniser's for lines read from an image, else None. `edges` may be empty. A `boxed` line stands
    in a drawn box beside the text.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    confidence: float | None = None
    edges: tuple[tuple[float, float], ...] = ()
    boxed: bool = False

    @property
    def height(self) -> float:
        """Give the height of the box."""
        return self.y1 - self.y0

    def span(self, start: int, stop: int) -> tuple[float, float]:
        """Give the left and right edge of a part of the text."""
        if self.edges:
            part = self.edges[start:stop]
            return min(e[0] for e in part), max(e[1] for e in part)
        weights = np.cumsum([0.0, *(char_width(c) for c in self.text)])
        scale = (self.x1 - self.x0) / (weights[-1] or 1.0)
        return self.x0 + float(weights[start]) * scale, self.x0 + float(weights[stop]) * scale


def char_width(char: str) -> float:
    """Estimate a character's width in ems: Chinese is full width."""
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.55


@cache
def is_latin(char: str) -> bool:
    """Tell whether a character belongs to a Latin word or number, full-width forms included."""
    return char.isalnum() and (char < "\u2e80" or "\uff10" <= char <= "\uff5a")


def find_runs(glyphs: Glyphs, chosen: np.ndarray) -> list[Run]:
    """Group the chosen characters (indices in content order) into runs."""
    if not len(chosen):
        return []
    face = glyphs.face[chosen]
    base, size, bold = glyphs.faces.baseline[face], glyphs.faces.size[face], glyphs.faces.bold[face]
    box = glyphs.boxes[chosen]
    scale = np.minimum(size[1:], size[:-1])
    step = box[1:, 0] - box[:-1, 2] - _HALF_WHITE * scale * _beside_punctuation(glyphs, chosen)
    breaks = (np.abs(np.diff(base)) > 0.12 * scale) | (step > RUN_GAP * scale) | (step < -1.2 * scale)
    breaks |= np.abs(np.diff(size)) > 0.15 * scale
    cuts = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(chosen)]
    starts = np.array(cuts[:-1])
    heavy = 2 * np.add.reduceat(bold.astype(int), starts) > np.diff(cuts)
    shared = (np.minimum.reduceat(box[:, 0], starts), np.maximum.reduceat(box[:, 2], starts), base[starts], size[starts], heavy)
    index = chosen.tolist()
    runs = [
        Run(index[start:stop], *of_run)
        for start, stop, of_run in zip(cuts, cuts[1:], zip(*(values.tolist() for values in shared), strict=True), strict=False)
    ]
    return _attach_scripts(runs)


def _beside_punctuation(glyphs: Glyphs, chosen: np.ndarray) -> np.ndarray:
    """Tell which steps from character to character hold the white half of a full-width mark."""
    codes = codes_of(glyphs.chars)[chosen]
    return np.isin(codes[:-1], _WHITE_AFTER) | np.isin(codes[1:], _WHITE_BEFORE)


def _attach_scripts(runs: list[Run]) -> list[Run]:
    """Put raised and lowered small runs into the neighbouring run of normal size that they belong to."""
    if not runs:
        return []
    host_of = _hosts(runs)
    for i, host in host_of.items():
        small, large = runs[i], runs[host]
        large.index.extend(small.index)
        if small.base > large.base + 0.12 * large.size:
            large.raised.extend(small.index)
        large.x0, large.x1 = min(large.x0, small.x0), max(large.x1, small.x1)
    return [r for i, r in enumerate(runs) if i not in host_of]


def _hosts(runs: Sequence[Run]) -> dict[int, int]:
    """Give the index of the run that each raised or lowered small run belongs to."""
    x0, x1, base, size = (np.array([getattr(r, n) for r in runs]) for n in ("x0", "x1", "base", "size"))
    hosts: dict[int, int] = {}
    small = np.flatnonzero(size <= _SCRIPT_SIZE * size.max())
    for part in np.split(small, range(_AT_ONCE, len(small), _AT_ONCE)):
        left, right, low, own = (v[part][:, None] for v in (x0, x1, base, size))
        rise = low - base
        near = (x0 <= right + 0.6 * size) & (x1 >= left - 0.6 * size) & (size * _SCRIPT_SIZE >= own)
        fits = near & (rise > -0.35 * size) & (rise < 0.75 * size) & (rise + own < 1.35 * size)
        # The run that ends where the mark begins owns it; a run that only follows comes second.
        distance = np.abs(x1 - left) + np.where(x0 >= left, size * 0.5, 0)
        distance = np.where((x0 <= left) & (x1 >= right), 0, distance)
        best = np.where(fits, distance, np.inf).argmin(axis=1)
        hosts.update((int(i), int(h)) for i, h, any_fits in zip(part, best, fits.any(axis=1), strict=True) if any_fits)
    return hosts


def join_runs(runs: Iterable[Run], gap: float, gutters: Sequence[tuple[float, float]] = ()) -> list[list[Run]]:
    """Join runs of one baseline into rows of one line each, unless `gap` ems or a gutter part them."""
    rows: list[list[Run]] = []
    open_rows: list[list[Run]] = []
    for run in _by_row(runs):
        open_rows = [row for row in open_rows if row[-1].base - run.base < 1.5 * max(row[-1].size, run.size)]
        home = next((row for row in open_rows if _continues(row, run, gap, gutters)), None)
        if home is None:
            home = []
            rows.append(home)
            open_rows.append(home)
        home.append(run)
        home.sort(key=lambda r: r.x0)
    return rows


def _by_row(runs: Iterable[Run]) -> list[Run]:
    """Order runs from the top and, where their baselines are nearly the same, from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: -r.base):
        if rows and rows[-1][0].base - run.base <= _SAME_BASE * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [run for row in rows for run in sorted(row, key=lambda r: r.x0)]


def _continues(row: list[Run], run: Run, gap: float, gutters: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a run stands on the same line as a row, close enough to belong to it."""
    size = max(run.size, row[0].size)
    if not any(abs(r.base - run.base) <= _SAME_BASE * size for r in row):
        return False
    left = max((r.x1 for r in row if r.x0 <= run.x0), default=None)
    right = min((r.x0 for r in row if r.x0 > run.x0), default=None)
    for a, b in ((left, run.x0), (run.x1, right)):
        if a is None or b is None:
            continue
        if b - a <= gap * size and not any(_over(a, b, gutter) for gutter in gutters):
            return True
    return False


def _over(a: float, b: float, gutter: tuple[float, float]) -> bool:
    """Tell whether a gap spans a gutter; a line that sticks out a little does not close it."""
    return min(b, gutter[1]) - max(a, gutter[0]) >= 0.7 * (gutter[1] - gutter[0])


def outline_line(glyphs: Glyphs, row: Sequence[Run]) -> Line:
    """Make a line's characters and box without looking at spaces and raised characters: enough to compare lines."""
    text = "".join(glyphs.chars[i] for run in row for i in run.index)
    main = max(row, key=lambda r: len(r.index))
    return Line(text, min(r.x0 for r in row), main.bottom, max(r.x1 for r in row), main.top, main.size, main.bold)


def line_box(page: int, line: Line) -> Box:
    """Give a line's box, rounded to a tenth of a point."""
    return Box(page, round(line.x0, 1), round(line.y0, 1), round(line.x1, 1), round(line.y1, 1))


def build_line(glyphs: Glyphs, row: Sequence[Run]) -> Line:
    """Make a line of the runs of one row, its characters in visual order."""
    index = sorted((i for run in row for i in run.index), key=glyphs.lefts.__getitem__)
    main = max(row, key=lambda r: len(r.index))
    text = [glyphs.chars[i] for i in index]
    raised = {i for run in row for i in run.raised}
    for at in [n for n, (i, char) in enumerate(zip(index, text, strict=True)) if char >= "\ue000" or i in raised]:
        text[at] = _meant(glyphs, index[at], index[at] in raised)
    edges = [(glyphs.lefts[i], glyphs.rights[i]) for i in index]
    gaps = [after[0] - before[1] for before, after in zip(edges, edges[1:], strict=False)]
    spaced = [glyphs.spaces[i] for i in index[1:]]
    for at in [n for n, gap in enumerate(gaps) if spaced[n] or gap > WORD_GAP * main.size][::-1]:
        if _space_between(text[at], text[at + 1], gaps[at], main.size, spaced[at]):
            text.insert(at + 1, " ")
            edges.insert(at + 1, (edges[at][1], edges[at + 1][0]))
    bold = sum(len(r.index) for r in row if r.bold) * 2 > len(index)
    sure = float(np.fmin.reduce(glyphs.faces.confidence[glyphs.face[index]])) if glyphs.recognised else math.nan
    confidence = None if math.isnan(sure) else sure
    x_right = max(x1 for _, x1 in edges)
    return Line("".join(text), edges[0][0], main.bottom, x_right, main.top, main.size, bold, confidence, tuple(edges))


def _meant(glyphs: Glyphs, i: int, raised: bool) -> str:
    """Give what a character of the private-use area or a raised one stands for."""
    char = glyphs.chars[i]
    if "\ue000" <= char <= "\uf8ff" or char >= "\U000f0000":
        face = glyphs.face[i]
        char = mend(char, glyphs.boxes[i], float(glyphs.faces.size[face]), float(glyphs.faces.baseline[face]))
    return _raise(char) if raised else char


def _space_between(before: str, after: str, gap: float, size: float, spaced: bool) -> bool:
    """Decide whether white space on the page is a space in the text."""
    if gap > 0.9 * size:
        return True
    if before in ".．" and after.isdigit() and gap < 0.6 * size:
        return False
    if (after in "/／,.;:)%" or before in "/／(") and gap < 0.6 * size:
        return False
    latin = before < "\u2e80" or is_latin(before)
    if latin and (after < "\u2e80" or is_latin(after)):
        return spaced or (before.isalpha() and after.isalpha())
    return spaced and gap > 0.3 * size


def _raise(char: str) -> str:
    """Turn a raised character into its Unicode superscript, where compatibility folding gives the same back."""
    folded = unicodedata.normalize("NFKC", char)
    high = _RAISED.get(folded, char)
    return high if unicodedata.normalize("NFKC", high) == folded else char


def mend(char: str, box: np.ndarray, size: float, base: float) -> str:
    """Give a private-use glyph its meaning where the ink shows it: a dot on the baseline, a dash above it.

    Founder's typesetting puts the decimal point of a full-width number at a private code; losing it makes 1.5 into 15.
    """
    width, height = (box[2] - box[0]) / size, (box[3] - box[1]) / size
    above = (box[1] - base) / size
    if width < 0.25 and height < 0.25 and abs(above) < 0.12:
        return "."
    if 0.1 < width <= 1.0 and height < 0.12 and 0.1 < above < 0.5:
        return "-"
    return char
