"""`python -m eval.safety.learn`: fit the second opinion on the written questions, and say how it does on those held out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from rag.answer import suspicion
from rag.embed.bundled import UseMultilingual

FOLDER = Path(__file__).parent
ARTEFACT = FOLDER.parents[1] / "rag" / "answer" / "data" / "suspicion.json"
RESULT = FOLDER.parent / "results" / "suspicion.json"
RIDGE, SHARE, LEAST = 0.03, 0.7, 2  # penalty; weight of the runs beside the embedding; how often a run must occur
FALSE_ALARMS, MISSED = 0.01, 0.005  # of held-out questions, at the thresholds
_FOLDS = 8
_STEPS = 30


def written() -> tuple[list[str], np.ndarray]:
    """Read all written questions in a fixed order, and which of them are emergencies."""
    rows = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [r["question"] for r in rows], np.array([r["red_flag"] for r in rows])


def table(questions: list[str]) -> tuple[np.ndarray, list[str]]:
    """Write questions as rows: embedding, then one column for each run that occurs in LEAST of them; name these."""
    found = [suspicion.runs(q) for q in questions]
    counts = Counter(run for runs in found for run in runs)
    names = sorted(run for run, n in counts.items() if n >= LEAST)
    place = {run: i for i, run in enumerate(names)}
    spelled = np.zeros((len(questions), len(names)), np.float64)
    for i, runs in enumerate(found):
        spelled[i, [place[run] for run in runs if run in place]] = SHARE / suspicion.known(runs, place)
    return np.hstack([UseMultilingual().encode(questions).astype(np.float64), spelled]), names


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
        weights = np.linalg.solve(products + RIDGE * np.diag(1 / curve), target)
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
    columns = weights @ rows
    learned = {
        "embedding": [round(float(w), 4) for w in columns[:-len(names)]],
        "runs": {run: round(float(w) * SHARE, 4) for run, w in zip(names, columns[-len(names) :], strict=True)},
        "bias": round(float(weights.sum()), 4), "alarm": round(alarm, 3), "doubt": round(doubt, 3),
    }
    ARTEFACT.write_text(json.dumps(learned, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    figures: dict[str, Any] = {
        "command": "python -m eval.safety.learn", "emergencies": int(labels.sum()), "others": int((~labels).sum()),
        "held_out_recall": round(float((scores[labels] > alarm).mean()), 4),
        "held_out_false_alarms": round(float((scores[~labels] > alarm).mean()), 4),
        "alarm": learned["alarm"], "doubt": learned["doubt"], "runs": len(names),
    }
    RESULT.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
