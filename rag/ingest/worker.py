"""Files are read in worker processes, so that a broken or hostile one can only harm its worker."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from rag.codec import document_from_json
from rag.errors import ReadError
from rag.types import Document

PageProgress = Callable[[Path, int, int], None]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to read, and how."""

    path: Path
    guideline_id: str = ""
    password: str | None = None
    ocr: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds without finishing a page, seconds in all, bytes of memory of its worker."""

    seconds_a_page: float = 60.0
    seconds: float = 3600.0
    memory: int = 4 << 30


def read_files(
    requests: Iterable[ReadRequest],
    *,
    workers: int = 2,
    progress: PageProgress | None = None,
    limits: Limits | None = None,
) -> Iterator[tuple[ReadRequest, Document | ReadError]]:
    """Read files side by side; yield each with its document or the reason it could not be read, as they finish.

    A worker that hangs, crashes or takes too much memory is killed, its file is named, and the rest go on.
    """
    waiting = list(reversed(list(requests)))
    crew = _Crew(limits or Limits(), progress or (lambda *_: None))
    try:
        for _ in range(min(max(workers, 1), len(waiting))):
            crew.hire()
        while waiting or crew.busy:
            for worker in crew.idle:
                if waiting:
                    worker.give(waiting.pop())
            yield from crew.results()
    finally:
        crew.dismiss()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    link: Connection
    request: ReadRequest | None = None
    started: float = 0.0
    alive_at: float = 0.0

    def give(self, request: ReadRequest) -> None:
        """Hand the worker a file."""
        self.request = request
        self.started = self.alive_at = time.monotonic()
        message = {"path": str(request.path), "guideline_id": request.guideline_id, "password": request.password, "ocr": request.ocr}
        with suppress(OSError):  # a worker that died idle is noticed when its link is read
            self.link.send_bytes(json.dumps(message).encode())


@dataclass(slots=True)
class _Crew:
    limits: Limits
    progress: PageProgress
    workers: list[_Worker] = field(default_factory=list)

    @property
    def idle(self) -> list[_Worker]:
        return [w for w in self.workers if w.request is None]

    @property
    def busy(self) -> list[_Worker]:
        return [w for w in self.workers if w.request is not None]

    def hire(self) -> None:
        """Start a worker: spawned rather than forked, so that it inherits no threads and no open files."""
        from rag.ingest.reader_process import serve

        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self.limits.memory), daemon=True)
        process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours))

    def results(self) -> Iterator[tuple[ReadRequest, Document | ReadError]]:
        """Wait a moment and yield what has finished or had to be stopped."""
        ready = wait([w.link for w in self.busy], timeout=0.5)
        for worker in self.busy:
            request = worker.request
            assert request is not None
            if worker.link in ready:
                result = self._message(worker)
            else:
                result = self._overdue(worker)
            if result is not None:
                worker.request = None
                yield request, result

    def _message(self, worker: _Worker) -> Document | ReadError | None:
        assert worker.request is not None
        try:
            message: dict[str, Any] = json.loads(worker.link.recv_bytes())
        except (EOFError, OSError, ValueError):
            name = worker.request.path.name
            self._replace(worker)
            return ReadError(f"{name} 使读取程序崩溃或内存超限，已跳过。请用别的软件另存为新的 PDF 后再试。")
        worker.alive_at = time.monotonic()
        if "pages" in message:
            self.progress(worker.request.path, *message["pages"])
            return None
        return ReadError(message["error"]) if "error" in message else document_from_json(message["document"])

    def _overdue(self, worker: _Worker) -> ReadError | None:
        assert worker.request is not None
        now = time.monotonic()
        if now - worker.alive_at < self.limits.seconds_a_page and now - worker.started < self.limits.seconds:
            return None
        name = worker.request.path.name
        self._replace(worker)
        return ReadError(f"{name} 读了 {now - worker.started:.0f} 秒仍无结果，已停止并跳过。文件可能损坏，请另存后再试。")

    def _replace(self, worker: _Worker) -> None:
        self._stop(worker)
        self.workers.remove(worker)
        self.hire()

    def dismiss(self) -> None:
        """Stop all workers."""
        for worker in self.workers:
            self._stop(worker)

    @staticmethod
    def _stop(worker: _Worker) -> None:
        worker.link.close()
        worker.process.kill()
        worker.process.join(timeout=5)
