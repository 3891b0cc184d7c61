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


def test_a_dose_for_those_who_took_too_much_of_the_drug_is_another_drugs(knowing):
    text = "# 测热病诊疗指南（2024年版）\n\n## 一、药物治疗\n对乙酰氨基酚每次0.5 g。\n对乙酰氨基酚中毒用N-乙酰半胱氨酸140 mg/kg解毒。\n"
    base = knowing(text)
    assert "140 mg/kg" not in said(base, "测热病用对乙酰氨基酚，每次剂量多少？")
    assert "140 mg/kg" in said(base, "对乙酰氨基酚中毒用N-乙酰半胱氨酸多少剂量解毒？")


def test_a_row_is_about_the_drug_of_its_first_cell(knowing):
    table = "表1 常用药物\n| 药物 | 常用剂量 | 注意 |\n| --- | --- | --- |\n| 秋水仙碱 | 0.5 mg/d | — |\n| 泼尼松 | 10 mg/d | 秋水仙碱不能用时才用 |\n"
    text = said(knowing(f"# 痛风诊疗指南（2024年版）\n\n## 一、药物治疗\n痛风预防发作用药见表1。\n\n{table}"), "痛风用秋水仙碱，常用剂量多少？")
    assert "0.5 mg/d" in text
    assert "10 mg/d" not in text


def test_a_time_under_another_drugs_heading_is_not_the_asked_ones(knowing):
    base = knowing(
        "# 测热病诊疗指南（2024年版）\n\n## 药物治疗\n\n### 氨氯地平\n首次用药后需心电监测6 h。\n\n### 缬沙坦\n首次用药后需心电监测2 h。\n"
    )
    text = said(base, "测热病首次用缬沙坦后心电监测多久？")
    assert "2 h" in text
    assert "6 h" not in text
