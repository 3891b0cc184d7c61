"""Where to write what can be made again when the usual folder cannot be written to: one of the user's own among temporary files."""

from __future__ import annotations

import logging
import os
from functools import cache
from pathlib import Path

logger = logging.getLogger(__name__)


@cache
def writable(folder: Path) -> Path:
    """Return the folder where it, or what it would be made in, can be written to, else one in its place; that is told once.

    Where temporary files cannot be written either, the folder stays, and writing to it says why it fails.
    """
    nearest = next((place for place in (folder, *folder.absolute().parents) if place.exists()), None)
    if nearest is not None and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return folder
    try:
        spare = _own_folder() / folder.name
    except OSError:
        return folder
    logger.warning("目录 %s 不可写，改用临时目录 %s，系统清理后会重新生成。要长期保留，请用 ZHINAN_HOME 指定可写的目录。", folder, spare)
    return spare


def _own_folder() -> Path:
    """Make the user's folder among the temporary files; one that another user made under its name is not believed."""
    import tempfile

    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    folder = Path(tempfile.gettempdir()) / f"zhinan-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    own = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return folder if own and not folder.is_symlink() else Path(tempfile.mkdtemp(prefix="zhinan-"))
