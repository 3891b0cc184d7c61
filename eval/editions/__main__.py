"""`python -m eval.editions kills|readers|rebuild|update|diff|questions|conflicts`: the measurements of editions and updates."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from eval.datasets.questions import ROOT, test_data
from eval.editions.report import save

app = typer.Typer(help="版本与更新的测量。", no_args_is_help=True, rich_markup_mode=None)
OutOption = Annotated[Path | None, typer.Option(help="结果写到这个文件，默认在 eval/results。")]


@app.command()
def kills(times: int = 200, out: OutOption = None) -> None:
    """Kill builds and updates at random moments."""
    from eval.editions.kills import measure

    with tempfile.TemporaryDirectory() as work:
        save("kills", measure(times, Path(work)), out)


@app.command()
def readers(updates: int = 20, queries: int = 1000, out: OutOption = None) -> None:
    """Update under readers."""
    from eval.editions.readers import measure

    with tempfile.TemporaryDirectory() as work:
        save("readers", measure(updates, queries, Path(work)), out)


@app.command()
def rebuild(corpus: Path = ROOT / "corpus", out: OutOption = None) -> None:
    """Build twice from nothing and compare the snapshots."""
    from eval.editions.costs import rebuild as measure

    with tempfile.TemporaryDirectory() as work:
        save("rebuild", measure(corpus, Path(work)), out)


@app.command()
def update(guidelines: int = 1000, pages: int = 10, kind: str = "txt", out: OutOption = None) -> None:
    """Time a full build, one from the cache, and the replacement of one guideline; `--kind pdf` for printed ones."""
    from eval.editions.costs import update as measure

    with tempfile.TemporaryDirectory() as work:
        save("update" if kind == "txt" else f"update-{kind}", measure(guidelines, pages, Path(work), kind), out)


@app.command()
def diff(out: OutOption = None, missed: int = 20) -> None:
    """Hold the comparison of editions against the changes written down beforehand."""
    from eval.editions.diff import measure

    save("diff", measure(test_data() / "guidelines", missed), out)


@app.command()
def questions(out: OutOption = None) -> None:
    """Ask the questions whose answer changed between editions, now and as of then."""
    from eval.editions.asked import measure

    with tempfile.TemporaryDirectory() as work:
        save("questions", measure(test_data() / "guidelines", Path(work)), out)


@app.command()
def conflicts(out: OutOption = None) -> None:
    """Ask made-up pairs of guidelines that contradict or agree, and count the warnings over all questions."""
    from eval.editions.contradictions import measure

    with tempfile.TemporaryDirectory() as work:
        save("conflicts", measure(test_data() / "guidelines", Path(work)), out)


if __name__ == "__main__":
    app()
