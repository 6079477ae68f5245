# Backdesk. Two commands are all that is needed: `make demo` and `make test`; each sets everything up first.
.PHONY: help setup demo test check docs pictures lock notices drill bench wheel clean
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
READY := .venv/.set-up
ARGS ?=
LOCK := $(PYTHON) -m uv pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT := 1
unexport PYRIGHT_PYTHON_FORCE_VERSION PYRIGHT_PYTHON_PYLANCE_VERSION

help:
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

$(READY): requirements-dev.lock pyproject.toml .ci/setup
	@sh .ci/setup

setup: $(READY) ## makes .venv with everything in it (nothing to do when it is up to date)
	@:

demo: $(READY) ## sets up and starts the sample company; ARGS="--port 9000 --fresh" are passed on
	@$(PYTHON) -m backdesk demo $(ARGS)

test: $(READY) ## sets up and runs the tests; ARGS="-k leave" are passed on
	@$(PYTHON) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not drill" $(ARGS)

check: $(READY) ## format, lint, types and the direction of imports; touches no network
	@$(PYTHON) -m ruff format --check --output-format concise . || { echo "Format with: $(PYTHON) -m ruff format ."; exit 1; }
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m pyright
	@.venv/bin/lint-imports --no-cache

docs: $(READY) ## writes docs/reference.md from the code and checks that the docs are complete
	@$(PYTHON) -m docs.write
	@$(PYTHON) -m pytest -q tests/rules/test_docs.py

notices: $(READY) ## writes THIRD_PARTY_NOTICES.md from the lock and what is installed
	@$(PYTHON) -m docs.notices

pictures: $(READY) ## draws docs/cards.md: each card as Slack and Telegram show it; needs Chromium
	@$(PYTHON) -m docs.pictures

lock: $(READY) ## makes both lock files again; ARGS="--upgrade" takes the newest versions
	@$(LOCK) $(ARGS) --group dev pyproject.toml -o requirements-dev.lock
	@$(LOCK) --constraints requirements-dev.lock pyproject.toml -o requirements.lock

drill: $(READY) ## kills, floods and cuts a running bot and counts what is lost (nothing should be)
	@$(PYTHON) -m pytest -q -m drill tests $(ARGS)

bench: $(READY) ## measures what the docs give figures for
	@$(PYTHON) -m benchmarks $(ARGS)

wheel: $(READY) ## builds dist/backdesk-*.whl
	@$(PYTHON) -m hatchling build -t wheel

clean: ## removes what was built or cached; .venv and company folders stay
	@rm -rf dist build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
