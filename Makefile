# `make demo` walks through the product, `make test` runs every test.
# Each target first installs its requirements into .venv, unless they are there.

PYTHON ?= python3
BIN := .venv/bin
# Three processes share the tests, by module: a module's tests share what they start. They wait for servers and
# browsers half of the time.
PYTEST = $(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder
STAMP := .venv/installed
# The parts that need Node.js: the tests' JavaScript clients and the TypeScript client.
JS_STAMPS := tests/e2e/clients/js/node_modules/installed tests/e2e/openapi/js/node_modules/installed \
	clients/typescript/node_modules/installed web/node_modules/installed
AUTH_EMULATOR := tests/e2e/auth_emulator
AUTH_EMULATOR_STAMP := $(AUTH_EMULATOR)/js/node_modules/installed
# The web app is built anew when one of these files changes.
WEB_SOURCES := $(shell find web/src web/public clients/typescript/src -type f 2> /dev/null) \
	web/index.html web/vite.config.ts web/tsconfig.json web/package-lock.json
NODE_IS_THERE = { node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2> /dev/null && command -v npm > /dev/null; }

.DEFAULT_GOAL := help
.PHONY: help setup web web-if-node run demo test test-unit test-auth-emulator soak check fix lock deploy bench openapi docs replies browser

help:
	@echo "make setup     install the pinned tools and libraries into .venv"
	@echo "make run       local stack: Firestore emulator, all functions and the web app (PORT, FIRESTORE_PORT)"
	@echo "make demo      walk through the product as a teacher and a student, step by step"
	@echo "make test      every test, against the real Firestore emulator"
	@echo "make test-unit tests/unit alone: no Java, no Node.js, no network"
	@echo "make test-auth-emulator"
	@echo "               the tests of signing in and of Hosting, against Firebase's emulators (240 MB of packages)"
	@echo "make web       build the web app into web/dist; it needs Node.js 20.19 or newer"
	@echo "make soak      random clients and faults for MINUTES=10, or just SEEDS='1 2'; see docs/faults.md"
	@echo "make bench     run the benchmarks and write docs/performance.md (ONLY='floor cost' for some of them)"
	@echo "make check     format, lint, strict types, import contracts"
	@echo "make fix       format, and fix what the linter can fix"
	@echo "make openapi   regenerate docs/openapi.json, documents.json and the lists in README and docs/api.md from the contracts"
	@echo "make docs      regenerate all of these, and the TypeScript types"
	@echo "make replies   record openapi/replies.json, the replies that docs/openapi.json shows, from a local stack"
	@echo "make lock      pin the newest dependencies, with hashes"
	@echo "make deploy    PROJECT= REGION= [DRY_RUN=1]: deploy everything into a Google Cloud project,"
	@echo "               the web app too if deploy/projects/PROJECT.toml has a table [web]"

setup: $(STAMP)

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Installing the pinned requirements into .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(AUTH_EMULATOR_STAMP): NOTE := (240 MB: it may take minutes)
$(JS_STAMPS) $(AUTH_EMULATOR_STAMP): %/node_modules/installed: %/package-lock.json
	@{ command -v node && command -v npm; } > /dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null \
		|| { echo "Installing Node.js and npm for the tests:  apt-get install nodejs npm"; \
			apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends nodejs npm; } \
		|| true
	@$(NODE_IS_THERE) \
		|| { echo "The web app, and the tests of JavaScript and TypeScript clients, need Node.js 20.19 or newer, and npm:  apt-get install nodejs npm" >&2; exit 1; }
	@echo "Installing the pinned packages into $*/node_modules ... $(NOTE)"
	@cd $* && npm ci --ignore-scripts --loglevel=error --no-audit --no-fund
	@touch $@

# The tests of pages need a browser. Debian's headless shell takes less processor time than a whole one.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
browser:
	@command -v chromium-headless-shell > /dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null \
		|| { echo "Installing a browser for the tests:  apt-get install chromium-headless-shell" >&2; apt-get update --quiet >&2; \
			for package in chromium-headless-shell chromium; do \
				apt-get install --yes --quiet --no-install-recommends $$package >&2 && break; done; } || true
	@for program in $(BROWSERS); do command -v $$program > /dev/null && exit 0; done; \
		echo "The tests of pages need Chromium:  apt-get install chromium-headless-shell, or chromium" >&2; exit 1

web: web/dist/index.html

web/dist/index.html: web/node_modules/installed $(WEB_SOURCES)
	@echo "Building the web app into web/dist ..."
	@cd web && node_modules/.bin/vite build --logLevel warn
	@touch $@

# The functions need no Node.js: without it the stack runs without the web app, and says so.
web-if-node:
	@if $(NODE_IS_THERE); then \
		$(MAKE) --no-print-directory web || echo "The web app could not be built, so it is left out."; \
	else \
		echo "The web app is left out: Node.js 20.19 or newer, and npm, are not installed."; \
	fi

run: $(STAMP) web-if-node
	@$(BIN)/python -m local.run

demo: $(STAMP) web-if-node
	@$(BIN)/python -m local.demo

test: $(STAMP) $(JS_STAMPS) web browser
	@$(PYTEST) $(ARGS)

test-unit: $(STAMP)
	@$(PYTEST) tests/unit $(ARGS)

test-auth-emulator: $(STAMP) clients/typescript/node_modules/installed $(AUTH_EMULATOR_STAMP) web browser
	@$(BIN)/python -m pytest --auth-emulator tests/e2e/clients/test_sign_in.py tests/e2e/web/test_sign_in.py $(AUTH_EMULATOR) $(ARGS)

bench: $(STAMP) web-if-node
	@$(BIN)/python -m bench $(ONLY)

openapi: $(STAMP)
	@$(BIN)/python -m openapi

docs: openapi clients/typescript/node_modules/installed
	@cd clients/typescript && npm run --silent generate

replies: $(STAMP)
	@$(BIN)/python -m local.record_replies

soak: $(STAMP)
	@GRPC_VERBOSITY=ERROR $(BIN)/python -m tests.chaos.histories $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEEDS),--seed $(SEEDS))

check: $(STAMP) web/node_modules/installed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@cd web && npm run --silent check

# A project with a web app needs it built; a dry run does not.
deploy: $(STAMP) $(if $(DRY_RUN),,$(if $(shell grep -s '^\[web\]' 'deploy/projects/$(PROJECT).toml'),web))
	@test -n "$(PROJECT)" || { echo "PROJECT is missing. Usage:  make deploy PROJECT=my-project REGION=europe-west1 [DRY_RUN=1]" >&2; exit 2; }
	@$(BIN)/python -m deploy --project "$(PROJECT)" $(if $(REGION),--region "$(REGION)") $(if $(DRY_RUN),--dry-run)

fix: $(STAMP) web/node_modules/installed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@cd web && npm run --silent fix

# Without uv's header, which would name this machine's set-up.
lock: $(STAMP)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade \
		pyproject.toml --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade \
		pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
