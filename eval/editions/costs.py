"""What do updates cost, and is a rebuild the same? Times of full builds and of one replaced guideline; hashes of snapshots."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from eval.editions import generated
from rag import KnowledgeBase

_BUILD = "import sys; from rag import KnowledgeBase; print(KnowledgeBase.build(sys.argv[1], sys.argv[2], ocr=False).snapshot.name)"


def update(guidelines: int, pages: int, work: Path, kind: str = "txt") -> dict[str, Any]:
    """Time a full build, one from the cache, and one after replacing a single guideline: by the clock and in computing time."""
    corpus, index = work / "corpus", work / "index"
    generated.write(corpus, guidelines, pages, kind=kind)
    full = _timed(corpus, index)
    (index / "CURRENT").unlink()
    cached = _timed(corpus, index)
    generated.revise(corpus, guidelines // 2, pages, 1, kind=kind)
    replaced = _timed(corpus, index)
    base = KnowledgeBase.open(index)
    return {
        "guidelines": guidelines, "pages_each": pages, "format": f"generated {kind} files", "passages": len(base.snapshot),
        "windows": base.snapshot.manifest["windows"],
        "full_build_s": full.clock, "from_cache_s": cached.clock, "replace_one_s": replaced.clock,
        "guidelines_per_s_from_cache": round(guidelines / cached.clock, 1), "replace_one_share": round(replaced.clock / full.clock, 4),
        "computing_s": {"full_build": full.computing, "from_cache": cached.computing, "replace_one": replaced.computing},
        "replace_one_share_of_computing": round(replaced.computing / full.computing, 4),
    }


def rebuild(corpus: Path, work: Path) -> dict[str, Any]:
    """Build a corpus twice from nothing, in processes of different hash seeds, and compare every file."""
    names, manifests = [], []
    for seed in ("1", "2"):
        index = work / f"index-{seed}"
        ran = subprocess.run(
            [sys.executable, "-c", f"if __name__ == '__main__':\n {_BUILD}", str(corpus), str(index)],
            env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True,
        )
        names.append(ran.stdout.split()[-1])
        manifests.append(json.loads((index / "snapshots" / names[-1] / "manifest.json").read_bytes()))
    a, b = (m["files"] for m in manifests)
    return {
        "corpus": corpus.name, "snapshots": names, "identical": names[0] == names[1], "made_with": manifests[0]["made_with"],
        "files_that_differ": sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name)),
    }


class Cost(NamedTuple):
    """Seconds by the clock, and those that this process and its workers computed."""

    clock: float
    computing: float


def _timed(corpus: Path, index: Path) -> Cost:
    started, before = time.perf_counter(), _computed()
    KnowledgeBase.build(corpus, index, ocr=False)
    return Cost(round(time.perf_counter() - started, 2), round(_computed() - before, 2))


def _computed() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)
