"""A row says nothing of what is asked where the cell for it is empty."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
测热病可用氨氯地平和缬沙坦。

表1 测热病常用药物
| 药物 | 起始剂量 | 常用剂量 |
| --- | --- | --- |
| 氨氯地平（成人） | 5 mg，1次/d | 5~10 mg，1次/d |
| 氨氯地平（住院） | — | 7.5 mg，1次/d |
| 缬沙坦 | — | 80 mg，1次/d |
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


def said(base, question):
    return "".join(s.text for s in base.ask(question).statements)


def test_a_row_with_an_empty_cell_for_it_is_left_out(base):
    text = said(base, "测热病用氨氯地平的起始剂量是多少？")
    assert "起始剂量: 5 mg" in text
    assert "7.5 mg" not in text


def test_the_row_answers_what_its_other_cells_say(base):
    assert "7.5 mg" in said(base, "测热病住院用氨氯地平的常用剂量是多少？")
