"""Headings, run-in labels and recommendation grades are told from running text."""

import pytest

from rag.ingest.structure import Outline, bare_heading, find_grade, heading_rank, is_recommendation_lead, run_in_label


@pytest.mark.parametrize(
    "text",
    [
        "第一章 总则",
        "第二节 诊断",
        "一、概述",
        "（一）缺血性脑血管病",
        "1.高血压控制",
        "2.1 诱发药物",
        "1 范围",
        "附录A 药物表",
        "（3）转诊",
        "2.高渗盐水的不良反应：",
        "三、放射学孤立综合征（radiologically isolated syndrome，RIS）",
    ],
)
def test_numbered_titles_are_headings(text):
    assert heading_rank(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "1.脑梗死：又称缺血性卒中，由于脑局部血液循环障碍所致。",
        "2.5 mg，每日1次",
        "（1）体重管理：通过平衡膳食控制体重；",
        "18.5~23.9 kg/m2",
        "1.有下列情况者：",
        "12 小时后追加1次",
        "附录中列出了常用药物的剂量。",
        "高血压是常见病，应当规范管理，长期随访。",
    ],
)
def test_sentences_and_doses_are_no_headings(text):
    assert heading_rank(text) is None


def test_unnumbered_line_is_heading_only_when_it_looks_like_one():
    assert heading_rank("治疗原则") is None
    assert heading_rank("治疗原则", bold=True) is not None


def test_outline_nests_families_and_drops_what_ended():
    outline = Outline()
    for title in ("第一章 防治", "一、预防", "（一）一级预防", "1.血压", "二、康复"):
        outline.enter(heading_rank(title), title)
    assert outline.path == ("第一章 防治", "二、康复")


def test_run_in_label_names_the_drug():
    assert run_in_label("（3）西尼莫德：选择性调节受体，适用于成人。") == (5.0, "（3）西尼莫德")
    assert run_in_label("西尼莫德：选择性调节受体") is None


@pytest.mark.parametrize(
    ("text", "grade", "evidence"),
    [
        ("推荐意见：应尽早行CT检查（Ⅰ级推荐，A级证据）。", "Ⅰ级", "A级"),
        ("推荐使用（Ⅱａ级推荐，Ｂ级证据）。", "Ⅱa级", "B级"),
        ("可选用高渗盐水（证据等级2a，推荐等级：中度推荐）。", "中度推荐", "2a"),
        ("适用于成人复发型患者（Ⅲ级证据，D级推荐）。", "D级", "Ⅲ级"),
        ("建议联合用药（GRADE 1A）。", "1", "A"),
        ("建议筛查（1B）。", "1", "B"),
        ("应监测血压（强推荐，低质量证据）。", "强推荐", "低质量"),
        ("可加用利尿剂（专家意见，推荐等级：弱推荐）。", "弱推荐", "专家意见"),
    ],
)
def test_grade_and_evidence_are_read_as_printed(text, grade, evidence):
    found = find_grade(text)
    assert found is not None
    assert (found.grade, found.evidence) == (grade, evidence)


def test_plain_sentences_have_no_grade():
    assert find_grade("血压分为1级、2级和3级，2级以上应启动药物治疗。") is None


def test_recommendation_leads():
    assert is_recommendation_lead("推荐意见3：对于颅内血肿患者")
    assert is_recommendation_lead("【推荐意见】")
    assert not is_recommendation_lead("推荐对患者进行随访")


def test_references_do_not_hide_a_heading():
    assert heading_rank("三、诊断[3,4,5]") == heading_rank("三、诊断")
    assert heading_rank("3．辅助检查[1,4,5] ：") == heading_rank("3．辅助检查：") == 4.0


def test_a_long_label_on_a_line_of_its_own_is_a_heading():
    assert heading_rank("3．M受体拮抗剂和β3-肾上腺素能受体激动剂：") == 4.0
    assert heading_rank("3．有下列情况之一的患者应当立即转诊治疗：") is None


def test_the_name_of_a_chapter_is_a_bare_heading_and_a_sentence_is_none():
    assert all(map(bare_heading, ("临床表现", "诊断和鉴别诊断", "常用的辅助检查", "病因、发病机制及诱因", "治疗[3]", "随访：")))
    assert not any(map(bare_heading, ("治疗有效", "诊断。", "甲药治疗", "轻度")))


@pytest.mark.parametrize("text", ["一、：", "1.：", "2．[3] ："])
def test_a_number_with_nothing_but_a_colon_is_no_heading(text):
    assert heading_rank(text) is None
