"""A table belongs to the section whose text refers to it, wherever the page had room for it."""

from rag.ingest.pdf import read_pdf
from rag.ingest.placement import place_tables
from rag.types import Block, Box, Fragment, Table, TableRow


def heading(text, level=1, page=1):
    return Block("heading", (Fragment(text, Box(page, 50, 700, 300, 711)),), level)


def text(words, page=1):
    return Block("paragraph", (Fragment(words, Box(page, 50, 600, 300, 611)),))


def table(caption, page=1):
    return Block("table", table=Table(caption, ("药物", "剂量"), (TableRow(("甲", "5 mg"), "甲 5 mg", (Box(page, 50, 400, 300, 411),)),)))


def order(*blocks):
    return [b.table.caption if b.table else b.text for b in place_tables(blocks)]


def test_a_table_moves_with_its_note_behind_the_paragraph_that_first_refers_to_it():
    blocks = heading("一、诊断"), text("标准见表1。"), text("另见病史。"), heading("二、治疗"), text("用药。"), table("表1 诊断标准"), text("注：甲")
    assert order(*blocks) == ["一、诊断", "标准见表1。", "表1 诊断标准", "注：甲", "另见病史。", "二、治疗", "用药。"]


def test_a_table_whose_own_section_refers_to_it_stays():
    blocks = heading("一、概述"), text("分级见表2。"), heading("二、分级"), text("按表２分级。"), table("表 2 分级"), text("以下略。")
    assert order(*blocks) == [b.table.caption if b.table else b.text for b in blocks]


def test_a_table_that_nothing_refers_to_or_without_a_number_stays():
    blocks = heading("一、概述"), text("见表1。发表2篇，代表3例，量表4分。"), heading("二、分级"), table("表 2 分级"), table(""), table("表4 量")
    assert order(*blocks) == [b.table.caption if b.table else b.text for b in blocks]


def test_a_range_of_tables_refers_to_each():
    blocks = heading("一、药物"), text("药物见表1～3、5。"), heading("二、随访"), table("表2 乙"), table("表4 丁"), table("表5 戊")
    assert order(*blocks) == ["一、药物", "药物见表1～3、5。", "表2 乙", "表5 戊", "二、随访", "表4 丁"]


def test_an_appendix_keeps_its_tables():
    blocks = heading("一、药物"), text("药物见表1。"), heading("附录A 药物"), heading("（一）降压药", 2), table("表1 药物")
    assert order(*blocks)[-1] == "表1 药物"


def test_a_distant_mention_gives_way_to_the_one_near_the_table():
    blocks = heading("一、摘要"), text("见表3。", 1), heading("二、评估", 1, 8), text("评分见表3。", 8), heading("三、治疗", 1, 9), table("表3 评分", 9)
    assert order(*blocks)[4] == "表3 评分"


def test_a_float_at_the_head_of_the_next_page_goes_back_to_its_section(typeset):
    filler = "随访时应询问服药情况和不良反应，测量血压并评估心血管风险。" * 30
    float_ = '#place(top + center, scope: "parent", float: true)[#align(center)[表1 剂量]\n#table(columns: 2, [药物], [剂量], [甲], [5 mg], [乙], [9 mg])]'
    source = f"#columns(2)[= 一、用药\n剂量见表1。{filler}\n{float_}\n= 二、随访\n{filler}]"
    blocks = read_pdf(typeset(source)).blocks
    at = next(i for i, b in enumerate(blocks) if b.table)
    assert [b.text for b in blocks[:at] if b.kind == "heading"] == ["一、用药"]
