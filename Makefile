# Two commands do all the set-up: `make check` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export NO_MKDOCS_2_WARNING := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help check test lint types site browser bench validation clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

check: $(VENV)/.installed ## create the environment and check the shipped designs
	$(BIN)/sdplan check designs/

test: $(VENV)/.developing browser lint types site ## install all that the tests need, then run all of them
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.developing ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developing ## mypy, strict
	$(BIN)/mypy

site: $(VENV)/.developing ## write the pages and build the site with both builders
	$(BIN)/sdplan site designs/ --output site
	$(BIN)/python -m tests.architecture site/assets/architecture.svg
	$(BIN)/mkdocs build --strict --quiet
	$(BIN)/python -m tests.zensical

browser: ## a Chromium for the browser tests
	@.ci/browser

bench: $(VENV)/.measuring ## the performance table, side by side with its peers
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench

validation: $(VENV)/.developing ## measure every approximation on random designs: a quarter of an hour
	$(BIN)/sdplan validation build/validation
	cp build/validation/validation.md site/validation.md
	cp build/validation/measured.json sdplan/solve/measured.json

clean: ## remove everything that was built
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis site/designs site/rules site/formulas

$(VENV)/.created:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/packages python3-venv
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/.measuring: $(VENV)/.developing pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
