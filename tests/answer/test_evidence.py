"""A sentence is stated and cited with the item that it stands under."""

import numpy as np

from rag.answer.answerer import cite
from rag.answer.evidence import Evidence
from rag.types import Edition, Hit, Passage, Sentence

DOSE = "治疗剂量为100 mg，睡前口服。"


def evidence(text, under, section=("六、治疗",), kind="text"):
    passage = Passage("g:1", "g", kind, section, (Sentence(text, text, under=under),))
    edition = Edition("g", "甲病指南", "甲学会", 2020, "", "甲病.pdf", "0" * 64)
    return Evidence(Hit(1, 1.0, passage, edition), 0, 1.0, np.zeros(1))


def test_a_dose_is_stated_with_the_drug_of_its_item_and_quoted_verbatim():
    item = evidence(DOSE, ("4．甲氯芬酯：",))
    assert item.stated == "甲氯芬酯：" + DOSE
    assert cite(item, 1).quote == DOSE
    assert cite(item, 1).section == ("六、治疗", "4．甲氯芬酯：")


def test_a_sentence_that_names_its_item_is_stated_as_it_is():
    text = "甲氯芬酯适用于夜间唤醒困难者。"
    assert evidence(text, ("4．甲氯芬酯：",)).stated == text


def test_a_sentence_under_no_item_is_stated_as_it_is():
    assert evidence(DOSE, ()).stated == DOSE


def test_what_announces_a_list_is_stated_with_its_heading():
    assert evidence("符合以下一项者：", ()).stated == "治疗：符合以下一项者："


def test_a_figure_is_stated_with_the_numbered_item_that_is_its_heading():
    assert evidence("药物一般在睡前1~2 h服用。", (), ("六、治疗", "2．甲药：")).stated == "甲药：药物一般在睡前1~2 h服用。"
    assert evidence("药物应在睡前服用。", (), ("六、治疗", "2．甲药：")).stated == "药物应在睡前服用。"
    assert evidence("表1 甲 | 剂量: 5 mg", (), ("六、治疗", "2．甲药："), "table").stated == "表1 甲 | 剂量: 5 mg"


def test_a_sentence_without_a_subject_is_stated_with_its_heading():
    assert evidence("指出生数周以后出现的后遗症。", (), ("一、概念", "3．核黄疸：")).stated == "核黄疸：指出生数周以后出现的后遗症。"
    assert evidence("指南推荐卧床休息。", ()).stated == "指南推荐卧床休息。"
