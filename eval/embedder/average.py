"""Average trained encoders, weight by weight, into the file that ships (Wortsman et al. 2022, arXiv:2203.05482).

`python -m eval.embedder.average run1.npz run2.npz`: a piece that not every run has seen is averaged over those that have.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.datasets.questions import ROOT

SHIPPED = ROOT / "rag" / "embed" / "medical.npz"


def average(runs: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the arrays of the mean encoder: `pieces` ascending, `table` int8 with `scale` a row, layers float16."""
    pieces = np.unique(np.concatenate([run["pieces"] for run in runs]))
    total = np.zeros((len(pieces), runs[0]["table"].shape[1]), np.float32)
    seen = np.zeros((len(pieces), 1), np.float32)
    for run in runs:
        at = np.searchsorted(pieces, run["pieces"])
        total[at] += run["table"].astype(np.float32) * run["scale"][:, None]
        seen[at] += 1
    table = total / seen
    scale = np.abs(table).max(axis=1) / 127
    layers = [name for name in runs[0] if name.startswith("weight_")]
    means = {n.removeprefix("weight_"): np.mean([r[n].astype(np.float32) for r in runs], axis=0).astype(np.float16) for n in layers}
    return means | {
        "pieces": pieces.astype(np.int32), "scale": scale.astype(np.float32), "table": np.round(table / scale[:, None]).astype(np.int8),
    }


def main(runs: Annotated[list[Path], typer.Argument(help="train 写出的文件。")], out: Path = SHIPPED) -> None:
    """Average the runs and write them uncompressed, so that they load quickly."""
    np.savez(out, **average([dict(np.load(run)) for run in runs]))
    typer.echo(f"{out}：{out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
