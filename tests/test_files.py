"""What is written is whole or not there, and errors speak of the file that was asked for."""

import errno

import pytest

from rag.files import write_whole


def test_an_error_names_the_file_that_was_asked_for_and_leaves_nothing(tmp_path):
    def fail(temporary):
        temporary.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "full", str(temporary))

    with pytest.raises(OSError) as told:
        write_whole(tmp_path / "a.txt", fail)
    assert told.value.filename == str(tmp_path / "a.txt")
    assert list(tmp_path.iterdir()) == []
