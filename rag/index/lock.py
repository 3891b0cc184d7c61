"""One writer at a time; the operating system frees the lock of a writer that dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexBusyError


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Hold the index for writing; raise IndexBusyError at once when another process does."""
    from filelock import FileLock, Timeout

    index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusyError(f"另一个进程正在写索引 {index}。请等它结束后重试。") from error
    try:
        yield
    finally:
        lock.release()
