import numpy as np
import pytest

from eval.bench.ablation import pooled, scores, summary, variants
from eval.bench.made import make
from eval.bench.ranking import passage_of
from eval.bench.variants import Variant, dense_alone, embedded, indexed, lexical_alone, whole
from eval.datasets.questions import Question
from rag import KnowledgeBase
from rag.embed import load_embedder
from rag.retrieve import query, retriever
from rag.text.segment import words

TEXTS = (
    "高血压患者应当限制钠盐的摄入。每人每日食盐量不超过5g。",
    "糖尿病患者应当监测血糖。空腹血糖的控制目标为4.4～7.0 mmol/L。",
    "儿童发热时体温超过38.5℃可以使用对乙酰氨基酚。不推荐使用阿司匹林。",
)
SALT = "高血压患者食盐"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    embedder = load_embedder("use-medical")
    return KnowledgeBase(make(tmp_path_factory.mktemp("made"), [passage_of(t) for t in TEXTS], embedder), embedder)


def found(variant, text):
    with variant.searching() as search:
        return [hit.passage.id for hit in search(text, 3)]


def test_passages_made_of_texts_are_searched_as_any_other(base):
    assert found(Variant(base.snapshot, base.embedder), SALT)[0] == "made:1"


def test_by_words_alone_what_shares_no_word_is_no_hit(base):
    assert found(lexical_alone(base.snapshot), "氨基酚") == ["made:3"]


def test_by_vectors_alone_what_shares_no_word_is_ranked_too(base):
    assert set(found(dense_alone(base.snapshot, base.embedder), "氨基酚")) == {"made:1", "made:2", "made:3"}


def test_what_is_changed_stands_again_after_the_search(base):
    before = retriever.lexical_scores, retriever.fuse
    found(dense_alone(base.snapshot, base.embedder), SALT)
    assert (retriever.lexical_scores, retriever.fuse) == before


def test_embedded_otherwise_only_the_copy_differs(base):
    other = embedded(base.snapshot, base.embedder, whole)
    assert other.dense.ntotal == len(TEXTS)
    assert base.snapshot.dense.ntotal == 2 * len(TEXTS)


def test_cut_into_words_a_pair_of_characters_that_is_no_word_finds_nothing(base):
    assert base.snapshot.lexical.score({"压患": 1.0}).any()
    assert not indexed(base.snapshot, words).lexical.score({"压患": 1.0}).any()


@pytest.mark.parametrize("name", ["whole", "no lexicon", "no widening of names", "no bigrams", "ranks summed (RRF)",
                                  "published embedder", "no heading before what is embedded"])
def test_each_variant_searches_and_finds_what_is_plain(base, name):
    question = Question("1", SALT, "clinician", frozenset(["made"]), frozenset(), (("5g",),))
    unanswerable = Question("2", "今天天气怎么样", "non_medical")
    assert scores(variants(base)[name](), [question, unanswerable]).tolist() == [[1.0, 1.0, 1.0]]


def test_a_change_is_told_with_its_error_question_by_question():
    one = {"whole": np.array([[1, 1, 1.0], [1, 0, 0.5]]), "without": np.array([[1, 1, 1.0], [0, 0, 0.0]])}
    two = {"whole": np.array([[1, 1, 0.5], [1, 1, 0.5]]), "without": np.array([[1, 1, 0.5], [1, 1, 0.0]])}
    told = summary(pooled([one, two]))
    assert told["whole"] == {"page@5": 1.0, "facts@5": 0.75, "mrr@10": 0.625, "mrr_change": 0.0, "its_error": 0.0}
    assert told["without"] == {"page@5": 0.75, "facts@5": 0.75, "mrr@10": 0.375, "mrr_change": -0.25, "its_error": 0.1443}


@pytest.mark.parametrize(("name", "question", "widened"), [
    ("whole", "血压高的人吃什么", True), ("no lexicon", "血压高的人吃什么", False), ("no widening of names", "血压高的人吃什么", False),
    ("whole", "高雪压的人吃什么", True), ("no mending of typos", "高雪压的人吃什么", False),
])
def test_a_laymans_or_misspelt_name_is_understood_only_with_the_part_that_does_it(base, name, question, widened):
    with variants(base)[name]().searching():
        assert any(term == "高血压" for _, term, _ in query.understand(question).expansions) is widened
