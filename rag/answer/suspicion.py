"""Whether a question sounds like an emergency, learned from written ones: a second opinion beside the rules.

A linear model over the bundled sentence embedding and the question's characters. It is trained by `eval/safety/learn.py`
on the questions in `eval/safety`, and stored as its weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from rag.embed.bundled import UseMultilingual
from rag.text.normalise import normalise
from rag.text.simplify import simplify

LONGEST = 80  # characters read at once; the written questions are no longer
_SIZES = (1, 2, 3)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]*")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the embedding (512) and of character runs, the bias, and two thresholds of the score.

    A question above `alarm` is an emergency without any rule; one below `doubt` is none, whatever rule it meets.
    """

    embedding: np.ndarray
    runs: dict[str, float]
    bias: float
    alarm: float
    doubt: float


def score(question: str) -> float:
    """Return how much a question sounds like an emergency, as log odds; of a long one, its most alarming part."""
    model, parts = load(), pieces(question)
    near = _embedder().encode(parts) @ model.embedding
    return float(max(n + _runs(part, model.runs) for n, part in zip(near, parts, strict=True)) + model.bias)


def alarms(question: str) -> bool:
    """Tell whether a question is an emergency by its sound alone."""
    return score(question) > load().alarm


def harmless(question: str) -> bool:
    """Tell whether a question sounds so little like an emergency that a rule which it meets must be mistaken."""
    return score(question) < load().doubt


def pieces(question: str) -> list[str]:
    """Cut a long question at sentence ends into pieces of at most LONGEST characters, where sentences allow."""
    if len(question) <= LONGEST:
        return [question]
    out = [""]
    for sentence in _SENTENCE.findall(question):
        if out[-1] and len(out[-1]) + len(sentence) > LONGEST:
            out.append("")
        out[-1] += sentence
    return [piece for piece in out if piece.strip()] or [question]


def runs(text: str) -> frozenset[str]:
    """List the runs of one to three characters of a text, its ends marked, its figures all alike."""
    plain = "^" + "".join(_FIGURE.sub("0", simplify(normalise(text)).lower()).split()) + "$"
    return frozenset(plain[i : i + size] for size in _SIZES for i in range(len(plain) - size + 1))


def known(found: Sequence[str] | frozenset[str], weights: dict[str, float]) -> float:
    """Return by what the weights of the known runs are to be divided: the root of their number."""
    return max(1, sum(run in weights for run in found)) ** 0.5


def _runs(text: str, weights: dict[str, float]) -> float:
    found = runs(text)
    return sum(weights.get(run, 0.0) for run in sorted(found)) / known(found, weights)


@cache
def load() -> Model:
    """Read the weights from the data file."""
    data = json.loads(resources.files("rag.answer").joinpath("data/suspicion.json").read_text(encoding="utf-8"))
    return Model(np.array(data["embedding"], np.float32), data["runs"], data["bias"], data["alarm"], data["doubt"])


@cache
def _embedder() -> UseMultilingual:
    return UseMultilingual()
