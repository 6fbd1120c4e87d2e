# Everything runs in .venv, which the targets make and keep up to date by themselves. `make` lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test check fmt page bench lock clean

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# The pinned tools must not bring another Python than the one that was found.
export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

# The development environment holds the other whole, so where it exists, or is about to, it serves both, and nothing is
# taken out again.
ENVIRONMENT := $(if $(or $(wildcard $(VENV)/dev.stamp),$(filter test check bench fmt,$(MAKECMDGOALS))),dev,run)
# The page is built by its own target; the install needs not wait for it.
INSTALL := ORDERWATCH_SKIP_PAGE=1 $(UV) pip install --quiet --no-deps --no-build-isolation --editable .

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/$(ENVIRONMENT).stamp page ## start the server (ARGS="--port 9000" passes through)
	$(BIN)/orderwatch serve $(ARGS)

demo: $(VENV)/$(ENVIRONMENT).stamp page ## start the server with simulated traffic (ARGS passes through)
	$(BIN)/orderwatch demo $(ARGS)

test: check-static page ## everything: linters, types, the page's tests, all Python tests
	.ci/install-browser
	@if [ -f dashboard/package.json ]; then \
	  set -ex; $(BIN)/python hatch_build.py npm run check; $(BIN)/python hatch_build.py npm test; fi
	$(BIN)/pytest $(ARGS)

check: check-static ## the fast part, under a minute: linters, types, unit tests (ARGS goes to pytest)
	$(BIN)/pytest tests/unit $(ARGS)

.PHONY: check-static
check-static: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry src

fmt: $(VENV)/dev.stamp ## format the code and mend what the linter can
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

page: $(VENV)/$(ENVIRONMENT).stamp ## build the page, if it changed
	$(BIN)/python hatch_build.py

bench: $(VENV)/dev.stamp page ## run the benchmarks (ARGS passes through)
	$(BIN)/python -m benchmarks $(ARGS)

# Raise versions with: make lock ARGS=--upgrade (or ARGS="--upgrade-package NAME")
COMPILE := $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
lock: $(VENV)/uv.stamp ## write requirements/*.txt anew from pyproject.toml
	$(COMPILE) $(ARGS) --output-file requirements/dev.txt pyproject.toml --group dev
	$(COMPILE) --output-file requirements/runtime.txt --constraint requirements/dev.txt pyproject.toml
	$(COMPILE) --output-file requirements/build.txt --constraint requirements/dev.txt --group build
	$(COMPILE) $(ARGS) --output-file requirements/uv.txt --group bootstrap

clean: ## remove the environment, the built page and all caches
	rm -rf $(VENV) src/orderwatch/web/page src/orderwatch/web/page.new dashboard/node_modules dashboard/dist build dist \
	  .cache .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

$(VENV)/uv.stamp: requirements/uv.txt .ci/create-venv
	@[ -x $(BIN)/python ] || .ci/create-venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/run.stamp: $(VENV)/uv.stamp requirements/runtime.txt requirements/build.txt pyproject.toml
	$(UV) pip sync --quiet --require-hashes requirements/runtime.txt requirements/build.txt
	$(INSTALL)
	@touch $@

$(VENV)/dev.stamp: $(VENV)/uv.stamp requirements/dev.txt pyproject.toml
	$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	$(INSTALL)
	@touch $@
