"""How markdown becomes a reading: by way of its HTML, named by its front matter where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.ingest.base import Reading
from rag.ingest.front_matter import split_front_matter, stated
from rag.ingest.html import reading_of
from rag.ingest.plain import decoded

# Converters write tables, breaks and raised figures into markdown as HTML; anything else between < and > is text.
_TAG = re.compile(
    r"<(?:!--|/?(?:table|caption|colgroup|col|thead|tbody|tfoot|tr|td|th|br|hr|sub|sup|p|div|center|span|font|b|i|u|strong|em|ul|ol|li|"
    r"h[1-6]|img|a|blockquote|pre|code|details|summary)\b)", re.I,
)


def read_markdown(path: Path) -> Reading:
    """Read a markdown file. Raises ReadError when it is no text, or empty."""
    return reading_of_markdown(decoded(path), path)


def reading_of_markdown(text: str, path: Path) -> Reading:
    """Read markdown; `path` names the file in errors and stands in for a missing title."""
    fields, body = split_front_matter(text)
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = markdown.parse(body)
    for inline in (part for token in tokens for part in token.children or ()):
        if inline.type == "html_inline" and not _TAG.match(inline.content):  # <ULN>
            inline.type = "text"
    for token in tokens:
        _end_bold_lines(token.children or ())
    reading = reading_of(markdown.renderer.render(tokens, markdown.options, {}), path)
    return replace(reading, metadata=stated(fields, reading.metadata)) if fields else reading


def _end_bold_lines(inline: Sequence[Token]) -> None:
    """Let a line that is bold as a whole end there, though the next follows it without a gap: it is a heading."""
    line: list[str] = []
    for part in inline:
        if part.type == "softbreak":
            if line[:1] == ["strong_open"] and line[-1] == "strong_close" and line.count("strong_open") == 1:
                part.type = "hardbreak"
            line = []
        elif part.type != "text" or part.content:
            line.append(part.type)
