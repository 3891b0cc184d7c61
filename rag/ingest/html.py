"""How a web page becomes a reading: headings, paragraphs and tables of its article, without menus and scripts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.errors import ReadError
from rag.ingest.base import MENU, REFERENCE_HEADING, Reading
from rag.ingest.grid import table_of
from rag.ingest.matter import IMPRINT, is_imprint
from rag.ingest.said import said_by_text
from rag.ingest.structure import RANK_BOLD, Outline, bare_heading, heading_rank
from rag.ingest.text_matter import take_issuers
from rag.text.readable import readable_heading
from rag.types import Block, Fragment, LeftOut, Metadata

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)")
_CHARSET_WITHIN = 4096  # bytes; a browser looks for it in the first 1,024
_SUBSETS = {"gb2312", "gbk", "gb_2312-80", "x-gbk"}  # of GB 18030; pages hold more than they state
_NOISE = "script, style, noscript, template, nav, header, footer, aside, form, button, iframe, svg, select, textarea"
_MENUS = {"nav", "header", "footer", "aside"}
_NOISE_NAME = re.compile(r"(^|[-_ ])(nav|menu|footer|header|breadcrumb|cookie|share|sidebar|comment|related|advert|banner|toolbar)", re.I)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0*)?(?![\d.])|"
    r"(?<!-)color\s*:\s*(?:(?:#fff(?:fff)?|white|transparent)\b|rgba?\(\s*255\s*,\s*255\s*,\s*255|rgba\([^)]*,\s*0(?:\.0*)?\s*\))|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|(?<!-)(?:width|height)\s*:\s*0(?:px)?\s*(?:;|$)", re.I,
)
_CAPTION = re.compile(r"^\s*(续?表|附表)\s*[\dA-Z一二三四五六七八九十]")
_BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dt", "dd", "blockquote", "pre", "figcaption"}
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_TAKES_POWER = re.compile(r"(10|[a-zA-Zμ]|\))$")
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_CELLS = {"td", "th"}
_INLINE = {"-text", "-comment", "a", "abbr", "b", "big", "br", "cite", "code", "em", "font", "i", "img", "label", "mark", "q", "s", "small", "span",
           "strong", "sub", "sup", "u"}  # fmt: skip
_CONTAINERS = {"div", "section", "ul", "ol", "span", "p", "td", "font"}
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\n]+")


def read_html(path: Path) -> Reading:
    """Read a saved web page. Raises ReadError when it holds no text."""
    return reading_of(_decoded(path.read_bytes()), path)


def reading_of(page: str, path: Path) -> Reading:
    """Read HTML; `path` names the file in errors and stands in for a missing title."""
    tree = LexborHTMLParser(page)
    title = tree.css_first("title")
    name = _SPACE.sub(" ", title.text()).strip() if title else ""
    found = _Page()
    body = _article(tree, found.left_out)
    if body is None:
        raise ReadError(f"{path.name} 里没有正文。请检查是否为完整的网页。")
    found.walk(body)
    text = "\n".join(found.texts)
    if not text.strip():
        raise ReadError(f"{path.name} 里没有正文。请检查是否为完整的网页。")
    first = next((b.text for b in found.blocks if b.kind == "heading" and b.level == 1), "")
    imprint = "\n".join(note.text for note in found.left_out if note.why == IMPRINT)
    metadata = said_by_text(first or re.split(r"\s*[-_|—]\s*", name)[0] or path.stem, text, imprint)
    blocks, taken, issuers = take_issuers(found.blocks)
    metadata = replace(_stated(tree, metadata), issuer=issuers or metadata.issuer)
    return Reading(metadata, tuple(blocks), (text,), (*found.left_out, *taken))


def _decoded(page: bytes) -> str:
    """Decode a page as UTF-8 where it is that, else by its mark, as it says of itself, or as Chinese pages mostly were."""
    if page[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return page.decode("utf-16", "replace")
    with suppress(UnicodeDecodeError):
        return page.decode("utf-8-sig")
    stated = _CHARSET.search(page[:_CHARSET_WITHIN])
    encoding = stated[1].decode().lower() if stated else "gb18030"
    with suppress(LookupError):
        return page.decode("gb18030" if encoding in _SUBSETS else encoding, "replace")
    return page.decode("gb18030", "replace")


def _stated(tree: LexborHTMLParser, read: Metadata) -> Metadata:
    """Let what a publisher's page states in its citation tags stand before what was read from the text."""
    said = {(n.attributes.get("name") or "").lower(): (n.attributes.get("content") or "").strip() for n in tree.css("meta[name]")}
    year = re.search(r"(?:19|20)\d{2}", said.get("citation_publication_date", "") or said.get("citation_date", ""))
    return replace(
        read,
        title=said.get("citation_title") or read.title, journal=said.get("citation_journal_title") or read.journal,
        doi=said.get("citation_doi") or read.doi, year=read.year if read.edition or not year else int(year.group()),
    )  # fmt: skip


def _article(tree: LexborHTMLParser, left_out: list[LeftOut]) -> LexborNode | None:
    """Take menus, scripts and hidden text out of a page and return the node that holds its text."""
    for node in tree.css(_NOISE):
        text = _SPACE.sub(" ", node.text()).strip() if node.tag in _MENUS else ""
        if text:
            left_out.append(LeftOut(0, MENU, text))
        node.decompose()
    body = tree.body
    if body is None:
        return None
    for node in [n for n in body.traverse() if n.tag in _CONTAINERS]:
        named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        hidden = _HIDDEN.search(node.attributes.get("style") or "") or "hidden" in node.attributes
        if not hidden and not _NOISE_NAME.search(named):
            continue
        text = _SPACE.sub(" ", node.text()).strip()
        if text:
            left_out.append(LeftOut(0, "不可见文字" if hidden else MENU, text))
        node.decompose()
    for selector in ("article", "main", "[role=main]"):
        found = tree.css_first(selector)
        if found is not None and len(found.text()) > 0.4 * len(body.text()):
            return found
    return body


