"""`zhinan search`: the passages nearest to a text."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rag.cli.ask import EXIT_ABSTAINED, AsOfOption, MinGradeOption, SupersededOption, typed
from rag.cli.options import (
    CorpusOption,
    EmbedderOption,
    IndexOption,
    JsonlOption,
    JsonOption,
    OfflineOption,
    QuietOption,
    VerboseOption,
    settings_from,
)


def search(
    text: Annotated[list[str] | None, typer.Argument(help="要找的内容；- 表示从标准输入读。", show_default=False)] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="最多几段。")] = 10,
    jsonl: JsonlOption = None,
    as_json: JsonOption = False,
    explain: Annotated[bool, typer.Option("--explain", help="显示问题被怎样理解、每段怎样得分。")] = False,
    as_of: AsOfOption = None,
    include_superseded: SupersededOption = False,
    min_grade: MinGradeOption = "",
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Search once, or for a batch."""
    from rag.answer.answerer import checked
    from rag.answer.contract import hit_to_json
    from rag.cli import batch
    from rag.cli.render import hit_lines, query_lines
    from rag.cli.session import open_base
    from rag.retrieve.scope import Scope

    settings = settings_from(corpus, index, embedder, offline, verbose)
    scope = Scope(as_of, include_superseded, min_grade=min_grade)
    query = "" if jsonl else checked(typed(text))
    base = open_base(settings, quiet)
    if jsonl:
        batch.run(jsonl, lambda q: {"hits": [hit_to_json(h) for h in base.search(q, k, scope=scope)]})
        return 0
    hits = base.search(query, k, scope=scope)
    if as_json:
        typer.echo(json.dumps({"hits": [hit_to_json(h) for h in hits]}, ensure_ascii=False))
    else:
        if explain:
            from rag.retrieve.query import understand

            typer.echo("\n".join(query_lines(understand(query))) + "\n")
        typer.echo("\n".join(hit_lines(hits, explain)) if hits else "没有找到相关段落。")
    return 0 if hits else EXIT_ABSTAINED
