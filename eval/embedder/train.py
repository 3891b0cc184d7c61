"""Train the encoder to bring queries to their texts; needs PyTorch and numpy alone, best on a GPU.

`python -m eval.embedder.train data.npz out.npz`: the loss is contrastive over the other texts of a batch (InfoNCE, van den
Oord et al. 2018, arXiv:1807.03748), with a term that keeps every vector near the one of the encoder as published.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from eval.embedder.network import Encoder

SEED = 20261126
SHARES = {"answer": 0.25, "title": 0.05, "heading": 0.3, "beside": 0.2, "lay": 0.05, "written": 0.15}  # of the batches, by kind of pair


class Texts:
    """Texts as rows of piece ids on the device."""

    def __init__(self, ids: np.ndarray, starts: np.ndarray, device: str) -> None:
        self._ids = torch.tensor(ids.astype(np.int32), device=device)
        self._starts = torch.tensor(starts, device=device)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def batch(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return padded ids of shape (rows, longest) and the lengths, float."""
        lengths = self._starts[rows + 1] - self._starts[rows]
        at = torch.arange(int(lengths.max()), device=rows.device)[None]
        places = (self._starts[rows][:, None] + at).clamp(max=len(self._ids) - 1)
        return torch.where(at < lengths[:, None], self._ids[places], 0).long(), lengths.float()


def encode(encoder: Encoder, texts: Texts, size: int = 2048) -> torch.Tensor:
    """Embed all texts, float32 of shape (texts, 512)."""
    encoder.eval()
    device = encoder.table.device
    with torch.no_grad():
        return torch.cat([
            encoder(*texts.batch(torch.arange(a, min(a + size, len(texts)), device=device))) for a in range(0, len(texts), size)
        ])


def batches(kinds: np.ndarray, size: int, steps: int, device: str) -> Iterator[torch.Tensor]:
    """Yield rows of pairs, each batch of one kind, the kinds by their shares."""
    draw = np.random.default_rng(SEED)
    of_kind = {k: np.flatnonzero(kinds == k) for k in SHARES}
    names = list(SHARES)
    for _ in range(steps):
        rows = of_kind[names[draw.choice(len(names), p=list(SHARES.values()))]]
        yield torch.tensor(draw.choice(rows, min(size, len(rows)), replace=False), device=device)


def recall(encoder: Encoder, data: Mapping[str, np.ndarray], device: str, k: int = 10) -> dict[str, float]:
    """Return, by kind, the share of held-out queries whose text is among the k nearest of its kind."""
    queries, texts = (encode(encoder, Texts(data[f"held_{s}_ids"], data[f"held_{s}_starts"], device)) for s in ("query", "text"))
    kinds, found = data["held_kind"], {}
    for kind in SHARES:
        rows = torch.tensor(np.flatnonzero(kinds == kind), device=device)
        scores = queries[rows] @ texts[rows].T
        rank = (scores > scores.diagonal()[:, None]).sum(1)
        found[kind] = round(float((rank < k).float().mean()), 3)
    return found


def train(data: Mapping[str, np.ndarray], device: str, *, steps: int, size: int, rate: float, keep: float, temperature: float) -> Encoder:
    """Train and return the encoder; `keep` weighs staying near the published one."""
    torch.manual_seed(SEED)
    encoder = Encoder(data["table"], {k.removeprefix("weight_"): data[k] for k in data if k.startswith("weight_")}).to(device)
    sides = [Texts(data[f"train_{s}_ids"], data[f"train_{s}_starts"], device) for s in ("query", "text")]
    published = [encode(encoder, side).half() for side in sides]
    same = torch.tensor(data["train_same"], device=device)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    encoder.train()
    for rows in batches(data["train_kind"], size, steps, device):
        with torch.autocast(device, torch.bfloat16):
            vectors = [encoder(*side.batch(rows)).float() for side in sides]
        loss = contrast(*vectors, same[rows], temperature)
        loss = loss + keep * sum(1 - (now * old[rows]).sum(-1).mean() for now, old in zip(vectors, published, strict=True))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return encoder


def contrast(queries: torch.Tensor, texts: torch.Tensor, same: torch.Tensor, temperature: float) -> torch.Tensor:
    """Return the mean loss of picking each query's text among the batch's, both ways; equal texts do not compete."""
    scores = queries @ texts.T / temperature
    twins = (same[:, None] == same[None]) & ~torch.eye(len(same), dtype=torch.bool, device=same.device)
    scores = scores.masked_fill(twins, -1e4)
    target = torch.arange(len(same), device=same.device)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def save(encoder: Encoder, data: Mapping[str, np.ndarray], out: Path) -> None:
    """Write the trained rows of the table, one byte a value with a scale a row, and the weights as float16."""
    table = encoder.table.detach().cpu().numpy()
    scale = np.abs(table).max(1, keepdims=True) / 127
    arrays = {"pieces": data["pieces"], "scale": scale[:, 0].astype(np.float32), "table": np.round(table / scale).astype(np.int8)}
    arrays |= {f"weight_{k}": v.detach().cpu().numpy().astype(np.float16) for k, v in encoder.weights.items()}
    np.savez_compressed(out, **arrays)


def main() -> None:
    """Train with the settings that were chosen on the held-out pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--keep", type=float, default=1.0)
    parser.add_argument("--temperature", type=float, default=0.05)
    given = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = np.load(given.data)
    encoder = train(data, device, steps=given.steps, size=given.size, rate=given.rate, keep=given.keep, temperature=given.temperature)
    print(recall(encoder, data, device))
    save(encoder, data, given.out)


if __name__ == "__main__":
    main()
