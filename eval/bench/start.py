"""How long a whole command takes, as a user waits for it: a fresh process over a warm disk."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

RUNS = 15


def measure(index: Path) -> dict[str, dict[str, float]]:
    """Time `--help` and an extractive `ask`; return milliseconds, minimum, median and maximum of RUNS runs."""
    script = str(Path(sys.executable).with_name("zhinan"))
    commands = {
        "zhinan --help": [script, "--help"],
        "zhinan ask": [script, "ask", "高血压患者血压控制目标是多少？", "--index", str(index)],
    }
    return {name: _timed(command) for name, command in commands.items()}


def _timed(command: list[str]) -> dict[str, float]:
    subprocess.run(command, capture_output=True, check=True)
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append((time.perf_counter() - started) * 1000)
    return {"min": round(min(times)), "median": round(median(times)), "max": round(max(times))}
