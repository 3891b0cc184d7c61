"""Whether a digest has the parts that corpus/README.md asks for: front matter, sections, tables, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.digest.digest import FIELDS, REFERENCES, Digest, DigestTable, Heading
from rag.digest.finding import Finding

SECTIONS = (
    "概述", "诊断标准", "病情评估与分级", "非药物治疗", "药物治疗", "特殊人群", "随访与管理", "转诊指征", "健康教育要点", REFERENCES,
)
REQUIRED = ("概述", "诊断标准", "转诊指征", "健康教育要点", REFERENCES)
DOSE_COLUMNS = ("药物", "起始剂量", "常用剂量", "最大剂量", "主要禁忌", "注意")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-\d{4}")
_POINTER = re.compile(r"(?:服法|用法)?同(?!时|服|侧|型|步|意|一)|见上")
_NAMED = {"转诊指征": {"紧急转诊", "普通转诊"}}


def check_structure(digest: Digest) -> Iterator[Finding]:
    """Check everything but the wording."""
    yield from _front_matter(digest)
    yield from _sections(digest)
    yield from _tables(digest)
    yield from _references(digest)


def _front_matter(digest: Digest) -> Iterator[Finding]:
    meta, path = digest.meta, digest.path
    for name, kind in FIELDS.items():
        if name not in meta:
            yield Finding(path, 1, f"文件头缺 {name}。")
        elif type(meta[name]) is not kind or meta[name] == "":
            yield Finding(path, 1, f"文件头的 {name} 应为非空的 {_kind_name(kind)}。")
    if unknown := set(meta) - set(FIELDS):
        yield Finding(path, 1, f"文件头有不认识的项：{'、'.join(sorted(unknown))}。")
    if digest.id != path.stem or not _ID.fullmatch(digest.id):
        yield Finding(path, 1, f"id “{digest.id}” 应与文件名相同，由小写英文和年份组成，如 hypertension-2024。")
    year = meta.get("year")
    if isinstance(year, int) and not digest.id.endswith(f"-{year}"):
        yield Finding(path, 1, f"id 里的年份与 year = {year} 不符。")
    for name in ("aliases", "supersedes"):
        values = meta.get(name)
        if isinstance(values, list) and (len(set(map(str, values))) != len(values) or not all(isinstance(v, str) for v in values)):
            yield Finding(path, 1, f"{name} 应为互不重复的字符串。")


def _kind_name(kind: type) -> str:
    return {str: "字符串", int: "整数", list: "列表"}.get(kind, "日期（如 2026-11-23）")


def _sections(digest: Digest) -> Iterator[Finding]:
    sections = digest.sections
    titles = [s.text for s in sections]
    for heading in sections:
        if heading.text not in SECTIONS:
            yield Finding(digest.path, heading.line, f"没有名为“{heading.text}”的一级节。可用：{'、'.join(SECTIONS)}。")
    for before, after in pairwise(s for s in sections if s.text in SECTIONS):
        if SECTIONS.index(before.text) >= SECTIONS.index(after.text):
            yield Finding(digest.path, after.line, f"“{after.text}”应在“{before.text}”之前，且只出现一次。")
    for title in REQUIRED:
        if title not in titles:
            yield Finding(digest.path, 1, f"缺少必有的节“{title}”。")
    for title, names in _NAMED.items():
        for block in digest.section(title):
            if isinstance(block, Heading) and block.text not in names:
                yield Finding(digest.path, block.line, f"“{title}”下只用 {'、'.join(sorted(names))}，现为“{block.text}”。")
    for heading, following in pairwise(digest.body):
        if isinstance(heading, Heading) and isinstance(following, Heading) and following.level <= heading.level:
            yield Finding(digest.path, heading.line, f"“{heading.text}”下没有内容。")


def _tables(digest: Digest) -> Iterator[Finding]:
    tables = [b for b in digest.body if isinstance(b, DigestTable)]
    for number, table in enumerate(tables, start=1):
        if not table.caption.startswith(f"表{number} "):
            yield Finding(digest.path, table.line, f"表题应以“表{number} ”开头，各表依次编号。")
        if "起始剂量" in table.header and table.header != DOSE_COLUMNS:
            yield Finding(digest.path, table.line, f"剂量表的列应依次为：{'、'.join(DOSE_COLUMNS)}。")
        for row in table.rows:
            if not all(row.cells):
                yield Finding(digest.path, row.line, "表格里没有内容的格写“—”。")
            if pointer := next(filter(_POINTER.match, row.cells), None):
                yield Finding(digest.path, row.line, f"表格每行会单独被引用，“{pointer}”应写出所指的内容。")
    drugs = list(digest.section("药物治疗"))
    if drugs and not any(isinstance(b, DigestTable) and b.header == DOSE_COLUMNS for b in drugs) and _doses(digest):
        line = next(s.line for s in digest.sections if s.text == "药物治疗")
        yield Finding(digest.path, line, f"“药物治疗”给出了剂量，应有剂量表（{'、'.join(DOSE_COLUMNS)}）。")


def _doses(digest: Digest) -> bool:
    """Tell whether the drug section states doses; a digest for recognition and referral may have none."""
    return any(re.search(r"\d m?[gU]\b|\d μg", getattr(b, "text", "")) for b in digest.section("药物治疗"))


def _references(digest: Digest) -> Iterator[Finding]:
    for number, reference in enumerate(digest.references, start=1):
        if reference.number != number:
            yield Finding(digest.path, reference.line, f"参考文献应依次编号，这一条应为 {number}。")
        if not re.search(r"(?:19|20)\d{2}", reference.text):
            yield Finding(digest.path, reference.line, "参考文献没有写年份。")
        if not reference.text.endswith("."):
            yield Finding(digest.path, reference.line, "参考文献每条以“.”结束。")
    if digest.references_line and not digest.references:
        yield Finding(digest.path, digest.references_line, "参考文献是空的。")
