"""Which paragraphs are not the guideline's own text: contents, references, authors, English abstract, DOI lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.layout import is_latin
from rag.ingest.paragraphs import Paragraph
from rag.ingest.structure import numbering
from rag.ingest.tables import PageTable
from rag.text.normalise import squeeze
from rag.text.readable import readable

CONTENTS, REFERENCES, AUTHORS, ENGLISH, IMPRINT, TITLE = (
    "目录",
    "参考文献",
    "作者与单位",
    "英文摘要",
    "DOI、通信作者、基金等",
    "标题",
)
_LEADERS = re.compile(r"[.．…·‥。]{4,}\s*[\dⅠ-Ⅻivx]*\s*$|(?:\.\s){4,}|…{2,}")
_CONTENTS_HEAD = re.compile(r"^目\s*[录次]$")
_REFERENCES_HEAD = re.compile(
    r"^[【\[]?(?:\d+[.、]?)?(?:主要)?参考(?:文献|资料)[】\]]?[:：]?$|^References?$", re.IGNORECASE
)
_IMPRINT = re.compile(
    r"^(?:\[?DOI|基金(?:项目|资助)?|【基金|通信作者|通讯作者|\*?通(?:信|讯)作者|引用本文|文章引用|引用格式|收稿日期|本文编辑|【?中图分类号|"
    r"【?文献标[志识]码|【?文章编号|Corresponding|Fund(?:ing)?\b|Received|Copyright|This work is licensed|http|利益冲突|Conflicts?of|作者贡献|"
    r"志谢|致谢|版权|Open ?Access|第一作者|作者单位|作者简介|ICS\d|CCS[A-Z]\d|备案号|[（(]收稿|[（(]本文编辑|ChinJ|NatlMed|MedJPUMCH|实践指南注册|"
    r"[\u3400-\u9fff、]{4,40}(?:19|20)\d{2}年\d{1,2}月\d{1,2}日印发|校对[:：]|"
    r"《[^》]+》编(?:写|辑)|执笔(?:者|人|专家)?[:：]|起草(?:单位|人)|(?:本)?(?:指南|共识)?(?:制[定订]|编写|参与讨论|审阅|讨论|咨询|评审)?(?:专家|小?组|委员会)(?:成员|名单|组成|组)?[^。]{0,20}[:：（(](?=.{2,4}[，、（(]))",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"(?:大学|医院|学院|研究所|科室|中心|学会|分会|委员会|学组|协作组|协会).{0,40}(?:\d{6}|[北上广天重]\S{1,2}$|学组$|委员会$|分会$|协会$|学会$|医院\S{0,10}$)|^\d{6}"
)
_ABSTRACT = re.compile(r"^【?(?:Abstract|Key ?words?|Summary)\b", re.IGNORECASE)
_CHINESE_ABSTRACT = re.compile(r"^【?摘要】?|^【?关键词】?|^摘\s+要|^关键词")
_FIRST_HEADING = re.compile(r"第[一1]章|[一1]、|[(（]一[)）]|1[.．]?(?=[\u3400-\u9fff])")
_MEMBER = re.compile(
    r"[\u4e00-\u9fff]{2,4}\s?[（(][^（）()]{0,24}(?:医院|大学|学院|中心|研究[所院]|委员会|协会|学会|部|科)[^（）()]{0,20}[)）]"
)
_HAN = re.compile(r"[\u3400-\u9fff]")


def find_matter(items: Sequence[Paragraph | PageTable], title: str) -> dict[int, str]:
    """Return the index of each paragraph that goes into no passage, and why."""
    marks: dict[int, str] = {}
    body = _body_start(items, title)
    foreign = _is_foreign(items)
    first = min((min(item.pages) for item in items if isinstance(item, Paragraph)), default=1)
    in_references = False
    for index, item in enumerate(items):
        if isinstance(item, PageTable):
            continue
        text = readable(item.text)
        tight = squeeze(text)
        if _REFERENCES_HEAD.match(tight):
            in_references = True
            marks[index] = REFERENCES
        elif in_references:
            if _ends_references(item, tight):
                in_references = False
            else:
                marks[index] = REFERENCES
                continue
        front = index < body and min(item.pages) == first
        if index not in marks and (why := _kind(text, tight, front=front, title=title)):
            marks[index] = why
    _continue(items, marks)
    if foreign:
        marks = {index: why for index, why in marks.items() if why != ENGLISH}
    return _contents_pages(items, marks)


def is_imprint(text: str) -> bool:
    """Tell a line that speaks of the publication, such as its DOI, its funds or whom to write to."""
    return bool(_IMPRINT.match(squeeze(readable(text))))


def _is_foreign(items: Sequence[Paragraph | PageTable]) -> bool:
    """Tell a document in English, whose text is no translation of a Chinese one."""
    text = "".join(item.text for item in items if isinstance(item, Paragraph))
    return len(_HAN.findall(text)) < 0.02 * len(text)


def _continue(items: Sequence[Paragraph | PageTable], marks: dict[int, str]) -> None:
    """Extend marks to what goes on with them: an imprint's next small line, names between parts of the English abstract."""
    paragraphs = [(index, item) for index, item in enumerate(items) if isinstance(item, Paragraph)]
    for (before, last), (index, item) in zip(paragraphs, paragraphs[1:], strict=False):
        if index in marks or before not in marks or item.pages != last.pages or item.text.lstrip()[:1] == "【":
            continue
        gap = last.lines[-1][1].y0 - item.first.y1
        close = -1 < gap < 0.9 * item.first.size and abs(item.first.size - last.first.size) < 0.5
        if marks[before] == IMPRINT and close and not re.search(r"[。；]$", last.text.strip()) and len(item.lines) <= 2:
            marks[index] = IMPRINT
        elif marks[before] == ENGLISH and not _HAN.search(item.text) and is_latin(item.text.strip()[:1]):
            marks[index] = ENGLISH


