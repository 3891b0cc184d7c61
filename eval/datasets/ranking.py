"""Two public sets as ranking tasks: a question finds its own text among thousands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from eval.datasets.questions import test_data

QUERIES = 1500
SHORTEST = 60  # characters of an explanation


class Task(NamedTuple):
    """Questions, documents, and of each question the number of its document."""

    queries: list[str]
    documents: list[str]
    gold: list[int]


def cmexam(folder: Path | None = None) -> Task:
    """Read CMExam's validation part (Liu et al. 2023): exam questions seek their own among all explanations that are long enough."""
    path = (folder or test_data() / "bench") / "cmexam_val.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    explained = [row for row in rows if len(row["Explanation"] or "") >= SHORTEST]
    queries = [row["Question"] for row in explained[:QUERIES]]
    return Task(queries, [row["Explanation"] for row in explained], list(range(len(queries))))


def cmedqa2(folder: Path | None = None) -> Task:
    """Read cMedQA2's test part (Zhang et al. 2018): patients' questions seek their own among the distinct answers."""
    path = (folder or test_data() / "bench") / "cmedqa2_test.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    numbers = {text: n for n, text in enumerate(dict.fromkeys(row["output"] for row in rows))}
    asked = rows[:QUERIES]
    return Task([row["input"] for row in asked], list(numbers), [numbers[row["output"]] for row in asked])
