"""What a markdown file says of itself before its text: TOML between +++ lines, or flat YAML between --- lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from rag.text.normalise import normalise
from rag.types import Metadata

_FENCED = re.compile(r"\A\ufeff?\s*(\+\+\+|---)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z_\u4e00-\u9fff]+)\s*[:：]\s*(.*)$")
_NAMES = {
    "title": ("title", "题名", "标题"), "issuer": ("issuer", "publisher", "organization", "author", "制定者"),
    "year": ("year", "date", "年份"), "edition": ("edition", "version", "版次"), "doi": ("doi", "DOI"),
}


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return the fields before a text and the text after them; no fields when there is no readable front matter."""
    fenced = _FENCED.match(text)
    if not fenced:
        return {}, text
    fence, inside = fenced.groups()
    try:
        fields: dict[str, object] = tomllib.loads(inside) if fence == "+++" else _flat_yaml(inside)
    except tomllib.TOMLDecodeError:
        return {}, text
    return (fields, text[fenced.end() :]) if fields else ({}, text)


def stated(fields: Mapping[str, object], read: Metadata) -> Metadata:
    """Let what the fields say stand before what was read from the text."""
    said = {name: _first(fields, names) for name, names in _NAMES.items()}
    year = re.search(r"(?:19|20)\d{2}", said["year"])
    return Metadata(
        title=said["title"] or read.title, issuer=said["issuer"] or read.issuer, year=int(year.group()) if year else read.year,
        edition=said["edition"] or read.edition, doi=said["doi"] or read.doi, journal=read.journal,
    )


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    value = next((fields[n] for n in names if fields.get(n)), "")
    return "；".join(normalise(str(v)) for v in (value if isinstance(value, list) else [value]))


def _flat_yaml(text: str) -> dict[str, object]:
    """Read `name: value` lines; nested values are skipped, none of the fields looked for is nested."""
    found = (_FIELD.match(line) for line in text.splitlines())
    return {match[1]: match[2].strip().strip("\"'") for match in found if match and match[2].strip()}
