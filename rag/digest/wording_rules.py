"""Whether each sentence and row of a digest is backed and spelled as corpus/README.md asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.digest.digest import Digest, DigestTable, Prose
from rag.digest.finding import Finding

MARK = re.compile(r"\[(\d+(?:[,-]\d+)*)\]")
_ANY_BRACKET = re.compile(r"\[[^\]]*\]")
_SENTENCE = re.compile(r"[^。！？]*[。！？]?[”」）]*")
_BACKED_END = re.compile(r"\[\d+(?:[,-]\d+)*\][”」）]*[。！？：:；]?[”」）]*$")
_UNITS = (
    r"mmHg|mmol|μmol|nmol|pmol|mIU|IU|kPa|kcal|kJ|kg|mg|μg|ng|pg|ml|mm|cm|min|dl|fl|Gy|mSv|MET|μm|[gdhLUsm](?![A-Za-z])|℃"
)
# What makes a number clinical: a unit, a counter of time or dose, a share, a comparison, a grade.
_CLINICAL = re.compile(
    rf"\d\s*(?:{_UNITS})|\d\s*(?:%|％|‰|倍|次|岁|年|个月|个?小时|分钟|周|天|日|月|片|粒|滴|喷|揿|杯|支|袋|分|级|型糖尿病|例|步|口|/\d)"
    r"|[≥≤＞＜]\s*-?\d|\d~\d|推荐(?:等级|级别|强度)|证据(?:级别|等级|质量)"
)
# Numbers that name things rather than measure them.
_NAMES = re.compile(
    r"(?:[12]型糖尿病|\d{4}\s*年?(?:版|修订版|更新版)|(?:19|20)\d{2}年|第\d+版|表\d+|[A-Za-z]+-?\d+|\d{2,3}(?:I|C|Tc|F|Sr)(?![A-Za-z])|《[^》]*》)"
)
_LETTER_UNITS = "mmHg|mmol|μmol|nmol|pmol|mIU|kPa|kcal|kJ|kg|mg|μg|ng|pg|ml|mm|cm|min|dl|IU"
_SPELLING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![A-Za-z])(?!mmHg)[mM]{2}[hH][gG]"), "血压单位写 mmHg"),
    (re.compile(r"毫米汞柱"), "血压单位写 mmHg"),
    (re.compile(r"(?:mmol|μmol|nmol|pmol|mg|μg|g|U)/l\b"), "升写大写 L，如 mmol/L"),
    (re.compile(r"\d\s*(?:mL|ML|Ml)\b|/mL\b|/dL\b"), "毫升写 ml，分升写 dl"),
    (re.compile(r"[\u00b5]|(?<![A-Za-z])u(?:g|mol)\b|\d\s*mcg"), "微写希腊字母 μ，如 μg、μmol/L"),
    (re.compile(r"\d\s*(?:毫克|微克|毫升|公斤|克(?!拉|罗|林|隆|仑|唑|肟|洛|霉|雷|服|伦|痛|奇))"), "单位写 mg、μg、ml、kg、g"),
    (re.compile(r"次\s*/\s*(?:日|天)|(?<![A-Za-z])(?:[bqt]i?d|qod|qn|prn)(?![A-Za-z])"), "每日几次写“n次/d”"),
    (re.compile(r"°C|\d\s*度(?=[，。、；\s])"), "温度写 ℃"),
    (re.compile(r"m2\b|m\^2"), "平方写 ²，如 kg/m²"),
    (re.compile(r"×\s*10(?:9|12)/L"), "10的9次方写 10^9/L"),
    (re.compile(rf"\d(?:{_LETTER_UNITS}|(?<![A-Za-z]\d)[gdhLU])(?![A-Za-z])|\d℃"), "数字与单位之间留一个空格"),
    (re.compile(r"\d\s*[～〜∼－–—]\s*\d|\d\s+~|~\s+\d"), "数值范围用“~”，前后不空格"),
    (re.compile(rf"(?<![\d-])\d+(?:\.\d+)?-\d+(?:\.\d+)?\s*(?:{_LETTER_UNITS}|%|岁|周|个月|次)"), "数值范围用“~”"),
    (re.compile(r"[<>]\s*=?\s*-?\d|\d\s*[<>]"), "比较用 ≥ ≤ ＞ ＜"),
    (re.compile(r"\*\*|`|\]\(|<[a-z/]|!\["), "行内不用加粗、代码、链接、图片和 HTML"),
    (re.compile(r"  +|\u00a0|\u3000|[\u200b-\u200f\u2060\ufeff]"), "有多余的空格或看不见的字符"),
)
_BEYOND_GBK = set("¹²³⁴℃~–")  # the other raised digits are missing in the Noto CJK fonts


def check_wording(digest: Digest) -> Iterator[Finding]:
    """Check reference marks, units, characters and markup."""
    cited: set[int] = set()
    for line, text in _texts(digest):
        yield from _spelling(digest, line, text)
        cited |= _numbers(text)
        yield from _marks(digest, line, text)
    for block in digest.body:
        if isinstance(block, Prose):
            yield from _sentences(digest, block)
        elif isinstance(block, DigestTable):
            yield from _rows(digest, block)
    for reference in digest.references:
        if reference.number not in cited:
            yield Finding(digest.path, reference.line, f"参考文献 {reference.number} 没有被引用过。")
        yield from _characters(digest, reference.line, reference.text)


def _texts(digest: Digest) -> Iterator[tuple[int, str]]:
    for block in digest.body:
        if isinstance(block, DigestTable):
            yield block.line, block.caption
            for row in block.rows:
                yield from ((row.line, cell) for cell in row.cells)
        else:
            yield block.line, block.text


def _numbers(text: str) -> set[int]:
    """List the references that a text cites; 1-3 means three."""
    cited: set[int] = set()
    for match in MARK.finditer(text):
        for part in match[1].split(","):
            first, _, last = part.partition("-")
            cited.update(range(int(first), int(last or first) + 1))
    return cited


def _marks(digest: Digest, line: int, text: str) -> Iterator[Finding]:
    known = {r.number for r in digest.references}
    for match in _ANY_BRACKET.finditer(text):
        if not MARK.fullmatch(match.group()):
            yield Finding(digest.path, line, f"出处标记 {match.group()} 写法不对，应如 [1]、[1,3] 或 [1-3]。")
    if dead := sorted(_numbers(text) - known):
        yield Finding(digest.path, line, f"出处 {'、'.join(map(str, dead))} 在参考文献里没有。")


def _sentences(digest: Digest, block: Prose) -> Iterator[Finding]:
    for match in _SENTENCE.finditer(block.text):
        sentence = match.group()
        if not sentence.strip() or _BACKED_END.search(sentence):
            continue
        bare = _NAMES.sub("", sentence)
        if _CLINICAL.search(bare) or block.text.startswith("推荐："):
            yield Finding(digest.path, block.line, f"含临床数字或推荐的句子末尾没有出处标记：“{_short(sentence)}”。")


def _rows(digest: Digest, table: DigestTable) -> Iterator[Finding]:
    for row in table.rows:
        if not MARK.search(row.cells[0]) and any(_CLINICAL.search(_NAMES.sub("", c)) for c in row.cells):
            yield Finding(digest.path, row.line, f"表格这一行的第一格“{_short(row.cells[0])}”之后没有出处标记。")


def _spelling(digest: Digest, line: int, text: str) -> Iterator[Finding]:
    for pattern, message in _SPELLING:
        if match := pattern.search(text):
            around = text[max(0, match.start() - 6) : match.end() + 4]
            yield Finding(digest.path, line, f"{message}：“{around}”。")
    yield from _characters(digest, line, text)


def _characters(digest: Digest, line: int, text: str) -> Iterator[Finding]:
    """Report characters that the embedded Chinese fonts may lack: those outside GBK and a few known symbols."""
    strange = {c for c in text if c not in _BEYOND_GBK and not _in_gbk(c)}
    if strange:
        yield Finding(digest.path, line, f"排版字体里可能没有这些字符：{'、'.join(f'{c}（U+{ord(c):04X}）' for c in sorted(strange))}。")


def _in_gbk(char: str) -> bool:
    if "\u3400" <= char <= "\u4dbf":  # extension A, as in 苯二氮䓬: all of it is in the Noto CJK fonts
        return True
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return text if len(text) <= 36 else f"{text[:34]}……"
