# Everything runs in .venv/, which the first command that needs it makes. Needs Python 3.11 to 3.13 and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Else each of the many programs that tests start compiles all of ours anew. Empty is as if it were not set.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo demo-shelf test test-slow test-bluez fuzz check docs bench lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml lab/pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(not (3, 11) <= v <= (3, 13) and "Python 3.11, 3.12 or 3.13 is needed, this is %d.%d. Name another: make PYTHON=python3.12" % v)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . -e lab
	@touch $(READY)

demo: setup ## start the lab's two editions, audit both, show the verdicts side by side
	$(BIN)/python scripts/demo.py

demo-shelf: setup ## a shop's shelf on the same products, until Ctrl-C; PORT=8001 for another port
	PORT=$(or $(PORT),8000) $(BIN)/python scripts/demo_shelf.py

test: setup ## everything but the slow tests
	$(BIN)/python -m pytest -n 5 --dist loadfile --no-loadscope-reorder -m "not slow and not bluez"

test-slow: setup ## what takes long; the last result is kept in tests/slow.md
	$(BIN)/python scripts/slow.py

test-bluez: setup ## the radio audit over BlueZ in a small guest; the last result is kept in tests/bluez/results.md
	$(BIN)/python scripts/bluez.py

fuzz: setup ## the readers of firmware, for ten minutes or SECONDS; the last result is kept in tests/fuzz/results.md
	$(BIN)/python scripts/fuzz.py $(SECONDS)

check: setup ## lint, types, architecture, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/docs.py --check

docs: setup ## write what is generated from the code
	$(BIN)/python scripts/docs.py

bench: setup ## measure beside the peers; results go to benchmarks/results/
	$(BIN)/python -m benchmarks

lock: setup ## pin all dependencies anew, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --all-extras --group dev pyproject.toml lab/pyproject.toml -o requirements.lock

clean:
	rm -rf .venv demo
