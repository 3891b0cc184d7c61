"""Rows of tables as sentences: 表2 降糖药 | 药物: 二甲双胍 | 起始剂量: 500 mg/d."""

from __future__ import annotations

NOTHING = frozenset({"", "—", "-", "–", "/"})  # what a cell without a value holds


def cells(row: str) -> list[tuple[str, str]]:
    """Return the header and the value of each cell, the caption left out."""
    return [(head, value.strip()) for head, colon, value in (part.partition(":") for part in row.split(" | ")) if colon]
