# Every target does its own set-up: python3 (3.11 or later), make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
comma := ,
PIP := -m pip install --quiet --disable-pip-version-check

.PHONY: help setup reproduce docs explore test test-browser test-latest test-floors test-wheel lint types check nightly bench bench-quick lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# One environment for each set of versions; constraints name every package and tool exactly.
define environment
@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "persuasion_lp needs Python 3.11 or later, $(PYTHON) is " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12")'
rm -rf $(@D)
$(PYTHON) -m venv $(@D)
$(@D)/bin/python $(PIP) --upgrade $(1) pip setuptools
$(@D)/bin/python $(PIP) $(1) --no-build-isolation --editable '.[$(2)]'
touch $@
endef

$(READY): pyproject.toml requirements/locked.txt
	$(call environment,--constraint requirements/locked.txt,dev)

.venv-docs/.ready: pyproject.toml requirements/locked.txt
	$(call environment,--constraint requirements/locked.txt,docs)

.venv-latest/.ready: pyproject.toml
	$(call environment,--upgrade,dev)

.venv-floors/.ready: pyproject.toml requirements/floors.txt
	$(call environment,--constraint requirements/floors.txt,test)

setup: $(READY)  ## virtual environment in .venv with locked versions of the package's needs and tools

reproduce: $(READY)  ## solve the published instances and compare with the printed numbers
	$(BIN)/persuasion-lp reproduce

docs: .venv-docs/.ready  ## the documentation site in docs/_build, warnings as errors
	.venv-docs/bin/python -m sphinx -q -W --keep-going -j auto docs docs/_build

explore: $(READY)  ## sliders, pictures and proofs in a browser
	$(BIN)/persuasion-lp explore

lint: $(READY)  ## ruff on package, tests, benchmarks and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy, strict, on package, tests and benchmarks
	$(BIN)/mypy

check: lint types  ## lint and types

test: check  ## lint, types and the whole test suite
	$(BIN)/python -m pytest -n auto -q

test-latest: .venv-latest/.ready  ## the test suite with the newest release of everything
	.venv-latest/bin/python -m pytest -n auto -q

test-floors: .venv-floors/.ready  ## the test suite with the oldest versions that pyproject.toml admits
	.venv-floors/bin/python -m pytest -n auto -q

test-browser: $(READY)  ## the explorer in a real browser: Debian's chromium, or what is called so
	$(BIN)/python -m pytest -q -rs tests/people/test_explorer.py -k browser

test-wheel: $(READY)  ## the wheel, installed and run elsewhere with every declared Python there is
	$(BIN)/python -m pytest -q -rs -m "nightly or not nightly" tests/people/test_wheel.py

nightly: $(READY) docs  ## the long runs that the test suite leaves out, `test-wheel` and `docs` among them
	$(BIN)/python -m pytest -q -rs -m nightly

.venv-bench/.ready: pyproject.toml requirements/locked.txt
	$(call environment,--constraint requirements/locked.txt,dev$(comma)bench)

.venv-ortools/.ready: requirements/ortools.txt
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python $(PIP) --requirement requirements/ortools.txt
	touch $@

bench: .venv-bench/.ready .venv-ortools/.ready  ## times, ratios and growth exponents beside other tools; writes benchmarks/results/ and benchmarks/README.md
	.venv-bench/bin/python -m benchmarks --resume --readme

bench-quick: .venv-bench/.ready .venv-ortools/.ready  ## the same at small sizes, in less than two minutes
	.venv-bench/bin/python -m benchmarks --quick

lock: .venv-latest/.ready  ## lock what `make test`, `make reproduce` and `make bench` install to the newest releases
	.venv-latest/bin/python -m pip freeze --all --exclude-editable > requirements/locked.txt

clean:  ## remove the environment and every cache
	rm -rf $(VENV) .venv-docs .venv-latest .venv-floors .venv-bench .venv-ortools build docs/_build docs/generated docs/jupyter_execute *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
