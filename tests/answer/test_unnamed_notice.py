"""An answer says what it was asked for and does not speak of."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
测热病首选氨氯地平，起始剂量5 mg，1次/d。
测热病患者肾功能减退时氨氯地平不必减量。

## 二、随访
测热病患者每3个月复查1次肝功能。
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


def notices(base, question):
    answer = base.ask(question)
    return [w.message for w in answer.warnings if w.code == "not_named"] if answer.statements else None


def test_people_of_whom_nothing_is_said_are_named(base):
    told = notices(base, "孕妇得了测热病，氨氯地平的起始剂量是多少毫克？")
    assert told is None or "孕妇" in told[0]


def test_people_of_whom_something_is_said_are_not(base):
    assert notices(base, "测热病患者肾功能减退时氨氯地平要不要减量？") == []


def test_a_question_for_nobody_special_has_no_such_warning(base):
    assert notices(base, "测热病用氨氯地平，起始剂量是多少毫克？") == []


def test_people_must_be_spoken_of_with_the_drug(knowing):
    told = notices(knowing(TEXT + "\n## 三、妊娠\n测热病孕妇应当转诊。\n"), "孕妇得了测热病，可以用氨氯地平吗，起始剂量是多少？")
    assert told is None or "孕妇用氨氯地平" in told[0]
