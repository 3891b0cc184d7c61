"""How lines of JSON are checked: one verdict per line, and an error object for a line that is not valid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from rag.answer.verify.judge import verify
from rag.errors import UsageError
from rag.jsonl import numbered, parsed


def check_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield for each non-empty line its `id` (where it has one) with the verdict, or what is wrong with the line."""
    for number, line in numbered(lines):
        try:
            yield _check(parsed(line, number), number)
        except UsageError as error:
            yield {"error": str(error)}


def _check(item: dict[str, Any], number: int) -> dict[str, Any]:
    """Check one claim against its source."""
    head = {"id": item["id"]} if "id" in item else {}
    for name in ("source", "claim"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            return head | {"error": f"第 {number} 行没有 {name}，或者它不是非空的文字。"}
    verdict = verify(item["claim"], item["source"])
    return head | {"supported": verdict.supported, "reasons": [asdict(reason) for reason in verdict.reasons]}
