"""How well lines that were written down from a page's picture are read: the measure where no text is better than the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from eval.reading.similarity import comparable

GOLD = Path(__file__).with_name("lines.jsonl")


class GoldLine(NamedTuple):
    """A line as seen on a page (1-based) of a document."""

    doc: str
    page: int
    text: str


def gold_lines(path: Path = GOLD) -> list[GoldLine]:
    """Load the lines that were written down."""
    return [GoldLine(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def judge_lines(lines: Sequence[GoldLine], pages: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Compare the lines with the pages' read texts: lines read exactly, and the F1 of their characters in order."""
    known = [line for line in lines if line.doc in pages]
    exact = right = wanted = read = 0
    for line in known:
        gold, page = comparable(line.text), comparable(pages[line.doc][line.page - 1])
        exact += gold in page
        near = gold if gold in page else _nearest(gold, page)
        right += sum(block.size for block in SequenceMatcher(None, gold, near, autojunk=False).get_matching_blocks())
        wanted, read = wanted + len(gold), read + len(near)
    return {"lines": len(known), "exact": exact, "f1": round(2 * right / (wanted + read), 4) if known else 0.0}


def _nearest(gold: str, page: str) -> str:
    """Return the part of a page that is most like a line."""
    match = SequenceMatcher(None, page, gold, autojunk=False).find_longest_match()
    start = max(match.a - match.b, 0)
    return page[start : start + len(gold)]
