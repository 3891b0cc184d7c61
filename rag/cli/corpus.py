"""`zhinan corpus`: which guidelines there are, and changing that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import catalogue
from rag.cli.again import again
from rag.cli.commands import App
from rag.cli.confirm import confirm
from rag.cli.index import NoOcrOption, PasswordOption
from rag.cli.lines import first_body, one_line
from rag.cli.options import CorpusOption, IndexOption, JsonOption, QuietOption, VerboseOption, settings_from
from rag.cli.recognised import edit, editable_corpus, growing_corpus, writable_corpus
from rag.errors import CorpusError, IndexUnusableError, ReadError, UsageError, trouble

if TYPE_CHECKING:
    from rag.proposal import Proposal
    from rag.settings import Settings
    from rag.types import Document, Edition

app = App("管理指南：列出、添加、更替、撤回、检查、下载。")
app.command("check", help="检查语料：清单、版本、出处、单位、排版；逐条写明文件和行号，有问题时退出码 1。")(catalogue.check)
app.command("edit", help="改正一份指南的题名、制定者、年份或版次；没有清单的目录先写下清单。")(edit)
app.command("fetch", help="下载官方文件，或列出目录（--list）。")(catalogue.fetch)

_STATUS = {"current": "现行", "superseded": "已取代", "withdrawn": "已撤回"}
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="不询问，直接执行。")]
IdArgument = Annotated[str, typer.Argument(help="指南编号，见 zhinan corpus list。", show_default=False)]


@app.command("list", help="列出指南和版本。")
def list_(
    corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False, quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """List the editions of the index."""
    from rag.answer.contract import edition_row

    settings = settings_from(corpus, index, verbose=verbose)
    rows = [edition_row(e) for e in _listed(settings, quiet)]
    if as_json:
        typer.echo(json.dumps({"editions": rows}, ensure_ascii=False))
        return 0
    widest = max((len(r["guideline_id"]) for r in rows), default=0)
    for r in rows:
        status = _STATUS[r["status"]] if r["passages"] else "未入索引" if r["sha256"] else "文件不在"
        size = "，".join(f"{r[name]} {unit}" for name, unit in (("pages", "页"), ("passages", "段")) if r[name])
        said = (f"《{r['title']}》{r['edition']}", first_body(r["issuer"]), size)
        typer.echo(f"{r['guideline_id']:<{widest}}  {r['year'] or '年份不详'}  {status}  {'，'.join(part for part in said if part)}")
    return 0


@app.command(help="加入文件：读出题名、年份和版本，认出旧版，询问后写入清单。")
def add(
    files: Annotated[list[Path], typer.Argument(help="要加入的文件。", show_default=False)],
    guideline_id: Annotated[str | None, typer.Option("--id", help="编号。", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="题名。", show_default=False)] = None,
    issuer: Annotated[str | None, typer.Option(help="制定者。", show_default=False)] = None,
    year: Annotated[int | None, typer.Option(help="年份。", show_default=False)] = None,
    edition: Annotated[str | None, typer.Option(help="版次。", show_default=False)] = None,
    supersedes: Annotated[list[str] | None, typer.Option(help="它取代的编号，可多次给出。", show_default=False)] = None,
    yes: YesOption = False,
    no_ocr: NoOcrOption = False,
    password: PasswordOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Add files to the corpus; one bad file does not stop the rest."""
    from rag.index.builder import keep_document
    from rag.ingest import ReadRequest, read_files

    if guideline_id and len(files) > 1:
        raise UsageError("一次加入多个文件时不能用 --id。请逐个加入。")
    settings = settings_from(corpus, index, verbose=verbose)
    root = writable_corpus(settings)
    given = {"guideline_id": guideline_id, "title": title, "issuer": issuer, "year": year, "edition": edition,
             "supersedes": tuple(supersedes) if supersedes else None}
    failures, added = [], 0
    requests = [ReadRequest(f, "", password, not no_ocr) for f in files]
    results = {request.path: result for request, result in read_files(requests)}
    for file in files:
        try:
            if entered := _enter(root, settings, file, results[file], given, yes):
                added += 1
                with suppress(OSError):  # it only saves reading the file once more
                    keep_document(settings.index, *entered, not no_ocr)
        except OSError as error:
            failures.append(f"无法读写{trouble(error)}。请检查磁盘空间和权限。")
        except (CorpusError, ReadError) as error:
            failures.append(str(error))
    for failure in failures:
        typer.echo(f"未加入：{one_line(failure)}", err=True)
    if added:
        typer.echo(f"请运行 {again('zhinan index update', settings)} 使索引跟上。", err=True)
    return 1 if failures else 0


