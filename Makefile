# Marchland. `make demo` sets up and runs the main job; `make test` checks everything.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: help demo serve test lint types floors unit docs snapshots bench lock clean

help:            ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Marchland needs Python 3.11 or later; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run    ## set up, read the sample, answer its question, write a brief and a map
	$(BIN)/marchland demo -o demo

serve: $(VENV)/.run   ## open the workbench on the sample, on loopback
	$(BIN)/marchland -t sample:levant serve

test: $(VENV)/.dev    ## lint, types, floors, unit, property, contract, docs, browser
	sh tools/system-packages.sh
	$(MAKE) --no-print-directory lint types floors
	$(BIN)/pytest -q

lint: $(VENV)/.dev    ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev   ## mypy, strict
	$(BIN)/mypy

floors: $(VENV)/.dev  ## a lower floor never imports a higher one
	$(BIN)/lint-imports

snapshots: $(VENV)/.dev  ## write again what people read, to be looked at before a commit
	MARCHLAND_SNAPSHOTS=write $(BIN)/pytest -q tests -k snapshot

docs: $(VENV)/.dev    ## write the generated reference pages again
	$(BIN)/python tools/reference.py

bench: $(VENV)/.dev   ## every benchmark, printed
	$(BIN)/python -m bench

lock: $(VENV)/.dev    ## pin every dependency again
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra dev -o requirements-dev.lock pyproject.toml

clean:           ## remove what the targets above made
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
