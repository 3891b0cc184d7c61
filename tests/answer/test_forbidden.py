"""A question for contraindications is answered by what states one of the thing asked about, or not at all."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
测热病首选氨氯地平，没有禁忌证的患者可联合缬沙坦。
有双侧肾动脉狭窄的测热病患者禁用缬沙坦；孕妇也不能用。
心力衰竭的测热病患者首选缬沙坦，禁用维拉帕米。
氨氯地平的最大剂量为10 mg/d。

## 二、运动治疗
测热病患者每周运动3次。
体温>38 ℃的测热病患者禁忌运动。
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


def said(base, question):
    return "".join(s.text for s in base.ask(question).statements)


@pytest.mark.parametrize("question", ["缬沙坦的禁忌证是什么？", "测热病用缬沙坦，哪些病人不能用？"])
def test_only_what_forbids_the_drug_is_said(base, question):
    text = said(base, question)
    assert "双侧肾动脉狭窄" in text
    assert "没有禁忌证" not in text
    assert "维拉帕米" not in text


def test_a_drug_of_which_nothing_forbids_gets_no_answer(base):
    answer = base.ask("氨氯地平的禁忌证有哪些？")
    assert answer.status == "abstained"
    assert answer.reading


def test_what_is_no_drug_has_contraindications_too(base):
    text = said(base, "测热病患者运动的禁忌证")
    assert "38 ℃" in text
    assert "每周运动3次" not in text


def test_people_who_are_named_get_what_is_forbidden_to_them(knowing):
    text = "# 测热病诊疗指南（2024年版）\n\n## 一、药物治疗\n妊娠期测热病患者禁用缬沙坦。\n有高血钾的测热病患者禁用缬沙坦。\n"
    answer = said(knowing(text), "测热病孕妇用缬沙坦的禁忌是什么？")
    assert "妊娠期" in answer
    assert "高血钾" not in answer


def test_a_follow_up_for_contraindications_is_answered_alike(base):
    talk = base.chat()
    talk.ask("缬沙坦用于测热病吗？")
    text = "".join(s.text for s in talk.ask("它的禁忌呢").statements)
    assert "双侧肾动脉狭窄" in text
    assert "首选氨氯地平" not in text


def test_a_question_for_more_than_contraindications_keeps_the_rest(base):
    assert "10 mg" in said(base, "氨氯地平的最大剂量和禁忌证？")
