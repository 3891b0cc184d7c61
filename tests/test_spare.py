"""What can be made again is written elsewhere when its folder cannot be written to, and the answer comes all the same."""

import logging
import os

import pytest

from rag.embed.bundled import UseMultilingual
from rag.settings import load
from rag.spare import writable


@pytest.fixture
def blocked(tmp_path, monkeypatch):
    """Return a folder that nobody can write to, not even root; temporary files go to the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "file").write_text("not a folder")
    return tmp_path / "file" / "home"


def test_a_folder_that_can_be_made_stays(tmp_path):
    assert writable(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert not (tmp_path / "a").exists()


def test_another_is_told_of_once(blocked, caplog):
    with caplog.at_level(logging.WARNING):
        spare = writable(blocked)
        assert writable(blocked) == spare
    assert spare.name == "home"
    spare.mkdir()
    assert [str(blocked) in r.message and str(spare) in r.message and "ZHINAN_HOME" in r.message for r in caplog.records] == [True]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows 上没有这样的权限")
def test_a_folder_that_others_could_have_filled_is_not_believed(blocked, tmp_path):
    open_to_all = tmp_path / f"zhinan-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert writable(blocked).parent != open_to_all


def test_the_default_index_moves_and_a_named_one_does_not(blocked, monkeypatch, tmp_path):
    monkeypatch.setattr("rag.settings.checkout", lambda: None)
    monkeypatch.setenv("ZHINAN_HOME", str(blocked))
    monkeypatch.delenv("ZHINAN_INDEX", raising=False)
    moved = load()
    assert moved.default_index
    assert moved.index.is_relative_to(tmp_path)
    assert not moved.index.is_relative_to(blocked)
    assert load(index=blocked / "index").index == blocked / "index"


def test_the_embedder_is_unpacked_elsewhere(blocked, monkeypatch):
    monkeypatch.setenv("ZHINAN_HOME", str(blocked))
    assert UseMultilingual().encode(["高血压"]).shape == (1, 512)
