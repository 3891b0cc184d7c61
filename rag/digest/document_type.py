"""Whether a downloaded file is the document asked for: its type by its bytes, its completeness, its title."""

from __future__ import annotations

import re
from pathlib import Path

from rag.digest.catalogue import Source
from rag.text.normalise import squeeze

_LEAST = {"pdf": 1024, "html": 1024}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_MARKS = re.compile(r"[^\u4e00-\u9fff]+")


def problem_of(path: Path, source: Source) -> str:
    """Say why a file cannot be the document, or return an empty string."""
    data = path.read_bytes()
    if len(data) < _LEAST[source.kind or "html"]:
        return f"只有 {len(data)} 字节"
    return _pdf_problem(data) if source.kind == "pdf" else _html_problem(data, source.title)


def _pdf_problem(data: bytes) -> str:
    if b"%PDF-" not in data[:1024]:
        return "开头不是 PDF" + ("，而是网页（可能是出错或登录页）" if _looks_like_html(data) else "")
    return "" if b"%%EOF" in data[-2048:] else "PDF 不完整，没有结尾"


def _html_problem(data: bytes, title: str) -> str:
    """Say why a page is not the document; one without most of the title's words is an error or login page."""
    if not _looks_like_html(data):
        return "开头不是网页"
    text = squeeze(_decode(data))
    words = [w for w in _MARKS.split(squeeze(title)) if len(w) >= 2]
    grams = {w[i : i + 2] for w in words for i in range(len(w) - 1)}
    found = sum(g in text for g in grams)
    if grams and found < 0.8 * len(grams):
        return f"网页里没有题名“{title}”，可能是出错或登录页"
    return "" if "</html" in data[-65536:].decode("latin-1").lower() else "网页不完整，没有结尾"


def _looks_like_html(data: bytes) -> bool:
    start = data[:4096].lower()
    return b"<html" in start or b"<!doctype html" in start


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    name = "gb18030" if name in {"gb2312", "gbk"} else name
    try:
        return data.decode(name, errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")
