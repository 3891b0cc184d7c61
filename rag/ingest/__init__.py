"""From a file to a document: a reader for each format, then passages."""

from rag.ingest.read import SUFFIXES, read
from rag.ingest.worker import Limits, ReadRequest, read_files

__all__ = ["SUFFIXES", "Limits", "ReadRequest", "read", "read_files"]
