"""A quote becomes readable without losing what carries meaning."""

import pytest

from rag.text.readable import readable, readable_heading, without_number


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("建议降压［16］。", "建议降压。"),
        ("建议降压［¹⁸‑²¹］。", "建议降压。"),
        ("建议降压［２－３］。", "建议降压。"),
        ("建议降压[24] [25]。", "建议降压。"),
        ("建议降压[3]-[5]，", "建议降压，"),
        ("诊室血压¹应测量", "诊室血压应测量"),
        ("1.73 m²", "1.73 m²"),
        ("4×10⁹/L", "4×10⁹/L"),
        ("Ca²⁺升高", "Ca²⁺升高"),
        ("１．５ ｍｇ，３％", "1.5 mg，3％"[:-1] + "%"),
        ("约 10 年\n后", "约10年后"),
        ("24 h 内", "24 h内"),
        ("Ⅱａ级", "Ⅱa级"),
    ],
)
def test_readable(quote, text):
    assert readable(quote) == text


def test_heading_keeps_the_space_after_its_number():
    assert readable_heading("第一章　脑血管病") == "第一章 脑血管病"
    assert readable_heading("附　录　A（资料性附录）诊断要点") == "附录A （资料性附录）诊断要点"
    assert readable_heading("附录 2常见食物交换表") == "附录2 常见食物交换表"
    assert readable_heading("A.3.1 中脑出血") == "A.3.1 中脑出血"
    assert readable_heading("概　　论") == "概论"
    assert readable_heading("1 范围") == "1 范围"


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("2.1 降温", "降温"), ("2.1.3治疗", "治疗"), ("2．10 监测", "监测"), ("1 定义", "定义"), ("10 随访：", "随访"), ("1. 定义", "定义"),
        ("（一）成人", "成人"), ("①急救", "急救"), ("1.2型糖尿病", "2型糖尿病"), ("2型糖尿病", "2型糖尿病"), ("2 型糖尿病", "2 型糖尿病"),
        ("5 岁以下儿童", "5 岁以下儿童"), ("3 d内", "3 d内"), ("2019年版", "2019年版"), ("第三章 预防", "第三章 预防"),
    ],
)  # fmt: skip
def test_a_headings_words_stand_without_its_whole_number(heading, words):
    assert without_number(heading) == words
