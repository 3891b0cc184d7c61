"""`zhinan corpus`: which guidelines there are."""

from __future__ import annotations

import json

import typer

from rag.cli.options import CorpusOption, IndexOption, JsonOption, QuietOption, VerboseOption, settings_from

app = typer.Typer(help="管理指南：列出、添加、更替、检查。", no_args_is_help=True, rich_markup_mode=None)


@app.command("list", help="列出索引里的指南和版本。")
def list_(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """List the editions."""
    from rag.answer.contract import edition_row
    from rag.cli.session import open_base

    base = open_base(settings_from(corpus, index, verbose=verbose), quiet)
    rows = [edition_row(e) for e in base.editions]
    if as_json:
        typer.echo(json.dumps({"editions": rows}, ensure_ascii=False))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table("编号", "题名", "制定者", "年", "版次", "状态", "页", "段")
    status = {"current": "现行", "superseded": "已取代", "withdrawn": "已撤回"}
    for r in rows:
        cells = (r["guideline_id"], r["title"], r["issuer"], r["year"] or "", r["edition"], status[r["status"]], r["pages"] or "", r["passages"])
        table.add_row(*map(str, cells))
    Console().print(table)
    return 0
