"""What a question names: known names, people, Latin words, and names that no list has."""

import pytest

from rag.answer.terms import terms_of
from rag.retrieve.query import understand


def written(question: str) -> dict[str, str]:
    return {t.written: t.kind for t in terms_of(understand(question))}


def test_known_names_have_their_kind_and_all_their_names():
    terms = {t.kind: t for t in terms_of(understand("孕妇高血压用拉贝洛尔，剂量多少？"))}
    assert terms["drug"].written == "拉贝洛尔" and terms["population"].written == "孕妇"
    assert "高血压病" in terms["disease"].names or len(terms["disease"].names) > 1


@pytest.mark.parametrize(
    ("question", "name"),
    [("测热病做卒簋术，指征是什么？", "卒簋术"), ("测热病患者吃窫窳饮食，几克碳水？", "窫窳")],
)
def test_neighbouring_characters_that_are_no_words_are_one_name(question, name):
    assert any(name in term or term in name for term in written(question))


def test_a_latin_word_is_a_term_and_a_unit_is_none():
    assert written("RoPE评分几分，每次mg多少？").get("rope") == "latin"
    assert "mg" not in written("RoPE评分几分，每次mg多少？")


def test_a_name_said_twice_is_one_term():
    assert [t.written for t in terms_of(understand("阿司匹林和阿司匹林哪个好？"))].count("阿司匹林") == 1


def test_words_of_asking_are_no_terms():
    assert not terms_of(understand("多少？怎么办？"))
