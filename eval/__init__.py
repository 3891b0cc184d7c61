"""Measure quality and speed; run from a checkout as `python -m eval`."""
