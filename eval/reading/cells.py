"""Whether table cells written down from the page stand in the right row under the right header."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rag.text.normalise import squeeze
from rag.text.readable import readable
from rag.types import Table

GOLD = Path(__file__).with_name("cells.jsonl")


class GoldCell(NamedTuple):
    """A cell as seen on the page; `row` is another cell of its row that names it, empty where the cell stands alone."""

    doc: str
    table: str
    row: str
    column: str
    value: str


def gold_cells(path: Path = GOLD) -> list[GoldCell]:
    """Load the cells that were written down."""
    return [GoldCell(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def judge_cells(cells: Sequence[GoldCell], tables: Mapping[str, Sequence[Table]]) -> list[tuple[GoldCell, bool]]:
    """Tell for each cell of a document that was read whether it is right."""
    return [(cell, _is_right(cell, tables[cell.doc])) for cell in cells if cell.doc in tables]


def _is_right(cell: GoldCell, tables: Sequence[Table]) -> bool:
    wanted, key, column = _plain(cell.value), _plain(cell.row), _plain(cell.column)
    for table in tables:
        if not _plain(table.caption).startswith(_plain(cell.table)):
            continue
        names = [_plain(h) for h in table.header]
        for row in table.rows:
            values = [_plain(c) for c in row.cells]
            named = not key or key in values
            if named and any(n == column and v == wanted for n, v in zip(names, values, strict=False)):
                return True
    return False


def _plain(text: str) -> str:
    """Fold a cell for comparison, without the raised letters that point to a note below the table."""
    return squeeze(re.sub("[ᵃ-ᶻ]", "", readable(text)))
