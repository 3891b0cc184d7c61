"""Which paragraphs of a plain text are not the guideline's own: title, issuers, where it was printed, people, references."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.ingest.base import REFERENCE_HEADING
from rag.ingest.matter import AUTHORS, IMPRINT, REFERENCES, TITLE, is_imprint, names_people
from rag.ingest.metadata import ISSUER
from rag.ingest.structure import bare_heading, heading_rank, numbering, text_width
from rag.ingest.whole_lines import Part
from rag.text.normalise import squeeze
from rag.text.readable import readable_heading
from rag.types import Block, LeftOut, Table

_PRINTED = re.compile(r"(?P<journal>[\u3400-\u9fff]{3,20})\s*[,，]\s*(?:19|20)\d{2}\s*[,，]\s*\d+")
_ATTACHED = re.compile(r"附\s*件\s*\d*\s*[：:]?")  # stands above the title of what a notice carries
_SENTENCE = re.compile(r"[。；]")
_MOST_ISSUER = 40  # its width
_MOST_TITLE, _LEAST_TITLE = 60, 4  # characters, and Chinese ones among them
_HAN = re.compile(r"[\u3400-\u9fff]")
_TEAM = re.compile(
    r"(?:\S{0,12}(?:专家组?|编写组|制订组|工作组|学组|委员会)(?:成员|名单){1,2}|(?:执笔|起草|参与|审定){1,2}(?:专家|者|人|人员)|作者名单)\s*(?:[（(][^（）()]{2,30}[)）])?[：:]?|"
    r"[（(][^（）()]{0,20}姓氏[^（）()]{0,20}[)）]"
)
_MEMBER = re.compile(r"[\u4e00-\u9fff]{2,4}[\s\u3000（(].{0,40}(?:医院|大学|学院|中心|研究[所院]|杂志|学会).{0,30}")
_NAMES = re.compile(r"(?:[\u4e00-\u9fff]{1,4}[\s\u3000、，,；;]+)+[\u4e00-\u9fff]{1,4}")
_WRITERS = re.compile(r"执笔(?:者|人|专家)?[\s\u3000].{2,60}|[（(][\u4e00-\u9fff\s\u3000、,，]{2,60}(?:执笔|整理|撰写)[)）]")
_ENDS_REFERENCES = re.compile(r"附[录件表]")


def find_text_matter(parts: Sequence[Part], title: str) -> dict[int, str]:
    """Return the number of each paragraph that goes into no passage, and why."""
    body = _body_start(parts)
    found: dict[int, str] = {}
    section = ""
    for at, part in enumerate(parts):
        if isinstance(part, Table):
            continue
        section = _section(part, section)
        if why := section or (_front(part, title) if at < body else "") or _anywhere(part):
            found[at] = why
    return found if len(found) < len(parts) else {}


def title_of(parts: Sequence[Part]) -> str:
    """Return the first line before the text that reads like a document's name; nothing where none does."""
    for part in parts[: _body_start(parts) or 1]:
        named = isinstance(part, str) and len(part) <= _MOST_TITLE and len(_HAN.findall(part)) >= _LEAST_TITLE
        if named and numbering(part) is None and not (_SENTENCE.search(part) or _PRINTED.match(part) or is_imprint(part)):
            return part
    return ""


def issuers(parts: Sequence[Part], matter: Mapping[int, str]) -> str:
    """Name the bodies that stand before the text."""
    lines = (part for at, part in enumerate(parts[: _body_start(parts)]) if matter.get(at) == AUTHORS and isinstance(part, str))
    return "；".join(readable_heading(line) for line in lines if ISSUER.search(line))


def take_issuers(blocks: Sequence[Block]) -> tuple[list[Block], list[LeftOut], str]:
    """Take the lines that name issuing bodies out of what stands before the text: the other blocks, what was taken, the names."""
    lines = [block.text if block.table is None else block.table for block in blocks]
    titles = sum(block.level == 1 for block in blocks[:1])  # a title that is a heading does not begin the text
    body = titles + _body_start(lines[titles:])
    named = [block for block in blocks[titles:body] if block.kind == "paragraph" and _front(block.text, "") == AUTHORS]
    taken = [LeftOut(0, AUTHORS, block.text) for block in named]
    return [block for block in blocks if block not in named], taken, "；".join(readable_heading(block.text) for block in named)


def journal(parts: Sequence[Part], matter: Mapping[int, str]) -> str:
    """Name the journal that a line before the text cites."""
    printed = (_PRINTED.match(part) for at, part in enumerate(parts) if matter.get(at) == IMPRINT and isinstance(part, str))
    return next((match["journal"] for match in printed if match), "")


def _body_start(parts: Sequence[Part]) -> int:
    """Return the number of the first sentence, heading or table; 0 where there is none."""
    for at, part in enumerate(parts):
        if at == 0 and isinstance(part, str) and _ATTACHED.fullmatch(part):
            continue
        if isinstance(part, Table) or _SENTENCE.search(part) or bare_heading(part) or heading_rank(part) is not None:
            return at
    return 0


def _section(part: str, section: str) -> str:
    """Follow the list of references, or of people, that a paragraph opens, belongs to or ends."""
    if REFERENCE_HEADING.match(part):
        return REFERENCES
    if section == REFERENCES:
        return "" if _ENDS_REFERENCES.match(part) else REFERENCES
    if _TEAM.fullmatch(part):
        return AUTHORS
    return AUTHORS if section == AUTHORS and (_MEMBER.fullmatch(part) or _NAMES.fullmatch(part)) else ""


def _front(part: str, title: str) -> str:
    """Name what a paragraph before the text is."""
    if squeeze(part) == squeeze(title):
        return TITLE
    if _PRINTED.match(part):
        return IMPRINT
    return AUTHORS if ISSUER.search(part) and text_width(part) <= _MOST_ISSUER and not re.search(r"[：:，]", part) else ""


def _anywhere(part: str) -> str:
    if is_imprint(part):
        return IMPRINT
    return AUTHORS if names_people(part) or _WRITERS.fullmatch(part) else ""
