"""The one page of all fact-check records, assembled from the short files that the digests' writers keep."""

from __future__ import annotations

import re
from pathlib import Path

HEAD = """\
# 核对记录

本文件由 `make corpus` 从 `corpus/factcheck/` 合成，请改那里的文件。每篇写明：看过哪些来源的原文、哪些只看到转述、
哪些拿不准而没有写。来源网址是核对时看到的公开网址。
"""


def assemble(folder: Path) -> str:
    """Join the records of a folder, by name, each under its own second-level heading."""
    parts = [HEAD]
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8").strip()
        parts.append(re.sub(r"^(#+) ", r"#\1 ", text, flags=re.MULTILINE) + "\n")
    return "\n".join(parts)
