"""How a command gets its knowledge base; the first use builds one from the starter corpus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rag.cli.lines import one_line
from rag.cli.progress import progress_bar
from rag.cli.recognised import tell_recognised
from rag.errors import IndexBusyError, IndexUnusableError, ZhinanError, trouble
from rag.knowledge_base import KnowledgeBase
from rag.lock import writer_lock
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answer.chat_model import ChatModel
    from rag.index.builder import BuildReport

_PATIENCE = 600  # seconds that a second first use waits for the first one's index


def open_base(settings: Settings, quiet: bool = False) -> KnowledgeBase:
    """Open the index; the default one is built when it is missing, and brought up to date when the program changed.

    An index that the user named is never built unasked: IndexUnusableError then says what to run.
    """
    from rag.embed import load_embedder

    embedder = load_embedder(settings.embedder, offline=settings.offline, download=settings.download)
    try:
        return KnowledgeBase.open(settings.index, embedder=embedder, reranker=settings.reranker)
    except IndexUnusableError:
        if not settings.default_index:
            raise
    if not quiet:
        typer.echo(f"首次使用：正在用 {settings.corpus} 建立索引……", err=True)
    try:
        build(settings, quiet)
    except IndexBusyError:
        if not quiet:
            typer.echo("另一个进程正在建立它，等它完成……", err=True)
        with writer_lock(settings.index, patience=_PATIENCE):
            pass
    return KnowledgeBase.open(settings.index, embedder=embedder, reranker=settings.reranker)


def chat_model(settings: Settings) -> ChatModel:
    """Return the configured chat model. Raises UsageError when none is configured."""
    from rag.answer.chat_model import configured

    return configured(settings.llm, settings.llm_base_url, offline=settings.offline)


def build(settings: Settings, quiet: bool = False, password: str | None = None) -> BuildReport:
    """Build the index with a progress bar and list on stderr what could not be read; return the report."""
    from rag.embed import load_embedder

    embedder = load_embedder(settings.embedder, offline=settings.offline, download=settings.download)
    try:
        with progress_bar(quiet) as tell:
            report = KnowledgeBase.build(
                settings.corpus, settings.index, embedder=embedder, ocr=settings.ocr, workers=settings.workers,
                password=password, progress=tell,
            )
    except OSError as error:
        raise ZhinanError(
            f"建立索引 {settings.index} 时无法读写{trouble(error)}。已发布的索引没有改变；请检查磁盘空间和权限，或用 --index 指定另一目录。"
        ) from error
    passages = sum(e.passages for e in report.editions)
    if not quiet:
        typer.echo(f"已索引 {len(report.editions)} 份指南、{passages} 段（新读 {report.parsed} 份）：{settings.index}", err=True)
        tell_recognised(report, settings)
    for source, message in report.warnings:
        typer.echo(f"注意 {one_line(source)}：{one_line(message)}", err=True)
    for source, reason in report.failures:
        typer.echo(unread(source, reason), err=True)
    return report


def unread(source: str, reason: str) -> str:
    """Write in one line which file could not be read and why, its name said once."""
    return one_line(f"未能读取 {source}：{reason.removeprefix(Path(source).name).lstrip(' ：')}")
