"""`zhinan check`: is each claim supported by its source?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rag.cli.options import JsonOption, VerboseOption, settings_from
from rag.errors import UsageError


def check(
    jsonl: Annotated[str | None, typer.Option("--jsonl", help="每行一个 {\"source\", \"claim\"} 的文件，- 为标准输入。")] = None,
    claim: Annotated[str | None, typer.Option("--claim", help="要核对的一个说法。")] = None,
    source: Annotated[str | None, typer.Option("--source", help="它所依据的原文。")] = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Check claims against their sources."""
    from rag.answer.verify import check_lines
    from rag.cli.batch import read_lines

    settings_from(verbose=verbose)
    if jsonl:
        lines = read_lines(jsonl)
    elif claim and source:
        lines = iter([json.dumps({"source": source, "claim": claim})])
    else:
        raise UsageError("请给出 --jsonl FILE，或同时给出 --claim 与 --source。")
    for result in check_lines(lines):
        typer.echo(json.dumps(result, ensure_ascii=False))
    return 0
