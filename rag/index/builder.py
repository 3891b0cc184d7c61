"""From a corpus to a published snapshot: read what is new, take the rest from the cache, assemble, publish."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from rag import corpus as corpora
from rag.corpus import Corpus
from rag.embed import Embedder
from rag.errors import CorpusError, ReadError
from rag.files import file_hash
from rag.index import dense
from rag.index.cache import Cache, Features, key_of
from rag.codec import edition_to_json, passage_to_json
from rag.index.lexical import LexicalIndex, TermCounts
from rag.index.lock import writer_lock
from rag.index.manifest import expected_manifest
from rag.index.snapshot import publish, writing
from rag.index.windows import FEATURES_VERSION, features
from rag.ingest import ReadRequest, read_files
from rag.ingest.base import PIPELINE_VERSION
from rag.supersession import infer_supersession
from rag.text.aspects import mask_of_headings
from rag.text.segment import TOKENIZER_VERSION, segmenter_name
from rag.types import Document, Edition

logger = logging.getLogger(__name__)

Progress = Callable[[str, str, int, int], None]
"""Called with (stage, what, done, total); stages are `read` (pages of a file) and `embed` (files)."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a corpus is read and embedded."""

    embedder: Embedder
    ocr: bool = True
    workers: int = 2
    password: str | None = None


@dataclass(slots=True)
class BuildReport:
    """What a build did: the editions in the snapshot, and each file that could not be read with its reason."""

    snapshot: Path | None = None
    editions: list[Edition] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    parsed: int = 0
    pages: int = 0


def build(corpus: Corpus, index: Path, options: BuildOptions, progress: Progress | None = None) -> BuildReport:
    """Bring the index in step with the corpus and publish a snapshot.

    Unreadable files are reported, not fatal. Raises CorpusError when none can be read, IndexBusyError when another
    process is writing, OSError when the target cannot be written.
    """
    tell = progress or (lambda *_: None)
    with writer_lock(index):
        cache = Cache(index / "cache")
        report = BuildReport()
        documents = _documents(corpus, cache, options, report, tell)
        if not documents:
            reasons = "；".join(f"{source}：{reason}" for source, reason in report.failures)
            raise CorpusError(f"{corpus.root} 里没有一个文件能读：{reasons}")
        editions = [e for e, _ in documents]
        if not corpus.has_manifest:
            editions = infer_supersession(editions, [d for _, d in documents])
        report.editions = editions
        parts = list(_features(editions, [d for _, d in documents], cache, options, tell))
        with writing(index) as folder:
            manifest = _assemble(folder, editions, [d for _, d in documents], parts, options)
            manifest["corpus"] = _corpus_record(corpus, report)
            report.snapshot = publish(index, folder, manifest)
        return report


def document_key(edition: Edition, ocr: bool) -> str:
    """Return the cache key of an edition's parsed document."""
    return key_of(edition.sha256, PIPELINE_VERSION, f"ocr={ocr}", Path(edition.source).suffix.lower())


def _documents(
    corpus: Corpus, cache: Cache, options: BuildOptions, report: BuildReport, tell: Progress
) -> list[tuple[Edition, Document]]:
    """Read every edition, from the cache where its bytes are known, in the corpus's order."""
    found: dict[str, Document] = {}
    requests: dict[Path, Edition] = {}
    for edition in corpus.editions:
        if not edition.sha256:
            report.failures.append((edition.source, "清单里有它，但文件不在。请放回文件，或运行 zhinan corpus remove。"))
        elif (document := cache.document(document_key(edition, options.ocr))) is not None:
            found[edition.guideline_id] = document
        else:
            requests[corpus.path(edition)] = edition
    asked = [ReadRequest(path, "", options.password, options.ocr) for path in requests]

    def pages(path: Path, done: int, total: int) -> None:
        tell("read", path.name, done, total)

    for request, result in read_files(asked, workers=options.workers, progress=pages) if asked else ():
        edition = requests[request.path]
        if isinstance(result, ReadError):
            report.failures.append((edition.source, str(result)))
            continue
        cache.put_document(document_key(edition, options.ocr), result)
        found[edition.guideline_id] = result
        report.parsed += 1
        report.pages += len(result.page_texts)
    report.failures.sort()
    return [
        (_counted(edition, document), document)
        for edition in corpus.editions
        if (document := found.get(edition.guideline_id)) is not None
    ]


