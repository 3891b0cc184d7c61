"""`zhinan audit`: check the log of what was asked and answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rag.cli.commands import App
from rag.cli.options import JsonOption, VerboseOption, settings_from

app = App("核对审计日志（设置 ZHINAN_AUDIT 后才有）。")

EXIT_BROKEN = 1


@app.callback()
def audit() -> None:
    """Check the audit log."""


@app.command("verify", help="检查日志有没有被改动、删减或调换；有则退出码 1。")
def verify(
    file: Annotated[Path | None, typer.Argument(help="日志文件；不给则用设置 ZHINAN_AUDIT。", show_default=False)] = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Follow the chain of hashes and report the first line that does not fit."""
    from rag.answer.audit import AuditLog
    from rag.errors import UsageError

    path = file or Path(settings_from(verbose=verbose).audit or "")
    if not path.name:
        raise UsageError("没有设置审计日志。请给出文件，或设环境变量 ZHINAN_AUDIT=日志文件。")
    log = AuditLog(path)
    if not log.files():
        raise UsageError(f"没有审计日志 {path}。提问一次后才会写出；或检查路径。")
    verdict = log.verify()
    if as_json:
        found = {"file": str(path), "lines": verdict.lines, "last": verdict.last, "problem": verdict.problem or None}
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif verdict.problem:
        typer.echo(f"审计日志有问题：{verdict.problem}此前的 {verdict.lines} 条完好。")
    else:
        typer.echo(f"{verdict.lines} 条记录前后相接，没有改动。末尾校验值 {verdict.last}（另行记下，可发现末尾被删）。")
    return EXIT_BROKEN if verdict.problem else 0
