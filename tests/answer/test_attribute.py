import numpy as np
import pytest

from rag.answer.attribute import attribute
from rag.answer.evidence import Evidence
from rag.types import Edition, Hit, Passage, Sentence

HYPERTENSION = Edition("htn-2024", "高血压基层诊疗要点摘编（2024）", "", 2024, "", "htn.pdf", "0")
STROKE = Edition("stroke-2023", "缺血性脑卒中基层诊疗要点摘编（2023）", "", 2023, "", "stroke.pdf", "1")


def evidence(text, section=("五、药物治疗",), edition=HYPERTENSION, n=1):
    passage = Passage(f"{edition.guideline_id}:{n}", edition.guideline_id, "text", tuple(section), (Sentence(text, text),))
    return Evidence(Hit(n, 1.0, passage, edition), 0, 1.0, np.zeros(1))


AMLODIPINE = evidence("氨氯地平起始剂量2.5~5 mg，每日1次；老年人起始剂量2.5 mg。", n=1)
NIFEDIPINE = evidence("硝苯地平控释片30 mg，每日1次，急性心肌梗死禁用。", n=2)
METFORMIN = evidence("eGFR＜45 ml/(min·1.73 m²)的糖尿病患者停用二甲双胍。", n=3)
EXCEPT = evidence("如无禁忌，收缩压≥160 mmHg时应立即启动降压药物治疗。", n=4)
HEADED = evidence("每次75 mg，每日2次，疗程5 d。", ("五、药物治疗", "（一）奥司他韦"), n=5)


def supported(text, *given, question=""):
    return attribute(text, given or (AMLODIPINE, NIFEDIPINE, METFORMIN, EXCEPT, HEADED), question).support


def test_the_sources_own_sentence_is_attributed_to_it():
    assert supported("硝苯地平控释片30 mg，每日1次，急性心肌梗死禁用。") == (NIFEDIPINE,)


def test_a_rewording_that_keeps_every_figure_is_attributed():
    assert supported("硝苯地平控释片30毫克，每天1次，急性心肌梗死禁用。") == (NIFEDIPINE,)


@pytest.mark.parametrize(
    "text",
    [
        "硝苯地平控释片60 mg，每日1次，急性心肌梗死禁用。",
        "硝苯地平控释片30 g，每日1次，急性心肌梗死禁用。",
        "硝苯地平控释片30 mg，每日2次，急性心肌梗死禁用。",
        "硝苯地平控释片30 mg，每日1次，急性心肌梗死可用。",
        "氨氯地平控释片30 mg，每日1次，急性心肌梗死禁用。",
        "硝苯地平控释片030 mg，每日1次，急性心肌梗死禁用。",
        "硝苯地平控释片30~300 mg，每日1次，急性心肌梗死禁用。",
    ],
)
def test_a_changed_fact_has_no_support(text):
    assert supported(text) == ()


def test_a_dose_without_its_drug_has_no_support():
    assert supported("控释片30 mg，每日1次，急性心肌梗死禁用。") == ()


def test_a_dose_under_a_drugs_heading_needs_the_drugs_name():
    assert supported("每次75 mg，每日2次，疗程5 d。", HEADED) == ()
    assert supported("奥司他韦每次75 mg，每日2次，疗程5 d。", HEADED) == (HEADED,)


def test_a_heading_does_not_lend_its_name_to_a_sentence_about_another_drug():
    other = evidence("玛巴洛沙韦40 mg，单次口服。", ("五、药物治疗", "（一）奥司他韦"))
    assert supported("奥司他韦40 mg，单次口服。", other) == ()


def test_an_old_persons_dose_needs_the_old_person():
    old = evidence("老年人：起始剂量2.5 mg，每日1次。", ("氨氯地平",))
    assert supported("氨氯地平起始剂量2.5 mg，每日1次。", old) == ()
    assert supported("氨氯地平老年人起始剂量2.5 mg，每日1次。", old) == (old,)


def test_a_threshold_and_a_condition_may_not_be_left_out():
    assert supported("糖尿病患者停用二甲双胍。") == ()
    assert supported("收缩压≥160 mmHg时应立即启动降压药物治疗。") == ()
    assert supported("如无禁忌，收缩压≥160 mmHg时应立即启动降压药物治疗。") == (EXCEPT,)


def test_another_diseases_rule_under_the_same_drug_has_no_support():
    stroke = evidence("阿司匹林150~300 mg/d，每日1次，急性期后改为50~150 mg/d。", edition=STROKE)
    text = "阿司匹林150~300 mg/d，每日1次，急性期后改为50~150 mg/d。"
    assert supported(text, stroke, question="高血压患者阿司匹林怎么吃？") == ()
    assert supported(text, stroke, question="缺血性脑卒中阿司匹林怎么吃？") == (stroke,)


