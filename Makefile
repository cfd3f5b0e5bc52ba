# Shipa's daily commands. Each recipe calls a tool or `shipa`; what they do is written there.
PYTHON ?= python3
CLINICS ?= 3
BIN := .venv/bin
PAGES := $(shell find saas static/css static/js -name '*.html' -o -name '*.css' -o -name '*.js' 2>/dev/null)
ASSETS := package.json package-lock.json $(wildcard assets/*)
# Debian's names of what the end-to-end tests drive and show.
BROWSER_PACKAGES := chromium fonts-noto-cjk

.PHONY: install dev demo clean-demo test check bench pins messages browser assets

install: static/dist/manifest.json

dev: .venv/dev.stamp static/dist/manifest.json

demo: install
	$(BIN)/shipa demo --clinics $(CLINICS)

clean-demo: install
	$(BIN)/shipa demo clean

test: dev browser
	$(BIN)/pytest -n 2 --dist worksteal

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet saas
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture tests/migrations

bench: dev
	$(BIN)/python -m tests.bench

# New versions of everything; afterwards look at the difference and run the tests.
pins: .venv/dev.stamp
	$(BIN)/python requirements/compile.py
	rm -f package-lock.json && $(BIN)/python assets/node.py npm install --package-lock-only

# Collects the English texts and brings both catalogues up to date; then translate what is empty.
messages: .venv/dev.stamp
	$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext --no-location --sort-output \
		--omit-header -o translations/messages.pot .
	for lang in ug zh; do $(BIN)/pybabel -q update -i translations/messages.pot -l $$lang \
		-o translations/$$lang/LC_MESSAGES/messages.po --no-fuzzy-matching; done

browser:
	@command -v chromium >/dev/null || sh tests/support/install_browser.sh $(BROWSER_PACKAGES)

.venv/base.stamp: requirements/base.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

static/dist/manifest.json: .venv/base.stamp $(ASSETS) $(PAGES)
	$(BIN)/python assets/build.py
