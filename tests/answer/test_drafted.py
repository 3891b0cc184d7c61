import pytest

from rag.answer.drafted import clean, statements


def test_a_statement_is_yielded_as_soon_as_its_line_is_whole():
    taken = []

    def pieces():
        yield "氨氯地平5 mg[1]\n硝苯"
        taken.append("more")
        yield "地平30 mg[2]"

    found = statements(pieces())
    assert next(found) == "氨氯地平5 mg" and not taken
    assert list(found) == ["硝苯地平30 mg"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("- **氨氯地平** 5 mg [1][2]", "氨氯地平 5 mg"),
        ("1. 氨氯地平5 mg【1，3】", "氨氯地平5 mg"),
        ("[2]《高血压摘编》五、药物治疗：氨氯地平5 mg。", "氨氯地平5 mg。"),
        ("每次⑤片（5）", "每次片"),
        ("每次5\u200b0 mg", "每次50 mg"),
        ("1.5 mg，每日1次", "1.5 mg，每日1次"),
        ("资料不足", ""),
        ("---", ""),
    ],
)
def test_what_is_shown_is_what_is_verified(line, shown):
    assert clean(line) == shown


def test_thinking_aloud_is_no_statement():
    assert list(statements(["<think>剂量加倍\n再想想\n</think>氨氯地平5 mg\n"])) == ["氨氯地平5 mg"]
