"""Does the index survive a writer that is killed at any moment? Each time the answers must be the old or the new ones."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from eval.editions import generated
from rag import KnowledgeBase

GUIDELINES = 6
PAGES = 2
_ZHINAN = (sys.executable, "-c", "from rag.cli import main; main()")

Answers = dict[str, tuple[str, ...]]


def measure(kills: int, work: Path, seed: int = 7) -> dict[str, Any]:
    """Kill builds and updates `kills` times at random moments; return what was found after each."""
    chance = random.Random(seed)
    corpus, index = work / "corpus", work / "index"
    generated.write(corpus, GUIDELINES, PAGES)
    duration = _timed(corpus, index)
    states = {_snapshot(index): answers(index)}
    seen: Counter[str] = Counter()
    most_files = 0
    for n in range(1, kills + 1):
        generated.revise(corpus, n % GUIDELINES, PAGES, n)
        if n % 4 == 0:  # every fourth time from nothing, so that reading and embedding are hit as well
            shutil.rmtree(index / "cache", ignore_errors=True)
        before = _snapshot(index)
        finished = _killed(corpus, index, chance.uniform(0.02, 1.3) * duration)
        after = _snapshot(index)
        found = answers(index)
        if after == before:
            seen["old" if found == states[before] else "wrong"] += 1
        else:
            states[after] = found
            seen["new" if after == _rebuilt(corpus, work) else "wrong"] += 1
        seen["finished"] += finished
        most_files = max(most_files, files(index))
    _run(corpus, index)
    final, fresh = files(index), files(_fresh(corpus, work))
    return {
        "kills": kills, "uninterrupted_s": round(duration, 2), "killed_while_running": kills - seen["finished"],
        "old_state": seen["old"], "new_state": seen["new"], "wrong": seen["wrong"], "most_files_ever": most_files,
        "files_at_the_end": final, "files_of_a_fresh_index": fresh,
        "unfinished_left": len(list(index.rglob(".tmp-*"))) + len(list((index / "cache").glob("tmp/*"))),
    }


def answers(index: Path) -> Answers:
    """Ask every guideline's question."""
    base = KnowledgeBase.open(index)
    return {
        q: tuple(s.text for s in base.ask(q).statements) + tuple(h.passage.text for h in base.search(q, 5))
        for q in map(generated.question, range(GUIDELINES))
    }


def files(index: Path) -> int:
    """Count everything below an index."""
    return sum(1 for p in index.rglob("*") if p.is_file())


def _snapshot(index: Path) -> str:
    return KnowledgeBase.open(index).snapshot.id


def _timed(corpus: Path, index: Path) -> float:
    """Build, and return the seconds that an update of one guideline takes."""
    _run(corpus, index)
    started = time.monotonic()
    generated.revise(corpus, 0, PAGES, 1)
    _run(corpus, index)
    return time.monotonic() - started


def _run(corpus: Path, index: Path) -> None:
    subprocess.run(_command(corpus, index), check=True, capture_output=True)


def _killed(corpus: Path, index: Path, after: float) -> bool:
    """Start an update and kill it after so many seconds; tell whether it had finished by then."""
    process = subprocess.Popen(_command(corpus, index), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
        return True
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)  # the parent alone: its workers must notice and end by themselves
        process.wait()
        return False


def _command(corpus: Path, index: Path) -> list[str]:
    return [*_ZHINAN, "index", "update", "--corpus", str(corpus), "--index", str(index), "--no-ocr", "-q"]


def _rebuilt(corpus: Path, work: Path) -> str:
    """Name the snapshot that an index from nothing has for the corpus as it is."""
    return _snapshot(_fresh(corpus, work))


def _fresh(corpus: Path, work: Path) -> Path:
    """Build the corpus as it is once more in another place, uninterrupted."""
    index = work / "fresh"
    shutil.rmtree(index / "snapshots", ignore_errors=True)
    (index / "CURRENT").unlink(missing_ok=True)
    KnowledgeBase.build(corpus, index, ocr=False)
    return index
