import pytest

from rag import KnowledgeBase
from rag.errors import UsageError
from rag.index import dense
from rag.retrieve.query import understand
from rag.retrieve.scope import Scope


def test_the_current_edition_alone_answers(base: KnowledgeBase):
    assert {h.edition.year for h in base.search("测热病每次多少毫克", k=10)} <= {2024, 2022}


def test_as_of_brings_the_edition_of_that_year(base: KnowledgeBase):
    hits = base.search("测热病每次多少毫克", k=10, scope=Scope(as_of=2020))
    assert {h.edition.year for h in hits if "测热病" in h.edition.title} == {2019}


def test_superseded_editions_are_found_when_asked_for(base: KnowledgeBase):
    hits = base.search("测热病每次多少毫克", k=10, scope=Scope(include_superseded=True))
    assert {h.edition.status for h in hits} == {"current", "superseded"}


def test_a_question_that_names_an_edition_gets_it(base: KnowledgeBase):
    assert base.search("2019年版测热病指南里甲药每次多少")[0].edition.year == 2019


def test_a_query_without_a_shared_term_has_no_hits(base: KnowledgeBase):
    assert base.search("quantum chromodynamics") == []


@pytest.mark.parametrize("query", ["測熱病首選什麼藥", "测热病首选什么药？？？", "　测热病　首选什么药", "测热病首\u200b选什么药"])
def test_traditional_full_width_and_hidden_characters_find_the_same(base: KnowledgeBase, query: str):
    assert base.search(query)[0].passage.id == base.search("测热病首选什么药")[0].passage.id


def test_ranks_count_from_one_and_scores_fall(base: KnowledgeBase):
    hits = base.search("测热病", k=5)
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_k_must_be_positive(base: KnowledgeBase):
    with pytest.raises(UsageError, match="正整数"):
        base.search("测热病", k=0)


@pytest.mark.parametrize(("lay", "term"), [("血压高的老人", "高血压"), ("COPD 急性加重 激素", "慢性阻塞性肺疾病"), ("老爸脑梗了", "缺血性脑卒中")])
def test_lay_words_and_abbreviations_are_expanded_to_terms(lay: str, term: str):
    assert term in {expanded for _, expanded, _ in understand(lay).expansions}


def test_aspects_and_populations_are_recognised():
    query = understand("孕妇吃二甲双胍的禁忌")
    assert query.aspects == ("禁忌",)
    assert query.populations == ("妊娠",)


def test_only_the_passages_that_share_most_are_compared_by_vector(base: KnowledgeBase, monkeypatch):
    whole = base.search("测热病首选什么药，每次多少？", k=3)
    seen: list[int] = []
    nearest = dense.nearest

    def counted(index, query, k, among):
        seen.append(len(among))
        assert len(set(among.tolist())) == len(among)
        return nearest(index, query, k, among)

    monkeypatch.setattr("rag.retrieve.retriever.COMPARED", len(base.snapshot) - 1)
    monkeypatch.setattr(dense, "nearest", counted)
    few = base.search("测热病首选什么药，每次多少？", k=3)
    assert 0 < seen[0] < base.snapshot.dense.ntotal
    assert few[0].passage.id == whole[0].passage.id
