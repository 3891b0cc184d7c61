"""Writing a snapshot's files from the parts of its editions: the same parts give the same bytes."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rag.codec import edition_to_json
from rag.embed import Embedder
from rag.index import dense
from rag.index.cache import Features
from rag.index.lexical import LexicalIndex, TermCounts
from rag.index.manifest import expected_manifest
from rag.ingest.base import PIPELINE_VERSION
from rag.types import Edition


def assemble(folder: Path, editions: Sequence[Edition], parts: Sequence[Features], embedder: Embedder) -> dict[str, Any]:
    """Write all files but the manifest, and return the manifest without its record of the corpus."""
    counts = [len(p.lengths) for p in parts]
    shifts = np.cumsum([0, *counts])
    vectors = np.concatenate([p.vectors for p in parts])
    arrays = {
        "passage_editions": np.repeat(np.arange(len(parts), dtype=np.int32), counts),
        "passage_aspects": np.concatenate([p.aspects for p in parts]),
        "passage_offsets": np.cumsum(np.concatenate([[0], *(p.lengths for p in parts)]), dtype=np.int64),
        "window_passages": np.concatenate([p.owners + s for p, s in zip(parts, shifts, strict=False)]).astype(np.int32),
        "window_sentences": np.concatenate([p.sentences for p in parts]).astype(np.int32),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    with (folder / "passages.jsonl").open("wb") as file:
        for part in parts:
            file.write(part.lines.tobytes())
    LexicalIndex.build(TermCounts.joined([p.terms for p in parts])).save(folder / "lexical")
    dense.save(dense.build(vectors), folder / "dense.faiss")
    rows = [edition_to_json(e) for e in editions]
    (folder / "editions.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return expected_manifest(embedder.id) | {
        "pipeline": PIPELINE_VERSION,
        "dimension": int(vectors.shape[1]),
        "dense": dense.choose_kind(len(vectors)),
        "passages": int(shifts[-1]),
        "windows": len(vectors),
        "made_with": made_with(),
    }


def made_with() -> dict[str, str]:
    """Name what else decides a snapshot's bytes: where two machines agree on this, they agree on the snapshot."""
    packages = {name: version(name) for name in ("zhinan", "numpy", "faiss-cpu", "pypdfium2")}
    return packages | {"python": platform.python_version(), "machine": platform.machine()}
