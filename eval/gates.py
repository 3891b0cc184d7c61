"""Floors that a change may not fall below, on the question sets that are committed with the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from eval.datasets.questions import ROOT

FLOORS = ROOT / "eval" / "gates.toml"


def failures(summary: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Compare the starter summary with the floors; return a line for each figure below its floor."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    measured = {"starter": summary["all"], "starter_refused": {"unanswerable": 1 - summary["unanswerable"]["answered"]}}
    return [
        f"{group}.{name} = {measured[group][name]:.3f}，低于下限 {floor}"
        for group, limits in floors.items()
        for name, floor in limits.items()
        if measured[group][name] < floor
    ]
