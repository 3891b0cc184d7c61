"""Tables whose cells are known, from HTML, docx or markdown: merged cells filled in, header rows joined."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.readable import readable
from rag.types import Table, TableRow

Cell = tuple[str, int, int, bool]
"""Text, row span, column span, and whether it is marked as a header."""

_MOST_COLUMNS = 60


def table_of(caption: str, rows: Sequence[Sequence[Cell]], paragraph: int) -> Table | None:
    """Make a table of rows of cells; the rows marked as header, else the first row with what its merged cells span, become the header.

    Returns None for a table without body rows, such as one used for layout.
    """
    grid, marked = _filled(rows)
    width = max(map(len, grid), default=0)
    if width < 2 or width > _MOST_COLUMNS:
        return None
    heads = _leading(marked) or _storeys(rows[0])
    header = tuple(_joined(grid[:heads], column) for column in range(width))
    body = []
    for number, cells in enumerate(grid[heads:]):
        padded = tuple(readable(c) for c in [*cells, *[""] * (width - len(cells))])
        if any(padded):
            own = [text for text, _, _, _ in rows[heads + number] if text]
            body.append(TableRow(padded, " ".join(own) or " ".join(dict.fromkeys(cells)), paragraph=paragraph + number))
    return Table(readable(caption), header, tuple(body)) if body else None


def _filled(rows: Sequence[Sequence[Cell]]) -> tuple[list[list[str]], list[bool]]:
    """Write each cell's text into every place that it spans; tell which rows consist of header cells."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for row in rows:
        line: list[str] = []
        cells = iter(row)
        while len(line) <= _MOST_COLUMNS:
            if len(line) in hanging:
                text, left = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (text, left - 1)
                line.append(text)
                continue
            cell = next(cells, None)
            if cell is None:
                if any(column > len(line) for column in hanging):
                    line.append("")
                    continue
                break
            text, down, across, _ = cell
            for _ in range(across):
                if down > 1:
                    hanging[len(line)] = (text, down - 1)
                line.append(text)
        grid.append(line)
    return grid, [bool(row) and all(head for _, _, _, head in row) for row in rows]


def _storeys(first: Sequence[Cell]) -> int:
    """Give the height of a header that is not marked as one: a cell over several columns has their names below it."""
    return max(down for _, down, _, _ in first) if any(across > 1 for _, _, across, _ in first) else 1


def _leading(marked: Sequence[bool]) -> int:
    return next((i for i, head in enumerate(marked) if not head), len(marked))


def _joined(heads: Sequence[Sequence[str]], column: int) -> str:
    names = [row[column] for row in heads if column < len(row) and row[column]]
    return readable("·".join(dict.fromkeys(names)))
