"""Tables of every drawing style keep each cell under its header."""

import pytest

from rag.ingest.cells import cell_text
from rag.ingest.layout import Line
from rag.ingest.passage import cut
from rag.ingest.pdf import read_pdf
from rag.text.readable import readable, readable_heading

THREE_LINES = """
#align(center)[表3 常用降压药物]
#table(columns: (1fr, 1fr, 2.4fr), stroke: none, table.hline(), [药物], [每日剂量（mg）], [注意事项], table.hline(stroke: 0.5pt),
  [氨氯地平], [2.5～10], [踝部水肿],
  [缬沙坦], [80～160], [双侧肾动脉狭窄禁用，妊娠期和计划怀孕的妇女禁用，用药后一到二周应当复查血钾和血清肌酐水平],
  [吲达帕胺], [0.625～2.5], [痛风慎用], table.hline())
"""
MERGED = """
#align(center)[表1.2 血压分级]
#table(columns: (2fr, 1fr, 1fr), [*分级*], [*收缩压*], [*舒张压*],
  table.cell(colspan: 3)[*诊室血压*], [1级], [140～159], [90～99],
  table.cell(rowspan: 2)[2级及以上], [160～179], [100～109], [≥180], [≥110])
"""
HEADED = """
#align(center)[表2 风险分层]
#table(columns: 4, table.cell(rowspan: 2)[*危险因素*], table.cell(colspan: 3)[*血压水平*], [1级], [2级], [3级],
  [无], [低危], [中危], [高危], [有], [中危], [高危], [很高危])
"""
LONG_ROWS = ", ".join(f"[药物{n}], [{n} mg，每日一次], [监测第{n}项]" for n in range(1, 46))
LONG = f"#align(center)[表4 药物剂量]\n#table(columns: 3, [*药物*], [*剂量*], [*监测*], {LONG_ROWS})"

ONE_COLUMN = """
#align(center)[表5 警示信号]
#table(columns: 1, stroke: none, align: left, table.hline(), [警示信号], table.hline(stroke: 0.5pt),
  [脑脊液], [#h(1em)白细胞升高，蛋白升高], [视神经], [#h(1em)剧烈眼痛], [#h(1em)双侧同时受累], table.hline())
"""

ALIKE = ", ".join(f"[药物{n}], [{n} mg], [失代偿性肝硬化、急性肝衰竭，妊娠期]" for n in range(1, 8))
OPEN_ROWS = ", ".join(f"[药物{n}], [{n} mg], [每日{n}次，餐后服用，肾功能不全者减半]" for n in range(1, 60))


def tables(path):
    return [b.table for b in read_pdf(path).blocks if b.table]


def cells(table):
    return [tuple(readable(c) for c in row.cells) for row in table.rows]


@pytest.fixture(scope="module")
def three_lines(typeset):
    return tables(typeset(THREE_LINES))[0]


def test_three_line_table_has_caption_and_header(three_lines):
    assert readable_heading(three_lines.caption) == "表3 常用降压药物"
    assert three_lines.header == ("药物", "每日剂量（mg）", "注意事项")


def test_three_line_rows_keep_wrapped_cells_together(three_lines):
    rows = cells(three_lines)
    assert [r[:2] for r in rows] == [("氨氯地平", "2.5～10"), ("缬沙坦", "80～160"), ("吲达帕胺", "0.625～2.5")]
    assert rows[1][2].endswith("复查血钾和血清肌酐水平")


def test_row_text_repeats_caption_and_header(typeset):
    row = next(s for p in cut(read_pdf(typeset(THREE_LINES)), "g") if p.kind == "table" for s in p.sentences)
    assert row.text == "表3 常用降压药物 | 药物: 氨氯地平 | 每日剂量（mg）: 2.5～10 mg | 注意事项: 踝部水肿"
    assert row.quote == "氨氯地平 2.5～10 踝部水肿"
    assert len(row.boxes) == 3


def test_merged_cells_are_filled_in(typeset):
    rows = cells(tables(typeset(MERGED))[0])
    assert ("诊室血压", "1级", "140～159", "90～99") in rows
    assert [r[1:3] for r in rows if r[1] == "2级及以上"] == [("2级及以上", "160～179"), ("2级及以上", "≥180")]


