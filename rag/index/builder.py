"""From a corpus to a published snapshot: read what is new, take the rest from the cache, assemble, publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag import corpus as corpora
from rag.codec import edition_from_json
from rag.corpus import Corpus
from rag.embed import Embedder
from rag.errors import CorpusError, IndexUnusableError, ReadError
from rag.files import file_hash
from rag.index.ahead import Ahead
from rag.index.assemble import assemble
from rag.index.cache import CONTAINER, SHINGLES, Cache, Facts, Features, key_of
from rag.index.difference import Difference, differences
from rag.index.pointer import history
from rag.index.snapshot import publish, writing
from rag.index.windows import FEATURES_VERSION, features
from rag.ingest import ReadRequest, read_files
from rag.ingest.base import PIPELINE_VERSION
from rag.lock import writer_lock
from rag.origin import remember
from rag.supersession import Shingles, infer_supersession, shingles
from rag.text import aspects
from rag.text.segment import TOKENIZER_VERSION, segmenter_name
from rag.types import Document, Edition

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
    """What a build did: the snapshot's editions, what differs from the one before, and what could not be read and why."""

    snapshot: Path | None = None
    editions: list[Edition] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
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
        report = BuildReport(warnings=list(corpus.left_out), failures=list(corpus.unreadable))
        editions = _editions(corpus, cache, options, report, tell)
        if not editions:
            reasons = "；".join(f"{source}：{reason}" for source, reason in report.failures)
            raise CorpusError(f"{corpus.root} 里没有一个文件能读：{reasons}")
        if not corpus.has_manifest:
            editions = infer_supersession(editions, lambda n: _shingles(corpus, cache, editions[n], options))
        report.editions = editions
        report.differences = differences(_published(index), editions, dict(report.failures))
        with writing(index) as folder:
            manifest = assemble(folder, editions, _features(corpus, editions, cache, options, tell), options.embedder)
            manifest["corpus"] = _corpus_record(corpus, report)
            report.snapshot = publish(index, folder, manifest)
        remember(index, corpus.root)
        _prune(index, cache, options)
        report.warnings += [(str(path), "缓存条目已损坏，已重新生成。") for path in cache.damaged]
        return report


def document_key(edition: Edition, ocr: bool) -> str:
    """Return the cache key of an edition's parsed document."""
    return key_of(edition.sha256, PIPELINE_VERSION, f"ocr={ocr}", Path(edition.source).suffix.lower())


def keep_document(index: Path, edition: Edition, document: Document, ocr: bool) -> None:
    """Keep a document that was parsed outside a build, so that the next one need not parse it again."""
    Cache(index / "cache").put_document(document_key(edition, ocr), document, _facts(edition, document))


def features_key(edition: Edition, ocr: bool, embedder: Embedder) -> str:
    """Return the cache key of what the index needs of an edition."""
    made_by = (embedder.id, TOKENIZER_VERSION, segmenter_name(), FEATURES_VERSION, aspects.version(), CONTAINER)
    return key_of(document_key(edition, ocr), edition.guideline_id, edition.title, *made_by)


def _editions(corpus: Corpus, cache: Cache, options: BuildOptions, report: BuildReport, tell: Progress) -> list[Edition]:
    """Read every edition, from the cache where its bytes are known; return those that can be read, in the corpus's order."""
    found: dict[str, Facts] = {}
    requests: dict[Path, Edition] = {}
    for edition in corpus.editions:
        if not edition.sha256:
            continue
        if (facts := cache.facts(document_key(edition, options.ocr))) is not None:
            found[edition.guideline_id] = facts
        else:
            requests[corpus.path(edition)] = edition
    asked = [ReadRequest(path, "", options.password, options.ocr) for path in requests]

    def pages(path: Path, done: int, total: int) -> None:
        tell("read", path.name, done, total)

    with Ahead() as beside:  # what one file needs of the embedder is made while the next is read
        if asked:
            beside.call(_make_ready, options.embedder)
        for request, result in read_files(asked, workers=options.workers, progress=pages):
            edition = requests[request.path]
            if not isinstance(result, ReadError) and not _unchanged(request.path, edition.sha256):
                result = ReadError("读取时文件正在变化。请等它写完，再运行 zhinan index update。")
            if isinstance(result, ReadError):
                report.failures.append((edition.source, str(result)))
                continue
            facts = _facts(edition, result)
            cache.put_document(document_key(edition, options.ocr), result, facts)
            found[edition.guideline_id] = facts
            report.parsed += 1
            report.pages += len(result.page_texts)
            beside.call(_make_features, _completed(edition, facts), result, cache, options)
    report.failures.sort()
    known = [e for e in corpus.editions if e.guideline_id in found]
    report.warnings += [(e.source, warning) for e in known for warning in found[e.guideline_id].warnings]
    return [_completed(e, found[e.guideline_id]) for e in known]


