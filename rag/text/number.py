"""What number a piece of text writes: Arabic, grouped, scientific, Chinese numerals, fractions in words."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
HAN = "零〇一二两三四五六七八九十百千万亿半"
POWER = r"(?:\s*[×xX*✕]\s*10\s*(?:\^\s*\(?\s*(?:-?\d+)\)?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?:12|9|6|3)(?=\s*/)))"
TEN = r"10(?:\^\s*\(?\s*-?\d+\)?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_POWER = re.compile(r"10\s*\^?\s*\(?([-\d⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)\)?$")
_WORD_FRACTION = re.compile(rf"(?:百分之|千分之|([{HAN}]+)分之)\s*([{HAN}]+|{ARABIC})(?:点([零〇一二三四五六七八九]+))?")


def chinese(text: str) -> Fraction | None:
    """Read a Chinese numeral such as 三百二十, 两, 十五, 一百零五, 半 or 二〇; None when it is not one."""
    if text == "半":
        return Fraction(1, 2)
    if not text or "半" in text:
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return Fraction(int("".join(str(_DIGITS[c]) for c in text)))
    total = section = 0
    digit: int | None = None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char] if char not in "零〇" else None
        elif char in _SCALES:
            section += (1 if digit is None else digit) * _SCALES[char]
            digit = None
        elif char in _GROUPS:
            total = (total + section + (digit or 0)) * _GROUPS[char]
            section, digit = 0, None
        else:
            return None
    return Fraction(total + section + (digit or 0))


def arabic(text: str) -> Fraction:
    """Read an Arabic number, with thousands separators and a power of ten (4×10⁹, 4×10^9, 4×109 before a slash)."""
    if text.startswith("10") and not text[2:3].isdecimal() and re.fullmatch(TEN, text):
        text = "1×" + text
    head = re.split(r"[×xX*✕]", text, maxsplit=1)
    value = Fraction(head[0].strip().replace(",", ""))
    if len(head) == 2 and (power := _POWER.search(head[1].strip())):
        value *= Fraction(10) ** int(power[1].translate(_SUPERSCRIPTS))
    return value


@lru_cache(maxsize=4096)
def number(text: str) -> Fraction | None:
    """Read a number in either script; None when the text is not one."""
    text = text.strip()
    if not text:
        return None
    if text[0] == "-":
        value = number(text[1:])
        return None if value is None else -value
    if text[0].isdigit() or text[0] == ".":
        value = arabic(text.rstrip("万亿千百"))
        for char in text[len(text.rstrip("万亿千百")) :]:
            value *= _GROUPS.get(char) or _SCALES[char]
        return value
    return chinese(text)


def neighbours(text: str) -> tuple[Fraction, Fraction] | None:
    """Read two digits set side by side, 两三 (2 to 3) or 三五 (3 to 5); None for anything else."""
    if len(text) == 2 and all(c in _DIGITS and c not in "零〇" for c in text):
        low, high = _DIGITS[text[0]], _DIGITS[text[1]]
        if low < high <= low + 2:
            return Fraction(low), Fraction(high)
    return None


def word_fraction(text: str) -> Fraction | None:
    """Read 百分之十, 二分之一, 千分之五; None when the text is not such a fraction."""
    match = _WORD_FRACTION.fullmatch(text)
    if match is None:
        return None
    part = number(match[2])
    whole = Fraction({"百": 100, "千": 1000}[text[0]]) if match[1] is None else chinese(match[1])
    if part is None or not whole:
        return None
    if match[3]:
        digits = "".join(str(_DIGITS[c]) for c in match[3])
        part += Fraction(int(digits), 10 ** len(digits))
    return part / whole
