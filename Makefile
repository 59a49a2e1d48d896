# Everything a newcomer needs: `make run` and `make test`. Python 3.11 or newer and make are all it takes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
WHEEL := $(VENV)/.wheel
EDITABLE := $(VENV)/.editable
MODULES := frontend/node_modules/.package-lock.json
SOURCES := $(shell find src frontend pyproject.toml hatch_build.py README.md -type f \
	-not -path '*/node_modules/*' -not -path 'src/jru/web/static/*' -not -path '*/__pycache__/*' 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TESTS ?= tests

.PHONY: run test units check bench docs screens soak lint lock python chromium

run: $(WHEEL) ## the Friday-night demo at http://127.0.0.1:8080
	$(BIN)/jru demo

test: $(WHEEL) units chromium lint ## everything, the browser tests included
	JRU_CHROMIUM="$$($(BIN)/python scripts/chromium.py)" \
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=20 $(TESTS)

units: $(MODULES) ## the unit tests of the front end
	$(BIN)/python scripts/frontend.py run test

check: $(EDITABLE) lint ## lint, types, layers and the quick tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "not slow and not soak and not browser" \
		$(wildcard tests/unit tests/services tests/architecture)

bench: $(WHEEL) ## measured figures against their limits
	$(BIN)/python -m benchmarks

soak: $(WHEEL) ## the tests that run for minutes
	$(BIN)/python -m pytest -m soak --hypothesis-profile=explore $(TESTS)

docs: $(EDITABLE) ## the generated part of the reference
	$(BIN)/python scripts/docs.py

screens: $(WHEEL) chromium ## pictures of the documentation, and of every screen into build/screens
	JRU_CHROMIUM="$$($(BIN)/python scripts/chromium.py)" \
	$(BIN)/python scripts/screenshots.py --every build/screens

lint: $(LOCKED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

lock: $(LOCKED) ## renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --quiet --upgrade \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock

chromium: $(LOCKED)
	@$(BIN)/python scripts/chromium.py --install >/dev/null

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "jru needs Python 3.11 or newer as $(PYTHON); name another: make PYTHON=python3.12" >&2; exit 1; }

$(LOCKED): requirements.lock | python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --use-pep517 --require-hashes -r requirements.lock
	@touch $@

$(WHEEL): $(LOCKED) $(SOURCES)
	$(PIP) install --no-deps --force-reinstall .
	@rm -f $(EDITABLE); touch $@

# The wheel's build fills it too; a make without the wheel, or after it was emptied, does it here.
$(MODULES): frontend/package-lock.json | $(LOCKED)
	$(BIN)/python scripts/frontend.py ci --no-audit --no-fund
	@touch $@

$(EDITABLE): $(LOCKED) pyproject.toml
	$(PIP) install --no-deps --editable .
	@rm -f $(WHEEL); touch $@
