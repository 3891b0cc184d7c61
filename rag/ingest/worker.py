"""Files are read in worker processes, so that a broken or hostile one can only harm its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadError
from rag.ingest.read import read
from rag.types import Document


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to read, and how."""

    path: Path
    guideline_id: str = ""
    password: str | None = None
    ocr: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds, and bytes of memory for its worker."""

    seconds: float = 120.0
    memory: int = 2 << 30


def read_files(
    requests: Iterable[ReadRequest],
    *,
    workers: int = 2,
    progress: Callable[[Path, int, int], None] | None = None,
    limits: Limits | None = None,
) -> Iterator[tuple[ReadRequest, Document | ReadError]]:
    """Read files one after another."""
    for request in requests:
        try:
            result: Document | ReadError = read(
                request.path, guideline_id=request.guideline_id, password=request.password, ocr=request.ocr
            )
        except ReadError as error:
            result = error
        yield request, result
