"""Writing a snapshot's files from the parts of its editions: the same parts give the same bytes."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rag.codec import edition_to_json
from rag.embed import Embedder
from rag.index import dense
from rag.index.cache import Features
from rag.index.lexical import LexicalIndex, TermCounts
from rag.index.lines import DIGEST, line_digests
from rag.index.manifest import expected_manifest
from rag.ingest.base import PIPELINE_VERSION
from rag.types import Edition

_NOTHING = np.zeros(0, np.uint8)


def assemble(folder: Path, editions: Sequence[Edition], features: Iterable[Features], embedder: Embedder) -> dict[str, Any]:
    """Write all files but the manifest, and return the manifest without its record of the corpus.

    The vectors and the passages, by far the largest, are passed on as they come.
    """
    parts: list[Features] = []
    digests: list[bytes] = []
    with (folder / "passages.jsonl").open("wb") as file:

        def vectors() -> Iterator[np.ndarray]:
            for part in features:
                lines = part.lines.tobytes()
                file.write(lines)
                digests.extend(line_digests(lines, part.lengths))
                parts.append(replace(part, vectors=_NOTHING, lines=_NOTHING))
                yield part.vectors

        index = dense.build(vectors())
    dense.save(index, folder / "dense.faiss")
    counts = [len(p.lengths) for p in parts]
    shifts = np.cumsum([0, *counts])
    arrays = {
        "passage_editions": np.repeat(np.arange(len(parts), dtype=np.int32), counts),
        "passage_aspects": np.concatenate([p.aspects for p in parts]),
        "passage_offsets": np.cumsum(np.concatenate([[0], *(p.lengths for p in parts)]), dtype=np.int64),
        "passage_digests": np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST),
        "window_passages": np.concatenate([p.owners + s for p, s in zip(parts, shifts, strict=False)]).astype(np.int32),
        "window_sentences": np.concatenate([p.sentences for p in parts]).astype(np.int32),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    LexicalIndex.build(TermCounts.joined([p.terms for p in parts])).save(folder / "lexical")
    rows = [edition_to_json(e) for e in editions]
    (folder / "editions.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return expected_manifest(embedder.id) | {
        "pipeline": PIPELINE_VERSION,
        "dimension": index.d,
        "dense": dense.choose_kind(index.ntotal),
        "passages": int(shifts[-1]),
        "windows": index.ntotal,
        "made_with": made_with(),
    }


def made_with() -> dict[str, str]:
    """Name what else decides a snapshot's bytes: where two machines agree on this, they agree on the snapshot."""
    packages = {name: version(name) for name in ("zhinan", "numpy", "faiss-cpu", "pypdfium2")}
    return packages | {"python": platform.python_version(), "machine": platform.machine()}
