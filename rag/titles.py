"""What a guideline's title says: which work it is, for whom, and which edition of it."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from rag.text.normalise import squeeze
from rag.text.number import number

_NUMBER = r"(?:[一二三四五六七八九十百]+|\d{1,3})"
_EDITION_MARK = re.compile(
    rf"(?:19|20)\d{{2}}年?(?:第{_NUMBER}版|修[订正]版?|更新版?|试行版?|版)*|第{_NUMBER}[版次](?:修[订正]版?)?|"
    r"试行版?|修[订正]版|修订稿|更新版|最新版|新版|(?:公开)?征求意见[稿版]|讨论稿|送审稿|报批稿|"
    r"国家卫生健康委(?:员会)?(?:办公厅)?|国家中医药(?:管理)?局|关于印发|关于|的?通知|[(（《》)）〈〉【】\[\]·,，:：\-—_\s]"
)
_ORDINAL = re.compile(rf"第({_NUMBER})版")
_REVISED = re.compile(r"修订版|修正版|修订稿|更新版|版修订|版修正|修订$")
_DRAFT = re.compile(r"征求意见|讨论稿|送审稿|报批稿")
_PURPOSES = ("诊断与治疗", "诊断和治疗", "诊断治疗", "诊疗", "诊治", "防治", "防控", "预防", "控制", "管理", "康复", "护理", "筛查",
             "监测", "接种", "用药", "治疗", "诊断", "急救", "食养", "营养", "要点", "技术", "临床", "实践")
_TREATING = {"诊断与治疗": "诊疗", "诊断和治疗": "诊疗", "诊断治疗": "诊疗", "诊治": "诊疗"}
_TYPE = re.compile(rf"((?:{'|'.join(_PURPOSES)}|与|和|及)*)(方案|指南|共识|专家共识|规范|标准|规程|建议|意见|指引|路径|手册|要点摘编|摘编)$")
# A title with one more of these is about others, or is another kind of document, and never just another edition.
_OTHER_DOCUMENT = re.compile(
    r"老年|儿童|小儿|婴|幼|新生儿|早产|青少年|成人|妊娠|孕|产|哺乳|女性|男性|绝经|基层|社区|农村|县域|围手术期|围术期|重症|危重|轻型|难治|"
    r"急性|慢性|院前|急诊|门诊|中医|中西医|药|营养|食养|膳食|运动|康复|护理|影像|超声|检[验测]|筛查|监测|预防|防控|接种|疫苗|转诊|教育|"
    r"患者|解读|流程|路径|实用|实践|简版|摘[编要]|释义|问答|合并|伴|相关|并发|继发|原发|肾|心|脑|肝|眼|足|前期|非|先天|遗传|肿瘤|癌|手术|介入"
)
_LIKE_TITLES = 0.75
_NO_SUBJECT = re.compile(
    rf"{'|'.join(_PURPOSES)}|方案|指南|专家共识|共识|规范|标准|规程|建议|意见|指引|路径|手册|摘编|旧版|基层|中国|中华|全国|国家|成人|与同期教材|前后教材"
)


def work_key(title: str) -> str:
    """Reduce a title to the work's name: no year, no edition, no notice wording."""
    return _EDITION_MARK.sub("", squeeze(title))


def subject(title: str) -> str:
    """Reduce a title to what it is about: no edition, appendix, kind of document or setting (高血压 of 中国高血压防治指南)."""
    whole = re.sub(r"[(（](?:[^)）]*?[,，])?附[^)）]*[)）]|[,，]?附\d.*$", "", squeeze(title))
    return _NO_SUBJECT.sub("", work_key(whole)) or work_key(title)


def ordinal(text: str) -> int:
    """Return N of 第N版 in a squeezed text, or 0."""
    found = _ORDINAL.search(text)
    return int(number(found.group(1)) or 0) if found else 0


def revised(text: str) -> bool:
    """Tell whether a squeezed title calls itself the revision of an edition (修订版, 修正版, 更新版)."""
    return bool(_REVISED.search(text))


def draft(text: str) -> bool:
    """Tell whether a squeezed title is that of a draft for comment, which was never in force."""
    return bool(_DRAFT.search(text))


def document_type(key: str) -> tuple[str, str]:
    """Split what kind of document a work's name ends in from its subject: (subject, kind); kind is empty if unknown."""
    found = _TYPE.search(key)
    if not found:
        return key, ""
    purpose = found[1]
    for long, short in _TREATING.items():
        purpose = purpose.replace(long, short)
    return key[: found.start()], purpose + found[2].replace("专家共识", "共识")


def title_likeness(a: str, b: str) -> float:
    """Compare the names of two works: 1 the same, 0.9 one only leaves out characters of the other, 0.75 alike, else 0.

    0 whenever the kinds of document differ, or one names a population, setting or number that the other does not.
    """
    if a == b:
        return 1.0
    (subject_a, kind_a), (subject_b, kind_b) = document_type(a), document_type(b)
    if not kind_a or kind_a != kind_b:
        return 0.0
    only_a, only_b = _leftovers(subject_a, subject_b)
    if _OTHER_DOCUMENT.search(only_a) or _OTHER_DOCUMENT.search(only_b) or (re.search(r"\d", only_a) and re.search(r"\d", only_b)):
        return 0.0
    common = (Counter(subject_a) & Counter(subject_b)).total()
    if not only_a.strip() or not only_b.strip():
        return 0.9 if common >= 2 else 0.0
    return _LIKE_TITLES if common + len(kind_a) >= _LIKE_TITLES * max(len(a), len(b)) else 0.0


def _leftovers(a: str, b: str) -> tuple[str, str]:
    """Return what each has beyond their common subsequence, pieces set apart by spaces."""
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    only_a, only_b, at_a, at_b = [], [], 0, 0
    for block in blocks:
        only_a.append(a[at_a : block.a])
        only_b.append(b[at_b : block.b])
        at_a, at_b = block.a + block.size, block.b + block.size
    return " ".join(only_a), " ".join(only_b)
