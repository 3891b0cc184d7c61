"""What is said differently is reported once, with its numbers; what is only written differently is not."""

from __future__ import annotations

import pytest

from rag.changes import Change, compare
from rag.types import Document, Metadata, Passage, Sentence

SECTION = ("八、治疗",)
KEPT = (
    "病毒在人呼吸道分泌物中可以检出。", "高热者可进行物理降温，或应用解热药物。", "密切观察病情变化，尤其是老年患者。",
    "根据缺氧程度采用适当方式进行氧疗。",
)


def document(*sentences: str, title: str = "某病诊疗指南") -> Document:
    body = tuple(Sentence(s, s) for s in (*KEPT[:2], *sentences, *KEPT[2:]))
    return Document(Metadata(title), ("",), (Passage("1", "g", "text", SECTION, body),))


def changes(old: tuple[str, ...], new: tuple[str, ...]) -> list[Change]:
    return compare(document(*old), document(*new))


def test_the_same_text_has_no_changes():
    assert changes(("奥司他韦每次75mg，每日2次。",), ("奥司他韦每次75mg，每日2次。",)) == []


def test_a_changed_dose_is_one_change_with_both_numbers():
    (change,) = changes(("成人口服奥司他韦每次75mg，每日2次，疗程5天。",), ("成人口服奥司他韦每次150mg，每日2次，疗程5天。",))

    assert change.kind == "changed"
    assert change.numbers == (("75mg",), ("150mg",))
    assert change.important


def test_a_threshold_written_with_a_space_before_its_unit_is_compared():
    (change,) = changes(("体温≥38.5 ℃且持续3天者诊断为测热病。",), ("体温≥38.0 ℃且持续3天者诊断为测热病。",))

    assert change.numbers == (("≥38.5°C",), ("≥38.0°C",))


def test_a_dose_that_two_drugs_exchange_is_noticed():
    (change,) = changes(("炙麻黄5g杏仁9g知母10g甘草3g。",), ("炙麻黄9g杏仁5g知母10g甘草3g。",))

    assert set(change.numbers[0]) == {"5g", "9g"}


def test_advice_that_turns_is_important():
    (change,) = changes(("重症患者推荐使用糖皮质激素治疗。",), ("重症患者不推荐使用糖皮质激素治疗。",))

    assert change.turned
    assert change.important


def test_an_added_and_a_removed_sentence_stand_alone():
    added = changes((), ("对难治性低氧血症患者，可考虑使用体外膜肺氧合。",))
    removed = changes(("妊娠中晚期及围产期妇女应住院治疗。",), ())

    assert [(c.kind, c.new) for c in added] == [("added", "对难治性低氧血症患者，可考虑使用体外膜肺氧合。")]
    assert [(c.kind, c.old) for c in removed] == [("removed", "妊娠中晚期及围产期妇女应住院治疗。")]


def test_a_member_added_to_a_list_is_a_change():
    (change,) = changes(("伴有肾病、肝病、血液系统疾病者。",), ("伴有肾病、肝病、血液系统疾病、恶性肿瘤者。",))

    assert change.kind == "changed"


@pytest.mark.parametrize(("old", "new"), [
    (("(1)患者应当卧床休息，注意营养支持。",), ("2. 患者应卧床休息，并注意营养支持。",)),
    (("潜伏期1—7天，多为2—4天。",), ("潜伏期为1~7天，多为2～4天。",)),
    (("血白细胞总数正常；淋巴细胞计数减低明显。",), ("血白细胞总数正常。", "淋巴细胞计数减低明显。")),
    (("破伤风梭状芽胞杆菌广泛存在于土壤中。",), ("破伤风梭状芽孢杆菌广泛存在于土壤中。",)),
    (("重症者給予氧療並監測血氧飽和度變化。",), ("重症者给予氧疗并监测血氧饱和度变化。",)),
    (("咳嗽严重者给予止咳祛痰药物治疗。",), ("咳嗽严重者给予止咳袪痰药物治疗。",)),
])
def test_wording_numbering_splitting_and_misread_characters_are_no_change(old, new):
    assert changes(old, new) == []


def test_a_word_replaced_throughout_is_told_once():
    old = ("使用甲型制剂后应在注射室观察三十分钟以上方可离开。", "甲型制剂不能获得时可以联系转往上级医院继续处理。")
    new = ("使用被动免疫药后应在注射室观察三十分钟以上方可离开。", "被动免疫药不能获得时可以联系转往上级医院继续处理。")

    found = changes(old, new)

    assert [(c.kind, c.old, c.new) for c in found] == [("renamed", "甲型制剂", "被动免疫药")]


def test_an_imprint_and_the_authors_are_no_change():
    assert changes(("校对：某某", "国家卫生健康委办公厅2019年1月1日印发"), ("校对：另一人",)) == []


def test_changes_come_in_the_order_of_the_new_edition():
    found = compare(
        document("重症患者隔离观察十天以上为宜。"), document("必须佩戴医用外科口罩入院。", "轻症患者应当居家服药观察。"))

    assert [c.new for c in found if c.new] == ["必须佩戴医用外科口罩入院。", "轻症患者应当居家服药观察。"]


def rows(*named: tuple[str, str]) -> Document:
    body = tuple(Sentence(f"表2 降糖药 | 药物: {name} | 常用剂量: {dose} | 主要禁忌: —", name) for name, dose in named)
    return Document(Metadata("某病诊疗指南"), ("",), (Passage("1", "g", "table", SECTION, body),))


def test_a_row_is_compared_with_the_row_of_the_same_thing():
    found = compare(rows(("格列本脲", "20 mg/d"), ("西格列汀", "100 mg/d")), rows(("西格列汀", "50 mg/d"), ("维格列汀", "100 mg/d")))

    assert [(c.kind, c.numbers, c.turned) for c in found] == [
        ("removed", (("20mg/d",), ()), False), ("changed", (("100mg/d",), ("50mg/d",)), False), ("added", ((), ("100mg/d",)), False),
    ]


def test_a_row_whose_name_was_completed_is_the_same_row():
    assert [c.kind for c in compare(rows(("空腹血糖", "7 mg")), rows(("空腹静脉血糖", "8 mg")))] == ["changed"]


@pytest.mark.parametrize(("old", "new"), [
    ("重度非增殖期视网膜病变患者，转眼科处理。", "中度非增殖期视网膜病变患者，转眼科处理。"),
    ("发病早期白细胞总数正常，淋巴细胞计数减少。", "发病早期白细胞总数正常，淋巴细胞计数正常或减少。"),
    ("用法用量参考恢复期血浆临床治疗方案（试行第一版）。", "用法用量参考恢复期血浆临床治疗方案（试行第二版）。"),
])
def test_a_single_word_of_degree_is_a_change(old, new):
    (change,) = changes((old,), (new,))

    assert change.important


@pytest.mark.parametrize(("old", "new"), [
    ("按照我委印发的病例转运工作方案执行。", "按照国家卫生健康委印发的病例转运工作方案执行。"),
    ("30 min后即注射第2次0.4 ml观察反应。", "30 min后即注射0.4 ml观察反应。"),
    ("2017年的调查显示发病率较高，儿童多见。", "2019年的调查显示发病率较高，儿童多见。"),
    ("eGFR的单位为ml/min，患者须定期复查。", "eGFR的单位为ml/(min·1.73 m²)，患者须定期复查。"),
])
def test_names_ordinals_and_dates_are_no_doses(old, new):
    assert not any(c.important for c in changes((old,), (new,)))
