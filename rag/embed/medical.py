"""The embedded default: Universal Sentence Encoder taught Chinese medicine and lay words (`eval/embedder`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rag.embed.bundled import UseMultilingual, unpacked
from rag.errors import EmbedderError
from rag.mapped import mapped

_TRAINED = Path(__file__).with_name("medical.npz")
_VERSION = "1"  # of the trained weights


class OverlaidTable:
    """A table of pieces, some of whose rows are replaced; indexing with piece ids gives float32 rows.

    `base` is the published table in bytes with `scale` and `lo` of each of its chunks; `pieces`, ascending, are the rows
    replaced by `rows` (int8), each times its own `row_scale`.
    """

    def __init__(self, base: dict[str, np.ndarray], pieces: np.ndarray, rows: np.ndarray, row_scale: np.ndarray) -> None:
        self._table, self._scale, self._lo = base["table"], base["scale"], base["lo"]
        self._rows, self._row_scale = rows, row_scale
        self._place = np.full(len(self._table), -1, np.int32)
        self._place[pieces] = np.arange(len(pieces))

    def __getitem__(self, pieces: np.ndarray) -> np.ndarray:
        """Return the rows of some pieces, float32 of shape (pieces, dimension)."""
        chunk = pieces % len(self._scale)
        found = self._table[pieces] * self._scale[chunk, None] + self._lo[chunk, None]
        place = self._place[pieces]
        replaced = place >= 0
        found[replaced] = self._rows[place[replaced]] * self._row_scale[place[replaced], None]
        return found


class UseMedical(UseMultilingual):
    """Embed texts with the trained weights that lie beside this module; the rest is the published encoder."""

    def __init__(self) -> None:
        super().__init__()
        self._published = self.id
        self.id = f"use-medical/{_VERSION}+{self.id.rpartition('/')[2]}"

    def vocabulary(self) -> Path:
        """Return the folder with the published tokenizer's arrays."""
        return unpacked(self._published)

    def weights(self) -> dict[str, np.ndarray]:
        """Map the published arrays and put the trained ones in their place. Raises EmbedderError when those are missing."""
        folder = unpacked(self._published)
        published = {name: mapped(folder / f"{name}.npy") for name in ("table", "scale", "lo", "eps")}
        try:
            with np.load(_TRAINED, allow_pickle=False) as trained:
                arrays = {name: trained[name] for name in trained.files}
        except (OSError, ValueError) as error:
            raise EmbedderError(f"缺少或损坏了默认向量模型的权重 {_TRAINED}。请重新安装：pip install --force-reinstall zhinan") from error
        table = OverlaidTable(published, arrays.pop("pieces"), arrays.pop("table"), arrays.pop("scale"))
        chunks = len(published["scale"])
        layers = {name: array.astype(np.float32) for name, array in arrays.items()}
        return layers | {"table": table, "scale": np.ones(chunks, np.float32), "lo": np.zeros(chunks, np.float32), "eps": published["eps"]}
