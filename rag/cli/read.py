"""`zhinan read`: what was understood of one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.index import NoOcrOption, PasswordOption
from rag.cli.options import JsonOption, VerboseOption, settings_from

if TYPE_CHECKING:
    from rag.types import Document


def read(
    file: Annotated[Path, typer.Argument(help="PDF、docx、html、md、txt 或通知 JSON。")],
    as_json: JsonOption = False,
    no_ocr: NoOcrOption = False,
    password: PasswordOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Read one file and print headings, passages and what was left out."""
    from rag.errors import ReadError
    from rag.ingest import ReadRequest, read_files

    settings_from(verbose=verbose)
    for _, result in read_files([ReadRequest(file, "", password, not no_ocr)], workers=1):
        if isinstance(result, ReadError):
            raise result
        if as_json:
            typer.echo(json.dumps(_to_json(result), ensure_ascii=False))
        else:
            typer.echo("\n".join(_lines(result)))
    return 0


def _to_json(document: Document) -> dict[str, Any]:
    m = document.metadata
    return {
        "document": {"title": m.title, "issuer": m.issuer, "year": m.year, "edition": m.edition, "doi": m.doi,
                     "pages": len(document.page_texts)},
        "passages": [
            {"kind": p.kind, "section": list(p.section), "pages": list(p.pages), "text": p.text, "grade": p.grade,
             "evidence": p.evidence, "ocr": p.ocr}
            for p in document.passages
        ],
        "left_out": [{"page": item.page, "why": item.why, "text": item.text} for item in document.left_out],
        "warnings": list(document.warnings),
    }


def _lines(document: Document) -> list[str]:
    from rag.cli.render import place

    m = document.metadata
    lines = [f"《{m.title}》 {m.issuer} {m.year or ''} {m.edition} {m.doi}".rstrip(), *document.warnings]
    section: tuple[str, ...] = ()
    for p in document.passages:
        if p.section != section:
            section = p.section
            lines.append("\n# " + " > ".join(section))
        label = {"table": "表", "recommendation": "推荐"}.get(p.kind, "")
        lines.append(f"[{place(p.pages)}{' ' + label if label else ''}] {p.text}")
    if document.left_out:
        lines.append("\n未收入段落：")
        lines += [f"[第{item.page}页 {item.why}] {item.text[:80]}" for item in document.left_out]
    return lines
