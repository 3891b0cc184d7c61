"""How one speaks of the edition of a guideline rather than of what it says: years, 旧版, 现行指南."""

from __future__ import annotations

import re

KIND = r"(?:指南|方案|规范|共识|标准|摘编|建议|意见|规程)"
# 原来的方案, 现在的标准 are as often a patient's treatment and state as a document.
_BOOK = r"(?:指南|共识|规范|规程|摘编)"
_UP_TO_KIND = r"[^\d，。；、,;?!？！]{0,14}?"
DATED = re.compile(r"(?<!\d)((?:19|20)\d{2}|(?<![第\d])\d{2})年?(?:的?(?:修[订正]|更新|试行)?版|修[订正]|更新)")
YEAR_THEN_KIND = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})年?({_UP_TO_KIND}){KIND}")
KIND_THEN_YEAR = re.compile(rf"{KIND}[(（]?((?:19|20)\d{{2}})(?!\d)")
OLD = re.compile(rf"[旧老]版|[上前]一?版|(?:以前|过去|原来|旧|老)的?{_BOOK}")
CURRENT = re.compile(rf"最?新版|现行|(?:现在|目前|最?新)的?{_BOOK}|(?:按照?|照|根据)(?:现在|目前|最?新)的?方案")
_TALK = re.compile(
    rf"(?:按照?|依照?|照|根据|在)?(?:{DATED.pattern}|第[一二三四五六七八九十\d]{{1,3}}版(?:修[订正]版?)?|{OLD.pattern}|{CURRENT.pattern}|"
    rf"(?<!\d)(?:19|20)\d{{2}}年?的?(?={_UP_TO_KIND}{KIND}))的?"
)
_SOURCE = re.compile(rf"(?:{_BOOK}|(?<!疗)方案)(?:[(（]?(?:19|20)\d{{2}}年?版?[)）]?)?[里中]?")


def without_edition(text: str) -> str:
    """Blank out the words that name an edition, which no passage says; a text without such words stays as it is."""
    said = _TALK.sub(" ", text)
    if said == text and not KIND_THEN_YEAR.search(text):
        return text
    left = _SOURCE.sub(" ", said, count=1)
    return left if re.search(r"\w", left) else text
