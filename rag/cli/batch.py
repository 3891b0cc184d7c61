"""Batches: one JSON object a line in, one a line out, in order; a bad line gets an error and the rest go on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from rag.errors import UsageError, ZhinanError


def read_lines(source: str) -> Iterator[str]:
    """Yield the non-empty lines of a file, or of standard input for `-`."""
    if source == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    path = Path(source)
    if not path.is_file():
        raise UsageError(f"找不到文件 {path}。请检查 --jsonl 后面的路径。")
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from (line for line in file if line.strip())


def run(source: str, handle: Callable[[str], dict[str, Any]]) -> None:
    """Answer each line's question with `handle` and print its result under the line's id."""
    for number, line in enumerate(read_lines(source), start=1):
        identity: Any = None
        try:
            item = json.loads(line)
            if not isinstance(item, dict) or not isinstance(item.get("question"), str):
                raise UsageError(f"第 {number} 行不是带有 question 的 JSON 对象。")
            identity = item.get("id")
            result = handle(item["question"])
        except json.JSONDecodeError as error:
            result = {"error": f"第 {number} 行不是有效的 JSON（第 {error.colno} 个字符处）。"}
        except ZhinanError as error:
            result = {"error": str(error)}
        typer.echo(json.dumps({"id": identity} | result, ensure_ascii=False))
