"""Headings that are set in pieces become one heading."""

from rag.ingest.pdf import read_pdf
from rag.text.readable import readable_heading

STANDARD = """
#align(center)[#text(15pt, weight: "bold")[成人测试病诊断标准]]
= 1 范围
本标准规定了成人测试病的诊断依据和鉴别诊断，适用于全国各级医疗机构及其医务人员。
= 2 术语和定义
#par(first-line-indent: 0em)[2.1]

测试病 test disease, TD

由测试引起的疾病，多见于成人，病程超过六周，可以反复发作，严重时影响日常生活和工作。
#v(1em)
#align(center)[#text(font: "Noto Sans CJK SC")[附　录　A]

#text(font: "Noto Sans CJK SC")[（资料性附录）]

#text(font: "Noto Sans CJK SC")[各型测试病的诊断要点]]
= A.1 轻型
体温低于三十八摄氏度，精神好，饮食和睡眠不受影响，门诊随访即可，不需要住院治疗。
"""


def headings(path):
    return [(b.level, readable_heading(b.text)) for b in read_pdf(path).blocks if b.kind == "heading"]


def test_an_appendix_its_kind_and_its_title_are_one_heading(typeset):
    assert (1, "附录A （资料性附录）各型测试病的诊断要点") in headings(typeset(STANDARD))
    assert (2, "A.1 轻型") in headings(typeset(STANDARD))


def test_a_number_alone_joins_the_term_that_it_defines(typeset):
    texts = [text for _, text in headings(typeset(STANDARD))]
    assert "2.1测试病test disease, TD" in texts or "2.1 测试病test disease, TD" in texts


def test_a_number_before_a_sentence_stays_alone(typeset):
    source = "= 第一章\n本章的要求适用于各级医疗机构，各地可以根据实际情况细化，并在三个月内报上级部门备案。"
    assert headings(typeset(source)) == [(1, "第一章")]
