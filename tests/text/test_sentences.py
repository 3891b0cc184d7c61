"""Sentences end where a reader would say."""

import pytest

from rag.text.sentences import split_sentences


def parts(text):
    return [text[a:b] for a, b in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "剂量为2.5 mg，每日1次。",
        "（首次就诊。复诊。）应测血压。",
        "参见Fig. 3和et al. 的研究。",
        "收缩压≥140 mmHg；舒张压≥90 mmHg。",
        "他说“血压高。”后离开。",
    ],
)
def test_inside_stays_whole(whole):
    assert parts(whole) == [whole]


def test_full_stop_question_and_exclamation_end():
    assert parts("血压达标。是否继续？继续！") == ["血压达标。", "是否继续？", "继续！"]


def test_reference_mark_after_the_stop_belongs_to_its_sentence():
    assert parts("可降压。［16］应监测。") == ["可降压。［16］", "应监测。"]


def test_bracket_never_closed_does_not_swallow_the_rest():
    assert len(parts("剂量（见下。" + "按时服药。" * 60)) > 30


def test_overlong_sentence_is_parted_at_semicolons_into_substantial_parts():
    text = "；".join(f"第{n}项要求患者在随访时测量血压并记录服药情况和不良反应" for n in range(20)) + "。"
    found = parts(text)
    assert "".join(found) == text
    assert len(found) > 1
    assert all(len(p) >= 60 for p in found)


def test_full_width_dot_between_chinese_ends_but_not_in_numbers():
    assert parts("平均值为１．５倍．应复查．") == ["平均值为１．５倍．", "应复查．"]
