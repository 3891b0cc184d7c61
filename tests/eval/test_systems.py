import pytest
from langchain_core.documents import Document

from eval.bench.chunks import SIZE, chunks_of
from eval.bench.systems import bm25s_as_installed, bm25s_over_jieba, langchain_faiss
from rag.embed import load_embedder

PAGES = [
    Document(page_content="高血压 患者应当限制钠盐的摄入", metadata={"source": "/a/高血压.pdf", "page": 2}),
    Document(page_content="糖尿病 患者应当监测血糖", metadata={"source": "/a/糖尿病.json"}),
    Document(page_content=" \n", metadata={"source": "/a/空.pdf", "page": 0}),
    Document(page_content="发热" * SIZE, metadata={"source": "/a/发热.pdf", "page": 0}),
]


@pytest.mark.parametrize("system", [bm25s_as_installed, bm25s_over_jieba, langchain_faiss])
def test_a_system_finds_a_chunk_and_tells_its_file_and_its_page_from_one(system):
    search = system(chunks_of(PAGES), load_embedder("use-medical"))
    assert search("高血压")[0] == ("高血压.pdf", (3,), PAGES[0].page_content)
    assert search("糖尿病")[0][:2] == ("糖尿病.json", ())


def test_as_installed_bm25s_knows_no_words_within_a_clause():
    chunks = chunks_of(PAGES)
    assert bm25s_as_installed(chunks, None)("钠盐") == []
    assert bm25s_over_jieba(chunks, None)("钠盐")[0].source == "高血压.pdf"


def test_empty_pages_give_no_chunk_and_long_ones_several():
    chunks = chunks_of(PAGES)
    assert all(c.page_content.strip() and len(c.page_content) <= SIZE for c in chunks)
    assert sum(c.metadata["source"] == "/a/发热.pdf" for c in chunks) > 1
