"""One writer at a time; the operating system frees the lock of a writer that dies, so none is ever left standing."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import IndexBusyError

_OWNER = "lock.owner"


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Hold the index for writing; raise IndexBusyError, which names the owner and its age, when another process does."""
    from filelock import FileLock, Timeout

    index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusyError(f"{_owner(index)}正在写索引 {index}。请等它结束后重试；它若已停住，结束那个进程后锁自行解开。") from error
    owner = index / _OWNER
    try:
        owner.write_text(json.dumps({"pid": os.getpid(), "host": platform.node(), "since": time.time()}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()


def _owner(index: Path) -> str:
    """Say who holds the lock and for how long, as far as it is known."""
    try:
        said = json.loads((index / _OWNER).read_text(encoding="utf-8"))
        age = max(time.time() - float(said["since"]), 0)
        where = "" if said["host"] == platform.node() else f"（主机 {said['host']}）"
        return f"进程 {int(said['pid'])}{where}（已 {_span(age)}）"
    except (OSError, ValueError, KeyError, TypeError):
        return "另一个进程"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    return f"{seconds / 60:.0f} 分钟" if seconds < 5400 else f"{seconds / 3600:.1f} 小时"
