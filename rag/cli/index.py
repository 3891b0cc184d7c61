"""`zhinan index`: build, update, status, verify, rollback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.again import again
from rag.cli.commands import App
from rag.cli.lines import one_line
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
from rag.errors import IndexUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.index.builder import BuildReport
    from rag.index.difference import Difference
    from rag.settings import Settings

EXIT_STALE = 4

app = App("建立、更新、检查、退回索引。")

NoOcrOption = Annotated[bool, typer.Option("--no-ocr", help="不识别扫描页，并列出跳过的页。")]
PasswordOption = Annotated[str | None, typer.Option("--password", help="加密 PDF 的密码。", show_default=False)]
_KINDS = {"added": "新增", "replaced": "替换", "removed": "去掉", "renamed": "改名", "restated": "改动"}


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


@app.command(help="使索引与语料一致，只处理变化的部分，并说明新增、替换、去掉了什么。")
def update(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会做什么，不写任何东西。")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="一直守着语料目录，有变化就更新，按 Ctrl-C 结束。")] = False,
    no_ocr: NoOcrOption = False,
    password: PasswordOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Bring the index in step with the corpus, once or for as long as the command runs."""
    from rag.cli import session

    settings = settings_from(corpus, index, embedder, offline, verbose, ocr=False if no_ocr else None)
    if dry_run:
        found = _stale(settings)
        _tell(found, as_json, "现在运行 zhinan index update 会：", "索引与语料一致，无事可做。")
        return 0
    report = session.build(settings, quiet, password)
    _tell(report.differences, as_json, "", "没有变化。", report)
    if watch:
        from rag.cli.watch import watch_folder

        watch_folder(settings.corpus, settings.index, lambda: _tell(session.build(settings, True, password).differences, False, "", ""))
    return 0


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
    from rag.cli import session
    from rag.index.status import failures, stale
    from rag.ingest import SUFFIXES
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(corpus, index, embedder, verbose=verbose)
    base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    files = corpora.load(settings.corpus, SUFFIXES)
    found, failed = stale(base.snapshot, files), failures(base.snapshot, files)
    if as_json:
        rows = [d._asdict() for d in found]
        unread = [{"source": s, "why": w} for s, w in failed]
        typer.echo(json.dumps({"snapshot": base.snapshot.id, "stale": rows, "failed": unread,
                               "left_out": [{"source": s, "why": w} for s, w in files.left_out]}, ensure_ascii=False))
        return EXIT_STALE if found else 0
    typer.echo(f"索引 {settings.index}，快照 {base.snapshot.id}：{len(base.editions)} 份指南、{len(base.snapshot)} 段")
    for source, why in failed:
        typer.echo(session.unread(source, why))
    for source, why in files.left_out:
        typer.echo(f"没有收入 {one_line(source)}：{one_line(why)}")
    for difference in found:
        typer.echo(f"已过时 {one_line(difference.source)}：{_KINDS[difference.kind]}，{one_line(difference.why)}")
    typer.echo(f"请运行：{again('zhinan index update', settings)}" if found else "与语料一致。")
    return EXIT_STALE if found else 0


@app.command(help="核对索引的每个文件，以及每段引文是否确在其页。")
def verify(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Check hashes and quotes."""
    from rag.index.status import damages
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(corpus, index, embedder, verbose=verbose)
    base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    found = damages(base.snapshot, settings.index, settings.corpus)
    if as_json:
        typer.echo(json.dumps({"snapshot": base.snapshot.id, "damages": found}, ensure_ascii=False))
    else:
        for line in found:
            typer.echo(line)
        typer.echo(f"发现 {len(found)} 处问题。请运行：zhinan index build" if found else "索引完好，引文都在其页。")
    return 1 if found else 0


@app.command(help="退回上一个快照；语料不变，下一次 update 又会跟上语料。")
def rollback(
    corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False, verbose: VerboseOption = False
) -> int:
    """Publish the snapshot before the current one again."""
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(corpus, index, verbose=verbose)
    if not settings.index.is_dir():
        raise IndexUnusableError(f"{settings.index} 里没有索引。请运行：zhinan index build --index {settings.index}")
    name = KnowledgeBase.rollback(settings.index)
    typer.echo(json.dumps({"snapshot": name}) if as_json else f"已退回快照 {name}：{settings.index}")
    return 0


def _stale(settings: Settings) -> list[Difference]:
    """List what an update would do; everything is new where there is no usable index."""
    from rag import corpus as corpora
    from rag.index.difference import differences
    from rag.index.status import stale
    from rag.ingest import SUFFIXES
    from rag.knowledge_base import KnowledgeBase

    files = corpora.load(settings.corpus, SUFFIXES)
    try:
        base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    except IndexUnusableError as error:
        typer.echo(f"{error}（以下按全部重建列出）", err=True)
        return differences((), files.editions)
    return stale(base.snapshot, files)


def _tell(found: Iterable[Difference], as_json: bool, before: str, nothing: str, report: BuildReport | None = None) -> None:
    found = list(found)
    if as_json:
        result: dict[str, object] = {"changes": [d._asdict() for d in found]}
        if report is not None and report.snapshot is not None:
            result |= {"snapshot": report.snapshot.name, "read": report.parsed,
                       "failed": [{"source": s, "why": w} for s, w in report.failures]}
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    if found and before:
        typer.echo(before)
    for difference in found:
        typer.echo(f"{_KINDS[difference.kind]} {one_line(difference.source)}：{one_line(difference.why)}")
    if not found and nothing:
        typer.echo(nothing)