def _body_start(items: Sequence[Paragraph | PageTable], title: str) -> int:
    """Return the index of the first paragraph of running Chinese text, or numbered heading, after the title block."""
    for index, item in enumerate(items):
        if isinstance(item, PageTable):
            return index
        text = squeeze(item.text)
        long = len(_HAN.findall(text)) > 60 and "。" in text
        begins = _CHINESE_ABSTRACT.match(text) or _FIRST_HEADING.match(text)
        if (long and not _IMPRINT.match(text)) or (begins and not _LEADERS.search(item.text)):
            return index
    return 0


def _kind(text: str, tight: str, *, front: bool, title: str) -> str | None:
    """Name what a single paragraph is, or None for the guideline's text."""
    if _LEADERS.search(text) or _CONTENTS_HEAD.match(tight):
        return CONTENTS
    if _IMPRINT.match(tight):
        return IMPRINT
    if names_people(text):
        return AUTHORS
    if _ABSTRACT.match(text) or _is_english(text):
        return ENGLISH
    if front and tight and (tight in squeeze(title) or re.fullmatch(r"附件\d*", tight)):
        return TITLE
    if front and numbering(text) is None:
        return AUTHORS if _AFFILIATION.search(text) or not re.search(r"[。；]", text) else None
    return None


def names_people(text: str) -> bool:
    """Tell a list of people with their hospitals from text."""
    members = [m.group() for m in _MEMBER.finditer(text)]
    return len(members) >= 4 or (len(members) >= 2 and sum(map(len, members)) > 0.7 * len(text))


def _is_english(text: str) -> bool:
    """Tell an English paragraph (abstract, title, caption) from Chinese text with English terms."""
    letters = sum(is_latin(c) for c in text)
    return letters >= 30 and not _HAN.search(text[:200]) and letters > 0.6 * len(text.replace(" ", ""))


def _ends_references(item: Paragraph, tight: str) -> bool:
    """Tell whether a paragraph after the reference list is text again: an appendix or chapter heading."""
    return bool(re.match(r"^附录|^附件|^附表|^第[一二三四五六七八九十]+[章节]", tight)) and len(tight) < 40


def _contents_pages(items: Sequence[Paragraph | PageTable], marks: dict[int, str]) -> dict[int, str]:
    """Extend contents to the other short lines of their page: between dotted lines, or below the contents' heading.

    A scan's leaders are often not recognised: there the heading alone must do, on a page without a sentence.
    """
    pages: dict[int, list[int]] = {}
    for index, item in enumerate(items):
        if isinstance(item, Paragraph):
            for page in item.pages:
                pages.setdefault(page, []).append(index)
    for indexes in pages.values():
        contents = [i for i in indexes if marks.get(i) == CONTENTS]
        if not contents:
            continue
        head = next((i for i in contents if _CONTENTS_HEAD.match(squeeze(items[i].text))), None)  # type: ignore[union-attr]
        rest = [i for i in indexes if head is not None and i > head]
        if len(rest) >= 3 and not any("。" in items[i].text for i in rest):  # type: ignore[union-attr]
            inside = rest
        else:
            inside = [i for i in indexes if len(contents) >= 3 and contents[0] <= i <= contents[-1]]
        for index in inside:
            marks.setdefault(index, CONTENTS)
    return marks
