# make run: one business day in the sandbox. make up: the same, and it stays. make test: everything that is checked.
# Needs Python 3.11 or newer, git and make; all else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# what the day is made of, for example: make run ARGS="--orders 2000 --seed 7"
ARGS ?=

.PHONY: setup run up test lint bench bench-against prove-uci prove-kills prove-conversation prove-workers prove-reading prove-reads prove-failures prove-accuracy prove-calibration prove-quality prove-checks prove-duplicates prove-kinds prove-textbook prove-allocation prove-reservations prove-audit prove-forecast prove-replenishment lock clean
.DEFAULT_GOAL := run

setup: $(VENV)/.installed

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("orderclerk needs Python 3.11 or newer; name one with: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments; install its venv package, or name another with: make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# the lock is complete, so nothing is resolved again (and pip 23 cannot, with extras and hashes)
$(VENV)/.locked: requirements.lock $(VENV)/.made
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@touch $@

run: setup
	@$(BIN)/python -m orderclerk day $(ARGS)

up: setup
	@$(BIN)/python -m orderclerk up $(ARGS)

test: lint
	$(BIN)/python -m pytest -n 2

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: setup
	@$(BIN)/python -m tests.proofs.bench $(ARGS)

# this tree beside an earlier commit: make bench-against COMMIT=0171c9f
bench-against: setup
	@$(BIN)/python -m tests.proofs.bench_against $(COMMIT) $(ARGS)

# what was promised, proved; docs/proofs.md says how long each takes
prove-uci: setup
	@$(BIN)/python -m tests.proofs.uci $(ARGS)

prove-kills: setup
	@$(BIN)/python -m tests.proofs.kills $(ARGS)

prove-conversation: setup
	@$(BIN)/python -m tests.proofs.conversation $(ARGS)

prove-workers: setup
	@$(BIN)/python -m tests.proofs.workers $(ARGS)

prove-reading: setup
	@$(BIN)/python -m tests.proofs.read_everything $(ARGS)

prove-reads: setup
	@$(BIN)/python -m tests.proofs.reads $(ARGS)

prove-kinds: setup
	@$(BIN)/python -m tests.proofs.kinds $(ARGS)

prove-failures: setup
	@$(BIN)/python -m tests.proofs.failures $(ARGS)

prove-calibration: setup
	@$(BIN)/python -m tests.proofs.calibrate $(ARGS)

prove-quality: setup
	@$(BIN)/python -m tests.proofs.quality $(ARGS)

prove-accuracy: setup
	@$(BIN)/python -m tests.proofs.accuracy $(ARGS)

prove-checks: setup
	@$(BIN)/python -m tests.proofs.deviations $(ARGS)

prove-duplicates: setup
	@$(BIN)/python -m tests.proofs.duplicates $(ARGS)

prove-textbook: setup
	@$(BIN)/python -m tests.proofs.textbook $(ARGS)

prove-allocation: setup
	@$(BIN)/python -m tests.proofs.allocation $(ARGS)

prove-reservations: setup
	@$(BIN)/python -m tests.proofs.reservations $(ARGS)

prove-audit: setup
	@$(BIN)/python -m tests.proofs.corruptions $(ARGS)

prove-replenishment: setup
	@$(BIN)/python -m tests.proofs.replenishment $(ARGS)

prove-forecast: setup
	@$(BIN)/python -m tests.proofs.forecast $(ARGS)

# the only target that chooses versions; everything else installs what it wrote
lock: $(VENV)/.made
	$(PIP) install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --all-extras --strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --build-deps-for=editable --resolver=backtracking \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build *.egg-info
