"""Which reader a file is for, by its content rather than its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReadError
from rag.ingest.base import Reading
from rag.text.readable import readable_heading
from rag.types import Block, Document, Heading

if TYPE_CHECKING:
    from rag.ingest.recognition import Scans

_READERS = {
    ".json": ("notice", "read_notice"),
    ".txt": ("plain", "read_text"),
    ".md": ("markdown", "read_markdown"),
    ".html": ("html", "read_html"),
    ".htm": ("html", "read_html"),
    ".docx": ("docx", "read_docx"),
}
SUFFIXES = frozenset({".pdf", *_READERS})
MAX_BYTES = 512 << 20


def read(
    path: Path, *, guideline_id: str = "", password: str | None = None, ocr: bool = True, scans: Scans | None = None
) -> Document:
    """Read a file and cut it into passages; `scans`, where given, stands in for `ocr`.

    Raises NeedsRecognition where `scans` collects the pages to recognise; ReadError when the file is missing,
    empty, encrypted, broken or of a type that cannot be read.
    """
    from rag.ingest.passage import cut

    reading = _reading(path, password, ocr, scans)
    passages = cut(reading, guideline_id)
    if not passages:
        nothing = "只有页眉页脚、目录、参考文献一类的内容" if reading.left_out else "每一页都没有能识别的文字"
        hint = "；".join(reading.warnings) or nothing
        raise ReadError(f"{path.name}：没有读出可用的段落：{hint.rstrip('。')}。可用 zhinan read 查看，或换一份有文字的文件。")
    headings = tuple(_heading(block) for block in reading.blocks if block.kind == "heading")
    return Document(reading.metadata, reading.page_texts, passages, reading.left_out, reading.warnings, headings)


def _heading(block: Block) -> Heading:
    boxes = tuple(f.box for f in block.fragments if f.box)
    return Heading(block.level, readable_heading(block.text), boxes, block.fragments[0].paragraph)


def _reading(path: Path, password: str | None, ocr: bool, scans: Scans | None) -> Reading:
    head = _head(path)
    suffix = path.suffix.lower()
    if b"%PDF-" in head:
        from rag.ingest.pdf import read_pdf

        return read_pdf(path, password=password, ocr=ocr, scans=scans)
    if suffix == ".pdf":
        raise ReadError(f"{path.name} 虽以 .pdf 结尾，内容却不是 PDF。请重新获取，或改成真实的扩展名。")
    reader = _READERS.get(suffix)
    if reader is None:
        raise ReadError(f"{path.name} 是不支持的类型（{suffix or '无扩展名'}）。可读的有：{'、'.join(sorted(SUFFIXES))}。")
    module, function = reader
    return getattr(import_module(f"rag.ingest.{module}"), function)(path)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise ReadError(f"{path} 是目录，不是文件。请给出其中一个文件，或用 zhinan index build --corpus 读整个目录。")
    if not path.is_file():
        raise ReadError(f"找不到文件 {path}。请检查路径。")
    size = path.stat().st_size
    if not size:
        raise ReadError(f"{path.name} 是空文件（0 字节）。请重新获取。")
    if size > MAX_BYTES:
        raise ReadError(f"{path.name} 太大（{size >> 20} MB，上限 {MAX_BYTES >> 20} MB）。请拆分后再试。")
    with path.open("rb") as file:
        return file.read(1024)
