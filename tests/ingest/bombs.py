"""PDFs made to break a reader: built by hand, byte by byte."""

from __future__ import annotations

import zlib

TEXT = b"BT /F1 12 Tf 72 700 Td (Take 5 mg once daily with water after breakfast.) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(objects: dict[int, bytes]) -> bytes:
    """Join numbered objects (1 is the catalogue) into a file with a cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets.get(number, 0)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """Make a stream object's body."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + b" /Filter /FlateDecode"
    return b"<< %s /Length %d >>\nstream\n" % (entries, len(data)) + data + b"\nendstream"


def one_page(content: bytes, *, box: bytes = b"0 0 595 842", resources: bytes = b"", more: dict[int, bytes] | None = None) -> bytes:
    """Make a file of one page; `more` are further objects, numbered from 10."""
    return pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> >>" % (box, resources),
        4: content,
        5: FONT,
        **(more or {}),
    })


def many_pages(count: int) -> bytes:
    """Make a file of `count` pages that share one content."""
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10 + count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    return pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        4: stream(TEXT),
        5: FONT,
        **{10 + n: page for n in range(count)},
    })


def recursive_form() -> bytes:
    """Make a page whose form object draws itself."""
    form = stream(b"/X Do " + TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 10 0 R >> >>")
    return one_page(stream(b"/X Do " + TEXT), resources=b"/XObject << /X 10 0 R >>", more={10: form})


def recursive_pages() -> bytes:
    """Make a page tree that contains itself."""
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"})


def many_objects(count: int = 100_000) -> bytes:
    """Make a page of very many small rectangles and texts."""
    return one_page(stream(b"1 1 3 3 re f " * count + TEXT, packed=True))


def swollen_stream(megabytes: int = 300) -> bytes:
    """Make a page whose content unpacks to very much white space."""
    return one_page(stream(b" " * (megabytes << 20) + TEXT, packed=True))


def huge_image(side: int = 60_000) -> bytes:
    """Make a page with an image of side x side pixels in a few bytes."""
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % (side, side)
    image = stream(b"\0" * 1000, head, packed=True)
    return one_page(stream(b"q 500 0 0 500 40 40 cm /I Do Q"), resources=b"/XObject << /I 10 0 R >>", more={10: image})


def huge_page() -> bytes:
    """Make a page of a hundred million points in square, with an image so that it looks like a scan."""
    image = stream(b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8")
    box = b"0 0 100000000 100000000"
    return one_page(stream(b"q 90000000 0 0 90000000 0 0 cm /I Do Q"), box=box, resources=b"/XObject << /I 10 0 R >>", more={10: image})


def picture_only() -> bytes:
    """Make a page that holds nothing but a grey picture."""
    image = stream(b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8")
    return one_page(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), resources=b"/XObject << /I 10 0 R >>", more={10: image})
