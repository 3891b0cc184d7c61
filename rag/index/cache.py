"""What is costly is kept per edition: the parsed document, what it says of itself, and what the index needs of it."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from rag.codec import document_from_json, document_to_json
from rag.files import fresh_name
from rag.index.lexical import TermCounts
from rag.types import Document, Metadata

T = TypeVar("T")

logger = logging.getLogger(__name__)

SHINGLES = "shingles"
CONTAINER = "2"  # how entries are written; part of their key
_ARRAYS = ("vectors", "owners", "sentences", "aspects", "lines", "lengths")
_TERMS = ("owners", "hashes", "counts")
_DIGEST = 16  # bytes before each entry's content, so that no flipped bit is ever read as a dose


@dataclass(frozen=True, slots=True)
class Facts:
    """A parsed document in a few words; `pages` is 0 in formats without pages."""

    metadata: Metadata
    pages: int
    passages: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """What the index needs of one edition.

    Window vectors (n, d), the passage and sentence of each window, term counts, and per passage its aspect mask and its
    JSON line: `lines` holds them one after the other, `lengths` (bytes) tells them apart.
    """

    vectors: np.ndarray
    owners: np.ndarray
    sentences: np.ndarray
    terms: TermCounts
    aspects: np.ndarray
    lines: np.ndarray
    lengths: np.ndarray


class Cache:
    """A folder of entries known by their key; a damaged entry counts as absent, is reported, and is made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged: list[Path] = []

    def document(self, key: str) -> Document | None:
        """Read a parsed document, or None."""
        return self._decoded("documents", key, lambda data: document_from_json(json.loads(data)))

    def put_document(self, key: str, document: Document, facts: Facts) -> None:
        """Keep a parsed document and its facts."""
        self._write("documents", key, _json(document_to_json(document)))
        values: dict[str, Any] = {name: getattr(facts, name) for name in ("pages", "passages", "warnings")}
        values["metadata"] = {name: getattr(facts.metadata, name) for name in Metadata.__dataclass_fields__}
        self._write("facts", key, _json(values))

    def facts(self, key: str) -> Facts | None:
        """Read a document's facts, or None when they or the document are absent."""
        return self._decoded("facts", key, _facts) if self._path("documents", key).is_file() else None

    def array(self, kind: str, key: str) -> np.ndarray | None:
        """Read a small array of what a document was found to be, or None."""
        return self._decoded(kind, key, lambda data: _unpacked(data)[""])

    def put_array(self, kind: str, key: str, array: np.ndarray) -> None:
        """Keep a small array beside a document."""
        self._write(kind, key, _packed({"": array}))

    def features(self, key: str) -> Features | None:
        """Read what the index needs of an edition, or None."""
        return self._decoded("features", key, _features)

    def put_features(self, key: str, features: Features) -> None:
        """Keep what the index needs of an edition."""
        arrays = {name: getattr(features, name) for name in _ARRAYS} | {f"term_{n}": getattr(features.terms, n) for n in _TERMS}
        self._write("features", key, _packed(arrays | {"passages": np.array(features.terms.passages)}))

    def prune(self, document_keys: Iterable[str], feature_keys: Iterable[str]) -> int:
        """Delete the entries that are not named, and what killed writers left; return how many."""
        removed = 0
        documents = set(document_keys)
        for kind, keep in (("documents", documents), ("facts", documents), (SHINGLES, documents), ("features", set(feature_keys))):
            for path in (self.folder / kind).glob("*/*"):
                if path.name not in keep:
                    path.unlink(missing_ok=True)
                    removed += 1
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        return removed

    def _decoded(self, kind: str, key: str, decode: Callable[[bytes], T]) -> T | None:
        """Return an entry's meaning, or None when it is absent, damaged or written by another version."""
        data = self._read(kind, key)
        if data is None:
            return None
        try:
            return decode(data)
        except (ValueError, KeyError, TypeError) as error:
            self._report(self._path(kind, key), repr(error))
            return None

    def _read(self, kind: str, key: str) -> bytes | None:
        """Return an entry's content, or None when it is absent or not what was written."""
        path = self._path(kind, key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._report(path, str(error.strerror))
            return None
        content = data[_DIGEST:]
        if hashlib.blake2b(content, digest_size=_DIGEST).digest() != data[:_DIGEST]:
            self._report(path, "内容与校验值不符")
            return None
        return content

    def _report(self, path: Path, why: str) -> None:
        logger.warning("缓存条目 %s 已损坏（%s），将重新生成。", path, why)
        self.damaged.append(path)

    def _write(self, kind: str, key: str, content: bytes) -> None:
        """Put an entry in place whole; it is not forced to disk, since a torn one is noticed and made again."""
        path, spare = self._path(kind, key), self.folder / "tmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        spare.mkdir(exist_ok=True)
        temporary = fresh_name(spare)
        try:
            temporary.write_bytes(hashlib.blake2b(content, digest_size=_DIGEST).digest() + content)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / key[:2] / key


def key_of(*parts: str) -> str:
    """Join what an entry depends on into its key."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _facts(data: bytes) -> Facts:
    values = json.loads(data)
    return Facts(Metadata(**values["metadata"]), values["pages"], values["passages"], tuple(values["warnings"]))


def _features(data: bytes) -> Features:
    arrays = _unpacked(data)
    terms = TermCounts(int(arrays["passages"]), *(arrays[f"term_{n}"] for n in _TERMS))
    return Features(terms=terms, **{name: arrays[name] for name in _ARRAYS})


def _packed(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Write arrays one after the other behind a line that says name, type and shape of each: read ten times as fast as npz."""
    head = _json({name: [a.dtype.str, a.shape] for name, a in arrays.items()})
    return b"".join([head, b"\n", *(np.ascontiguousarray(a).tobytes() for a in arrays.values())])


def _unpacked(data: bytes) -> dict[str, np.ndarray]:
    at = data.index(b"\n") + 1
    found = {}
    for name, (kind, shape) in json.loads(data[:at]).items():
        count = math.prod(shape)
        found[name] = np.frombuffer(data, np.dtype(kind), count, at).reshape(shape)
        at += count * found[name].itemsize
    return found


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
