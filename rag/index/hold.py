"""How a reader keeps its snapshot from being collected: a shared lock on it, freed by the system when the reader ends."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: files that are open there cannot be renamed or deleted anyway
    fcntl = None  # type: ignore[assignment]


def hold(path: Path) -> BinaryIO:
    """Open a file and share a lock on it until it is closed; file systems without locks only open it."""
    file = path.open("rb")
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:  # read-only media and some network shares: no writer collects there
            return file
    return file


def held(folder: Path) -> bool:
    """Tell whether a reader holds a snapshot."""
    if fcntl is None:
        return False
    try:
        with (folder / "manifest.json").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
