"""A snapshot is whole or not there; readers keep theirs, and old ones go when nobody reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eval.editions import generated
from rag import KnowledgeBase
from rag.errors import IndexBusyError, IndexUnusableError
from rag.index import snapshot as snapshots
from rag.index.pointer import history
from rag.lock import writer_lock


def revised(build, folder, times: int) -> list[str]:
    names = []
    for revision in range(times):
        generated.revise(folder, 0, 1, revision)
        names.append(build().snapshot.name)
    return names


def test_the_last_three_are_kept_newest_first(build, folder, index):
    names = revised(build, folder, 5)

    assert history(index) == names[:1:-1]
    assert sorted(p.name for p in (index / "snapshots").iterdir()) == sorted(names[2:])


def test_the_order_of_snapshots_does_not_hang_on_the_clock(build, folder, index):
    names = revised(build, folder, 3)
    for age, name in enumerate(names):
        os.utime(index / "snapshots" / name, (10**9 - age, 10**9 - age))
    names += revised(build, folder, 4)[3:]

    assert history(index) == names[:0:-1]


def test_a_reader_keeps_its_snapshot_through_any_number_of_updates(build, folder, index, opened):
    revised(build, folder, 1)
    reader = opened()
    held = reader.snapshot.folder
    revised(build, folder, 6)

    assert held.is_dir()
    assert reader.search(generated.question(0), 1)
    del reader
    generated.revise(folder, 0, 1, 99)
    build()
    assert not held.is_dir()


def test_rollback_goes_back_one_at_a_time_and_an_update_forward_again(build, folder, index, opened):
    names = revised(build, folder, 3)

    assert KnowledgeBase.rollback(index) == names[1]
    assert opened().snapshot.id == names[1]
    assert KnowledgeBase.rollback(index) == names[0]
    with pytest.raises(IndexUnusableError, match="没有更早的快照"):
        KnowledgeBase.rollback(index)
    assert build().snapshot.name == names[2]
    assert history(index)[:2] == [names[2], names[0]]


@pytest.mark.parametrize("name", ["manifest.json", "editions.json", "passages.jsonl", "dense.faiss", "lexical/scores.npy"])
def test_a_half_deleted_snapshot_is_refused_and_built_again(build, opened, index, name):
    whole = build().snapshot
    (whole / name).unlink()

    with pytest.raises(IndexUnusableError, match="index build"):
        opened()
    assert build().snapshot == whole
    opened()


def test_a_snapshot_cut_short_is_refused(build, opened):
    path = build().snapshot / "passages.jsonl"
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(IndexUnusableError, match="字节"):
        opened()


@pytest.mark.parametrize("content", ["", "zzz\n", "\xff", "../../etc\n"])
def test_a_damaged_pointer_is_refused_and_healed_by_a_build(build, opened, index, content):
    build()
    (index / "CURRENT").write_text(content, encoding="latin-1")

    with pytest.raises(IndexUnusableError):
        opened()
    build()
    opened()


def test_a_reader_that_comes_while_its_snapshot_is_replaced_takes_the_next(build, folder, index, opened, monkeypatch):
    first = build().snapshot
    real = snapshots.Snapshot
    calls = []

    def replaced_meanwhile(path):
        calls.append(path.name)
        if len(calls) == 1:
            generated.revise(folder, 0, 1, 1)
            build()
            shutil.rmtree(first)
        return real(path)

    monkeypatch.setattr(snapshots, "Snapshot", replaced_meanwhile)
    assert opened().snapshot.id != first.name
    assert len(calls) == 2


def test_another_version_is_named_with_what_to_run(build, opened, monkeypatch):
    build()
    monkeypatch.setattr("rag.index.manifest.SCHEMA", "zhinan.index/9")

    with pytest.raises(IndexUnusableError, match="zhinan.index/9.*index build"):
        opened()


def _flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", ["manifest.json", "editions.json", "passage_editions.npy", "passage_offsets.npy", "window_passages.npy"])
def test_a_changed_record_is_not_opened(build, opened, name):
    path = build().snapshot / name
    _flipped(path, path.stat().st_size // 2)

    with pytest.raises(IndexUnusableError, match=f"{name}.*index build"):
        opened()


def test_an_array_without_its_header_is_not_opened(build, opened):
    path = next((build().snapshot / "lexical").glob("*.npy"))
    _flipped(path, path.read_bytes().index(b"}"))

    with pytest.raises(IndexUnusableError, match=f"{path.name}.*index build"):
        opened()


def test_a_flipped_bit_is_never_shown_as_a_dose_and_an_update_mends_it(build, opened, caplog):
    path = build().snapshot / "passages.jsonl"
    _flipped(path, path.read_bytes().index("最大剂量为".encode()) + len("最大剂量为".encode()))

    with pytest.raises(IndexUnusableError, match="与写入时不同.*index update"):
        list(map(opened().snapshot.passage, range(3)))
    build()
    assert "已重新生成" in caplog.text
    assert opened().search(generated.question(0), 1)


def _toy():
    from rag.embed import Embedder

    class Named(Embedder):
        id = "toy"
        dimension = 8

        def encode(self, texts, *, query=False):
            raise AssertionError

    return Named()


def test_a_second_writer_is_told_who_writes_and_for_how_long(index):
    with writer_lock(index), pytest.raises(IndexBusyError, match=rf"进程 {os.getpid()}（已 0 秒）"), writer_lock(index):
        pass


def test_the_lock_of_a_dead_writer_is_free(index):
    code = f"import os\nfrom pathlib import Path\nfrom rag.lock import writer_lock\nwith writer_lock(Path({str(index)!r})): os._exit(1)"
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (index / "lock.owner").exists()

    with writer_lock(index):
        pass
    assert not (index / "lock.owner").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_others_may_read_a_snapshot_as_far_as_the_user_allows(build):
    before = os.umask(0o022)
    try:
        snapshot = build().snapshot
    finally:
        os.umask(before)

    assert snapshot.stat().st_mode & 0o777 == 0o755
    assert {p.stat().st_mode & 0o777 for p in snapshot.rglob("*") if p.is_file()} == {0o644}
