"""`python -m rag.cli`, for where no script is installed."""

from rag.cli import main

main()
