import numpy as np
import pytest

from rag import KnowledgeBase
from rag.errors import EmbedderError, UsageError
from rag.retrieve.rerank import load_reranker

QUESTION = "测热病首选什么药，每次多少？"


class Shortest:
    """Prefer the shortest text."""

    def scores(self, question, texts):
        return np.array([-len(t) for t in texts], float)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Save a tiny real cross-encoder with random weights."""
    st = pytest.importorskip("sentence_transformers", reason="需要 zhinan[transformers]")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"测热病首选药每次多少治疗诊断标准"]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(words)), encoding="utf-8")
    transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(vocab_size=len(set(words)), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                                     intermediate_size=16, num_labels=1)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return st and folder


def test_the_rerankers_order_is_shown_with_ranks_and_scores(base: KnowledgeBase):
    hits = KnowledgeBase(base.snapshot, base.embedder, Shortest()).search(QUESTION, k=3)
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert {h.passage.id for h in hits} <= {h.passage.id for h in base.search(QUESTION, k=30)}


def test_a_cross_encoder_on_disk_scores_and_the_answer_still_cites(base: KnowledgeBase, tiny):
    reranker = load_reranker(f"sentence-transformers:{tiny}")
    second = KnowledgeBase(base.snapshot, base.embedder, reranker)
    hits = second.search(QUESTION, k=3)
    assert np.isfinite([h.score for h in hits]).all() and [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    answer = second.ask(QUESTION)
    assert all(s.citations for s in answer.statements)


def test_a_model_that_is_not_on_this_machine_is_named(base: KnowledgeBase, tmp_path):
    pytest.importorskip("sentence_transformers", reason="需要 zhinan[transformers]")
    second = KnowledgeBase(base.snapshot, base.embedder, load_reranker(f"sentence-transformers:{tmp_path / 'none'}"))
    with pytest.raises(EmbedderError, match="ZHINAN_RERANKER"):
        second.search(QUESTION)


def test_no_name_is_no_reranker_and_an_unknown_kind_is_refused():
    assert load_reranker("") is None
    with pytest.raises(UsageError, match="sentence-transformers"):
        load_reranker("bge-reranker-base")
