"""Which setting counts: flag before environment before zhinan.toml before default."""

from pathlib import Path

import pytest

from rag import settings
from rag.errors import UsageError
from rag.settings import load


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A folder without configuration, a user directory of its own, and no variable of ours."""
    import os

    for name in list(os.environ):
        if name.startswith("ZHINAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZHINAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_flag_stands_before_the_environment_before_the_file_before_the_default(bare, monkeypatch):
    assert load().embedder == "use-medical"
    (bare / "zhinan.toml").write_text('embedder = "file"\nworkers = 3\n', encoding="utf-8")
    assert load().embedder == "file"
    monkeypatch.setenv("ZHINAN_EMBEDDER", "environment")
    assert load().embedder == "environment"
    assert load(embedder="flag").embedder == "flag"
    assert load(embedder=None).embedder == "environment"
    assert load().workers == 3


def test_the_folders_file_stands_before_the_users(bare):
    (bare / "home").mkdir()
    (bare / "home" / "zhinan.toml").write_text("workers = 5\n", encoding="utf-8")
    assert load().workers == 5
    (bare / "zhinan.toml").write_text("offline = true\n", encoding="utf-8")
    assert (load().workers, load().offline) == (2, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [("embeder = 'x'", "embeder"), ("workers = 0", "workers"), ("workers = 'two'", "workers"), ("ocr = 'maybe'", "ocr"), ("a = [", "TOML"),
     ("index = \nocr = true", "第 1 行第 9 个字符处"), ("index = ['a', 'b']", "index 只能有一个值"), ("default_index = true", "不认识")],
)
def test_what_cannot_be_meant_is_named(bare, text, says):
    (bare / "zhinan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        load()


def test_values_take_their_kind_from_the_environments_text(monkeypatch):
    for name, value in (("OCR", "false"), ("WORKERS", "4"), ("INDEX", "~/索 引")):
        monkeypatch.setenv(f"ZHINAN_{name}", value)
    found = load()
    assert (found.ocr, found.workers, found.index) == (False, 4, Path("~/索 引").expanduser())


def test_the_default_index_is_told_from_a_named_one(monkeypatch):
    assert load().default_index
    assert not load(index=Path("x")).default_index
    monkeypatch.setenv("ZHINAN_CORPUS", "c")
    assert not load().default_index


def test_without_a_checkout_corpus_and_index_lie_with_the_user(bare, monkeypatch):
    monkeypatch.setattr(settings, "checkout", lambda: None)
    assert load().corpus == settings.PACKAGE / "starter"
    (bare / "home" / "corpus").mkdir(parents=True)
    assert load().corpus == bare / "home" / "corpus"
    assert load().index == bare / "home" / "indexes" / "default"


def test_a_file_as_an_editor_on_windows_saves_it_is_read_and_one_in_another_encoding_is_named(bare):
    (bare / "zhinan.toml").write_bytes(b"\xef\xbb\xbfworkers = 3\r\n")
    assert load().workers == 3
    (bare / "zhinan.toml").write_bytes("index = '索引'".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        load()


def test_an_empty_variable_takes_back_what_the_file_sets(bare, monkeypatch):
    (bare / "zhinan.toml").write_text('llm = "openai:x"\nindex = "i"\noffline = true\n', encoding="utf-8")
    for name in ("LLM", "INDEX", "OFFLINE"):
        monkeypatch.setenv(f"ZHINAN_{name}", "")
    found = load()
    assert (found.llm, found.offline, found.default_index) == ("", False, True)
    assert found.index.is_absolute()


def test_a_variable_of_what_is_found_out_sets_nothing(monkeypatch):
    monkeypatch.setenv("ZHINAN_DEFAULT_INDEX", "false")
    assert load().default_index
