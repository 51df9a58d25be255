# Every verb of the project; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PORT ?= 8000

.PHONY: help setup demo test test-fast check format lock bench docs

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(STAMP): requirements-dev.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(STAMP) ## create the environment in .venv, nothing else

demo: $(STAMP) ## load a demo cohort if the database is empty and serve it (PORT=8000)
	@DEMO=1 PORT=$(PORT) exec $(PY) manage.py up --demo --port $(PORT)

test: $(STAMP) ## everything: format, lint, types, imports, migrations, deploy check, all tests
	@$(PY) -m tests.run all

test-fast: $(STAMP) ## the tests on SQLite, without browser and races (ARGS="tests/outbox -x")
	@$(PY) -m pytest -n auto -m "not browser and not race and not services" $(ARGS)

check: $(STAMP) ## the quick half of `make test`: everything but the tests
	@$(PY) -m tests.run static

format: $(STAMP) ## format the code and mend what the linter can
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

bench: $(STAMP) ## measure (BENCH=name for one); results in benchmarks/results.jsonl
	@$(PY) -m benchmarks $(BENCH)

docs: $(STAMP) ## write docs/programs.md from the catalog
	@$(PY) manage.py catalog --markdown > docs/programs.md.new && mv docs/programs.md.new docs/programs.md

lock: ## compile the hashed requirement files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt -o requirements-dev.txt
