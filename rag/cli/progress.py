"""Progress on a terminal's stderr; silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.cli.lines import one_line

if TYPE_CHECKING:
    from rag.index.builder import Progress

_STAGES = {"read": "读取", "embed": "索引"}
_BAR = 24  # columns


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """Give a callback that draws one bar a stage, or None where nobody is looking.

    A file's name gives way to the bar and the count on a narrow terminal. Nothing stays when the work is done.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    console = Console(stderr=True)
    name = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    columns = (TextColumn("{task.description}", table_column=name, markup=False), BarColumn(bar_width=min(_BAR, console.width // 4)),
               TextColumn("{task.completed}/{task.total} {task.fields[unit]}"), TimeElapsedColumn())  # fmt: skip
    # room for a key's echo (^C): in a full line it would move the cursor where the bar cannot be erased
    console.width -= 4
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        tasks: dict[str, int] = {}
        met: dict[str, int] = {}  # the files read so far, numbered as they came

        def tell(stage: str, what: str, done: int, total: int) -> None:
            task = tasks.get(stage)
            if task is None:
                task = tasks[stage] = bar.add_task(_STAGES[stage], total=total, unit="页" if stage == "read" else "份")
            which = f"第 {met.setdefault(what, len(met) + 1)} 份 " if stage == "read" else ""
            bar.update(task, description=f"{_STAGES[stage]} {which}{one_line(what)}", completed=done, total=total)

        yield tell
