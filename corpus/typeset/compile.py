"""Compile one digest to PDF bytes with the `typst` package and the Noto CJK fonts of the machine."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from corpus.typeset.page_data import page_data
from rag.digest.digest import Digest
from rag.digest.seal import seal_of
from rag.errors import CorpusError
from rag.files import file_hash

FOLDER = Path(__file__).resolve().parent
FACES = (("Noto Serif CJK SC", 400), ("Noto Sans CJK SC", 400), ("Noto Sans CJK SC", 700))


@cache
def font_files() -> tuple[Path, ...]:
    """Find the files of the faces that the template uses; ZHINAN_FONTS names a folder to look in as well.

    Raises CorpusError when the typst package or a font is missing.
    """
    try:
        import typst
    except ImportError as error:
        raise CorpusError("排版需要 Python 包 typst。请运行 pip install 'zhinan[corpus]'。") from error
    extra = [Path(os.environ["ZHINAN_FONTS"])] if os.environ.get("ZHINAN_FONTS") else []
    found = {(f.family, f.weight): f.path for f in typst.Fonts(font_paths=extra).fonts() if f.style == "normal" and f.path}
    missing = sorted({f"{family}（字重 {weight}）" for family, weight in FACES if (family, weight) not in found})
    if missing:
        raise CorpusError(
            f"缺少排版用的中文字体：{'、'.join(missing)}。Debian/Ubuntu 请运行 apt-get install fonts-noto-cjk；"
            "其他系统请下载 Noto Serif CJK SC 和 Noto Sans CJK SC，并用环境变量 ZHINAN_FONTS 指出所在目录。"
        )
    return tuple(Path(found[face]) for face in FACES)


@cache
def tools() -> str:
    """Name the tools that decide the PDF's bytes: typst's version and a hash of the fonts."""
    fonts = hashlib.sha256("".join(file_hash(path) for path in font_files()).encode())
    return f"typst-{version('typst')}-{fonts.hexdigest()[:12]}"


def compile_digest(digest: Digest, replaced_by: Digest | None) -> bytes:
    """Typeset a digest; the same text, layout and tools give the same bytes.

    Raises CorpusError when typst rejects the digest or warns, for instance of a font it does not find.
    """
    import typst

    folders = sorted({path.parent for path in font_files()})
    seal = seal_of(digest, replaced_by, FOLDER, tools())
    data = page_data(digest, seal.keywords(), replaced_by)
    try:
        pdf, warnings = typst.compile_with_warnings(
            FOLDER / "guideline.typ", root=FOLDER, font_paths=folders, ignore_system_fonts=True,
            sys_inputs={"digest": json.dumps(data, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise CorpusError(f"{digest.path} 排版失败：{error}") from error
    if warnings:
        raise CorpusError(f"{digest.path} 排版时有警告：{'；'.join(w.message for w in warnings)}")
    return bytes(pdf)
