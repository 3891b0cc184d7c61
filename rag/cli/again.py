"""The command to run next, with the folders that it must be given to mean the same corpus and index."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.settings import Settings


def again(command: str, settings: Settings) -> str:
    """Write a command for a message."""
    if settings.default_index:
        return command
    return f"{command} {shlex.join(['--corpus', str(settings.corpus), '--index', str(settings.index)])}"
