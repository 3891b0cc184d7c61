"""Where things lie and which engines are used: flag > environment (ZHINAN_*) > zhinan.toml > defaults.

Plain standard library: a settings framework costs 0.3 s of import, half of what a whole `zhinan ask` may take.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.origin import built_from
from rag.spare import writable

PACKAGE = Path(__file__).resolve().parent
CONFIG_FILE = "zhinan.toml"
_FOUND_OUT = {"default_index"}  # what `load` sets, not the user
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; paths are resolved by `load`."""

    corpus: Path
    index: Path
    embedder: str = "use-medical"
    reranker: str = ""
    llm: str = ""
    llm_base_url: str = ""
    trust_local: bool = False
    audit: str = ""
    offline: bool = False
    download: bool = False
    ocr: bool = True
    workers: int = 2
    default_index: bool = True


def checkout() -> Path | None:
    """Return the root of the source checkout that this package runs from, if it does."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "corpus" / "manifest.toml").is_file() else None


def user_directory() -> Path:
    """Return the user's data directory (ZHINAN_HOME overrides it)."""
    if home := os.environ.get("ZHINAN_HOME"):
        return Path(home).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("zhinan", appauthor=False))


def cache_directory() -> Path:
    """Return the directory for what can be made again, such as the unpacked embedder."""
    if home := os.environ.get("ZHINAN_HOME"):
        return Path(home).expanduser() / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("zhinan", appauthor=False))


def starter_corpus() -> Path:
    """Return the corpus that comes with the project: the checkout's, else the one inside the package."""
    root = checkout()
    return root / "corpus" if root else PACKAGE / "starter"


def _defaults() -> dict[str, Any]:
    if root := checkout():
        return {"corpus": root / "corpus", "index": root / "indexes" / "default"}
    home = user_directory()
    own = home / "corpus"
    return {"corpus": own if own.is_dir() else starter_corpus(), "index": home / "indexes" / "default"}


def _from_file() -> dict[str, Any]:
    for folder in (Path.cwd(), user_directory()):
        path = folder / CONFIG_FILE
        if not path.is_file():
            continue
        try:
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except tomllib.TOMLDecodeError as error:
            at = _AT.search(str(error))
            where = f"第 {at[1]} 行第 {at[2]} 个字符处" if at else "末尾"
            raise UsageError(f"配置文件 {path} {where}不是有效的 TOML。请改正后重试，如 index = \"目录\"（文字要加引号）。") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"配置文件 {path} 不是 UTF-8 编码。请另存为 UTF-8 后重试。") from error
    return {}


def _coerce(name: str, value: object, kind: str) -> Any:
    if not isinstance(value, str | int | float | Path):
        raise UsageError(f"设置 {name} 只能有一个值，现在是“{value}”。")
    text = str(value).strip()
    if kind == "Path":
        return Path(text).expanduser()
    if kind == "bool":
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise UsageError(f"设置 {name} 应为 true 或 false，现在是“{text}”。")
    if kind == "int":
        if not text.isdigit() or int(text) < 1:
            raise UsageError(f"设置 {name} 应为正整数，现在是“{text}”。")
        return int(text)
    return text


def load(**flags: object) -> Settings:
    """Resolve the settings from flags (None = not given), environment, configuration file and defaults.

    An empty value stands for the default, so that a variable can take back what the file sets. An index that is named
    without a corpus goes with the one that it was built from.
    Raises UsageError for an unknown key or a value of the wrong kind.
    """
    kinds = {f.name: str(f.type) for f in fields(Settings) if f.name not in _FOUND_OUT}
    file = _from_file()
    if unknown := set(file) - set(kinds):
        raise UsageError(f"{CONFIG_FILE} 里有不认识的设置：{'、'.join(sorted(unknown))}。可用的有：{'、'.join(kinds)}。")
    given: dict[str, object] = dict(file)
    given |= {n: v for n in kinds if (v := os.environ.get(f"ZHINAN_{n.upper()}")) is not None}
    given |= {n: v for n, v in flags.items() if v is not None}
    given = {name: value for name, value in given.items() if value != ""}
    settings = Settings(**_defaults())
    values = {name: _coerce(name, value, kinds[name]) for name, value in given.items()}
    settings = replace(settings, **values, default_index="index" not in given and "corpus" not in given)
    if "index" in given and "corpus" not in given:
        settings = replace(settings, corpus=built_from(settings.index) or settings.corpus)
    if "index" in given or settings.index.is_dir():
        return settings
    return replace(settings, index=writable(settings.index.parent) / settings.index.name)
