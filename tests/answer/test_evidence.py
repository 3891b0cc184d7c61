"""A sentence is stated and cited with the item that it stands under."""

import numpy as np

from rag.answer.answerer import cite
from rag.answer.evidence import Evidence
from rag.types import Edition, Hit, Passage, Sentence

DOSE = "治疗剂量为100 mg，睡前口服。"


def evidence(text, under):
    passage = Passage("g:1", "g", "text", ("六、治疗",), (Sentence(text, text, under=under),))
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
