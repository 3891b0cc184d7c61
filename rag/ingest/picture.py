"""A page's image with boxes over what was understood of it: passages, headings, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReadError
from rag.types import Box, Document

if TYPE_CHECKING:
    from PIL.Image import Image

_SCALE = 2.0
_MAX_PIXELS = 3000
_COLOURS = {
    "text": (30, 110, 220),
    "table": (20, 150, 60),
    "recommendation": (200, 60, 160),
    "heading": (230, 130, 0),
    "left_out": (150, 150, 150),
}


def draw_page(path: Path, document: Document, number: int, *, password: str | None = None) -> Image:
    """Render page `number` (1-based) of a PDF and draw the boxes of a document that was read from it.

    Text is blue, tables green, recommendations magenta, headings orange; what was left out is grey and struck through.
    Each passage's first box bears its number. Raises ReadError where the file is no PDF or has no such page.
    """
    from PIL import Image, ImageDraw

    from rag.ingest.opening import open_pdf

    pdf = open_pdf(path, password)
    try:
        if not 1 <= number <= len(pdf):
            raise ReadError(f"{path.name} 没有第 {number} 页，共 {len(pdf)} 页。")
        page = pdf[number - 1]
        left, bottom, right, top = page.get_cropbox()
        turns = page.get_rotation() // 90
        scale = min(_SCALE, _MAX_PIXELS / max(right - left, top - bottom, 1.0))
        image = page.render(scale=scale, rotation=(360 - 90 * turns) % 360).to_pil().convert("RGB")
    finally:
        pdf.close()
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for colour, box, label in _marks(document, number):
        x0, x1 = (box.x0 - left) * scale, (box.x1 - left) * scale
        y0, y1 = (top - box.y1) * scale, (top - box.y0) * scale
        pen.rectangle((x0, y0, max(x0, x1), max(y0, y1)), outline=(*colour, 255), fill=(*colour, 40), width=1)
        if colour == _COLOURS["left_out"]:
            pen.line((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2), fill=(*colour, 200), width=2)
        if label:
            pen.text((max(x0 - 16, 0), y0), label, fill=(*colour, 255), font_size=13)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB").rotate(-90 * turns, expand=True)


def _marks(document: Document, number: int) -> Iterator[tuple[tuple[int, int, int], Box, str]]:
    """Yield colour, box and label of everything on a page."""
    for item in document.left_out:
        yield from ((_COLOURS["left_out"], box, "") for box in item.boxes if box.page == number)
    for heading in document.headings:
        yield from ((_COLOURS["heading"], box, f"H{heading.level}") for box in heading.boxes if box.page == number)
    for at, passage in enumerate(document.passages, start=1):
        boxes = [box for sentence in passage.sentences for box in sentence.boxes if box.page == number]
        for n, box in enumerate(dict.fromkeys(boxes)):
            yield _COLOURS[passage.kind], box, str(at) if n == 0 else ""
