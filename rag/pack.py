"""One file to carry: index, corpus and settings, each byte accounted for, for a clinic without network."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from rag.errors import CorpusError, IndexUnusableError
from rag.files import file_hash, sync, write_whole
from rag.index.pointer import POINTER
from rag.index.snapshot import Snapshot

SCHEMA = "zhinan.pack/1"
CONTENTS = "PACK.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(snapshot: Snapshot, corpus: Path, out: Path, embedder: str) -> str:
    """Write snapshot and corpus into one file; return the pack's digest (SHA-256 of its table of contents).

    The same snapshot and corpus give the same bytes. Secrets are never read, so none can be packed.
    """
    members = dict(_members(snapshot, corpus))
    contents = {
        "schema": SCHEMA,
        "snapshot": snapshot.id,
        "embedder": embedder,
        "files": {name: file_hash(path) for name, path in members.items()},
    }
    data = _canonical(contents)

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(CONTENTS, _EPOCH), data)
            for name, path in members.items():
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)

    write_whole(out, write)
    return hashlib.sha256(data).hexdigest()


def unpack(file: Path, target: Path) -> dict[str, Any]:
    """Unpack into `target/index` and `target/corpus`, all or nothing; return the contents with their digest.

    Raises IndexUnusableError when the file is no pack, or any byte differs from what the pack says of itself.
    """
    if target.exists() and any(target.iterdir()):
        raise CorpusError(f"{target} 不是空目录。请换一个目录，以免覆盖已有内容。")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".unpack-", dir=target.parent))
    try:
        contents = _extract(file, folder)
        pointer = folder / "index" / POINTER
        pointer.write_text(contents["snapshot"] + "\n", encoding="ascii")
        sync(folder)
        if target.exists():
            target.rmdir()
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return contents


def _extract(file: Path, folder: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(file) as archive:
            data = archive.read(CONTENTS)
            contents = json.loads(data)
            expected: dict[str, str] = contents["files"]
            if contents["schema"] != SCHEMA or sorted(archive.namelist()) != sorted([CONTENTS, *expected]):
                raise IndexUnusableError(f"{file} 的目录与内容不符，可能被改动过，已拒绝。请重新拷贝原文件。")
            for name, digest in expected.items():
                path = folder / _safe(name, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, path.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
                if file_hash(path) != digest:
                    raise IndexUnusableError(f"{file} 里的 {name} 与记录的校验值不符，可能被改动或拷坏了，已拒绝。请重新拷贝原文件。")
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise IndexUnusableError(f"{file} 不是完整的指南针包（{error}）。请重新拷贝原文件。") from error
    return contents | {"digest": hashlib.sha256(data).hexdigest()}


def _safe(name: str, file: Path) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or path.parts[0] not in {"index", "corpus"}:
        raise IndexUnusableError(f"{file} 里有越界的路径 {name}，已拒绝。请只用可信来源的包。")
    return path


def _members(snapshot: Snapshot, corpus: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(p for p in snapshot.folder.rglob("*") if p.is_file()):
        yield f"index/snapshots/{snapshot.id}/{path.relative_to(snapshot.folder).as_posix()}", path
    if (corpus / "manifest.toml").is_file():
        yield "corpus/manifest.toml", corpus / "manifest.toml"
    for edition in snapshot.editions:
        if (path := corpus / edition.source).is_file():
            yield f"corpus/{edition.source}", path


def _canonical(contents: dict[str, Any]) -> bytes:
    return json.dumps(contents, ensure_ascii=False, sort_keys=True, indent=1).encode()
