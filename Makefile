# Every command of the project; the checks of CI are `make test`. `make help` lists them.
# What is made stays in .venv, build, data, kiosk/node_modules and hadir/static/kiosk; a step runs again only when
# what it is made from changed.

SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

PY := .venv/bin/python
STEP = $(PY) tools/step.py
PORT ?= 8000
NODE := PATH="$$PWD/build/node/bin:$$PATH"
ONLINE := Periksa sambungan internet, lalu ulangi perintah make yang sama; yang sudah selesai tidak diulang.

# An office's network may have a certificate authority of its own; what the machine trusts, uv and npm trust.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif

kiosk_sources := tools/vendor_assets.py hadir/core/icons.py $(shell find kiosk -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
pack_sources := $(wildcard contract/models.json hadir/face/build/*.py)
message_sources := $(wildcard hadir/locale/*/LC_MESSAGES/django.po)

# `make test` also needs what `make run` does not; each has its own stamp inside .venv, so removing .venv is enough.
RUN_READY := .venv/.ready-run
TEST_READY := .venv/.ready-test
BENCH_READY := .venv/.ready-bench
# npm writes this one itself whenever it installs.
LIBRARIES_READY := kiosk/node_modules/.package-lock.json
KIOSK_READY := hadir/static/kiosk/.ready
VENDOR_READY := hadir/static/vendor/icons.svg
PACK_READY := build/models/open/manifest.json
SAMPLES_READY := build/samples/samples.json
FONTS_READY := build/fonts/.ready
MESSAGES_READY := build/.ready-messages

##@ Using it
run: setup ## Set up what is missing, try the whole path once, then serve the demo (PORT=8000)
	@$(PY) -m hadir.cli.main demo
	@exec $(PY) -m hadir.cli.main serve --demo --port $(PORT)

setup: $(RUN_READY) $(KIOSK_READY) $(VENDOR_READY) $(FONTS_READY) $(PACK_READY) $(SAMPLES_READY) $(MESSAGES_READY) ## Install, build the kiosk and the model pack, migrate
	@$(STEP) "Basis data" --hint "Baca baris terakhir di atas; basis data ditunjuk oleh DATABASE_URL atau HADIR_DATA." -- $(PY) -m django migrate --noinput --settings hadir.config.settings

##@ Checking it
test: $(TEST_READY) $(KIOSK_READY) $(VENDOR_READY) $(FONTS_READY) $(PACK_READY) $(SAMPLES_READY) $(MESSAGES_READY) chromium ## Every check and test, as CI runs them
	@$(NODE) $(PY) tools/check.py all

lint: $(TEST_READY) ## ruff (format and lint) and import layers
	@$(PY) tools/check.py format lint layers

type: $(TEST_READY) node-modules ## mypy --strict and the kiosk's tsc, eslint and vitest
	@$(NODE) $(PY) tools/check.py types kiosk

contract: $(TEST_READY) node-modules ## Write contract/openapi.json and the kiosk's types from the server's API
	@$(PY) tools/contract.py write
	@if [ -f kiosk/package.json ]; then cd kiosk && PATH="$$PWD/../build/node/bin:$$PATH" npm run --silent contract; fi

bench: $(BENCH_READY) $(KIOSK_READY) $(VENDOR_READY) $(PACK_READY) $(SAMPLES_READY) $(MESSAGES_READY) chromium ## Speed and accuracy, printed as tables (see bench/README.md)
	@$(PY) bench/engine.py
	@for people in "$${HADIR_TEST_DATA:-../shared/data}"/faces/*/; do [ ! -d "$$people" ] || $(PY) bench/accuracy.py "$$people"; done
	@$(PY) bench/browser.py

##@ Working on it
format: $(TEST_READY) ## Format and fix what ruff can
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

messages: $(TEST_READY) ## Collect what screens say into hadir/locale and compile it
	@$(PY) tools/messages.py update

screenshots: $(TEST_READY) $(KIOSK_READY) $(VENDOR_READY) $(PACK_READY) $(SAMPLES_READY) $(MESSAGES_READY) chromium ## Pictures of the running demo for the README
	@$(PY) tools/screenshots.py

lock: venv ## Choose versions anew and write requirements/*.txt
	@sh tools/lock.sh

##@ Parts of the set-up
venv: $(TEST_READY) ## The Python environment in .venv, with what the tests need

node: $(RUN_READY) ## Node >= 20.19: the machine's own, else one from PyPI in build/node
	@test -x build/node/bin/npm && build/node/bin/node --version >/dev/null 2>&1 || $(STEP) "Node untuk membangun kios" --hint "$(ONLINE)" -- $(PY) tools/node.py

node-modules: $(LIBRARIES_READY) ## The kiosk's libraries

kiosk: $(KIOSK_READY) $(VENDOR_READY) ## The kiosk page, built from kiosk/ into hadir/static/kiosk

models: $(PACK_READY) $(SAMPLES_READY) ## The open model pack and the sample portraits

chromium: $(TEST_READY) ## Chromium for the browser tests (installs Debian's when run as root)
	@$(PY) tools/chromium.py

clean: ## Remove everything that make has made (the data of Hadir stays)
	rm -rf .venv build kiosk/node_modules hadir/static/kiosk hadir/static/vendor hadir/static/vendor hadir.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find hadir/locale -name '*.mo' -delete

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# A checkout that was moved needs its editable install again.
.venv/.place: FORCE
	@mkdir -p .venv && { printf '%s\n' "$$PWD" | cmp -s - $@ || printf '%s\n' "$$PWD" > $@; }

.venv/.ready-bootstrap: requirements/bootstrap.txt .venv/.place
	@echo "-> Lingkungan Python (.venv)" && sh tools/bootstrap.sh
	@touch $@

$(RUN_READY): requirements/run.txt pyproject.toml hadir/__init__.py .venv/.ready-bootstrap
	@$(STEP) "Pustaka Python" --hint "$(ONLINE)" -- sh tools/install.sh run
	@touch $@

$(TEST_READY): requirements/test.txt $(RUN_READY)
	@$(STEP) "Pustaka Python untuk uji" --hint "$(ONLINE)" -- sh tools/install.sh test
	@touch $@

$(BENCH_READY): requirements/bench.txt $(TEST_READY)
	@$(STEP) "Pustaka Python untuk pembanding" --hint "$(ONLINE)" -- sh tools/install.sh bench
	@touch $@

$(LIBRARIES_READY): kiosk/package.json kiosk/package-lock.json kiosk/.npmrc | node
	@$(STEP) "Pustaka kios" --hint "$(ONLINE)" -- sh tools/kiosk.sh install
	@touch $@

$(KIOSK_READY): $(kiosk_sources) hadir/gateways/kiosk/templates/kiosk/kiosk.html $(LIBRARIES_READY)
	@$(STEP) "Halaman kios" --hint "Perbaiki kesalahan di atas di folder kiosk/." -- sh tools/kiosk.sh build
	@touch $@

$(VENDOR_READY): tools/vendor_assets.py hadir/core/icons.py $(LIBRARIES_READY) | $(RUN_READY)
	@$(PY) tools/vendor_assets.py
	@touch $@

$(FONTS_READY): tools/report_fonts.py $(LIBRARIES_READY) | $(RUN_READY)
	@$(STEP) "Huruf untuk dokumen cetak" --hint "Jalankan: make node-modules" -- $(PY) tools/report_fonts.py
	@touch $@

$(PACK_READY): $(pack_sources) | node
	@$(STEP) "Paket model wajah (terbuka)" --hint "$(ONLINE)" -- env $(NODE) $(PY) -m hadir.face.build --out build/models/open
	@touch $@

$(SAMPLES_READY): hadir/demo/samples.py | $(RUN_READY)
	@$(STEP) "Foto contoh" --hint "$(ONLINE)" -- $(PY) -m hadir.demo.samples --out build/samples
	@touch $@

$(MESSAGES_READY): $(message_sources) | $(RUN_READY)
	@mkdir -p build && $(PY) tools/messages.py compile
	@touch $@

FORCE:
.PHONY: FORCE run setup test lint type contract bench format messages screenshots lock venv node node-modules kiosk models chromium clean help
