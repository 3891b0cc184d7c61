"""What a document says of itself on its first pages: title, issuer, year, edition, journal, DOI."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rag.ingest.layout import Line
from rag.ingest.structure import numbering
from rag.text.normalise import normalise
from rag.text.readable import readable, readable_heading
from rag.types import Metadata

_DOI = re.compile(r"10\.\d{4,9}/(?:(?![A-Z][a-z]{2})[-._;()/:A-Za-z0-9])+")
_EDITION = re.compile(
    r"[（(]\s*((?:\d{4}|[一二〇○零\d]{4})\s*年?\s*(?:修订|更新|基层|实用|简化|试行|第[一二三四五六七八九十\d]+)*\s*(?:版|版修订版|修正版)?|(?:试行)?第[一二三四五六七八九十\d]+版(?:[·\s]*(?:修订|修正)版?)?|试行|修订版)\s*[)）]"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_JOURNAL = re.compile(
    r"((?:中华|中国|国际|临床|协和|实用|北京|上海)?[\u3400-\u9fff]{2,14}(?:杂志|学报|进展|通讯|医学))\s*[,，]?\s*(?:(?:19|20)\d{2})"
)
_CITED = re.compile(
    r"(?:引用本文|文章引用|引用格式)[:：](.{10,300}?\[J\][.．。]\s*(?P<journal>[^,，.．。]{2,30})\s*[,，]\s*(?P<year>(?:19|20)\d{2}))"
)
# A running head: 中华神经外科杂志2020年8月第36卷第8期.
_ISSUE = re.compile(r"(?P<journal>[\u3400-\u9fff]{2,16}?)(?P<year>(?:19|20)\d{2})年\d{1,2}月(?:\d{1,2}日)?第\d+卷")
# Whom a notice was sent out by and when, at its end (GB/T 9704).
_SENT = re.compile(r"^\s*(?P<issuer>[\u3400-\u9fff、]{4,40})\s+(?P<year>(?:19|20)\d{2})\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印\s*发", re.M)
ISSUER = re.compile(
    r"(?:学会|协会|委员会|学组|办公[厅室]|卫生部|卫生(?:健康|计生)?局|疾控局|健康委|联盟|协作组|中心|专家组|编写组|工作组|研究院|医院|管理局|基金会|总局)\S{0,6}$|^(?:中华|国家|中国)\S{2,}(?:会|组|厅|部|局|委)$"
)
_TEXT_BEGINS = re.compile(r"【|[（(][一1][)）]|摘\s*要|关\s*键\s*词|[一二三1]\s*[、.．]|第[一1]章|前\s*言")
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[-年.．]\s*\d{1,2}\s*(?:[-月.．]\s*\d{1,2})?\s*日?\s*(?:发布|实施|印发)?"
)
_NAMED_ISSUER = re.compile(r"(?:发布|制定|制订|编制|颁布|印发)(?:单位|机构|部门|者)\s*[:：]\s*([^。]{4,60})$")
_DOI_DATE = re.compile(r"[-.](20\d{2})(?:[01]\d[0-3]\d|\.)")
_NOT_TITLE = re.compile(
    r"^中华人民共和国\S{0,12}标准$|^(?:附件|目\s*录|目\s*次|[·•・].*[·•・]|ICS|DOI|doi|http|www)|^\d+$|(?:杂志|Journal)|。"
)
_NAMES = re.compile(r"(?:[\u3400-\u9fff]\s?){2,4}(?:[,，、\s*]+(?:[\u3400-\u9fff]\s?){2,4})+[*\d]*$")
_COVER = 400  # characters; a first page with fewer is a cover
_DOCUMENT = re.compile(r"指南|共识|规范|标准|方案|规程|建议|指导|意见|综述|进展|路径|手册|诊治|诊疗|防治|管理")


def read_metadata(first: Sequence[Line], text: str, *, running: str = "", closing: str = "") -> Metadata:
    """Read what the first page says, and whom the last one says it was sent out by.

    `first` are the lines from the top, `text` the text of the first two pages, `running` their running heads and feet,
    `closing` the text of the last page.
    """
    plain = normalise(readable(text))
    issue = _ISSUE.search(re.sub(r"\s+", "", normalise(running)))
    compact = re.sub(r"\s+", "", plain)
    title_lines = find_title(first)
    title = "".join(readable_heading(line.text).strip() for line in title_lines)
    edition = _EDITION.search(title) or next((m for m in _EDITION.finditer(compact[:600]) if re.search("版|试行", m[1])), None)
    doi = _DOI.search(compact)
    cited = _CITED.search(plain) or _CITED.search(compact)
    journal = cited["journal"].strip() if cited else issue["journal"] if issue else _first(_JOURNAL, plain)
    sent = _SENT.search(closing)
    published = next((found["year"] for found in (cited, issue, sent) if found), "")
    return Metadata(
        title=title,
        issuer=_issuer(first, title_lines) or (sent["issuer"] if sent else ""),
        year=_year(edition[1] if edition else "", title, published, plain, doi.group() if doi else ""),
        edition=edition[1] if edition else "",
        doi=doi.group().rstrip(".,;") if doi else "",
        journal=journal,
    )


def find_title(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of the title: the largest Chinese lines of the first page that read like a document's name.

    Nothing where no line stands out: a page of text in one size begins in the midst of a document.
    """
    candidates = [
        li
        for li in lines
        if re.search(r"[\u3400-\u9fff]{4,}", li.text.replace(" ", ""))
        and not _NOT_TITLE.search(li.text.strip())
        and numbering(li.text.strip()) is None
        and li.size > _least_title(lines)
    ]
    named = [li for li in candidates if _DOCUMENT.search(li.text) and len(li.text) <= 60]
    pool = named or candidates
    if not pool:
        return []
    best = max(pool, key=lambda li: (round(li.size), li.y1))
    at = list(lines).index(best)
    title = [best]
    for step in (1, -1):
        near = at + step
        while (
            0 <= near < len(lines) and len(title) < 4 and _same_title(best, lines[near], title[-1 if step > 0 else 0])
        ):
            title.insert(len(title) if step > 0 else 0, lines[near])
            near += step
    return title