def test_two_header_rows_become_one_name_a_column(typeset):
    table = tables(typeset(HEADED))[0]
    assert table.header == ("危险因素", "血压水平1级", "血压水平2级", "血压水平3级")
    assert cells(table) == [("无", "低危", "中危", "高危"), ("有", "中危", "高危", "很高危")]


def test_table_over_pages_repeats_its_header_and_loses_no_row(typeset):
    parts = tables(typeset(LONG))
    assert len(parts) >= 2
    assert all(part.header == ("药物", "剂量", "监测") and "表4" in readable(part.caption) for part in parts)
    rows = [row for part in parts for row in cells(part)]
    assert rows == [(f"药物{n}", f"{n} mg，每日一次", f"监测第{n}项") for n in range(1, 46)]


def test_table_across_columns_does_not_part_the_text(typeset):
    filler = "随访时应询问服药情况和不良反应，测量血压并评估心血管风险。" * 26
    source = f'#columns(2)[{filler}\n#place(top + center, scope: "parent", float: true)[{THREE_LINES}]\n{filler}结束。]'
    blocks = read_pdf(typeset(source)).blocks
    table_at = [i for i, b in enumerate(blocks) if b.table]
    assert len(table_at) == 1
    joined = "".join(b.text for b in blocks if not b.table)
    assert joined.replace("\n", "").count("随访时应询问服药情况和不良反应，测量血压并评估心血管风险。") == 52


def test_passages_never_cut_a_row(typeset):
    passages = [p for p in cut(read_pdf(typeset(LONG)), "g") if p.kind == "table"]
    assert sum(len(p.sentences) for p in passages) == 45
    assert all(len(p.text) <= 500 for p in passages)


def test_indented_rows_of_one_column_name_the_row_they_stand_under(typeset):
    assert cells(tables(typeset(ONE_COLUMN))[0]) == [("脑脊液", "白细胞升高，蛋白升高"), ("视神经", "剧烈眼痛"), ("视神经", "双侧同时受累")]


def test_marks_that_stand_below_each_other_do_not_part_a_cell(typeset):
    head = "table.hline(), [药物], [剂量], [禁忌], table.hline(stroke: 0.5pt)"
    (table,) = tables(typeset(f"#align(center)[表6 禁忌]\n#table(columns: (1fr, 1fr, 3fr), stroke: none, {head}, {ALIKE}, table.hline())"))
    assert cells(table) == [(f"药物{n}", f"{n} mg", "失代偿性肝硬化、急性肝衰竭，妊娠期") for n in range(1, 8)]


@pytest.mark.parametrize("preamble", ["", "#set page(header: none)\n"])
def test_an_open_table_goes_on_without_caption_and_header(typeset, preamble):
    head = "table.hline(), [药物], [剂量], [用法], table.hline(stroke: 0.5pt)"
    source = f"{preamble}#align(center)[表7 用法]\n#table(columns: (1fr, 1fr, 3fr), stroke: none, {head}, {OPEN_ROWS}, table.hline())\n"
    parts = tables(typeset(source + "表后的正文说明随访的频次和转诊的指征，供基层医生参考。"))
    assert len(parts) >= 2
    assert all(readable_heading(part.caption) == "表7 用法" and part.header == ("药物", "剂量", "用法") for part in parts)
    assert [row for part in parts for row in cells(part)] == [(f"药物{n}", f"{n} mg", f"每日{n}次，餐后服用，肾功能不全者减半") for n in range(1, 60)]


def test_a_range_that_wraps_within_a_cell_is_no_list():
    lines = [Line(text, 0, 100 - 12 * n, width, 110 - 12 * n, 10) for n, (text, width) in enumerate((("成人1~", 30), ("2 mg，老年人", 60), ("0.5 mg", 35)))]
    assert cell_text(lines) == "成人1~2 mg，老年人0.5 mg"


def test_short_lines_of_a_cell_are_items_of_a_list():
    lines = [Line(text, 0, 100 - 12 * n, width, 110 - 12 * n, 10) for n, (text, width) in enumerate((("头痛", 20), ("恶心、呕吐和眩晕", 80), ("乏力", 20)))]
    assert cell_text(lines).startswith("头痛；恶心")