@dataclass(slots=True)
class _Page:
    """Blocks in order; a paragraph's number stands in for its page."""

    blocks: list[Block] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)
    caption: str = ""
    references: int = 0

    def walk(self, node: LexborNode) -> None:
        """Visit the blocks below a node, outermost first; what stands loose between them is a paragraph too."""
        loose: list[LexborNode] = []
        for child in node.iter(include_text=True):
            if child.tag in _INLINE and not _has_blocks(child):
                loose.append(child)
                continue
            self._loose(loose)
            loose = []
            if child.tag in _BLOCKS and not (child.tag in {"li", "dd", "blockquote"} and _has_blocks(child)):
                self._block(child)
            elif _has_blocks(child):
                self.walk(child)
            else:
                self._block(child)
        self._loose(loose)

    def _loose(self, nodes: Sequence[LexborNode]) -> None:
        whole = _joined(nodes)
        bold = "".join(_joined([n]) for n in nodes if n.tag in {"b", "strong"} or (n.tag != "-text" and _is_bold(n)))
        all_bold = bool(bold.strip()) and _bare(bold) == _bare(whole)
        for text in _lines(whole):
            self._text("p", text, bold=all_bold, larger=False)

    def _block(self, node: LexborNode) -> None:
        if node.tag == "table":
            self._table(node)
            return
        bold = _is_bold(node)
        for text in _lines(_inline(node)):
            self._text(node.tag or "p", text, bold=bold, larger=bold and _is_centred(node))

    def _text(self, tag: str, text: str, *, bold: bool, larger: bool) -> None:
        rank = float(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else heading_rank(text, bold=bold, larger=larger)
        if rank is None and tag in {"p", "div"} and bare_heading(text):
            rank = RANK_BOLD
        if rank is not None and REFERENCE_HEADING.match(text):
            self.references = self.outline.enter(rank, readable_heading(text))
        elif rank is not None and self.references and self.outline.enter(rank, readable_heading(text)) <= self.references:
            self.references = 0
        if self.references:
            self.left_out.append(LeftOut(0, "参考文献", text))
            return
        if rank is None and is_imprint(text):
            self.left_out.append(LeftOut(0, IMPRINT, text))
            return
        self.texts.append(text)
        if _CAPTION.match(text) and len(text) <= 60:
            self.caption = text
            return
        fragments = (Fragment(text, paragraph=len(self.texts)),)
        if rank is None:
            self.blocks.append(Block("paragraph", fragments))
        else:
            self.blocks.append(Block("heading", fragments, self.outline.enter(rank, readable_heading(text))))

    def _table(self, node: LexborNode) -> None:
        own = node.css_first("caption")
        caption = _inline(own).strip() if own is not None else self.caption
        self.caption = ""
        rows = [
            [(_inline(cell).strip(), _span(cell, "rowspan"), _span(cell, "colspan"), cell.tag == "th")
             for cell in row.iter(include_text=False) if cell.tag in _CELLS]
            for row in node.css("tr") if _table_around(row) == node.mem_id  # not those of a table within a cell
        ]
        table = table_of(caption, rows, paragraph=len(self.texts) + 1)
        if table is None:
            return
        self.texts.extend([caption, *(row.quote for row in table.rows)] if caption else [row.quote for row in table.rows])
        self.blocks.append(Block("table", table=table))


def _is_bold(node: LexborNode) -> bool:
    """Tell whether all of a block's text is bold."""
    bold = "".join(n.text() for n in node.css("b, strong"))
    return bool(bold.strip()) and _bare(bold) == _bare(node.text())


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _is_centred(node: LexborNode) -> bool:
    return node.attributes.get("align") == "center" or bool(_CENTRED.search(node.attributes.get("style") or ""))


def _has_blocks(node: LexborNode) -> bool:
    return any(n.tag in _BLOCKS and n.mem_id != node.mem_id for n in node.traverse())


def _table_around(node: LexborNode | None) -> int:
    """Return the identity of the table that a node stands in, 0 where it stands in none."""
    while node is not None and node.tag != "table":
        node = node.parent
    return node.mem_id if node is not None else 0


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if text := _SPACE.sub(" ", line).strip():
            yield text


def _inline(node: LexborNode) -> str:
    return _joined(node.iter(include_text=True))


def _joined(nodes: Iterable[LexborNode]) -> str:
    """Return the text of nodes: <br> ends a line, raised digits stay exponents or become reference marks in brackets."""
    parts: list[str] = []
    for child in nodes:
        if child.tag == "-text":
            parts.append(_SPACE.sub(" ", child.text_content or ""))
        elif child.tag == "br":
            parts.append("\n")
        elif child.tag == "sup":
            mark = child.text().strip()
            power = _TAKES_POWER.search("".join(parts)) and re.fullmatch(r"[\d+\-−–]{1,3}", mark)
            bare = mark.strip("[]［］")
            parts.append(mark.translate(_RAISED) if power else f"[{bare}]" if re.fullmatch(r"[\d,，、\-–~ ]+", bare) else mark)
        elif child.tag in _BLOCKS or child.tag in _CELLS:  # within a cell
            parts.append(f" {_inline(child)} ")
        elif child.tag != "-comment":
            parts.append(_inline(child))
    return "".join(parts)


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isdigit() else 1
