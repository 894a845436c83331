# The habits of the house. `make run` and `make demo` are the two commands; the rest is for those who build it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run demo test check bench races parity hostile teeth sbom format setup setup-test translations secret
PYTHON := .venv/bin/python
FLASK := .venv/bin/flask --app wsgi
FILE ?=
ROUNDS ?= 100
N ?= 1000

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1  /' 

setup:
	@.ci/system run
	@.ci/environment
	@$(MAKE) -s translations secret

setup-test:
	@.ci/system test
	@.ci/environment
	@$(MAKE) -s translations secret

translations: app/translations/be/LC_MESSAGES/messages.mo app/translations/ru/LC_MESSAGES/messages.mo

secret:
	@test -s instance/secret_key || $(PYTHON) -c "import config; config.write_secret()"

%.mo: %.po
	@.venv/bin/pybabel -q compile -i $< -o $@

run: setup ## install what is missing, migrate, seed, serve at http://127.0.0.1:8000 and file one package to its clearance
	@AKNO_DEMONSTRATION=1 AKNO_WEBHOOK_ALLOW_LOOPBACK=1 $(if $(PORT),AKNO_BASE_URL=http://127.0.0.1:$(PORT)) $(PYTHON) -m app.cli.up $(if $(PORT),--port $(PORT))

demo: setup ## the same road once, FILE=package.xml or .zip for your own; writes instance/demo/ and exits
	@AKNO_DEMONSTRATION=1 $(PYTHON) -m app.cli.up --demo $(if $(FILE),--file "$(FILE)")

test: setup-test ## every test, on SQLite and on PostgreSQL
	@.ci/test

check: setup-test ## style, types, import contracts
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q . && .venv/bin/mypy && .venv/bin/lint-imports --no-cache

bench: setup-test ## measured figures as ratios in one run; writes instance/bench.json
	@$(PYTHON) -m tests.bench

parity: setup-test ## N=1000: generated packages through the offline checker and the served check, byte by byte
	@$(PYTHON) -m tests.parity --count $(N)

races: setup-test ## ROUNDS=1000: people who press at the same moment, against the served window, on both engines
	@$(PYTHON) -m tests.races --rounds $(ROUNDS)

faults: setup-test ## what goes wrong around the window, in full: bytes turned in signed papers and in the ledger, bad receivers of webhooks, a broker's two hundred packages; on both engines
	@$(PYTHON) -m pytest -q -n0 -s -o python_files='whole_*.py' tests/signing
	@for engine in sqlite postgresql; do AKNO_TEST_ENGINE=$$engine $(PYTHON) -m pytest -q -n0 -s -o python_files='whole_*.py' tests/webhooks tests/journeys tests/ledger || exit 1; done

hostile: setup-test ## the whole corpus of hostile input against the served window, with somebody honest beside it
	@$(PYTHON) -m tests.hostile

teeth: setup-test ## every guard switched off, one after another; each must be missed by a test
	@$(PYTHON) -m tests.teeth

sbom: setup-test ## what the window is made of, with versions and licences: instance/sbom.json (CycloneDX)
	@.venv/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o instance/sbom.json $(PYTHON)

format: setup-test ## ruff's own hand
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .
