"""What is costly is kept per edition: the parsed document, what it says of itself, and what the index needs of it."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable
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

    def features(self, key: str) -> Features | None:
        """Read what the index needs of an edition, or None."""
        return self._decoded("features", key, _features)

    def put_features(self, key: str, features: Features) -> None:
        """Keep what the index needs of an edition."""
        buffer = io.BytesIO()
        np.savez(
            buffer, vectors=features.vectors, owners=features.owners, sentences=features.sentences, aspects=features.aspects,
            lines=features.lines, lengths=features.lengths, passages=features.terms.passages,
            term_owners=features.terms.owners, term_hashes=features.terms.hashes, term_counts=features.terms.counts,
        )
        self._write("features", key, buffer.getvalue())

    def prune(self, document_keys: Iterable[str], feature_keys: Iterable[str]) -> int:
        """Delete the entries that are not named, and what killed writers left; return how many."""
        removed = 0
        documents = set(document_keys)
        for kind, keep in (("documents", documents), ("facts", documents), ("features", set(feature_keys))):
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
        content = memoryview(data)[_DIGEST:]
        if hashlib.blake2b(content, digest_size=_DIGEST).digest() != data[:_DIGEST]:
            self._report(path, "内容与校验值不符")
            return None
        return bytes(content)

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
    with np.load(io.BytesIO(data), allow_pickle=False) as z:
        terms = TermCounts(int(z["passages"]), z["term_owners"], z["term_hashes"], z["term_counts"])
        return Features(z["vectors"], z["owners"], z["sentences"], terms, z["aspects"], z["lines"], z["lengths"])


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
