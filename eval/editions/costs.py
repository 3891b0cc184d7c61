"""What do updates cost, and is a rebuild the same? Times of full builds and of one replaced guideline; hashes of snapshots."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from eval.editions import generated
from rag import KnowledgeBase

_BUILD = "import sys; from rag import KnowledgeBase; print(KnowledgeBase.build(sys.argv[1], sys.argv[2], ocr=False).snapshot.name)"


def update(guidelines: int, pages: int, work: Path) -> dict[str, Any]:
    """Time a full build, one from the cache, and one after replacing a single guideline."""
    corpus, index = work / "corpus", work / "index"
    generated.write(corpus, guidelines, pages)
    full = _timed(corpus, index)
    (index / "CURRENT").unlink()
    cached = _timed(corpus, index)
    generated.revise(corpus, guidelines // 2, pages, 1)
    replaced = _timed(corpus, index)
    base = KnowledgeBase.open(index)
    return {
        "guidelines": guidelines, "pages_each": pages, "format": "generated text files", "passages": len(base.snapshot),
        "windows": base.snapshot.manifest["windows"], "full_build_s": round(full, 2), "from_cache_s": round(cached, 2),
        "guidelines_per_s_from_cache": round(guidelines / cached, 1), "replace_one_s": round(replaced, 2),
        "replace_one_share": round(replaced / full, 4),
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


def _timed(corpus: Path, index: Path) -> float:
    started = time.perf_counter()
    KnowledgeBase.build(corpus, index, ocr=False)
    return time.perf_counter() - started
