"""`python -m eval.safety.learn`: fit the second opinion on the written questions, and say how it does on those held out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from rag.answer import suspicion
from rag.embed import load_embedder

FOLDER = Path(__file__).parent
ARTEFACT = FOLDER.parents[1] / "rag" / "answer" / "data" / "suspicion.json"
RESULT = FOLDER.parent / "results" / "suspicion.json"
RIDGE, LEAST = 0.03, 2  # penalty; how often a run or a sign must occur
SHARES = {"runs": 0.7, "signs": 0.6}  # their weight beside the embedding's
FALSE_ALARMS, MISSED = 0.015, 0.005  # of held-out questions, at the thresholds
_FOLDS = 8
_STEPS, _CLOSE = 30, 1e-5  # at most, or until no weight changes by more


def written() -> tuple[list[str], np.ndarray]:
    """Read all written questions in a fixed order, and which of them are emergencies."""
    rows = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [r["question"] for r in rows], np.array([r["red_flag"] for r in rows])


def table(questions: list[str]) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Write questions as rows: embedding, then a column for each run and each sign in LEAST of them; name these."""
    blocks, names = [load_embedder(suspicion.EMBEDDER).encode(questions).astype(np.float64)], {}
    for kind, features in (("runs", suspicion.runs), ("signs", suspicion.named)):
        found = [features(q) for q in questions]
        counts = Counter(name for some in found for name in some)
        names[kind] = sorted(name for name, n in counts.items() if n >= LEAST)
        place = {name: i for i, name in enumerate(names[kind])}
        block = np.zeros((len(questions), len(place)))
        for i, some in enumerate(found):
            block[i, [place[name] for name in some if name in place]] = SHARES[kind] / suspicion.divisor(some, place)
        blocks.append(block)
    return np.hstack(blocks), names


def fit(products: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit a logistic regression with a ridge penalty from the rows' inner products; return the rows' weights, (rows,).

    Both classes weigh alike. With more columns than rows the dual form is the small one.
    """
    balance = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    weights = np.zeros(len(labels))
    for _ in range(_STEPS):
        value = products @ weights
        p = 1 / (1 + np.exp(-value))
        curve = balance * p * (1 - p) + 1e-9
        target = value - balance * (p - labels) / curve
        before, weights = weights, np.linalg.solve(products + RIDGE * np.diag(1 / curve), target)
        if np.abs(weights - before).max() < _CLOSE:
            break
    return weights


def held_out(products: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Score each question by a model that did not see it, shape (rows,)."""
    fold = np.arange(len(labels)) % _FOLDS
    scores = np.zeros(len(labels))
    for k in range(_FOLDS):
        seen = fold != k
        scores[~seen] = products[np.ix_(~seen, seen)] @ fit(products[np.ix_(seen, seen)], labels[seen])
    return scores


def main() -> None:
    """Fit, write the weights and the thresholds, and what was measured."""
    questions, labels = written()
    rows, names = table(questions)
    products = rows @ rows.T + 1  # the one is the bias
    scores = held_out(products, labels)
    alarm = float(np.sort(scores[~labels])[::-1][int(FALSE_ALARMS * (~labels).sum())])
    doubt = float(np.sort(scores[labels])[int(MISSED * labels.sum())])
    weights = fit(products, labels)
    parts = np.split(weights @ rows, np.cumsum([rows.shape[1] - sum(map(len, names.values())), len(names["runs"])]))
    learned: dict[str, Any] = {
        kind: {name: round(float(w) * SHARES[kind], 4) for name, w in zip(names[kind], part, strict=True)}
        for kind, part in zip(names, parts[1:], strict=True)
    }
    learned |= {
        "embedding": [round(float(w), 4) for w in parts[0]], "bias": round(float(weights.sum()), 4),
        "alarm": round(alarm, 3), "doubt": round(doubt, 3),
    }
    ARTEFACT.write_text(json.dumps(learned, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    figures: dict[str, Any] = {
        "command": "python -m eval.safety.learn", "emergencies": int(labels.sum()), "others": int((~labels).sum()),
        "held_out_recall": round(float((scores[labels] > alarm).mean()), 4),
        "held_out_false_alarms": round(float((scores[~labels] > alarm).mean()), 4),
        "alarm": learned["alarm"], "doubt": learned["doubt"], **{kind: len(some) for kind, some in names.items()},
    }
    RESULT.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
