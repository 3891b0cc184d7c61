"""A pack opens elsewhere as it was, holds no secret, and a changed byte is refused."""

from __future__ import annotations

import zipfile

import pytest

from rag import KnowledgeBase
from rag.errors import CorpusError, IndexUnusableError
from rag.knowledge_base import DEFAULT_EMBEDDER
from rag.pack import pack, unpack

QUESTION = "测热病首选什么药，每次多少毫克？"


@pytest.fixture(scope="module")
def packed(base: KnowledgeBase, corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("pack") / "a.zhinan"
    return out, pack(base.snapshot, corpus, out, DEFAULT_EMBEDDER)


def test_an_unpacked_base_answers_as_the_packed_one(packed, base, tmp_path):
    contents = unpack(packed[0], tmp_path / "there", packed[1])
    other = KnowledgeBase.open(tmp_path / "there" / "index")

    assert contents["digest"] == packed[1]
    assert other.snapshot.id == base.snapshot.id
    assert other.ask(QUESTION).text == base.ask(QUESTION).text
    assert (tmp_path / "there" / "zhinan.toml").read_text() == 'corpus = "corpus"\nindex = "index"\nembedder = "' + DEFAULT_EMBEDDER + '"\n'


def test_a_pack_is_opened_in_place(packed, base, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.pack.cache_directory", lambda: tmp_path)

    assert KnowledgeBase.open(packed[0]).snapshot.id == base.snapshot.id
    assert KnowledgeBase.open(packed[0]).ask(QUESTION).text == base.ask(QUESTION).text


def test_a_file_that_was_changed_after_it_was_opened_is_refused(packed, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.pack.cache_directory", lambda: tmp_path / "cache")
    copy = tmp_path / "p.zhinan"
    copy.write_bytes(packed[0].read_bytes())
    KnowledgeBase.open(copy)
    _rewritten(packed[0], copy, lambda name, data: (name, data.replace("每次10 mg".encode(), "每次90 mg".encode())))

    with pytest.raises(IndexUnusableError, match="校验值不符"):
        KnowledgeBase.open(copy)


def test_the_same_base_gives_the_same_bytes(packed, base, corpus, tmp_path):
    assert pack(base.snapshot, corpus, tmp_path / "b", DEFAULT_EMBEDDER) == packed[1]
    assert (tmp_path / "b").read_bytes() == packed[0].read_bytes()


def test_no_secret_is_packed(base, corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-value")
    monkeypatch.setenv("ZHINAN_LLM_BASE_URL", "https://secret.example")
    out = tmp_path / "p"
    pack(base.snapshot, corpus, out, DEFAULT_EMBEDDER)

    with zipfile.ZipFile(out) as archive:
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("place", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_flipped_byte_is_refused_and_leaves_nothing(packed, tmp_path, place):
    data = bytearray(packed[0].read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    (tmp_path / "x").write_bytes(bytes(data))

    try:
        unpack(tmp_path / "x", tmp_path / "there")
    except IndexUnusableError:
        assert not (tmp_path / "there").exists()
        assert [p.name for p in tmp_path.iterdir()] == ["x"]
    else:  # the byte was in a header that says nothing of the content, such as a date
        assert all((tmp_path / "there" / p).exists() for p in ("index", "corpus"))


def _rewritten(source, target, change) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))


@pytest.mark.parametrize("change", [
    lambda name, data: (name, data.replace("每次10 mg".encode(), "每次90 mg".encode())),
    lambda name, data: (name.replace("corpus/", "corpus/../../"), data),
    lambda name, data: ("evil.txt" if name == "zhinan.toml" else name, data),
])
def test_changed_content_names_and_paths_are_refused(packed, tmp_path, change):
    _rewritten(packed[0], tmp_path / "x", change)

    with pytest.raises(IndexUnusableError):
        unpack(tmp_path / "x", tmp_path / "there")


def test_a_pack_that_was_wholly_replaced_is_told_by_its_digest(packed, tmp_path):
    with pytest.raises(IndexUnusableError, match="校验值"):
        unpack(packed[0], tmp_path / "there", "0" * 64)


def test_what_is_no_pack_or_no_empty_folder_is_refused(packed, tmp_path):
    (tmp_path / "x").write_text("kein Paket", encoding="utf-8")
    with pytest.raises(IndexUnusableError, match="不是完整的指南针包"):
        unpack(tmp_path / "x", tmp_path / "there")
    with pytest.raises(CorpusError, match="不是空目录"):
        unpack(packed[0], tmp_path)


def test_a_corpus_that_changed_since_is_not_packed(base, corpus, tmp_path):
    import shutil

    other = tmp_path / "corpus"
    shutil.copytree(corpus, other)
    next(other.iterdir()).write_text("另一份", encoding="utf-8")

    with pytest.raises(CorpusError, match="index update"):
        pack(base.snapshot, other, tmp_path / "p", DEFAULT_EMBEDDER)
