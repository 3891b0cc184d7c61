"""Doses of other drugs are no answer to a question for one drug's dose."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
氨氯地平起始剂量5 mg，1次/d。
缬沙坦起始剂量80 mg，1次/d，用生理盐水送服。
上述药物均不宜突然停用。
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


def said(base, question):
    return "".join(s.text for s in base.ask(question).statements)


def test_only_the_asked_drugs_dose_is_shown(base):
    text = said(base, "测热病用缬沙坦，起始剂量多少毫克？")
    assert "80 mg" in text
    assert "5 mg" not in text


def test_what_is_no_dose_stays(base):
    assert "不宜突然停用" in said(base, "测热病的药能不能突然停用？")


def test_a_question_for_no_drug_keeps_all_doses(base):
    text = said(base, "测热病怎么用药，起始剂量多少？")
    assert "80 mg" in text
    assert "5 mg，" in text


def test_another_diseases_dose_is_left_out(knowing):
    syphilis = "# 梅毒诊疗指南（2020年版）\n\n## 治疗\n早期梅毒推荐苄星青霉素240万U，肌内注射。\n梅毒治疗后应随访。\n"
    membranes = "# 胎膜早破诊疗指南（2015年版）\n\n## 治疗\n可口服阿莫西林250 mg，每8小时1次，共5 d。\n"
    assert "250 mg" not in said(knowing(syphilis, membranes), "早期梅毒可以口服阿莫西林治疗吗，剂量多少？")
