"""An immutable, published state of the index: written whole beside the others, then pointed at."""

from __future__ import annotations

import hashlib
import json
import logging
import mmap
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.codec import edition_from_json, passage_from_json
from rag.errors import IndexUnusableError, UsageError, reason
from rag.files import UNFINISHED, file_hash, make_folder, sweep, sync
from rag.index import dense
from rag.index.hold import held, hold
from rag.index.lexical import LexicalIndex
from rag.index.lines import line_digest
from rag.index.pointer import history, point_at
from rag.mapped import mapped
from rag.types import Document, Edition, Metadata, Passage

if TYPE_CHECKING:
    import faiss

_ATTEMPTS = 5

logger = logging.getLogger(__name__)


class Snapshot:
    """A snapshot opened for reading: files are mapped, nothing is changed, threads may share it.

    While it is open, no writer deletes it. What answers are made of is held against its digest when it is read, so that
    no flipped bit is ever shown as a dose. Raises OSError or ValueError when a file is missing, cut short or changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hold = hold(folder / "manifest.json")
        sealed = (folder / "manifest.json").read_bytes()
        if _name_of(sealed) != folder.name:
            raise ValueError("manifest.json 被改动过")
        self.manifest: dict[str, Any] = json.loads(sealed)
        for name, size in self.manifest["sizes"].items():
            if (found := (folder / name).stat().st_size) != size:
                raise ValueError(f"{name} 应为 {size} 字节，实为 {found}")
        self.editions: tuple[Edition, ...] = tuple(
            edition_from_json(e) for e in json.loads(self._unchanged("editions.json").read_bytes())
        )
        self.passage_editions: np.ndarray = self._array("passage_editions")
        self.passage_aspects: np.ndarray = self._array("passage_aspects")
        self.window_passages: np.ndarray = self._array("window_passages")
        self.window_sentences: np.ndarray = self._array("window_sentences")
        self._offsets: np.ndarray = self._array("passage_offsets")
        self._digests: np.ndarray = self._array("passage_digests")
        self.lexical = LexicalIndex.open(folder / "lexical", len(self.passage_editions))
        with (folder / "passages.jsonl").open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._offsets[-1] else b""

    @property
    def id(self) -> str:
        """Name the snapshot: a hash of everything in it."""
        return self.folder.name

    @cached_property
    def dense(self) -> faiss.Index:
        """Map the FAISS index at first use."""
        return dense.open_index(self.folder / "dense.faiss")

    def __len__(self) -> int:
        return len(self.passage_editions)

    def passage(self, number: int) -> Passage:
        """Read one passage by its number, from 0. Raises IndexUnusableError when it is not what was written."""
        line = self._lines[self._offsets[number] : self._offsets[number + 1]]
        if line_digest(line) != self._digests[number].tobytes():
            raise IndexUnusableError(
                f"索引 {self.folder} 里第 {number + 1} 段与写入时不同，磁盘可能有坏处。请运行：zhinan index update --index {self.folder.parents[1]}"
            )
        return passage_from_json(json.loads(line))

    def edition_of(self, number: int) -> Edition:
        """Return the edition that a passage belongs to."""
        return self.editions[self.passage_editions[number]]

    def document(self, guideline_id: str) -> Document:
        """Return an edition's passages as a document without page texts. Raises UsageError for an unknown id."""
        for number, edition in enumerate(self.editions):
            if edition.guideline_id == guideline_id:
                first, last = np.searchsorted(self.passage_editions, [number, number + 1])
                said = Metadata(edition.title, edition.issuer, edition.year, edition.edition, edition.doi)
                return Document(said, (), tuple(self.passage(n) for n in range(first, last)))
        raise UsageError(f"索引里没有 {guideline_id}。请用 zhinan corpus list 查看编号。")

    def find(self, passage_id: str) -> int | None:
        """Return the number of the passage with this id (`guideline:n`), or None."""
        guideline, _, ordinal = passage_id.rpartition(":")
        for e, edition in enumerate(self.editions):
            if edition.guideline_id == guideline and ordinal.isdigit():
                first, last = np.searchsorted(self.passage_editions, [e, e + 1])
                number = int(first) + int(ordinal) - 1
                return number if first <= number < last else None
        return None

    def _array(self, name: str) -> np.ndarray:
        return mapped(self._unchanged(f"{name}.npy"))

    def _unchanged(self, name: str) -> Path:
        """Return a file that tells what belongs to what; a flipped bit in it would cite the wrong guideline."""
        path = self.folder / name
        if file_hash(path) != self.manifest["files"][name]:
            raise ValueError(f"{name} 被改动过")
        return path


