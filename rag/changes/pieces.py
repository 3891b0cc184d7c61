"""The sentences of an edition, taken apart into the items that are compared: list members, clauses, doses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rag.text.normalise import normalise, squeeze
from rag.text.quantity import Quantity, quantities
from rag.text.simplify import simplify
from rag.types import Document, Sentence

_HAN = "\u3400-\u9fff"
_LINE_BREAK = re.compile(rf"(?<=[{_HAN}，。、；：]) (?=[{_HAN}\d，。、；：])|(?<=\d) (?=[{_HAN}])|(?<=[{_HAN}]) (?=[(（\[])")
_PRESCRIPTION = re.compile(r"\d\s*(?:g|克|枚|丸|片)\s+(?=\S)")
_SEPARATOR = re.compile(r"[,，;；。:：、!！?？()（）\[\]【】“”\"《》]|\s+(?![\d])|(?<=[克丸枚])\s+|(?<=\dg)(?=[\u3400-\u9fff])")
_ENUMERATOR = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳]|[a-z][.．]|[•·●■-])\s*")
# Words that carry no fact of their own: their coming and going is a matter of style.
_STYLE = re.compile(
    r"[的了和与及或等可以应当需须者为是其由于在对并也均则即时后中内上有]|进行|给予|予以|主要|表现|包括|出现|发生|存在|部分|少数|通常|常见|一般|"
    r"患者|病例|病人|情况|之一|以下|下列|上述|相关|相应|采用|使用|方法|方式|以及|如果|例如|此类|所有|建议|要|不良|严重|目前|该|我委|国家卫生健康委(?:员会)?"
)
_AUTHORS = re.compile("专家|编写|名单|起草|工作组成员")
_IMPRINT = re.compile(
    r"^(?:校对|抄送|地址|网站地图|附件)\s*[:：]?|日印发|专家名单|ICP备|版权所有|^[(（]?\d{4}年?版?[)）]?$|^顾问[:：]|^组长[:：]|^成员[:：]|制定了?本|特制定|如下[:：]$|进行了?(?:修[订正]|更新)[，,]形成"
)
_SHORTEST = 5
_HEADING = re.compile(r"^\s*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．][^，。；：、,;:]{2,18}。?$")
_RUN_IN = " ▪ "
_CELL_GAP = " | "
_NAME = re.compile(r"(?<=[A-Za-z])\(([a-z]{1,4})['’\"]?\)['’\"]?[\dz]?")  # F(ab')2 is one name, however it was read
_CELL = 30  # characters at most of a line that may be a table's cell
_ENDED = re.compile(r"[。；：！？;:!?]$|[.)]$")
_VARIANTS = str.maketrans("黏減βα胞裏衝", "粘减ba孢里冲") | {ord("μ"): "u", ord("ß"): "b"}
_SLIP_LENGTH = 8
_NEARLY = 0.7
_TELLING_SIGN = re.compile(
    r"[\d一二三四五六七八九十百千万半两倍不无未非禁忌慎勿增减升降高低左右前后内外上下男女多少大小轻重早晚急慢甲乙丙有全仅优首次先可宜应须]"
)
_COMMON = 0.08  # share of all sentences
_COMMON_AT_LEAST = 6

_DEGREE = re.compile(
    r"极?[轻中重]度|[轻中重]型|危重|[高中低]危|[早中晚]期|正常|升高|增高|降低|减低|下降|上升|增加|减少|首选|次选|[一二三]线|阳性|阴性|"
    r"第[一二三四五六七八九十]+版|立即|尽早|常规|必须"
)
_HEADER = re.compile(r"\|[^|:]*:")
_NO_DOSE = frozenset({"date", "ordinal 次", "ordinal 剂"})  # a date, or which of several doses is meant
_PER_AREA = re.compile(r"1\.73\s*m")  # of the unit that a filtration rate is given in

_Line = tuple[tuple[str, ...], str, tuple[int, ...], str, str]
NEGATION = re.compile(r"不推荐|不建议|不主张|不宜|不应|不得|禁用|禁忌|禁止|忌用|慎用|避免|无需|不需|不再|不可(?!靠|逆|缺|避)|不能(?!获|排|耐|配|自)")


@dataclass(frozen=True, slots=True)
class Item:
    """A clause or list member. `grams` are the pairs of its telling characters, `doses` its quantities."""

    text: str
    grams: frozenset[str]
    doses: tuple[Quantity, ...]

    @property
    def weight(self) -> int:
        """Count the telling characters."""
        return len(self.grams) + 1 if self.grams else 0


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, table row or run of table cells, with the place it stands at and its items.

    `text` is in compatibility forms, to be compared; `shown` is as printed, on one line.
    `all_grams` are the pairs of its characters, those included that most sentences have; `cells`: it is a run of cells;
    `lead` is the first cell of a table's row, which says what the row is about.
    """

    number: int
    section: tuple[str, ...]
    text: str
    pages: tuple[int, ...]
    items: tuple[Item, ...]
    all_grams: Counter[str]
    shown: str
    cells: bool = False
    lead: str = ""

    @property
    def key(self) -> str:
        """Return the sentence without what numbering and typesetting put into it."""
        return bare(self.text)

    @property
    def grams(self) -> Counter[str]:
        """Count the pairs of telling characters."""
        return Counter(g for item in self.items for g in item.grams)

    @property
    def degrees(self) -> Counter[str]:
        """Count the words that say how much without a number: 重度, 升高, 首选, 第二版."""
        return Counter(_DEGREE.findall(self.text))

    @property
    def negations(self) -> frozenset[str]:
        """List the words that turn a recommendation, those that mean the same as one."""
        said = _HEADER.sub("|", self.text) if self.lead else self.text  # 主要禁忌 above a column forbids nothing
        return frozenset("不" if w.startswith(("不", "无")) else "禁" for w in NEGATION.findall(said))


