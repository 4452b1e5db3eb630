# Two commands on a bare machine with Python ≥ 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
RUN    := $(BIN)/python -m

.PHONY: help demo run test check fix format lint types house bench prove evaluate lock clean
.DEFAULT_GOAL := help

help:            ## these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */make \1\t/' | expand -t 18

$(VENV)/.runs: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

demo: $(VENV)/.runs      ## install, then play the shipped story: a first alert in seconds, no account, no internet
	$(BIN)/alerts demo

run: $(VENV)/.runs       ## start the daemon with the settings that stand here
	$(BIN)/alerts run

test: $(VENV)/.tests     ## everything that pip alone can run
	$(RUN) pytest

check: format lint types house test   ## exactly what CI runs

fix: $(VENV)/.tests      ## mend what a machine can mend
	$(RUN) ruff check --fix --quiet . || true
	$(RUN) ruff format --quiet .

format: $(VENV)/.tests   ## is the code laid out?
	$(RUN) ruff format --check .

lint: $(VENV)/.tests     ## is the code clean?
	$(RUN) ruff check .

types: $(VENV)/.tests    ## do the types hold?
	$(RUN) mypy

house: $(VENV)/.tests    ## do imports only go down?
	$(BIN)/lint-imports

bench: $(VENV)/.tests    ## speed and memory: CPU time, medians, ratios in one run
	$(RUN) tests.bench

prove: $(VENV)/.tests    ## many stories in which everything fails: nothing lost, nothing repeated unannounced
	$(RUN) tests.prove --seeds 1000

evaluate: $(VENV)/.tests ## precision and recall on the data beside the project, where it is there
	$(RUN) tests.bench.evaluate

lock: $(VENV)/.tests     ## renew the pinned, hashed list of what is installed
	$(RUN) pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --extra scale pyproject.toml deploy/build.in --output-file deploy/requirements.lock

clean:           ## remove what the targets above made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
