"""Keeping an index in step with a folder for as long as the command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from rag.errors import UsageError, ZhinanError

_QUIET_MS = 1_000  # without a change before an update begins: a file that is being copied changes many times


def watch_folder(folder: Path, update: Callable[[], object]) -> None:
    """Call `update` after each change in a folder, until interrupted; a failed update is told and the watch goes on."""
    try:
        from watchfiles import watch
    except ImportError as error:
        raise UsageError("--watch 需要 watchfiles。请运行：pip install 'zhinan[watch]'") from error
    typer.echo(f"守着 {folder}，有变化就更新。按 Ctrl-C 结束。", err=True)
    try:
        for _ in watch(folder, debounce=10 * _QUIET_MS, step=_QUIET_MS, raise_interrupt=True):
            try:
                update()
            except (ZhinanError, OSError) as problem:
                typer.echo(f"这次没有更新：{problem}", err=True)
    except KeyboardInterrupt:
        typer.echo("已停止守候；索引停在最近一次更新。", err=True)
