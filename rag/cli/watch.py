"""Keeping an index in step with a folder for as long as the command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from rag.errors import UsageError, ZhinanError, trouble

_QUIET_MS = 1_000  # without a change before an update begins: a file that is being copied changes many times


def watch_folder(folder: Path, index: Path, update: Callable[[], object]) -> None:
    """Call `update` once and after each change in a folder, until interrupted; a failed update is told and the watch goes on.

    What is hidden or belongs to the index is no change of the folder.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise UsageError("--watch 需要 watchfiles。请运行：pip install 'zhinan[watch]'") from error
    root, own = folder.resolve(), index.resolve()

    def counts(_: object, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(own) or not path.is_relative_to(root):
            return False
        return not any(part.startswith(".") for part in path.relative_to(root).parts)

    typer.echo(f"守着 {folder}，有变化就更新。按 Ctrl-C 结束。", err=True)
    waiting = True  # what changed before the watch began is noticed at its first pause
    try:
        for changes in watch(root, watch_filter=counts, debounce=10 * _QUIET_MS, step=_QUIET_MS, rust_timeout=2 * _QUIET_MS,
                             yield_on_timeout=True, raise_interrupt=True):
            if not changes and not waiting:
                continue
            waiting = False
            try:
                update()
            except (ZhinanError, OSError) as problem:
                why = f"无法读写{trouble(problem)}" if isinstance(problem, OSError) else problem
                typer.echo(f"这次没有更新：{why}", err=True)
    except KeyboardInterrupt:
        typer.echo("已停止守候；索引停在最近一次更新。", err=True)
