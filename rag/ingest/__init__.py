"""From a file to a document: a reader for each format, then passages."""

from rag.ingest.read import SUFFIXES, read
from rag.ingest.request import Limits, Picture, ReadRequest
from rag.ingest.worker import read_files

__all__ = ["SUFFIXES", "Limits", "Picture", "ReadRequest", "read", "read_files"]
