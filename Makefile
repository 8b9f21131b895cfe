# Every target does its own set-up: python3 (3.11 or later), make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup reproduce test lint types check nightly bench clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "persuasion_lp needs Python 3.11 or later, $(PYTHON) is " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

setup: $(READY)  ## virtual environment in .venv, with the package and its tools

reproduce: $(READY)  ## solve the published instances and compare with the printed numbers
	$(BIN)/persuasion-lp reproduce

lint: $(READY)  ## ruff on package, tests, benchmarks and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy, strict, on package, tests and benchmarks
	$(BIN)/mypy

check: lint types  ## lint and types

test: check  ## lint, types and the whole test suite
	$(BIN)/python -m pytest -n auto -q

nightly: $(READY)  ## the long runs that the test suite leaves out
	$(BIN)/python -m pytest -q -m nightly

bench: $(READY)  ## times, ratios and growth exponents; writes benchmarks/results/
	$(BIN)/python -m benchmarks

clean:  ## remove the environment and every cache
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
