"""Cells on lines of their own become rows only where the columns are certain."""

from rag.ingest.flattened import columns, table_of_lines

PAIRS = [
    "类型", "首选方法", "寒冷型", "①甲药 10 mg每日1次；②避免受凉", "压力型", "①乙药 20 mg每日2次；②减少摩擦", "日光型", "①丙药 0.2 g每日2次；②遮光",
]  # fmt: skip
MARKED = [
    "药物", "孕期安全性", "副反应", "备注", "甲药B6", "全程可用", "-", "-", "乙药", "孕10周前避免使用，可能致畸", "嗜睡", "单次不超过16 mg",
    "丙药", "证据有限", "-", "连用不超过12周",
]  # fmt: skip
# 推荐方案 spans three rows, 替代方案 two: no number of columns fits.
SPANNED = [
    "方案", "全身用药", "局部用药", "推荐方案", "甲药400 mg，口服", "甲药凝胶5 g", "甲药栓200 mg", "乙药膏5 g", "替代方案", "丙药2 g，口服", "乙药栓100 mg",
]  # fmt: skip


def test_names_and_treatments_are_two_columns():
    table, lost = table_of_lines("表1 治疗", PAIRS)
    assert lost == ()
    assert table.header == ("类型", "首选方法")
    assert [row.cells for row in table.rows][2] == ("日光型", "①丙药 0.2 g每日2次；②遮光")


def test_marks_of_empty_cells_tell_the_columns():
    table, _ = table_of_lines("表1 止吐药", MARKED)
    assert table.header == ("药物", "孕期安全性", "副反应", "备注")
    assert table.rows[1].cells == ("乙药", "孕10周前避免使用，可能致畸", "嗜睡", "单次不超过16 mg")
    assert table.rows[1].quote == "乙药 孕10周前避免使用，可能致畸 嗜睡 单次不超过16 mg"


def test_columns_of_figures_are_found():
    assert columns(["评分", "甲菌", "乙菌", "0", "4+", "0+", "1", "3+", "1+", "2", "2+", "2+或3+"]) == 3


def test_columns_that_could_be_otherwise_are_not_guessed():
    assert columns(["部位", "体征", "结膜", "充血", "角膜", "脱落", "眼睑", "水肿", "虹膜", "粘连", "巩膜", "压痛"]) == 0
    assert columns([*PAIRS, "夜间型"]) == 0
    assert columns(["类型", "程度", "甲", "轻度", "乙", "重度", "轻度", "无"]) == 0  # a cell that would stand in two columns


def test_a_small_table_with_merged_cells_stays_whole_and_in_order():
    table, lost = table_of_lines("表2 用药方案", SPANNED)
    assert (len(table.rows), table.rows[0].cells, lost) == (1, tuple(SPANNED), ())


def test_cells_of_a_large_table_with_merged_cells_stand_alone_and_none_gives_a_dose_without_its_drug():
    long = "适用于病情反复、常规治疗无效或者不能耐受其他药物的患者，使用前应当充分评估获益和风险并取得知情同意"
    cells = ["类型", "处理指征", "药物", "急性期", f"{long}甲", "地西泮0.3 mg/kg，缓慢静脉推注", f"{long}乙", "单次最大剂量不超过10 mg", "长期",
             *(f"{long}{name}" for name in "丙丁戊己")]  # fmt: skip
    table, lost = table_of_lines("表4 预防", cells)
    kept = [row.cells for row in table.rows]
    assert ("地西泮0.3 mg/kg，缓慢静脉推注",) in kept
    assert all(len(row) == 1 for row in kept)
    assert lost == ("类型", "处理指征", "药物", "急性期", "单次最大剂量不超过10 mg", "长期")


def test_figures_without_their_columns_are_left_out():
    cells = ["体重(g)", "<24 h", "光疗", "换血", "<1 000", "4", "8", "5", "1 000～1 249", "5", "10"]
    assert table_of_lines("表1 标准", cells) == (None, tuple(cells))