def test_a_sentence_is_held_against_what_it_is_nearest_to():
    near = evidence("硝酸甘油片只能舌下含，不能吞服，宜坐着含，以免头晕摔倒。")
    far = evidence("硝酸甘油舌下含，每5 min可再含1片；头晕血压低的不能含。", n=2)
    assert supported("硝酸甘油片只能舌下含，能吞服，宜坐着含，以免头晕摔倒。", near, far) == ()


def test_parts_of_a_sentence_may_rest_on_two_sentences_of_one_edition():
    first, second = evidence("氨氯地平每日1次，每次5 mg。"), evidence("氨氯地平主要不良反应是踝部水肿。", n=2)
    assert supported("氨氯地平每日1次，每次5 mg；氨氯地平主要不良反应是踝部水肿。", first, second) == (first, second)


def test_parts_about_different_drugs_or_from_different_editions_do_not_join():
    first, drug = evidence("氨氯地平每日1次，每次5 mg。"), evidence("硝苯地平主要不良反应是踝部水肿。", n=2)
    assert supported("氨氯地平每日1次，每次5 mg；主要不良反应是踝部水肿。", first, drug) == ()
    other = evidence("氨氯地平主要不良反应是踝部水肿。", edition=STROKE)
    assert supported("氨氯地平每日1次，每次5 mg；氨氯地平主要不良反应是踝部水肿。", first, other) == ()


def test_a_sentence_in_another_language_is_refused_with_a_reason():
    result = attribute("Use 5 mg once daily.", (AMLODIPINE,))
    assert result.support == () and result.reasons


def test_the_title_lends_the_disease_that_the_sentence_leaves_out():
    goal = evidence("血压应降至＜130/80 mmHg。", ("五、降压目标",))
    assert supported("高血压患者血压应降至＜130/80 mmHg。", goal) == (goal,)
    assert supported("糖尿病患者血压应降至＜130/80 mmHg。", goal) == ()


KILLIP = "心功能用Killip分级：Ⅰ级没有心力衰竭；Ⅱ级肺部啰音＜50%肺野；Ⅲ级肺部啰音＞50%肺野。"


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        (KILLIP, KILLIP.replace("Ⅱ", "Ⅲ")),
        (KILLIP, KILLIP.replace("＜", "＝").replace("＞", "＜").replace("＝", "＞")),
        ("可做2周至3个月的短期胰岛素强化治疗。", "可做2个月至3个月的短期胰岛素强化治疗。"),
        ("不应常规使用抗菌药；轻、中度腹泻一般不用抗菌药。", "不不应常规使用抗菌药；轻、中度腹泻一般不用抗菌药。"),
        ("肝肾功能不全者停用二甲双胍；利格列汀可用于肾功能不全。", "肝功能不全者停用二甲双胍；利格列汀可用于肾功能不全。"),
        ("极高危指已有ASCVD但不符合超高危标准。", "极高危指已有ASCVD"),
    ],
)
def test_a_small_change_that_reads_alike_has_no_support(source, changed):
    item = evidence(source)
    assert supported(source, item) == (item,)
    assert supported(changed, item) == ()


def test_a_row_without_what_it_is_about_has_no_support():
    row = evidence("表1 类风湿关节炎常用药物 | 药物: 来氟米特 | 起始剂量: 20 mg，1次/d | 最大剂量: — | 主要禁忌: 妊娠")
    assert supported("来氟米特起始剂量20 mg，1次/d。", row) == (row,)
    assert supported("表1 类风湿关节炎常用药物 | 药物: | 起始剂量: 20 mg，1次/d | 最大剂量: — | 主要禁忌: 妊娠", row) == ()
    assert supported("类风湿关节炎起始剂量20 mg，1次/d。", row) == ()


def test_a_false_part_behind_a_true_one_has_no_support():
    source = evidence("孩子发烧不吃阿司匹林，得流感时尤其不能吃。", n=6)
    assert supported("孩子发烧不吃阿司匹林，得流感时尤其不能吃。", source) == (source,)
    assert supported("孩子发烧不吃阿司匹林，得流感时尤其不能吃；小孩流感发烧能吃阿司匹林。", source) == ()


def test_what_is_forbidden_must_be_named():
    careful = evidence("前列腺肥大的患者慎用红花籽油（如甲乙丙）。", n=6)
    assert supported("前列腺肥大的患者慎用红花籽油（如甲乙丙）。", careful) == (careful,)
    assert supported("前列腺肥大的患者慎用（如甲乙丙）。", careful) == ()
