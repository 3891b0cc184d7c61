"""JSON Lines as users write them: one object a line, whatever an editor put around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rag.errors import UsageError

_BYTE_ORDER_MARK = "\ufeff"  # with which editors on Windows begin a file


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the non-empty lines, each with its number in the file."""
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if line.strip():
            yield number, line


def parsed(line: str, number: int) -> dict[str, Any]:
    """Return the object on a line. Raises UsageError for anything else, also for what Python reads beyond JSON (NaN)."""
    try:
        item = json.loads(line)
        json.dumps(item, allow_nan=False)
    except json.JSONDecodeError as error:
        raise UsageError(f"第 {number} 行不是有效的 JSON（第 {error.colno} 个字符处）。") from error
    except (ValueError, RecursionError) as error:  # NaN, a number of thousands of digits, brackets without end
        raise UsageError(f"第 {number} 行不是有效的 JSON。") from error
    if not isinstance(item, dict):
        raise UsageError(f"第 {number} 行不是 JSON 对象。")
    return item