def _counted(edition: Edition, document: Document) -> Edition:
    pages = len(document.page_texts) if edition.source.lower().endswith(".pdf") else 0
    return replace(corpora.complete(edition, document.metadata), pages=pages, passages=len(document.passages))


def _features(
    editions: list[Edition], documents: list[Document], cache: Cache, options: BuildOptions, tell: Progress
) -> Iterator[Features]:
    """Embed and tokenise each edition, from the cache where nothing that matters has changed."""
    identity = (options.embedder.id, TOKENIZER_VERSION, segmenter_name(), FEATURES_VERSION)
    for done, (edition, document) in enumerate(zip(editions, documents, strict=True)):
        key = key_of(document_key(edition, options.ocr), edition.title, *identity)
        part = cache.features(key)
        if part is None:
            part = features(document.passages, edition.title, options.embedder)
            cache.put_features(key, part)
        yield part
        tell("embed", edition.source, done + 1, len(editions))


def _assemble(
    folder: Path, editions: list[Edition], documents: list[Document], parts: list[Features], options: BuildOptions
) -> dict[str, Any]:
    """Write a snapshot's files; return its manifest without the corpus record."""
    shifts = np.cumsum([0, *(len(d.passages) for d in documents)])
    arrays = {
        "passage_editions": np.repeat(np.arange(len(documents), dtype=np.int32), [len(d.passages) for d in documents]),
        "window_passages": np.concatenate([p.owners + s for p, s in zip(parts, shifts, strict=False)]).astype(np.int32),
        "window_sentences": np.concatenate([p.sentences for p in parts]).astype(np.int32),
        "passage_aspects": np.array([mask_of_headings(p.section) for d in documents for p in d.passages], np.uint32),
        "passage_offsets": _write_passages(folder / "passages.jsonl", editions, documents),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    lexical = LexicalIndex.build(TermCounts.joined([p.terms for p in parts]))
    lexical.save(folder / "lexical")
    vectors = np.concatenate([p.vectors for p in parts])
    dense.save(dense.build(vectors), folder / "dense.faiss")
    rows = [edition_to_json(e) for e in editions]
    (folder / "editions.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return expected_manifest(options.embedder.id) | {
        "pipeline": PIPELINE_VERSION,
        "dimension": int(vectors.shape[1]),
        "dense": dense.choose_kind(len(vectors)),
        "passages": int(shifts[-1]),
        "windows": len(vectors),
    }


def _write_passages(path: Path, editions: list[Edition], documents: list[Document]) -> np.ndarray:
    """Write the passages one a line, named after their edition; return each line's offset and the end's."""
    offsets = [0]
    with path.open("wb") as file:
        for edition, document in zip(editions, documents, strict=True):
            for n, passage in enumerate(document.passages, start=1):
                named = replace(passage, id=f"{edition.guideline_id}:{n}", guideline_id=edition.guideline_id)
                line = json.dumps(passage_to_json(named), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                offsets.append(offsets[-1] + file.write(line))
    return np.array(offsets, np.int64)


def _corpus_record(corpus: Corpus, report: BuildReport) -> dict[str, Any]:
    manifest = corpus.root / corpora.MANIFEST
    return {
        "manifest_sha256": file_hash(manifest) if corpus.has_manifest else "",
        "sources": {e.source: e.sha256 for e in corpus.editions},
        "failures": [list(item) for item in report.failures],
    }