def _enter(
    root: Path, settings: Settings, file: Path, document: Document | ReadError, given: dict[str, object], yes: bool
) -> tuple[Edition, Document] | None:
    """Propose one file, ask unless `yes`, and enter it; return what was entered. Raises ReadError, CorpusError."""
    from rag import manifest
    from rag.proposal import propose

    if isinstance(document, ReadError):
        raise document
    proposal = propose(file, document, _known(root, settings))
    if proposal.same_file:
        raise CorpusError(f"{file} 已在语料里：{proposal.same_file.guideline_id}《{proposal.same_file.title}》。无需再加。")
    proposal = replace(proposal, edition=replace(proposal.edition, **{k: v for k, v in given.items() if v is not None}))
    _tell(file, proposal)
    if not yes and not confirm("加入吗？", default=not proposal.near):
        return None
    entered = manifest.add(growing_corpus(settings), file, proposal.edition, proposal.newer.guideline_id if proposal.newer else "")
    typer.echo(f"已加入 {entered.guideline_id}")
    return entered, document


@app.command(help="指明新版取代旧版。")
def supersede(
    old: Annotated[str, typer.Argument(help="旧版编号。")],
    new: Annotated[str, typer.Argument(help="新版编号。")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Mark an edition as replaced."""
    from rag import manifest

    settings = settings_from(corpus, index, verbose=verbose)
    manifest.supersede(editable_corpus(settings, old, new), old, new)
    typer.echo(f"{old} 已由 {new} 取代。请运行 {again('zhinan index update', settings)}。")
    return 0


@app.command(help="撤回一份指南：不再用它回答，留作记录。")
def withdraw(
    guideline_id: IdArgument,
    reason: Annotated[str, typer.Option(help="撤回的理由。", show_default=False)],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Withdraw an edition."""
    from rag import manifest

    settings = settings_from(corpus, index, verbose=verbose)
    left = manifest.withdraw(editable_corpus(settings, guideline_id), guideline_id, reason)
    typer.echo(f"{guideline_id} 已撤回：{reason}。请运行 {again('zhinan index update', settings)}。")
    if left:
        typer.echo(f"它所取代的 {'、'.join(left)} 仍记为已取代，不会作答；要恢复旧版，请运行 zhinan corpus remove {guideline_id}。")
    return 0


@app.command(help="从语料里去掉一份指南。")
def remove(
    guideline_id: IdArgument, yes: YesOption = False, corpus: CorpusOption = None, index: IndexOption = None, verbose: VerboseOption = False
) -> int:
    """Remove an edition after asking."""
    from rag import manifest

    settings = settings_from(corpus, index, verbose=verbose)
    if not yes and not confirm(f"从 {settings.corpus} 去掉 {guideline_id} 吗？", default=False):
        typer.echo("没有改动。")
        return 0
    manifest.remove(editable_corpus(settings, guideline_id), guideline_id)
    typer.echo(f"已去掉 {guideline_id}。请运行 {again('zhinan index update', settings)}。")
    return 0


@app.command(help="一份指南的历次版本。")
def history(
    guideline_id: IdArgument, corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """List the editions of a guideline, oldest first."""
    from rag import corpus as corpora
    from rag import manifest
    from rag.answer.contract import edition_row
    from rag.ingest import SUFFIXES

    settings = settings_from(corpus, index, verbose=verbose)
    files = corpora.load(settings.corpus, SUFFIXES)
    found = manifest.history(files.editions if files.has_manifest else _as_indexed(files.editions, settings), guideline_id)
    if as_json:
        typer.echo(json.dumps({"editions": [edition_row(e) for e in found]}, ensure_ascii=False))
        return 0
    for e in found:
        replaced = f"，取代 {'、'.join(e.supersedes)}" if e.supersedes else ""
        reason = f"（{e.reason}）" if e.reason else ""
        typer.echo(f"{e.year or '年份不详'}  {_STATUS[e.status]}{reason}  {e.guideline_id}  《{e.title}》{e.edition}{replaced}")
    return 0


def _as_indexed(editions: Sequence[Edition], settings: Settings) -> tuple[Edition, ...]:
    """Return the editions of a folder without a manifest as the index knows them, where it does."""
    from rag.knowledge_base import KnowledgeBase

    known: dict[str, Edition] = {}
    with suppress(IndexUnusableError):
        known = {e.guideline_id: e for e in KnowledgeBase.open(settings.index, embedder=settings.embedder).editions}
    return tuple(known.get(e.guideline_id, e) for e in editions)


def _listed(settings: Settings, quiet: bool) -> list[Edition]:
    """Return the index's editions and those of the corpus that are not in it yet, editions of one work together."""
    from rag import corpus as corpora
    from rag.cli.session import open_base
    from rag.ingest import SUFFIXES
    from rag.titles import work_key

    indexed: Sequence[Edition] = ()
    try:
        indexed = open_base(settings, quiet).editions
    except IndexUnusableError as error:  # what is in the folder can be listed all the same
        typer.echo(str(error), err=True)
    known = {e.guideline_id for e in indexed}
    try:
        waiting = [e for e in corpora.load(settings.corpus, SUFFIXES).editions if e.guideline_id not in known]
    except CorpusError:  # the folder is elsewhere by now; what is in the index is still worth listing
        if not indexed:
            raise
        waiting = []
    named = [replace(e, title=e.title or one_line(e.source)) for e in waiting]
    return sorted([*indexed, *named], key=lambda e: (work_key(e.title), e.year, e.status == "current"))


def _known(root: Path, settings: Settings) -> Iterator[tuple[Edition, Document | None]]:
    """Yield the corpus's editions with their parsed text where the index has it."""
    from rag.corpus import MANIFEST
    from rag.entries import read_entries
    from rag.index.builder import document_key
    from rag.index.cache import Cache
    from rag.ingest import SUFFIXES
    from rag.loose import Scan

    manifest = root / MANIFEST
    editions = read_entries(root, manifest)[0] if manifest.is_file() else _as_indexed(Scan(root, SUFFIXES).editions, settings)
    cache = Cache(settings.index / "cache")
    for edition in editions:
        yield edition, cache.document(document_key(edition, settings.ocr))


def _tell(file: Path, proposal: Proposal) -> None:
    e = proposal.edition
    typer.echo(f"{one_line(file)}\n  编号 {e.guideline_id}\n  题名 {e.title}\n  制定者 {e.issuer or '（未读出，可用 --issuer 指定）'}")
    typer.echo(f"  年份 {e.year or '（未读出，可用 --year 指定）'}  版次 {e.edition or '—'}  DOI {e.doi or '—'}")
    for old in proposal.older:
        typer.echo(f"  看来是《{old.title}》（{old.year or '年份不详'}，{old.guideline_id}）的新版，将取代它")
    if proposal.newer:
        newer = proposal.newer
        typer.echo(f"  看来是《{newer.title}》（{newer.year or '年份不详'}，{newer.guideline_id}）的旧版，将记为已取代")
    if proposal.near:
        typer.echo(f"  注意：与《{proposal.near.title}》（{proposal.near.guideline_id}）文字大部分相同")
