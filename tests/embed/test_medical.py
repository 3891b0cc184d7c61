import numpy as np
import pytest

from rag.embed import load_embedder, medical
from rag.embed.medical import OverlaidTable, UseMedical
from rag.errors import EmbedderError


def test_replaced_rows_come_from_the_overlay_and_others_from_the_published_table():
    base = {"table": np.array([[10], [20], [30]], np.uint8), "scale": np.array([2.0], np.float32), "lo": np.array([1.0], np.float32)}
    table = OverlaidTable(base, np.array([1]), np.array([[127]], np.int8), np.array([0.5], np.float32))
    assert table[np.array([0, 1, 2, 1])].ravel().tolist() == [21.0, 63.5, 61.0, 63.5]


def test_it_is_the_default_and_its_vectors_have_unit_length():
    vectors = load_embedder("use-medical").encode(["高血压", "血压高的老人要降到多少"] * 4)
    assert vectors.shape == (8, 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_one_text_gets_the_same_vector_alone_and_among_many():
    embedder = UseMedical()
    texts = [f"第{n}条：高血压患者每{n}周随访1次" for n in range(9)]
    assert np.abs(embedder.encode(texts)[4] - embedder.encode([texts[4]])[0]).max() < 1e-4


def test_lay_words_lie_nearer_to_clinical_ones_than_before_training():
    pairs = [("尿跟酱油似的，浑身肌肉疼", "横纹肌溶解：肌痛、茶色尿、肌酸激酶升高"), ("一蹲一起就眼前发黑", "直立性低血压，体位改变时头晕"),
             ("嗓子眼里老往上冒酸水", "胃食管反流，反酸、烧心"), ("老头夜里尿好几回还尿不利索", "良性前列腺增生，夜尿增多、排尿困难")]
    lay, clinical = [q for q, _ in pairs], [t for _, t in pairs]

    def nearness(name: str) -> float:
        embedder = load_embedder(name)
        scores = embedder.encode(lay) @ embedder.encode(clinical).T
        return float(scores.diagonal().mean() - (scores.sum() - scores.trace()) / 12)

    assert nearness("use-medical") > nearness("use-multilingual") + 0.05


def test_missing_weights_are_named_in_the_error(monkeypatch, tmp_path):
    monkeypatch.setattr(medical, "_TRAINED", tmp_path / "none.npz")
    with pytest.raises(EmbedderError, match="none.npz"):
        UseMedical().encode(["高血压"])
