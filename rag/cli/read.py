"""`zhinan read`: what was understood of one file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.index import NoOcrOption, PasswordOption
from rag.cli.options import JsonOption, VerboseOption, settings_from

if TYPE_CHECKING:
    from rag.types import Document, Passage

PageOption = Annotated[int, typer.Option("--page", min=1, help="画哪一页（与 --png 合用）。")]
PngOption = Annotated[Path | None, typer.Option("--png", help="把这一页连同读出的各块的方框存为 PNG。", show_default=False)]


def read(
    file: Annotated[Path, typer.Argument(help="PDF、docx、html、md、txt 或通知 JSON。")],
    page: PageOption = 1,
    png: PngOption = None,
    as_json: JsonOption = False,
    no_ocr: NoOcrOption = False,
    password: PasswordOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Read one file and print headings, passages, tables, and what was left out and why."""
    from rag.cli.progress import progress_bar
    from rag.errors import ReadError
    from rag.ingest import Picture, ReadRequest, read_files

    settings_from(verbose=verbose)
    request = ReadRequest(file, "", password, not no_ocr, Picture(page, png.absolute()) if png else None)
    with progress_bar(quiet=False) as tell:
        progress = (lambda path, done, total: tell("read", path.name, done, total)) if tell else None
        results = list(read_files([request], progress=progress))
    for _, result in results:
        if isinstance(result, ReadError):
            raise result
        if as_json:
            typer.echo(json.dumps(_to_json(result), ensure_ascii=False))
        elif not png:
            typer.echo("\n".join(_lines(result)))
        if png:
            typer.echo(f"已画出第 {page} 页：{png}（蓝=正文，绿=表格，紫=推荐意见，橙=标题，灰=未收入）", err=True)
    return 0


def _to_json(document: Document) -> dict[str, Any]:
    m = document.metadata
    return {
        "document": {"title": m.title, "issuer": m.issuer, "year": m.year, "edition": m.edition, "doi": m.doi,
                     "pages": len(document.page_texts)},
        "headings": [{"level": h.level, "text": h.text, "page": h.boxes[0].page if h.boxes else 0} for h in document.headings],
        "passages": [
            {"kind": p.kind, "section": list(p.section), "pages": list(p.pages), "text": p.text, "grade": p.grade,
             "evidence": p.evidence, "ocr": p.ocr}
            for p in document.passages
        ],
        "left_out": [{"page": item.page, "why": item.why, "text": item.text} for item in document.left_out],
        "warnings": list(document.warnings),
    }


def _lines(document: Document) -> Iterator[str]:
    m = document.metadata
    yield " ".join(part for part in (f"《{m.title}》", m.issuer, str(m.year or ""), m.edition, m.doi) if part)
    yield from (f"! {warning}" for warning in document.warnings)
    if document.headings:
        yield "\n标题"
        yield from ("  " * h.level + h.text + (f"（第{h.boxes[0].page}页）" if h.boxes else "") for h in document.headings)
    for section, passages in groupby(document.passages, key=lambda p: p.section):
        yield "\n# " + (" > ".join(section) or "（第一个标题之前）")
        for passage in passages:
            yield from _passage_lines(passage)
    if document.left_out:
        yield "\n未收入段落："
        yield from (f"[{f'第{item.page}页 ' if item.page else ''}{item.why}] {item.text[:80]}" for item in document.left_out)


def _passage_lines(passage: Passage) -> Iterator[str]:
    from rag.cli.render import place

    label = {"table": " 表", "recommendation": " 推荐"}.get(passage.kind, "")
    graded = "".join(f" {name}{value}" for name, value in (("推荐", passage.grade), ("证据", passage.evidence)) if value)
    where = place(passage.pages, passage.sentences[0].paragraph)
    recognised = " 文字识别" if passage.ocr else ""
    if passage.kind != "table":
        yield f"[{where}{label}{graded}{recognised}] {passage.text}"
        return
    caption, rows = _rows(passage)
    yield f"[{where}{label}{recognised}] {caption}"
    header = list(dict.fromkeys(column for row in rows for column in row))
    if any(name for name, _ in header):
        yield "| " + " | ".join(name for name, _ in header) + " |"
        yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(row.get(column, "") for column in header) + " |"


def _rows(passage: Passage) -> tuple[str, list[dict[tuple[str, int], str]]]:
    """Take a table's rows apart again: the caption that all repeat, and the cells by column.

    A column is its name and how many of that name stand before it: below a header over two columns both have one name.
    """
    parts = [s.text.split(" | ") for s in passage.sentences]
    first = parts[0][0]
    caption = first if ": " not in first and all(p[0] == first for p in parts) else ""
    rows = []
    for cells in (p[1:] if caption else p for p in parts):
        row: dict[tuple[str, int], str] = {}
        for name, colon, value in (cell.partition(": ") for cell in cells):
            name, value = (name, value) if colon else ("", name)
            row[name, sum(known == name for known, _ in row)] = value
        rows.append(row)
    return caption, rows
