"""A drug's row is no answer for those to whom its own cell forbids it."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
测热病用抗菌药物治疗。

表1 测热病常用药物
| 药物 | 用于测热病的常用剂量 | 主要禁忌 |
| --- | --- | --- |
| 阿莫西林 | 500 mg，3次/d | 青霉素过敏 |
| 青霉素G | 80万U，4次/d | — |
| 左氧氟沙星（青霉素不敏感菌） | 500 mg，1次/d | — |
| 克拉霉素 | 250 mg，2次/d | 严重肝病 |
| 多西环素 | 100 mg，2次/d | 妊娠期、哺乳期 |
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


def said(base, question):
    return "".join(s.text for s in base.ask(question).statements)


@pytest.mark.parametrize(
    ("question", "forbidden"),
    [
        ("青霉素过敏的测热病患者用什么药物，常用剂量多少？", "阿莫西林"),
        ("测热病青霉素过敏用什么药物，常用剂量多少？", "青霉素G"),
        ("孕妇测热病用什么药物，常用剂量多少？", "多西环素"),
    ],
)
def test_a_row_that_forbids_the_patient_is_left_out(base, question, forbidden):
    text = said(base, question)
    assert "克拉霉素" in text
    assert forbidden not in text


def test_a_row_that_forbids_others_stays(base):
    text = said(base, "肝病患者测热病用什么药物，常用剂量多少？")
    assert "克拉霉素" in text  # it forbids severe disease of the liver only
    assert "多西环素" in text


def test_whether_it_may_be_used_is_answered_by_the_row(base):
    assert "主要禁忌: 青霉素过敏" in said(base, "青霉素过敏的测热病患者能用阿莫西林吗？")


def test_a_drug_for_what_resists_the_one_not_tolerated_stays(base):
    assert "左氧氟沙星" in said(base, "测热病青霉素过敏用什么药物，常用剂量多少？")
