"""The command line `zhinan`: the only place that prints."""

from rag.cli.app import main

__all__ = ["main"]
