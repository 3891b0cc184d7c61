"""Typeset the digests and write what follows from them: corpus/pdf, manifest.toml and FACTCHECK.md.

`python -m corpus.build` sets what changed, `--all` everything; `--verify` writes nothing, sets every PDF again where the
tools that made it are at hand, and fails when a byte differs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from corpus.typeset.compile import FOLDER, compile_digest, tools
from rag.digest.digest import Digest, read_all
from rag.digest.editions import edition_rows, merge_manifest
from rag.digest.factcheck import assemble
from rag.digest.seal import read_seal, seal_of, successors
from rag.errors import CorpusError
from rag.files import write_whole

ROOT = Path(__file__).resolve().parent


def build(root: Path, everything: bool = False) -> list[str]:
    """Bring PDFs, manifest and fact-check page up to date; return the ids that were set."""
    digests = read_all(root / "text")
    replaced = successors(digests)
    pdf = root / "pdf"
    done = []
    for digest in digests:
        target = pdf / f"{digest.id}.pdf"
        if everything or not _current(digest, replaced.get(digest.id), target):
            data = compile_digest(digest, replaced.get(digest.id))
            if not target.is_file() or target.read_bytes() != data:
                write_whole(target, lambda path, data=data: path.write_bytes(data))
                done.append(digest.id)
    known = {d.id for d in digests}
    for stray in pdf.glob("*.pdf"):
        if stray.stem not in known:
            stray.unlink()
    manifest = root / "manifest.toml"
    before = manifest.read_text(encoding="utf-8") if manifest.is_file() else ""
    _write(manifest, merge_manifest(before, edition_rows(digests, pdf), manifest))
    _write(root / "FACTCHECK.md", assemble(root / "factcheck"))
    return done


def verify(root: Path) -> list[str]:
    """List the PDFs that differ from what their sources give; those made by other tools are compared by seal alone."""
    digests = read_all(root / "text")
    replaced = successors(digests)
    ours = _tools()
    wrong = []
    for digest in digests:
        target = root / "pdf" / f"{digest.id}.pdf"
        successor = replaced.get(digest.id)
        if not _current(digest, successor, target):
            wrong.append(f"{target} 与来源不符")
        elif read_seal(target)[0].tools == ours and target.read_bytes() != compile_digest(digest, successor):
            wrong.append(f"{target} 重新排版后字节不同")
    return wrong


def _tools() -> str | None:
    """Name the tools at hand; None where typst or a font is missing."""
    try:
        return tools()
    except CorpusError:
        return None


def _current(digest: Digest, replaced_by: Digest | None, pdf: Path) -> bool:
    return pdf.is_file() and read_seal(pdf)[0].same_making(seal_of(digest, replaced_by, FOLDER))


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def main(
    everything: Annotated[bool, typer.Option("--all", help="全部重新排版。")] = False,
    only_verify: Annotated[bool, typer.Option("--verify", help="只核对，不写文件。")] = False,
) -> None:
    """Run the build or the verification."""
    try:
        if only_verify:
            wrong = verify(ROOT)
            for line in wrong:
                typer.echo(line, err=True)
            typer.echo(f"{'有' if wrong else '没有'}不一致的 PDF", err=True)
            sys.exit(1 if wrong else 0)
        done = build(ROOT, everything)
        typer.echo(f"排版 {len(done)} 篇：{'、'.join(done) or '没有变化'}", err=True)
    except CorpusError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
