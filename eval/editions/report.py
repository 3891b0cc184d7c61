"""Where measurements go: one JSON file each, with the command that made it."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import typer

from eval.datasets.questions import ROOT

RESULTS = ROOT / "eval" / "results"


def save(name: str, figures: dict[str, Any], out: Path | None = None) -> None:
    """Print the figures and write them to eval/results/editions-<name>.json."""
    command = f"python -m eval.editions {name}"
    data = {"command": command, "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"} | figures
    text = json.dumps(data, ensure_ascii=False, indent=1)
    typer.echo(text)
    (out or RESULTS / f"editions-{name}.json").write_text(text + "\n", encoding="utf-8")
