"""The pass over many texts gives what the embedder's own pass gives, text by text."""

import numpy as np
import pytest

from rag.embed.bundled import UseMultilingual
from rag.embed.forward import embed_pieces


@pytest.fixture(scope="module")
def embedder():
    return UseMultilingual()


def pieces(embedder, texts):
    return [embedder.bulk_tokenizer.encode(t, out_type=int, add_bos=True, add_eos=True) for t in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ["药"],
        ["高血压患者每3个月随访1次"] * 3,
        ["药物治疗：甲药每次10 mg", "药物治疗：乙药每次5 mg", "药物治疗：", "（）", "ABC def", "测" * 700],
        [f"二、用药：第{n}种药每次{n} mg，每日{n % 4}次，老年人减半。" for n in range(200)],
    ],
    ids=["one piece", "the same text", "shared beginnings, odd lengths", "many"],
)
def test_vectors_are_those_of_each_text_alone(embedder, texts):
    together = embed_pieces(embedder._backend, pieces(embedder, texts))
    alone = np.concatenate([embedder._backend.encode([t]) for t in texts])
    assert together.dtype == np.float32
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-5
