"""Download official documents: resumed, verified, recorded, and never over another edition."""

from __future__ import annotations

import datetime
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rag.digest.catalogue import Source, where_to_get
from rag.digest.document_type import problem_of
from rag.digest.transfer import FetchError, TryAgain, discard, elsewhere, transfer
from rag.errors import CorpusError, NetworkForbiddenError
from rag.files import file_hash, sync, write_whole

log = logging.getLogger(__name__)
RECORD = "downloads.json"


@dataclass(frozen=True, slots=True)
class Download:
    """One version of a document on disk."""

    id: str
    file: str
    sha256: str
    size: int
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloads into one folder. `wait` is the pause in seconds before the second attempt; it doubles each time."""

    folder: Path
    offline: bool = False
    attempts: int = 4
    wait: float = 1.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def fetch(self, source: Source) -> tuple[Download, Literal["new", "same"]]:
        """Download one document; tell whether it is new or the same as a version that is there already.

        Raises NetworkForbiddenError when offline, FetchError when there is no direct address or the download fails.
        """
        if not source.direct:
            raise FetchError(where_to_get(source))
        if self.offline:
            raise NetworkForbiddenError(f"--offline 禁止联网，没有下载 {source.id}。去掉 --offline（或 ZHINAN_OFFLINE）后重试。")
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{source.id}.part"
        final_url = self._download(source, part)
        if problem := problem_of(part, source):
            discard(part)
            raise FetchError(f"{source.id}：{source.url} 给出的不是所要的文件：{problem}。没有保存。{elsewhere(source)}")
        return self._keep(source, part, final_url)

    def _download(self, source: Source, part: Path) -> str:
        """Bring the whole file to `part` and return the address that it came from in the end."""
        import httpx

        why = ""
        with httpx.Client(follow_redirects=True, max_redirects=5, timeout=self.timeout, trust_env=True) as client:
            for attempt in range(self.attempts):
                if attempt:
                    self.sleep(self.wait * 2 ** (attempt - 1))
                try:
                    return transfer(client, source, part)
                except (httpx.TransportError, TryAgain) as error:
                    why = str(error) or type(error).__name__
                    log.info("%s 第 %d 次下载中断：%s", source.id, attempt + 1, why)
                except (httpx.TooManyRedirects, httpx.InvalidURL) as error:
                    raise FetchError(f"{source.id}：{source.url} 的重定向不对（{error}）。{elsewhere(source)}") from error
        raise FetchError(f"{source.id}：试了 {self.attempts} 次都没有下载完（{why}）。已下载的部分留着，请稍后重试。{elsewhere(source)}")

    def _keep(self, source: Source, part: Path, url: str) -> tuple[Download, Literal["new", "same"]]:
        """Give the finished file its name, unless the same bytes are there already."""
        digest = file_hash(part)
        record = self.folder / RECORD
        versions = _read_record(record)
        for known in versions:
            if known.id == source.id and known.sha256 == digest and (self.folder / known.file).is_file():
                discard(part)
                return known, "same"
        today = datetime.date.today().isoformat()
        target = self.folder / f"{source.id}.{today}.{source.kind}"
        if target.exists():
            target = self.folder / f"{source.id}.{today}.{digest[:8]}.{source.kind}"
        done = Download(source.id, target.name, digest, part.stat().st_size, today, url)
        sync(part)
        os.replace(part, target)
        discard(part)
        rows = [asdict(v) for v in (*versions, done)]
        write_whole(record, lambda p: p.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"))
        return done, "new"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document; `download` is None where it failed, and `message` then says why."""

    id: str
    state: Literal["new", "same", "failed"]
    message: str
    download: Download | None = None


def fetch_all(fetcher: Fetcher, sources: Sequence[Source]) -> Iterator[Outcome]:
    """Fetch several documents, one after the other; one failure does not stop the rest, `--offline` does."""
    for source in sources:
        try:
            done, state = fetcher.fetch(source)
        except FetchError as error:
            yield Outcome(source.id, "failed", str(error))
            continue
        word = "已下载" if state == "new" else "没有变化"
        where = f"{fetcher.folder / done.file}（{done.size} 字节，SHA-256 {done.sha256[:16]}…）"
        yield Outcome(source.id, state, f"{word} {source.id}《{source.title}》 {where}", done)


def _read_record(path: Path) -> list[Download]:
    if not path.is_file():
        return []
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return [Download(**row) for row in rows]
    except (ValueError, TypeError) as error:
        raise CorpusError(f"下载记录 {path} 已损坏（{error}）。请移走它后重试，已下载的文件不受影响。") from error
