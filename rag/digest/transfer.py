"""One request for a document: what may be resumed, what must be refused, what is worth another attempt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rag.digest.catalogue import Source
from rag.errors import CorpusError

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 200 << 20
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "zhinan (clinical guideline knowledge base)"}


class FetchError(CorpusError):
    """A document could not be downloaded, or what came is not the document."""


class TryAgain(Exception):
    """A failure that another attempt may get over."""


def transfer(client: httpx.Client, source: Source, part: Path) -> str:
    """Make one request, going on from what `part` has where the server can tell that it is the same file."""
    validator = _read_validator(part)
    have = part.stat().st_size if part.is_file() and validator else 0
    resume = {"Range": f"bytes={have}-", "If-Range": validator} if have else {}
    with client.stream("GET", source.url, headers=_HEADERS | resume) as reply:
        _check_reply(reply, source, part)
        resumed = reply.status_code == 206 and _range_start(reply) == have
        if reply.status_code == 206 and not resumed:
            discard(part)
            raise TryAgain("服务器续传的位置不对")
        _validator_file(part).write_text(_strong_validator(reply), encoding="utf-8")
        size = have if resumed else 0
        with part.open("ab" if resumed else "wb") as out:
            for chunk in reply.iter_raw():
                size += len(chunk)
                if size > MAX_BYTES:
                    raise FetchError(f"{source.id}：文件超过 {MAX_BYTES >> 20} MB，已停止。")
                out.write(chunk)
        total = _total(reply)
        if total is not None and size != total:
            raise TryAgain(f"收到 {size} 字节，服务器说有 {total} 字节")
        return str(reply.url)


def _check_reply(reply: httpx.Response, source: Source, part: Path) -> None:
    """Raise for a reply that does not carry the document."""
    code = reply.status_code
    if code == 416:
        discard(part)
        raise TryAgain("已下载的部分比文件长")
    if code in _AGAIN:
        raise TryAgain(f"服务器返回 {code}")
    if code not in (200, 206):
        raise FetchError(f"{source.id}：{source.url} 返回 {code}。{elsewhere(source)}")
    if source.url.startswith("https:") and reply.url.scheme != "https":
        raise FetchError(f"{source.id}：{source.url} 被转到不加密的 {reply.url}，已拒绝。{elsewhere(source)}")
    if reply.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError(f"{source.id}：服务器坚持压缩传输，无法核对大小，已停止。{elsewhere(source)}")


def elsewhere(source: Source) -> str:
    """Remind of the citation by which the document can be obtained otherwise."""
    return f"也可按出处自行取得：{source.citation}" if source.citation else ""


def _range_start(reply: httpx.Response) -> int:
    match = re.match(r"bytes (\d+)-", reply.headers.get("Content-Range", ""))
    return int(match[1]) if match else -1


def _total(reply: httpx.Response) -> int | None:
    """Return the whole file's size as the server states it."""
    match = re.search(r"/(\d+)$", reply.headers.get("Content-Range", ""))
    if reply.status_code == 206:
        return int(match[1]) if match else None
    length = reply.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _strong_validator(reply: httpx.Response) -> str:
    """Return what If-Range can name the file's version by; nothing means that it is not resumed."""
    tag = reply.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else reply.headers.get("Last-Modified", "")


def _validator_file(part: Path) -> Path:
    return part.with_suffix(".version")


def _read_validator(part: Path) -> str:
    path = _validator_file(part)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def discard(part: Path) -> None:
    """Remove a partial file and what is known of it."""
    part.unlink(missing_ok=True)
    _validator_file(part).unlink(missing_ok=True)
