import pytest

from rag.text.lexicon import SAME, lexicon
from rag.text.pinyin import sound
from rag.text.typo import mend


def mended(text: str) -> dict[str, str]:
    known = lexicon().find(text)
    return {m.surface: m.relations[0].term for m in mend(text, known) if m not in known}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("高雪压", "高血压"), ("阿末西林", "阿莫西林"), ("幽门罗杆菌", "幽门螺杆菌"), ("格列美尿", "格列美脲"), ("布洛份", "布洛芬"), ("瑞舒伐他听", "瑞舒伐他汀"),
     ("前列线增生", "良性前列腺增生")],
)
def test_a_name_typed_by_sound_is_understood_and_weighs_less(typed: str, meant: str):
    question = f"{typed}怎么办"
    assert mended(question) == {typed: meant}
    (match,) = (m for m in mend(question, lexicon().find(question)) if m.surface == typed)
    assert match.relations[0].weight < SAME


def test_regional_sounds_count_as_the_same():
    assert sound("脑") == sound("老")
    assert sound("张") == sound("赞")
    assert sound("心") == sound("星")


@pytest.mark.parametrize(
    "text",
    ["高血压怎么治", "降压要平稳", "传染性疾病", "流感样症状", "失眠诊断", "正常生理状态",
     "曲妥珠单抗", "肠出血性大肠埃希菌", "他人高学历", "检出微出血", "要结合病史"],
)
def test_text_without_a_misspelt_name_stays_as_it_is(text: str):
    assert mended(text) == {}


def test_two_characters_are_too_few():
    assert mended("甲抗怎么办") == {}


def test_matches_stay_in_order_and_do_not_overlap():
    text = "老人高雪压吃阿末西林能停吗"
    spans = [(m.start, m.end) for m in mend(text, lexicon().find(text))]
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
