"""Put the starter corpus inside the wheel's package; an editable install reads it from the checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StarterCorpusHook(BuildHookInterface):
    """Add the manifest, the catalogue of official documents and the PDFs to a wheel as `rag/starter`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files unless the wheel is an editable one."""
        if version == "standard":
            build_data["force_include"] |= {
                "corpus/manifest.toml": "rag/starter/manifest.toml",
                "corpus/sources.toml": "rag/starter/sources.toml",
                "corpus/pdf": "rag/starter/pdf",
            }
