"""Which bound the words around a number set: 不低于, 超过, ≥, 以上, 未满, 内, 左右."""

from __future__ import annotations

import re
from dataclasses import dataclass

RANGE = r"\s*(?:[~-]{1,2}|至|到)\s*"


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison sign, or none; `vague` when the language leaves open whether the end belongs to it."""

    sign: str
    vague: bool = False
    approximate: bool = False


_NOT = r"(?:不(?:应当?|宜|要|得|能|可以?|允许|建议|推荐)?|勿|切勿|避免|未|没有|不会|别|莫|不准|不许)"
_OVER = r"(?:超过|超出|高出|高于|大于|多于|高过|大过|多过|长于|超|晚于|迟于)"
_UNDER = r"(?:低于|小于|少于|短于|低过|少过|早于|不足|不到|小过)"
_BEFORE = re.compile(
    r"(?:"
    rf"(?P<le>≤|<=|=<|{_NOT}{_OVER}|至多不?{_OVER}?|最多不?{_OVER}?|最大不?{_OVER}|最高不?{_OVER}|最[迟长慢晚]不?{_OVER}?|不多于|小于或?等于|低于或?等于|少于或?等于|上限[为是]|≯)"
    rf"|(?P<ge>≥|>=|=>|{_NOT}{_UNDER}|至少|最少|起码|最[低短快早]不?{_UNDER}?|大于或?等于|高于或?等于|多于或?等于|不下于|够|达到或?{_OVER}|≮)"
    rf"|(?P<lt><|{_UNDER}|未满|不满|不足|不到|未达到?|未及|没到|没有达到)"
    rf"|(?P<gt>>|{_OVER})"
    r"|(?P<upto>可达)"
    r"|(?P<full>年?满)|(?P<past>过了?)|(?P<reach>达到|达)"
    r"|(?P<approx>约|大约|大概|接近|近|将近|≈|左右)"
    r")(?:为|是|到|达|至|在)?(?:每[日天周月年次])?(?:进行|达到|使用|补充|摄入|饮用|服用|持续|维持|保持|检测|监测|随访|复查|累计|活动|运动|睡眠?|喝|吃|用|服|含|喷|吸|打|做|给予|休息|观察|治疗|降低|下降|减少|升高|上升|增加|提高|缩短|延长|降|减|间隔|相隔|隔开?|静卧|卧床)?(?:正常(?:值|参考值)?(?:上限|高限)?(?:值)?的?|参考值上限的?|ULN的?|约|自身体重的?|基线(?:值|水平)?的?)?\s*[(]?\s*$"
)
_AFTER = re.compile(
    r"\s*[)]?\s*(?:[(][^()]{0,8}[)])?(?:"
    r"(?P<ge>或者?更[高多大久长]|或者?以上|及以上|和以上|\(含\)以上|或更晚)"
    r"|(?P<le>或者?更[低少小短]|或者?以下|及以下|和以下|或更早)"
    r"|(?P<vge>(?:之|的)?以?上(?!限|述|午|腹|肢|呼吸|消化|市|臂|级|次|报|传|调|升)|余(?!热|下|者|留)|多(?=[岁天年个例]))"
    r"|(?P<vle>(?:之|的)?以?下(?!限|述|午|腹|肢|降|调|级|次|列|一)|(?:之|以)?内(?!科|镜|分泌|脏|径|容|服|膜|皮|瘤)|之间内)"
    r"|(?P<later>(?:之|以)?后(?!期|续|循环|方|壁|遗|者))"
    r"|(?P<earlier>(?:之|以)?前(?!期|列|壁|臂|循环|额|者|后|提|瞻))"
    r"|(?P<approx>左右|上下|许)"
    r")"
)
_SIGNS = {"le": "≤", "ge": "≥", "lt": "<", "gt": ">", "vge": "≥", "vle": "≤", "later": "≥", "earlier": "≤"}


def bound_before(text: str, start: int, kind: str) -> tuple[Bound, int]:
    """Return the bound that ends at `start`, and where its words begin; 满 bounds only an age (用满 90 天 is 90 days)."""
    head = text[max(0, start - 18) : start]
    match = _BEFORE.search(head)
    if match is None:
        return Bound(""), start
    name = match.lastgroup or ""
    begin = start - len(head) + match.start()
    if name == "approx":
        return Bound("", approximate=True), begin
    if name == "past":
        return (Bound(">", vague=True), begin) if kind == "duration" else (Bound(""), start)
    if name == "upto":
        return Bound("≤", approximate=True), begin
    if name == "reach":
        return Bound("≥", vague=True, approximate=True), begin
    if name == "full":
        return (Bound("≥"), begin) if kind == "age" else (Bound(""), start)
    return Bound(_SIGNS[name]), begin


def bound_after(text: str, end: int, kind: str) -> tuple[Bound, int]:
    """Return the bound that begins at `end`, and where its words end; 后 and 前 bound only times."""
    match = _AFTER.match(text, end)
    if match is None:
        return Bound(""), end
    name = match.lastgroup or ""
    if name == "approx":
        return Bound("", approximate=True), match.end()
    if name in ("later", "earlier") and kind not in ("duration", "age"):
        return Bound(""), end
    # 治疗 3 个月后 may be told as 治了 3 个月
    return Bound(_SIGNS[name], vague=name not in ("ge", "le"), approximate=name == "later"), match.end()
