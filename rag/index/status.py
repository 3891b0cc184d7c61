"""Whether an index is in step with its corpus, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag.corpus import Corpus, complete
from rag.files import file_hash
from rag.index.builder import document_key
from rag.index.cache import Cache
from rag.index.difference import Difference, differences
from rag.index.snapshot import Snapshot
from rag.ingest import ReadRequest, read_files
from rag.ingest.base import PIPELINE_VERSION
from rag.text.normalise import squeeze
from rag.types import Document, Edition, Metadata


def stale(snapshot: Snapshot, corpus: Corpus) -> list[Difference]:
    """List what the snapshot does not reflect, as far as it shows without reading the files."""
    everything = []
    if (pipeline := snapshot.manifest.get("pipeline")) != PIPELINE_VERSION:
        everything.append(Difference("replaced", str(corpus.root), f"读取程序更新了（{pipeline} → {PIPELINE_VERSION}），全部文件要重读"))
    record = snapshot.manifest["corpus"]["sources"]
    failed = {source for source, _ in snapshot.manifest["corpus"]["failures"]}
    known = {e.guideline_id: e for e in snapshot.editions}
    present = [
        _as_known(e, known.get(e.guideline_id), corpus.has_manifest) for e in corpus.editions
        if e.sha256 and not (e.source in failed and record.get(e.source) == e.sha256)
    ]
    return everything + differences(snapshot.editions, present, dict(corpus.unreadable))


def failures(snapshot: Snapshot, corpus: Corpus) -> list[tuple[str, str]]:
    """List (file, why) for the corpus's files that could not be read and have not changed since."""
    record = snapshot.manifest["corpus"]["sources"]
    now = {e.source: e.sha256 for e in corpus.editions if e.sha256}
    return [*corpus.unreadable] + [(s, why) for s, why in snapshot.manifest["corpus"]["failures"] if s in now and record.get(s) == now[s]]


def damages(snapshot: Snapshot, index: Path, corpus: Path) -> list[str]:
    """List what is wrong with a snapshot: files that differ from their hash, quotes that are not on their page.

    The pages are the cache's, else read anew from the corpus folder.
    """
    found = []
    for name, digest in snapshot.manifest["files"].items():
        path = snapshot.folder / name
        if not path.is_file():
            found.append(f"缺少文件 {name}")
        elif file_hash(path) != digest:
            found.append(f"文件 {name} 的内容与记录不符")
    return found or list(_unfounded_quotes(snapshot, Cache(index / "cache"), corpus))


def _as_known(edition: Edition, known: Edition | None, has_manifest: bool) -> Edition:
    """Fill in what the corpus leaves open with what the index knows, so that only what was stated differently differs."""
    if known is None or known.sha256 != edition.sha256:
        return edition
    if not has_manifest:
        return replace(known, source=edition.source)
    said = Metadata(known.title, known.issuer, known.year, known.edition, known.doi)
    return replace(complete(edition, said), pages=known.pages, passages=known.passages)


def _unfounded_quotes(snapshot: Snapshot, cache: Cache, corpus: Path) -> Iterator[str]:
    """Yield the passages with a quote that is not verbatim on its page, and the editions whose pages are unknown."""
    pages: list[str] = []
    before = -1
    for number in range(len(snapshot)):
        edition, passage = snapshot.edition_of(number), snapshot.passage(number)
        if (at := int(snapshot.passage_editions[number])) != before:
            before = at
            document = _document(edition, cache, corpus)
            pages = _witness(document) if document else []
            if not pages:
                yield f"{edition.source}：没有索引时的原文（缓存和语料里都没有），引文未能核对"
        for sentence in passage.sentences if pages else ():
            where = "".join(pages[p - 1] for p in sentence.pages) if sentence.pages else "".join(pages)
            if not _stands(sentence.quote, where):
                place = f"第 {'、'.join(map(str, sentence.pages))} 页" if sentence.pages else "原文里"
                yield f"{passage.id}：引文不在{place}：{sentence.quote[:40]}"


def _document(edition: Edition, cache: Cache, corpus: Path) -> Document | None:
    """Return an edition's parsed document: from the cache, else from its file, if that is still the one indexed."""
    if (cached := next((d for ocr in (True, False) if (d := cache.document(document_key(edition, ocr)))), None)) is not None:
        return cached
    path = corpus / edition.source
    if not path.is_file() or file_hash(path) != edition.sha256:
        return None
    return next((d for _, d in read_files([ReadRequest(path)], workers=1) if isinstance(d, Document)), None)


def _witness(document: Document) -> list[str]:
    """Return each page's text without spaces and without the lines left out of it, such as its number."""
    left_out = {squeeze(item.text) for item in document.left_out if item.why in {"页码", "页眉", "页脚", "页眉页脚"}}
    pages = []
    for text in document.page_texts:
        lines = (squeeze(line) for line in text.splitlines())
        pages.append("".join(line for line in lines if line not in left_out))
    return pages


def _stands(quote: str, where: str) -> bool:
    """Tell whether a quote is on its page: whole, or line by line where it was put together of several."""
    return squeeze(quote) in where or all(squeeze(part) in where for part in quote.split("\n")) or all(
        squeeze(part) in where for part in quote.split()
    )
