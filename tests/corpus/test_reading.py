"""What is typeset must be read back: a sentence that comes back in pieces cannot be quoted."""

from __future__ import annotations

import re
from pathlib import Path

from rag.digest.digest import Prose, read_digest
from rag.ingest import ReadRequest, read_files
from rag.text.normalise import squeeze

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SAMPLE = ("hypertension-2018", "type-2-diabetes-2017")
_MARK = re.compile(r"\[\d+(?:[,-]\d+)*\]|•")


def bare(text: str) -> str:
    return _MARK.sub("", re.sub(r"\s", "", squeeze(text)))


def test_the_sentences_of_a_digest_are_read_whole():
    requests = [ReadRequest(CORPUS / "pdf" / f"{name}.pdf", "", None, False) for name in SAMPLE]
    sentences, whole = 0, 0
    for request, document in read_files(requests):
        read = [bare(s.text) for p in document.passages for s in p.sentences]
        digest = read_digest(CORPUS / "text" / f"{request.path.stem}.md")
        for block in digest.body:
            for sentence in re.findall(r"[^。]+。", block.text) if isinstance(block, Prose) else ():
                sentences += 1
                whole += any(bare(sentence) in text for text in read)
    assert sentences > 100
    assert whole / sentences > 0.98
