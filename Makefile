# Two commands on a fresh machine: `make run` tries it, `make test` checks it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# nextest where it is installed, cargo's own runner elsewhere. Both leave out `tools::`, which is `make test-tools`.
ifeq ($(shell cargo nextest --version >/dev/null 2>&1 && echo yes),yes)
BUILD_TESTS := cargo nextest run --locked --no-run
RUN_TESTS := cargo nextest run --locked --no-fail-fast
RUN_TOOLS := $(RUN_TESTS) --profile tools
SKIP_TOOLS :=
else
BUILD_TESTS := cargo test --locked --no-run
RUN_TESTS := cargo test --locked --no-fail-fast
RUN_TOOLS := $(RUN_TESTS) -p onboarding --lib --test it tools::
SKIP_TOOLS := -- --skip tools::
endif

# A newer clippy or rustdoc knows further warnings: those of this version of Rust stop `make test`, those of others are shown.
RUST := 1.95.0
STRICT := $(if $(filter $(RUST),$(shell rustc --version 2>/dev/null)),-D warnings)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: need-cargo ## build, start everything on this machine (no Azure, no Node), print the mailbox URL
	@echo '==> building (some minutes the first time)'
	@cargo build --locked --bin handler --bin local -p onboarding -p local
	@echo '==> starting the app, the sign-in page and the mailbox'
	@exec target/debug/local target/debug/handler

# The workspace is linted by the compilation that the tests run, so that nothing is compiled for clippy alone:
# clippy-driver is rustc with further warnings.
LINTED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS='$(if $(STRICT),-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__)'

.PHONY: test
test: need-cargo need-lint need-node need-curl need-browser announce ## formatting, clippy, every Rust test: both stores, the journey, the browser
	@[ -n '$(STRICT)' ] || echo '==> this is not Rust $(RUST): warnings are shown, and let through'
	@cargo fmt --all --check
	@echo '==> clippy and compilation, while npm packages and Chromium are installed'
	@mkdir -p target
	@$(MAKE) --no-print-directory browser npm-packages >$(INSTALL_LOG) 2>&1 & installation=$$!; \
		compiled=no; if $(LINTED) $(BUILD_TESTS) --workspace --tests; then compiled=yes; fi; \
		wait $$installation || { cat $(INSTALL_LOG) >&2; echo 'make: npm packages or Chromium could not be installed' >&2; exit 1; }; \
		[ $$compiled = yes ]
	@echo '==> tests: unit, contract on both stores, flows over Azurite, browser'
	@# One more than there are processors: some tests do nothing but wait for a timeout.
	@$(LINTED) NEXTEST_TEST_THREADS="$$(( $$(getconf _NPROCESSORS_ONLN) + 1 ))" \
		tests/with-azurite $(RUN_TESTS) --workspace --tests $(SKIP_TOOLS)

INSTALL_LOG := target/install.log

.PHONY: announce
announce: # what `make test` installs, and how
	@echo '==> installs, where missing: the crates of Cargo.lock (into ~/.cargo and target/); the npm packages of'
	@echo '    tests/tools/package-lock.json (into tests/tools/node_modules/); chromium-headless-shell and chromium-driver (apt-get,'
	@echo '    as root or by sudo without a password; otherwise it stops and says so)'

.PHONY: test-tools
test-tools: need-cargo need-node python browser lint ## further tools: clippy on all targets, rustdoc, Redocly, Spectral, swagger-parser, Schemathesis, generated clients, HTML; every language in the browser
	@echo '==> Schemathesis, into target/'
	@tests/with-schemathesis --version
	@npm ci --ignore-scripts --prefix tests/html --no-audit --no-fund >/dev/null
	@npm ci --ignore-scripts --prefix tests/openapi --no-audit --no-fund >/dev/null
	@command -v java >/dev/null || echo '==> without Java (default-jre-headless), the HTML validator and openapi-generator are left out'
	@command -v spamassassin >/dev/null || echo '==> without SpamAssassin (spamassassin), the letters are not tested for spam points'
	@echo '==> Redocly, Spectral, swagger-parser, Schemathesis, clients of five generators, Nu HTML Checker, caniemail, the other languages in the browser'
	@tests/with-azurite $(RUN_TOOLS)

.PHONY: chaos
chaos: need-cargo need-node ## the long crash test: CHAOS_SECONDS=600; CHAOS_SEED repeats a run
	@echo '==> instances are killed under load'
	@CHAOS_SECONDS="$${CHAOS_SECONDS:-600}" tests/with-azurite cargo test --locked --test chaos

.PHONY: soak
soak: need-cargo need-node ## faulty dependencies, then load, SOAK_SECONDS=600 each: nothing fails, grows or slows down
	@echo '==> two instances under load'
	@cargo build --locked --workspace --bins
	@SOAK_SECONDS="$${SOAK_SECONDS:-600}" tests/with-azurite cargo test --locked --test soak -- --include-ignored --nocapture --test-threads=1

FUZZ_TARGETS := query consent contact welcome cookies form json token

