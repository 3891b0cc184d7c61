"""What a line or paragraph is in a guideline: a heading and its rank, a run-in label, a graded recommendation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.text.normalise import normalise
from rag.text.readable import readable, without_references

_CN = "一二三四五六七八九十百零〇"
# Rank of each family of numbering: a family never stands above one of lower rank. Dotted numbers add a tenth a dot.
_FAMILIES: tuple[tuple[float, re.Pattern[str]], ...] = (
    (0.0, re.compile(rf"第\s*[{_CN}\d]+\s*[章篇部](?:分)?(?=\s|[:：]|\S)")),
    (0.0, re.compile(rf"附\s*[录件]\s*(?:[A-Z]|\d+|[{_CN}])?(?=$|[\s:：(（]|[^\w])")),
    (1.0, re.compile(rf"第\s*[{_CN}\d]+\s*[节条]")),
    (2.0, re.compile(rf"[{_CN}]{{1,3}}\s*[、.．](?=\S|\s)")),
    (3.0, re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[)）]")),
    (4.1, re.compile(r"(?:[A-Z]|\d{1,2})\.\d{1,2}(?:\.\d{1,2}){0,3}(?![\d.%~～\-–]|\s*(?:[a-zA-Z%μ℃]|[、,，;；)）]))")),
    (4.0, re.compile(r"\d{1,2}\s*[.．、](?!\d)")),
    (4.0, re.compile(r"\d{1,2}\s+(?=[\u3400-\u9fff])(?!小时|分钟|天|岁|个月|次|例(?!外)|周(?!围)|年(?!龄)|日(?!常))")),
    (5.0, re.compile(r"(?:[（(]\s*\d{1,2}\s*[)）]|\d{1,2}\s*[)）])")),
)
_BRACKETED = re.compile(r"【[^【】]{1,20}】$")
_SENTENCE_MARKS = re.compile(r"[。；;！？!?]|[，,].*[，,]")
# Words before a colon that announce a list rather than name a section.
_ANNOUNCES = re.compile(r"如下|以下|下列|下述|包括|分为|[为有即是]：?$")
_RUN_IN = re.compile(r"([^：:。；;，,！？]{2,26}?)[：:](?=.{4})", re.DOTALL)
_MOST_LABEL = 26  # the width of a heading with a colon
RANK_LARGE, RANK_BOLD, RANK_BRACKETED, RANK_CIRCLED, RANK_FRONT = 0.5, 5.5, 6.0, 7.0, 9.0
# What guidelines call their chapters where they do not number them.
_ASPECT = (
    r"(?:定义|概[念述]|背景|流行病学(?:特[征点])?|病因(?:学)?|诱因|发病机制|病理(?:生理|机制)?|危险因素|临床特[点征]|临床表现|症状|体征|(?:辅助|实验室|影像学|体格)?检查|诊断|"
    r"鉴别诊断|诊断标准|分[型类期级]|(?:一般|药物|手术|非药物)?治疗(?:原则|目标|方案|方法)?|处理(?:原则)?|管理|随访|预防(?:措施)?|预后|康复|护理|疗效(?:评[定估价]|判定)(?:标准)?|并发症|"
    r"适应[证症]|禁忌[证症]|不良反应|健康教育|转诊(?:指征)?|筛查|监测|评估|注意事项)"
)
_BARE = re.compile(rf"(?:临床|常用的?|主要|基本|病情)?{_ASPECT}(?:[、和及与]{_ASPECT})*[：:]?")
_CAPTION = re.compile(r"(?:续|附)?[图表]\s*[A-Z]?\d+(?:[.\-–]\d+)*(?:\s|$)")
# Headings of the front matter: nothing stands under them but their own paragraph.
_FRONT = re.compile(r"(?:摘\s*要|关\s*键\s*词|前\s*言|Abstract|Key ?words)$", re.IGNORECASE)


def numbering(text: str) -> tuple[float, int] | None:
    """Return the rank of the numbering that a line begins with and where its words begin, or None."""
    for rank, pattern in _FAMILIES:
        match = pattern.match(text)
        if match:
            dots = match.group().count(".") if rank == 4.1 else 1
            return rank + 0.1 * (dots - 1), match.end()
    return None


def heading_rank(text: str, *, bold: bool = False, larger: bool = False) -> float | None:
    """Return a paragraph's rank as a heading (lower stands higher), or None where it is no heading."""
    text = without_references(text).strip()
    plain = normalise(text)
    if len(plain) < 2 or text_width(plain) > 60 or not re.search(r"[\u3400-\u9fffA-Za-z]", plain):
        return None
    if _CAPTION.match(plain):
        return None
    if _BRACKETED.match(text):
        return RANK_BRACKETED
    if _FRONT.match(plain):
        return RANK_FRONT
    found = numbering(text)
    if found:
        rank, start = found
        words = plain[min(start, len(plain)) :].strip()
        return rank if _is_title(words, rank, marked=bold or larger) else None
    if text_width(plain) > 40 or plain[-1] in "。；;，,：:、" or _SENTENCE_MARKS.search(plain):
        return None
    if larger:
        return RANK_LARGE
    return RANK_BOLD if bold else None


def bare_heading(text: str) -> bool:
    """Tell a line that consists of the name of a guideline's chapter, without a number: 临床表现, 诊断和鉴别诊断."""
    return bool(_BARE.fullmatch(without_references(text).strip()))


