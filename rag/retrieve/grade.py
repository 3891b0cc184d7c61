"""How strong a recommendation is, across the schemes that guidelines grade by."""

from __future__ import annotations

import re
import unicodedata

from rag.errors import UsageError

# Class of recommendation (Ⅰ > Ⅱa > Ⅱ > Ⅱb > Ⅲ), GRADE (strong > weak) and letters, each on the same steps. The schemes
# are those of the guidelines themselves; where a guideline prints another one, its grade has no place here.
_STEPS = {
    "1": 5, "强": 5, "A": 5, "强烈": 5, "2A": 4, "2": 3, "B": 3, "中": 3, "中等": 3, "2B": 2, "3": 1, "C": 1, "弱": 1, "有条件": 1,
    "4": 0, "D": 0, "E": 0, "5": 0, "不": 0,
}
_ROMAN = {"III": "3", "II": "2", "IV": "4", "I": "1", "V": "5"}
_WORDS = re.compile(r"推荐|等级|级别|强度|[级类\s()（）]")
EXAMPLES = "Ⅰ、Ⅱa、Ⅱb、Ⅲ，A、B、C，1A、2B，强、弱"


def strength(grade: str) -> int | None:
    """Return how strong a printed grade is, from 0 to 5; None when it belongs to no known scheme."""
    text = _WORDS.sub("", unicodedata.normalize("NFKC", grade)).upper()
    if text.startswith("不"):
        return 0
    for roman, digit in _ROMAN.items():
        if text.startswith(roman):
            text = digit + text[len(roman) :]
            break
    if re.fullmatch(r"[12][A-D]", text) and text not in {"2A", "2B"}:
        text = text[0]  # GRADE writes the evidence behind the strength: 1A, 2C
    return _STEPS.get(text)


def least_strength(grade: str) -> int:
    """Return the strength that a user's lowest accepted grade stands for. Raises UsageError for an unknown grade."""
    found = strength(grade)
    if found is None:
        raise UsageError(f"不认识的推荐等级“{grade}”。可用的写法如：{EXAMPLES}。")
    return found