def bare(text: str) -> str:
    """Reduce a line to its characters, without number and punctuation."""
    return re.sub(r"[\W_]+", "", squeeze(_ENUMERATOR.sub("", text))).lower().translate(_VARIANTS)


def pieces_of(document: Document) -> list[Piece]:
    """List an edition's sentences in order; its title, its authors and the imprint are no part of what it says."""
    title = squeeze(document.metadata.title)
    said: list[_Line] = [
        (p.section, text, s.pages, _on_one_line(s.text), _lead(text) if p.kind == "table" else "") for p in document.passages for s in p.sentences
        if (text := _printed(s)) and squeeze(text) not in title and squeeze(text) != squeeze(document.metadata.issuer)
        and not _IMPRINT.search(text) and not any(_AUTHORS.search(h) for h in p.section)
    ]
    lines = (line for line in _cells_joined(said) if len(squeeze(line[1])) >= _SHORTEST)
    return [_piece(n, line) for n, line in enumerate(lines)]


def reworded(piece: Piece, words: dict[str, str]) -> Piece:
    """Return a sentence with words replaced, the longest first; its text stays as it is printed."""
    text = piece.text
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, words[word])
    return piece if text == piece.text else replace(piece, items=items_of(text))


def without_common(old: list[Piece], new: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Take out of both the pairs of characters that so many sentences have that they tell nothing, such as the disease."""
    everything = [*old, *new]
    count = Counter(g for piece in everything for g in set(piece.grams))
    common = {g for g, c in count.items() if c > max(_COMMON * len(everything), _COMMON_AT_LEAST)}

    def told(pieces: list[Piece]) -> list[Piece]:
        return [replace(p, items=tuple(replace(i, grams=i.grams - common) for i in p.items)) for p in pieces]

    return told(old), told(new)


def items_of(text: str) -> tuple[Item, ...]:
    """Take a sentence apart; a heading that runs into it is left out."""
    said = _ENUMERATOR.sub("", text.split(_RUN_IN)[-1])
    return tuple(item for part in _parts(_NAME.sub(r"\1", said)) if (item := _item(part)).grams or item.doses)


def nearly_same(a: Piece, b: Piece) -> bool:
    """Tell whether two sentences share most of their characters in order, so that a single other word stands out."""
    return SequenceMatcher(None, a.key, b.key, autojunk=False).ratio() >= _NEARLY


def slip(a: str, b: str) -> bool:
    """Tell whether two sentences differ as a misread character makes them differ, in no sign that carries a fact."""
    a, b = bare(a), bare(b)
    if min(len(a), len(b)) < _SLIP_LENGTH or abs(len(a) - len(b)) > 3:
        return False
    parts = [(a[i:j], b[k:m]) for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if tag != "equal"]
    changed = "".join(x + y for x, y in parts)
    return len(parts) <= 3 and all(max(len(x), len(y)) <= 2 for x, y in parts) and not _TELLING_SIGN.search(changed)


def _cells_joined(said: list[_Line]) -> Iterator[_Line]:
    """Join runs of short lines that end no sentence: the cells of a table that was saved line by line."""
    run: list[_Line] = []
    for line in [*said, ((), "。", (), "", "")]:
        section, text = line[:2]
        if _is_cell(text) and (not run or run[-1][0] == section):
            run.append(line)
            continue
        if run:
            pages = tuple(sorted({p for cell in run for p in cell[2]}))
            yield run[0][0], _CELL_GAP.join(c[1] for c in run), pages, _CELL_GAP.join(c[3] for c in run), ""
        run = []
        if _is_cell(text):
            run.append(line)
        else:
            yield line


def telling(text: str) -> str:
    """Return the characters of a text that are no number, sign or word of style."""
    return re.sub(r"[\W\d_]+", "", _STYLE.sub("", squeeze(text).lower().translate(_VARIANTS)))


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities say the same; one without a comparator agrees with either side of its bound."""
    if a.dimension != b.dimension or a.second != b.second:
        return False
    ends = {"=": 0, "≥": 1, ">": 1, "≤": -1, "<": -1}
    turned = ends.get(a.comparator, 0) * ends.get(b.comparator, 0) < 0
    return not turned and {v for v in a.base if v is not None} == {v for v in b.base if v is not None}


def _piece(number: int, line: _Line) -> Piece:
    section, text, pages, shown, lead = line
    items = items_of(text)
    grams = Counter(g for item in items for g in item.grams)
    return Piece(number, section, text, pages, items, grams, shown, not lead and not _ENDED.search(text), lead)


def _lead(row: str) -> str:
    """Return the value of a row's first named cell (`表2 … | 药物: 二甲双胍 | …`), without notes in brackets."""
    cell = next((c for c in row.split("|") if ":" in c), "")
    return bare(re.sub(r"[(\[].*?[)\]]", "", cell.partition(":")[2]))


def _on_one_line(text: str) -> str:
    """Take out the line breaks and spaces that typesetting put between Chinese characters."""
    return re.sub(rf"(?<=[{_HAN}，。、；：（）])\s+(?=[{_HAN}\d，。、；：（）])|(?<=[\d])\s+(?=[{_HAN}])|\n", "", text)


def _printed(sentence: Sentence) -> str:
    """Return a sentence on one line, without the breaks that typesetting put into it; a run-in heading stays told apart."""
    head = sentence.quote.partition("\n")[0]
    runs_in = head != sentence.quote and sentence.text.startswith(head) and _HEADING.match(head)
    lines = (head, sentence.text[len(head) :]) if runs_in else ("", sentence.text)
    return _RUN_IN.join(plain for line in lines if (plain := _LINE_BREAK.sub("", simplify(normalise(line)))))


def _is_cell(text: str) -> bool:
    return len(text) <= _CELL and not _ENDED.search(text)


def _parts(text: str) -> Iterator[str]:
    if len(_PRESCRIPTION.findall(text)) < 2:  # spaces separate the herbs of a prescription, elsewhere they mean nothing
        text = re.sub(rf"(?<=[{_HAN}\d]) (?=[{_HAN}\da-zA-Z])", "", text)
    text = re.sub(r"(?<=\d)\s+(?=[A-Za-z°℃%μ×])", "", text)  # a number and its unit stay together
    yield from (part.strip() for part in _SEPARATOR.split(text) if part and part.strip())


def _item(text: str) -> Item:
    text = re.sub(r"(?<=[A-Za-z])[·•](?=[a-z])", "/", text)  # mg/kg·h is mg/kg/h
    doses = tuple(q for q in quantities(text) if _counts(q, text))
    rest = list(text)
    for q in doses:
        rest[slice(*q.span)] = "\x00" * (q.span[1] - q.span[0])
    telling = [run for run in re.split(r"[^\w]+", _STYLE.sub("", squeeze("".join(rest)).lower().translate(_VARIANTS))) if len(run) > 1]
    grams = frozenset(run[i : i + 2] for run in telling for i in range(len(run) - 1))
    return Item(text, grams, doses)


def _counts(quantity: Quantity, text: str) -> bool:
    """Tell whether a number is worth comparing: it has a unit, dates nothing, and is no stroke of a dash read as 一."""
    if not quantity.unit or quantity.dimension in _NO_DOSE or _PER_AREA.match(text, quantity.span[0]):
        return False
    return not (text[quantity.span[0]] == "一" and quantity.dimension in {"serving", "count", "times"})
