"""Digests (摘编): the project's own text sources, what they must obey, and the official documents behind them."""
