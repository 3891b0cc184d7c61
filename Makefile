# 需要 Python 3.11 以上、make 和 pip；其余都装进 .venv。
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
Q ?= 高血压患者血压控制目标是多少？

.PHONY: ask test lint gates bench corpus clean

ask: $(VENV)/.installed
	@$(BIN)/zhinan ask "$(Q)"

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/zhinan corpus check
	$(BIN)/python -m corpus.build --verify
	$(BIN)/python -m eval.questions_check

gates: $(VENV)/.dev
	$(BIN)/python -m eval gates

bench: $(VENV)/.dev
	$(BIN)/python -m eval bench

corpus: $(VENV)/.dev
	$(BIN)/python -m corpus.build
	$(BIN)/python -m eval.questions_check --write

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q -e .
	@touch $@

# torch first, in its CPU build: sentence-transformers would otherwise pull gigabytes of CUDA
$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q torch==2.13.0
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) indexes/default
