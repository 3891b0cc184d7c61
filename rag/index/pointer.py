"""Which snapshot is published, and which were before it: one small file, swapped in one step."""

from __future__ import annotations

import os
import re
from pathlib import Path

from rag.errors import IndexUnusableError
from rag.files import sync

POINTER = "CURRENT"
KEPT_SNAPSHOTS = 3  # the current one and two to go back to
_NAME = re.compile(r"[0-9a-f]{16}")


def history(index: Path) -> list[str]:
    """List the published snapshots, the current one first; their order is written down, never read from a clock."""
    try:
        lines = (index / POINTER).read_text(encoding="ascii").split()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except UnicodeDecodeError:
        lines = [""]
    if not all(_NAME.fullmatch(line) for line in lines) or not lines:
        raise IndexUnusableError(f"{index / POINTER} 已损坏。请运行：zhinan index build --index {index}")
    return lines


def point_at(index: Path, name: str) -> None:
    """Publish a snapshot; those published before it stay in the list as far as they are kept."""
    try:
        before = history(index)
    except IndexUnusableError:  # damaged: what is published now heals it
        before = []
    _write(index, [name, *(n for n in before if n != name)][:KEPT_SNAPSHOTS])


def step_back(index: Path) -> str:
    """Publish the snapshot before the current one again; return its name. Raises IndexUnusableError when there is none."""
    names = history(index)
    kept = [n for n in names[1:] if (index / "snapshots" / n).is_dir()]
    if not kept:
        raise IndexUnusableError(f"{index} 没有更早的快照可退回。要重建请运行：zhinan index build --index {index}")
    _write(index, kept)
    return kept[0]


def _write(index: Path, names: list[str]) -> None:
    fresh = index / f".{POINTER}.new"
    fresh.write_text("".join(f"{n}\n" for n in names), encoding="ascii")
    sync(fresh)
    os.replace(fresh, index / POINTER)
    sync(index)
