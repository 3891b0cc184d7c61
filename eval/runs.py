"""What a run was made with, and its record: a line of JSON for each question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.datasets.questions import ROOT
from eval.outcome import Outcome
from rag import KnowledgeBase
from rag.index.manifest import expected_manifest
from rag.ingest.base import PIPELINE_VERSION

_CODE = ("rag/retrieve", "rag/answer", "rag/text")


def configuration(base: KnowledgeBase) -> dict[str, str]:
    """Say what decides a run's figures: the index, the embedder, the code of search and answer with its learned weights."""
    code = hashlib.sha256()
    for folder in _CODE:
        for path in sorted(p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"):
            code.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return expected_manifest(base.embedder.id) | {
        "pipeline": PIPELINE_VERSION, "snapshot": base.snapshot.folder.name, "code": code.hexdigest()[:16],
    }


def digest(told: Mapping[str, str]) -> str:
    """Return the hash by which runs of one configuration are known."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def write(path: Path, name: str, told: Mapping[str, str], outcomes: Iterable[Outcome]) -> None:
    """Write the record of a run over the named set."""
    path.write_text("".join(map(_line, _records(name, digest(told), outcomes))), encoding="utf-8")


def _records(name: str, configured: str, outcomes: Iterable[Outcome]) -> Iterable[dict[str, Any]]:
    return ({"set": name, "configuration": configured, **o._asdict()} for o in outcomes)


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