def _make_ready(embedder: Embedder) -> None:
    """Load what the features of the first file need, while it is being read."""
    segmenter_name()
    embedder.prepare()


def _unchanged(path: Path, digest: str) -> bool:
    try:
        return file_hash(path) == digest
    except OSError:
        return False


def _facts(edition: Edition, document: Document) -> Facts:
    pages = len(document.page_texts) if edition.source.lower().endswith(".pdf") else 0
    return Facts(document.metadata, pages, len(document.passages), document.warnings)


def _completed(edition: Edition, facts: Facts) -> Edition:
    return replace(corpora.complete(edition, facts.metadata), pages=facts.pages, passages=facts.passages)


def _document(corpus: Corpus, cache: Cache, edition: Edition, options: BuildOptions) -> Document:
    """Return an edition's parsed document, read anew where its cache entry proves damaged."""
    key = document_key(edition, options.ocr)
    if (document := cache.document(key)) is not None:
        return document
    request = ReadRequest(corpus.path(edition), "", options.password, options.ocr)
    for _, result in read_files([request], workers=1):
        if isinstance(result, Document) and _unchanged(request.path, edition.sha256):
            cache.put_document(key, result, _facts(edition, result))
            return result
    raise CorpusError(f"{edition.source} 的缓存条目已损坏，而原文件现在读不出同样的内容。请再运行一次 zhinan index update。")


def _shingles(corpus: Corpus, cache: Cache, edition: Edition, options: BuildOptions) -> Shingles:
    """Return what an edition's text is compared by, made once."""
    key = document_key(edition, options.ocr)
    found = cache.array(SHINGLES, key)
    if found is None:
        found = shingles(_document(corpus, cache, edition, options))
        cache.put_array(SHINGLES, key, found)
    return found


def _features(
    corpus: Corpus, editions: list[Edition], cache: Cache, options: BuildOptions, tell: Progress
) -> Iterator[Features]:
    """Embed and tokenise each edition, from the cache where nothing that matters has changed."""
    for done, edition in enumerate(editions, start=1):
        part = cache.features(features_key(edition, options.ocr, options.embedder))
        yield part or _make_features(edition, _document(corpus, cache, edition, options), cache, options)
        tell("embed", edition.source, done, len(editions))


def _make_features(edition: Edition, document: Document, cache: Cache, options: BuildOptions) -> Features:
    """Embed and tokenise an edition, and keep what comes of it."""
    made = features(document.passages, edition, options.embedder)
    cache.put_features(features_key(edition, options.ocr, options.embedder), made)
    return made


def _published(index: Path, name: str | None = None) -> list[Edition]:
    """List the editions of a published snapshot, the current one by default; none where it cannot be read."""
    try:
        name = name or next(iter(history(index)), "")
        rows = json.loads((index / "snapshots" / name / "editions.json").read_bytes())
        return [edition_from_json(row) for row in rows]
    except (IndexUnusableError, OSError, ValueError, KeyError, TypeError):
        return []


def _prune(index: Path, cache: Cache, options: BuildOptions) -> None:
    """Keep in the cache what the kept snapshots were made of."""
    editions = [e for name in history(index) for e in _published(index, name)]
    cache.prune(
        (document_key(e, ocr) for e in editions for ocr in (True, False)),
        (features_key(e, ocr, options.embedder) for e in editions for ocr in (True, False)),
    )


def _corpus_record(corpus: Corpus, report: BuildReport) -> dict[str, Any]:
    manifest = corpus.root / corpora.MANIFEST
    return {
        "manifest_sha256": file_hash(manifest) if corpus.has_manifest else "",
        "sources": {e.source: e.sha256 for e in corpus.editions},
        "failures": [list(item) for item in report.failures],
    }


