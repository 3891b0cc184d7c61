"""Names of drugs known by their spelling alone."""

import pytest

from rag.text.drug_names import spelt_like_drugs
from rag.text.lexicon import lexicon


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("失眠用达利雷生几毫克", "达利雷生"), ("一顿替戈拉生几片", "替戈拉生"), ("孩子吃玛巴洛沙韦几次", "玛巴洛沙韦"), ("打瑞西奈德管用不", "瑞西奈德"),
    ],
)
def test_a_name_of_transliterating_characters_is_found(text, name):
    (start, end), = spelt_like_drugs(text)
    assert name in text[start:end] or text[start:end] in name


@pytest.mark.parametrize(
    "text",
    ["老人家血压高要降到多少才行", "俺爹腿肿得像发面馒头", "去医院检查要空腹吗", "肚子痛拉稀水样便三天", "昨晚上高烧抽了一下现在好了", "", "HbA1c 7.5%"],
)
def test_everyday_words_are_no_names(text):
    assert not spelt_like_drugs(text)


def test_a_salt_before_a_name_is_none():
    assert not spelt_like_drugs("甲磺酸 片")


def test_most_listed_names_are_spelt_like_drugs():
    names = [n for n in lexicon().names_of("drug") if n.endswith(("替尼", "沙坦", "普利", "洛韦", "格列净", "唑仑", "拉唑"))]
    assert len(names) > 30
    assert sum(bool(spelt_like_drugs(n)) for n in names) > 0.9 * len(names)
