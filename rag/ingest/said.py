"""What a document without pages says of itself: title, year, edition, issuer, DOI, from its title and first lines."""

from __future__ import annotations

import re

from rag.text.normalise import normalise
from rag.text.readable import readable_heading
from rag.types import Metadata

_EDITION = re.compile(r"((?:19|20)\d{2}\s*年?(?:修订)?版(?:修订版)?|(?:试行)?第[一二三四五六七八九十]+版)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
_ISSUER = re.compile(
    r"(中华医学会[\u4e00-\u9fff]{0,20}分会|中华医学会|中国医师协会[\u4e00-\u9fff]{0,16}|国家卫生健康委(?:员会)?(?:办公厅)?|国家心血管病中心|"
    r"中华预防医学会[\u4e00-\u9fff]{0,16}|中国[\u4e00-\u9fff]{2,14}(?:学会|协会|联盟))"
)
_HEAD = 600  # characters


def said_by_text(title: str, text: str, imprint: str = "") -> Metadata:
    """Read metadata from a title, the text after it and its imprint lines; what none of them says stays empty."""
    head = normalise(text[:_HEAD])
    name = normalise(title)
    edition = _EDITION.search(name)
    year = _YEAR.search(name) or _YEAR.search(head)
    issuer = _ISSUER.search(head)
    doi = _DOI.search(head) or _DOI.search(normalise(imprint))
    return Metadata(
        title=readable_heading(title), issuer=issuer.group(1) if issuer else "", year=int(year.group(1)) if year else 0,
        edition=edition.group(1) if edition else "", doi=doi.group().rstrip(".;") if doi else "",
    )
