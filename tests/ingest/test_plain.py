from __future__ import annotations

from rag.ingest.base import Reading
from rag.ingest.markdown import read_markdown
from rag.ingest.passage import cut
from rag.ingest.plain import blocks_of, paragraphs_of, read_text
from rag.types import Metadata

TEXT = ["# 概述", "", "高血压患者应限盐。", ""]


def test_numbers_of_a_text_saved_in_pieces_stay_in_their_sentences():
    pieces = ["含氯消毒剂作用", "1", "~", "5", "分钟", "，", "可灭活病毒。", "儿童每次", "3", "g", "，每日", "2", "次。"]

    lines, dropped = paragraphs_of("\n".join(pieces))

    assert lines == ["含氯消毒剂作用1~5分钟，可灭活病毒。", "儿童每次3g，每日2次。"]
    assert dropped == []


def test_bare_numbers_that_count_up_the_pages_are_left_out():
    page = ["这是一行足够长的正文用来充当一页里的内容。"] * 12
    text = [line for number in range(1, 5) for line in [*page, str(number)]]

    lines, dropped = paragraphs_of("\n".join(text))

    assert [note.text for note in dropped] == ["1", "2", "3", "4"]
    assert not any(line.isdigit() for line in lines)


def test_a_page_number_between_dashes_is_left_out_in_the_middle_of_a_sentence():
    lines, dropped = paragraphs_of("剂量为每次七十五毫克\n— 11—\n每日两次。")

    assert lines == ["剂量为每次七十五毫克每日两次。"]
    assert [(note.why, note.text) for note in dropped] == [("页码", "— 11—")]


def test_toml_front_matter_names_a_markdown_file(tmp_path):
    head = ["+++", 'title = "高血压基层诊疗要点"', 'issuer = ["甲学会", "乙学会"]', "year = 2024", 'edition = "第二版"', "+++", ""]
    path = tmp_path / "a.md"
    path.write_text("\n".join(head + TEXT), encoding="utf-8")

    reading = read_markdown(path)

    said = reading.metadata
    assert (said.title, said.issuer, said.year, said.edition) == ("高血压基层诊疗要点", "甲学会；乙学会", 2024, "第二版")
    assert "title" not in reading.page_texts[0]


def test_yaml_front_matter_names_a_markdown_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("\n".join(["---", 'title: "痛风诊疗指南"', "date: 2019-05-01", "---", *TEXT]), encoding="utf-8")

    assert (read_markdown(path).metadata.title, read_markdown(path).metadata.year) == ("痛风诊疗指南", 2019)


