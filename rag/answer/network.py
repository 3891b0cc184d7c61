"""The network that tells from described evidence whether it answers; learned by `python -m eval learn`.

Each term of the question is weighed against each likely sentence by one hidden layer, so that a name which is nowhere
counts for more than an everyday word that is nowhere (the term gating of DRMM, Guo et al. 2016). A sentence has the sum
over its terms and its own features; the question has the soft maximum over its sentences, and features of all that was
found. Several networks, learned alike from different starts, are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

MOST_TERMS = 12  # of a longer question each counts for less


class Described(NamedTuple):
    """A question against its evidence: features of all (features,), of sentences (sentences, features) and of terms.

    Those of terms have the shape (sentences, terms, features); `vectors` embeds the terms, shape (terms, dimension).
    """

    whole: np.ndarray
    sentences: np.ndarray
    terms: np.ndarray
    vectors: np.ndarray


@dataclass(frozen=True, slots=True)
class Network:
    """The networks' weights, each array with one row a network; `directions` are those in which a term's vector is read.

    `term_in` (features + directions, hidden), `term_in_bias` and `term_out` (hidden) weigh terms, `sentence` and `whole` the
    features of sentences and of all; the bias of the whole stands for those of the others, but that of each term.
    """

    directions: np.ndarray
    term_in: np.ndarray
    term_in_bias: np.ndarray
    term_out: np.ndarray
    term_out_bias: np.ndarray
    sentence: np.ndarray
    whole: np.ndarray
    whole_bias: np.ndarray
    calibration: np.ndarray
    threshold: np.ndarray

    def probability(self, item: Described) -> float:
        """Return the probability that the evidence answers."""
        return float(1 / (1 + np.exp(-self.logit(item))))

    def logit(self, item: Described) -> float:
        """Return the logarithm of the odds, calibrated, of the average of the networks."""
        found = self.sentence @ item.sentences.T  # (networks, sentences)
        if item.terms.shape[1]:
            read = np.broadcast_to(item.vectors @ self.directions, (*item.terms.shape[:2], self.directions.shape[1]))
            hidden = np.concatenate([item.terms, read], axis=2)[None] @ self.term_in[:, None] + self.term_in_bias[:, None, None]
            met = (np.maximum(hidden, 0) @ self.term_out[:, None, :, None])[..., 0] + self.term_out_bias[:, None, None]
            found = found + met.sum(axis=2) * min(1.0, MOST_TERMS / item.terms.shape[1])
        top = found.max(axis=1)
        each = top + np.log(np.exp(found - top[:, None]).sum(axis=1)) + self.whole @ item.whole + self.whole_bias
        return float(each.mean() * self.calibration[0] + self.calibration[1])


@cache
def learned() -> Network:
    """Read the weights that were learned."""
    with resources.files("rag.answer").joinpath("data/sufficiency.npz").open("rb") as file:
        arrays = np.load(file, allow_pickle=False)
        return Network(*(arrays[f.name] for f in fields(Network)))
