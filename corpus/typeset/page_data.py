"""What the template is given: one digest as plain JSON, with column widths and the notices of its first page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile
from typing import Any

from rag.digest.digest import Digest, DigestTable, Heading, Prose

_Group = list[Heading | Prose | DigestTable]
_CN = "零一二三四五六七八九十"
_MIN_WEIGHT, _MAX_WEIGHT = 2.2, 7.0
_NAMES_WIDER = 1.2  # drug names in the first column should not break
_NARROW_COLUMNS, _NARROW_CELL = 4, 24  # up to so many columns with cells up to so long, a table fits into a text column
_UNIT = r"(?:mmHg|mmol|μmol|nmol|pmol|mIU|IU|kPa|kcal|kJ|kg|mg|μg|ng|ml|min|cm|mm|℃|[gdhLU])"
_NUMBER = r"[≥≤＞＜<>]?(?<![\d.])-?\d[\d.]*(?:/\d+)?"
_KEPT = re.compile(
    rf"(?P<text>(?:{_NUMBER} {_UNIT}(?:/[A-Za-z²·]+)*(?![A-Za-z])|{_NUMBER}(?:次/(?:d|min)|%))[）)”》]*"
    r"|(?:[≥≤＞＜]?-?[\w.^/%²]*[A-Za-z0-9%²/.]|.)?[）)”》]*(?=\[\d))"
    r"(?P<mark>\[\d+(?:[,，~-]\d+)*\])?(?P<tail>[，。；：、！？）)]*)",
    re.ASCII,
)
NOTICE = (
    "本文是“指南针”项目的摘编，仅供参考：句子由项目编写，事实来自文末所列官方指南，一切以原指南和药品说明书为准。",
    "本文不能代替医生的判断；诊断、用药和转诊由接诊医生结合患者情况决定。",
)


def page_data(digest: Digest, keywords: Sequence[str], replaced_by: Digest | None) -> dict[str, Any]:
    """Turn a digest into what the template sets."""
    meta = digest.meta
    checked = meta["checked"]
    notice = list(NOTICE)
    if replaced_by:
        notice.insert(0, f"本摘编依据的是旧版，已被《{replaced_by.meta['title']}》取代，只供查阅历史，请勿据此诊疗。")
    return {
        "title": meta["title"],
        "author": "指南针 Zhinan 项目",
        "keywords": list(keywords),
        "checked": [checked.year, checked.month, checked.day],
        "basis": f"依据：{meta['issuer']}（{meta['edition']}）",
        "byline": f"指南针 Zhinan 项目摘编　　适用：{meta['audience']}　　核对日期：{checked.isoformat()}",
        "notice": notice,
        "blocks": list(_blocks(digest)),
        "references": [[r.number, r.text] for r in digest.references],
    }


def _blocks(digest: Digest) -> Iterator[dict[str, Any]]:
    """Yield headings with Chinese numbers, paragraphs of joined lines, lists and tables."""
    section = subsection = 0
    for group, tables in _with_mentions(digest):
        first = group[0]
        if isinstance(first, Heading):
            if first.level == 1:
                section, subsection = section + 1, 0
                yield {"kind": "heading", "level": 1, "text": f"{_chinese(section)}、{first.text}"}
            else:
                subsection += 1
                yield {"kind": "heading", "level": 2, "text": f"（{_chinese(subsection)}）{first.text}"}
        elif isinstance(first, DigestTable):
            yield _table(first)
        elif first.kind == "item":
            yield {"kind": "items", "texts": [pieces(p.text) for p in group if isinstance(p, Prose)]}
        else:
            kind = "recommendation" if first.text.startswith("推荐：") else "paragraph"
            yield {"kind": kind, "pieces": pieces("".join(p.text for p in group if isinstance(p, Prose)))}
        if tables:
            yield {"kind": "paragraph", "pieces": [f"见{'、'.join(tables)}。"]}


def _with_mentions(digest: Digest) -> Iterator[tuple[_Group, list[str]]]:
    """Yield the groups, each with the numbers of the tables right after it that no sentence of the digest names.

    A table may float away from its place; what the text says of it there tells the reader where it belongs.
    """
    groups = list(_grouped(digest))
    said = "".join(p.text for g in groups for p in g if isinstance(p, Prose))
    for at, group in enumerate(groups):
        names = []
        following = takewhile(lambda g: isinstance(g[0], DigestTable), groups[at + 1 :])
        for table in () if isinstance(group[0], DigestTable) else following:
            name = table[0].caption.split()[0]
            if not re.search(rf"{name}(?!\d)", said):
                names.append(name)
        yield group, names


def pieces(text: str) -> list[str | list[str]]:
    """Part a text into strings and [text, mark, punctuation] that must not be parted at the end of a line."""
    found: list[str | list[str]] = []
    at = 0
    for match in _KEPT.finditer(text):
        if not match.group():
            continue
        if match.start() > at:
            found.append(text[at : match.start()])
        found.append([match["text"], match["mark"] or "", match["tail"]])
        at = match.end()
    return [*found, text[at:]] if at < len(text) else found


def _grouped(digest: Digest) -> Iterator[_Group]:
    """Group the lines of one paragraph and the items of one list; every other block stands alone."""
    number = 0
    keys = []
    before: Heading | Prose | DigestTable | None = None
    for block in digest.body:
        goes_on = isinstance(block, Prose) and isinstance(before, Prose) and (
            block.joined or (block.kind == before.kind == "item" and block.line == before.line + 1)
        )
        number += not goes_on
        keys.append((number, block))
        before = block
    for _, members in groupby(keys, key=lambda k: k[0]):
        yield [block for _, block in members]


def _table(table: DigestTable) -> dict[str, Any]:
    columns = [[table.header[i], *(row.cells[i] for row in table.rows)] for i in range(len(table.header))]
    return {
        "kind": "table",
        "caption": table.caption,
        "header": list(table.header),
        "rows": [[pieces(cell) for cell in row.cells] for row in table.rows],
        "wide": not _fits_a_column(table),
        "widths": [round(_weight(cells) * (_NAMES_WIDER if i == 0 else 1), 2) for i, cells in enumerate(columns)],
    }


def _fits_a_column(table: DigestTable) -> bool:
    return len(table.header) <= _NARROW_COLUMNS and all(len(cell) <= _NARROW_CELL for row in table.rows for cell in row.cells)


def _weight(cells: Sequence[str]) -> float:
    """Weigh a column by the square root of its fuller cells, so that all rows come out about equally high."""
    lengths = sorted((sum(1.0 if c > "\u2e80" else 0.55 for c in cell) for cell in cells), reverse=True)
    fuller = lengths[: max(1, len(lengths) // 2)]
    return min(_MAX_WEIGHT, max(_MIN_WEIGHT, (sum(fuller) / len(fuller)) ** 0.5))


def _chinese(number: int) -> str:
    """Write a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    lead = ("" if tens == 1 else _CN[tens]) + "十" if tens else ""
    return lead + (_CN[ones] if ones or not tens else "")
