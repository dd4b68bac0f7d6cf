# Kelrodis. `make run` is all a fresh Debian or Ubuntu with python3, make and git needs.
#   HOST, PORT            where the portal listens (localhost:8000; loopback only, it is plain HTTP)
#   PLATFORM_PORT         where the trial platform listens (9100)
#   PYTHON                the Python that .venv is made of (python3, 3.11 or newer)
#   KELRODIS_VAR          where all state lives (var/); removing it is a fresh start
#   ARGS                  passed on to pytest, e.g. make test ARGS="-k quiz"
#   DO                    what make cleanroom makes there (test)

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
PLATFORM_PORT ?= 9100
ARGS ?=
DO ?= test
export PYTHON PORT
# Another project's settings in the environment must not reach this one.
unexport DJANGO_SETTINGS_MODULE

python := .venv/bin/python
setup := .ci/setup.sh
pytest := $(python) -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test services-test check platform screens bench soak cleanroom messages format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: ## install what is missing, load the demo once, and serve the portal
	@$(setup) run
	@exec $(python) -m portal.serve

test: ## all tests but the long ones, in two processes
	@$(setup) test
	@$(pytest) -n 2 --dist loadfile --no-loadscope-reorder -m "not soak and not production" $(ARGS)

services-test: ## the portal on PostgreSQL, Redis, RabbitMQ, S3 and nginx, as in docs/guides/deploy.md
	@$(setup) services
	@$(pytest) -m production $(ARGS)

check: ## style, types, imports, lengths, templates, migrations, settings, catalogues, spelling
	@$(setup) check
	@$(python) .ci/check.py

platform: ## a trial LTI platform beside a running portal
	@$(setup) platform
	@PLATFORM_PORT=$(PLATFORM_PORT) .ci/platform.sh

screens: ## pictures of the signature pages
	@$(setup) test
	@$(python) -m tests.screens $(ARGS)

bench: ## benchmarks: a table here, JSON in var/
	@$(setup) test
	@$(python) -m benchmarks $(ARGS)

soak: ## long kills, repeats and loads
	@$(setup) test
	@$(pytest) -m soak $(ARGS)

cleanroom: export ARGS := $(ARGS)
cleanroom: ## as root: make test (or DO="check test") in a bare Debian and a fresh clone, as a newcomer would
	@DO="$(DO)" .ci/cleanroom.sh

messages: ## gather the texts to translate into the catalogues of both languages
	@$(setup) check
	@$(python) .ci/catalogues.py update

format: ## put Python into its one form
	@$(setup) check
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

lock: ## pin requirements*.in and package.json anew
	@$(setup) check
	@.ci/lock.sh

clean: ## remove what was installed and cached; var/ stays
	rm -rf .venv node_modules .setup.lock .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf portal/content/static/vendor portal/documents/fonts
	find . -path ./var -prune -o \( -name __pycache__ -o -name '*.mo' \) -print0 | xargs -0 rm -rf
