"""The options that commands share."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from rag.settings import Settings, load

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="指南文件所在目录。", show_default=False)]
IndexOption = Annotated[Path | None, typer.Option("--index", help="索引目录。", show_default=False)]
EmbedderOption = Annotated[str | None, typer.Option("--embedder", help="向量模型。", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")]
JsonlOption = Annotated[str | None, typer.Option("--jsonl", help="批量：每行一个 JSON 对象的文件，- 为标准输入。", show_default=False)]
OfflineOption = Annotated[bool, typer.Option("--offline", help="禁止任何联网。")]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="只输出结果。")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="显示调试信息和出错位置。")]


def settings_from(
    corpus: Path | None = None,
    index: Path | None = None,
    embedder: str | None = None,
    offline: bool = False,
    verbose: bool = False,
    **others: object,
) -> Settings:
    """Resolve the settings from a command's options and set up logging."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, format="%(message)s")
    for name in ("httpx", "jieba", "sentence_transformers"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.ERROR)
    return load(corpus=corpus, index=index, embedder=embedder, offline=offline or None, **others)
