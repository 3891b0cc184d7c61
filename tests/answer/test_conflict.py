"""A conflict is reported only where two current guidelines say different things of the same."""

from __future__ import annotations

import pytest

from rag.answer.conflict import conflicts, opposing
from rag.types import Citation, Edition, Statement


def said(text: str, guideline: str, n: int, status: str = "current", section: tuple[str, ...] = ("药物治疗",)) -> Statement:
    edition = Edition(guideline, f"{guideline}指南", "某学会", 2020 + n, "", f"{guideline}.pdf", guideline, status=status)
    return Statement(text, (Citation(n, f"{guideline}:{n}", edition, section, (n,), text),))


def found(a: str, b: str, **options) -> list[str]:
    return [n.message for n in conflicts([said(a, "甲", 1), said(b, "乙", 2, **options)])]


@pytest.mark.parametrize(("a", "b"), [
    ("高血压患者血压控制目标为<140/90 mmHg。", "高血压患者血压控制目标为<130/80 mmHg。"),
    ("奥司他韦成人剂量每次75mg。", "奥司他韦成人剂量每次150mg。"),
    ("二甲双胍每日最大剂量为2550mg。", "二甲双胍每日最大剂量为2000mg。"),
    ("空腹血糖控制目标为4.4~7.0 mmol/L。", "空腹血糖控制目标为7.8~10.0 mmol/L。"),
])
def test_different_quantities_for_the_same_thing_are_reported_with_both_citations(a, b):
    (message,) = found(a, b)

    assert "[1]" in message
    assert "[2]" in message
    assert "甲指南" in message
    assert "乙指南" in message


@pytest.mark.parametrize(("a", "b"), [
    ("奥司他韦成人剂量每次75mg。", "奥司他韦成人剂量每次75mg，每日2次。"),
    ("奥司他韦成人剂量每次75mg。", "奥司他韦儿童剂量每次45mg。"),
    ("奥司他韦成人剂量每次75mg。", "扎那米韦成人剂量每次10mg。"),
    ("二甲双胍起始剂量为500mg。", "二甲双胍最大剂量为2000mg。"),
    ("高血压患者血压控制目标为<140/90 mmHg。", "老年高血压患者血压控制目标为<150/90 mmHg。"),
    ("收缩压≥140 mmHg可诊断高血压。", "收缩压≥180 mmHg应立即转诊。"),
    ("氨氯地平每日5~10mg。", "氨氯地平每日2.5~10mg。"),
    ("氨氯地平每日0.005g。", "氨氯地平每日5mg。"),
    ("阿莫西林疗程为14天。", "阿莫西林每次1g。"),
    ("高血压患者血压控制目标为<140/90 mmHg，能耐受者<130/80 mmHg。", "高血压患者血压控制目标为<130/80 mmHg。"),
])
def test_what_agrees_or_is_about_something_else_is_no_conflict(a, b):
    assert found(a, b) == []


def test_a_superseded_edition_contradicts_nobody():
    assert found("奥司他韦成人剂量每次75mg。", "奥司他韦成人剂量每次150mg。", status="superseded") == []


def test_one_guideline_does_not_contradict_itself():
    assert conflicts([said("奥司他韦成人剂量每次75mg。", "甲", 1), said("奥司他韦成人剂量每次150mg。", "甲", 2)]) == []


def test_the_heading_says_for_whom_a_quantity_is():
    assert found("奥司他韦剂量每次75mg。", "奥司他韦剂量每次30mg。", section=("儿童用药",)) == []


@pytest.mark.parametrize(("a", "b"), [
    ("成人流感患者口服奥司他韦每次75 mg，每日2次。", "奥司他韦治疗流感，成人每次150 mg，每日2次。"),
    ("痛风急性发作时秋水仙碱首剂1 mg。", "急性痛风秋水仙碱首剂0.5 mg。"),
    ("幽门螺杆菌铋剂四联方案疗程为14天。", "铋剂四联根除幽门螺杆菌的疗程为10天。"),
    ("痛风患者血尿酸应控制在<360 μmol/L。", "痛风患者血尿酸控制目标为<300 μmol/L。"),
])
def test_the_same_said_in_other_words_is_compared(a, b):
    assert len(found(a, b)) == 1


@pytest.mark.parametrize(("a", "b"), [
    ("流感患者奥司他韦每次75 mg。", "流感患者奥司他韦每日150 mg。"),
    ("类风湿关节炎甲氨蝶呤起始7.5 mg，每周1次。", "类风湿关节炎甲氨蝶呤最大20 mg，每周1次。"),
    ("流感的预防用奥司他韦每次75 mg。", "流感的治疗用奥司他韦每次150 mg。"),
    ("幽门螺杆菌感染用阿莫西林每次1000 mg。", "社区获得性肺炎用阿莫西林每次500 mg。"),
])
def test_each_time_and_each_day_first_and_most_and_other_uses_are_apart(a, b):
    assert found(a, b) == []


def test_the_title_says_of_which_disease_a_quantity_is():
    a = said("收缩压≥200 mmHg时降压。", "缺血性脑卒中", 1)
    b = said("收缩压≥180 mmHg时降压。", "2型糖尿病", 2)

    assert conflicts([a, b]) == []


def test_what_others_say_to_the_contrary_is_picked_out():
    own = [said("奥司他韦成人剂量每次75mg。", "甲", 1)]
    others = [said(text, name, 0) for text, name in (
        ("奥司他韦成人剂量每次75mg。", "乙"), ("奥司他韦成人剂量每次150mg。", "丙"), ("奥司他韦儿童剂量每次30mg。", "丁"), ("流感多饮水休息。", "戊"))]

    assert opposing(own, others) == [1]
    assert opposing([], others) == []
