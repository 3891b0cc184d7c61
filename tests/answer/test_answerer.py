import pytest

from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.errors import UsageError
from rag.retrieve.scope import Scope
from rag.text.normalise import squeeze


def test_an_answer_says_the_current_dose_and_cites_its_section(base: KnowledgeBase):
    answer = base.ask("测热病用甲药每次多少毫克，每日几次？")
    assert answer.status == "answered"
    assert "每次10 mg，每日2次" in answer.text
    assert "20 mg" not in answer.text
    assert all(c.section for s in answer.statements for c in s.citations)


def test_every_quote_stands_in_its_passage(base: KnowledgeBase):
    answer = base.ask("测热病的诊断标准是什么？")
    for citation in answer.citations:
        passage = base.passage(citation.passage_id)
        assert squeeze(citation.quote) in squeeze(passage.text)


def test_a_table_row_comes_with_its_header(base: KnowledgeBase):
    assert "最大剂量: 15 mg/d" in base.ask("乙药治疗测热病的最大剂量").text


@pytest.mark.parametrize("question", ["太阳系有几颗行星？", "股票怎么买才能赚钱", "丙型球形病的首选手术方式是什么？"])
def test_what_the_corpus_does_not_hold_is_not_answered(base: KnowledgeBase, question: str):
    answer = base.ask(question)
    assert answer.status == "abstained"
    assert not answer.statements


def test_an_older_edition_answers_only_as_of_its_time(base: KnowledgeBase):
    answer = base.ask("测热病首选甲药，每次多少毫克，疗程几天？", AskOptions(Scope(as_of=2020)))
    assert "20 mg" in answer.text
    assert {w.code for w in answer.warnings} == {"superseded"}


@pytest.mark.parametrize(("question", "says"), [("", "空"), ("  \n", "空"), ("？！。……", "没有文字"), ("😀😀", "没有文字"), ("高" * 10_000, "太长")])
def test_unusable_questions_are_explained(base: KnowledgeBase, question: str, says: str):
    with pytest.raises(UsageError, match=says):
        base.ask(question)


@pytest.mark.parametrize("question", ["'; DROP TABLE passages; --", "What is the dose?", "\x00\x07测热病", "病" * 1_999, "((((["])
def test_odd_questions_get_an_answer_or_none_but_never_an_error(base: KnowledgeBase, question: str):
    try:
        assert base.ask(question).status in {"answered", "abstained"}
    except UsageError as error:
        assert "没有文字" in str(error)
