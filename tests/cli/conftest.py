"""Running the command line as a user does."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def zhinan(index: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a command in an empty folder, over the small index unless told otherwise."""

    def run(*args: str, stdin: str | None = "", indexed: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"ZHINAN_INDEX": str(index)} if indexed else dict(os.environ)
        env |= {"PYTHONUTF8": "1"} | environment
        return subprocess.run(
            [sys.executable, "-m", "rag.cli", *args], capture_output=True, text=True, input=stdin, cwd=tmp_path, env=env, timeout=120,
        )

    return run
