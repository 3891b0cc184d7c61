"""An update costs and tells what changed; nothing that went wrong with one file spoils the rest."""

from __future__ import annotations

import pytest

from eval.editions import generated
from rag.errors import CorpusError
from rag.index import builder


def texts(base) -> str:
    return "\n".join(base.snapshot.passage(n).text for n in range(len(base.snapshot)))


def kinds(report) -> list[tuple[str, str]]:
    return [(d.kind, d.source) for d in report.differences]


def test_the_first_build_adds_everything_and_the_next_does_nothing(build, index):
    first = build()
    second = build()

    assert kinds(first) == [("added", f"000{n}.txt") for n in range(3)]
    assert (first.parsed, second.parsed, second.differences) == (3, 0, [])
    assert first.snapshot == second.snapshot


def test_a_replaced_file_of_the_same_name_is_noticed_and_alone_read_again(build, folder, opened):
    build()
    generated.revise(folder, 1, 1, 7)

    report = build()

    assert kinds(report) == [("replaced", "0001.txt")]
    assert report.parsed == 1
    assert "核对号7" in texts(opened())
    assert texts(opened()).count(f"{generated.disease(1)}患者的") == texts(opened()).count("核对号7")


def test_a_removed_file_answers_no_more(build, folder, opened):
    build()
    (folder / "0002.txt").unlink()

    assert kinds(build()) == [("removed", "0002.txt")]
    assert generated.disease(2) not in texts(opened())


def test_a_renamed_file_is_known_by_its_content(build, folder):
    build()
    (folder / "0000.txt").rename(folder / "z.txt")

    report = build()

    assert kinds(report) == [("renamed", "z.txt")]
    assert report.parsed == 0


def test_a_second_copy_is_named_and_left_out(build, folder):
    (folder / "copy.txt").write_bytes((folder / "0000.txt").read_bytes())

    assert [source for source, why in build().warnings if "相同" in why] == ["copy.txt"]


def test_an_unreadable_file_is_named_and_the_rest_go_on(build, folder):
    (folder / "broken.pdf").write_text("x", encoding="utf-8")

    report = build()

    assert [source for source, _ in report.failures] == ["broken.pdf"]
    assert len(report.editions) == 3


def test_nothing_readable_leaves_the_published_index_alone(build, folder, opened):
    before = build().snapshot.name
    for path in folder.iterdir():
        path.write_text("\0", encoding="utf-8")

    with pytest.raises(CorpusError):
        build()
    assert opened().snapshot.id == before


def test_a_file_that_changes_while_it_is_read_is_not_taken(build, folder, monkeypatch):
    real = builder.read_files

    def slow(requests, **options):
        generated.revise(folder, 1, 1, 9)
        yield from real(requests, **options)

    monkeypatch.setattr(builder, "read_files", slow)
    report = build()

    assert [source for source, why in report.failures if "正在变化" in why] == ["0001.txt"]
    monkeypatch.undo()
    assert build().failures == []


@pytest.mark.parametrize("kind", ["documents", "facts", "features"])
def test_a_damaged_cache_entry_is_made_again_and_told(build, index, opened, kind):
    whole = build().snapshot
    for path in (index / "cache" / kind).glob("*/*"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        if kind == "documents":
            for other in (index / "cache" / "features").glob("*/*"):
                other.unlink()

    report = build()

    assert report.snapshot == whole
    assert any("已损坏" in why for _, why in report.warnings)


def test_the_cache_keeps_only_what_kept_snapshots_are_made_of(build, folder, index):
    for revision in range(8):
        generated.revise(folder, 0, 1, revision)
        build()

    kept = sum(1 for _ in (index / "cache" / "documents").glob("*/*"))
    assert kept == 5  # two that stayed, and the three last revisions of the third


def test_the_same_corpus_gives_the_same_snapshot_elsewhere(build, folder, index, tmp_path, toy):
    from rag import KnowledgeBase

    other = KnowledgeBase.build(folder, tmp_path / "elsewhere", embedder=toy, workers=1)

    assert other.snapshot.name == build().snapshot.name
