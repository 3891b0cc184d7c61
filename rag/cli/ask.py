"""`zhinan ask`: a question in, cited sentences out."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

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

EXIT_ABSTAINED = 3

AsOfOption = Annotated[int | None, typer.Option("--as-of", help="按这一年时的版本回答。", show_default=False)]
SupersededOption = Annotated[bool, typer.Option("--include-superseded", help="连同已被取代的版本（会标明）。")]

MinGradeOption = Annotated[str, typer.Option("--min-grade", help="只用推荐等级不低于它的推荐，如 Ⅱa、B、强。", show_default=False)]


def ask(
    question: Annotated[list[str] | None, typer.Argument(help="问题；- 表示从标准输入读。", show_default=False)] = None,
    jsonl: JsonlOption = None,
    as_json: JsonOption = False,
    long: Annotated[bool, typer.Option("--long", help="多给几句。")] = False,
    llm: Annotated[bool, typer.Option("--llm", help="让配置好的大模型起草，逐句核对后才显示（设置 ZHINAN_LLM）。")] = False,
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
    """Answer one question, or a batch."""
    from rag.answer.answerer import AskOptions, checked
    from rag.answer.contract import answer_to_json
    from rag.cli import batch
    from rag.cli.session import chat_model, open_base
    from rag.retrieve.scope import Scope

    settings = settings_from(corpus, index, embedder, offline, verbose)
    scope = Scope(as_of, include_superseded, min_grade=min_grade)
    options = AskOptions(scope, long=long, model=chat_model(settings) if llm else None)
    text = "" if jsonl else checked(typed(question))
    base = open_base(settings, quiet)
    if jsonl:
        batch.run(jsonl, lambda q: answer_to_json(base.ask(q, options)))
        return 0
    if as_json:
        answer = base.ask(text, options)
        typer.echo(json.dumps(answer_to_json(answer), ensure_ascii=False))
    else:
        from rag.cli.live import Live

        live = Live()
        answer = base.ask(text, live.listening(options) if llm else options)
        typer.echo("\n".join(live.rest(answer)))
    return 0 if answer.status == "answered" else EXIT_ABSTAINED


def typed(parts: list[str] | None) -> str:
    """Return what was typed after the command, or piped in (`-`, or nothing typed); stray bytes become replacement marks."""
    if parts == ["-"] or (not parts and sys.stdin and not sys.stdin.isatty()):
        return sys.stdin.read() if sys.stdin else ""
    # Under a locale without Chinese, Python hands the bytes of the command line over as surrogates.
    return " ".join(parts or []).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
