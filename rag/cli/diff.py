"""`zhinan diff`: what a new edition says differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import CorpusOption, IndexOption, JsonOption, VerboseOption, settings_from
from rag.errors import IndexUnusableError, ReadError, UsageError

if TYPE_CHECKING:
    from rag.changes import Change
    from rag.settings import Settings
    from rag.types import Document

_ANOTHER_WORK = 0.05  # share of common text below which two files are hardly editions of one guideline
KINDS = {"changed": "改动", "added": "新增", "removed": "删去"}


def diff(
    old: Annotated[str, typer.Argument(help="旧版的编号或文件。", show_default=False)],
    new: Annotated[str, typer.Argument(help="新版的编号或文件。", show_default=False)],
    as_json: JsonOption = False,
    report: Annotated[Path | None, typer.Option("--html", help="另写一份可打印的 HTML 报告。", show_default=False)] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Compare two editions, given as ids or as files."""
    from rag.changes import compare
    from rag.supersession import shared, shingles

    settings = settings_from(corpus, index, verbose=verbose)
    before, after = (_document(name, settings) for name in (old, new))
    changes = compare(before, after)
    if shared(shingles(before), shingles(after)) < _ANOTHER_WORK:
        typer.echo("注意：两份文件几乎没有相同的文字，看来不是同一份指南的两版。", err=True)
    if report:
        from rag.cli.diff_report import write_report

        write_report(report, before, after, changes)
        typer.echo(f"报告已写入 {report}", err=True)
    if as_json:
        rows = [_row(c) for c in changes]
        typer.echo(json.dumps({"old": before.metadata.title, "new": after.metadata.title, "changes": rows}, ensure_ascii=False))
    elif not changes:
        typer.echo("没有找到差别。")
    else:
        _print(before, after, changes)
    return 0


def summary(changes: Sequence[Change]) -> str:
    """Count the changes by kind, in one line."""
    counts = {kind: sum(c.kind == kind for c in changes) for kind in KINDS}
    important = sum(c.important for c in changes)
    return f"共 {sum(counts.values())} 处：" + "，".join(f"{name} {counts[kind]}" for kind, name in KINDS.items()) + (
        f"；其中 {important} 处关系到数字或推荐的方向。")


def sections(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield the changes by heading, in the new edition's order; renamed words are left out."""
    rest = (c for c in changes if c.kind != "renamed")
    for heading, group in groupby(rest, key=lambda c: c.section[-2:]):
        yield " › ".join(heading) or "正文", list(group)


def pages(numbers: Sequence[int]) -> str:
    """Write where a sentence stands."""
    return f"（第 {'、'.join(map(str, numbers))} 页）" if numbers else ""


def _document(name: str, settings: Settings) -> Document:
    """Return a file's text, or that of an edition of the index or else of the corpus."""
    if Path(name).is_file():
        return _read(Path(name))
    from rag import corpus as corpora
    from rag.ingest import SUFFIXES
    from rag.knowledge_base import KnowledgeBase

    try:
        base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
        if base.edition(name):
            return base.snapshot.document(name)
    except IndexUnusableError:  # an edition of the corpus can be compared before there is an index
        pass
    found = corpora.load(settings.corpus, SUFFIXES)
    for edition in found.editions:
        if edition.guideline_id == name:
            return _read(found.path(edition))
    raise UsageError(f"{name} 既不是文件，也不是语料里的编号。请用 zhinan corpus list 查看编号。")


def _read(path: Path) -> Document:
    from rag.ingest import ReadRequest, read_files

    for _, result in read_files([ReadRequest(path)], workers=1):
        if isinstance(result, ReadError):
            raise result
        return result
    raise ReadError(f"{path} 没有读出内容。请用 zhinan read {path} 查看原因。")


def _row(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind, "section": list(change.section), "old": change.old, "new": change.new,
        "old_pages": list(change.old_pages), "new_pages": list(change.new_pages),
        "old_numbers": list(change.numbers[0]), "new_numbers": list(change.numbers[1]), "important": change.important,
    }


def _print(old: Document, new: Document, changes: Sequence[Change]) -> None:
    """Print the changes as a table: old and new edition side by side, what differs in colour."""
    from rich.console import Console
    from rich.table import Table

    from rag.cli.diff_report import differing

    console = Console(highlight=False)
    console.print(f"{old.metadata.title or '旧版'} → {new.metadata.title or '新版'}\n{summary(changes)}", markup=False)
    if renamed := [f"{c.old} → {c.new}" for c in changes if c.kind == "renamed"]:
        console.print(f"用语：{'；'.join(renamed)}", markup=False)
    if len(renamed) == len(changes):
        return
    table = Table("", show_lines=True, expand=True)
    for name in ("旧版", "新版"):
        table.add_column(name, ratio=1, overflow="fold")
    for heading, group in sections(changes):
        table.add_row("", f"[bold]{_plain(heading)}[/bold]", "")
        for change in group:
            marks = differing(change.old, change.new) if change.kind == "changed" else ([(change.old, False)], [(change.new, False)])
            cells = ["".join(f"[{style}]{_plain(t)}[/{style}]" if hit else _plain(t) for t, hit in side)
                     for side, style in zip(marks, ("red", "green"), strict=True)]
            table.add_row(KINDS[change.kind] + ("*" if change.important else ""), cells[0] + pages(change.old_pages), cells[1] + pages(change.new_pages))
    console.print(table)
    console.print("* 关系到数字或推荐的方向。以两版原文为准。")


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
