"""What a digest source (`corpus/text/<id>.md`) says: its front matter, blocks, tables and references, with line numbers."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rag.errors import CorpusError

REFERENCES = "参考文献"
FIELDS: dict[str, type] = {
    "id": str, "title": str, "disease": str, "aliases": list, "issuer": str, "year": int, "edition": str,
    "supersedes": list, "audience": str, "checked": datetime.date,
}
_CAPTION = re.compile(r"表(\d+)\s+\S")
_RULE_ROW = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")
_REFERENCE = re.compile(r"(\d+)\.\s+(.+)")

ProseKind = Literal["paragraph", "item"]


class Heading(NamedTuple):
    """A section (level 1) or subsection (level 2)."""

    line: int
    level: int
    text: str


class Prose(NamedTuple):
    """One source line of running text or one list item."""

    line: int
    text: str
    kind: ProseKind
    joined: bool


class Row(NamedTuple):
    """One body row of a table."""

    line: int
    cells: tuple[str, ...]


class DigestTable(NamedTuple):
    """A table with its caption line (表N …)."""

    line: int
    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


class Reference(NamedTuple):
    """One entry of the reference list."""

    line: int
    number: int
    text: str


Block = Heading | Prose | DigestTable


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest as written. `body` holds everything but the reference list, in order."""

    path: Path
    meta: dict[str, Any]
    body: tuple[Block, ...]
    references: tuple[Reference, ...]
    references_line: int

    @property
    def id(self) -> str:
        """Return the digest's id."""
        return str(self.meta.get("id", self.path.stem))

    @property
    def sections(self) -> list[Heading]:
        """List the top sections in the order written, the reference list included."""
        found = [b for b in self.body if isinstance(b, Heading) and b.level == 1]
        return [*found, Heading(self.references_line, 1, REFERENCES)] if self.references_line else found

    def section(self, title: str) -> Iterator[Block]:
        """Yield the blocks under a top section, its subsections included."""
        inside = False
        for block in self.body:
            if isinstance(block, Heading) and block.level == 1:
                inside = block.text == title
            elif inside:
                yield block


def read_digest(path: Path) -> Digest:
    """Read a digest source. Raises CorpusError with file and line where the format is broken."""
    lines = path.read_text(encoding="utf-8").splitlines()
    meta, start = _front_matter(path, lines)
    at = next((i for i in range(start, len(lines)) if lines[i].strip() == f"## {REFERENCES}"), len(lines))
    body = tuple(_blocks(path, lines, start, at))
    references = tuple(_references(path, lines, at + 1))
    return Digest(path, meta, body, references, at + 1 if at < len(lines) else 0)


def read_all(folder: Path) -> list[Digest]:
    """Read every digest source of a folder, by name."""
    return [read_digest(path) for path in sorted(folder.glob("*.md"))]


def _broken(path: Path, line: int, what: str) -> CorpusError:
    return CorpusError(f"{path}:{line}: {what}")


def _front_matter(path: Path, lines: list[str]) -> tuple[dict[str, Any], int]:
    """Return the front matter and the index of the first line after it."""
    if not lines or lines[0].strip() != "+++":
        raise _broken(path, 1, "文件应以 +++ 开头的 TOML 头开始。写法见 corpus/README.md。")
    end = next((i for i in range(1, len(lines)) if lines[i].strip() == "+++"), 0)
    if not end:
        raise _broken(path, 1, "TOML 头没有以 +++ 结束。")
    try:
        return tomllib.loads("\n".join(lines[1:end])), end + 1
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, 1, f"TOML 头无法解析：{error}。") from error


def _blocks(path: Path, lines: list[str], start: int, stop: int) -> Iterator[Block]:
    at = start
    joined = False
    while at < stop:
        text = lines[at].strip()
        if not text:
            joined = False
        elif text.startswith("#"):
            level = len(text) - len(text.lstrip("#"))
            if level not in (2, 3):
                raise _broken(path, at + 1, "标题只用 ## 和 ### 两级。")
            yield Heading(at + 1, level - 1, text.lstrip("#").strip())
            joined = False
        elif text.startswith("|") or _starts_table(lines, at):
            table, at = _table(path, lines, at)
            yield table
            joined = False
            continue
        elif text.startswith("- "):
            yield Prose(at + 1, text[2:].strip(), "item", False)
            joined = False
        else:
            # a recommendation stands alone, so that its grade is not read as its neighbour's
            alone = text.startswith("推荐：")
            yield Prose(at + 1, text, "paragraph", joined and not alone)
            joined = not alone
        at += 1


def _starts_table(lines: list[str], at: int) -> bool:
    following = next((line.strip() for line in lines[at + 1 : at + 3] if line.strip()), "")
    return bool(_CAPTION.match(lines[at].strip())) and following.startswith("|")


def _table(path: Path, lines: list[str], at: int) -> tuple[DigestTable, int]:
    """Read caption, header and rows from `at`; return the table and the index after it."""
    line = at + 1
    caption = lines[at].strip()
    if caption.startswith("|"):
        raise _broken(path, line, "表格上一行应是表题，以“表N ”开头。")
    at += 1
    while not lines[at].strip():
        at += 1
    rows: list[Row] = []
    while at < len(lines) and lines[at].strip().startswith("|"):
        rows.append(Row(at + 1, _cells(lines[at])))
        at += 1
    if len(rows) < 3 or not _RULE_ROW.fullmatch(lines[rows[1].line - 1].strip().replace(" ", "")):
        raise _broken(path, line, "表格应有表头、分隔行（| --- |）和至少一行内容。")
    header = rows[0].cells
    for row in rows[2:]:
        if len(row.cells) != len(header):
            raise _broken(path, row.line, f"这一行有 {len(row.cells)} 格，表头有 {len(header)} 格。")
    return DigestTable(line, caption, header, tuple(rows[2:])), at


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _references(path: Path, lines: list[str], start: int) -> Iterator[Reference]:
    for at in range(start, len(lines)):
        text = lines[at].strip()
        if not text:
            continue
        match = _REFERENCE.fullmatch(text)
        if not match:
            raise _broken(path, at + 1, "参考文献每条一行，写作“1. 制定者. 题名. 刊名, 年, 卷(期): 页.”。")
        yield Reference(at + 1, int(match[1]), match[2])