.PHONY: fuzz
fuzz: need-cargo ## arbitrary input: FUZZ_SECONDS=120 for each target (nightly, cargo-fuzz), PROPTEST_CASES=200000
	@if cargo +nightly fuzz --version >/dev/null 2>&1; then \
		for target in $(FUZZ_TARGETS); do \
			echo "==> cargo fuzz: $$target"; \
			mkdir -p fuzz/corpus/$$target; \
			CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
				cargo +nightly fuzz run --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
				-max_total_time="$${FUZZ_SECONDS:-120}" -max_len=8192 -timeout=10 -verbosity=0 -print_final_stats=1; \
		done; \
	else \
		echo '==> without a nightly toolchain and cargo-fuzz: the property tests alone'; \
	fi
	@PROPTEST_CASES="$${PROPTEST_CASES:-200000}" cargo test --locked -p onboarding --test it arbitrary_input::
	@PROPTEST_CASES="$${PROPTEST_CASES:-200000}" cargo test --locked -p onboarding --lib identity::token

# What `make bench` compares with; PARTS="start list" measures only these parts.
BASELINE := examples/bench/baseline

.PHONY: bench
bench: need-cargo need-node ## how quick it is, as ratios measured in one run, each with its bound
	@echo '==> building as for release (some minutes the first time)'
	@cargo build --locked --release --example bare --example bench
	@# Alone: the examples' dependencies would add features that the package does not have.
	@cargo build --locked --release --bin handler
	@test -e $(BASELINE)/node_modules || npm ci --prefix $(BASELINE)
	@echo '==> measuring'
	@tests/with-azurite target/release/examples/bench $(PARTS)

.PHONY: package
package: need-cargo ## the zip that is deployed, checked and tried: target/package/onboarding.zip
	@infra/package

.PHONY: package-twice
package-twice: need-cargo ## whether two clones of this commit give the same package (twice as slow)
	@infra/package-twice

.PHONY: lint-infra
lint-infra: need-node ## scripts, workflows, templates: shellcheck, actionlint, zizmor, Bicep, Checkov, Azure CLI
	@infra/lint

.PHONY: audit
audit: need-cargo ## licences, sources, duplicates and known vulnerabilities of the crates (cargo-deny)
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny --version 0.20.2
	@cargo deny check

.PHONY: lighthouse
lighthouse: need-cargo need-node browser ## Lighthouse scores of the pages: at least 95 in accessibility and best practices
	@cargo build --locked --bin handler --bin local -p onboarding -p local
	@npm ci --prefix tests/lighthouse --no-audit --no-fund >/dev/null
	@node tests/lighthouse/judge.mjs target/debug/local target/debug/handler

.PHONY: script
script: need-node ## minify the script of the company form after a change of src/views/company.js
	@npm ci --prefix tests/tools --no-audit --no-fund >/dev/null
	@tests/tools/minify > src/views/company.min.js.new && mv src/views/company.min.js.new src/views/company.min.js

.PHONY: lint
lint: need-cargo need-lint ## formatting, clippy, documentation: no warning is let through
	@[ -n '$(STRICT)' ] || echo '==> this is not Rust $(RUST): warnings are shown, and let through'
	@echo '==> formatting'
	@cargo fmt --all --check
	@echo '==> clippy'
	@cargo clippy --locked --workspace --all-targets -- $(STRICT)
	@echo '==> documentation'
	@RUSTDOCFLAGS='$(STRICT)' cargo doc --locked --workspace --no-deps --document-private-items --quiet

# Installs packages of Debian where this may: as root, or by sudo without a password.
MAY_INSTALL := command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
APT_INSTALL = $(MAY_INSTALL) || exit 1; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	echo '==> installing $(1)'; \
	$$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends $(1) >/dev/null

HAS_BROWSER := command -v chromium-headless-shell >/dev/null && command -v chromedriver >/dev/null

.PHONY: need-browser
need-browser:
	@{ $(HAS_BROWSER); } || { $(MAY_INSTALL); } \
		|| { echo 'make: the browser tests need chromium-headless-shell and chromedriver; on Debian: apt-get install chromium-headless-shell chromium-driver fonts-noto-cjk' >&2; exit 1; }

.PHONY: browser
browser: need-browser # Chromium and its driver
	@{ $(HAS_BROWSER); } || { $(call APT_INSTALL,chromium-headless-shell chromium-driver fonts-noto-cjk); }

.PHONY: npm-packages
npm-packages: # those of tests/tools; Azurite is started once
	@tests/with-azurite true

.PHONY: python
python: # for tests/with-schemathesis
	@if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then \
		( $(call APT_INSTALL,python3 python3-venv) ) \
		|| { echo 'make: Schemathesis needs Python 3 with venv; on Debian: apt-get install python3 python3-venv' >&2; exit 1; }; \
	fi

.PHONY: clean
clean: ## remove what was built and what `make run` keeps
	cargo clean
	rm -rf .local tests/{tools,html,openapi,clients}/node_modules $(BASELINE)/node_modules

.PHONY: need-cargo need-lint need-node need-curl
need-cargo:
	@command -v cargo >/dev/null || { echo 'make: Rust is needed: https://rustup.rs' >&2; exit 1; }
	@command -v "$${CC:-cc}" >/dev/null || { echo 'make: Rust needs a C compiler and linker, cc; on Debian: apt-get install build-essential' >&2; exit 1; }
need-lint:
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 \
		|| { echo 'make: clippy and rustfmt are needed: rustup component add clippy rustfmt' >&2; exit 1; }
need-node:
	@command -v npm >/dev/null || { echo 'make: the tests run Azurite and need Node 20 with npm: https://nodejs.org' >&2; exit 1; }
need-curl:
	@command -v curl >/dev/null || { echo 'make: the tests run the commands of docs/API.md and need curl' >&2; exit 1; }
