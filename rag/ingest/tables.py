"""Where a page's tables are, and how they become tables with caption, header and rows, also across pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ingest.cells import LineMaker, RawRow, grid_rows, open_rows
from rag.ingest.layout import Line, Run
from rag.ingest.rules import Drawing, Rule
from rag.text.normalise import squeeze
from rag.text.readable import readable
from rag.types import Table, TableRow

CAPTION = re.compile(
    r"(?:续\s*|附\s*)?表\s*(?:[A-Z]?\d+|[一二三四五六七八九十]+)(?:\s*[.．\-‑–]\s*\d+)*(?![\d）)]|[所中、和及至])"
)
_CONTINUED = re.compile(r"续\s*表|[（(]\s*续\s*(?:表)?\s*\d*\s*[)）]")
_NOTE = re.compile(r"注\s*[:：\d]|备注\s*[:：]|说明\s*[:：]")
_NEAR = 6.0


@dataclass(slots=True)
class PageTable:
    """A table at its place on a page; `table` is complete once tables that run over pages are joined."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    caption: list[Line]
    raw: list[RawRow]
    head: int
    notes: list[Line] = field(default_factory=list)
    table: Table = field(default_factory=lambda: Table("", (), ()))


def find_tables(
    drawing: Drawing, runs: Sequence[Run], page: int, make: LineMaker, before: PageTable | None = None
) -> tuple[list[PageTable], list[Run]]:
    """Find a page's ruled and three-line tables; return them and the runs that stand outside all of them.

    `before` is the table that the page before ends with, which may go on here without its caption.
    """
    across, down = _joined(drawing.across, flat=True), _joined(drawing.down, flat=False)
    tables = []
    rest = list(runs)
    for rules_across, rules_down in _grids(across, down):
        box = _bounds([*rules_across, *rules_down])
        inside = _inside(rest, box)
        rows = grid_rows(rules_across, rules_down, inside, page, make)
        if len(rows) < 2 or max(len(r.cells) for r in rows) < 2:
            continue
        tables.append((box, rows, _grid_head(rows)))
        rest = _without(rest, inside)
        across = [r for r in across if r not in rules_across]
    rest_of = _goes_on(before, across, rest) if before else []
    for rules in [*([rest_of] if rest_of else []), *_three_lines([r for r in across if r not in rest_of], rest, make)]:
        box = _bounds(rules)
        inside = _inside(rest, box)
        heights = [r.y0 for r in rules]
        rows = open_rows(inside, box[0], box[2], page, make, heights[1:-1])
        head = sum(1 for r in rows if r.boxes and r.boxes[0].y0 > heights[1] - 2) if len(rules) > 2 else 1
        if len(rows) > head and (rules is rest_of or _captioned(rules, rest, make) or _tabular(rows, rules)):
            tables.append((box, rows, head))
            rest = _without(rest, inside)
    found = []
    for box, rows, head in sorted(tables, key=lambda t: -t[0][3]):
        caption, rest = _take_caption(box, rest, make)
        top = max([box[3], *(li.y1 for li in caption)])
        found.append(PageTable(page, box[0], box[1], box[2], top, caption, rows, head))
    return found, rest


def _joined(rules: Sequence[Rule], *, flat: bool) -> list[Rule]:
    """Join rules that go on in one line, such as the borders of neighbouring cells."""
    if flat:
        ordered = sorted(rules, key=lambda r: (round(r.y0 / 1.5), r.x0))
    else:
        ordered = sorted(rules, key=lambda r: (round(r.x0 / 1.5), r.y0))
    joined: list[Rule] = []
    for rule in ordered:
        last = joined[-1] if joined else None
        if last and flat and abs(last.y0 - rule.y0) < 1.6 and rule.x0 - last.x1 < 4:
            joined[-1] = Rule(last.x0, last.y0, max(last.x1, rule.x1), last.y1)
        elif last and not flat and abs(last.x0 - rule.x0) < 1.6 and rule.y0 - last.y1 < 4:
            joined[-1] = Rule(last.x0, last.y0, last.x1, max(last.y1, rule.y1))
        else:
            joined.append(rule)
    return joined


