"""How a PDF file is opened, and what is said where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium_c

from rag.errors import ReadError


def open_pdf(path: Path, password: str | None = None) -> pypdfium2.PdfDocument:
    """Open a PDF, with an empty user password if need be; raise ReadError with what to do where that fails."""
    try:
        document = pypdfium2.PdfDocument(path, password=password)
        pages = len(document)
    except FileNotFoundError as error:
        raise ReadError(f"找不到文件 {path}。请检查路径。") from error
    except pypdfium2.PdfiumError as error:
        raise ReadError(_open_failure(path, password)) from error
    if pages == 0:
        raise ReadError(f"{path.name} 没有任何页面。请检查文件是否完整。")
    return document


def _open_failure(path: Path, password: str | None) -> str:
    """Say in Chinese why pdfium did not open a file and what to do about it."""
    if path.stat().st_size == 0:
        return f"{path.name} 是空文件（0 字节）。请重新获取。"
    if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
        if password:
            return f"{path.name} 的密码不对。请用 --password 给出正确的密码。"
        return f"{path.name} 有密码保护。请用 --password 给出密码。"
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF" not in head:
        return f"{path.name} 的内容不是 PDF。请给出 PDF 文件。"
    return f"{path.name} 已损坏，无法打开。请重新下载，或用阅读器另存一份再试。"
