"""To which section a table belongs: a float is set where a page has room, the text that refers to it tells its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.ingest.tables import CAPTION
from rag.text.normalise import squeeze
from rag.text.readable import readable, readable_heading
from rag.types import Block

_NUMBER = r"[A-Z]?\d+(?:[.\-‑–]\d+)*"
# Not 代表1例, 量表2分, 发表3篇; and an abbreviation explained 同表1 is no reference.
_MENTION = re.compile(rf"(?<![代量发列报外同])(附?)表({_NUMBER})((?:(?:[、,，和及与~～至—]|-|–)(?:附?表)?{_NUMBER})*)")
_LISTED = re.compile(rf"([~～至—–-])?(?:附?表)?({_NUMBER})")
_CN = str.maketrans("一二三四五六七八九", "123456789")
_CN_TABLE = re.compile(r"(?<=[见附(]表)[一二三四五六七八九](?=$|[^\u3400-\u9fff]|所示|[和及与])|(?<=^表)[一二三四五六七八九](?![\u3400-\u9fff])")
_APPENDIX = re.compile(r"附\s*[录件表]")
# A note below a table, or its abbreviations explained.
_BELOW = re.compile(r"(?:注|备注|说明|Note)[:：\s\d]|[a-e*†‡]\s*[:：]|[A-Z][\w/\-α-ω]{1,9}\s*[:：]", re.ASCII)
# A float stands on the page of its first mention or one of the next two; an older mention is of another table's kin.
_NEAR_PAGES = 2


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where a paragraph refers to a table: the paragraph's place among the blocks, its first page, and its section."""

    at: int
    page: int
    section: int


def place_tables(blocks: Sequence[Block]) -> list[Block]:
    """Move each numbered table, with its notes, behind the paragraph that first refers to it.

    A table stays where it stands if its own section refers to it, if nothing does, or if it is an appendix's.
    """
    sections = list(_sections(blocks))
    mentions = _mentions(blocks, sections)
    moved: dict[int, list[Block]] = {}
    gone: set[int] = set()
    for start, stop in _tables(blocks):
        key = _key(blocks[start])
        found = mentions.get(key, []) if key else []
        if not found or any(m.section == sections[start][0] for m in found) or sections[start][1]:
            continue
        home = _home(found, _page(blocks[start]))
        moved.setdefault(home.at, []).extend(blocks[start:stop])
        gone.update(range(start, stop))
    placed: list[Block] = []
    for at, block in enumerate(blocks):
        if at not in gone:
            placed.append(block)
        placed.extend(moved.get(at, []))
    return placed


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[int, bool]]:
    """Yield for each block the index of the heading above it, -1 for none, and whether it stands in an appendix."""
    heading, appendix = -1, 0
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            heading = at
            if appendix and block.level <= appendix:
                appendix = 0
            if not appendix and _APPENDIX.match(block.text.strip()):
                appendix = block.level
        yield heading, bool(appendix)


def _mentions(blocks: Sequence[Block], sections: Sequence[tuple[int, bool]]) -> dict[str, list[_Mention]]:
    """List the paragraphs that refer to each table, in reading order."""
    found: dict[str, list[_Mention]] = {}
    for at, block in enumerate(blocks):
        if block.kind != "paragraph" or CAPTION.match(block.text.strip()) or _BELOW.match(block.text):
            continue
        for key in _numbers(block.text):
            found.setdefault(key, []).append(_Mention(at, _page(block), sections[at][0]))
    return found


def _numbers(text: str) -> list[str]:
    """List the tables that a text refers to, ranges such as 表1～3 counted out."""
    keys: list[str] = []
    if "表" not in text:
        return keys
    for match in _MENTION.finditer(_plain(text)):
        kind, first, more = match.groups()
        keys.append(f"{kind}表{first}")
        last = first
        for dash, number in _LISTED.findall(more):
            if dash and last.isdigit() and number.isdigit():
                keys.extend(f"{kind}表{n}" for n in range(int(last) + 1, min(int(number), int(last) + 20)))
            keys.append(f"{kind}表{number}")
            last = number
    return keys


def _plain(text: str) -> str:
    return _CN_TABLE.sub(lambda m: m.group().translate(_CN), squeeze(readable(text)))


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Yield start and stop of each table with the notes that stand below it."""
    for start, block in enumerate(blocks):
        if block.kind != "table":
            continue
        stop = start + 1
        while stop < len(blocks) and blocks[stop].kind == "paragraph" and _BELOW.match(blocks[stop].text):
            stop += 1
        yield start, stop


def _key(block: Block) -> str:
    """Give the number that a table's caption begins with, as 表1 or 附表1; empty where it has none."""
    caption = readable_heading(block.table.caption) if block.table else ""
    match = _MENTION.match(_plain(caption.removeprefix("续").split(" ")[0]))
    return f"{match[1]}表{match[2]}" if match else ""


def _home(mentions: Sequence[_Mention], page: int) -> _Mention:
    """Choose the first mention near a table's page, else the last one before it, else the first."""
    near = [m for m in mentions if page - _NEAR_PAGES <= m.page <= page + 1]
    before = [m for m in mentions if m.page <= page]
    return near[0] if near else (before or mentions[:1])[-1]


def _page(block: Block) -> int:
    """Give the page that a block begins on."""
    if block.table:
        return next((b.page for row in block.table.rows for b in row.boxes), 0)
    return next((f.box.page for f in block.fragments if f.box), 0)