def _grids(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Group rules that touch into grids with at least two of each direction."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    pool = [(r, True) for r in across] + [(r, False) for r in down]
    while pool:
        members, frontier = [], [pool.pop()]
        while frontier:
            rule, flat = frontier.pop()
            members.append((rule, flat))
            touching = [p for p in pool if p[1] != flat and _touch(rule, p[0])]
            frontier.extend(touching)
            pool = [p for p in pool if p not in touching]
        flat_rules, upright = [r for r, f in members if f], [r for r, f in members if not f]
        if len(flat_rules) >= 2 and len(upright) >= 2 and _framed(flat_rules, upright):
            groups.append((flat_rules, upright))
    return groups


def _framed(across: Sequence[Rule], down: Sequence[Rule]) -> bool:
    """Tell a grid from the boxes of a flow chart: its first and last rule run over the whole width."""
    x0, y0, x1, y1 = _bounds([*across, *down])
    for edge in (max(r.y0 for r in across), min(r.y0 for r in across)):
        covered = sum(r.x1 - r.x0 for r in across if abs(r.y0 - edge) < 3)
        if covered < 0.85 * (x1 - x0) or min(abs(edge - y0), abs(edge - y1)) > 6:
            return False
    return True


def _touch(a: Rule, b: Rule) -> bool:
    """Tell whether a horizontal and a vertical rule meet."""
    return a.x0 - 3 <= b.x1 and b.x0 - 3 <= a.x1 and a.y0 - 3 <= b.y1 and b.y0 - 3 <= a.y1


def _three_lines(across: Sequence[Rule], runs: Sequence[Run], make: LineMaker) -> list[list[Rule]]:
    """Group horizontal rules of one width into tables, top to bottom; a caption between two rules parts tables."""
    groups: list[list[Rule]] = []
    pool = sorted((r for r in across if r.x1 - r.x0 > 60 and not _underlines(r, runs)), key=lambda r: -r.y0)
    while pool:
        first = pool[0]
        same = [r for r in pool if abs(r.x0 - first.x0) < _NEAR and abs(r.x1 - first.x1) < _NEAR]
        pool = [r for r in pool if r not in same]
        group = [same[0]]
        for rule in same[1:]:
            between = _inside(runs, (rule.x0, rule.y0, rule.x1, group[-1].y0))
            lines = make(between)
            if any(CAPTION.match(li.text.strip()) for li in lines) or not lines:
                groups.append(group)
                group = []
            group.append(rule)
        groups.append(group)
    return [g for g in groups if len(g) >= 3 or (len(g) == 2 and _captioned(g, runs, make))]


def _goes_on(before: PageTable, across: Sequence[Rule], runs: Sequence[Run]) -> list[Rule]:
    """Give the rules of a table's rest at the head of the next page: one or two as wide as it, the last one below it all."""
    if not runs:
        return []
    first = max(runs, key=lambda r: r.top)
    wide = (r for r in across if abs(r.x0 - before.x0) < _NEAR and abs(r.x1 - before.x1) < _NEAR)
    # A rule further up is that of the running head.
    rules = sorted((r for r in wide if r.y0 < first.top + 1.2 * first.size), key=lambda r: -r.y0)
    if len(rules) == 1:
        rules.insert(0, Rule(rules[0].x0, first.top + 1, rules[0].x1, first.top + 1))
    if len(rules) != 2 or rules[0].y0 < first.base:
        return []
    above = [r for r in runs if r.base > rules[1].y0]
    return rules if above and len(_inside(above, _bounds(rules))) == len(above) else []


def _tabular(rows: Sequence[RawRow], rules: Sequence[Rule]) -> bool:
    """Tell a table without caption from text between rules: most rows fill two columns or more."""
    filled = sum(sum(bool(c) for c in row.cells) >= 2 for row in rows)
    return len(rules) <= 8 and filled >= 0.6 * len(rows) and rules[0].y0 - rules[1].y0 < 90


def _underlines(rule: Rule, runs: Sequence[Run]) -> bool:
    """Tell whether a rule underlines a piece of text, as links are."""
    return any(
        -0.1 * r.size < r.base - rule.y0 < 0.35 * r.size and rule.x0 > r.x0 - 3 and rule.x1 < r.x1 + 3 for r in runs
    )


def _captioned(group: Sequence[Rule], runs: Sequence[Run], make: LineMaker) -> bool:
    return bool(_take_caption(_bounds(group), list(runs), make)[0])


def _take_caption(
    box: tuple[float, float, float, float], runs: Sequence[Run], make: LineMaker
) -> tuple[list[Line], list[Run]]:
    """Take the caption's lines above a table out of the runs."""
    x0, _, x1, top = box
    above = [r for r in runs if r.base > top - 2 and r.base < top + 75 and r.x1 > x0 - 4 and r.x0 < x1 + 4]
    heights = sorted({round(r.base, 1) for r in above})
    taken: list[Run] = []
    edge = top
    for height in heights:
        row = [r for r in above if abs(r.base - height) < 0.3 * r.size]
        if not row or row[0] in taken:
            continue
        if height - edge > 2.4 * row[0].size:
            break
        taken.extend(row)
        edge = height
        lines = make(row)
        if any(CAPTION.match(li.text.strip()) for li in lines):
            return make(taken), _without(runs, taken)
        if len(taken) > 12 or len({round(r.base) for r in taken}) > 4:
            break
    return _caption_beside(top, runs, make)


def _caption_beside(top: float, runs: Sequence[Run], make: LineMaker) -> tuple[list[Line], list[Run]]:
    """Take a caption that is centred over the column while its table is narrow and stands at the left."""
    near = [r for r in runs if top - 2 < r.base < top + 2.4 * r.size]
    lines = make(near)
    if len(lines) == 1 and CAPTION.match(lines[0].text.strip()):
        return lines, _without(runs, near)
    return [], list(runs)


def _grid_head(rows: Sequence[RawRow]) -> int:
    """Tell how many rows of a grid are its header: one that looks unlike the rows below, or none."""
    first = rows[0]
    if 1 < first.depth < len(rows):
        return first.depth
    if first.whole or any(not c for c in first.cells) or len(rows) < 2:
        return 0
    short = max(len(c) for c in first.cells) <= 16 and not any(re.search(r"\d{2,}", c) for c in first.cells)
    return 1 if (first.bold and not rows[1].bold) or short else 0


def _bounds(rules: Sequence[Rule]) -> tuple[float, float, float, float]:
    return min(r.x0 for r in rules), min(r.y0 for r in rules), max(r.x1 for r in rules), max(r.y1 for r in rules)


def _inside(runs: Sequence[Run], box: tuple[float, float, float, float]) -> list[Run]:
    """List the runs whose middle lies in a box."""
    x0, y0, x1, y1 = box
    return [r for r in runs if x0 - 3 <= (r.x0 + r.x1) / 2 <= x1 + 3 and y0 < r.base + 0.35 * r.size < y1]


def _without(runs: Sequence[Run], taken: Sequence[Run]) -> list[Run]:
    gone = {id(r) for r in taken}
    return [r for r in runs if id(r) not in gone]


def join_tables(tables: Sequence[PageTable], *, first_on_page: set[int], last_on_page: set[int]) -> None:
    """Complete the tables' headers and rows; one that goes on from the page before takes its caption and header.

    `first_on_page` and `last_on_page` hold the ids of tables with no text before or after them on their page.
    """
    before: PageTable | None = None
    for table in tables:
        width = max(len(r.cells) for r in table.raw)
        follows = (
            before is not None
            and table.page == before.page + 1
            and len(before.table.header) in (width, width + 1)
            and ((not table.caption and id(table) in first_on_page and id(before) in last_on_page) or _continued(table))
        )
        _complete(table, before if follows else None, width)
        before = table


def _continued(table: PageTable) -> bool:
    return bool(_CONTINUED.search("".join(li.text for li in table.caption)))


def _complete(table: PageTable, before: PageTable | None, width: int) -> None:
    """Make the Table of a page table from its raw rows."""
    raw = list(table.raw)
    header = _header(raw[: table.head], width)
    group, caption = "", _caption(table.caption)
    filled = [""] * width
    if before is not None:
        own = before.table.header[-width:]
        if table.head and squeeze("".join(header)) != squeeze("".join(own)):
            table.head = 0
        header, caption = list(own), before.table.caption
        last = before.table.rows[-1].cells if before.table.rows else ()
        group = last[0] if len(before.table.header) > width and last else ""
        filled = list(last[-width:]) if last else filled
    rows: list[tuple[str, RawRow]] = []
    for row in raw[table.head :]:
        if row.whole and _NOTE.match(readable(row.cells[0])):
            table.notes.extend(row.notes)
            continue
        if row.whole:
            group = row.cells[0]
            rows.append(("", row))
            continue
        if not row.separate:
            row.cells = filled = _fill(row.cells, filled)
        rows.append((group, row))
    table.table = _table(caption, header, _drop_bare_groups(rows))


def _fill(cells: list[str], above: Sequence[str]) -> list[str]:
    """Fill leading empty cells, which stand for the merged cell above."""
    filled = list(cells)
    for c, value in enumerate(filled):
        if value or c == len(filled) - 1:
            break
        filled[c] = above[c] if c < len(above) else ""
    return filled


def _drop_bare_groups(rows: Sequence[tuple[str, RawRow]]) -> list[tuple[str, RawRow]]:
    """Drop a row that only names the group of the rows below it; their text repeats it. One without rows stays."""
    kept = []
    for at, (group, row) in enumerate(rows):
        heads = row.whole and at + 1 < len(rows) and not rows[at + 1][1].whole
        if not heads:
            kept.append((group, row))
    return kept


def _table(caption: str, header: Sequence[str], rows: Sequence[tuple[str, RawRow]]) -> Table:
    """Make a Table; the names of groups of rows become a first column without a header."""
    grouped = any(group for group, _ in rows)
    made = []
    for group, row in rows:
        cells = row.cells if not row.whole else [row.cells[0], *[""] * (len(row.cells) - 1)]
        full = (group, *cells) if grouped else tuple(cells)
        made.append(TableRow(full, row.quote, tuple(row.boxes), confidence=row.confidence))
    return Table(caption, ("", *header) if grouped else tuple(header), tuple(made))


def _caption(lines: Sequence[Line]) -> str:
    """Join a caption's Chinese lines; its English twin is left out."""
    chinese = [li.text.strip() for li in lines if re.search(r"[\u3400-\u9fff]", li.text)]
    return (
        _CONTINUED.sub("表" if chinese and chinese[0].startswith("续") else "", "".join(chinese), count=1)
        if chinese
        else ""
    )


def _header(rows: Sequence[RawRow], width: int) -> list[str]:
    """Join the header rows of each column from top to bottom."""
    names = []
    for c in range(width):
        parts = [readable(row.cells[c]) for row in rows if c < len(row.cells) and row.cells[c]]
        names.append("".join(dict.fromkeys(parts)))
    return names
