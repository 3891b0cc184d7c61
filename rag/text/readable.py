"""How a verbatim quote becomes the clean sentence that is shown and searched."""

from __future__ import annotations

import re

_HAN = r"\u3000-\u303f\u3400-\u9fff\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_FULL_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH |= {ord(a): ord(b) for a, b in zip("／％＋＝＜＞＆＠‐‑⁃－", "/%+=<>&@----", strict=True)}
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BRACKETS = rf"[\[［〔]\s*[\d{_HIGH}]{{1,3}}(?:\s*[,，、\-－‑⁃–—~～⁻−]\s*[\d{_HIGH}]{{1,3}})*\s*[\]］〕]"
_REFERENCE = re.compile(rf"\s*{_BRACKETS}(?:\s*[\-－‑–—~～]\s*{_BRACKETS})*")
_RAISED_RUN = re.compile(rf"(?P<before>.?)(?P<mark>[{_HIGH}⁻⁺,，\-–~ᵃ-ᶻ*＊]*[{_HIGH}][{_HIGH}⁻⁺,，\-－–~]*)")
# What takes an exponent: powers of ten, units, ions and isotopes; anything else raised is a note's or reference's mark.
_TAKES_POWER = re.compile(
    r"(?:\b10|(?:^|[^A-Za-z])(?:[munckdμµ]?m|[mk]?g|[mdcμµ]?l|min|kg|s|h|d)|[a-z]\))$|×10$", re.IGNORECASE
)
_ION = re.compile(r"(?:Na|K|Ca|Mg|Cl|HCO3|HCO₃|Fe|Zn|Cu|Al|H|NH4|PO4|SO4|O)$")
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}]) +| +(?=[{_HAN}])")
_CAPTION_NUMBER = re.compile(r"(?:续|附)? ?[表图] ?[A-Z]?\d+(?: ?[.．\-‑–] ?\d+)*(?! ?[）)、，])")
_APPENDIX = re.compile(r"(附) ?([录件] ?(?:[A-Z]|\d{1,2})) ?(?=[^\w.]|[\u3400-\u9fff]|$)")
_NUMBERING = re.compile(
    r"^(?:\d+(?:[.．]\d+)+\s*(?![\d型期级度])|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*|"
    r"\d{1,2}\s+(?=[\u3400-\u9fff])(?![型期级度岁月周天年日次个种小时分])|[①-⑳]\s*)"
)
_BROKEN_NUMBER = re.compile(r"(?<=\d)\s*．\s*(?=\d)")


def readable(quote: str) -> str:
    """Clean a quote: no reference marks, no line joins, half-width letters and digits; exponents stay raised."""
    text = quote.replace("\n", "").replace("\u3000", " ")
    text = _REFERENCE.sub("", text)
    text = _drop_note_marks(text)
    text = _BROKEN_NUMBER.sub(".", text).translate(_FULL_WIDTH)
    text = re.sub(r"\s+", " ", text)
    return _SPACE_BY_HAN.sub("", text).strip()


def without_references(text: str) -> str:
    """Take the marks of references, such as [3,5-7], out of a text."""
    return _REFERENCE.sub("", text)


def readable_heading(text: str) -> str:
    """Clean a heading: as a sentence, but the space after its number stays, and letter-spaced words are closed up."""
    text = re.sub(r"\s+", " ", _drop_note_marks(_REFERENCE.sub("", text)).translate(_FULL_WIDTH)).strip()
    caption = _CAPTION_NUMBER.match(text)
    if caption:
        return f"{re.sub(' ', '', caption.group())} {_SPACE_BY_HAN.sub('', text[caption.end() :]).strip()}".strip()
    if re.fullmatch(rf"(?:[{_HAN}] )+[{_HAN}]", text):
        return text.replace(" ", "")
    appendix = _APPENDIX.match(text)
    if appendix:
        return f"{appendix[1]}{appendix[2].replace(' ', '')} {_SPACE_BY_HAN.sub('', text[appendix.end() :])}".strip()
    number = re.match(
        r"(?:第[^ ]{1,4}[章节篇]|附录 ?[A-Z\d一二三四五六七八九十]*|(?:[A-Z]\.)?\d+(?:\.\d+)*|[A-Z]\d+|\d+[.．、]) ", text
    )
    if not number:
        return _SPACE_BY_HAN.sub("", text)
    return text[: number.end()] + _SPACE_BY_HAN.sub("", text[number.end() :])


def without_number(heading: str) -> str:
    """Return a heading's words: without its number, and without the mark at its end."""
    return _NUMBERING.sub("", heading).rstrip("。：:；; ")


def _drop_note_marks(text: str) -> str:
    """Remove raised digits that are marks of notes, keep those that are exponents or charges."""
    if not any(c in text for c in _HIGH):
        return text

    def replace(match: re.Match[str]) -> str:
        before, mark = match["before"], match["mark"]
        lead = text[: match.end("before")]
        keeps = _TAKES_POWER.search(lead) or (_ION.search(lead) and mark[-1] in "⁺⁻") or "⁻" in mark
        return before + (mark if keeps else "")

    return _RAISED_RUN.sub(replace, text)
