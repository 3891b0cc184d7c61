"""Whether an index is in step with its corpus, and whether it is whole."""

from __future__ import annotations

from pathlib import Path

from rag.corpus import Corpus
from rag.files import file_hash
from rag.index.builder import document_key
from rag.index.cache import Cache
from rag.index.snapshot import Snapshot
from rag.text.normalise import squeeze


def differences(snapshot: Snapshot, corpus: Corpus) -> list[tuple[str, str]]:
    """List (file, why) for each file of the corpus that the snapshot does not reflect."""
    indexed: dict[str, str] = snapshot.manifest["corpus"]["sources"]
    present = {e.source: e.sha256 for e in corpus.editions}
    found = [(source, "语料里已没有这个文件") for source in indexed if source not in present]
    for source, digest in present.items():
        if source not in indexed:
            found.append((source, "尚未编入索引"))
        elif indexed[source] != digest:
            found.append((source, "同名文件的内容变了" if digest else "文件不在了"))
    recorded = snapshot.manifest["corpus"]["manifest_sha256"]
    if corpus.has_manifest and file_hash(corpus.root / "manifest.toml") != recorded and not found:
        found.append(("manifest.toml", "清单有改动"))
    return sorted(found)


def damages(snapshot: Snapshot, index: Path) -> list[str]:
    """List what is wrong with a snapshot: files that differ from their hash, quotes that are not on their page."""
    found = []
    for name, digest in snapshot.manifest["files"].items():
        path = snapshot.folder / name
        if not path.is_file():
            found.append(f"缺少文件 {name}")
        elif file_hash(path) != digest:
            found.append(f"文件 {name} 的内容与记录不符")
    if found:
        return found
    cache = Cache(index / "cache")
    pages: dict[str, list[str]] = {}
    for number in range(len(snapshot)):
        edition, passage = snapshot.edition_of(number), snapshot.passage(number)
        if edition.guideline_id not in pages:
            document = next((d for ocr in (True, False) if (d := cache.document(document_key(edition, ocr)))), None)
            pages[edition.guideline_id] = [squeeze(t) for t in document.page_texts] if document else []
        witness = pages[edition.guideline_id]
        if not witness:
            continue
        for sentence in passage.sentences:
            where = [witness[p - 1] for p in sentence.pages] or witness
            text = "".join(where)
            if not all(squeeze(part) in text for part in sentence.quote.split(" ")):
                found.append(f"{passage.id}：引文不在第 {list(sentence.pages)} 页：{sentence.quote[:40]}")
    return found
