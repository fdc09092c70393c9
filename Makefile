# Everything a user, a contributor or a build server needs. Each target does its own set-up.

PREFIX ?= /usr/local
PROGRAM = .build/release/spillway
SWIFT_FILES = Sources Tests Examples scripts/fuzz Package.swift

.DEFAULT_GOAL := help
.PHONY: help setup build run test test-browser test-kill test-schema test-slurm lint format coverage \
  line-coverage fuzz mutants bench bench-sweep soak reports static docs install clean

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Checks for Swift 6.3 and GSL; installs the latter by apt where it is missing.
	@scripts/setup.sh

build: setup ## Builds the program for release.
	@swift build -c release --product spillway

run: build ## Answers whether more than 1000 serverless Pods a minute is possible, in two scenarios.
	@scripts/run-claims.sh

test: setup ## Runs every test.
	@scripts/test.sh

test-kill: build ## Kills a sweep twenty times (kill -9) and compares its bytes with a whole one's.
	@scripts/test-kill.sh

test-slurm: build ## Runs a sweep's shards on a Slurm that it starts, and installs by apt if missing.
	@scripts/test-slurm.sh

test-schema: build ## Compares the JSON Schema with the readers by an independent validator.
	@scripts/test-schema.sh

lint: ## Checks the formatting.
	@swift format lint --strict --parallel --recursive $(SWIFT_FILES)

format: ## Formats every file.
	@swift format --in-place --parallel --recursive $(SWIFT_FILES)

coverage: build ## Shows how often 1,000 intervals enclose the truth, under three seeds.
	@$(PROGRAM) bench coverage

line-coverage: setup ## Runs the tests in debug and prints which lines they reach, file by file.
	@scripts/line-coverage.sh

fuzz: setup ## Feeds made-up files to every reader (FUZZ_READERS) for FUZZ_SECONDS (default 60) each.
	@scripts/fuzz.sh

mutants: setup ## Changes one rule of the scheduler at a time; a test must notice each.
	@scripts/mutants.sh

bench: build ## Measures event list, queueing station and scheduler; prints JSON.
	@$(PROGRAM) bench hold --law k8s && $(PROGRAM) bench queue && $(PROGRAM) bench scheduler

bench-sweep: build ## Measures a sweep's bookkeeping, two workers against one, and a merge of 10,000,000 rows.
	@$(PROGRAM) bench sweep && $(PROGRAM) bench sweep --file Scenarios/claim-holds.yaml --runs 64 && \
	  $(PROGRAM) bench merge

soak: build ## Runs every scenario with SOAK_SEEDS (default 20) other seeds; a broken law is an error.
	@scripts/soak.sh

test-browser: build ## Opens reports in a headless Chromium (installed by apt if missing).
	@scripts/test-browser.sh

reports: build ## Writes the sample reports under Reports/ anew.
	@scripts/reports.sh

static: build ## Links a fully static program, .build-static/spillway, and runs it in an empty root.
	@scripts/static.sh

docs: setup ## Builds the documentation's site into docs/ by DocC.
	@scripts/docs.sh

install: build ## Installs program, manual page and completions below PREFIX (default /usr/local).
	@scripts/install.sh $(PROGRAM) "$(DESTDIR)$(PREFIX)"

clean: ## Removes everything that was built; keeps out/.
	@rm -rf .build .build-release-tests .build-examples .build-coverage .build-fuzz \
	  .build-static docs
