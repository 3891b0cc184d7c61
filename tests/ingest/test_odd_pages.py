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


FLOW = "\n".join(f"#place(dx: {x}mm, dy: {y}mm, rect(width: 30mm, height: 9mm)[{text}])" for x, y, text in [
    (60, 0, "急诊评估"), (20, 16, "生命体征稳定"), (100, 16, "生命体征不稳定"), (20, 32, "门诊随访"), (100, 32, "立即抢救")])
ARROWS = "\n".join(f"#place(dx: {x}mm, dy: {y}mm, line(length: 7mm, angle: 90deg))" for x, y in [(70, 9), (35, 25), (115, 25), (80, 9)])


def test_labels_of_a_flow_chart_are_known_but_in_no_passage(typeset):
    source = f"= 一、流程\n{FILL * 3}\n#block(height: 44mm, width: 100%)[{FLOW}{ARROWS}]\n#align(center)[图1　急诊流程]\n{FILL * 3}"
    reading = read_pdf(typeset(source))
    text = "".join(squeeze(b.text) for b in reading.blocks)
    assert "立即抢救" not in text
    assert "图1急诊流程" in text
    assert text.count("调整治疗方案") == 6
    assert any("立即抢救" in squeeze(n.text) and n.why == "图中标注" for n in reading.left_out)


def test_a_box_beside_the_text_parts_no_sentence_and_names_no_section(typeset):
    box = "#block(fill: luma(230), stroke: 1pt, inset: 6pt, width: 100%)[*要点提示*\n\n首选甲药。\n\n孕妇禁用乙药。\n\n每3个月随访1次。]"
    found = blocks(typeset(f"#columns(2)[= 一、要点\n{FILL * 8}\n{box}\n{FILL * 8}\n= 二、用法\n{FILL * 10}]"))
    assert [text for kind, text in found if kind == "heading"] == ["一、要点", "二、用法"]
    assert ("paragraph", "孕妇禁用乙药。") in found


def test_on_a_page_of_short_lines_the_longest_one_does_not_go_on(typeset):
    listed = "\n\n".join(f"（{n}）症状{n}多见于成人；" for n in range(1, 14))
    flush = "#par(first-line-indent: 0em)"
    source = f"= 一、诊断\n{FILL * 12}\n#pagebreak()\n{flush}[较长而没有句号的一行文字]\n\n{flush}[下一行文字]\n\n{listed}"
    assert ("paragraph", "较长而没有句号的一行文字") in blocks(typeset(source))


def test_a_list_item_goes_on_in_the_next_column(typeset):
    names = [f"{a}{b}" for a in "甲乙丙丁戊己庚" for b in "子丑寅卯辰巳"][:40]
    item = "• {}危象：去除诱因，物理或药物降温，吸氧和补液，给抗甲状腺药物、受体阻滞剂和{}可的松，同时转诊上级医院抢救。"
    listed = "\n\n".join(f"#par(hanging-indent: 1.5em, first-line-indent: 0em)[{item.format(n, n)}]" for n in names)
    found = [text for kind, text in blocks(typeset(f"#columns(2)[= 一、转诊\n{listed}]")) if kind == "paragraph"]
    assert len(found) == 40
    assert all(text.endswith("抢救。") for text in found)
