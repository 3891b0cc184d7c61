"""A folder of made-up guidelines and an embedder that costs nothing, for what is about files and not about meaning."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.editions import generated
from rag import KnowledgeBase
from rag.embed import Embedder
from rag.embed.base import unit
from rag.errors import ReadError
from rag.index.builder import BuildReport
from rag.ingest.read import read


class Toy(Embedder):
    """Vectors from a checksum: the same text has the same one."""

    id = "toy"
    dimension = 8

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Embed."""
        return unit(np.array([np.random.default_rng(zlib.crc32(t.encode())).normal(size=8) for t in texts]).reshape(-1, 8))


@pytest.fixture
def toy() -> Toy:
    """The embedder."""
    return Toy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three guidelines of one page."""
    generated.write(tmp_path / "corpus", 3, 1)
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index goes."""
    return tmp_path / "index"


@pytest.fixture
def build(folder: Path, index: Path) -> Callable[[], BuildReport]:
    """Bring the index in step with the folder."""
    return lambda: KnowledgeBase.build(folder, index, embedder=Toy(), workers=1)


@pytest.fixture
def opened(index: Path) -> Callable[[], KnowledgeBase]:
    """Open the index."""
    return lambda: KnowledgeBase.open(index, embedder=Toy())


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: starting a worker for each of hundreds of small builds would take minutes."""

    def read_files(requests, **_: object):
        for request in requests:
            try:
                yield request, read(request.path, ocr=False)
            except ReadError as error:
                yield request, error

    monkeypatch.setattr("rag.index.builder.read_files", read_files)
