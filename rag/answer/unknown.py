"""Names that neither the evidence nor everyday speech knows: what a question is about and the guideline may lack."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from rag.retrieve.query import Query, left_over

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9+-]+")
# Units, routes and times of a prescription name nothing to look for.
_PRESCRIBING = frozenset(
    "mg kg ug ng ml dl mmol umol mmhg cm mm iu iv im po sc ih bid tid qid qd qod qn prn st min max wk vs or and".split()
)

# Endings of the names of drugs, procedures, tests, scores and diseases (国家药典委员会《中国药品通用名称》命名原则 and usage); a
# name that the lexicon lacks still ends in one of them. The shorter ones end everyday words too.
_ENDINGS = re.compile(
    r"单抗|替尼|沙班|他汀|贝特|普利|沙坦|洛尔|地平|列净|列汀|鲁肽|双胍|沙星|环素|霉素|西林|培南|夫定|干扰素|球蛋白|疫苗|胶囊|颗粒|注射液|"
    r"封堵|消融|移植|切除|置换|造瘘|支架|起搏|刺激|疗法|磁疗|评分|量表|指数|试验|造影|活检|综合征|饮食|支持|"
    r"[素胺唑韦肽酶苷酯嗪啶酮铂碱术癌瘤炎疹镜片栓贴]"
)


def unknown_characters(query: Query, text: str) -> tuple[int, int]:
    """Count the pairs of a question's characters that are in no lexicon name, not in a text and not everyday speech.

    Returns the longest unbroken run and the sum. `text` is without white space.
    """
    longest = total = 0
    for run in _HAN.findall(left_over(query)):
        length = 0
        for first, second in zip(run, run[1:], strict=False):
            known = first + second in text or _common(first, second)
            length = 0 if known else length + 1
            total += not known
            longest = max(longest, length)
    return longest, total


def unknown_latin(query: Query, text: str) -> bool:
    """Tell whether a Latin word of the question that the lexicon does not know is missing from a text in small letters."""
    return any(word not in text for word in _LATIN.findall(left_over(query).lower()) if word not in _PRESCRIBING)


def unknown_terms(query: Query, text: str) -> int:
    """Count the technical terms of a question, known by their endings, that neither the lexicon nor a text has.

    A term is its ending with the two characters before it; one whose characters are all everyday pairs is none.
    """
    found = set()
    for run in _HAN.findall(left_over(query)):
        for ending in _ENDINGS.finditer(run):
            term = run[max(ending.start() - 2, 0) : ending.end()]
            if len(term) > len(ending[0]) and term not in text and not all(_common(a, b) for a, b in zip(term, term[1:], strict=False)):
                found.add(term)
    return len(found)


def _common(first: str, second: str) -> bool:
    return second in _everyday().get(first, "")


@cache
def _everyday() -> dict[str, str]:
    """Read the pairs: each first character with all that follow it (made by `python -m eval.everyday`)."""
    lines = resources.files("rag.text").joinpath("everyday_pairs.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1:] for line in lines}
