# Each target sets up what it needs in .venv; Python 3.11 or newer is all that must be there.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# A folder of question sets, for the targets that measure.
DATA ?=

.PHONY: chat test lint bench bench-faults eval clean

chat: .venv/.installed
	$(BIN)/quoth chat

test: .venv/.installed-all lint
	$(BIN)/python -m pytest

lint: .venv/.installed-all
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/.installed-all
	$(BIN)/python -m benchmarks --data "$(DATA)"
	$(BIN)/python -m benchmarks.encoding --data "$(DATA)"
	$(BIN)/python -m benchmarks.ranking --data "$(DATA)"
	$(BIN)/python -m benchmarks.building
	$(BIN)/python -m benchmarks.starting

bench-faults: .venv/.installed-all
	$(BIN)/python -m benchmarks.faults

eval: .venv/.installed-all
	$(BIN)/python -m benchmarks.evaluation --data "$(DATA)"

clean:
	rm -rf .venv .quoth

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/.installed-all: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[models,dev]'
	touch $@ .venv/.installed
