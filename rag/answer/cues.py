"""What kind of thing a question asks for (an interval, a dose, a limit, when to refer, when to see again) and whether a sentence holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_CUES = {
    "time": (
        r"多久|[几多]少?天|几周|几个?月|几年|几个?小时|多长时间|间隔|疗程|什么时候|何时|隔|频率|几次|几回|多大岁数|几岁|最迟",
        r"\d\s*(?:s|min|h|d|wk|天|日|周|个?月|年|岁|小时|分钟|秒|次)|每[日天周月年晚]",
    ),
    "dose": (
        r"剂量|用量|毫克|克|毫升|吃多少|用多少|几片|几粒|几支|怎么[吃用喷吸打]|咋[吃用]|起始|最大量|最大剂量|加到|mg|ml|喷|负荷",
        r"\d\s*(?:mg|g|μg|ml|U|IU|万U|片|粒|喷|吸|支|滴|揿)",
    ),
    "limit": (
        r"多高|多低|多快|超过|低于|标准|目标|范围|正常|算|达到|降到|控制|多少才|切点|界值|值",
        r"[<>≥≤＜＞]|\d\s*[~～\-–]\s*\d|以上|以下|超过|低于|未满",
    ),
    "size": (r"直径|多大(?!岁|年纪|量)|大小|多长(?!时间)|厘米|毫米|几公分", r"\d\s*(?:cm|mm|厘米|毫米|公分)"),
    "rate": (
        r"百分之|几率|概率|可能性|机会|比例|复发率|发生率|有效率|治愈率|几成|浓度",
        r"\d\s*(?:%|％|‰|/10\s*万)|[一二三四五六七八九]成|分之",
    ),
    "temperature": (r"多少度|几度|水温|室温|温度|体温", r"\d\s*(?:℃|度|°C)"),
    "referral": (r"转诊|转院|大医院|上级|急诊|往上转|送医院|住院|去医院|紧急|危险信号|马上", r"转诊|转[往送上院至]|送|急诊|就诊|就医|住院|120|上级"),
    "follow_up": (r"复查|随访|监测|复诊|查一次|查几次|多久查|多久看", r"复查|随访|监测|复诊|每.{0,8}[次查测]"),
}
NAMES = tuple(_CUES)


@cache
def _compiled() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    return {name: (re.compile(asks), re.compile(has)) for name, (asks, has) in _CUES.items()}


def asked(question: str) -> tuple[str, ...]:
    """Name the kinds of thing that a question asks for."""
    return tuple(name for name, (asks, _) in _compiled().items() if asks.search(question))


def held(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield those of the named kinds that a sentence holds."""
    for name in names:
        if _compiled()[name][1].search(text):
            yield name
