"""Layouts that are rarer: short last columns, single pages, boxes between columns, tables without rules."""

from rag.ingest.passage import cut
from rag.ingest.pdf import read_pdf
from rag.text.normalise import squeeze
from rag.text.readable import readable

FILL = "随访时应询问服药情况和不良反应，测量血压并评估心血管风险，必要时调整治疗方案。"


def blocks(path):
    return [(b.kind, squeeze(readable(b.text))) for b in read_pdf(path).blocks]


def sentences(path):
    return [s.text for p in cut(read_pdf(path), "g") for s in p.sentences]


def test_a_short_last_column_is_a_column(typeset):
    found = blocks(typeset(f"#columns(2)[= 一、诊断\n{FILL * 62}\n= 二、结论\n结论如上所述，应当长期随访。\n= 参考文献\n[1] 张三. 测试[J]. 测试杂志, 2020.]"))
    assert ("heading", "二、结论") in found
    assert not any("参考文献" in text for _, text in found)


def test_both_halves_of_a_single_pages_head_are_left_out(typeset):
    reading = read_pdf(typeset(f"= 一、诊断\n{FILL * 5}"))
    assert {squeeze(n.text) for n in reading.left_out if n.why == "页眉页脚"} >= {"中华测试杂志2023年5月第12卷第5期", "第1期"}


def test_the_abstract_below_the_correspondence_stays(typeset):
    source = f"通信作者：张三，测试医院，北京 100000，Email：zhangsan\\@test.cn\n\n【摘要】 本文说明测试病的诊治。\n= 一、诊断\n{FILL * 5}"
    assert any("本文说明测试病的诊治" in s for s in sentences(typeset(source)))


def test_a_figures_caption_is_a_paragraph_of_its_own(typeset):
    source = f"= 一、流程\n{FILL * 3}\n#align(center)[#rect(width: 60%)[诊断]\n图1　诊疗流程]\n{FILL * 3}"
    assert ("paragraph", "图1诊疗流程") in blocks(typeset(source))


def test_a_table_without_rules_is_a_table_in_a_column_too(typeset):
    rows = "[年龄], [每次剂量], [每日次数], [不足1岁], [2 mg], [1], [1～3岁], [4 mg], [2], [3～12岁], [6 mg], [2]"
    table = f"#align(center)[表5 儿童剂量]\n#table(columns: (2fr, 1fr, 1fr), stroke: none, {rows})"
    for source in (f"= 一、剂量\n{FILL * 4}\n{table}\n{FILL * 4}", f"#columns(2)[= 一、剂量\n{FILL * 40}\n{table}\n{FILL * 30}]"):
        found = [b.table for b in read_pdf(typeset(source)).blocks if b.table]
        assert [t.header for t in found] == [("年龄", "每次剂量", "每日次数")]
        assert [tuple(readable(c) for c in row.cells) for row in found[0].rows][1] == ("1～3岁", "4 mg", "2")


def test_a_sentence_about_a_table_is_no_caption(typeset):
    found = read_pdf(typeset(f"= 一、剂量\n{FILL * 2}\n\n表5 所列剂量适用于儿童。\n\n甲药 5 mg\n\n乙药 9 mg"))
    assert not [b for b in found.blocks if b.table]