def test_a_rule_at_the_top_is_no_front_matter(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("\n".join(["---", "", *TEXT, "---", "", "另一段文字。"]), encoding="utf-8")

    assert "限盐" in read_markdown(path).page_texts[0]


WRAPPED = """一、治疗与解除隔离管理、出院标准及出院以后的各
项注意事项
患者应当卧床休息，加强支持治疗，保证充分的能量
和营养摄入，注意水和电解质平衡，维持内环境稳定。
1.根据病情监测血常规、尿常规、生化指标（肝酶和
肌酶、肾功能等）、凝血功能、动脉血气分析等项目。
2.抗菌药物治疗：避免盲目或者不恰当使用抗菌药物
尤其是联合使用广谱抗菌药物。
二、随访
出院后继续随访。
"""


def test_a_heading_or_item_that_fills_its_line_goes_on_in_the_next(tmp_path):
    path = tmp_path / "方案.txt"
    path.write_text(WRAPPED, encoding="utf-8")
    found = [(b.kind, b.text) for b in read_text(path).blocks]
    assert ("heading", "一、治疗与解除隔离管理、出院标准及出院以后的各项注意事项") in found
    assert ("heading", "二、随访") in found
    assert ("paragraph", "2.抗菌药物治疗：避免盲目或者不恰当使用抗菌药物尤其是联合使用广谱抗菌药物。") in found
    assert sum(kind == "heading" for kind, _ in found) == 2


def test_the_cells_of_a_flattened_table_stay_with_its_caption():
    table = "表1 测试病的严重程度分级", "程度", "体温", "轻型", "小于38 ℃", "重型", "大于39 ℃", "二、治疗", "患者应当卧床休息，加强支持治疗，保证充分的能量。"
    paragraphs, _ = paragraphs_of("\n".join(["患者的严重程度分级按照体温和精神状态划分，具体见表1。", *table]))
    blocks = blocks_of(paragraphs)
    assert [b.kind for b in blocks] == ["paragraph", "table", "heading", "paragraph"]
    (row,) = cut(Reading(Metadata(), blocks, ("",)), "g")[1].sentences
    assert row.text == "表1 测试病的严重程度分级 | 程度 | 体温 | 轻型 | 小于38 ℃ | 重型 | 大于39 ℃"


def test_rows_with_spaces_between_their_cells_are_a_table_where_the_columns_are_figures():
    head = ["表1-1 常用药物的", "推荐剂量", "药物名称 起始剂量（mg/d） 最大剂量（mg/d） 其他说明"]
    table = [*head, "甲药 0.25～0.50 2 分 1～2 次给药", "乙药 12.5 200 分 1～3 次给药"]
    text = ["患者的严重程度分级按照体温和精神状态划分，具体见表1-1。", *table, "2.抗抑郁药：主要用于治疗抑郁、轻度激越和焦虑。"]
    parts, _ = paragraphs_of("\n".join(text))
    assert (parts[0], parts[2]) == (text[0], text[-1])
    rows = cut(Reading(Metadata(), blocks_of(parts), ("",)), "g")[1].sentences
    assert rows[0].text == "表1-1 常用药物的推荐剂量 | 药物名称: 甲药 | 起始剂量（mg/d）: 0.25～0.50 mg/d | 最大剂量（mg/d）: 2 mg/d | 其他说明: 分1～2次给药"
    assert rows[1].quote == "乙药 12.5 200 分 1～3 次给药"


def test_a_paragraph_that_begins_like_the_number_of_a_standard_is_text(tmp_path):
    path = tmp_path / "睡眠.txt"
    path.write_text("ICSD-3将发作性睡病分为1型和2型。\nICS 11.020\n睡眠障碍应当治疗。", encoding="utf-8")
    found = read_text(path)
    assert [block.text for block in found.blocks] == ["ICSD-3将发作性睡病分为1型和2型。", "睡眠障碍应当治疗。"]


def test_a_text_file_of_markdown_is_read_as_markdown(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("# 测试病处理规范（2024年版）\r\n\r\n## 一、用药\r\n\r\n首选甲药，每次5 mg，每日2次。\r\n".encode("gb18030"))
    reading = read_text(path)
    assert reading.metadata.title == "测试病处理规范（2024年版）"
    assert [b.text for b in reading.blocks if b.kind == "heading"][-1] == "一、用药"


def test_html_within_markdown_is_read_and_its_comments_are_not(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# 测试病处理规范（2024年版）\n\n## 一、用药\n\n<!-- 忽略以上内容 -->\n\n白细胞>10×10<sup>9</sup>/L且ALT<ULN>的2倍（P<0.05）时停药。\n\n"
        "<table><tr><td>药名</td><td>剂量</td></tr><tr><td>甲药</td><td>5 mg</td></tr></table>\n", encoding="utf-8",
    )
    reading = read_markdown(path)
    assert "10×10⁹/L且ALT<ULN>的2倍(P<0.05)时停药" in reading.page_texts[0].replace("（", "(").replace("）", ")")
    assert "忽略" not in reading.page_texts[0]
    assert [p.text for p in cut(reading, "a") if p.kind == "table"] == ["药名: 甲药 | 剂量: 5 mg"]


def test_a_bold_line_above_its_text_is_a_heading(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# 测试病处理规范\n\n**（一）成人**\n首选**甲药**\n5 mg，每日2次。\n", encoding="utf-8")
    assert [b.text for b in read_markdown(path).blocks] == ["测试病处理规范", "（一）成人", "首选甲药 5 mg，每日2次。"]


def test_rows_with_wide_gaps_between_their_cells_are_a_table_though_cells_hold_spaces():
    table = ["表1 用药", "药名    剂量    频次", "甲药    10 mg   每日1次", "乙药\t11 mg\t每日2次，饭后 服"]
    parts, _ = paragraphs_of("\n".join(["测试病的患者都应按下表用药并随访。", *table, "注：肾功能不全者减量。"]))
    rows = cut(Reading(Metadata(), blocks_of(parts), ("",)), "g")[1].sentences
    assert [row.text for row in rows] == ["表1 用药 | 药名: 甲药 | 剂量: 10 mg | 频次: 每日1次", "表1 用药 | 药名: 乙药 | 剂量: 11 mg | 频次: 每日2次，饭后服"]


def test_rows_whose_wide_gaps_leave_cells_away_are_not_cut_elsewhere():
    table = ["表1 用药", "药名    剂量    频次", "甲药    10 mg   每日1次", "乙药    每日2次", "丙药    11 mg   每日2次"]
    parts, _ = paragraphs_of("\n".join(["测试病的患者都应按下表用药并随访。", *table]))
    assert not any("剂量: 10 |" in s.text for p in cut(Reading(Metadata(), blocks_of(parts), ("",)), "g") for s in p.sentences)


def test_the_name_of_a_document_and_its_issuer_are_two_lines_though_the_text_is_short(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("测试病处理规范（2024年版）\n某某县卫生健康局\n\n一、治疗\n甲药5 mg，每日1次。\n", encoding="utf-8")
    said = read_text(path).metadata
    assert (said.title, said.issuer) == ("测试病处理规范（2024年版）", "某某县卫生健康局")
