"""What every writer to disk needs: hash a file, write it whole or not at all, make it last."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

UNFINISHED = ".tmp-"


def file_hash(path: Path) -> str:
    """Hash a file's bytes (SHA-256, hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file or folder to disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle on folders to sync
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = fresh_name(path.parent)
    try:
        temporary.touch(exist_ok=False)  # with the rights that the user gives new files, so that others may read it
        write(temporary)
        sync(temporary)
        os.replace(temporary, path)
        sync(path.parent)
    except OSError as error:
        if error.filename and Path(error.filename) == temporary:  # a name that nobody knows
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(parent: Path) -> Path:
    """Create a folder under a new temporary name, with the rights that the user gives new folders."""
    folder = fresh_name(parent)
    folder.mkdir()
    return folder


def sweep(folder: Path) -> None:
    """Delete the temporary files and folders that killed writers left; for one who holds the folder's lock."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def fresh_name(parent: Path) -> Path:
    """Return a temporary name that nobody uses."""
    return parent / f"{UNFINISHED}{secrets.token_hex(8)}"
