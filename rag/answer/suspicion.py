"""Whether a question sounds like an emergency, learned from written ones: a second opinion beside the rules.

A linear model over the bundled sentence embedding, the question's characters, and the signs that it names or denies. It
is trained by `eval/safety/learn.py` on the questions in `eval/safety`, and stored as its weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from rag.answer import signs
from rag.embed import Embedder, load_embedder
from rag.text.normalise import normalise
from rag.text.simplify import simplify

EMBEDDER = "use-medical"  # the one that is loaded for the search anyway
LONGEST = 80  # characters read at once; the written questions are no longer
_SIZES = (1, 2, 3)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]*")
_BOUNDS = ("收缩压>=180", "收缩压<90", "舒张压>=120", "血糖<3", "血糖>=16.7", "血氧<90", "体温>=39", "体温<35.5", "心率>=150", "心率<45",
           "血钾>=6", "血小板<20", "月龄<3", "日龄<29", "呼吸>=30")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the embedding (512), of character runs and of signs, the bias, and two thresholds of the score.

    A question above `alarm` is an emergency without any rule; one below `doubt` is none, whatever rule it meets.
    """

    embedding: np.ndarray
    runs: dict[str, float]
    signs: dict[str, float]
    bias: float
    alarm: float
    doubt: float


def alarms(question: str) -> bool:
    """Tell whether a question is an emergency by its sound alone."""
    return score(question) > load().alarm


def harmless(question: str, kinds: int) -> bool:
    """Tell whether a question sounds so little like an emergency that rules for so many kinds of it must all be mistaken."""
    return score(question) < load().doubt * kinds


def score(question: str) -> float:
    """Return how much a question sounds like an emergency, as log odds; of a long one, its most alarming part."""
    model, parts = load(), pieces(question)
    near = _embedder().encode(parts) @ model.embedding
    spelled = (_weigh(runs(p), model.runs) + _weigh(named(p), model.signs) for p in parts)
    return float(max(a + b for a, b in zip(near, spelled, strict=True)) + model.bias)


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


def named(text: str) -> frozenset[str]:
    """List the signs that a text names (+胸痛) and denies (-胸痛), and whether it asks in general or of something happening."""
    reading = signs.read(text)
    found = {f"+{name}" for name in signs.words() if reading.places(f"{{{name}}}")}
    found |= {f"-{name}" for name in signs.words() if reading.denied(f"{{{name}}}")}
    found |= {f"+{bound}" for bound in _BOUNDS if reading.places(bound)}
    asked = {"general": reading.general, "happening": reading.happening}
    return frozenset(found | {name for name, holds in asked.items() if holds})


def divisor(found: Collection[str], known: Collection[str]) -> float:
    """Return by what the weights of the known features found are to be divided: the root of their number."""
    return max(1, sum(name in known for name in found)) ** 0.5


def _weigh(found: Collection[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) for name in sorted(found)) / divisor(found, weights)


@cache
def load() -> Model:
    """Read the weights from the data file."""
    learned = json.loads(resources.files("rag.answer").joinpath("data/suspicion.json").read_text(encoding="utf-8"))
    return Model(np.array(learned.pop("embedding"), np.float32), **learned)


@cache
def _embedder() -> Embedder:
    return load_embedder(EMBEDDER)
