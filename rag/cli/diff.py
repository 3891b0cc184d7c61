"""`zhinan diff`: what a new edition says differently."""

from __future__ import annotations

import difflib
import html
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import CorpusOption, JsonOption, VerboseOption, settings_from
from rag.errors import ReadError, UsageError

if TYPE_CHECKING:
    from rag.changes import Change
    from rag.settings import Settings
    from rag.types import Document

_KINDS = {"added": "新增", "removed": "删去", "changed": "改动"}


def diff(
    old: Annotated[str, typer.Argument(help="旧版的编号或文件。")],
    new: Annotated[str, typer.Argument(help="新版的编号或文件。")],
    as_json: JsonOption = False,
    report: Annotated[Path | None, typer.Option("--html", help="另写一份可打印的 HTML 报告。", show_default=False)] = None,
    corpus: CorpusOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Compare two editions, given as ids of the corpus or as files."""
    from rag.changes import compare
    from rag.files import write_whole

    settings = settings_from(corpus, verbose=verbose)
    paths = [_path(name, settings) for name in (old, new)]
    before, after = (_read(p) for p in paths)
    changes = compare(before, after)
    if report:
        text = _report(before, after, changes)
        write_whole(report, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        typer.echo(f"报告已写入 {report}", err=True)
    if as_json:
        typer.echo(json.dumps({"old": before.metadata.title, "new": after.metadata.title, "changes": [_row(c) for c in changes]},
                              ensure_ascii=False))
        return 0
    typer.echo(_summary(changes))
    for section, group in groupby(changes, key=lambda c: " > ".join(c.section[-2:])):
        typer.echo(f"\n# {section or '正文'}")
        for change in group:
            typer.echo("\n".join(_lines(change)))
    return 0


def _path(name: str, settings: Settings) -> Path:
    if Path(name).is_file():
        return Path(name)
    from rag import corpus as corpora
    from rag.ingest import SUFFIXES

    found = corpora.load(settings.corpus, SUFFIXES)
    for edition in found.editions:
        if edition.guideline_id == name:
            return found.path(edition)
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
        "old_numbers": list(change.numbers[0]), "new_numbers": list(change.numbers[1]),
    }


def _summary(changes: Sequence[Change]) -> str:
    counts = {kind: sum(c.kind == kind for c in changes) for kind in _KINDS}
    return f"共 {len(changes)} 处：" + "，".join(f"{name} {counts[kind]}" for kind, name in _KINDS.items()) + "。"


def _lines(change: Change) -> Iterator[str]:
    if change.kind == "changed" and any(change.numbers):
        yield f"[{_KINDS[change.kind]}] {'、'.join(change.numbers[0]) or '—'} → {'、'.join(change.numbers[1]) or '—'}"
    else:
        yield f"[{_KINDS[change.kind]}]"
    if change.old:
        yield f"  旧{_pages(change.old_pages)}：{change.old}"
    if change.new:
        yield f"  新{_pages(change.new_pages)}：{change.new}"


def _pages(pages: Sequence[int]) -> str:
    return f"（第{'、'.join(map(str, pages))}页）" if pages else ""


def _report(old: Document, new: Document, changes: Sequence[Change]) -> str:
    body = []
    for section, group in groupby(changes, key=lambda c: " > ".join(c.section[-2:])):
        body.append(f"<h2>{html.escape(section or '正文')}</h2>\n<table><tr><th></th><th>旧版</th><th>新版</th></tr>")
        for change in group:
            before, after = _marked(change.old, change.new)
            body.append(
                f"<tr><td>{_KINDS[change.kind]}</td><td>{before} <span class=page>{_pages(change.old_pages)}</span></td>"
                f"<td>{after} <span class=page>{_pages(change.new_pages)}</span></td></tr>"
            )
        body.append("</table>")
    template = resources.files("rag.cli.templates").joinpath("diff.html").read_text(encoding="utf-8")
    title = f"《{old.metadata.title}》→《{new.metadata.title}》"
    return template.format(title=html.escape(title), summary=_summary(changes), body="\n".join(body))


def _marked(old: str, new: str) -> tuple[str, str]:
    """Mark what was deleted in the old text and inserted in the new one."""
    before, after = [], []
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = html.escape(old[a0:a1]), html.escape(new[b0:b1])
        same = tag == "equal"
        before.append(gone if same or not gone else f"<del>{gone}</del>")
        after.append(come if same or not come else f"<ins>{come}</ins>")
    return "".join(before), "".join(after)
