"""How a worker process starts: with nothing of the running program but what it is given."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import ModuleType

_LOADED = ["rag.ingest.reader_process", "rag.ingest.pdf", "rag.ingest.passage", "rjieba"]


def start_worker(memory: int, threads: int) -> tuple[BaseProcess, Connection]:
    """Start a process that reads files, within some bytes of memory; return it with the link to it."""
    from rag.ingest.reader_process import serve

    ours, theirs = multiprocessing.Pipe()
    with _nameless_main(), _uninterrupted():
        process = _context().Process(target=serve, args=(theirs, memory, threads), daemon=True)
        process.start()
    theirs.close()
    return process, ours


@cache
def _context() -> BaseContext:
    """Choose how workers start: forked from a process that has loaded what all of them need, where there can be one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    try:
        forkserver.ensure_running()
    except OSError:  # no room for its socket in the temporary folder, or the folder's name is too long for one
        return multiprocessing.get_context("spawn")
    return context


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Hide the running script from new processes: they would run it again, and with it a build without a main guard."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Make new processes deaf to Ctrl-C, which a terminal sends to all of them: this one decides what it means."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # otherwise it starts now and lets interruptions through again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
