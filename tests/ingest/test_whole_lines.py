"""A text with a line for each paragraph: nothing is joined with its neighbour, and the page's remnants stay out."""

from rag.ingest.plain import read_text
from rag.ingest.whole_lines import LOST_CELLS, REMNANT, TITLE_ONLY, has_whole_lines, whole_parts
from rag.types import Table

LONG = (
    "甲病患者应当根据病情和对治疗的反应制定并调整治疗方案，药物选择应遵循安全、有效和规律使用的原则，"
    "旨在完全控制症状，提高患者的生活质量，减少复发和不良反应的发生，并定期复查。"
)
TABLE = ["点击查看表格", "表1", "甲病的治疗[5,19]", "表1", "甲病的治疗[5,19]", "类型", "首选方法", "寒冷型", f"①甲药 10 mg每日1次；②{LONG[:-1]}",
         "压力型", "①乙药 20 mg每日2次；②减少摩擦", "日光型", "①丙药 0.2 g每日2次；②遮光", "注：a适用于成人"]  # fmt: skip
TEXT = [
    "甲病诊疗指南", "中华医学会甲病学分会甲病学组", "《中华甲病杂志》编辑委员会", "中华甲病杂志, 2019,52(1) : 1-5. DOI: 10.3760/cma.j.1.001",
    LONG, "临床表现", LONG, "一、症状", "症状见图1。", "点击查看大图", "图1", "甲病的症状", "治疗", *TABLE,
    "二、随访[3,4,5]", "2．复查甲功[13,14] ：", "每3个月1次。",
    "委员会成员", "张三 李四 王小五", "利益冲突", "利益冲突 无", "参考文献", "[1]", "张三. 甲病[J].",
]  # fmt: skip


def reading(tmp_path, lines=TEXT):
    path = tmp_path / "甲病.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_text(path)


def test_lines_beyond_any_wrapping_are_paragraphs():
    assert has_whole_lines(TEXT)
    assert not has_whole_lines(["患者应当卧床休息，加强支持治疗，保证充分的能量"] * 20)


def test_the_caption_that_stands_twice_makes_one_table_of_rows_and_a_long_cell_does_not_end_it(tmp_path):
    tables = [block.table for block in reading(tmp_path).blocks if block.kind == "table"]
    assert [t.caption for t in tables] == ["表1 甲病的治疗"]
    assert [row.cells[0] for row in tables[0].rows] == ["寒冷型", "压力型", "日光型"]
    assert tables[0].rows[2].cells[1] == "①丙药 0.2 g每日2次；②遮光"


def test_no_paragraph_is_joined_with_the_next(tmp_path):
    texts = [block.text for block in reading(tmp_path).blocks if block.kind == "paragraph"]
    assert texts == [LONG, LONG, "症状见图1。", "注：a适用于成人", "每3个月1次。"]


def test_headings_without_a_number_and_with_references_are_headings(tmp_path):
    found = [(block.level, block.text) for block in reading(tmp_path).blocks if block.kind == "heading"]
    assert found == [(1, "临床表现"), (2, "一、症状"), (1, "治疗"), (2, "二、随访[3,4,5]"), (3, "2．复查甲功[13,14] ：")]


def test_what_stands_before_and_after_the_text_is_left_out_and_names_the_document(tmp_path):
    found = reading(tmp_path)
    assert (found.metadata.title, found.metadata.issuer) == ("甲病诊疗指南", "中华医学会甲病学分会甲病学组；《中华甲病杂志》编辑委员会")
    assert (found.metadata.journal, found.metadata.year) == ("中华甲病杂志", 2019)
    left_out = {note.text: note.why for note in found.left_out}
    assert left_out["甲病诊疗指南"] == "标题"
    assert left_out["张三 李四 王小五"] == left_out["中华医学会甲病学分会甲病学组"] == "作者与单位"
    assert left_out["张三. 甲病[J]."] == "参考文献"
    assert (left_out["点击查看表格"], left_out["图1 甲病的症状"]) == (REMNANT, TITLE_ONLY)


def test_a_text_that_begins_with_a_heading_keeps_it(tmp_path):
    found = reading(tmp_path, ["一、定义", LONG])
    assert found.blocks[0].text == "一、定义"
    assert found.metadata.title == "甲病"  # the file's name


def test_the_heading_after_a_table_is_no_cell():
    parts, _ = whole_parts([*TABLE[1:], "治疗", LONG])
    assert parts[-2:] == ["治疗", LONG]
    assert isinstance(parts[0], Table)


def test_a_table_that_lost_its_columns_is_named_in_a_warning(tmp_path):
    figures = ["表2", "光疗标准", "体重(g)", "<24 h", "24～48 h", "<1 000", "4", "8", "5", "1 000～1 249", "5", "10"]
    found = reading(tmp_path, [LONG, *figures, "附：其他疾病", LONG])
    assert [note.why for note in found.left_out] == [LOST_CELLS]
    assert "表2" in found.warnings[0]
    assert [block.text for block in found.blocks] == [LONG, "附：其他疾病", LONG]
