"""The starter corpus's sources and their typesetter; run as `python -m corpus.build`."""
