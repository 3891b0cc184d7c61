"""`zhinan eval`: hand over to the checkout's evaluation package."""

from __future__ import annotations

import subprocess
import sys

import typer

from rag.errors import UsageError
from rag.settings import checkout


def evaluate(context: typer.Context) -> int:
    """Run `python -m eval` of the checkout with the given arguments."""
    root = checkout()
    if root is None:
        raise UsageError("评测只随源码提供。请克隆项目后在其目录里运行：python -m eval")
    return subprocess.call([sys.executable, "-m", "eval", *context.args], cwd=root)
