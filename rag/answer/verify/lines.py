"""How lines of JSON are checked: one verdict per line, and an error object for a line that is not valid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from rag.answer.verify.judge import verify


def check_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield for each non-empty line its `id` (where it has one) with the verdict, or what is wrong with the line."""
    for line in lines:
        if line.strip():
            yield _check(line)


def _check(line: str) -> dict[str, Any]:
    """Check one line."""
    try:
        item = json.loads(line)
    except ValueError as error:
        return {"error": f"这一行不是合法的 JSON：{error}"}
    if not isinstance(item, dict):
        return {"error": "这一行应当是一个 JSON 对象，含 source 和 claim"}
    head = {"id": item["id"]} if "id" in item else {}
    for name in ("source", "claim"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            return head | {"error": f"缺少 {name}，或者它不是非空的字符串"}
    verdict = verify(item["claim"], item["source"])
    return head | {"supported": verdict.supported, "reasons": [asdict(reason) for reason in verdict.reasons]}
