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

OWNER = ".owner"


@contextmanager
def writer_lock(folder: Path, what: str = "索引", name: str = "lock", patience: float = 0) -> Iterator[None]:
    """Hold a folder for writing, after waiting at most `patience` seconds for another process to finish.

    `name` is the lock file's. Raises IndexBusyError, which says who has had it and for how long.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / name)
    owner = folder / f"{name}{OWNER}"
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise IndexBusyError(f"{_who(owner)}正在写{what} {folder}。请等它结束后重试；它若已停住，结束那个进程后锁自行解开。") from error
    try:
        owner.write_text(json.dumps({"pid": os.getpid(), "host": platform.node(), "since": time.time()}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()


def _who(owner: Path) -> str:
    """Say who holds the lock and for how long, as far as it is known."""
    try:
        said = json.loads(owner.read_text(encoding="utf-8"))
        age = max(time.time() - float(said["since"]), 0)
        where = "" if said["host"] == platform.node() else f"（主机 {said['host']}）"
        return f"进程 {int(said['pid'])}{where}（已 {_span(age)}）"
    except (OSError, ValueError, KeyError, TypeError):
        return "另一个进程"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    return f"{seconds / 60:.0f} 分钟" if seconds < 5400 else f"{seconds / 3600:.1f} 小时"
