import numpy as np
import pytest

from rag.embed import load_embedder
from rag.errors import EmbedderError

st = pytest.importorskip("sentence_transformers", reason="需要 zhinan[transformers]")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """Save a real, tiny BERT with random weights as a SentenceTransformer."""
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    characters = sorted(set("高血压患者控制目标是多少为这个句子生成表示以用于检索相关文章：糖尿病维度"))
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8")
    bert = folder / "bert"
    BertTokenizer(str(vocabulary)).save_pretrained(bert)
    BertModel(BertConfig(vocab_size=len(characters) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                         intermediate_size=16)).save_pretrained(bert)
    modules = Transformer(str(bert)), Pooling(16)
    path = folder / "bge-small-zh-tiny"
    st.SentenceTransformer(modules=list(modules), device="cpu").save(str(path))
    return path


def test_a_local_model_gives_unit_vectors_of_its_dimension(tiny_model):
    embedder = load_embedder(f"sentence-transformers:{tiny_model}")
    vectors = embedder.encode(["高血压患者", "糖尿病"])
    assert vectors.shape == (2, 16) == (2, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_bge_question_carries_the_models_instruction(tiny_model):
    embedder = load_embedder(f"sentence-transformers:{tiny_model}")
    assert not np.allclose(embedder.encode(["高血压"]), embedder.encode(["高血压"], query=True))


def test_a_folder_is_named_by_its_weights(tiny_model):
    first = load_embedder(f"sentence-transformers:{tiny_model}").id
    (tiny_model / "extra.json").write_text("{}")
    assert load_embedder(f"sentence-transformers:{tiny_model}").id != first
    assert str(tiny_model.parent) not in first


def test_a_model_that_is_not_here_is_not_downloaded():
    with pytest.raises(EmbedderError, match="不会联网下载"):
        load_embedder("sentence-transformers:no-such/model").encode(["高血压"])
