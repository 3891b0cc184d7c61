"""`zhinan corpus check` and `zhinan corpus fetch`: is the corpus in order, and getting the official documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.again import again
from rag.cli.options import CorpusOption, IndexOption, JsonOption, OfflineOption, VerboseOption, settings_from

if TYPE_CHECKING:
    from rag.digest.catalogue import Source
    from rag.settings import Settings

IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="官方文件的编号，见 --list。", show_default=False)]
DiseaseOption = Annotated[str, typer.Option("--disease", help="某个病的全部文件，如 高血压。", show_default=False)]
AllOption = Annotated[bool, typer.Option("--all", help="目录里的全部文件。")]
ListOption = Annotated[bool, typer.Option("--list", help="只列出目录，不下载。")]
DirOption = Annotated[Path | None, typer.Option("--dir", help="放到哪个目录，默认在用户数据目录下。", show_default=False)]


def check(corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False, verbose: VerboseOption = False) -> int:
    """Check the corpus; one line a finding, exit code 1 when there is any."""
    from rag.digest.check import check_corpus

    root = settings_from(corpus, index, verbose=verbose).corpus
    found = check_corpus(root)
    if as_json:
        rows = [{"file": str(f.path), "line": f.line, "message": f.message} for f in found]
        typer.echo(json.dumps({"ok": not found, "findings": rows}, ensure_ascii=False))
        return 1 if found else 0
    for finding in found:
        typer.echo(str(finding))
    typer.echo(f"{root}：发现 {len(found)} 处问题。" if found else f"{root}：没有发现问题。", err=True)
    return 1 if found else 0


def fetch(
    ids: IdsArgument = None,
    disease: DiseaseOption = "",
    everything: AllOption = False,
    only_list: ListOption = False,
    folder: DirOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Download official documents of the catalogue, or list them."""
    from dataclasses import asdict

    from rag.digest.catalogue import choose, load_catalogue, where_to_get
    from rag.digest.fetch import Fetcher, fetch_all
    from rag.settings import user_directory

    settings = settings_from(corpus, index, offline=offline, verbose=verbose)
    chosen = choose(load_catalogue(_catalogue(settings)), ids or [], disease, everything or (only_list and not ids and not disease))
    if only_list:
        _list(chosen, as_json)
        return 0
    named = set(ids or [])
    wanted = [s for s in chosen if s.direct or s.id in named]
    fetcher = Fetcher(folder or user_directory() / "official", settings.offline)
    outcomes = []
    for outcome in fetch_all(fetcher, wanted):
        outcomes.append(outcome)
        if not as_json or outcome.state == "failed":
            typer.echo(outcome.message, err=outcome.state == "failed")
    for source in chosen:
        if source not in wanted:
            typer.echo(where_to_get(source), err=True)
    failures = sum(o.state == "failed" for o in outcomes)
    if as_json:
        typer.echo(json.dumps({"folder": str(fetcher.folder), "downloads": [asdict(o) for o in outcomes]}, ensure_ascii=False))
    elif failures < len(outcomes):
        add, update = again("zhinan corpus add 文件", settings), again("zhinan index update", settings)
        typer.echo(f"文件在 {fetcher.folder}。要检索它们，请运行 {add}，再运行 {update}。", err=True)
    return 1 if failures else 0


def _catalogue(settings: Settings) -> Path:
    """Return the corpus's own catalogue, else the one that comes with the project."""
    from rag.digest.catalogue import CATALOGUE
    from rag.settings import starter_corpus

    own = settings.corpus / CATALOGUE
    return own if own.is_file() else starter_corpus() / CATALOGUE


def _list(sources: list[Source], as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps({"sources": [asdict(s) for s in sources]}, ensure_ascii=False))
        return
    for s in sources:
        way = f"可下载（{s.kind}）" if s.direct else "需自行取得"
        typer.echo(f"{s.id}  {s.year}  {'、'.join(s.diseases)}  《{s.title}》 {s.issuer}  {way}")
