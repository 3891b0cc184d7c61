"""Write what training reads: pairs as piece ids, and the encoder's weights; `python -m eval.embedder.prepare`."""

from __future__ import annotations

import random
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.datasets.questions import test_data
from eval.embedder.pairs import Pair, asked, of_section, sections, written
from rag.embed.bundled import UseMultilingual, unpacked

SEED = 20261126
HELD_OUT = 1000  # pairs of each kind that are never trained on
LONGEST = 160  # pieces of a text
_SETTINGS = {"table", "scale", "lo", "bits", "eps"}


def all_pairs(folder: Path) -> list[Pair]:
    """Make every pair of the folder of raw texts, in an order that depends on the seed alone."""
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as unpacked_texts:
        for archive in sorted(folder.glob("*.tar.xz")):
            with tarfile.open(archive) as packed:
                packed.extractall(unpacked_texts, filter="data")
        made = [p for s in sections(Path(unpacked_texts)) for p in of_section(s, draw)]
    return [*made, *asked(folder / "toyhom_neike_sample_gb18030.csv"), *written()]


def split(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Part the pairs into those to train on and those to watch; texts are shared by no two parts."""
    draw = random.Random(SEED)
    by_kind: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_kind.setdefault(pair.kind, []).append(pair)
    held = [p for made in by_kind.values() for p in draw.sample(made, min(HELD_OUT, len(made) // 10))]
    hidden = {p.text for p in held} | {p.query for p in held}
    return [p for p in pairs if p.text not in hidden and p.query not in hidden], held


class Pieces:
    """Piece ids of texts, numbered anew by their order of appearance so that they fit two bytes."""

    def __init__(self) -> None:
        self._tokenizer = UseMultilingual().bulk_tokenizer
        self.known: dict[int, int] = {}

    def rows(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return all ids in one array, uint16, and where each text begins (texts + 1 places)."""
        ids = [self._tokenizer.encode(t, out_type=int, add_bos=True, add_eos=True)[:LONGEST] for t in texts]
        flat = [self.known.setdefault(i, len(self.known)) for row in ids for i in row]
        return np.array(flat, np.uint16), np.cumsum([0, *map(len, ids)], dtype=np.int64)


def table_rows(folder: Path, pieces: Sequence[int]) -> np.ndarray:
    """Read the encoder's table for some pieces, float32 of shape (pieces, 512)."""
    chosen = np.array(pieces)
    chunk = chosen % len(np.load(folder / "scale.npy"))
    raw = np.load(folder / "table.npy", mmap_mode="r")[chosen].astype(np.float32)
    return raw * np.load(folder / "scale.npy")[chunk, None] + np.load(folder / "lo.npy")[chunk, None]


def main(out: Annotated[Path, typer.Argument(help="写到这个 .npz 文件。")]) -> None:
    """Prepare the training data."""
    pairs, held = split(all_pairs(test_data() / "text"))
    pieces = Pieces()
    arrays: dict[str, np.ndarray] = {}
    for name, some in (("train", pairs), ("held", held)):
        arrays[f"{name}_kind"] = np.array([p.kind for p in some])
        numbers: dict[str, int] = {}
        arrays[f"{name}_same"] = np.array([numbers.setdefault(p.text, len(numbers)) for p in some], np.int32)
        for side, texts in (("query", [p.query for p in some]), ("text", [p.text for p in some])):
            arrays[f"{name}_{side}_ids"], arrays[f"{name}_{side}_starts"] = pieces.rows(texts)
    folder = unpacked(UseMultilingual().id)
    arrays["pieces"] = np.array(list(pieces.known), np.int32)
    arrays["table"] = table_rows(folder, list(pieces.known))
    for path in folder.glob("*.npy"):
        if path.stem not in _SETTINGS and not path.stem.startswith("piece_"):
            arrays[f"weight_{path.stem}"] = np.load(path)
    np.savez_compressed(out, **arrays)
    typer.echo(f"{len(pairs)} 对用于训练，{len(held)} 对用于观察，{len(pieces.known)} 个词片")


if __name__ == "__main__":
    typer.run(main)
