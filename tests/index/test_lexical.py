import numpy as np
import pytest

from rag.index.lexical import K1, B, LexicalIndex, TermCounts
from rag.text.segment import terms

TEXTS = [
    "高血压患者降压目标为140/90 mmHg以下",
    "糖尿病患者空腹血糖控制目标为4.4~7.0 mmol/L",
    "高血压合并糖尿病患者降压目标为130/80 mmHg以下，降压宜平稳",
    "痛风急性发作首选秋水仙碱",
]


@pytest.fixture
def index():
    return LexicalIndex.build(TermCounts.of([terms(t) for t in TEXTS]))


def test_scores_equal_those_of_bm25s(index):
    bm25s = pytest.importorskip("bm25s")
    reference = bm25s.BM25(k1=K1, b=B, method="lucene")
    reference.index([terms(t) for t in TEXTS], show_progress=False)
    for query in ("高血压 降压目标", "糖尿病", "秋水仙碱"):
        tokens = terms(query)
        weights = {t: float(tokens.count(t)) for t in tokens}
        assert np.allclose(index.score(weights), reference.get_scores(tokens), atol=1e-5), query


def test_a_term_that_occurs_nowhere_scores_nothing(index):
    assert not index.score({"阑尾炎": 1.0}).any()


def test_a_weight_scales_a_terms_score(index):
    assert np.allclose(index.score({"糖尿病": 0.5}), 0.5 * index.score({"糖尿病": 1.0}))


def test_saved_and_mapped_scores_are_the_same(index, tmp_path):
    index.save(tmp_path)
    again = LexicalIndex.open(tmp_path, index.passages)
    assert np.array_equal(again.score({"降压": 1.0}), index.score({"降压": 1.0}))


def test_editions_counted_apart_and_joined_equal_all_counted_together(index):
    parts = [TermCounts.of([terms(t) for t in TEXTS[:1]]), TermCounts.of([]), TermCounts.of([terms(t) for t in TEXTS[1:]])]
    joined = LexicalIndex.build(TermCounts.joined(parts))
    assert np.array_equal(joined.scores, index.scores) and np.array_equal(joined.owners, index.owners)


def test_an_index_of_nothing_scores_nothing():
    assert LexicalIndex.build(TermCounts.of([])).score({"高血压": 1.0}).shape == (0,)
