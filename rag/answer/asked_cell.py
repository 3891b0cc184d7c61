"""Rows whose cell under the header that is asked for is empty: they do not say it, though all else fits."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.evidence import Evidence
from rag.retrieve.query import Query
from rag.text.row import NOTHING, cells

_HEADERS = ("起始", "初始", "首剂", "常用", "维持", "最大", "疗程", "禁忌")


def with_asked_cell(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out such rows; where nothing but them was found, they stay."""
    asked = [name for name in _HEADERS if name in query.text]
    kept = [e for e in evidence if not (asked and e.hit.passage.kind == "table" and _empty(e.sentence.text, asked))]
    return kept or list(evidence)


def _empty(row: str, asked: Sequence[str]) -> bool:
    """Tell whether a row has a cell under an asked header, and nothing in any of them."""
    found = [value for head, value in cells(row) if any(name in head for name in asked)]
    return bool(found) and NOTHING.issuperset(found)
