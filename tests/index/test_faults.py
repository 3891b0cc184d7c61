"""A full disk at any write, a read-only folder, a kill: the old index serves, and nothing that grows is left."""

from __future__ import annotations

import builtins
import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from eval.editions import generated
from eval.editions.kills import measure
from rag.index import dense


class _Disk:
    """Refuse the n-th operation that writes."""

    def __init__(self, fails_at: int) -> None:
        self.left = fails_at

    def wrap(self, real):
        def refusing(*args, **options):
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **options)

        return refusing


def _full_at(monkeypatch: pytest.MonkeyPatch, number: int) -> _Disk:
    disk = _Disk(number)
    for where, name in ((np, "save"), (np, "savez"), (os, "replace"), (os, "fsync"), (Path, "write_bytes"), (Path, "write_text"),
                        (Path, "rename"), (dense, "save"), (os, "fdopen")):
        monkeypatch.setattr(where, name, disk.wrap(getattr(where, name)))
    return disk


def test_a_full_disk_at_any_write_leaves_the_old_index(build, folder, index, opened, monkeypatch):
    old = build().snapshot.name
    generated.revise(folder, 0, 1, 1)
    failed = 0
    for number in range(1, 200):
        with monkeypatch.context() as patch:
            disk = _full_at(patch, number)
            try:
                build()
            except OSError:
                failed += 1
            reached = disk.left <= 0
        if not reached:
            break
        if opened().snapshot.id != old:  # the pointer was swapped before the write that failed: the new one is whole
            assert opened().search(generated.question(0), 1)
    assert failed > 15
    assert opened().snapshot.id == build().snapshot.name
    assert not list(index.rglob(".tmp-*"))
    assert not list((index / "cache").glob("tmp/*"))


def test_a_file_size_limit_is_one_clear_error(build, folder, index, opened):
    resource = pytest.importorskip("resource")
    if sys.platform == "win32":
        pytest.skip("no such limit")
    import signal

    old = build().snapshot.name
    generated.revise(folder, 0, 3, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises((OSError, RuntimeError)):
            build()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert opened().snapshot.id == old


def test_a_read_only_folder_is_refused_and_still_read(build, folder, index, opened, monkeypatch):
    old = build().snapshot.name
    generated.revise(folder, 0, 1, 1)
    real = builtins.open

    def refused(path, mode="r", *args, **options):
        if str(path).startswith(str(index)) and set(mode) & set("wax+"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, mode, *args, **options)

    def no_new(*_: object, **__: object) -> None:
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(index))

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", refused)
        patch.setattr(Path, "touch", no_new)
        patch.setattr(Path, "mkdir", no_new)
        patch.setattr(Path, "write_text", no_new)
        with pytest.raises(PermissionError):
            build()
        assert opened().snapshot.id == old


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_writers_leave_the_old_or_the_new_index(tmp_path):
    found = measure(5, tmp_path)

    assert found["wrong"] == 0
    assert found["unfinished_left"] == 0
    assert found["files_at_the_end"] <= found["files_of_a_fresh_index"] + 3 * 12 + 9
