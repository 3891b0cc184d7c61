"""How a saved notice, JSON of {title, url, year, content}, becomes a reading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import ReadError
from rag.ingest.base import MENU, Reading
from rag.ingest.plain import blocks_of, decoded, paragraphs_of
from rag.text.normalise import normalise
from rag.types import LeftOut, Metadata

_WRAPPING = re.compile(r"^(?P<issuer>.*?)?关于印发(?P<title>.+?)\s*的?通知$")
_EDITION = re.compile(r"((?:19|20)\d{2}年(?:修订)?版(?:修订版)?|(?:试行)?第[一二三四五六七八九十]+版)\s*(修[订正]版)?")
_ISSUED = re.compile(r"((?:19|20)\d{2})年\d{1,2}月\d{1,2}日印发")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_AUTHORITY = re.compile(
    r"国家(?:(?:卫生健康委|卫生计生委)(?:员会)?(?:办公厅)?|(?:疾控|疾病预防控制|中医药管理|医疗保障)局(?:办公室|综合司)?)"
)
# What the page around a notice says at its foot.
_SITE = re.compile(r"网站地图|技术支持[:：]|ICP备案?|版权所有[，,]|网站标识码|公网安备|扫一扫在手机打开")

_SITES = {
    "nhc.gov.cn": "国家卫生健康委员会", "natcm.gov.cn": "国家中医药管理局", "nmpa.gov.cn": "国家药品监督管理局",
    "nhsa.gov.cn": "国家医疗保障局", "chinacdc.cn": "中国疾病预防控制中心",
}  # fmt: skip


def read_notice(path: Path) -> Reading:
    """Read a saved notice. Raises ReadError when it is not JSON with a text `content`."""
    try:
        data = json.loads(decoded(path))
    except json.JSONDecodeError as error:
        raise ReadError(f"{path.name} 第 {error.lineno} 行第 {error.colno} 个字符处不是有效的 JSON。请检查文件，或改存为 PDF、网页。") from error
    if not isinstance(data, dict) or not isinstance(data.get("content"), str) or not data["content"].strip():
        raise ReadError(f"{path.name} 不是 {{title, url, year, content}} 形式的通知，或没有正文。请检查文件。")
    text: str = data["content"]
    parts, dropped = paragraphs_of(text)
    site = [part for part in parts if isinstance(part, str) and _SITE.search(part)]
    left_out = (*dropped, *(LeftOut(0, MENU, line) for line in site))
    return Reading(_metadata(data, text), blocks_of([part for part in parts if part not in site]), (text,), left_out)


def _metadata(data: dict[str, Any], text: str) -> Metadata:
    whole = normalise(str(data.get("title") or ""))
    wrapped = _WRAPPING.match(whole)
    name = (wrapped["title"] if wrapped else whole).strip("《》 ")
    found = _EDITION.search(name)
    edition = "".join(part or "" for part in found.groups()) if found else ""
    title = name
    if found:
        work = re.sub(r"[\s(（)）]+$", "", name[: found.start()])
        work = re.sub(r"[\s(（]*(试行)?$", "", work)
        if "试行" in name and not edition.startswith("试行"):
            edition = "试行" + edition
        title = f"{work}（{edition}）"
    year = _YEAR.search(f"{data.get('year') or ''} {edition} {name}") or _ISSUED.search(re.sub(r"\s", "", text[-400:]))
    issued = wrapped["issuer"] if wrapped and wrapped["issuer"] else ""
    issuer = issued or _issuer(text) or _publisher(str(data.get("url") or ""))
    return Metadata(title=title or "未具名通知", issuer=issuer, year=int(year.group(1)) if year else 0, edition=edition)


def _issuer(text: str) -> str:
    found = _AUTHORITY.search(re.sub(r"\s", "", text[-600:] + text[:300]))
    return found.group() if found else ""


def _publisher(url: str) -> str:
    """Name the authority whose site a notice was saved from."""
    host = urlsplit(url).hostname or ""
    return next((name for domain, name in _SITES.items() if f".{host}".endswith(f".{domain}")), "")
