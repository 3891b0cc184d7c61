"""One file to carry: index, corpus and settings, each byte accounted for, for a clinic without network."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from rag.entries import checked_rows
from rag.errors import CorpusError, IndexUnusableError
from rag.files import file_hash, sync, write_whole
from rag.index.pointer import POINTER
from rag.index.snapshot import Snapshot
from rag.settings import cache_directory
from rag.spare import writable

SCHEMA = "zhinan.pack/1"
CONTENTS = "PACK.json"
SETTINGS = "zhinan.toml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(snapshot: Snapshot, corpus: Path, out: Path, embedder: str) -> str:
    """Write snapshot, corpus and settings into one file; return the pack's digest (SHA-256 of its table of contents).

    The same snapshot and corpus give the same bytes. Of the settings only those are written that the index needs, so
    that no secret is packed. Raises CorpusError when a file of the corpus is not the one that was indexed.
    """
    members = dict(_members(snapshot, corpus))
    settings = f'corpus = "corpus"\nindex = "index"\nembedder = {json.dumps(embedder)}\n'.encode()
    files = {name: file_hash(path) for name, path in members.items()} | {SETTINGS: hashlib.sha256(settings).hexdigest()}
    data = _canonical({"schema": SCHEMA, "snapshot": snapshot.id, "embedder": embedder, "files": files})

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in ((CONTENTS, data), (SETTINGS, settings)):
                archive.writestr(_entry(name), content)
            for name, path in members.items():
                with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)

    write_whole(out, write)
    return hashlib.sha256(data).hexdigest()


def opened(file: Path) -> tuple[Path, str]:
    """Return the index folder and the embedder of a pack, unpacked once into the user's cache and checked byte by byte.

    What was unpacked is known by the hash of the whole file, so that a file that was changed since is checked anew.
    """
    contents, _ = _contents(file)
    place = Path("packs") / file_hash(file)[:32]
    folder = cache_directory() / place
    if not folder.is_dir():
        folder = writable(cache_directory()) / place
    if not folder.is_dir():
        unpack(file, folder)
    return folder / "index", str(contents["embedder"])


def unpack(file: Path, target: Path, expected: str = "") -> dict[str, Any]:
    """Unpack into `target/index` and `target/corpus`, all or nothing; return the contents with their digest.

    `expected` is the digest that came by another way than the file. Raises IndexUnusableError when the file is no pack,
    when any byte differs from what the pack says of itself, or when its digest is another.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CorpusError(f"{target} 不是空目录。请换一个目录，以免覆盖已有内容。")
    contents, digest = _contents(file)
    if expected and digest != expected.strip().lower():
        raise IndexUnusableError(f"{file} 的校验值是 {digest}，与给出的不同，已拒绝。请向打包的人核对，或重新拷贝原文件。")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".unpack-", dir=target.parent))
    try:
        _extract(file, folder, contents["files"])
        pointer = folder / "index" / POINTER
        pointer.write_text(contents["snapshot"] + "\n", encoding="ascii")
        sync(folder)
        if target.exists():
            target.rmdir()
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return contents | {"digest": digest}


def _contents(file: Path) -> tuple[dict[str, Any], str]:
    """Read a pack's table of contents and its digest. Raises IndexUnusableError when it is no pack or was changed."""
    with _readable(file) as archive:
        data = archive.read(CONTENTS)
        contents = json.loads(data)
        if contents["schema"] != SCHEMA or sorted(archive.namelist()) != sorted([CONTENTS, *contents["files"]]):
            raise IndexUnusableError(f"{file} 的目录与内容不符，可能被改动过，已拒绝。请重新拷贝原文件。")
    return contents, hashlib.sha256(data).hexdigest()


def _extract(file: Path, folder: Path, expected: dict[str, str]) -> None:
    with _readable(file) as archive:
        for name, digest in expected.items():
            path = folder / _safe(name, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, path.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            if file_hash(path) != digest:
                raise IndexUnusableError(f"{file} 里的 {name} 与记录的校验值不符，可能被改动或拷坏了，已拒绝。请重新拷贝原文件。")


@contextmanager
def _readable(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, AttributeError, EOFError, NotImplementedError) as error:
        raise IndexUnusableError(f"{file} 不是完整的指南针包。请重新拷贝原文件。") from error


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _safe(name: str, file: Path) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or (
        path.parts[0] not in {"index", "corpus"} and name != SETTINGS
    ):
        raise IndexUnusableError(f"{file} 里有越界的路径 {name}，已拒绝。请只用可信来源的包。")
    return path


def _members(snapshot: Snapshot, corpus: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(p for p in snapshot.folder.rglob("*") if p.is_file()):
        yield f"index/snapshots/{snapshot.id}/{path.relative_to(snapshot.folder).as_posix()}", path
    manifest = corpus / "manifest.toml"
    if manifest.is_file():
        yield "corpus/manifest.toml", manifest
        indexed = {e.source for e in snapshot.editions}
        for row in checked_rows(manifest):  # what could not be read is still in the manifest, and goes along
            if row["file"] not in indexed and (corpus / row["file"]).is_file():
                yield f"corpus/{row['file']}", corpus / row["file"]
    for edition in snapshot.editions:
        path = corpus / edition.source
        if not path.is_file() or file_hash(path) != edition.sha256:
            raise CorpusError(f"{path} 与索引里的不是同一份。请先运行 zhinan index update，再打包。")
        yield f"corpus/{edition.source}", path


def _canonical(contents: dict[str, Any]) -> bytes:
    return json.dumps(contents, ensure_ascii=False, sort_keys=True, indent=1).encode()
