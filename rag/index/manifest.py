"""What a snapshot must say of itself for this program to open it."""

from __future__ import annotations

from rag.text import aspects
from rag.text.segment import TOKENIZER_VERSION, segmenter_name

SCHEMA = "zhinan.index/2"


def expected_manifest(embedder_id: str) -> dict[str, str]:
    """Return the manifest entries that decide whether an index fits: schema, tokenizer, lexicon and embedder."""
    return {
        "schema": SCHEMA,
        "tokenizer": f"{TOKENIZER_VERSION}/{segmenter_name()}",
        "lexicon": aspects.version(),
        "embedder": embedder_id,
    }
