"""Who was told what and when: an optional log of questions and sources whose lines are chained by hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import ZhinanError, reason
from rag.settings import load
from rag.text.identifiers import mask
from rag.types import Answer

MAX_BYTES = 10_000_000  # of one file; a full one is put aside under a number
START = "0" * 64
_TAIL = 65_536  # bytes read for the last line; a line is far shorter


def record(answer: Answer, model: str = "") -> None:
    """Log an answer where the setting `audit` names a file; raise AuditError when it cannot be written."""
    if path := load().audit:
        AuditLog(Path(path).expanduser()).record(answer, model)


class AuditError(ZhinanError):
    """The log cannot be written, or does not continue itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a log found: how many lines follow from each other, the last hash, and what is wrong, if anything."""

    lines: int
    last: str
    problem: str = ""


class AuditLog:
    """Lines of JSON, each with the hash of the one before; processes and threads may share one.

    Changing, inserting, reordering or removing lines shows, except removing the newest ones: for that, note the last
    hash elsewhere.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self.max_bytes = max_bytes

    def record(self, answer: Answer, model: str = "") -> None:
        """Append what was asked (without identifiers) and what it was answered from; raise AuditError when that fails."""
        self._append({
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "question": mask(answer.question).text,
            "status": answer.status,
            "mode": answer.mode,
            "model": model,
            "confidence": round(answer.confidence, 4),
            "sources": [[c.edition.guideline_id, c.passage_id, list(c.pages)] for c in answer.citations],
            "answer": hashlib.sha256(answer.text.encode()).hexdigest(),
            "warnings": [w.code for w in answer.warnings],
        })

    def files(self) -> list[Path]:
        """List the log's files, oldest first."""
        aside = sorted(self.path.parent.glob(f"{self.path.stem}-[0-9]*{self.path.suffix}"))
        return [*aside, *([self.path] if self.path.is_file() else [])]

    def verify(self) -> Verdict:
        """Follow the chain through all files; the problem names the first line that does not fit."""
        previous, count = START, 0
        for file, number, line in self._lines():
            where = f"{file.name} 第{number}行"
            try:
                entry = json.loads(line)
                stated, given = entry.pop("hash"), entry["previous"]
            except (ValueError, KeyError, TypeError, AttributeError):
                return Verdict(count, previous, f"{where}不是完整的记录。")
            if given != previous:
                return Verdict(count, previous, f"{where}接不上前一行：中间有记录被删去、插入或调换。")
            if stated != _hash(entry):
                return Verdict(count, previous, f"{where}的内容被改动过。")
            previous, count = stated, count + 1
        return Verdict(count, previous)

    def _lines(self) -> Iterator[tuple[Path, int, str]]:
        for file in self.files():
            with file.open(encoding="utf-8", errors="replace") as lines:
                yield from ((file, number, line) for number, line in enumerate(lines, start=1))

    def _append(self, entry: dict[str, Any]) -> None:
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=10):
                previous = self._last()
                self._put_aside_when_full()
                entry = {"previous": previous, **entry}
                line = json.dumps(entry | {"hash": _hash(entry)}, ensure_ascii=False)
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
                    file.flush()
                    os.fsync(file.fileno())
        except (OSError, Timeout) as error:  # filelock's time-out is an OSError without a number
            why = "另一个进程一直占着它" if isinstance(error, Timeout) else reason(error)
            raise AuditError(f"审计日志 {self.path} 写不进：{why}。请检查路径和权限，或去掉设置 ZHINAN_AUDIT。") from error

    def _last(self) -> str:
        newest = next((f for f in reversed(self.files()) if f.stat().st_size), None)
        if newest is None:
            return START
        with newest.open("rb") as file:
            file.seek(max(0, newest.stat().st_size - _TAIL))
            lines = file.read().splitlines()
        try:
            return str(json.loads(lines[-1])["hash"])
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise AuditError(
                f"审计日志 {newest} 的最后一行不完整，不能接着写。请运行 zhinan audit verify 查看，把损坏的文件移开后重试。"
            ) from error

    def _put_aside_when_full(self) -> None:
        if self.path.is_file() and self.path.stat().st_size >= self.max_bytes:
            aside = [int(f.stem.rpartition("-")[2]) for f in self.files()[:-1]]
            number = max(aside, default=0) + 1
            self.path.rename(self.path.with_name(f"{self.path.stem}-{number:06d}{self.path.suffix}"))


def _hash(entry: dict[str, Any]) -> str:
    written = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
