"""Files are read in worker processes, so that a broken or hostile one can only harm its worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.crew import Crew, File, Job, PageProgress
from rag.ingest.request import Limits, ReadRequest
from rag.types import Document


def read_files(
    requests: Iterable[ReadRequest],
    *,
    workers: int = 2,
    progress: PageProgress | None = None,
    limits: Limits | None = None,
) -> Iterator[tuple[ReadRequest, Document | ReadError]]:
    """Read files side by side; yield each with its document or the reason it could not be read, as they finish.

    The pages of a scan are shared among the workers. A worker that hangs, crashes or takes too much memory is killed,
    its file is named, and the rest go on; a scan goes on without the pages that killed it.
    """
    # The longest first, so that no worker is left alone with it at the end.
    files = sorted((File(request) for request in requests), key=lambda f: -_size(f.request.path))
    crew = Crew(limits or Limits(), progress or (lambda *_: None), max(workers, 1), deque(Job(f) for f in files))
    try:
        while crew.jobs or crew.busy:
            crew.assign()
            yield from crew.results()
    finally:
        crew.dismiss()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
