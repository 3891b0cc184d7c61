"""Progress on a terminal's stderr; silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.index.builder import Progress

_STAGES = {"read": "读取", "embed": "索引"}


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """Give a callback that draws one bar a stage, or None where nobody is looking."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def tell(stage: str, what: str, done: int, total: int) -> None:
            task = tasks.get(stage)
            if task is None:
                task = tasks[stage] = bar.add_task(_STAGES[stage], total=total)
            bar.update(task, description=f"{_STAGES[stage]} {what[:30]}", completed=done, total=total)

        yield tell
