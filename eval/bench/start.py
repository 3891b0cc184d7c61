"""How long a whole command takes, as a user waits for it: a fresh process over a warm disk."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

RUNS = 15


def measure(index: Path) -> dict[str, dict[str, float]]:
    """Time `--help` and an extractive `ask`; return milliseconds of RUNS runs, by the clock and of computing."""
    script = str(Path(sys.executable).with_name("zhinan"))
    commands = {
        "zhinan --help": [script, "--help"],
        "zhinan ask": [script, "ask", "高血压患者血压控制目标是多少？", "--index", str(index)],
    }
    return {name: _timed(command) for name, command in commands.items()}


def _timed(command: list[str]) -> dict[str, float]:
    subprocess.run(command, capture_output=True, check=True)
    clock, computing = [], []
    for _ in range(RUNS):
        started, used = time.perf_counter(), _used()
        subprocess.run(command, capture_output=True, check=True)
        clock.append((time.perf_counter() - started) * 1000)
        computing.append((_used() - used) * 1000)
    return {"min": round(min(clock)), "median": round(median(clock)), "max": round(max(clock)), "computing_median": round(median(computing))}


def _used() -> float:
    """Return the seconds that finished child processes have computed."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
