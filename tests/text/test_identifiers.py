import time

import pytest

from eval.safety.__main__ import survives
from eval.safety.planted import PLAIN, planted
from rag.text.identifiers import mask

PLANTED = list(planted())


def test_no_planted_identifier_can_be_read_after_masking():
    assert len(PLANTED) >= 220
    assert [p for p in PLANTED if survives(p.secret, mask(p.question).text)] == []


def test_every_planted_identifier_is_counted_under_its_kind():
    wrong = [(p, dict(mask(p.question).counts)) for p in PLANTED if p.kind not in mask(p.question).counts]
    assert len(wrong) <= 0.03 * len(PLANTED), wrong


@pytest.mark.parametrize("text", PLAIN)
def test_doses_values_years_and_document_numbers_stay(text):
    assert mask(text).text == text


def test_several_identifiers_of_one_text_are_counted_by_kind():
    masked = mask("患者王小明，电话13800138000或13900139000，住址：浙江省杭州市西湖区文三路123号")
    assert dict(masked.counts) == {"姓名": 1, "电话": 2, "住址": 1}
    assert not any(s in masked.text for s in ("王小明", "138", "139", "文三路"))


def test_an_identity_number_with_a_wrong_check_character_is_masked_and_named_doubtful():
    assert dict(mask("身份证号110105194912310021").counts) == {"疑似身份证号": 1}
    assert dict(mask("身份证号11010519491231002X").counts) == {"身份证号": 1}


def test_what_surrounds_an_identifier_stays():
    assert mask("手机13800138000，血压140/90").text == "手机〔电话〕,血压140/90"


@pytest.mark.parametrize("text", ["村路街" * 600, "朝阳区" * 700, "1号" * 900, "浙江省" + "路" * 2000, "张" * 2000, "1 3 8 " * 500])
def test_a_text_made_to_be_slow_is_masked_quickly(text):
    mask("预热")
    started = time.process_time()
    mask(text)
    assert time.process_time() - started < 2
