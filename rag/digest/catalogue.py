"""The official documents behind the digests (sources.toml): what they are, and whether they can be downloaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.digest.finding import Finding
from rag.errors import CorpusError, UsageError

CATALOGUE = "sources.toml"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class Source:
    """One official document. `direct` tells that `url` is the document itself, of the given kind."""

    id: str
    title: str
    issuer: str
    year: int
    diseases: tuple[str, ...]
    citation: str
    seen: str
    doi: str = ""
    notice: str = ""
    url: str = ""
    direct: bool = False
    kind: Literal["", "html", "pdf"] = ""
    note: str = ""


def load_catalogue(path: Path) -> list[Source]:
    """Read the catalogue. Raises CorpusError when it is missing or a row is not of the form."""
    if not path.is_file():
        raise CorpusError(f"没有官方文件目录 {path}。请用 --corpus 指定带有 {CATALOGUE} 的语料目录。")
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("sources", [])
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path} 不是有效的 TOML：{error}。请改正后重试。") from error
    return [_source(path, row) for row in rows]


def choose(sources: Sequence[Source], ids: Sequence[str] = (), disease: str = "", everything: bool = False) -> list[Source]:
    """Pick documents by id, by disease (part of a name will do) or all. Raises UsageError when nothing fits."""
    if everything:
        return list(sources)
    known = {s.id: s for s in sources}
    if unknown := [i for i in ids if i not in known]:
        raise UsageError(f"官方文件目录里没有 {'、'.join(unknown)}。请用 zhinan corpus fetch --list 查看编号。")
    chosen = {i: known[i] for i in ids}
    if disease:
        found = [s for s in sources if any(disease in name or name in disease for name in s.diseases)]
        if not found:
            names = sorted({name for s in sources for name in s.diseases})
            raise UsageError(f"官方文件目录里没有“{disease}”。可用：{'、'.join(names)}。")
        chosen |= {s.id: s for s in found}
    if not chosen:
        raise UsageError("请给出编号、--disease 病名或 --all。用 zhinan corpus fetch --list 查看目录。")
    return list(chosen.values())


def where_to_get(source: Source) -> str:
    """Say how to obtain a document that cannot be downloaded directly."""
    ways = []
    if source.url:
        ways.append(f"网页 {source.url}")
    if source.doi:
        ways.append(f"https://doi.org/{source.doi}")
    if source.notice:
        ways.append(f"在国家卫生健康委网站 nhc.gov.cn 按文号“{source.notice}”查找")
    ways.append("或向期刊出版方、单位图书馆索取")
    return f"{source.id}《{source.title}》没有可直接下载的地址。出处：{source.citation} 可从{'；'.join(ways)}；取得后用 zhinan corpus add 文件 加入。"


def check_catalogue(path: Path, diseases: Sequence[str]) -> Iterator[Finding]:
    """Check the catalogue's rows and that every disease of the corpus has a document in it."""
    try:
        sources = load_catalogue(path)
    except CorpusError as error:
        yield Finding(path, 1, str(error))
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    seen: dict[str, str] = {}
    for source in sources:
        at = next((n for n, line in enumerate(lines, 1) if line == f'id = "{source.id}"'), 1)
        for problem in _problems(source):
            yield Finding(path, at, f"{source.id}：{problem}")
        for key in filter(None, (source.id, source.url)):
            if key in seen:
                yield Finding(path, at, f"{source.id}：{key} 与 {seen[key]} 重复。")
            seen[key] = source.id
    covered = {name for s in sources for name in s.diseases}
    for missing in sorted(set(diseases) - covered):
        yield Finding(path, 1, f"目录里没有“{missing}”的官方文件。")


def _problems(source: Source) -> Iterator[str]:
    if not _ID.fullmatch(source.id):
        yield "编号只用小写英文、数字和连字符。"
    if not 1990 <= source.year <= 2100:
        yield f"年份 {source.year} 不对。"
    if source.doi and not _DOI.fullmatch(source.doi):
        yield f"DOI “{source.doi}” 写法不对。"
    if source.direct and not (source.url and source.kind):
        yield "direct = true 时应有 url 和 kind（html 或 pdf）。"
    if source.url and not re.match(r"https?://", source.url):
        yield "url 应以 http:// 或 https:// 开头。"
    if not source.seen:
        yield "没有写明网址或题录在哪里看到的（seen）。"


def _source(path: Path, row: dict[str, Any]) -> Source:
    try:
        return Source(**row | {"diseases": tuple(row["diseases"])})
    except (TypeError, KeyError) as error:
        raise CorpusError(f"{path} 里有一条不合格式（{error}）：{row.get('id', row)}。请改正后重试。") from error