def _least_title(lines: Sequence[Line]) -> float:
    """Give the size that a title exceeds: a little more than that of the text, on a cover page none."""
    sizes = [li.size for li in lines for _ in li.text]
    return 1.1 * float(np.median(sizes)) if len(sizes) >= _COVER else 0.0


def _same_title(best: Line, line: Line, neighbour: Line) -> bool:
    """Tell whether a neighbouring line goes on with the title: same size, close by."""
    close = abs(neighbour.y0 - line.y0) < 2.6 * best.size
    plain = line.text.strip()
    return (
        close
        and abs(line.size - best.size) < 0.1 * best.size
        and not (_NOT_TITLE.search(plain) or _NAMES.match(plain) or numbering(plain) is not None)
    )


def _issuer(lines: Sequence[Line], title: Sequence[Line]) -> str:
    """Return the issuing bodies named on the first page: below the title, or on a cover page anywhere."""
    below = title[-1].y0 if title else float("inf")
    cover = sum(len(li.text) for li in lines) < _COVER
    found: list[str] = []
    for line in sorted(lines, key=lambda li: -li.y0):
        text = line.text.strip()
        named = _NAMED_ISSUER.match(text)
        if named:
            return readable_heading(named[1])
        if line in title or (line.y0 > below and not cover):
            continue
        if not cover and (_TEXT_BEGINS.match(text) or re.search(r"[:：。；，,@]", text)):
            if found or _TEXT_BEGINS.match(text):
                break
            continue
        text = re.sub(r"\s*发\s*布$", "", text)
        if len(text) <= 80 and ISSUER.search(text):
            bodies = re.split(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff]{4,})", text)
            found.extend(readable_heading(body) for body in bodies)
    return "；".join(dict.fromkeys(found[:8]))


def _year(edition: str, title: str, cited: str, text: str, doi: str) -> int:
    """Return the year of the edition, of the title, of the citation, of a date, of the DOI or of the first number like a year."""
    for source in (edition, title, cited):
        match = _YEAR.search(source)
        if match:
            return int(match[1])
    date = _DATE.search(text)
    if date:
        return int(date["year"])
    match = _DOI_DATE.search(doi) or _YEAR.search(text[:3000])
    return int(match[1]) if match else 0


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
