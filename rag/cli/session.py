"""How a command gets its knowledge base; the first use builds one from the starter corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from rag.cli.progress import progress_bar
from rag.errors import IndexUnusableError
from rag.knowledge_base import KnowledgeBase
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index.builder import BuildReport


def open_base(settings: Settings, quiet: bool = False) -> KnowledgeBase:
    """Open the index; the default one is built when it is missing, and brought up to date when the program changed.

    An index that the user named is never built unasked: IndexUnusableError then says what to run.
    """
    from rag.embed import load_embedder

    embedder = load_embedder(settings.embedder, offline=settings.offline)
    try:
        return KnowledgeBase.open(settings.index, embedder=embedder)
    except IndexUnusableError:
        if not settings.default_index:
            raise
    if not quiet:
        typer.echo(f"首次使用：正在用 {settings.corpus} 建立索引……", err=True)
    build(settings, quiet)
    return KnowledgeBase.open(settings.index, embedder=embedder)


def build(settings: Settings, quiet: bool = False, password: str | None = None) -> BuildReport:
    """Build the index with a progress bar and list on stderr what could not be read; return the report."""
    from rag.embed import load_embedder

    embedder = load_embedder(settings.embedder, offline=settings.offline)
    with progress_bar(quiet) as tell:
        report = KnowledgeBase.build(
            settings.corpus, settings.index, embedder=embedder, ocr=settings.ocr, workers=settings.workers,
            password=password, progress=tell,
        )
    passages = sum(e.passages for e in report.editions)
    if not quiet:
        typer.echo(f"已索引 {len(report.editions)} 份指南、{passages} 段（新读 {report.parsed} 份）：{settings.index}", err=True)
    for source, message in report.warnings:
        typer.echo(f"注意 {source}：{message}", err=True)
    for source, reason in report.failures:
        typer.echo(f"未能读取 {source}：{reason}", err=True)
    return report
