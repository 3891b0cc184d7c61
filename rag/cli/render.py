"""How answers and hits look on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.types import Answer, Citation, Edition, Hit, Notice, Statement

if TYPE_CHECKING:
    from rag.retrieve.query import Query

_HAN = re.compile(r"[\u3400-\u9fff]")
_DISCLAIMER = "以上摘自指南，供医务人员参考，不能代替医生对患者的判断。"


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer's lines: warnings first, then statements, then where each comes from."""
    for warning in answer.warnings:
        yield notice_line(warning)
    if answer.status == "abstained":
        yield "没有找到足够的依据，不作回答。" + ("" if _HAN.search(answer.question) else "语料是中文指南，请用中文提问。")
        if answer.reading:
            yield "下面是最接近的段落，仅供阅读，不是答案："
            yield from hit_lines(answer.reading)
        return
    for statement in answer.statements:
        yield statement_line(statement)
    yield ""
    yield "出处"
    yield from source_lines(answer.citations)
    yield ""
    yield _DISCLAIMER


def source_lines(citations: Sequence[Citation]) -> Iterator[str]:
    """Yield where statements come from; those from one place share a line."""
    numbers: dict[str, list[int]] = {}
    for citation in citations:
        numbers.setdefault(describe(citation), []).append(citation.n)
    yield from (f"{''.join(f'[{n}]' for n in found)} {where}" for where, found in numbers.items())


def notice_line(notice: Notice) -> str:
    """Write a warning in one line."""
    return f"! {notice.message}"


def statement_line(statement: Statement) -> str:
    """Write a statement with its reference marks."""
    first = next(iter(statement.citations), None)
    graded = grades(first.grade, first.evidence) if first else ""
    return f"· {statement.text}{graded}{''.join(f'[{c.n}]' for c in statement.citations)}"


def grades(grade: str | None, evidence: str | None) -> str:
    """Write recommendation grade and evidence level as the source has them: 〔推荐Ⅰ, 证据A〕; nothing where it has none."""
    said = [f"{name}{value}" for name, value in (("推荐", _bare(grade, "推荐")), ("证据", _bare(evidence, "证据"))) if value]
    return f"〔{', '.join(said)}〕" if said else ""


def _bare(value: str | None, label: str) -> str:
    """Drop the label that some sources print with the grade (强推荐): 不推荐 keeps it, for it is the grade."""
    text = (value or "").strip()
    return text if text.startswith("不") else text.removeprefix(label).removesuffix(label)


def describe(citation: Citation) -> str:
    """Write a citation in one line: title, issuer, year, section, page, passage id."""
    graded = "".join(f"，{name}{value}" for name, value in (("推荐", citation.grade), ("证据", citation.evidence)) if value)
    recognised = "，文字由扫描图识别，请核对原件" if citation.ocr else ""
    where = place(citation.pages, citation.paragraph)
    section = " > ".join(part for part in citation.section[-2:] if part != citation.edition.title)
    return f"{edition_name(citation.edition)}，{section}，{where}{graded}{recognised}（{citation.passage_id}）".replace("，，", "，")


def edition_name(edition: Edition) -> str:
    """Write title, issuer, year and, unless it is current, the status."""
    parts = [f"《{edition.title}》", edition.issuer, f"{edition.year}年" if edition.year else ""]
    status = {"superseded": "（已被取代）", "withdrawn": "（已撤回）"}.get(edition.status, "")
    return "，".join(p for p in parts if p) + status


def place(pages: Sequence[int], paragraph: int = 0) -> str:
    """Write where a passage stands: its pages, or its paragraph in a document without pages."""
    if not pages:
        return f"第{paragraph}段" if paragraph else ""
    return f"第{pages[0]}页" if len(pages) == 1 else f"第{pages[0]}–{pages[-1]}页"


def query_lines(query: Query) -> Iterator[str]:
    """Yield how a question was understood: its own words, what they were widened to, aspects and populations."""
    own = [term for group in query.groups if group.kind == "word" for term in group.alternatives[0]]
    yield f"原词：{' '.join(own) or '无'}"
    widened: dict[str, list[str]] = {}
    for surface, term, weight in query.expansions:
        widened.setdefault(surface, []).append(f"{term} {weight:.2f}")
    yield from (f"扩展：{surface} → {'、'.join(terms)}" for surface, terms in widened.items())
    yield f"方面：{'、'.join(query.aspects) or '未指明'}；人群：{'、'.join(query.populations) or '未指明'}"


def hit_lines(hits: Sequence[Hit], explain: bool = False) -> Iterator[str]:
    """Yield search hits: a line on where, then the passage."""
    for hit in hits:
        section = " > ".join(hit.passage.section[-2:])
        graded = grades(hit.passage.grade, hit.passage.evidence)
        yield f"{hit.rank}. {edition_name(hit.edition)}，{section} {place(hit.passage.pages)}{graded}（{hit.passage.id}）"
        yield "   " + hit.passage.text.replace("\n", "\n   ")
        if explain:
            yield "   " + "  ".join(f"{name} {value:.3f}" for name, value in hit.explain.items())
