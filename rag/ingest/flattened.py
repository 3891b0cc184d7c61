"""What a table becomes whose cells stand on lines of their own: rows where its columns are certain, else cells by themselves.

A cell that is joined with a neighbour of another row gives a drug another one's dose. So rows are made only where one
number of columns explains all cells; otherwise a small table stays whole, and of a large one the cells that say something
by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ingest.structure import text_width
from rag.types import Table, TableRow

_MOST_COLUMNS, _LEAST_ROWS = 8, 3
_NAME = 16  # the width of a header or a row's name at most
_NAMED = ({"words"}, {"words", "digits"}, {"figures"})  # what rows are named by
_WHOLE = 300  # characters up to which a table can be read at one glance
_STANDS_ALONE = 8  # the least width of a cell that says something without its row
_GAP = re.compile(r"[ \u3000]{2,}|[ \u3000]*\t\s*")
_EMPTY = re.compile(r"[-—–－/]{1,3}")
_FIGURES = re.compile(r"[<>≥≤＜＞±约~～\d\s.,，\-–—至或/+＋%％()（）]*\d[<>≥≤＜＞±约~～\d\s.,，\-–—至或/+＋%％()（）]*")
_DOSE = re.compile(r"\d\s*(?:[mkμµ]?g|[mμ]?[lL]|I?U|[mμ]?mol|片|粒|万单位)(?![a-z])")
# Words of taking a drug that do not name it.
_TAKING = re.compile(
    r"[单每首]次|每[日天晚]|早晚|[日次]|剂量|首剂|用量|总量|最[大小高低]|起始|初始|维持|负荷|常用|推荐|不?超过|不[得应宜]|增[至加]|减[至少]|加[至量]|减量|或|至|和|为|"
    r"口服|舌下|静脉|动脉|皮下|肌[内肉]|腹腔|雾化|吸入|局部|外用|直肠|注射|滴注|推注|泵入|输注|给药|用药|缓慢|快速|睡前|[餐饭][前后]|空腹|体[重质]量?|"
    r"成人|儿童|患儿|患者|孕妇|老年人?|婴儿|新生儿|疗程|连续?|持续|以[上下内]|[以可应]|[个小]?[周月年岁时天]|分钟|左右|[约共分]"
)
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


def table_of_lines(caption: str, cells: Sequence[str]) -> tuple[Table | None, tuple[str, ...]]:
    """Make a table of the lines below a caption; return it, if any, and the cells that go into no row."""
    width = columns(cells)
    if width:
        rows = [cells[at : at + width] for at in range(width, len(cells), width)]
        return Table(caption, tuple(cells[:width]), tuple(_row(row) for row in rows)), ()
    figures = sum(bool(_FIGURES.fullmatch(c) or _EMPTY.fullmatch(c)) for c in cells)
    if figures > len(cells) / 2:
        return None, tuple(cells)
    if sum(map(len, cells)) <= _WHOLE:
        return whole_table(caption, cells), ()
    told = [_says_something(c) for c in cells]
    kept = tuple(TableRow((c,), c) for c, tells in zip(cells, told, strict=True) if tells)
    rest = tuple(c for c, tells in zip(cells, told, strict=True) if not tells)
    return (Table(caption, ("",), kept) if kept else None), rest


def whole_table(caption: str, cells: Sequence[str]) -> Table:
    """Make a table of one row with all cells, in the order in which they were read."""
    return Table(caption, ("",) * len(cells), (_row(cells),))


def spaced_table(caption: str, lines: Sequence[str]) -> tuple[Table, int] | None:
    """Make a table of the lines below a caption whose cells have spaces between them; return it and how many lines it took.

    Certain it is only where wide gaps cut every row into as many cells as the header, or where each row has a name, then
    a bare figure in each column but the last, which may hold spaces itself. The caption may go on for a line before the
    header.
    """
    for start in (0, 1):
        for cut in (_cut_at_gaps, _cut_at_spaces):
            header = cut(lines[start], 0) if start < len(lines) else []
            rows: list[TableRow] = []
            for line in lines[start + 1 :] if header else ():
                cells = cut(line, len(header))
                if not cells:
                    break
                rows.append(TableRow(tuple(cells), line))
            if len(rows) > 1:
                return Table(" ".join((caption, *lines[:start])), tuple(header), tuple(rows)), start + 1 + len(rows)
    return None


def _cut_at_gaps(line: str, width: int) -> list[str]:
    """Cut a row, or the header where `width` is 0, at its wide gaps; nothing where the number of cells is another."""
    cells = _GAP.split(line.strip())
    if width:
        return cells if len(cells) == width else []
    return cells if len(cells) > 1 and all(_kind(c) == "words" for c in cells) else []


def _cut_at_spaces(line: str, width: int) -> list[str]:
    """Cut a row, or the header where `width` is 0, at every space; nothing where its cells are not certain."""
    if not width:
        header = line.split()
        return header if len(header) >= _LEAST_ROWS and all(_kind(c) == "words" for c in header) else []
    cells = line.split(maxsplit=width - 1)
    if len(cells) < width or _kind(cells[0]) != "words" or any(_kind(c) not in {"figures", ""} for c in cells[1:-1]):
        return []
    return [] if _GAP.search(cells[-1]) else cells  # the gaps were elsewhere


def columns(cells: Sequence[str]) -> int:
    """Give the number of columns that the cells were in, header first; 0 where it is not certain."""
    counts = [k for k in range(2, _MOST_COLUMNS + 1) if len(cells) % k == 0 and len(cells) // k >= _LEAST_ROWS]
    fitting = [k for k in counts if _fits(cells, k)]
    return fitting[0] if len(fitting) == 1 else 0


def _fits(cells: Sequence[str], width: int) -> bool:
    """Tell whether columns of names, figures and words come out, some of them unlike the others, and no cell in two of them."""
    header, names = cells[:width], cells[width::width]
    if any(_kind(c) != "words" for c in header) or {_kind(c) for c in names} not in _NAMED:
        return False
    if max(map(text_width, (*header, *names))) > _NAME or len(set(header)) < width or len(set(names)) < len(names):
        return False
    bodies = [cells[width + at :: width] for at in range(1, width)]
    kinds = [{_kind(c) for c in body} - {""} for body in bodies]
    placed = any(_kind(c) == "" for c in cells)  # what marks empty cells leaves none away
    if any("figures" in k and len(k) > 1 or (len(k) > 1 and not placed) for k in kinds):
        return False
    words = [{c for c in (head, *body) if _kind(c) in {"words", "digits"}} for head, body in zip(header, (names, *bodies), strict=True)]
    if sum(map(len, words)) > len(set().union(*words)):
        return False
    unlike = len({_kind(names[0]), *set().union(*kinds)}) > 1
    return placed or unlike or any(max(map(text_width, names)) < min(map(text_width, body)) for body in bodies)


def _kind(cell: str) -> str:
    """Name what a cell holds: bare figures, words with digits, or words; nothing where it is marked as empty."""
    if _EMPTY.fullmatch(cell):
        return ""
    if _FIGURES.fullmatch(cell):
        return "figures"
    return "digits" if re.search(r"\d", cell) else "words"


def _says_something(cell: str) -> bool:
    """Tell a cell that is no mere name or figure, and no dose without its drug."""
    if text_width(cell) < _STANDS_ALONE or _FIGURES.fullmatch(cell):
        return False
    return not _DOSE.search(cell) or bool(_HAN.search(_TAKING.sub("，", cell)))


def _row(cells: Sequence[str]) -> TableRow:
    return TableRow(tuple(cells), " ".join(cells))
