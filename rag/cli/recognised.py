"""What was read of each file's title, issuer and year, shown for correction, and correcting it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.again import again
from rag.cli.lines import first_body, one_line
from rag.cli.options import CorpusOption, IndexOption, VerboseOption, settings_from
from rag.errors import CorpusError, IndexUnusableError, UsageError

if TYPE_CHECKING:
    from rag.index.builder import BuildReport
    from rag.settings import Settings
    from rag.types import Edition

_MOST = 20  # files that are shown after a build


def edit(
    guideline_id: Annotated[str, typer.Argument(help="指南编号，见 zhinan corpus list。", show_default=False)],
    title: Annotated[str | None, typer.Option(help="题名。", show_default=False)] = None,
    issuer: Annotated[str | None, typer.Option(help="制定者。", show_default=False)] = None,
    year: Annotated[int | None, typer.Option(help="年份。", show_default=False)] = None,
    edition: Annotated[str | None, typer.Option(help="版次。", show_default=False)] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Correct what was read of an edition."""
    from rag import manifest

    settings = settings_from(corpus, index, verbose=verbose)
    given = {"title": title, "issuer": issuer, "year": year, "edition": edition}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise UsageError("没有说改什么。请用 --title、--issuer、--year 或 --edition 给出正确的值。")
    manifest.edit(editable_corpus(settings, guideline_id), guideline_id, changes)
    typer.echo(f"{guideline_id} 已改：{'，'.join(map(str, changes.values()))}。请运行 {again('zhinan index update', settings)}。")
    return 0


def editable_corpus(settings: Settings, *named: str) -> Path:
    """Return the corpus folder to edit; a folder of loose files gets a manifest of what the index read of them.

    The starter corpus inside the package is copied to the user's folder first. Raises IndexUnusableError where there is
    neither a manifest nor an index in step to make one of, and CorpusError where an id `named` is not there.
    """
    from rag import corpus as corpora
    from rag import manifest
    from rag.index.status import stale
    from rag.ingest import SUFFIXES
    from rag.knowledge_base import KnowledgeBase

    root = writable_corpus(settings)
    if (root / corpora.MANIFEST).is_file():
        return root
    base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
    files = corpora.load(root, SUFFIXES)
    if stale(base.snapshot, files):  # what was not read yet has no title, and nobody knows what it supersedes
        raise IndexUnusableError(f"索引没有跟上 {root} 里的文件。请先运行 {again('zhinan index update', settings)}。")
    known = {e.guideline_id: e for e in base.editions}
    if unknown := set(named) - {e.guideline_id for e in files.editions}:
        raise CorpusError(f"{root} 里没有 {'、'.join(sorted(unknown))}。请用 {again('zhinan corpus list', settings)} 查看编号。")
    manifest.adopt(root, [replace(known.get(e.guideline_id, e), source=e.source, sha256=e.sha256) for e in files.editions])
    typer.echo(f"已写下清单 {root / corpora.MANIFEST}（{len(files.editions)} 份）。以后放进来的文件，请用 zhinan corpus add 收入。", err=True)
    return root


def growing_corpus(settings: Settings) -> Path:
    """Return the corpus folder to add to; loose files that lie there are entered first, for a manifest lists all there is."""
    from rag.corpus import MANIFEST
    from rag.ingest import SUFFIXES
    from rag.loose import Scan

    root = writable_corpus(settings)
    begun = (root / MANIFEST).is_file() or not Scan(root, SUFFIXES).editions
    return root if begun else editable_corpus(settings)


def writable_corpus(settings: Settings) -> Path:
    """Return the corpus folder to change; the starter corpus inside the package is copied to the user's first."""
    import shutil

    from rag.settings import PACKAGE, user_directory

    if not settings.corpus.is_relative_to(PACKAGE):
        settings.corpus.mkdir(parents=True, exist_ok=True)
        return settings.corpus
    own = user_directory() / "corpus"
    if not own.is_dir():
        shutil.copytree(settings.corpus, own)
        typer.echo(f"已把自带语料复制到 {own}，以后的改动都在那里。", err=True)
    return own


def tell_recognised(report: BuildReport, settings: Settings) -> None:
    """Show on stderr what was read of the new files of a folder without a manifest, the doubtful ones first."""
    from rag.corpus import MANIFEST

    new = {d.source for d in report.differences if d.kind in {"added", "replaced"}}
    shown = sorted((e for e in report.editions if e.source in new), key=lambda e: bool(e.issuer) + bool(e.year))
    if not shown or (settings.corpus / MANIFEST).is_file():
        return
    typer.echo("从文件里读出的题名、制定者和年份，请过目：", err=True)
    for edition in shown[:_MOST]:
        typer.echo(f"  {_line(edition)}", err=True)
    if len(shown) > _MOST:
        typer.echo(f"  其余 {len(shown) - _MOST} 份见 {again('zhinan corpus list', settings)}", err=True)
    typer.echo(f"有误请改：{again('zhinan corpus edit 编号', settings)} --title 题名 --issuer 制定者 --year 年份", err=True)


def _line(edition: Edition) -> str:
    said = (f"《{one_line(edition.title)}》", first_body(one_line(edition.issuer)) or "制定者未读出", edition.year or "年份未读出")
    return f"{edition.guideline_id}  {'，'.join(map(str, said))}  {one_line(edition.source)}"
