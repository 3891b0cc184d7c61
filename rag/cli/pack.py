"""`zhinan pack` and `zhinan unpack`: carry a knowledge base on a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import CorpusOption, EmbedderOption, IndexOption, QuietOption, VerboseOption, settings_from
from rag.errors import IndexUnusableError


def pack(
    out: Annotated[Path, typer.Argument(help="要写出的文件，如 指南针.zhinan。")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Write index, corpus and settings into one file."""
    from rag import corpus as corpora
    from rag.cli.session import open_base
    from rag.index.status import stale
    from rag.ingest import SUFFIXES
    from rag.pack import pack as write_pack

    settings = settings_from(corpus, index, embedder, verbose=verbose)
    base = open_base(settings, quiet)
    if stale(base.snapshot, corpora.load(settings.corpus, SUFFIXES)):
        raise IndexUnusableError("索引没有跟上语料，打出的包会缺文件。请先运行 zhinan index update，再打包。")
    digest = write_pack(base.snapshot, settings.corpus, out, settings.embedder)
    typer.echo(f"已写入 {out}（{out.stat().st_size / 1e6:.1f} MB）\n校验值 {digest}")
    typer.echo(f"在另一台机器上：zhinan unpack {out.name} 目录 --digest {digest}，或直接 zhinan ask --index {out.name} \"问题\"")
    return 0


def unpack(
    file: Annotated[Path, typer.Argument(help="zhinan pack 写出的文件。")],
    target: Annotated[Path, typer.Argument(help="放到哪个（空的或不存在的）目录。")],
    digest: Annotated[str, typer.Option("--digest", help="打包时显示的校验值；不同则拒绝。", show_default=False)] = "",
    verbose: VerboseOption = False,
) -> int:
    """Unpack after checking every byte."""
    from rag.pack import unpack as read_pack

    settings_from(verbose=verbose)
    contents = read_pack(file, target, digest)
    typer.echo(f"已解到 {target}，校验值 {contents['digest']}")
    typer.echo(f"提问：进入 {target} 后运行 zhinan ask \"问题\"，或 zhinan ask --index {target}/index --corpus {target}/corpus \"问题\"")
    return 0
