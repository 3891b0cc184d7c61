"""A snapshot over passages that come from no file, written and opened as any other."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.embed import Embedder
from rag.index import dense
from rag.index.assemble import assemble
from rag.index.manifest import expected_manifest
from rag.index.snapshot import Snapshot, open_current, publish, writing
from rag.index.windows import features
from rag.types import Edition, Passage

_COSTS = "costs.json"


def make(index: Path, passages: Sequence[Passage], embedder: Embedder) -> Snapshot:
    """Publish the passages as one edition without a title, and note what that took; one published before is opened."""
    if (index / _COSTS).is_file():
        return open_current(index, expected_manifest(embedder.id))
    edition = Edition("made", "", "", 0, "", "made", "")
    started = time.perf_counter(), time.process_time()
    part = features(passages, edition, embedder)
    read = time.perf_counter(), time.process_time()
    with writing(index) as folder:
        snapshot = Snapshot(publish(index, folder, assemble(folder, [edition], [part], embedder)))
    done = time.perf_counter(), time.process_time()
    took = {
        "embed_and_tokenise_s": _span(started, read), "assemble_s": _span(read, done),
        "index": dense.choose_kind(len(part.owners)), "windows": len(part.owners),
    }
    (index / _COSTS).write_text(json.dumps(took), encoding="utf-8")
    return snapshot


def costs(index: Path) -> dict[str, Any]:
    """Return what making the snapshot took: seconds by the clock and of computing, kind of vector index, windows."""
    return json.loads((index / _COSTS).read_text(encoding="utf-8"))


def _span(since: tuple[float, float], until: tuple[float, float]) -> dict[str, float]:
    return {"clock": round(until[0] - since[0], 1), "computing": round(until[1] - since[1], 1)}
