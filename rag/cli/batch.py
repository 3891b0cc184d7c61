"""Batches: one JSON object a line in, one a line out, in order; a bad line gets an error and the rest go on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from rag.errors import UsageError, ZhinanError
from rag.jsonl import numbered, parsed


def read_lines(source: str) -> Iterator[str]:
    """Yield the lines of a file, or of standard input for `-`. Raises UsageError where there is no file."""
    if source == "-":
        yield from sys.stdin
        return
    path = Path(source)
    if not path.exists() or path.is_dir():  # a pipe, as a shell's <(…) is one, can be read too
        raise UsageError(f"找不到文件 {path}。请检查 --jsonl 后面的路径。")
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def run(source: str, handle: Callable[[str], dict[str, Any]]) -> None:
    """Answer each line's question with `handle` and print its result under the line's id."""
    for number, line in numbered(read_lines(source)):
        identity: Any = None
        try:
            item = parsed(line, number)
            identity = item.get("id")
            if not isinstance(item.get("question"), str):
                raise UsageError(f"第 {number} 行没有 question，或者它不是文字。")
            result = handle(item["question"])
        except ZhinanError as error:
            result = {"error": str(error)}
        typer.echo(json.dumps({"id": identity} | result, ensure_ascii=False))