def open_current(index: Path, expected: dict[str, str]) -> Snapshot:
    """Open the snapshot that the index points at.

    Raises IndexUnusableError when there is none, when a file is missing or cut short, or when it was made with something
    else than `expected` (schema, tokenizer, embedder …); the message names the difference.
    """
    snapshot = _open(index)
    for name, value in expected.items():
        found = snapshot.manifest.get(name)
        if found != value:
            raise IndexUnusableError(
                f"索引 {index} 的 {name} 是“{found}”，当前程序需要“{value}”。请运行：zhinan index build --index {index}"
            )
    return snapshot


def _open(index: Path) -> Snapshot:
    """Open the current snapshot; once more when a writer replaced it between reading its name and opening it."""
    for _ in range(_ATTEMPTS):
        names = history(index)
        if not names:
            raise IndexUnusableError(f"{index} 里没有索引。请运行：zhinan index build --index {index}")
        folder = index / "snapshots" / names[0]
        try:
            return Snapshot(folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            trouble = error
            if history(index)[:1] == names[:1]:
                break
    why = f"{trouble.filename}：{reason(trouble)}" if isinstance(trouble, OSError) else trouble
    raise IndexUnusableError(f"索引 {folder} 不完整或已损坏（{why}）。请运行：zhinan index build --index {index}") from trouble


def _name_of(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:16]


def whole(folder: Path) -> bool:
    """Tell whether a snapshot's files are all as they were written."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        return all(file_hash(folder / name) == digest for name, digest in manifest["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextmanager
def writing(index: Path) -> Iterator[Path]:
    """Give a temporary folder to write a snapshot into; it is removed unless it was published."""
    snapshots = index / "snapshots"
    snapshots.mkdir(parents=True, exist_ok=True)
    sweep(snapshots)
    folder = make_folder(snapshots)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(index: Path, folder: Path, manifest: dict[str, Any]) -> Path:
    """Seal the folder with its manifest, move it among the snapshots, and point the index at it.

    The order (files, folder, rename, pointer, each synced) leaves the old snapshot serving whenever it is cut off.
    """
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    files = {p.relative_to(folder).as_posix(): p for p in found}
    sealed = manifest | {
        "files": {name: file_hash(p) for name, p in files.items()}, "sizes": {name: p.stat().st_size for name, p in files.items()},
    }
    data = json.dumps(sealed, ensure_ascii=False, sort_keys=True, indent=1).encode()
    (folder / "manifest.json").write_bytes(data)
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    target = folder.parent / _name_of(data)
    if target.is_dir() and not whole(target):
        logger.warning("快照 %s 不完整或已损坏，已重新生成。", target.name)
        _discard(target)
    if not target.is_dir():
        folder.rename(target)
        sync(target.parent)
    point_at(index, target.name)
    collect(index)
    return target


def collect(index: Path) -> None:
    """Delete the snapshots that are no longer listed and that no reader holds."""
    listed = history(index)
    for old in (index / "snapshots").iterdir():
        if old.is_dir() and old.name not in listed and not old.name.startswith(UNFINISHED) and not held(old):
            _discard(old)


def _discard(folder: Path) -> None:
    """Delete a snapshot: out of sight in one step, then file by file, so that none is ever seen half deleted."""
    grave = make_folder(folder.parent)
    with suppress(OSError):  # Windows refuses while a reader has files open; the next writer tries again
        folder.rename(grave / folder.name)
    shutil.rmtree(grave, ignore_errors=True)
