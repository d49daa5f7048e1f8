# The two commands are `make run` and `make test`; both install what the machine lacks.

SHELL := /bin/sh
.DEFAULT_GOAL := run

CARGO    ?= cargo
TARGET   := $(or $(CARGO_TARGET_DIR),target)
MAINSTAY := $(TARGET)/release/mainstay
APT      := $(if $(filter 0,$(shell id -u)),,sudo )env DEBIAN_FRONTEND=noninteractive apt-get
# What `make import-sample` loads: a mapping, and the folder of the CSV files it names.
MAPPING  ?= modules/import/mappings/sample.toml
SAMPLE   ?= ../shared/data/crm
SDK      := server/tests/sdk

.PHONY: build run test bench import-sample generated clean postgres linker node wrk sdk

build: linker
	$(CARGO) build --release --locked -p mainstay

# Recipes `exec` so that Ctrl-C reaches Mainstay, which stops what it started.
run: postgres build
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; \
	MAINSTAY_DEMO="$${MAINSTAY_DEMO-1}" exec $(MAINSTAY) serve

test: postgres linker sdk
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) test --locked --workspace

bench: postgres build wrk
	$(CARGO) run --release --locked -p bench -- $(MAINSTAY)

import-sample: postgres build
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; \
	exec $(MAINSTAY) import $(MAPPING) --data $(SAMPLE) --account sample --create

# What is derived from the definitions and kept in the repository.
generated: postgres linker
	UPDATE_GENERATED=1 $(CARGO) test --locked -q -p mainstay --test it generated_files

# Never the data folder: that is yours.
clean:
	$(CARGO) clean
	rm -rf $(SDK)/node_modules

# Nothing to install when another server is configured or one of the versions we know is here.
postgres:
	@if [ -n "$$DATABASE_URL" ] && [ "$(MAKECMDGOALS)" = run ]; then exit 0; fi; \
	for major in 17 16 15; do \
		[ -x /usr/lib/postgresql/$$major/bin/postgres ] && exit 0; \
	done; \
	if command -v postgres >/dev/null && command -v initdb >/dev/null; then exit 0; fi; \
	echo "PostgreSQL is missing: installing it"; \
	$(APT) update -q && $(APT) install -y -q postgresql

linker:
	@command -v cc >/dev/null || { echo "A C compiler is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q build-essential; }

node:
	@command -v npm >/dev/null || { echo "node is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q nodejs npm; }

# The load generator of the benchmark.
wrk:
	@command -v wrk >/dev/null || { echo "wrk is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q wrk; }

# The official client from npm, which a test runs against the server.
sdk: node
	@if [ -f $(SDK)/package-lock.json ]; then \
		cd $(SDK) && npm ci --no-audit --no-fund; \
	fi
