"""Floors that a change may not fall below, on the question sets that are committed with the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from eval.datasets.questions import ROOT

FLOORS = ROOT / "eval" / "gates.toml"


def failures(summaries: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """Compare each set's summary with its floors; return a line for each figure below its floor.

    `refused` is the share of the questions without an answer that were refused.
    """
    found = []
    for name, limits in tomllib.loads(FLOORS.read_text(encoding="utf-8")).items():
        measured = summaries[name]["all"] | {"refused": 1 - summaries[name]["unanswerable"]["answered"]}
        found += [f"{name}.{figure} = {measured[figure]:.3f}，低于下限 {floor}" for figure, floor in limits.items() if measured[figure] < floor]
    return found
