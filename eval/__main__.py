"""`python -m eval`: run a question set, the benchmarks, or the gates."""

from __future__ import annotations

from eval.commands import app

if __name__ == "__main__":
    app()
