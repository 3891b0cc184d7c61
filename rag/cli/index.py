"""`zhinan index`: build, update, status, verify."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rag.cli.options import (
    CorpusOption,
    EmbedderOption,
    IndexOption,
    JsonOption,
    OfflineOption,
    QuietOption,
    VerboseOption,
    settings_from,
)

EXIT_STALE = 4

app = typer.Typer(help="建立、更新、检查索引。", no_args_is_help=True, rich_markup_mode=None)

NoOcrOption = Annotated[bool, typer.Option("--no-ocr", help="不识别扫描页，并列出跳过的页。")]
PasswordOption = Annotated[str | None, typer.Option("--password", help="加密 PDF 的密码。", show_default=False)]


@app.command(help="从语料建立索引；没有变化的部分取自缓存。")
def build(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    no_ocr: NoOcrOption = False,
    password: PasswordOption = None,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Build the index."""
    from rag.cli import session

    settings = settings_from(corpus, index, embedder, offline, verbose, ocr=False if no_ocr else None)
    session.build(settings, quiet, password)
    return 0


app.command("update", help="使索引与语料一致，只处理变化的部分。")(build)


@app.command(help="索引与语料是否一致；不一致时说明哪个文件、为什么（退出码 4）。")
def status(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Tell what differs between corpus and index."""
    from rag import corpus as corpora
    from rag.index.status import differences
    from rag.ingest import SUFFIXES
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(corpus, index, embedder, verbose=verbose)
    base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    found = differences(base.snapshot, corpora.load(settings.corpus, SUFFIXES))
    failures = base.snapshot.manifest["corpus"]["failures"]
    if as_json:
        stale = [{"source": s, "why": w} for s, w in found]
        failed = [{"source": s, "why": w} for s, w in failures]
        typer.echo(json.dumps({"snapshot": base.snapshot.id, "stale": stale, "failed": failed}, ensure_ascii=False))
        return EXIT_STALE if found else 0
    typer.echo(f"索引 {settings.index}，快照 {base.snapshot.id}：{len(base.editions)} 份指南、{len(base.snapshot)} 段")
    for source, why in failures:
        typer.echo(f"未能读取 {source}：{why}")
    for source, why in found:
        typer.echo(f"已过时 {source}：{why}")
    typer.echo("请运行：zhinan index update" if found else "与语料一致。")
    return EXIT_STALE if found else 0


@app.command(help="核对索引的每个文件，以及每段引文是否确在其页。")
def verify(
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Check hashes and quotes."""
    from rag.index.status import damages
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(index=index, embedder=embedder, verbose=verbose)
    base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    found = damages(base.snapshot, settings.index)
    if as_json:
        typer.echo(json.dumps({"snapshot": base.snapshot.id, "damages": found}, ensure_ascii=False))
    else:
        for line in found:
            typer.echo(line)
        typer.echo(f"发现 {len(found)} 处问题。请运行：zhinan index build" if found else "索引完好，引文都在其页。")
    return 1 if found else 0
