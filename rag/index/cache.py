"""What is costly is kept per edition: the parsed document, and its vectors and term counts."""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.files import write_whole
from rag.codec import document_from_json, document_to_json
from rag.index.lexical import TermCounts
from rag.types import Document

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Features:
    """What the index needs of one edition: window vectors (n, d), the passage and sentence of each, term counts."""

    vectors: np.ndarray
    owners: np.ndarray
    sentences: np.ndarray
    terms: TermCounts


class Cache:
    """A folder of entries known by their key; a damaged entry counts as absent, is logged, and is made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def document(self, key: str) -> Document | None:
        """Read a parsed document, or None."""
        path = self._path("documents", key, ".json")
        try:
            return document_from_json(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("缓存条目 %s 已损坏（%s），将重新解析。", path, error)
            return None

    def put_document(self, key: str, document: Document) -> None:
        """Keep a parsed document."""
        data = json.dumps(document_to_json(document), ensure_ascii=False, separators=(",", ":")).encode()
        write_whole(self._path("documents", key, ".json"), lambda path: path.write_bytes(data))

    def features(self, key: str) -> Features | None:
        """Read an edition's vectors and term counts, or None."""
        path = self._path("features", key, ".npz")
        try:
            with np.load(path, allow_pickle=False) as z:
                terms = TermCounts(int(z["passages"]), z["term_owners"], z["term_hashes"], z["term_counts"])
                return Features(z["vectors"], z["owners"], z["sentences"], terms)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            logger.warning("缓存条目 %s 已损坏（%s），将重新计算。", path, error)
            return None

    def put_features(self, key: str, features: Features) -> None:
        """Keep an edition's vectors and term counts."""

        def write(path: Path) -> None:
            with path.open("wb") as file:
                np.savez(
                    file, vectors=features.vectors, owners=features.owners, sentences=features.sentences,
                    passages=features.terms.passages, term_owners=features.terms.owners,
                    term_hashes=features.terms.hashes, term_counts=features.terms.counts,
                )

        write_whole(self._path("features", key, ".npz"), write)

    def prune(self, document_keys: set[str], feature_keys: set[str]) -> int:
        """Delete the entries that no kept snapshot uses; return how many."""
        removed = 0
        for kind, keep in (("documents", document_keys), ("features", feature_keys)):
            for path in (self.folder / kind).glob("*/*"):
                if path.stem not in keep:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _path(self, kind: str, key: str, suffix: str) -> Path:
        return self.folder / kind / key[:2] / f"{key}{suffix}"


def key_of(*parts: str) -> str:
    """Join what an entry depends on into its key."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