def rank_of_bare_headings(texts: Iterable[str]) -> float:
    """Tell from which kind of heading comes first whether those without a number stand above or below the others."""
    for text in texts:
        if bare_heading(text):
            return RANK_LARGE
        if heading_rank(text) is not None:
            return RANK_BOLD
    return RANK_BOLD


def _is_title(words: str, rank: float, *, marked: bool) -> bool:
    """Tell a numbered title from a numbered sentence or list item."""
    if not words:
        return rank < 2 or marked
    if words[-1] == "。" and len(words) <= 22 and (rank <= 3 or marked):
        words = words[:-1]
    elif words[-1] in "：:" and text_width(words) <= _MOST_LABEL and rank < 5 and not _ANNOUNCES.search(words):
        words = words[:-1].rstrip()
    if not words:
        return False
    if words[-1] in "。；;，,：:、！？" or _SENTENCE_MARKS.search(words):
        return False
    return text_width(words) <= (44 if rank < 4 or marked else 30)


def text_width(text: str) -> float:
    """Give the width of a text in Chinese characters; Latin ones take half."""
    return sum(0.5 if char < "\u2e80" else 1.0 for char in text)


def item_number(text: str) -> tuple[float, int] | None:
    """Return rank and end of the number of an item, circled ones too, or None."""
    return (RANK_CIRCLED, 1) if "①" <= text[:1] <= "⑳" else numbering(text)


def run_in_label(text: str) -> tuple[float, str] | None:
    """Return rank and label of a numbered paragraph that opens with one, such as （3）奥扎莫德：…, or None."""
    found = item_number(text)
    if not found:
        return None
    rank, start = found
    match = _RUN_IN.match(text, start)
    return (rank, text[: match.end(1)].strip()) if match else None


@dataclass(slots=True)
class Outline:
    """The headings above the current place, outermost first."""

    stack: list[tuple[float, str]] = field(default_factory=list)

    def enter(self, rank: float, title: str) -> int:
        """Enter a heading and return its level, 1 for the outermost."""
        while self.stack and self.stack[-1][0] >= rank:
            self.stack.pop()
        self.stack.append((rank, title))
        return len(self.stack)

    @property
    def path(self) -> tuple[str, ...]:
        """Give the titles from the outermost to the innermost."""
        return tuple(title for _, title in self.stack)


@dataclass(frozen=True, slots=True)
class Graded:
    """A recommendation's grade and evidence level as printed; None where not stated."""

    grade: str | None
    evidence: str | None


_LEVEL = r"(?:GRADE\s*)?(?:[ⅠⅡⅢⅣⅤIV]{1,3}\s*[a-cA-C]?|[1-5]\s*[a-dA-D]?[+\-＋－]*|[A-E]\s*[+\-＋－]*|极低|非常低|很低|中等?|低|高|强|弱)"
_GRADE_WORDS = r"(?:强烈|强|弱|中等|中度|条件性|有条件|一般|不)(?:烈)?推荐"
_EVIDENCE = (
    re.compile(
        rf"(?:证据(?:质量)?(?:等级|级别|水平|强度|质量)|LOE|证据)\s*(?:为|[:：])?\s*(?P<v>{_LEVEL}(?:\s*[级类]|质量)?)(?!\w*推荐)"
    ),
    re.compile(rf"(?P<v>{_LEVEL}\s*(?:[级类]|质量)?)\s*(?:证据|循证)"),
)
_GRADE = (
    re.compile(
        rf"(?:推荐(?:等级|级别|强度|类别|分级)|COR)\s*(?:为|[:：])?\s*(?P<v>{_GRADE_WORDS}|{_LEVEL}(?:\s*[级类])?)"
    ),
    re.compile(rf"(?P<v>{_LEVEL}\s*[级类])\s*推荐"),
    re.compile(rf"(?P<v>{_GRADE_WORDS})"),
)
_GRADE_CODE = re.compile(
    r"[（(\[［【，,、；]\s*(?:GRADE\s*)?(?P<g>[12]|[ⅠⅡⅢ]{1,3}[ab]?)\s*[,，、]?\s*(?P<e>[A-D])\s*[)）\]］】，,、；]"
)
_LEAD = re.compile(r"^(?:【?\s*推荐意见|推荐\s*\d+|【推荐】|推荐[:：]|【?\s*专家共识|共识意见|【?\s*建议\s*\d+)")
_CONSENSUS = re.compile(r"[（(]\s*(?:专家(?:意见|共识|推荐)|良好实践(?:声明|主张)?|GPS|共识推荐)")


def is_recommendation_lead(text: str) -> bool:
    """Tell whether a paragraph opens as a recommendation statement."""
    return bool(_LEAD.match(text.strip()))


def find_grade(text: str) -> Graded | None:
    """Find grade and evidence level in a recommendation; None where the text states neither."""
    plain = readable(text)
    evidence = _first(_EVIDENCE, plain)
    grade = _first(_GRADE, _without_evidence(plain))
    code = _GRADE_CODE.search(plain)
    if code and not (grade and evidence):
        grade, evidence = grade or code["g"], evidence or code["e"]
    if not evidence and (match := _CONSENSUS.search(plain)):
        evidence = match.group().lstrip("（( ")
    return Graded(grade, evidence) if grade or evidence else None


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    """Return the first pattern's value found in a text."""
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            return re.sub(r"\s+", "", match["v"])
    return None


def _without_evidence(text: str) -> str:
    """Mask the evidence expressions, so that their level is not taken for a grade."""
    for pattern in _EVIDENCE:
        text = pattern.sub("证据", text)
    return text
