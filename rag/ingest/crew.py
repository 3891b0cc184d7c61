"""The worker processes and the jobs that they share: whole files, and pages of scans to recognise."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from rag.codec import document_from_json
from rag.errors import ReadError
from rag.ingest.hire import start_worker
from rag.ingest.request import Limits, ReadRequest
from rag.types import Document

PageProgress = Callable[[Path, int, int], None]
Result = tuple[ReadRequest, Document | ReadError]
_PAGES_AT_ONCE = 3  # pages of a scan that one job recognises


@dataclass(slots=True)
class File:
    """A file on its way: recognised pages so far, how many parts of it are still out, and its pages for the progress."""

    request: ReadRequest
    started: float = 0.0
    scans: dict[int, Any] = field(default_factory=dict)
    parts: int = 0
    wanted: int = 0
    pages: int = 0


@dataclass(slots=True)
class Job:
    """A file to read, or some of its pages, with a region or None each, to recognise."""

    file: File
    recognise: list[tuple[int, Any]] = field(default_factory=list)

    def message(self) -> bytes:
        """Write the job down for a worker."""
        r = self.file.request
        picture = [r.picture.page, str(r.picture.out)] if r.picture else None
        data = {"path": str(r.path), "guideline_id": r.guideline_id, "password": r.password, "ocr": r.ocr, "picture": picture}
        return json.dumps(data | {"recognise": self.recognise, "scans": None if self.recognise else self.file.scans}).encode()


@dataclass(slots=True)
class Worker:
    """A process, the link to it, the job it is at, when it last gave a sign of life, and if it has loaded the recogniser."""

    process: BaseProcess
    link: Connection
    job: Job | None = None
    alive_at: float = 0.0
    recognises: bool = False

    def give(self, job: Job) -> None:
        """Hand the worker a job."""
        self.job = job
        self.recognises = self.recognises or bool(job.recognise)
        self.alive_at = time.monotonic()
        job.file.started = job.file.started or self.alive_at
        with suppress(OSError):  # a worker that died idle is noticed when its link is read
            self.link.send_bytes(job.message())


@dataclass(slots=True)
class Crew:
    """The workers, up to `size`, and the jobs that wait for them."""

    limits: Limits
    progress: PageProgress
    size: int
    jobs: deque[Job]
    workers: list[Worker] = field(default_factory=list)

    @property
    def busy(self) -> list[Worker]:
        """List the workers that are at a job."""
        return [w for w in self.workers if w.job is not None]

    @property
    def recognisers(self) -> int:
        """Give how many workers may load the recogniser: each takes half a gigabyte, and two cores."""
        return max(1, self.size // 2)

    def assign(self) -> None:
        """Give the waiting jobs to idle workers, hiring up to the crew's size; dismiss readers for whom there is none."""
        for job in list(self.jobs):
            if len(self.busy) == self.size:
                return
            worker = self._free_for(job)
            if worker is not None:
                self.jobs.remove(job)
                worker.give(job)
        for worker in [w for w in self.workers if w.job is None and not w.recognises]:
            self._dismiss(worker)

    def _free_for(self, job: Job) -> Worker | None:
        """Return an idle worker for a job, or None; pages go to those who have recognised before, once there are enough."""
        idle = sorted((w for w in self.workers if w.job is None), key=lambda w: w.recognises != bool(job.recognise))
        if job.recognise and sum(w.recognises for w in self.workers) >= self.recognisers:
            idle = [w for w in idle if w.recognises]
        elif not idle and len(self.workers) < self.size:
            return self._hire()
        return idle[0] if idle else None

    def _hire(self) -> Worker:
        """Start a worker with its share of the cores."""
        threads = max(1, min(2, (os.cpu_count() or 1) // self.recognisers))
        self.workers.append(Worker(*start_worker(self.limits.memory, threads)))
        return self.workers[-1]

    def results(self) -> Iterator[Result]:
        """Wait a moment and yield what has finished or had to be stopped."""
        ready = wait([w.link for w in self.busy], timeout=0.5)
        for worker in self.busy:
            result = self._message(worker) if worker.link in ready else self._overdue(worker)
            if result is not None:
                yield result

    def _message(self, worker: Worker) -> Result | None:
        assert worker.job is not None
        try:
            message: dict[str, Any] = json.loads(worker.link.recv_bytes())
        except (EOFError, OSError, ValueError):
            name = worker.job.file.request.path.name
            return self._lost(worker, f"{name} 使读取程序崩溃或内存超限，已跳过。请用别的软件另存为新的 PDF 后再试。")
        worker.alive_at = time.monotonic()
        if "pages" in message:
            self._tell(worker.job, *message["pages"])
            return None
        job, worker.job = worker.job, None
        if "wanted" in message:
            self._share_out(job.file, message["wanted"], message["of"])
            return None
        if "recognised" in message:
            job.file.scans.update(message["recognised"])
            self._part_done(job.file)
            return None
        request = job.file.request
        return request, ReadError(message["error"]) if "error" in message else document_from_json(message["document"])

    def _tell(self, job: Job, done: int, total: int) -> None:
        """Report progress; the pages of a scan count when they have been recognised."""
        file = job.file
        if job.recognise:
            file.pages += 1
            self.progress(file.request.path, min(file.pages, file.wanted), file.wanted)
        elif not file.wanted:
            self.progress(file.request.path, done, total)

    def _share_out(self, file: File, wanted: list[tuple[int, Any]], pages: int) -> None:
        """Make jobs of the pages that have to be recognised, ahead of the files that still wait."""
        parts = [wanted[at : at + _PAGES_AT_ONCE] for at in range(0, len(wanted), _PAGES_AT_ONCE)]
        file.parts, file.wanted, file.pages = len(parts), pages, pages - len(wanted)
        self.jobs.extendleft(Job(file, part) for part in reversed(parts))

    def _part_done(self, file: File) -> None:
        file.parts -= 1
        if file.parts == 0:
            self.jobs.appendleft(Job(file))

    def _overdue(self, worker: Worker) -> Result | None:
        assert worker.job is not None
        now = time.monotonic()
        file = worker.job.file
        if now - worker.alive_at < self.limits.seconds_a_page and now - file.started < self.limits.seconds:
            return None
        name = file.request.path.name
        return self._lost(worker, f"{name} 读了 {now - file.started:.0f} 秒仍无结果，已停止并跳过。文件可能损坏，请另存后再试。")

    def _lost(self, worker: Worker, why: str) -> Result | None:
        """Dismiss a worker that is lost; a scan goes on without the pages it was at."""
        job = worker.job
        assert job is not None
        self._dismiss(worker)
        late = time.monotonic() - job.file.started >= self.limits.seconds
        if job.recognise and not late:
            job.file.scans.update({str(page): None for page, *_ in job.recognise})
            self._part_done(job.file)
            return None
        self.jobs = deque(j for j in self.jobs if j.file is not job.file)
        return job.file.request, ReadError(why)

    def dismiss(self) -> None:
        """Stop all workers."""
        for worker in list(self.workers):
            self._dismiss(worker)

    def _dismiss(self, worker: Worker) -> None:
        self.workers.remove(worker)
        worker.link.close()
        worker.process.kill()
        worker.process.join(timeout=5)
