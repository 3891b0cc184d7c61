"""What every reader returns, whatever the file's format."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.types import Block, LeftOut, Metadata

# Part of every cache key: raise it whenever the same bytes would be read differently.
PIPELINE_VERSION = "30"
MENU = "菜单与页面附属内容"  # why what stands around a web page's article is left out


# A heading that opens the reference list, in documents whose headings are known.
REFERENCE_HEADING = re.compile(r"^\s*[【\[]?(?:\d+[.、]?\s*|[一二三四五六七八九十]+、)?(?:主要)?参考(?:文献|资料)\s*[】\]]?[:：]?\s*$|^References?$", re.I)


def _ignore(done: int, total: int) -> None:
    """Take note of nothing."""


page_done = _ignore
"""Called by readers after each page with (pages done, pages in all); a worker process replaces it to report home."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's blocks in reading order, before they are cut into passages.

    `page_texts` holds each page's raw text (index 0 is page 1); a format without pages has one entry, its whole text.
    """

    metadata: Metadata
    blocks: tuple[Block, ...]
    page_texts: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
