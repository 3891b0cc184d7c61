"""How identifiers are written: one regular expression for each way, in the order in which they apply."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

IDENTITY = "身份证号"

Accept = Callable[[re.Match[str]], bool]
Pattern = tuple[str, str, Accept | None]  # kind, expression whose group `it` is the identifier, further check

_HAN_DIGITS = "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_SEP, _ALONE = r"[ -]?", r"(?<![\dA-Za-z.])"
_RUN = rf"\d(?:{_SEP}\d)"  # with a count behind: that many digits more
_MONTH = rf"(?:0{_SEP}[1-9]|1{_SEP}[0-2])"
_DAY = rf"(?:0{_SEP}[1-9]|[12]{_SEP}\d|3{_SEP}[01])"
_LINK = r"(?:码|编号|ID|id)?(?:是|为|叫|有|:|：|#|=|\s|No\.?|no\.?)*"
_TO = r"(?:是|为|叫|:|：|\s|“|\"|，|（|\()*"
_FOREIGN = r"[\u4e00-\u9fff]{1,6}(?:[·•.][\u4e00-\u9fff]{1,6})+"
_LATIN = r"[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+){0,2}"
# What may follow a name; a word that goes on otherwise is no name.
_NAME_END = (
    r"(?=$|[^\u4e00-\u9fff]|男|女|性别|今年|年龄|现年|因|于|诉|说|主诉|的|先生|女士|同志|出生|身份|电话|手机|住|家住|患|得|有|"
    r"最近|昨|突|发|血|糖尿|代诉|让|问|要|高|查|入院|来|在|是|今|想|和|已|现|曾|去|上|这|做|吃|服|感|咳|头|胸|腹|反复)"
)
_GAP_END = r"$|[^\u4e00-\u9fff]"  # what follows a name that is written with spaces
_ROAD = r"(?:路|街|大道|巷|弄|胡同|村|屯|小区|花园|家园|公寓)"
_NUMBERED = r"(?:号楼|号院|号|栋|幢|座|单元|室|组|队|房)"


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str], Accept | None], ...]:
    """Compile the expressions."""
    written = (*_identity(), *_cards(), *_phones(), *_birth_dates(), *_handles(), *_places(), *_names())
    return tuple((kind, re.compile(expression), accept) for kind, expression, accept in written)


def _identity() -> Iterator[Pattern]:
    """Follow GB 11643-1999: six digits of region, birth date, three of sequence and a check character; 15 digits before 1999."""
    region = rf"[1-9]{_SEP}{_RUN}{{4}}"
    century = rf"(?:1{_SEP}[89]|2{_SEP}0)"
    dated = rf"{_SEP}{_RUN}{{1}}{_SEP}{_MONTH}{_SEP}{_DAY}{_SEP}{_RUN}{{2}}"
    yield "邮箱", r"(?P<it>[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+)", None
    yield "邮箱", r"(?P<it>[A-Za-z][\w.+-]*(?: [\w.+-]+)? at \w+(?: ?dot ?\w+)+)", None
    yield IDENTITY, rf"{_ALONE}(?P<it>{region}{_SEP}{century}{dated}{_SEP}[\dXx])(?![\dA-Za-z])", None
    yield IDENTITY, rf"(?:身份证|身份号|公民身份号码)号?{_LINK}(?P<it>{_RUN}{{13,16}}{_SEP}[\dXx])(?!\d)", None
    yield IDENTITY, rf"{_ALONE}(?P<it>{region}{dated})(?!{_SEP}\d)", None


def _cards() -> Iterator[Pattern]:
    record = r"(?:医保|社保|医疗保险|保险|病历|病案|住院|门诊|就诊|诊疗|健康|档案|登记|检查|标本)"
    paper = r"(?:护照|通行证|军官证|士兵证|驾驶证|回乡证|居住证|学号|工号|学生证|工作证)"
    number = rf"[A-Za-z]{{0,4}}{_SEP}\d[\dA-Za-z-]{{3,}}"
    yield "病历或医保号", rf"{record}(?:卡|证|本|病历|单|档案)?(?:号|编号|ID|id|卡){_LINK}(?P<it>{number})", None
    yield "证件号", rf"{paper}号?{_LINK}(?P<it>(?:[\u4e00-\u9fff]字第?)?{number}号?)", None
    yield "银行卡号", rf"(?:银行卡|卡号|账号|帐号|账户|信用卡){_LINK}(?P<it>{_RUN}{{11,18}})(?!\d)", None
    yield "银行卡号", rf"{_ALONE}(?P<it>[3-6]{_SEP}{_RUN}{{11,17}})(?!{_SEP}\d)", _luhn
    part = r"(?:身份证|手机|电话|卡|账)(?:号码?)?的?(?:[后末前][一二三四五六七八\d]位(?:数字?)?|尾号|[后末]尾)"
    yield "号码片段", rf"(?:{part}|尾号){_LINK}(?P<it>\d{{3,8}}[Xx]?)(?![\d年月日])", None


def _phones() -> Iterator[Pattern]:
    label = r"(?:电话|手机|座机|联系方式|来电|tel|Tel|TEL|传真|打给我|打我)"
    han = rf"[{_HAN_DIGITS}](?:[ 、-]?[{_HAN_DIGITS}])"
    yield "电话", rf"(?<![\d.])(?P<it>(?:\+?86{_SEP})?1{_SEP}[3-9]{_SEP}{_RUN}{{8}})(?!\d)", None
    yield "电话", r"(?<![\d.\-])(?P<it>\(?0\d{2,3}\)?[ -]?[2-8]\d{2,3}[ -]?\d{4}(?:(?:-|转)\d{1,5})?)(?!\d)", None
    yield "电话", rf"{label}{_LINK}(?P<it>[+\d(][\d ()-]{{5,18}}\d)(?![\d/.])", _enough_digits
    yield "电话", rf"(?P<it>{han}{{10,17}})", None


def _birth_dates() -> Iterator[Pattern]:
    spelt = r"[一二〇零○九八七六五四三]{2,4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]?"
    figures = r"(?:1[89]|20)\d{2}\s?[-年./]\s?\d{1,2}\s?[-月./]\s?\d{1,2}\s?[日号]?|(?:19|20)\d{6}|(?:19|20)?\d{2}年\d{1,2}月"
    date = rf"(?:{figures}|{spelt})"
    born = r"(?:出生日期|出生年月日?|出生时间|出生于|出生|生日|生于|DOB|dob)"
    yield "出生日期", rf"{born}(?:是|为|:|：|\s|在|（|\()*(?P<it>{date})", None
    yield "出生日期", rf"(?P<it>{date})(?=\s?(?:出生|生人|生的|生日|生，|生,))", None


def _handles() -> Iterator[Pattern]:
    handle = r"(?:微信|wechat|WeChat|Wechat|VX|vx|V信|QQ|qq|Qq|扣扣|企鹅号|抖音|快手|支付宝|钉钉)"
    regions = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    yield "微信或QQ", rf"{handle}号?{_LINK}(?P<it>[A-Za-z0-9_][\w-]{{4,19}})", None
    yield "微信或QQ", rf"加我?[Vv]信?{_LINK}(?P<it>[A-Za-z0-9_][\w-]{{4,19}})", None
    yield "微信或QQ", rf"(?:微信|网)(?:名|昵称){_TO}(?P<it>[^“”\"，,。\s]{{2,20}})", None
    yield "网络地址", r"(?<![\d.])(?P<it>(?:\d{1,3}\.){3}\d{1,3})(?![\d.])", None
    yield "车牌", rf"(?P<it>[{regions}][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{{5,6}})(?![A-Za-z0-9])", None


def _places() -> Iterator[Pattern]:
    """Write an address: what follows 住址 and the like; a province and finer units; a county and a town; a road and a number."""
    words = _words()
    number = r"[\dA-Za-z一二三四五六七八九十百-]{1,6}"
    strict, loose = (rf"[^\W\d_a-zA-Z{words[key]}]" for key in ("not_in_places", "never_in_places"))
    ends = rf"{number}(?:{_NUMBERED}|楼|层|弄|巷|段|期)(?:\d{{3,4}}(?![\d.室号房]))?"  # 4号楼1202

    def units(place: str) -> tuple[str, str, str]:
        """Write a county or larger, a town, and what is finer, of characters of one kind."""
        area, town = rf"(?>{place}{{1,7}}?(?:{words['areas']}))", rf"(?>{place}{{1,7}}?(?:街道|镇|乡))"
        return area, town, rf"(?>{place}{{1,8}}?(?:{words['fine_units']})|{ends})"

    province = rf"(?:{words['provinces']})"
    stated = rf"(?:{words['address_labels']})(?:是|为|在|:|：|\s)*"
    area, town, fine = units(loose)
    yield "住址", rf"{stated}(?P<it>(?:{province}(?:省|市|自治区)?)?(?:{area}|{town}|{fine})++)", None
    yield "住址", rf"(?P<it>{province}(?:省|市|[壮回维吾尔]*族?自治区)?(?:{area}){{0,3}}(?:{town}|{fine})++)", None
    area, town, fine = units(strict)
    yield "住址", rf"(?P<it>{province}(?:省|自治区)?(?:{area}){{2,3}})", None
    yield "住址", rf"(?P<it>(?:{area})++{town}(?:{fine})*+)", None
    door = rf"(?>{strict}{{1,7}}?{_ROAD})(?:{fine})*+(?<=[号院楼栋幢座元室组队房])"
    yield "住址", rf"(?P<it>(?:{area}|{town})*+{door})", None


def _names() -> Iterator[Pattern]:
    """Write a name: after 姓名 and the like anything; after 患者, 我爸 a surname that is no common word, or one with two characters."""
    words = _words()
    compound, surnames = words["compound"], words["surnames"]
    plain = "".join(c for c in surnames if c not in words["ambiguous"])
    given = rf"[^\W\d_a-zA-Z{words['never']}]"
    loose = rf"[^\W\d_a-zA-Z{words['never_strong']}男女性年]"
    sure = rf"(?:{compound}|[{plain}]){given}{{1,2}}"
    any_surname = rf"(?:{compound}|[{surnames}])"
    full = rf"{_FOREIGN}|{words['placeholder']}|{sure}{_NAME_END}|[{surnames}]{given}{{2}}{_NAME_END}"
    yield "姓名", rf"(?:{words['strong']}){_TO}(?P<it>{_FOREIGN}|{_LATIN}|{any_surname}{loose}{{1,2}}|{loose}{{2,3}}{_NAME_END})", None
    yield "姓名", rf"(?:姓名|联系人|监护人|户主){_TO}(?P<it>[{surnames}] {loose}(?: {loose})?)(?={_GAP_END})", None
    yield "姓名", rf"叫{_TO}(?P<it>{sure}{_NAME_END})", None
    yield "姓名", rf"(?:{words['called']}|我姓名){_TO}(?P<it>{_FOREIGN}|{_LATIN}|{any_surname}{loose}{{1,2}}{_NAME_END})", None
    yield "姓名", rf"(?:{words['weak']})[:：]?\s?(?P<it>{full})", None
    numbered = rf"(?:{given}|[一二三四五六七八九十百千万])"  # 一诺 is a name where age or sex follows it
    person = r"[，,（( ]\s?(?:男|女|\d{1,3}个?[岁月])"
    yield "姓名", rf"(?:{words['weak']})[:：]?\s?(?P<it>[{plain}]{numbered}{{1,2}})(?={person})", None
    yield "姓名", rf"(?:{words['weak']})[:：]?\s?(?P<it>[A-Z][a-z]+ [A-Z][a-z]+)(?=[,，;；。 ]*(?:$|男|女|male|female|\d))", None
    yield "姓名", rf"\d{{1,3}}床[:：，, ]*(?P<it>{sure}{_NAME_END})", None
    yield "姓名", rf"(?P<it>{any_surname}{given}{{1,2}})(?=(?:{words['titles']}))", None
    yield "姓名", rf"(?P<it>{sure})(?=[，,（( ]\s?(?:男|女)(?:[性，,。 ）)]|\s?\d|$))", None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _luhn(match: re.Match[str]) -> bool:
    digits = [int(d) for d in reversed(_digits(match["it"]))]
    doubled = [sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(digits)]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def _enough_digits(match: re.Match[str]) -> bool:
    return 7 <= len(_digits(match["it"])) <= 20


@cache
def _words() -> dict[str, str]:
    data = tomllib.loads(Path(__file__).with_name("identifiers.toml").read_text(encoding="utf-8"))
    return {name: "".join(terms.split()) for name, terms in data.items()}
