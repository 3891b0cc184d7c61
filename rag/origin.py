"""Which corpus an index was built from, so that it is brought in step with that one and no other.

The name stands beside the snapshots, not in them: they are the same wherever the corpus lies.
"""

from __future__ import annotations

import os
from pathlib import Path

_NAME = "CORPUS"


def remember(index: Path, corpus: Path) -> None:
    """Write down the corpus of an index."""
    from rag.files import write_whole  # not needed by the many commands that only ask

    write_whole(index / _NAME, lambda path: path.write_bytes(os.fsencode(corpus.resolve())))  # a name need not be UTF-8


def built_from(index: Path) -> Path | None:
    """Return the corpus that an index was built from; None where that is not known or it is gone."""
    try:
        corpus = Path(os.fsdecode((index / _NAME).read_bytes()))
        return corpus if corpus.is_dir() else None
    except (OSError, ValueError):
        return None
