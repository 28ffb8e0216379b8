# `make demo` and `make test` are all a newcomer needs; both set up everything they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check format sample-data clean

demo: $(STAMP)  ## settle the sample rosters and show the summary
	$(BIN)/trainingcli claims sample_data/rosters --registers sample_data/registers --ledger $$(mktemp -d)/demo.db --out claims-out --today 2021-12-31

test: $(STAMP)  ## every test
	$(BIN)/python -m pytest

check: $(STAMP)  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[postgres]' --group dev
	touch $@

clean:
	rm -rf $(VENV) claims-out dist build
